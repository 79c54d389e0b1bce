"""Work that the program cannot do itself: a system out of reach from which something must leave. Each task has its last day.

A task that is past its day breaks the promise of keeping no longer than said, like a datum past its time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, new_id
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.storage.engine import Engine

MIGRATIONS = (
    """CREATE TABLE retention_task (
        id TEXT PRIMARY KEY, system TEXT NOT NULL, what TEXT NOT NULL, due TEXT NOT NULL, opened_on TEXT NOT NULL,
        done_on TEXT NOT NULL, done_by TEXT NOT NULL, evidence TEXT NOT NULL)""",
)
INSERT = "INSERT INTO retention_task (id, system, what, due, opened_on, done_on, done_by, evidence) VALUES (?,?,?,?,?,'','','')"
ONE = "SELECT id, system, what, due, opened_on, done_on, done_by, evidence FROM retention_task WHERE id = ?"
ALL = "SELECT id, system, what, due, opened_on, done_on, done_by, evidence FROM retention_task ORDER BY due, id"
UNDONE = "SELECT id, system, what, due, opened_on, done_on, done_by, evidence FROM retention_task WHERE done_on = '' ORDER BY due, id"
OPEN_ALIKE = "SELECT id FROM retention_task WHERE system = ? AND what = ? AND done_on = ''"
DONE = "UPDATE retention_task SET done_on = ?, done_by = ?, evidence = ? WHERE id = ?"
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Task:
    """Something a person must remove elsewhere, and by when. ``done_on`` None: it is open."""

    id: str
    system: str
    what: str
    due: date
    opened_on: date
    done_on: date | None
    done_by: str
    evidence: str

    def late(self, today: date) -> bool:
        """Say whether its last day is over and it is not done."""
        return self.done_on is None and self.due < today


class Tasks:
    """The list of work elsewhere. Words name systems and kinds of data, never people."""

    def __init__(self, engine: Engine, ledger: Ledger, clock: Clock, entropy: Entropy) -> None:
        engine.migrate("retention-tasks", MIGRATIONS)
        self._engine = engine
        self._ledger = ledger
        self._clock = clock
        self._entropy = entropy

    def open(self, system: str, what: str, due: date, *, actor: ActorId) -> Task:
        """Open a task; the same one that is open already is returned as it is.

        :raises UsageError: if a word is missing, too long, or holds an e-mail address.
        """
        for name, text in (("system", system), ("what", what)):
            if not text.strip() or len(text) > LONGEST or "@" in text:
                raise UsageError(
                    "task-words", f"'{name}' must say in at most {LONGEST} signs what it is, and name nobody", where=f"--{name}",
                    remedy="Name the system and the kind of data: 'paper folder 2019', 'quotes'.",
                )  # fmt: skip
        alike = self._engine.execute(OPEN_ALIKE, (system.strip(), what.strip()))
        if alike:
            return self.one(str(alike[0][0]))
        task = new_id("task", self._entropy)
        now = self._clock()
        with self._engine.transaction():
            row = (task, system.strip(), what.strip(), due.isoformat(), local_date(now).isoformat())
            self._engine.execute(INSERT, row)
            self._ledger.stage(
                Event("retention.task", now, actor, {"task": task, "due": due.isoformat(), "state": "open"})
            )
        return self.one(task)

    def done(self, task_id: str, evidence: str, *, actor: ActorId) -> Task:
        """Record that a person did it, and what shows that.

        :raises UsageError: if there is no such task or no evidence. :raises RefusedError: if it was done before.
        """
        task = self.one(task_id)
        if task.done_on is not None:
            raise RefusedError("task-done", f"it was done on {task.done_on}", where=task_id, remedy="Open a new one.")
        if not evidence.strip() or len(evidence) > LONGEST:
            raise UsageError(
                "task-evidence", "say what shows that it was done", where="--evidence", remedy="'shredded, slip 12'."
            )
        now = self._clock()
        with self._engine.transaction():
            self._engine.execute(DONE, (local_date(now).isoformat(), str(actor), evidence.strip(), task_id))
            facts = {"task": task_id, "due": task.due.isoformat(), "state": "done"}
            self._ledger.stage(Event("retention.task", now, actor, dict(facts)))
        return self.one(task_id)

    def one(self, task_id: str) -> Task:
        """Return a task.

        :raises UsageError: if there is none with this id.
        """
        rows = self._engine.execute(ONE, (task_id,))
        if not rows:
            raise UsageError("task-unknown", f"there is no task '{task_id}'", remedy="See 'gestand retention tasks'.")
        return _task(rows[0])

    def all(self) -> Iterator[Task]:
        """Yield every task, in the order of their last days."""
        return (_task(row) for row in self._engine.execute(ALL))

    def undone(self) -> Iterator[Task]:
        """Yield the tasks that are not done, in the order of their last days."""
        return (_task(row) for row in self._engine.execute(UNDONE))

    def late(self, today: date) -> tuple[Task, ...]:
        """Return the tasks whose last day is over."""
        return tuple(task for task in self.undone() if task.late(today))


def _task(row: tuple[object, ...]) -> Task:
    name, system, what, due, opened, done, by, evidence = map(str, row)
    return Task(
        name, system, what, date.fromisoformat(due), date.fromisoformat(opened), date.fromisoformat(done) if done else None, by,
        evidence,
    )  # fmt: skip
