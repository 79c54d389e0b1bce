"""Requests of data subjects, breaches, disclosures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends
from fastapi.encoders import jsonable_encoder
from starlette.responses import Response

from gestand.doors.api.access import House, needs
from gestand.doors.api.bodies import After, CodeWanted, Judged, Limit, NewBreach, NewRequest, RequestPath, Wish
from gestand.doors.api.once import Key, once
from gestand.doors.handing import hand_over
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import FieldPath, RecipientId, SubjectId
from gestand.rights.model import ErasurePlan, Right, SubjectRequest
from gestand.sharing.model import Disclosure
from gestand.staff.programs import Program
from gestand.system import System

routes = APIRouter()
RequestReader = Annotated[Program, Depends(needs("requests:read"))]
RequestWriter = Annotated[Program, Depends(needs("requests:write"))]
BreachReader = Annotated[Program, Depends(needs("breaches:read"))]
BreachReporter = Annotated[Program, Depends(needs("breaches:report"))]
DisclosureReader = Annotated[Program, Depends(needs("disclosures:read"))]
Thing = TypeVar("Thing")


def page(
    things: Iterable[Thing], name: Callable[[Thing], str], limit: int, after: str
) -> tuple[list[Thing], str | None]:
    """Return one page of things in the order of their ids, and where the next begins (None: this was the last)."""
    rest = sorted((one for one in things if name(one) > after), key=name)
    return rest[:limit], name(rest[limit - 1]) if len(rest) > limit else None


@routes.post("/requests", status_code=201, tags=["requests"])
def receive(house: House, program: RequestWriter, body: NewRequest, key: Key = None) -> Response:
    """List a request of a data subject. Its clock runs from receipt, whoever asks and whatever is known of them."""

    def do() -> dict[str, Any]:
        found = house.requests.receive(
            body.right, contact=body.contact, channel=body.channel, actor=program.actor, received_at=body.received_at
        )
        return {"request": found.id, "due": found.due.isoformat(), "conservative": found.conservative.isoformat()}

    return once(house, program, key, ("requests", body), do)


@routes.get("/requests", tags=["requests"])
def requests(house: House, program: RequestReader, limit: Limit = 50, after: After = "") -> dict[str, Any]:
    """List requests with their clocks."""
    del program
    found, following = page(house.requests.all(), lambda one: one.id, limit, after)
    return {"requests": [_request(one) for one in found], "next": following}


@routes.get("/requests/{request_id}", tags=["requests"])
def request(house: House, program: RequestReader, request_id: RequestPath) -> dict[str, Any]:
    """Return one request with its clock."""
    del program
    return _request(house.requests.one(request_id))


@routes.post("/requests/{request_id}/confirm", tags=["requests"])
def confirm(house: House, program: RequestWriter, request_id: RequestPath, body: Judged) -> dict[str, Any]:
    """Record how identity was judged; nothing is disclosed before."""
    subject = SubjectId(body.subject) if body.subject else None
    return _request(house.requests.confirm(request_id, body.level, actor=program.actor, subject=subject))


@routes.post("/requests/{request_id}/plan", tags=["requests"])
def plan(house: House, program: RequestWriter, request_id: RequestPath) -> dict[str, Any]:
    """Judge every datum of an erasure request and record the plan; nothing is erased yet."""
    _for_rights(house, program)
    return _plan(house.requests.plan(request_id, actor=program.actor))


@routes.post("/requests/{request_id}/answer", tags=["requests"])
def answer(house: House, program: RequestWriter, request_id: RequestPath) -> dict[str, Any]:
    """Answer a request: access and portability give the data, erasure erases what the law does not keep. Closes it."""
    _for_rights(house, program)
    found = house.requests.one(request_id)
    if found.right is Right.ERASURE:
        outcome = house.requests.erase(request_id, actor=program.actor)
        return {
            "request": request_id, "erased": outcome.erased, "kept": outcome.kept,
            "found_afterwards": outcome.found_afterwards, "plan": _plan(outcome.plan),
            "to_tell": [one.en for one in outcome.to_tell],
        }  # fmt: skip
    if found.right is Right.ACCESS:
        given: dict[str, Any] = jsonable_encoder(house.requests.answer(request_id, actor=program.actor))
        return given
    raise UsageError(
        "request-right", "a request of this right is carried out on the data themselves",
        remedy="Rectify, restrict or object, and close the request in the office.",
    )  # fmt: skip


@routes.post("/requests/{request_id}/hand-over", status_code=201, tags=["requests"])
def hand_over_(house: House, program: RequestWriter, request_id: RequestPath) -> dict[str, Any]:
    """Answer access or portability into a sealed parcel; its code is given once, and who asked is told that it waits."""
    _for_rights(house, program)
    handed = hand_over(house, request_id, actor=program.actor)
    return {
        "request": request_id, "code": handed.code, "until": handed.until.isoformat(),
        "sent": {"way": str(handed.sent.way), "message": handed.sent.message},
    }  # fmt: skip


@routes.get("/requests/{request_id}/parcel", tags=["requests"])
def parcel(house: House, program: RequestReader, request_id: RequestPath) -> dict[str, Any]:
    """Say whether an answer waits to be fetched, and until when."""
    del program
    until = house.parcels.expires(house.requests.one(request_id).id)
    return {"request": request_id, "waits": until is not None, "until": until.isoformat() if until else None}


@routes.post("/requests/{request_id}/code", status_code=201, tags=["requests"])
def code(house: House, program: RequestWriter, request_id: RequestPath, body: CodeWanted) -> dict[str, Any]:
    """Give a code for the portal, once: one that follows the request, or that fetches the answer too."""
    _for_rights(house, program)
    given = house.portal.give(request_id, body.level, actor=program.actor)
    return {
        "request": request_id, "level": str(given.level), "typed": given.typed, "link": given.link,
        "until": given.until.isoformat(),
    }  # fmt: skip


@routes.post("/breaches", status_code=201, tags=["breaches"])
def report(house: House, program: BreachReporter, body: NewBreach, key: Key = None) -> Response:
    """Report what may be a data breach; its clock runs."""

    def do() -> dict[str, Any]:
        found = house.breaches.report(
            body.what, reporter=body.reporter, actor=program.actor, contact=body.contact, rehearsal=body.rehearsal
        )
        return {"breach": found.id, "reported_at": found.reported_at.isoformat()}

    return once(house, program, key, ("breaches", body), do)


@routes.get("/breaches", tags=["breaches"])
def breaches(house: House, program: BreachReader, limit: Limit = 50, after: After = "") -> dict[str, Any]:
    """List breaches with their clocks; what was written about them is in the office."""
    del program
    found, following = page(house.breaches.all(), lambda case: case.breach.id, limit, after)
    return {
        "breaches": [
            {
                "breach": one.breach.id, "reporter": str(one.breach.reporter), "rehearsal": one.breach.rehearsal,
                "reported_at": one.breach.reported_at.isoformat(), "clock_from": one.breach.clock_from.isoformat(),
                "open": one.breach.open,
            }
            for one in found
        ],
        "next": following,
    }  # fmt: skip


@routes.get("/disclosures", tags=["disclosures"])
def disclosures(house: House, program: DisclosureReader, limit: Limit = 50, after: After = "") -> dict[str, Any]:
    """List what was given to whom; what an order keeps secret is not among it."""
    del program
    shown = (one for one in house.sharing.disclosures() if not house.sharing.hidden(one))
    found, following = page(shown, lambda one: one.id, limit, after)
    return {"disclosures": [_disclosure(one) for one in found], "next": following}


@routes.post("/disclosures/judge", tags=["disclosures"])
def judge(house: House, program: DisclosureReader, body: Wish) -> dict[str, Any]:
    """Say whether something may be given to a recipient, and everything against it; nothing is given."""
    purpose = program.allow_purpose(body.purpose)
    fields = [FieldPath(one) for one in body.fields]
    found = house.sharing.judge(RecipientId(body.recipient), fields, purpose, body.ground)
    return {
        "allowed": found.allowed,
        "why": [{"code": one.code, "clause": one.clause} for one in found.against],
    }


def _for_rights(house: System, program: Program) -> None:
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


def _disclosure(found: Disclosure) -> dict[str, Any]:
    return {
        "disclosure": found.id, "at": found.at.isoformat(), "recipient": found.recipient, "purpose": found.purpose,
        "ground": found.ground, "fields": list(found.fields), "subjects": len(found.given), "stage": str(found.stage),
    }  # fmt: skip
