"""The e-mail archive: search it for a purpose, open a message, give a copy with others blacked out, hold and restrict messages.

What is looked for goes in the body of a request, never in an address.
"""

from __future__ import annotations

import base64
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.responses import Response

from gestand.archive.model import Headline, Kept, OpenedMessage
from gestand.archive.redacting import Redaction
from gestand.archive.threads import headline
from gestand.doors.api.access import House, needs
from gestand.doors.api.bodies import After, Body, HoldPath, Limit, Line, MessagePath, Name, SubjectRef, Why
from gestand.doors.api.once import Key, once
from gestand.doors.api.paging import page
from gestand.doors.api.people import known
from gestand.doors.api.requests import for_rights
from gestand.doors.api.second_look import ASKED, looked_at
from gestand.kernel.clock import local_date
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import MessageId, SubjectId
from gestand.staff.model import Act
from gestand.staff.programs import Program
from gestand.system import System

routes = APIRouter(prefix="/messages", tags=["mail"])
Reader = Annotated[Program, Depends(needs("mail:read"))]
Writer = Annotated[Program, Depends(needs("mail:write"))]
Chooser = Annotated[Program, Depends(needs("choices:write"))]
Holder = Annotated[Program, Depends(needs("holds:write"))]
MessageRef = Annotated[str, Field(pattern=r"^msg_[a-z2-7=]{16,64}$")]


class Search(Body):
    """What is looked for, and why. ``stems``: also other forms of the words."""

    wanted: Line
    purpose: Name
    reason: Line
    stems: bool = False
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class OpenMessage(Body):
    """Why a message is opened."""

    purpose: Name
    reason: Line


class Copy(OpenMessage):
    """For whom a copy is made, in which others are blacked out."""

    subject: SubjectRef


class Confirmed(Copy):
    """The digest of the words that somebody looked at."""

    confirmed: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Classed(Body):
    """Under which purpose a message is kept from now on, and why. ``thread``: the rest of its conversation too."""

    purpose: Name
    reason: Line
    thread: bool = False


class SomeMessages(Body):
    """Messages that something is done with, and why."""

    messages: Annotated[tuple[MessageRef, ...], Field(min_length=1, max_length=500)]
    reason: Line


class HoldMessages(SomeMessages):
    """Messages that stay however due, why, and until which day."""

    until: date | None = None


@routes.post("/find")
def find(house: House, program: Reader, body: Search) -> dict[str, Any]:
    """Search, newest first, and show of each message that may be opened who, when and about what. Recorded."""
    purpose, archive = program.allow_purpose(body.purpose), house.archive
    kept = archive.search(
        body.wanted, purpose, actor=program.actor, reason=body.reason, stems=body.stems, limit=body.limit + 1
    )
    names = [one.message for one in kept[: body.limit]]
    found = archive.headlines(names, purpose, actor=program.actor, reason=body.reason) if names else ()
    return {"messages": [_line(one) for one in found], "more": len(kept) > body.limit}


@routes.post("/{message}/open")
def open_message(house: House, program: Reader, message: MessagePath, body: OpenMessage) -> dict[str, Any]:
    """Open a message: its head, its text, its attachments by name, and the conversation."""
    found, archive = _opened(house, program, message, body), house.archive
    read = archive.read(found)
    hold = archive.holds.of(found.kept, local_date(house.clock()))
    return {
        **_line(headline(found, read)), "text": read.body, "parsed": read.parsed, "why": read.why,
        "attached": [{"name": one.name, "kind": one.kind, "bytes": one.size} for one in read.attachments],
        "thread": [_kept(one) for one in archive.thread(found)], "hold": hold[0] if hold else None,
        "ledger_entry": found.entry,
    }  # fmt: skip


@routes.post("/{message}/formatted")
def formatted(house: House, program: Reader, message: MessagePath, body: OpenMessage) -> dict[str, Any]:
    """Return the HTML of a message, sanitised: no script, style, form or address outside."""
    return {"html": house.archive.html(_opened(house, program, message, body))}


@routes.post("/{message}/attachments/{number}")
def attachment(house: House, program: Reader, message: MessagePath, number: int, body: OpenMessage) -> dict[str, Any]:
    """Return an attachment in base64; nothing here opens it."""
    found = _opened(house, program, message, body)
    there = house.archive.read(found).attachments
    if not 0 <= number < len(there):
        raise UsageError(
            "attachment-unknown", "there is no such attachment", remedy="Open the message: they are listed."
        )
    content = house.archive.attachment(found, number)
    return {
        "name": there[number].name,
        "kind": there[number].kind,
        "content": base64.b64encode(content).decode("ascii"),
    }


@routes.post("/{message}/redaction")
def redaction(house: House, program: Reader, message: MessagePath, body: Copy) -> dict[str, Any]:
    """Propose a copy for one person with others blacked out (Article 15(4)); a person looks at it before it is given."""
    found = _proposed(house, program, _opened(house, program, message, body), known(house, body.subject))
    return {"text": found.text, "places": found.places, "digest": found.digest}


