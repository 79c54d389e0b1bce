"""All sources of an organisation together: test, search, plan, correct, restrict; each with its entry in the ledger.

What goes on between requests is in ``upkeep``, an erasure over several systems in ``erasures``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from gestand.kernel.clock import Clock
from gestand.kernel.errors import Problem, UsageError
from gestand.kernel.ids import ActorId
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.reading.mailreader import MailReader
from gestand.sources.building import build
from gestand.sources.erasures import Erasures
from gestand.sources.freezing import Freezer, Frozen, FrozenSource
from gestand.sources.jobs import Jobs
from gestand.sources.load import SourceFile
from gestand.sources.marking import Restrained
from gestand.sources.model import (
    NOBODY_SAID,
    Confidence,
    Corrected,
    Correction,
    Found,
    Judged,
    Known,
    Person,
    Source,
    SourcePlan,
    Trace,
)
from gestand.sources.place import SourcePlace
from gestand.sources.restricting import restrain
from gestand.sources.searching import distinct, refuse_unsearched, search, searched_whole
from gestand.sources.upkeep import Upkeep
from gestand.statement.policy import Text
from gestand.storage.engine import Engine

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
        jobs = Jobs(engine)
        self._freezer = Freezer(engine)
        self._ledger = ledger
        self._clock = clock
        self._built: dict[str, Source] | None = None
        self.upkeep = Upkeep(files, self._all, jobs, ledger, clock)
        self.erasures = Erasures(
            find=self.find, plan=self.plan, built=self._all, jobs=jobs, engine=engine, ledger=ledger, clock=clock,
            failpoint=self._fail,
        )  # fmt: skip
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
        return search(chosen, people, judged=judged, clock=self._clock)

    def plan(self, found: Found, known: Sequence[Known], *, rehearse: bool = True) -> tuple[SourcePlan, ...]:
        """Plan the erasure of what was found, source by source; nothing is changed or recorded.

        :raises GestandError: ``source-unsearched`` if a source could not be searched: what it holds is not known.
        """
        refuse_unsearched(found)
        everything = distinct((*known, *found.learned))
        return tuple(
            source.plan([t for t in found.traces if t.source == name], known=everything, rehearse=rehearse)
            for name, source in self._all().items()
        )

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

        A system, or a place within one, that has no room for the mark stops no other, and is told.

        :raises GestandError: ``source-unsearched``: a system is away, and nothing was marked anywhere.
        """
        found = self.find(known, judged=judged)
        refuse_unsearched(found)
        done: list[Restrained] = []
        for name, source in self._all().items():
            traces = [t for t in found.traces if t.source == name and t.confidence is not Confidence.DOUBTFUL]
            if not traces:
                continue
            one = restrain(source, traces, restricted=restricted)
            outcome = (
                "refused" if one.why_not else "partly" if one.unmarked else "restricted" if restricted else "released"
            )
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
        return one.find({person: distinct(known) for person, known in people.items()}), one.count()

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
