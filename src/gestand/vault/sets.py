"""The verbs of the vault on whole sets: by subject, purpose, shelf, recipient, due date (``Where``)."""

from __future__ import annotations

from datetime import date

from gestand.kernel.ids import ActorId
from gestand.vault import gathering
from gestand.vault.model import Reach, Where
from gestand.vault.room import Room


class Sets:
    """The part of the vault that works on sets. Each part of 256 subjects is one transaction and stands in the ledger.

    All raise UsageError: ``set-without-bounds`` if nothing bounds the set, ``purpose-unknown``, ``shelf-unknown``,
    ``recipient-unknown`` for a name that no version of the statement has.
    """

    def __init__(self, room: Room) -> None:
        self._room = room

    def count_where(self, where: Where) -> Reach:
        """Return what a verb on this set would touch, and what of it a legal hold keeps today; changes nothing."""
        return gathering.count(self._room, where)

    def erase_where(self, where: Where, *, ground: str, actor: ActorId) -> Reach:
        """Erase a set as ``erase`` does; what a legal hold keeps stays and is counted.

        :raises UsageError: also if a transaction is open.
        """
        return gathering.erase(self._room, where, ground=ground, actor=actor)

    def restrict_where(self, where: Where, *, reason: str, actor: ActorId) -> Reach:
        """Restrict the processing of a set (Article 18)."""
        return gathering.restrict(self._room, where, reason=reason, actor=actor, on=True)

    def release_where(self, where: Where, *, reason: str, actor: ActorId) -> Reach:
        """Lift the restriction of a set."""
        return gathering.restrict(self._room, where, reason=reason, actor=actor, on=False)

    def set_due_where(
        self, where: Where, trigger_on: date | None, due: date | None, *, trigger: str, actor: ActorId
    ) -> Reach:
        """Set the date of the trigger and the due date of a set; sealed again where the due year changes."""
        return gathering.set_due(self._room, where, trigger_on, due, trigger=trigger, actor=actor)
