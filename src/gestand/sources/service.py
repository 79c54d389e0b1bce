"""All sources of an organisation together: test, search, plan, erase, correct; each with its entry in the ledger.

A search widens over systems: what one says of a person is looked for in the others, until nothing new is learned. An erasure is a
job of steps, one transaction for each system; killed at any moment it goes on, and it is done when a renewed search finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from gestand.kernel.clock import Clock
from gestand.kernel.errors import DamagedError, GestandError, Problem, RefusedError, UsageError
from gestand.kernel.ids import ActorId
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.reading.mailreader import MailReader
from gestand.sources.building import build
from gestand.sources.freezing import Freezer, Frozen, FrozenSource
from gestand.sources.jobs import Jobs, Step, StepState
from gestand.sources.load import SourceFile
from gestand.sources.looking import Returning
from gestand.sources.model import (
    NOBODY_SAID,
    Confidence,
    Corrected,
    Correction,
    Found,
    Judged,
    Known,
    Person,
    Removal,
    Restrained,
    Search,
    Source,
    SourcePlan,
    Trace,
)
from gestand.sources.place import SourcePlace
from gestand.sources.upkeep import Upkeep
from gestand.statement.policy import FieldKind, Text
from gestand.storage.engine import Engine

ROUNDS = 5
"""How often the sources are asked again because one of them taught something about the person."""
Files = Callable[[], tuple[SourceFile, ...]]
ONE = ""
"""The name of the person in a search for one."""


class Sources:
    """Every source that ``sources/*.toml`` declares. Files are read at the first use."""

    def __init__(
        self,
        files: Files,
        place: Callable[[], SourcePlace],
        engine: Engine,
        ledger: Ledger,
        clock: Clock,
        *,
        own: Sequence[tuple[Source, Text]] = (),
        reader: MailReader | None = None,
    ) -> None:
        self._reader = reader
        self._own = {str(source.name): (source, title) for source, title in own}
        self._files = files
        self._place = place
        self._engine = engine
        self._jobs = Jobs(engine)
        self._freezer = Freezer(engine)
        self._ledger = ledger
        self._clock = clock
        self._built: dict[str, Source] | None = None
        self.upkeep = Upkeep(files, self._all, self._jobs, ledger, clock)
        self.failpoint: Callable[[str], None] = lambda _step: None

    def files(self) -> tuple[SourceFile, ...]:
        """Return what is declared.

        :raises InputError: with every fault of every file.
        """
        return self._files()

    def place(self) -> SourcePlace:
        """Return the world around the sources, for a draft of a new one."""
        return self._place()

    def names(self) -> tuple[str, ...]:
        """Return the names of the sources: the organisation's own, then those that are declared."""
        return (*self._own, *(file.name for file in self._files()))

    def titles(self) -> dict[str, Text]:
        """Return what each source is called."""
        own = {name: title for name, (_, title) in self._own.items()}
        return own | {str(file.name): file.declared.title for file in self._files()}

    def to_show(self, found: Found) -> tuple[Trace, ...]:
        """Return the traces with what the person may see of them; those of own systems are read for that."""
        shown: list[Trace] = []
        for name, (source, _) in self._own.items():
            shown += source.export([trace for trace in found.traces if trace.source == name])
        return (*shown, *(trace for trace in found.traces if trace.source not in self._own))

    def one(self, name: str) -> Source:
        """Return a source.

        :raises UsageError: ``source-unknown``.
        """
        if name not in self._all():
            raise UsageError(
                "source-unknown",
                f"there is no source '{name}'",
                where="sources/",
                remedy=f"There are: {', '.join(self._all())}." if self._all() else "Declare one in sources/NAME.toml.",
            )
        return self._all()[name]

    def test(self, names: Sequence[str] = ()) -> tuple[Problem, ...]:
        """Connect to each source and compare what is declared with what is there; return every fault."""
        return tuple(problem for name in names or self.names() for problem in self.one(name).test())

    def find(self, known: Sequence[Known], *, judged: Judged = NOBODY_SAID, names: Sequence[str] = ()) -> Found:
        """Search every source (or those named) for one person."""
        return self.find_many({ONE: known}, judged=judged, names=names)[ONE]

    def find_many(
        self, people: Mapping[Person, Sequence[Known]], *, judged: Judged = NOBODY_SAID, names: Sequence[str] = ()
    ) -> Mapping[Person, Found]:
        """Search for several persons in one pass over each source; a source that cannot be searched says why."""
        chosen = {name: self.one(name) for name in names} if names else self._all()
        known = {person: _distinct(values) for person, values in people.items()}
        found: dict[Person, dict[str, Found]] = {person: {} for person in people}
        seen: dict[str, set[_Mark]] = {}
        for _ in range(ROUNDS):
            waiting = [name for name in chosen if not _marks(known) <= seen.get(name, set())]
            if not waiting and seen:
                break
            for name in waiting or chosen:
                asked = _marks(known)
                for person, one in self._search(name, chosen[name], known, judged).items():
                    found[person][name] = one
                    known[person] = _distinct((*known[person], *one.learned))
                    asked |= _marks({person: one.learned})
                seen[name] = asked
        return {
            person: Found(
                tuple(trace for one in by_source.values() for trace in one.traces),
                known[person][len(_distinct(people[person])) :],
                tuple(search for one in by_source.values() for search in one.searched),
            )
            for person, by_source in found.items()
        }

    def _search(
        self, name: str, source: Source, known: Mapping[Person, Sequence[Known]], judged: Judged
    ) -> Mapping[Person, Found]:
        try:
            return source.find(known, judged=judged)
        except GestandError as fault:
            search = Search(name, "", (), self._clock(), 0, fault.message)
            return {person: Found(searched=(search,)) for person in known}

    def plan(self, found: Found, known: Sequence[Known], *, rehearse: bool = True) -> tuple[SourcePlan, ...]:
        """Plan the erasure of what was found, source by source; nothing is changed or recorded.

        :raises GestandError: ``source-unsearched`` if a source could not be searched: what it holds is not known.
        """
        refuse_unsearched(found)
        everything = _distinct((*known, *found.learned))
        return tuple(
            source.plan([t for t in found.traces if t.source == name], known=everything, rehearse=rehearse)
            for name, source in self._all().items()
        )

    def plan_job(self, job: str, known: Sequence[Known], *, actor: ActorId) -> tuple[Found, tuple[SourcePlan, ...]]:
        """Search and plan, and record the plan under a job; ``judged`` in it counts. Nothing is changed elsewhere."""
        found = self.find(known, judged=self._jobs.judged(job))
        plans = self.plan(found, known)
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
        found = self.find(known, judged=self._jobs.judged(job))
        refuse_unsearched(found)
        everything = _distinct((*known, *found.learned))
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
        source = self.one(step.source)
        plan = source.plan(traces, known=known, rehearse=False)
        if plan.doubtful:
            raise RefusedError(
                "source-doubtful",
                f"of {plan.doubtful} places it is doubtful whether they are of this person",
                where=step.source,
                remedy="Look at them with 'gestand request find', and say yes or no of each (--yes, --no).",
            )
        removed = step.actionable
        if not (
            step.state is StepState.BEGUN and plan.actionable == 0
        ):  # else: carried out, and killed before it was written
            goes_on = step.state is StepState.BEGUN and not source.whole and plan.actionable <= step.actionable
            if plan.digest != step.digest and not goes_on:
                raise RefusedError(
                    "source-changed",
                    "what is held there is not what was planned",
                    where=step.source,
                    remedy="Make the plan again, and read what changed.",
                )
            self._jobs.reach(job, step.source, StepState.BEGUN, 0)
            self.failpoint(f"{step.source}.begun")
            removed = step.actionable - plan.actionable + source.erase(plan).removed
            self.failpoint(f"{step.source}.erased")
        with self._engine.transaction():
            self._jobs.reach(job, step.source, StepState.DONE, removed)
            kept = sum(one.rows for one in step.retained)
            facts: dict[str, Fact] = {
                "job": job,
                "source": step.source,
                "removed": removed,
                "retained": kept,
                "digest": step.digest,
            }
            self._ledger.stage(Event("source.erased", self._clock(), actor, facts))
        self.failpoint(f"{step.source}.done")

    def _search_again(self, job: str, known: Sequence[Known], actor: ActorId) -> None:
        found = self.find(known, judged=self._jobs.judged(job))
        plans = self.plan(found, known, rehearse=False)
        left = sum(plan.actionable for plan in plans)
        if left:
            raise DamagedError(
                "erasure-incomplete",
                f"{left} rows were still found in other systems after erasing",
                where=", ".join(plan.source for plan in plans if plan.actionable),
                remedy="Plan the request again and carry it out; look who writes there meanwhile.",
            )
        self.failpoint("searched")
        with self._engine.transaction():
            for step in self._jobs.steps(job):
                self._jobs.reach(job, step.source, StepState.SEARCHED, step.removed)
            self._jobs.gone(job)
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

    def rectify(
        self,
        known: Sequence[Known],
        corrections: Sequence[Correction],
        *,
        note: str,
        judged: Judged = NOBODY_SAID,
        actor: ActorId,
    ) -> tuple[Corrected, ...]:
        """Put right values in place of wrong ones in every source; conflicts are told, issued documents get a note."""
        found = self.find(known, judged=judged)
        refuse_unsearched(found)
        done = []
        for name, source in self._all().items():
            traces = [t for t in found.traces if t.source == name and t.confidence is not Confidence.DOUBTFUL]
            one = source.rectify(traces, corrections, note=note)
            facts: dict[str, Fact] = {
                "source": name,
                "changed": one.changed,
                "attached": one.attached,
                "conflicts": len(one.conflicts),
            }
            self._ledger.append(Event("source.rectified", self._clock(), actor, facts))
            done.append(one)
        return tuple(done)

    def restrict(
        self, known: Sequence[Known], *, restricted: bool, judged: Judged = NOBODY_SAID, actor: ActorId
    ) -> tuple[Restrained, ...]:
        """Mark what every source holds of a person as not to be used (Article 18), or lift the mark.

        A system that has no place for the mark stops no other, and is told.

        :raises GestandError: ``source-unsearched``: a system is away, and nothing was marked anywhere.
        """
        found = self.find(known, judged=judged)
        refuse_unsearched(found)
        done: list[Restrained] = []
        for name, source in self._all().items():
            traces = [t for t in found.traces if t.source == name and t.confidence is not Confidence.DOUBTFUL]
            if not traces:
                continue
            try:
                one = Restrained(name, source.restrict(traces, restricted=restricted))
            except RefusedError as refused:
                one = Restrained(name, 0, refused.message)
            outcome = "refused" if one.why_not else "restricted" if restricted else "released"
            facts: dict[str, Fact] = {"source": name, "rows": one.rows, "outcome": outcome}
            self._ledger.append(Event("source.restricted", self._clock(), actor, facts))
            done.append(one)
        return tuple(done)

    def told(self, found: Found, *, actor: ActorId, reason: str) -> None:
        """Record that what was found in other systems is shown, before it is."""
        facts: dict[str, Fact] = {
            "reason": reason,
            "found": len(found.traces),
            "places": len(found.searched),
            "sources": searched_whole(found),
        }
        self._ledger.append(Event("source.shown", self._clock(), actor, facts))

    def forget(self, job: str) -> None:
        """Remove a job."""
        self._jobs.forget(job)

    def freeze(self, source: str, *, reason: str) -> None:
        """Read from and write to a source no more, until it is released.

        :raises UsageError: ``source-unknown``.
        """
        self.one(source)
        with self._engine.transaction():
            self._freezer.freeze(source, reason, self._clock())

    def release(self, source: str) -> bool:
        """Use a source again; False if it was not frozen."""
        with self._engine.transaction():
            return self._freezer.release(source)

    def frozen(self) -> tuple[Frozen, ...]:
        """Return the sources that are not used now, and why."""
        return tuple(self._freezer.all().values())

    def whose(self, source: str, people: Mapping[Person, Sequence[Known]]) -> tuple[Mapping[Person, Found], int]:
        """Return of whom data lie in a source, frozen or not, and how many things it holds: for a breach. It reads alone.

        :raises UsageError: ``source-unknown``. :raises GestandError: if it cannot be reached.
        """
        self.one(source)
        assert self._built is not None
        one = self._built[source]
        return one.find({person: _distinct(known) for person, known in people.items()}), one.count()

    def close(self) -> None:
        """Close every connection that is kept open, and end the child that reads what others made."""
        for source in (self._built or {}).values():
            close = getattr(source, "close", None)
            if close is not None:
                close()
        self._built = None
        if self._reader is not None:
            self._reader.close()

    def _fail(self, step: str) -> None:
        self.failpoint(step)

    def _all(self) -> dict[str, Source]:
        if self._built is None:
            files = self._files()
            place = replace(self._place(), failpoint=self._fail) if files else None
            own = {name: source for name, (source, _) in self._own.items()}
            self._built = own | {file.name: build(file, place) for file in files if place is not None}
        frozen = self._freezer.all()
        return self._built | {
            name: FrozenSource(self._built[name], one) for name, one in frozen.items() if name in self._built
        }


_Mark = tuple[Person, FieldKind, str]


def _marks(known: Mapping[Person, Sequence[Known]]) -> set[_Mark]:
    return {(person, one.kind, one.normal) for person, values in known.items() for one in values}


def _distinct(known: Sequence[Known]) -> tuple[Known, ...]:
    found: dict[tuple[FieldKind, str], Known] = {}
    for one in known:
        if one.normal:
            found.setdefault((one.kind, one.normal), one)
    return tuple(found.values())


def searched_whole(found: Found) -> tuple[str, ...]:
    """Return the systems of which every place was searched."""
    not_whole = {search.source for search in found.searched if search.why_not}
    return tuple(sorted({search.source for search in found.searched} - not_whole))


def refuse_unsearched(found: Found) -> None:
    """Refuse to go on where a place could not be searched: what it holds is not known.

    :raises GestandError: ``source-unsearched``.
    """
    unsearched = [search for search in found.searched if search.why_not]
    if unsearched:
        first = unsearched[0]
        raise GestandError(
            "source-unsearched",
            f"{len(unsearched)} places could not be searched whole: {first.why_not}",
            where=f"{first.source} {first.place}".strip(),
            remedy="Mend that first; until then nobody can say that everything was found.",
        )
