"""Legal holds on messages: however due, they stay until a hold is lifted or its last day has passed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from itertools import groupby
from typing import cast

from gestand.archive.model import Kept, MessageHold
from gestand.archive.sealing import message_id
from gestand.archive.workroom import NAMED, Workroom
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, MessageId, new_id
from gestand.ledger.model import Event, Fact
from gestand.storage.engine import Row
from gestand.vault.place import day_number, day_of
from gestand.vault.rules import reasoned


class Holds:
    """The holds on messages."""

    def __init__(self, room: Workroom) -> None:
        self._room = room

    def place(self, messages: Collection[MessageId], *, reason: str, until: date | None, actor: ActorId) -> MessageHold:
        """Keep messages, however due, until the hold is lifted or ``until`` (inclusive) has passed.

        :raises UsageError: ``message-unknown``.
        """
        reasoned(reason)
        room = self._room
        found = [room.one(message)[0] for message in dict.fromkeys(messages)]
        names = tuple(kept.message for kept in found)
        hold = MessageHold(new_id("hld", room.entropy), names, reason, actor, room.clock(), until)
        with room.store.engine.transaction():
            room.store.holds.place(hold, [kept.number for kept in found], day_number(until))
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

    def lift(self, hold: str, *, reason: str, actor: ActorId) -> None:
        """Lift a hold.

        :raises UsageError: ``hold-unknown``.
        """
        reasoned(reason)
        room = self._room
        with room.store.engine.transaction():
            if not room.store.holds.lift(hold):
                raise UsageError(
                    "hold-unknown", f"there is no hold {hold}", remedy="See them with 'gestand archive holds'."
                )
            room.ledger.stage(Event("hold.lifted", room.clock(), actor, {"hold": hold, "reason": reason}))

    def for_reason(self, reason: str) -> tuple[str, ...]:
        """Return the holds that were placed for a reason."""
        return tuple(self._room.store.holds.for_reason(reason))

    def every(self) -> tuple[MessageHold, ...]:
        """Return every hold that was not lifted, oldest first, also one whose last day has passed."""
        return _holds(self._room.store.holds.all())

    def on(self, message: MessageId) -> tuple[MessageHold, ...]:
        """Return every hold that a message is under, with all that lies under it, oldest first.

        :raises UsageError: ``message-unknown``.
        """
        return _holds(self._room.store.holds.on(self._room.one(message)[0].number))

    def counts(self) -> tuple[int, int]:
        """Return how many messages are under a hold, and how many are restricted."""
        return self._room.store.holds.counts()

    def of(self, kept: Kept, on: date) -> tuple[str, date | None] | None:
        """Return the reason and end of a hold that keeps a message on a day, or None."""
        row = self._room.store.holds.of(kept.number, day_number(on) or 0)
        return None if row is None else (str(row[1]), day_of(cast("int | None", row[4])))


def _holds(rows: Iterable[Row]) -> tuple[MessageHold, ...]:
    found: list[MessageHold] = []
    for (hold, reason, by, at, until), under in groupby(rows, key=lambda row: row[:5]):
        names = tuple(message_id(cast("bytes", row[5])) for row in under)
        placed, last = datetime.fromtimestamp(cast("int", at), UTC), day_of(cast("int | None", until))
        found.append(MessageHold(str(hold), names, str(reason), ActorId(str(by)), placed, last))
    return tuple(found)
