"""What a person says of a message's time: that it is of another class, or that it must stay (a legal hold)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gestand.archive.model import Kept, MessageHold
from gestand.archive.workroom import Workroom
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, PurposeId, new_id
from gestand.ledger.model import Event, Fact
from gestand.vault.place import day_number


def correct(room: Workroom, kept: Kept, purpose: PurposeId, *, actor: ActorId, reason: str) -> None:
    """Put a message under another purpose; see ``Archive.correct``."""
    found = room.classes.named(purpose, "person")
    with room.store.engine.transaction():
        due = day_number(found.due(kept.received))
        room.store.set_class(kept.number, found.purpose, found.shelf, rule=found.rule, due=due, by=actor)
        facts: dict[str, Fact] = {
            "messages": 1,
            "purpose": str(purpose),
            "shelf": str(found.shelf),
            "reason": reason,
        }
        room.ledger.stage(Event("message.classed", room.clock(), actor, facts))


def place_hold(
    room: Workroom, messages: Sequence[Kept], *, reason: str, until: date | None, actor: ActorId
) -> MessageHold:
    """Place a hold; see ``Archive.place_hold``."""
    names = tuple(kept.message for kept in messages)
    hold = MessageHold(new_id("hld", room.entropy), names, reason, actor, room.clock(), until)
    with room.store.engine.transaction():
        room.store.place_hold(hold, [kept.number for kept in messages], day_number(until))
        facts: dict[str, Fact] = {
            "hold": hold.id,
            "items": len(messages),
            "reason": reason,
            "until": until.isoformat() if until else None,
        }
        room.ledger.stage(Event("hold.placed", room.clock(), actor, facts))
    return hold


def lift_hold(room: Workroom, hold: str, *, reason: str, actor: ActorId) -> None:
    """Lift a hold; see ``Archive.lift_hold``."""
    with room.store.engine.transaction():
        if not room.store.lift_hold(hold):
            raise UsageError("hold-unknown", f"there is no hold {hold}", remedy="Look at 'gestand retention plan'.")
        room.ledger.stage(Event("hold.lifted", room.clock(), actor, {"hold": hold, "reason": reason}))
