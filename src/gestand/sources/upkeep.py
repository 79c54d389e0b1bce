"""What is done to other systems between requests: looked at, rid of what is over, retired; each with its entry in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from gestand.kernel.clock import Clock
from gestand.kernel.errors import GestandError, UsageError
from gestand.kernel.ids import ActorId
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.sources.ageing import Aged, AgedRow, Ageing, source_of
from gestand.sources.jobs import Jobs
from gestand.sources.load import SourceFile
from gestand.sources.looking import Looked, Returning
from gestand.sources.model import Search, Source
from gestand.sources.telling import Heard, hear


class Upkeep:
    """Acts on every source of an organisation; ``files``: those that are declared, ``built``: all of them by name."""

    def __init__(
        self,
        files: Callable[[], tuple[SourceFile, ...]],
        built: Callable[[], Mapping[str, Source]],
        jobs: Jobs,
        ledger: Ledger,
        clock: Clock,
    ) -> None:
        self._files = files
        self._all = built
        self._jobs = jobs
        self._ledger = ledger
        self._clock = clock

    def due(self, on: date) -> Aged:
        """Return the rows of other systems whose period is over on ``on``; nothing is changed or recorded."""
        rows: list[AgedRow] = []
        away: list[Search] = []
        for name, source in self._all().items():
            if isinstance(source, Ageing):
                try:
                    rows += source.due(on)
                except GestandError as fault:
                    away.append(Search(name, "", (), self._clock(), 0, fault.message))
        return Aged(tuple(sorted(rows, key=lambda row: (row.gone_from, row.key))), tuple(away))

    def erase_due(self, keys: Sequence[str], on: date, *, ground: str, actor: ActorId) -> int:
        """Remove those rows that are still due, one transaction for each system; return how many are still found.

        Killed on the way, what was not reached is due again.

        :raises GestandError: as an erasure; systems before the one that raises are done.
        """
        left = 0
        by_source: dict[str, list[str]] = {}
        for key in keys:
            by_source.setdefault(source_of(key), []).append(key)
        for name, some in by_source.items():
            source = self._all()[name]
            assert isinstance(source, Ageing)
            begun: dict[str, Fact] = {"source": name, "rows": len(some), "ground": ground}
            self._ledger.append(Event("source.due", self._clock(), actor, begun))
            done = source.erase_due(some, on)
            found = {row.key for row in source.due(on) if not row.hold}
            still = sum(key in found for key in some)
            facts: dict[str, Fact] = {"source": name, "removed": done, "found": still}
            self._ledger.append(Event("source.expired", self._clock(), actor, facts))
            left += still
        return left

    def hear(self) -> Heard:
        """Return what other systems say happened to dossiers; nothing is changed or recorded."""
        return hear(self._all().values())

    def look(self, names: Sequence[str] = (), *, actor: ActorId) -> tuple[Looked, ...]:
        """Test each declared source and look whether anything of who was erased there is back; record what was seen."""
        seen = []
        for file in self._files():
            if names and file.name not in names:
                continue
            source = self._all()[file.name]
            problems = source.test()
            back: int | None = None
            blind: tuple[str, ...] = ()
            if not problems and isinstance(source, Returning):
                back, blind = source.returned(self._jobs.marks(file.name)), source.uncompared()
            looked = Looked(file.name, self._clock(), problems, back, blind)
            facts: dict[str, Fact] = {"source": file.name, "problems": len(problems), "back": back or 0}
            self._ledger.append(Event("source.looked", looked.at, actor, facts))
            seen.append(looked)
        return tuple(seen)

    def retire(self, name: str, *, reason: str, actor: ActorId) -> None:
        """Record that a system is no longer there or no longer holds personal data; its file must be gone.

        :raises UsageError: ``source-declared`` while it is declared; ``reason`` without one.
        """
        if not reason.strip():
            raise UsageError("reason", "no reason is given", where="--reason", remedy="Say what became of the system.")
        if name in self._all():
            raise UsageError(
                "source-declared",
                f"'{name}' is declared still",
                where=f"sources/{name}.toml",
                remedy="Remove its file first, if nothing of anybody is in the system any more.",
            )
        self._ledger.append(Event("source.retired", self._clock(), actor, {"source": name, "reason": reason}))
