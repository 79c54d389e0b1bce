"""A source that is frozen: until it is released nothing is read from it or written to it, for it may be part of a breach.

A search says that it was not asked, so no request is answered and nothing is erased as though it had been.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Never

from gestand.kernel.errors import Problem, RefusedError
from gestand.sources.model import (
    NOBODY_SAID,
    Corrected,
    Correction,
    Found,
    Judged,
    Known,
    Person,
    Removal,
    Source,
    SourceName,
    SourcePlan,
    Trace,
)
from gestand.storage.engine import Engine

MIGRATIONS = (
    """CREATE TABLE source_frozen (source TEXT NOT NULL PRIMARY KEY, reason TEXT NOT NULL, at TEXT NOT NULL)""",
)
FREEZE = (
    "INSERT INTO source_frozen (source, reason, at) VALUES (?,?,?) ON CONFLICT (source) DO NOTHING RETURNING source"
)
RELEASE = "DELETE FROM source_frozen WHERE source = ? RETURNING source"
FROZEN = "SELECT source, reason, at FROM source_frozen ORDER BY source"


@dataclass(frozen=True, slots=True)
class Frozen:
    """A source that is not used, why, and since when."""

    source: str
    reason: str
    at: datetime


class Freezer:
    """Which sources are frozen, as rows."""

    def __init__(self, engine: Engine) -> None:
        engine.migrate("sources.frozen", MIGRATIONS)
        self._engine = engine

    def freeze(self, source: str, reason: str, at: datetime) -> bool:
        """Note that a source is not used from now on; a source that is frozen already stays as it is: False."""
        return bool(self._engine.execute(FREEZE, (source, reason, at.isoformat())))

    def release(self, source: str) -> bool:
        """Note that a source is used again; False if it was not frozen."""
        return bool(self._engine.execute(RELEASE, (source,)))

    def all(self) -> dict[str, Frozen]:
        """Return what is frozen, by name."""
        return {
            str(source): Frozen(str(source), str(reason), datetime.fromisoformat(str(at)))
            for source, reason, at in self._engine.execute(FROZEN)
        }


class FrozenSource:
    """Stands in the place of a source that is frozen, and refuses whatever it is asked."""

    def __init__(self, source: Source, frozen: Frozen) -> None:
        self._source = source
        self._frozen = frozen

    @property
    def name(self) -> SourceName:
        """Its name."""
        return self._source.name

    @property
    def whole(self) -> bool:
        """Say whether an erasure of it is one transaction."""
        return self._source.whole

    def _refuse(self) -> Never:
        raise RefusedError(
            "source-frozen",
            f"the source {self.name} is frozen since {self._frozen.at:%Y-%m-%d %H:%M} UTC: {self._frozen.reason}",
            where=f"sources/{self.name}.toml",
            remedy="Release it when it is safe: 'gestand breach contain BREACH --reopen --target NAME'.",
        )

    def test(self) -> tuple[Problem, ...]:
        """Say that it is frozen, without a connection."""
        return (
            Problem(
                f"sources/{self.name}.toml", 0, "source-frozen", f"it is frozen: {self._frozen.reason}",
                "Release it when it is safe.",
            ),
        )  # fmt: skip

    def find(self, people: Mapping[Person, Sequence[Known]], *, judged: Judged = NOBODY_SAID) -> Mapping[Person, Found]:  # noqa: ARG002 - refused whatever is asked
        """Refuse. :raises RefusedError: ``source-frozen``; so do all the others."""
        self._refuse()

    def export(self, traces: Iterable[Trace]) -> Never:  # noqa: ARG002 - refused whatever is asked
        """Refuse."""
        self._refuse()

    def plan(self, traces: Sequence[Trace], *, known: Sequence[Known] = (), rehearse: bool = True) -> SourcePlan:  # noqa: ARG002 - refused whatever is asked
        """Refuse."""
        self._refuse()

    def erase(self, plan: SourcePlan) -> Removal:  # noqa: ARG002 - refused whatever is asked
        """Refuse."""
        self._refuse()

    def rectify(self, traces: Sequence[Trace], corrections: Sequence[Correction], *, note: str) -> Corrected:  # noqa: ARG002 - refused whatever is asked
        """Refuse."""
        self._refuse()

    def restrict(self, traces: Sequence[Trace], *, restricted: bool) -> int:  # noqa: ARG002 - refused whatever is asked
        """Refuse."""
        self._refuse()

    def count(self) -> int:
        """Refuse."""
        self._refuse()
