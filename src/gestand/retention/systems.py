"""Other systems as one custodian: their rows leave when the period of the shelf that their table names is over.

A system that cannot be reached is left out of a plan: a run asks a person to see to it, and the next run tries again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.ids import ActorId
from gestand.retention.model import Due
from gestand.sources.service import Sources


class SystemsCustodian:
    """Lets retention drive the rows of other systems."""

    name = "sources"

    def __init__(self, sources: Sources, clock: Clock) -> None:
        self._upkeep = sources.upkeep
        self.away: tuple[str, ...] = ()
        self._clock: Callable[[], date] = lambda: local_date(clock())

    def due(self, on: date) -> Iterator[Due]:
        """Yield rows whose period is over on ``on``; one that others still refer to stays until they leave."""
        found = self._upkeep.due(on)
        self.away = tuple(str(search.source) for search in found.away)
        for row in found.rows:
            yield Due(row.key, row.shelf, row.gone_from, trigger_on=row.counted_from, hold=row.hold)

    def erase(self, keys: Sequence[str], *, ground: str, actor: ActorId) -> int:
        """Erase these rows; return how many a renewed search still finds."""
        return self._upkeep.erase_due(keys, self._clock(), ground=ground, actor=actor)

    def move(self, due: Sequence[Due], *, actor: ActorId) -> None:  # noqa: ARG002 - of the protocol
        """Move nothing: a table names the shelf its rows leave from (``source-shelf-moves``)."""
        assert not due

    def count(self) -> int:
        """Return how many rows are overdue: what a system holds beside them is counted by 'gestand source scan'."""
        return len(self._upkeep.due(self._clock()).rows)
