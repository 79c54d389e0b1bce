"""Dossiers, who represents whom, and devices in hand."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.encoders import jsonable_encoder
from pydantic import Field
from starlette.responses import Response

from gestand.doors.api.access import House, needs
from gestand.doors.api.bodies import (
    After,
    Body,
    CopyPath,
    DevicePath,
    DossierPath,
    Language,
    Limit,
    Line,
    Name,
    On,
    SubjectPath,
    SubjectRef,
)
from gestand.doors.api.once import Key, once
from gestand.doors.api.paging import page
from gestand.doors.api.people import known
from gestand.kernel.clock import local_date
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import DossierId, PurposeId, SubjectId
from gestand.register.device import Certificate, Device, Slip
from gestand.register.model import Dossier, DossierKind, Involved, RepresentationRole, Role
from gestand.register.slips import certificate_text, slip_text
from gestand.staff.programs import Program
from gestand.statement.policy import Trigger
from gestand.system import System

routes = APIRouter()
Reader = Annotated[Program, Depends(needs("dossiers:read"))]
Writer = Annotated[Program, Depends(needs("dossiers:write"))]


class Party(Body):
    """A subject in a dossier, and as what."""

    subject: SubjectRef
    role: Role = "customer"


class NewDossier(Body):
    """A question, quote, agreement, job, invoice or complaint of one or more subjects."""

    kind: DossierKind
    purpose: Name
    people: Annotated[tuple[Party, ...], Field(min_length=1, max_length=50)]
    number: Annotated[str, Field(max_length=40, description="The firm's own number.")] = ""
    on: date | None = None


class Happened(Body):
    """Something that happened to a dossier and that a period of keeping waits for."""

    trigger: Trigger
    on: date | None = None


class Representative(Body):
    """A person who acts for a firm."""

    person: SubjectRef
    role: RepresentationRole
    since: date | None = None


class Ended(Body):
    """A person who no longer acts for a firm after a day."""

    person: SubjectRef
    until: date | None = None


class NewDevice(Body):
    """A device that is taken in. ``permission``: what may be looked at; ``access_code`` is sealed and on no paper."""

    subject: SubjectRef
    model: Line
    permission: Line
    fault: Annotated[str, Field(max_length=1000)] = ""
    accessories: Annotated[str, Field(max_length=400)] = ""
    access_code: Annotated[str, Field(max_length=200)] = ""
    number: Annotated[str, Field(max_length=40)] = ""
    language: Language = "nl"


class Wiped(Body):
    """``method``: how the customer's own disk was wiped by hand, if it was."""

    method: Annotated[str, Field(max_length=200)] = ""
    language: Language = "nl"


class Disk(Body):
    """A file in the folder ``disks`` of the organisation's data, by its name alone."""

    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]


class InLanguage(Body):
    """In which language the paper is."""

    language: Language = "nl"


@routes.get("/dossiers", tags=["dossiers"])
def dossiers(house: House, program: Reader, limit: Limit = 50, after: After = "") -> dict[str, Any]:
    """List dossiers in the order of their ids."""
    del program
    found, following = page(house.register.all_dossiers(after), lambda one: one.id, limit, after, ordered=True)
    return {"dossiers": [_dossier(one) for one in found], "next": following}


@routes.get("/dossiers/{dossier}", tags=["dossiers"])
def dossier(house: House, program: Reader, dossier: DossierPath) -> dict[str, Any]:
    """Return one dossier."""
    del program
    return _dossier(_there(house, dossier))


@routes.post("/dossiers", status_code=201, tags=["dossiers"])
def open_dossier(house: House, program: Writer, body: NewDossier, key: Key = None) -> Response:
    """Open a dossier: what waits for its end stays until then."""
    purpose = program.allow_purpose(body.purpose)

    def do() -> dict[str, Any]:
        people = [Involved(known(house, one.subject), one.role) for one in body.people]
        made = house.register.open_dossier(
            body.kind, purpose, people, number=body.number, on=body.on, actor=program.actor
        )
        return {"dossier": made.id}

    return once(house, program, key, ("dossiers", body), do)


