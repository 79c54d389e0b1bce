"""Erasures over several systems: planned, carried out source by source, searched again. Killed at any moment it goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Protocol

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.errors import DamagedError, RefusedError
from gestand.kernel.ids import ActorId
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.sources.jobs import Jobs, Step, StepState
from gestand.sources.looking import Returning
from gestand.sources.model import (
    Found,
    Judged,
    Known,
    Removal,
    Source,
    SourcePlan,
    Trace,
)
from gestand.sources.searching import distinct, refuse_unsearched, searched_whole
from gestand.storage.engine import Engine


class Find(Protocol):
    """Searches every source for one person."""

    def __call__(self, known: Sequence[Known], *, judged: Judged = ...) -> Found:
        """Search."""
        ...


class Plan(Protocol):
    """Plans the erasure of what was found."""

    def __call__(self, found: Found, known: Sequence[Known], *, rehearse: bool = ...) -> tuple[SourcePlan, ...]:
        """Plan."""
        ...


class Erasures:
    """Jobs over every source of an organisation: one transaction for each system. ``built``: all sources by name."""

    def __init__(
        self,
        *,
        find: Find,
        plan: Plan,
        built: Callable[[], Mapping[str, Source]],
        jobs: Jobs,
        engine: Engine,
        ledger: Ledger,
        clock: Clock,
        failpoint: Callable[[str], None],
    ) -> None:
        self._find = find
        self._plan = plan
        self._all = built
        self._jobs = jobs
        self._engine = engine
        self._ledger = ledger
        self._clock = clock
        self._failpoint = failpoint

    def plan(self, job: str, known: Sequence[Known], *, actor: ActorId) -> tuple[Found, tuple[SourcePlan, ...]]:
        """Search and plan, and record the plan under a job; ``judged`` in it counts. Nothing is changed elsewhere."""
        found = self._find(known, judged=self._jobs.judged(job))
        plans = self._plan(found, known)
        marks = self._marks(plans)
        with self._engine.transaction():
            self._jobs.write(job, plans)
            self._jobs.expect(job, marks)
            for plan in plans:
                facts: dict[str, Fact] = {
                    "job": job,
                    "source": plan.source,
                    "rows": plan.actionable,
                    "kept": plan.kept,
                    "digest": plan.digest,
                }
                self._ledger.stage(Event("source.planned", self._clock(), actor, facts))
        return found, plans

    def steps(self, job: str) -> tuple[Step, ...]:
        """Return how far a job is, source by source."""
        return self._jobs.steps(job)

    def judged(self, job: str) -> Judged:
        """Return what a person said of doubtful traces in a job."""
        return self._jobs.judged(job)

    def judge(self, job: str, traces: Sequence[str], *, yes: bool, actor: ActorId) -> None:
        """Record that doubtful traces are of the person, or of someone else; only a person says so."""
        with self._engine.transaction():
            for trace in traces:
                self._jobs.judge(job, trace, yes=yes)
            facts: dict[str, Fact] = {"job": job, "traces": len(traces), "outcome": "yes" if yes else "no"}
            self._ledger.stage(Event("source.judged", self._clock(), actor, facts))

    def carry_out(self, job: str, known: Sequence[Known], *, actor: ActorId) -> tuple[Removal, ...]:
        """Erase as planned, source by source, then search again. Killed on the way, the same call goes on.

        :raises RefusedError: ``source-changed``, ``source-conflict``, ``source-doubtful``.
        :raises GestandError: ``source-unsearched``. :raises DamagedError: ``erasure-incomplete`` if anything is found.
        """
        steps = self._jobs.steps(job)
        if all(step.state is StepState.SEARCHED for step in steps) and {s.source for s in steps} == set(self._all()):
            return tuple(Removal(step.source, step.removed, step.retained) for step in steps)
        self._refuse_undeclared(steps)
        found = self._find(known, judged=self._jobs.judged(job))
        refuse_unsearched(found)
        everything = distinct((*known, *found.learned))
        for step in steps:
            if step.state in {StepState.PLANNED, StepState.BEGUN}:
                self._do(job, step, [t for t in found.traces if t.source == step.source], everything, actor)
        self._search_again(job, everything, actor)
        return tuple(Removal(step.source, step.removed, step.retained) for step in self._jobs.steps(job))

    def _refuse_undeclared(self, steps: Sequence[Step]) -> None:
        if {step.source for step in steps} != set(self._all()):
            raise RefusedError(
                "source-changed",
                "sources were added or removed since the plan was made",
                where="sources/",
                remedy="Make the plan again.",
            )

    def _do(self, job: str, step: Step, traces: Sequence[Trace], known: Sequence[Known], actor: ActorId) -> None:
        source = self._all()[step.source]
        plan = source.plan(traces, known=known, rehearse=False)
        if plan.doubtful:
            raise RefusedError(
                "source-doubtful",
                f"of {plan.doubtful} places it is doubtful whether they are of this person",
                where=step.source,
                remedy="Look at them with 'gestand request find', and say yes or no of each (--yes, --no).",
            )
        removed = step.actionable
        killed_before_it_was_written = step.state is StepState.BEGUN and plan.actionable == 0
        if not killed_before_it_was_written:
            goes_on = step.state is StepState.BEGUN and not source.whole and plan.actionable <= step.actionable
            if plan.digest != step.digest and not goes_on:
                raise RefusedError(
                    "source-changed",
                    "what is held there is not what was planned",
                    where=step.source,
                    remedy="Make the plan again, and read what changed.",
                )
            self._jobs.reach(job, step.source, StepState.BEGUN, 0)
            self._failpoint(f"{step.source}.begun")
            removed = step.actionable - plan.actionable + source.erase(plan).removed
            self._failpoint(f"{step.source}.erased")
        with self._engine.transaction():
            self._jobs.reach(job, step.source, StepState.DONE, removed)
            self._jobs.gone(job, step.source, local_date(self._clock()))
            kept = sum(one.rows for one in step.retained)
            facts: dict[str, Fact] = {
                "job": job,
                "source": step.source,
                "removed": removed,
                "retained": kept,
                "digest": step.digest,
            }
            self._ledger.stage(Event("source.erased", self._clock(), actor, facts))
        self._failpoint(f"{step.source}.done")

    def _search_again(self, job: str, known: Sequence[Known], actor: ActorId) -> None:
        found = self._find(known, judged=self._jobs.judged(job))
        plans = self._plan(found, known, rehearse=False)
        left = sum(plan.actionable for plan in plans)
        if left:
            raise DamagedError(
                "erasure-incomplete",
                f"{left} rows were still found in other systems after erasing",
                where=", ".join(plan.source for plan in plans if plan.actionable),
                remedy="Plan the request again and carry it out; look who writes there meanwhile.",
            )
        self._failpoint("searched")
        with self._engine.transaction():
            for step in self._jobs.steps(job):
                self._jobs.reach(job, step.source, StepState.SEARCHED, step.removed)
            facts: dict[str, Fact] = {
                "job": job,
                "found": 0,
                "retained": sum(plan.kept for plan in plans),
                "sources": searched_whole(found),
            }
            self._ledger.stage(Event("source.searched", self._clock(), actor, facts))

    def _marks(self, plans: Sequence[SourcePlan]) -> list[tuple[str, str]]:
        able = {name: source for name, source in self._all().items() if isinstance(source, Returning)}
        return [(plan.source, mark) for plan in plans if plan.source in able for mark in able[plan.source].marks(plan)]

    def leave(self, job: str) -> None:
        """Remove a job that is done or was given up; what it erased is known again if it comes back."""
        self._jobs.leave(job)

    def known_again(self) -> Mapping[str, date]:
        """Return the jobs by which what was erased is known again, each with the day on which the last of it left."""
        return self._jobs.gone_since()

    def forget(self, job: str) -> None:
        """Remove a job, and by what that which it erased is known again."""
        self._jobs.forget(job)
