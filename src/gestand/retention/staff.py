"""The names of staff as a custodian: when the period after they left is over, the ledger's id names nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from gestand.kernel.ids import ActorId
from gestand.law.periods import CountsFrom, Period, keeping
from gestand.retention.model import Due
from gestand.staff.service import Staff
from gestand.statement.policy import Trigger
from gestand.vault.model import Statements

KEPT = Period.parse("2 years")
"""After they left, where the statement has no shelf for it: as long as someone may ask who did what, and not longer."""
SHELF = "staff"


class StaffCustodian:
    """Lets retention drive the list of who acted."""

    name = "staff"

    def __init__(self, staff: Staff, statements: Statements) -> None:
        self._staff = staff
        self._statements = statements

    def due(self, on: date) -> Iterator[Due]:
        """Yield whose period after leaving is over on ``on``, oldest first."""
        gone = sorted(self._staff.left_before(on), key=lambda found: found[1])
        if not gone:
            return
        shelf, period, counts_from = self._shelf()
        for person, left in gone:
            since = keeping(left, period, counts_from).erase_from
            if since <= on:
                yield Due(person, shelf, since, trigger_on=left)

    def _shelf(self) -> tuple[str, Period, CountsFrom]:
        """Return the shelf of the statement in force that begins when staff leave, with its period."""
        for name, shelf in self._statements.in_force().policy.shelves.items():
            if shelf.trigger is Trigger.STAFF_LEFT:
                return name, shelf.period, shelf.counts_from
        return SHELF, KEPT, "event"

    def erase(self, keys: Sequence[str], *, ground: str, actor: ActorId) -> int:
        """Remove these names; return how many are still there."""
        return self._staff.forget(keys, ground=ground, actor=actor)

    def move(self, due: Sequence[Due], *, actor: ActorId) -> None:  # noqa: ARG002 - of the protocol
        """Move nothing: what is due here leaves."""
        assert not due

    def count(self) -> int:
        """Return how many people are listed."""
        return len(self._staff.people())
