"""What the office remembers of what it worked out, in memory alone: the last proof, and openings counted week by week."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import date, timedelta

from gestand.doors.running.counting import Stock
from gestand.evidence.model import ProofRun
from gestand.evidence.service import prove
from gestand.kernel.clock import local_date
from gestand.system import System

LOOKED_BACK = 20_000
"""Entries of the ledger that are read to begin with; after that only what is new."""
WEEKS = 12


class Memory:
    """The last proof and the tally of openings of one organisation."""

    def __init__(self, house: System) -> None:
        self._house = house
        self._turn = threading.Lock()
        self._next = -1
        self._weeks: Counter[date] = Counter()
        self.stock = Stock(house)
        self.proof: ProofRun | None = None

    def prove(self) -> ProofRun:
        """Run every control, and remember the verdicts."""
        from gestand.doors.house import world_of

        self.proof = prove(world_of(self._house))
        return self.proof

    def openings(self, today: date) -> list[tuple[date, int]]:
        """Return how many data were opened in each of the last weeks, by its Monday."""
        with self._turn:
            size = self._house.ledger.head().size
            if self._next < 0:
                self._next = max(0, size - LOOKED_BACK)
            for entry in self._house.ledger.entries(self._next):
                if entry.event.name == "data.opened":
                    count = entry.event.facts.get("items")
                    on = local_date(entry.event.at)
                    self._weeks[on - timedelta(days=on.weekday())] += count if isinstance(count, int) else 0
                self._next = entry.index + 1
        monday = today - timedelta(days=today.weekday())
        weeks = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
        return [(week, self._weeks[week]) for week in weeks]
