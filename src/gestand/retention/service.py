"""Verbs of leaving: plan what is due, run it, keep the certificate."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

from gestand.kernel.canonical import canonical
from gestand.kernel.clock import Clock, local_date
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError
from gestand.kernel.ids import ActorId, new_id
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.retention.forecast import Forecast, forecast
from gestand.retention.model import Custodian, Discreet, Due, Leaving, Reaching, RetentionPlan, RetentionRun
from gestand.retention.rules import kept_in_groups, plan_retention
from gestand.retention.tasks import Tasks
from gestand.storage.engine import Engine

MIGRATIONS = (
    """CREATE TABLE retention_run (
        id TEXT PRIMARY KEY, at TEXT NOT NULL, on_date TEXT NOT NULL, due INTEGER NOT NULL, erased INTEGER NOT NULL,
        moved INTEGER NOT NULL, staying INTEGER NOT NULL, certificate TEXT NOT NULL)""",
)
INSERT_RUN = (
    "INSERT INTO retention_run (id, at, on_date, due, erased, moved, staying, certificate) VALUES (?,?,?,?,?,?,?,?)"
)
GRACE = timedelta(days=1)
BY_HAND = timedelta(days=7)
"""How long a person has to do what the program could not reach."""
AWAY = "gegevens waarvan de tijd om is: dit systeem was niet bereikbaar (data past their time: out of reach)"
GROUND = "storage limitation, Article 5(1)(e)"
BATCH = 2_000
"""Things erased in one go: each costs commits on stable storage, and keeps others from writing for a tenth of a second."""


class Retention:
    """Drives every custodian; each run is idempotent and, after a break, taken up again by the next one."""

    def __init__(
        self,
        custodians: Sequence[Custodian],
        engine: Engine,
        ledger: Ledger,
        clock: Clock,
        entropy: Entropy,
        *,
        tasks: Tasks | None = None,
    ) -> None:
        engine.migrate("retention", MIGRATIONS)
        self._tasks = tasks
        self._custodians = {custodian.name: custodian for custodian in custodians}
        self._engine = engine
        self._ledger = ledger
        self._clock = clock
        self._entropy = entropy

    @property
    def custodians(self) -> tuple[str, ...]:
        """The names of the rooms whose things leave by it."""
        return tuple(self._custodians)

    def plan(self, on: date | None = None, *, at_most: int | None = None) -> RetentionPlan:
        """Return what is due on ``on`` (today), judged; nothing changes.

        ``at_most``: judge no more than so many things of each custodian, the first that it names: for a page.
        """
        day = on or local_date(self._clock())
        due = {name: islice(custodian.due(day), at_most) for name, custodian in self._custodians.items()}
        return plan_retention(day, due)

    def forecast(self, until: date, on: date | None = None) -> Forecast:
        """Return what leaves until a day, counted by month; nothing changes. What must stay secret is not counted."""
        day = on or local_date(self._clock())
        return forecast(day, until, {name: _foreseen(custodian, until) for name, custodian in self._custodians.items()})

    def drift(self, on: date | None = None) -> dict[str, int]:
        """Return for each custodian how many things it holds longer than promised, legal holds and restrictions apart. The alarm."""
        day = on or local_date(self._clock())
        found = {}
        for name, custodian in self._custodians.items():
            late = sum(1 for thing in custodian.due(day - GRACE) if not thing.stays(day))
            if late:
                found[name] = late
        return found

    def _ask_a_person(self, on: date, actor: ActorId) -> None:
        """Open a task for every system that could not be asked; one that is open already stays as it is."""
        if self._tasks is None:
            return
        for custodian in self._custodians.values():
            for system in custodian.away if isinstance(custodian, Reaching) else ():
                self._tasks.open(system, AWAY, on + BY_HAND, actor=actor)

    def _erase(self, leaving: Sequence[Leaving], actor: ActorId) -> int:
        """Erase these, and return how many a renewed search still finds."""
        return sum(
            self._custodians[name].erase([one.due.key for one in batch], ground=GROUND, actor=actor)
            for name, batch in _batches(leaving)
        )

    def run(self, *, actor: ActorId, at_most: int | None = None) -> RetentionRun:
        """Carry out what is due today: move what moves on, erase what leaves, search again, write the certificate.

        A run never looks ahead: what is due tomorrow is tomorrow's. A system out of reach becomes a task for a person, with
        its last day. ``at_most``: erase no more than so many things, the
        longest due first; the next run goes on.

        :raises DamagedError: if a renewed search still finds something that was erased.
        """
        now = self._clock()
        plan = _shortened(self.plan(), at_most)
        for name, batch in _batches(plan.moving):
            self._custodians[name].move([leaving.due for leaving in batch], actor=actor)
        self._ask_a_person(plan.on, actor)
        found = self._erase(plan.leaving, actor)
        for _ in self._custodians if at_most is None else ():  # what hung on people who left leaves with them
            hung = _not_in(self.plan(plan.on).leaving, plan.leaving)
            if not hung:
                break
            found += self._erase(hung, actor)
            plan = replace(plan, leaving=(*plan.leaving, *hung))
        erased = len(plan.leaving)
        if found:
            raise DamagedError(
                "erasure-incomplete",
                f"{found} of {erased} erased data were still found afterwards",
                where="retention run",
                remedy="Run 'gestand retention run' again; if it stays, run 'gestand ledger verify' and restore.",
            )
        before = self._ledger.head().size  # after what was erased is told
        run_id = new_id("run", self._entropy)
        due = len(plan.leaving) + len(plan.moving) + len(plan.staying)
        certificate = certificate_of(run_id, plan)
        with self._engine.transaction():
            self._engine.execute(
                INSERT_RUN,
                (
                    run_id,
                    now.isoformat(),
                    plan.on.isoformat(),
                    due,
                    erased,
                    len(plan.moving),
                    len(plan.staying),
                    certificate,
                ),
            )
            facts: dict[str, Fact] = {
                "run": run_id,
                "due": due,
                "erased": erased,
                "kept": len(plan.staying),
                "certificate": certificate,
            }
            self._ledger.stage(Event("retention.run", now, actor, facts))
        own = (e.index for e in self._ledger.entries(before) if e.event.facts.get("run") == run_id)
        entry = next(own, before)  # a log that cannot take it now does so later
        return RetentionRun(
            run_id, now, plan.on, due, erased, len(plan.moving), plan.staying, found, certificate, entry
        )


def _foreseen(custodian: Custodian, until: date) -> Iterator[Due]:
    return custodian.foreseen(until) if isinstance(custodian, Discreet) else custodian.due(until)


def _not_in(leaving: Sequence[Leaving], before: Sequence[Leaving]) -> tuple[Leaving, ...]:
    known = {(one.custodian, one.due.key) for one in before}
    return tuple(one for one in leaving if (one.custodian, one.due.key) not in known)


def _shortened(plan: RetentionPlan, at_most: int | None) -> RetentionPlan:
    if at_most is None or len(plan.leaving) <= at_most:
        return plan
    return replace(plan, leaving=tuple(sorted(plan.leaving, key=lambda one: one.due.since)[:at_most]))


def certificate_of(run_id: str, plan: RetentionPlan) -> str:
    """Return the certificate's id: the SHA-256 over what left and what stayed, without a single value.

    Whoever holds the plan's keys can compute it again; the ledger entry of the run carries it.
    """
    document = {
        "run": run_id,
        "on": plan.on.isoformat(),
        "erased": sorted(f"{leaving.custodian}:{leaving.due.key}" for leaving in plan.leaving),
        "moved": sorted(f"{leaving.custodian}:{leaving.due.key}" for leaving in plan.moving),
        "kept": [[why, until.isoformat() if until else None, n] for why, until, n in kept_in_groups(plan.staying)],
    }
    return hashlib.sha256(canonical(document)).hexdigest()


def _batches(leaving: Sequence[Leaving]) -> Iterator[tuple[str, list[Leaving]]]:
    by_custodian: defaultdict[str, list[Leaving]] = defaultdict(list)
    for one in leaving:
        by_custodian[one.custodian].append(one)
    for name, all_of_it in by_custodian.items():
        for start in range(0, len(all_of_it), BATCH):
            yield name, all_of_it[start : start + BATCH]
