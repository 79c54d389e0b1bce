"""What a person says of messages: of another class, to stay (a legal hold), not to be used for now (Article 18)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Final, cast

from gestand.archive.model import Kept, MessageHold
from gestand.archive.sealing import message_id
from gestand.archive.tables import seconds
from gestand.archive.workroom import Workroom
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, PurposeId, new_id
from gestand.ledger.model import Event, Fact
from gestand.vault.place import day_number, day_of

NAMED: Final = 200
"""Messages that one entry of the ledger names; it holds 16 kB."""


def correct(room: Workroom, messages: Sequence[Kept], purpose: PurposeId, *, actor: ActorId, reason: str) -> None:
    """Put messages under another purpose; see ``Archive.correct``."""
    found = room.classes.named(purpose, "person")
    with room.store.engine.transaction():
        for kept in messages:
            due = day_number(found.due(kept.received))
            room.store.set_class(kept.number, found.purpose, found.shelf, rule=found.rule, due=due, by=actor)
        facts: dict[str, Fact] = {
            "messages": len(messages),
            "purpose": str(purpose),
            "shelf": str(found.shelf),
            "reason": reason,
        }
        room.ledger.stage(Event("message.classed", room.clock(), actor, facts))


def restrict(room: Workroom, messages: Sequence[Kept], *, reason: str, actor: ActorId, restricted: bool) -> None:
    """Restrict messages, or lift that; see ``Archive.restrict``."""
    name = "message.restricted" if restricted else "message.released"
    for at in range(0, len(messages), NAMED):
        group = messages[at : at + NAMED]
        numbers = [kept.number for kept in group]
        facts: dict[str, Fact] = {
            "messages": len(group),
            "reason": reason,
            "ids": tuple(kept.message for kept in group),
        }
        with room.store.engine.transaction():
            if restricted:
                room.store.holds.restrict(numbers, reason, actor, seconds(room.clock()))
            else:
                room.store.holds.unrestrict(numbers)
            room.ledger.stage(Event(name, room.clock(), actor, facts))


def place_hold(
    room: Workroom, messages: Sequence[Kept], *, reason: str, until: date | None, actor: ActorId
) -> MessageHold:
    """Place a hold; see ``Archive.place_hold``."""
    names = tuple(kept.message for kept in messages)
    hold = MessageHold(new_id("hld", room.entropy), names, reason, actor, room.clock(), until)
    with room.store.engine.transaction():
        room.store.holds.place(hold, [kept.number for kept in messages], day_number(until))
        for at in range(0, len(names), NAMED):
            group = names[at : at + NAMED]
            facts: dict[str, Fact] = {
                "hold": hold.id,
                "items": len(group),
                "reason": reason,
                "until": until.isoformat() if until else None,
                "ids": group,
            }
            room.ledger.stage(Event("hold.placed", room.clock(), actor, facts))
    return hold


def lift_hold(room: Workroom, hold: str, *, reason: str, actor: ActorId) -> None:
    """Lift a hold; see ``Archive.lift_hold``."""
    with room.store.engine.transaction():
        if not room.store.holds.lift(hold):
            raise UsageError(
                "hold-unknown", f"there is no hold {hold}", remedy="See them with 'gestand archive holds'."
            )
        room.ledger.stage(Event("hold.lifted", room.clock(), actor, {"hold": hold, "reason": reason}))


def holds(room: Workroom) -> tuple[MessageHold, ...]:
    """Return every hold; see ``Archive.holds``."""
    found: list[MessageHold] = []
    for (hold, reason, by, at, until), rows in groupby(room.store.holds.all(), key=lambda row: row[:5]):
        names = tuple(message_id(cast("bytes", row[5])) for row in rows)
        placed, last = datetime.fromtimestamp(cast("int", at), UTC), day_of(cast("int | None", until))
        found.append(MessageHold(str(hold), names, str(reason), ActorId(str(by)), placed, last))
    return tuple(found)