@routes.post("/dossiers/{dossier}/people", tags=["dossiers"])
def involve(house: House, program: Writer, dossier: DossierPath, body: Party) -> dict[str, Any]:
    """Add a subject to a dossier; done again it changes nothing."""
    who = Involved(known(house, body.subject), body.role)
    house.register.involve(_there(house, dossier).id, who, actor=program.actor)
    return _dossier(_there(house, dossier))


@routes.post("/dossiers/{dossier}/events", tags=["dossiers"])
def event(house: House, program: Writer, dossier: DossierPath, body: Happened) -> dict[str, Any]:
    """Report what happened: periods begin. Reported again for the same day it changes nothing."""
    on = body.on or _today(house)
    return _dossier(house.register.record_event(_there(house, dossier).id, body.trigger, on=on, actor=program.actor))


@routes.post("/dossiers/{dossier}/close", tags=["dossiers"])
def close(house: House, program: Writer, dossier: DossierPath, body: On) -> dict[str, Any]:
    """Close a dossier: its periods begin."""
    return _dossier(house.register.close(_there(house, dossier).id, on=body.on or _today(house), actor=program.actor))


@routes.get("/subjects/{subject}/dossiers", tags=["subjects"])
def of_subject(house: House, program: Reader, subject: SubjectPath) -> dict[str, Any]:
    """Return the dossiers a subject is in, and whom it represents or who represents it."""
    del program
    who = known(house, subject)
    return {
        "dossiers": [_dossier(one) for one in house.register.dossiers_of(who)],
        "party": jsonable_encoder(asdict(house.register.party(who))),
    }


@routes.post("/subjects/{subject}/representatives", status_code=204, tags=["subjects"])
def represent(house: House, program: Writer, subject: SubjectPath, body: Representative) -> None:
    """Record that a person acts for this firm."""
    house.register.represent(
        known(house, subject), known(house, body.person), body.role, since=body.since or _today(house),
        actor=program.actor,
    )  # fmt: skip


@routes.post("/subjects/{subject}/representatives/end", status_code=204, tags=["subjects"])
def end(house: House, program: Writer, subject: SubjectPath, body: Ended) -> None:
    """Record that a person no longer acts for this firm."""
    house.register.end_representation(
        known(house, subject), SubjectId(body.person), until=body.until or _today(house), actor=program.actor
    )


@routes.get("/devices", tags=["devices"])
def devices(house: House, program: Reader, limit: Limit = 50, after: After = "") -> dict[str, Any]:
    """List the devices in hand and those that went back; nothing of a slip is opened."""
    del program
    found, following = page(house.devices.after(after, limit + 1), lambda one: one.id, limit, after, ordered=True)
    return {"devices": [jsonable_encoder(one) for one in found], "next": following}


@routes.post("/devices", status_code=201, tags=["devices"])
def take_in(house: House, program: Writer, body: NewDevice) -> dict[str, Any]:
    """Take a device in; the answer has the text of the slip that the customer signs."""
    _repair(house, program)
    slip = Slip(body.model, body.fault, body.accessories, body.permission, body.access_code)
    made = house.devices.take_in(known(house, body.subject), slip, actor=program.actor, number=body.number)
    return _paper(made, slip_text(made, slip, house.publication.in_force().policy, body.language))


@routes.post("/devices/{device}/open", tags=["devices"])
def device(house: House, program: Writer, device: DevicePath) -> dict[str, Any]:
    """Open the slip of a device, without its access code, and list the copies of its disk."""
    _repair(house, program)
    found = house.devices.one(device)
    slip = house.devices.slip(found.id, actor=program.actor)
    return {**jsonable_encoder(found), "slip": jsonable_encoder(slip), **_copies(house, found.id)}


