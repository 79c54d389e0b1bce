"""The names of staff as a custodian: who acts no more is remembered for two years, then the ledger's id names nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from gestand.kernel.ids import ActorId
from gestand.law.periods import Period, add
from gestand.retention.model import Due
from gestand.staff.service import Staff

KEPT = Period.parse("2 years")
"""After they left: as long as someone may ask who did what, and not longer."""
SHELF = "staff"


class StaffCustodian:
    """Lets retention drive the list of who acted."""

    name = "staff"

    def __init__(self, staff: Staff) -> None:
        self._staff = staff

    def due(self, on: date) -> Iterator[Due]:
        """Yield who left two years before ``on``, oldest first."""
        for person, left in sorted(self._staff.left_before(on), key=lambda found: found[1]):
            since = add(left, KEPT)
            if since <= on:
                yield Due(person, SHELF, since, trigger_on=left)

    def erase(self, keys: Sequence[str], *, ground: str, actor: ActorId) -> int:
        """Remove these names; return how many are still there."""
        return self._staff.forget(keys, ground=ground, actor=actor)

    def move(self, due: Sequence[Due], *, actor: ActorId) -> None:  # noqa: ARG002 - of the protocol
        """Move nothing: what is due here leaves."""
        assert not due

    def count(self) -> int:
        """Return how many people are listed."""
        return len(self._staff.people())
