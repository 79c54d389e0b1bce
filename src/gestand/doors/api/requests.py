"""Requests of data subjects, from receipt to answer. What the law leaves to a person waits for one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.encoders import jsonable_encoder
from pydantic import Field
from starlette.responses import JSONResponse, Response

from gestand.doors.api.access import House, needs
from gestand.doors.api.bodies import (
    After,
    Body,
    Language,
    Limit,
    Line,
    RequestPath,
    SubjectRef,
)
from gestand.doors.api.once import Key, once
from gestand.doors.api.paging import page
from gestand.doors.api.second_look import ASKED, looked_at, named
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import SubjectId
from gestand.rights.circumstances import Circumstance, Shown
from gestand.rights.giving import Given
from gestand.rights.model import (
    Channel,
    Closing,
    ErasureOutcome,
    ErasurePlan,
    Exempt,
    IdentityLevel,
    Right,
    SubjectRequest,
)
from gestand.staff.model import Act
from gestand.staff.programs import Program
from gestand.system import System

routes = APIRouter(tags=["requests"])
RequestReader = Annotated[Program, Depends(needs("requests:read"))]
RequestWriter = Annotated[Program, Depends(needs("requests:write"))]


class NewRequest(Body):
    """A request of a data subject, as it came in. ``received_at``: with its zone; now without it."""

    right: Right
    contact: Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00]+$")]
    channel: Channel = Channel.WEB
    received_at: datetime | None = None


class Judged(Body):
    """How identity was judged; ``subject`` where several have the contact point."""

    level: IdentityLevel
    subject: SubjectRef | None = None


class Told(Body):
    """What who asked is told, in their own words of the letter."""

    reason: Line
    language: Language = "nl"


class Refused(Told):
    """Why a request is rejected; ``exempt``: why an objection may be, though one to direct marketing never may."""

    exempt: Exempt | None = None


class Ending(Body):
    """How a request ends that was carried out on the data themselves."""

    outcome: Closing


class ByHand(Body):
    """What who asked was given by hand, how, and on which day; today without it."""

    way: Channel
    what: Given = Given.ANSWER
    on: date | None = None


class Special(Body):
    """What a person judged to be special of a request, and what showed it."""

    kind: Circumstance
    shown: Shown
    other: Annotated[str, Field(max_length=40, description="The request that it repeats.")] = ""


class Challenge(Body):
    """To whom a code goes, where the contact point does not tell."""

    subject: SubjectRef | None = None


class Typed(Body):
    """A code as the person gave it."""

    code: Annotated[str, Field(min_length=1, max_length=40)]


class Traces(Body):
    """Doubtful traces in other systems: whose they are."""

    yes: Annotated[tuple[Line, ...], Field(max_length=200)] = ()
    no: Annotated[tuple[Line, ...], Field(max_length=200)] = ()


@routes.post("/requests", status_code=201)
def receive(house: House, program: RequestWriter, body: NewRequest, key: Key = None) -> Response:
    """List a request of a data subject. Its clock runs from receipt, whoever asks and whatever is known of them."""

    def do() -> dict[str, Any]:
        found = house.requests.receive(
            body.right, contact=body.contact, channel=body.channel, actor=program.actor, received_at=body.received_at
        )
        return {"request": found.id, "due": found.due.isoformat(), "conservative": found.conservative.isoformat()}

    return once(house, program, key, ("requests", body), do)


@routes.get("/requests")
def requests(house: House, program: RequestReader, limit: Limit = 50, after: After = "") -> dict[str, Any]:
    """List requests with their clocks."""
    del program
    found, following = page(house.requests.after(after, limit + 1), lambda one: one.id, limit, after, ordered=True)
    return {"requests": [_request(one) for one in found], "next": following}


@routes.get("/requests/{request_id}")
def request(house: House, program: RequestReader, request_id: RequestPath) -> dict[str, Any]:
    """Return one request with its clock."""
    del program
    return _request(house.requests.one(request_id))


@routes.post("/requests/{request_id}/confirm")
def confirm(house: House, program: RequestWriter, request_id: RequestPath, body: Judged) -> dict[str, Any]:
    """Record how identity was judged; nothing is disclosed before."""
    for_rights(house, program)
    subject = SubjectId(body.subject) if body.subject else None
    return _request(house.requests.confirm(request_id, body.level, actor=program.actor, subject=subject))


@routes.post("/requests/{request_id}/plan")
def plan(house: House, program: RequestWriter, request_id: RequestPath) -> dict[str, Any]:
    """Judge every datum of an erasure request and record the plan; nothing is erased yet."""
    for_rights(house, program)
    return _plan(house.requests.plan(request_id, actor=program.actor))


@routes.post("/requests/{request_id}/answer")
def answer(house: House, program: RequestWriter, request_id: RequestPath) -> dict[str, Any]:
    """Answer a request: access and portability give the data, erasure erases what the law does not keep. Closes it."""
    for_rights(house, program)
    found = house.requests.one(request_id)
    if found.right is Right.ERASURE:
        letter: dict[str, str] = {}

        def deliver(outcome: ErasureOutcome) -> None:
            house.requests.letters.erased(outcome, actor=program.actor)
            letter.update(house.requests.letters.erasure(outcome, actor=program.actor))

        outcome = house.requests.erase(request_id, actor=program.actor, deliver=deliver)
        return {
            "request": request_id, "erased": outcome.erased, "kept": outcome.kept,
            "found_afterwards": outcome.found_afterwards, "plan": _plan(outcome.plan),
            "to_tell": [one.en for one in outcome.to_tell],
            "letter": letter,
        }  # fmt: skip
    if found.right is Right.ACCESS:
        given: dict[str, Any] = jsonable_encoder(house.requests.answer(request_id, actor=program.actor))
        return given
    if found.right is Right.PORTABILITY:
        copy = house.requests.port(request_id, actor=program.actor)
        return {"request": request_id, "data": len(copy.data), "digest": copy.digest, "files": dict(copy.files)}
    raise UsageError(
        "request-right", "a request of this right is carried out on the data themselves",
        remedy="Rectify, restrict or object, and then close the request.",
    )  # fmt: skip


@routes.get("/requests/{request_id}/decisions")
def decisions(house: House, program: RequestReader, request_id: RequestPath) -> dict[str, Any]:
    """Return what was decided of each datum, and what a person judged to be special."""
    del program
    keys = ("item", "field", "decision", "ground", "why_nl", "why_en", "until")
    found = house.requests.one(request_id)
    return {
        "decisions": [dict(zip(keys, row, strict=False)) for row in house.requests.decisions(found.id)],
        "judgements": [jsonable_encoder(one) for one in house.requests.judgements(found.id)],
        "repeats": [one.id for one in house.requests.repeats(found.id)],
        "paused": house.requests.paused(found.id),
    }


@routes.post("/requests/{request_id}/extend")
def extend(house: House, program: RequestWriter, request_id: RequestPath, body: Told) -> dict[str, Any]:
    """Extend by two months, once, within the first month (Article 12(3)); the letter is in the answer."""
    for_rights(house, program)
    made = house.requests.extend(request_id, body.reason, actor=program.actor)
    sent = house.requests.letters.extended(request_id, actor=program.actor, language=body.language)
    return {**_request(made), "letter": house.requests.letters.extension(request_id, sent.name)[body.language]}


@routes.post("/requests/{request_id}/reject", responses=ASKED)
def reject(house: House, program: RequestWriter, request_id: RequestPath, body: Refused) -> Response:
    """Reject a request with its ground: only a person does (Article 12(4)). Asked here, given in the office, then done."""
    for_rights(house, program)
    house.requests.one(request_id)

    def do() -> dict[str, Any]:
        made = house.requests.reject(request_id, body.reason, actor=program.actor, exempt=body.exempt)
        sent = house.requests.letters.rejected(request_id, actor=program.actor, language=body.language)
        return {**_request(made), "letter": house.requests.letters.rejection(request_id, sent.name)[body.language]}

    return looked_at(house, program, Act.PROGRAM, named(f"reject {request_id}", body), do)


@routes.post("/requests/{request_id}/judge", responses=ASKED)
def judge(house: House, program: RequestWriter, request_id: RequestPath, body: Special) -> Response:
    """Record what is special of a request: a representative, a minor, a repetition. A person judges it in the office first."""
    for_rights(house, program)
    house.requests.one(request_id)

    def do() -> dict[str, Any]:
        made = house.requests.judge(request_id, body.kind, body.shown, actor=program.actor, other=body.other)
        return {"request": request_id, "kind": str(made.kind), "shown": str(made.shown)}

    return looked_at(house, program, Act.PROGRAM, named(f"judge {request_id}", body), do)


@routes.post("/requests/{request_id}/close", responses=ASKED)
def close(house: House, program: RequestWriter, request_id: RequestPath, body: Ending) -> Response:
    """Close a request that was carried out on the data themselves. That somebody took it back, a keeper confirms first."""
    for_rights(house, program)
    house.requests.one(request_id)

    def do() -> dict[str, Any]:
        closed = house.requests.close(request_id, body.outcome, actor=program.actor)
        house.requests.letters.closed(request_id, actor=program.actor)
        return _request(closed)

    if body.outcome is Closing.WITHDRAWN:
        return looked_at(house, program, Act.PROGRAM, named(f"withdraw {request_id}", body), do)
    return JSONResponse(do())


@routes.post("/requests/{request_id}/given")
def given(house: House, program: RequestWriter, request_id: RequestPath, body: ByHand) -> dict[str, Any]:
    """Record that who asked was given the answer, a refusal or a notice by a way that this program does not know."""
    for_rights(house, program)
    return _request(house.requests.given(request_id, body.what, body.way, on=body.on, actor=program.actor))


@routes.post("/requests/{request_id}/pause")
def pause(house: House, program: RequestWriter, request_id: RequestPath) -> dict[str, Any]:
    """Record that who asks was asked who they are; on the better reading the clock stands until the answer."""
    for_rights(house, program)
    return _request(house.requests.pause(request_id, actor=program.actor))


@routes.post("/requests/{request_id}/resume")
def resume(house: House, program: RequestWriter, request_id: RequestPath) -> dict[str, Any]:
    """Record that the question was answered, and count anew."""
    for_rights(house, program)
    return _request(house.requests.resume(request_id, actor=program.actor))


@routes.post("/requests/{request_id}/challenge")
def challenge(house: House, program: RequestWriter, request_id: RequestPath, body: Challenge) -> dict[str, Any]:
    """Send a one-time code to an address that is held of who asks; it works for ten minutes."""
    for_rights(house, program)
    subject = SubjectId(body.subject) if body.subject else None
    return {
        "request": request_id,
        "message": house.requests.send_code(request_id, actor=program.actor, subject=subject),
    }


@routes.post("/requests/{request_id}/prove")
def prove(house: House, program: RequestWriter, request_id: RequestPath, body: Typed) -> dict[str, Any]:
    """Judge a code that somebody gave back; a right one settles who asks. A wrong one is told as any other."""
    for_rights(house, program)
    if not house.requests.prove(request_id, body.code, actor=program.actor):
        raise RefusedError(
            "identity-code", "this code proves nothing: it is wrong, older than ten minutes, used, or was tried too often",
            remedy="Send a new one.",
        )  # fmt: skip
    return _request(house.requests.one(request_id))


@routes.post("/requests/{request_id}/find")
def find(house: House, program: RequestWriter, request_id: RequestPath, body: Traces) -> dict[str, Any]:
    """Search every other system for the person who asks; each was searched, or why not."""
    from gestand.doors.cli.copies import found_document

    for_rights(house, program)
    return found_document(house.requests.find(request_id, actor=program.actor, yes=body.yes, no=body.no))


def for_rights(house: System, program: Program) -> None:
    """Refuse a program that may not work for the purpose of rights.

    :raises RefusedError: ``program-purpose``.
    """
    program.allow_purpose(house.publication.in_force().policy.rights.purpose)


def _request(found: SubjectRequest) -> dict[str, Any]:
    return {
        "request": found.id, "right": str(found.right), "channel": str(found.channel), "state": str(found.state),
        "subject": found.subject, "received_at": found.received_at.isoformat(), "due": found.due.isoformat(),
        "conservative": found.conservative.isoformat(), "identity": str(found.identity) if found.identity else None,
        "closed_at": found.closed_at.isoformat() if found.closed_at else None,
    }  # fmt: skip


def _plan(found: ErasurePlan) -> dict[str, Any]:
    return {
        "request": found.request,
        "digest": found.digest,
        "decisions": [
            {
                "item": one.holding.item, "field": one.holding.field, "decision": str(one.decision), "ground": one.ground,
                "why": {"nl": one.why.nl, "en": one.why.en}, "until": one.until.isoformat() if one.until else None,
            }
            for one in found.decisions
        ],
    }  # fmt: skip
