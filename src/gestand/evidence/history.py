"""Verdicts over time: which promise was broken, from when to when, and how it was mended.

A run that finds another verdict on a control than the run before adds a change; when a promise breaks or is mended, that is an
entry in the ledger of its own. How it was mended a person says, in their own words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from gestand.evidence.model import ControlResult, Finding
from gestand.kernel.clock import Clock
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import SYSTEM
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.storage.engine import Engine

MIGRATIONS = (
    """CREATE TABLE promise_change (
        control TEXT NOT NULL, number INTEGER NOT NULL, at TEXT NOT NULL, was TEXT NOT NULL, now TEXT NOT NULL,
        why_nl TEXT NOT NULL, why_en TEXT NOT NULL, clauses TEXT NOT NULL, mended_by TEXT NOT NULL,
        PRIMARY KEY (control, number))""",
)
LAST = "SELECT number, now FROM promise_change WHERE control = ? ORDER BY number DESC LIMIT 1"
INSERT = "INSERT INTO promise_change (control, number, at, was, now, why_nl, why_en, clauses, mended_by) VALUES (?,?,?,?,?,?,?,?,'')"
ALL = (
    "SELECT control, at, was, now, why_nl, why_en, clauses, mended_by FROM promise_change ORDER BY at, control, number"
)
MENDED = "UPDATE promise_change SET mended_by = ? WHERE control = ? AND number = ?"
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Breach:
    """A stretch of time in which a promise was broken. ``until`` None: it still is. ``mended_by``: how, in a person's words."""

    control: str
    clauses: tuple[str, ...]
    since: datetime
    until: datetime | None
    why_nl: str
    why_en: str
    mended_by: str


class History:
    """The changes of every control's verdict."""

    def __init__(self, engine: Engine, ledger: Ledger, clock: Clock) -> None:
        engine.migrate("promises", MIGRATIONS)
        self._engine = engine
        self._ledger = ledger
        self._clock = clock

    def take(self, results: Mapping[str, ControlResult], clauses: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        """Compare a run with what was last known, keep what changed, and return the controls that broke or were mended.

        ``clauses``: the clauses that rest on each control.
        """
        now = self._clock()
        turned: list[str] = []
        with self._engine.transaction():
            for name, result in results.items():
                if result.awaited:
                    continue
                number, before = self._last(name)
                found = result.verdict.finding
                if before is found:
                    continue
                why = result.verdict.why
                row = (
                    name,
                    number + 1,
                    now.isoformat(),
                    str(before),
                    str(found),
                    why.nl,
                    why.en,
                    " ".join(clauses.get(name, ())),
                )
                self._engine.execute(INSERT, row)
                if Finding.BROKEN in {before, found}:
                    event = "promise.broken" if found is Finding.BROKEN else "promise.mended"
                    self._ledger.stage(
                        Event(event, now, SYSTEM, {"control": name, "clauses": len(clauses.get(name, ()))})
                    )
                    turned.append(name)
        return tuple(turned)

    def _last(self, control: str) -> tuple[int, Finding]:
        rows = self._engine.execute(LAST, (control,))
        return (int(str(rows[0][0])), Finding(str(rows[0][1]))) if rows else (0, Finding.UNPROVEN)

    def mended(self, control: str, how: str) -> None:
        """Keep how a promise was mended, in a person's words; beside its last mending.

        :raises UsageError: if the promise was never broken, is still broken, or nothing is said.
        """
        number, now = self._last(control)
        was_broken = any(one.control == control for one in self.breaches())
        if not was_broken or now is Finding.BROKEN:
            state = "is still broken" if now is Finding.BROKEN else "was never found broken"
            raise UsageError(
                "promise-not-mended",
                f"'{control}' {state}",
                remedy="See 'gestand prove --history'; prove again after mending.",
            )
        if not how.strip() or len(how) > LONGEST:
            raise UsageError(
                "promise-words", f"say in 1 to {LONGEST} signs how it was mended", remedy="Give --how TEXT."
            )
        self._engine.execute(MENDED, (how.strip(), control, number))

    def breaches(self) -> tuple[Breach, ...]:
        """Return every stretch of time in which a promise was broken, oldest first."""
        return tuple(_stretches(self._engine.execute(ALL)))


def _stretches(rows: Iterable[tuple[object, ...]]) -> Iterable[Breach]:
    found: list[Breach] = []
    running: dict[str, Breach] = {}
    for row in rows:
        control, at, was, now, nl, en, clauses, mended = map(str, row)
        moment = datetime.fromisoformat(at)
        if now == Finding.BROKEN:
            running[control] = Breach(control, tuple(clauses.split()), moment, None, nl, en, "")
        elif was == Finding.BROKEN and (broken := running.pop(control, None)):
            found.append(Breach(control, broken.clauses, broken.since, moment, broken.why_nl, broken.why_en, mended))
    return sorted([*found, *running.values()], key=lambda one: (one.since, one.control))
