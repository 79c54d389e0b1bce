"""Under which purpose a message stands: a rule put it there when it came, or a person says otherwise afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gestand.archive.classing import Rule
from gestand.archive.model import Kept
from gestand.archive.threads import elsewhere
from gestand.archive.workroom import Workroom
from gestand.kernel.ids import ActorId, MessageId, PurposeId
from gestand.ledger.model import Event, Fact
from gestand.vault.place import day_number
from gestand.vault.rules import reasoned


class Purposes:
    """The purposes of messages, and with those the day on which they leave."""

    def __init__(self, room: Workroom) -> None:
        self._room = room

    @property
    def rules(self) -> Sequence[Rule]:
        """The rules that give a message its class, in the order in which they are tried."""
        return self._room.classes.rules

    def correct(
        self, messages: Sequence[MessageId], purpose: PurposeId, *, actor: ActorId, reason: str
    ) -> tuple[Kept, ...]:
        """Put messages under another purpose, by a person's word; no rule changes that afterwards. One entry in the ledger.

        :raises UsageError: ``message-unknown``.
        :raises RefusedError: ``archive-not-in-statement`` if the statement in force has no such purpose.
        """
        reasoned(reason)
        room = self._room
        kept = [room.one(message)[0] for message in messages]
        found = room.classes.named(purpose, "person")
        with room.store.engine.transaction():
            for one in kept:
                due = day_number(found.due(one.received))
                room.store.set_class(one.number, found.purpose, found.shelf, rule=found.rule, due=due, by=actor)
            facts: dict[str, Fact] = {
                "messages": len(kept),
                "purpose": str(purpose),
                "shelf": str(found.shelf),
                "reason": reason,
            }
            room.ledger.stage(Event("message.classed", room.clock(), actor, facts))
        return tuple(room.one(message)[0] for message in messages)

    def would_leave(self, kept: Kept, purpose: PurposeId) -> date:
        """Return the first day on which a message would have to be gone if it stood under another purpose.

        :raises RefusedError: ``archive-not-in-statement`` if the statement in force has no such purpose.
        """
        return self._room.classes.named(purpose, "person").due(kept.received)

    def of_the_rest(self, message: MessageId) -> tuple[Kept, ...]:
        """Return what else of a message's conversation is of another class and no person has put there: to be proposed.

        :raises UsageError: ``message-unknown``.
        """
        return elsewhere(self._room, *self._room.one(message))