@routes.post("/{message}/give")
def give(house: House, program: Reader, message: MessagePath, body: Confirmed) -> dict[str, Any]:
    """Give the copy whose words somebody looked at and confirmed by their digest. Recorded."""
    found = _opened(house, program, message, body)
    proposed = _proposed(house, program, found, known(house, body.subject))
    text = house.archive.copies.give(found, proposed, confirmed=body.confirmed, actor=program.actor)
    return {"text": text, "digest": proposed.digest}


@routes.post("/{message}/class")
def classed(house: House, program: Writer, message: MessagePath, body: Classed) -> dict[str, Any]:
    """Put a message under another purpose; no rule changes that afterwards. What else of its conversation lies elsewhere is proposed."""
    purpose, archive = program.allow_purpose(body.purpose), house.archive
    [kept] = archive.purposes.correct([MessageId(message)], purpose, actor=program.actor, reason=body.reason)
    others = [one.message for one in archive.purposes.of_the_rest(kept.message)]
    if body.thread and others:
        archive.purposes.correct(others, purpose, actor=program.actor, reason=body.reason)
    return {**_kept(kept), "proposed": [] if body.thread else others, "along": others if body.thread else []}


@routes.post("/restrict")
def restrict(house: House, program: Chooser, body: SomeMessages) -> dict[str, Any]:
    """Restrict messages (Article 18): kept, and opened only to answer the person."""
    names = [MessageId(one) for one in body.messages]
    count = house.archive.restrictions.place(names, reason=body.reason, actor=program.actor)
    return {"messages": count, "restricted": True}


@routes.post("/release")
def release(house: House, program: Chooser, body: SomeMessages) -> dict[str, Any]:
    """Lift the restriction of messages; the person is told before (Article 18(3))."""
    for_rights(house, program)
    names = [MessageId(one) for one in body.messages]
    count = house.archive.restrictions.lift(names, reason=body.reason, actor=program.actor)
    return {"messages": count, "restricted": False}


@routes.get("/restricted")
def restricted(house: House, program: Reader, limit: Limit = 50, after: After = "") -> dict[str, Any]:
    """List the messages that are restricted, and why; nothing is opened."""
    del program
    found, following = page(house.archive.restrictions.every(), lambda one: one.message, limit, after)
    return {
        "restricted": [
            {
                "message": one.message, "received": one.received.isoformat(), "reason": one.reason,
                "placed_at": one.placed_at.isoformat(),
            }
            for one in found
        ],
        "next": following,
    }  # fmt: skip


@routes.get("/holds")
def holds(house: House, program: Reader, limit: Limit = 50, after: After = "") -> dict[str, Any]:
    """List the holds on messages that were not lifted; nothing is opened."""
    del program
    found, following = page(house.archive.holds.every(), lambda one: one.id, limit, after)
    return {
        "holds": [
            {
                "hold": one.id, "messages": list(one.messages), "reason": one.reason, "placed_at": one.placed_at.isoformat(),
                "until": one.until.isoformat() if one.until else None,
            }
            for one in found
        ],
        "next": following,
    }  # fmt: skip


@routes.post("/holds", status_code=201)
def hold(house: House, program: Holder, body: HoldMessages, key: Key = None) -> Response:
    """Keep messages however due."""

    def do() -> dict[str, Any]:
        names = [MessageId(one) for one in body.messages]
        made = house.archive.holds.place(names, reason=body.reason, until=body.until, actor=program.actor)
        return {"hold": made.id, "messages": len(made.messages)}

    return once(house, program, key, ("messages/holds", body), do)


@routes.post("/holds/{hold_id}/lift", responses=ASKED)
def lift(house: House, program: Holder, hold_id: HoldPath, body: Why) -> Response:
    """Lift a hold on messages, once a keeper has given it in the office; until then it is asked, and 202."""

    def do() -> dict[str, Any]:
        house.archive.holds.lift(hold_id, reason=body.reason, actor=program.actor)
        return {"hold": hold_id, "lifted": True}

    return looked_at(house, program, Act.LIFT_HOLD, hold_id, do)


def _opened(house: System, program: Program, message: str, body: OpenMessage) -> OpenedMessage:
    purpose = program.allow_purpose(body.purpose)
    return house.archive.open(MessageId(message), purpose, actor=program.actor, reason=body.reason)


def _proposed(house: System, program: Program, found: OpenedMessage, subject: SubjectId) -> Redaction:
    program.allow_purpose(house.publication.in_force().policy.rights.purpose)  # what identifies them is opened for that
    return house.archive.copies.propose(found, subject, actor=program.actor)


def _line(found: Headline) -> dict[str, Any]:
    return {
        **_kept(found.kept), "subject": found.subject, "from": found.sender, "to": found.recipients, "sent": found.sent,
        "attachments": found.attachments,
    }  # fmt: skip


def _kept(found: Kept) -> dict[str, Any]:
    return {
        "message": found.message, "received": found.received.isoformat(), "purpose": found.purpose, "shelf": found.shelf,
        "due": found.due.isoformat() if found.due else None,
    }  # fmt: skip