@routes.post("/devices/{device}/code", tags=["devices"])
def access_code(house: House, program: Writer, device: DevicePath) -> dict[str, Any]:
    """Open the access code of a device in hand, for the purpose it was given for."""
    declared = house.publication.in_force().policy.devices
    program.allow_purpose(declared.access_purpose if declared else "")
    return {"device": device, "access_code": house.devices.access_code(device, actor=program.actor)}


@routes.get("/disks", tags=["devices"])
def disks(house: House, program: Reader) -> dict[str, Any]:
    """List the plain files that wait in the folder ``disks`` to be sealed, and the copies that were opened there."""
    _repair(house, program)
    return {"disks": [jsonable_encoder(one) for one in house.devices.disks.all()]}


@routes.post("/disks/remove", status_code=204, tags=["devices"])
def remove_disk(house: House, program: Writer, body: Disk) -> None:
    """Take a plain file out of the folder ``disks``."""
    _repair(house, program)
    house.devices.disks.remove(body.file)


@routes.post("/devices/{device}/copies", status_code=201, tags=["devices"])
def seal_disk(house: House, program: Writer, device: DevicePath, body: Disk) -> dict[str, Any]:
    """Seal a file of the folder ``disks`` as a copy of the disk; the plain file is gone afterwards."""
    _repair(house, program)
    house.devices.seal_disk(device, body.file, actor=program.actor)
    return _copies(house, device)


@routes.post("/devices/{device}/copies/{copy}/open", tags=["devices"])
def open_disk(house: House, program: Writer, device: DevicePath, copy: CopyPath, body: Disk) -> dict[str, Any]:
    """Open a copy to a new file of the folder ``disks``, to put files back."""
    _repair(house, program)
    return {"bytes": house.devices.open_disk(device, copy, body.file, actor=program.actor), **_copies(house, device)}


@routes.post("/devices/{device}/return", tags=["devices"])
def give_back(house: House, program: Writer, device: DevicePath, body: InLanguage) -> dict[str, Any]:
    """Give it back: its job is closed, its access code destroyed. The certificate is in this answer alone."""
    _repair(house, program)
    return _certified(house, house.devices.give_back(device, actor=program.actor), body.language)


@routes.post("/devices/{device}/wipe", tags=["devices"])
def wipe(house: House, program: Writer, device: DevicePath, body: Wiped) -> dict[str, Any]:
    """Destroy every copy of its disk. The certificate is in this answer alone."""
    _repair(house, program)
    return _certified(house, house.devices.wipe(device, actor=program.actor, method=body.method), body.language)


def _copies(house: System, device: str) -> dict[str, Any]:
    kept = house.devices.images(device)
    return {"copies": [{"copy": name, "leaves": on.isoformat() if on else None} for name, on in kept]}


def _dossier(found: Dossier) -> dict[str, Any]:
    made: dict[str, Any] = jsonable_encoder(asdict(found))
    return {"dossier": made.pop("id"), **made, "state": found.state}


def _there(house: System, dossier: str) -> Dossier:
    found = house.register.dossier(DossierId(dossier))
    if found is None:
        raise UsageError("unknown-dossier", "there is no such dossier", remedy="List them: GET /api/v1/dossiers.")
    return found


def _today(house: System) -> date:
    return local_date(house.clock())


def _repair(house: System, program: Program) -> PurposeId:
    declared = house.publication.in_force().policy.devices
    if declared is None:
        raise RefusedError(
            "devices-not-declared", "the statement in force says nothing of devices in hand",
            remedy="Declare them in policy.toml first.",
        )  # fmt: skip
    return program.allow_purpose(declared.purpose)


def _certified(house: System, made: Certificate, language: Language) -> dict[str, Any]:
    text = certificate_text(made, house.publication.in_force().policy, language)
    return {**_paper(made.device, text), "code": made.code, "destroyed": made.destroyed}


def _paper(made: Device, text: tuple[str, str]) -> dict[str, Any]:
    return {"device": made.id, "dossier": made.dossier, "title": text[0], "text": text[1]}
