"""Restricted messages (Article 18): they stay, and open only to answer the person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from typing import cast

from gestand.archive.model import Kept, MessageRestriction
from gestand.archive.sealing import message_id
from gestand.archive.tables import seconds
from gestand.archive.workroom import NAMED, Workroom
from gestand.kernel.ids import ActorId, MessageId
from gestand.ledger.model import Event, Fact
from gestand.vault.place import day_of
from gestand.vault.rules import reasoned


class Restrictions:
    """The restrictions on messages."""

    def __init__(self, room: Workroom) -> None:
        self._room = room

    def place(self, messages: Collection[MessageId], *, reason: str, actor: ActorId) -> int:
        """Restrict messages; return how many.

        :raises UsageError: ``message-unknown``.
        """
        return self._mark(messages, reason, actor, restricted=True)

    def lift(self, messages: Collection[MessageId], *, reason: str, actor: ActorId) -> int:
        """Lift the restriction of messages; return how many.

        :raises UsageError: ``message-unknown``.
        """
        return self._mark(messages, reason, actor, restricted=False)

    def on(self, message: MessageId) -> bool:
        """Say whether a message is restricted.

        :raises UsageError: ``message-unknown``.
        """
        return bool(self._room.store.holds.restricted([self._room.one(message)[0].number]))

    def among(self, messages: Sequence[Kept]) -> set[int]:
        """Return the numbers of those of some messages that are restricted."""
        return self._room.store.holds.restricted([kept.number for kept in messages])

    def every(self) -> tuple[MessageRestriction, ...]:
        """Return every message that is restricted, oldest first."""
        return tuple(
            MessageRestriction(
                message_id(cast("bytes", thing)),
                cast("date", day_of(cast("int", received))),
                str(reason),
                ActorId(str(by)),
                datetime.fromtimestamp(cast("int", at), UTC),
            )
            for thing, received, reason, by, at in self._room.store.holds.all_restricted()
        )

    def _mark(self, messages: Collection[MessageId], reason: str, actor: ActorId, *, restricted: bool) -> int:
        reasoned(reason)
        room = self._room
        found = [room.one(message)[0] for message in dict.fromkeys(messages)]
        name = "message.restricted" if restricted else "message.released"
        for at in range(0, len(found), NAMED):
            group = found[at : at + NAMED]
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
        return len(found)
