"""The SQL of jobs over several systems: a plan for each source, how far it is, and what a person said of the doubtful.

Rows hold no personal data: counts, keyed digests, states. A job that was killed goes on from what stands here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gestand.sources.model import Act, Judged, PlannedRows, Retained, SourcePlan
from gestand.storage.engine import Engine, Row

MIGRATIONS = (
    """CREATE TABLE source_step (
        job TEXT NOT NULL, source TEXT NOT NULL, place INTEGER NOT NULL, state TEXT NOT NULL, digest TEXT NOT NULL,
        actionable INTEGER NOT NULL, removed INTEGER NOT NULL, planned TEXT NOT NULL, PRIMARY KEY (job, source))""",
    """CREATE TABLE source_judgement (
        job TEXT NOT NULL, trace TEXT NOT NULL, yes INTEGER NOT NULL, PRIMARY KEY (job, trace))""",
    """CREATE TABLE source_gone (
        job TEXT NOT NULL, source TEXT NOT NULL, mark TEXT NOT NULL, gone INTEGER NOT NULL, PRIMARY KEY (job, source, mark))""",
    "ALTER TABLE source_gone ADD COLUMN since TEXT NOT NULL DEFAULT ''",
    "UPDATE source_gone SET since = '' || CURRENT_DATE WHERE gone = 1",  # no day was kept: their period begins now
)
FORGET_STEPS = "DELETE FROM source_step WHERE job = ?"
FORGET_JUDGEMENTS = "DELETE FROM source_judgement WHERE job = ?"
FORGET_MARKS = "DELETE FROM source_gone WHERE job = ?"
FORGET_EXPECTED = "DELETE FROM source_gone WHERE job = ? AND gone = 0"
INSERT_MARK = (
    "INSERT INTO source_gone (job, source, mark, gone) VALUES (?,?,?,0) ON CONFLICT (job, source, mark) DO NOTHING"
)
SET_GONE = "UPDATE source_gone SET gone = 1, since = ? WHERE job = ? AND source = ? AND gone = 0"
GONE_SINCE = "SELECT job, MAX(since) FROM source_gone WHERE gone = 1 GROUP BY job ORDER BY 2, 1"
GONE = "SELECT mark FROM source_gone WHERE source = ? AND gone = 1 ORDER BY mark"
FORGET_JUDGEMENT = "DELETE FROM source_judgement WHERE job = ? AND trace = ?"
INSERT_STEP = (
    "INSERT INTO source_step (job, source, place, state, digest, actionable, removed, planned) VALUES (?,?,?,?,?,?,?,?)"
)
SET_STATE = "UPDATE source_step SET state = ?, removed = ? WHERE job = ? AND source = ?"
STEPS = "SELECT source, state, digest, actionable, removed, planned FROM source_step WHERE job = ? ORDER BY place"
INSERT_JUDGEMENT = "INSERT INTO source_judgement (job, trace, yes) VALUES (?,?,?)"
JUDGEMENTS = "SELECT trace, yes FROM source_judgement WHERE job = ? ORDER BY trace"


class StepState(StrEnum):
    """How far a step is. ``begun``: its transaction may have been carried out; the source itself tells."""

    PLANNED = "planned"
    BEGUN = "begun"
    DONE = "done"
    SEARCHED = "searched"


@dataclass(frozen=True, slots=True)
class Step:
    """One source of a job: its plan in numbers, the digest that binds it, and how far it is."""

    source: str
    state: StepState
    digest: str
    actionable: int
    removed: int
    rows: tuple[PlannedRows, ...]

    @property
    def retained(self) -> tuple[Retained, ...]:
        """What stays, with its reason."""
        return tuple(Retained(row.place, row.rows, row.ground, row.until) for row in self.rows if row.act is Act.KEEP)


class Jobs:
    """Jobs as rows."""

    def __init__(self, engine: Engine) -> None:
        engine.migrate("sources", MIGRATIONS)
        self._engine = engine

    def write(self, job: str, plans: Sequence[SourcePlan]) -> None:
        """Replace the plan of a job."""
        with self._engine.transaction():
            self._engine.execute(FORGET_STEPS, (job,))
            for place, plan in enumerate(plans):
                rows = json.dumps(
                    [[r.place, str(r.act), r.rows, list(r.columns), r.ground, r.until] for r in plan.rows]
                )
                state = str(StepState.PLANNED)
                self._engine.execute(
                    INSERT_STEP, (job, plan.source, place, state, plan.digest, plan.actionable, 0, rows)
                )

    def steps(self, job: str) -> tuple[Step, ...]:
        """Return the steps of a job in their order; none where nothing was planned."""
        return tuple(_step(row) for row in self._engine.execute(STEPS, (job,)))

    def reach(self, job: str, source: str, state: StepState, removed: int) -> None:
        """Write how far a step is."""
        self._engine.execute(SET_STATE, (str(state), removed, job, source))

    def expect(self, job: str, marks: Sequence[tuple[str, str]]) -> None:
        """Replace what an erasure is expected to remove: source, and the mark of a row."""
        with self._engine.transaction():
            self._engine.execute(FORGET_EXPECTED, (job,))
            for source, mark in dict.fromkeys(marks):
                self._engine.execute(INSERT_MARK, (job, source, mark))

    def gone(self, job: str, source: str, on: date) -> None:
        """Write that what was expected in a source is gone since a day; it is known again even if the rest is planned anew."""
        self._engine.execute(SET_GONE, (on.isoformat(), job, source))

    def gone_since(self) -> Mapping[str, date]:
        """Return the jobs by which something is known again, each with the day on which the last of it left."""
        return {str(job): date.fromisoformat(str(since)) for job, since in self._engine.execute(GONE_SINCE)}

    def marks(self, source: str) -> tuple[str, ...]:
        """Return the marks of what was erased in a source and must stay away."""
        return tuple(str(mark) for (mark,) in self._engine.execute(GONE, (source,)))

    def judge(self, job: str, trace: str, *, yes: bool) -> None:
        """Write what a person said of a doubtful trace."""
        with self._engine.transaction():
            self._engine.execute(FORGET_JUDGEMENT, (job, trace))
            self._engine.execute(INSERT_JUDGEMENT, (job, trace, int(yes)))

    def judged(self, job: str) -> Judged:
        """Return what was said of the doubtful traces of a job."""
        said = self._engine.execute(JUDGEMENTS, (job,))
        return Judged(frozenset(str(t) for t, yes in said if yes), frozenset(str(t) for t, yes in said if not yes))

    def forget(self, job: str) -> None:
        """Remove a job, what was said in it, and the marks of what it erased."""
        with self._engine.transaction():
            self.leave(job)
            self._engine.execute(FORGET_MARKS, (job,))

    def leave(self, job: str) -> None:
        """Remove a job and what was said in it. The marks of what it erased stay: that must stay away."""
        with self._engine.transaction():
            self._engine.execute(FORGET_STEPS, (job,))
            self._engine.execute(FORGET_JUDGEMENTS, (job,))
            self._engine.execute(FORGET_EXPECTED, (job,))


def _step(row: Row) -> Step:
    source, state, digest, actionable, removed, planned = row
    rows = tuple(
        PlannedRows(place, Act(act), number, tuple(columns), ground, until)
        for place, act, number, columns, ground, until in json.loads(str(planned))
    )
    return Step(str(source), StepState(str(state)), str(digest), int(actionable or 0), int(removed or 0), rows)
