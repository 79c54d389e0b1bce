"""A SQL database as a source: search, copy, plan, erase, correct, restrict, count, test."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from gestand.kernel.errors import GestandError, Problem, RefusedError
from gestand.register.happenings import Happening
from gestand.sources.ageing import AgedRow
from gestand.sources.declared import SqlDeclared
from gestand.sources.knowing import Agreement, Sought
from gestand.sources.load import SourceFile, fault_of
from gestand.sources.marking import Unmarked, unmarked_of
from gestand.sources.mentions import Mentions
from gestand.sources.model import (
    NOBODY_SAID,
    Confidence,
    Conflict,
    Corrected,
    Correction,
    Found,
    Judged,
    Known,
    Person,
    Removal,
    SourceName,
    SourcePlan,
    Trace,
    Verb,
)
from gestand.sources.place import SourcePlace
from gestand.sources.settling import removal_of
from gestand.sources.sql.ageing import Overdue
from gestand.sources.sql.checking import check
from gestand.sources.sql.connecting import Connecting
from gestand.sources.sql.correcting import wrong_in
from gestand.sources.sql.erasing import Erasing, digest_of, planned_rows, sort_out
from gestand.sources.sql.happening import happened
from gestand.sources.sql.naming import ambiguous, keyed, refuse_ambiguous
from gestand.sources.sql.referring import Reference, references
from gestand.sources.sql.schema import Layout, layouts, reflect, versioned_tables
from gestand.sources.sql.traces import MENTIONED, said_of, trace_of, version_of
from gestand.sources.sql.walking import Walk

_AGAIN = Agreement(Confidence.CERTAIN, "it was erased")


class SqlSource:
    """One declared database. The live schema is read at the first use and kept."""

    whole = True

    def __init__(self, file: SourceFile, place: SourcePlace) -> None:
        assert isinstance(file.declared, SqlDeclared)
        self._file = file
        self._declared = file.declared
        self._place = place
        self._connecting = Connecting(file.name, file.declared, place)
        self._layouts: Mapping[str, Layout] | None = None
        self._references: tuple[Reference, ...] | None = None

    @property
    def name(self) -> SourceName:
        """The name of its file."""
        return self._file.name

    def test(self) -> tuple[Problem, ...]:
        """Compare what is declared with the live schema and a sample of it."""
        try:
            with self._connecting.reading() as connection:
                return check(connection, self._file, self._declared, self._place.policy)
        except GestandError as fault:
            return (fault_of(self._file, fault),)

    def find(self, people: Mapping[Person, Sequence[Known]], *, judged: Judged = NOBODY_SAID) -> Mapping[Person, Found]:
        """Search for several persons in one pass over each table."""
        with self._connecting.reading(Verb.FIND) as connection:
            walk = Walk(self.name, self._declared, self._read(connection), self._place, people, judged)
            walk.run(connection)
            return walk.found()

    def export(self, traces: Iterable[Trace]) -> Iterator[Trace]:
        """Yield each row as it stands now."""
        by_table: dict[str, list[Trace]] = {}
        for trace in traces:
            by_table.setdefault(trace.place, []).append(trace)
        with self._connecting.reading(Verb.EXPORT) as connection:
            made = self._read(connection)
            for table, found in by_table.items():
                yield from self._now(connection, made[table], found)

    def _now(self, connection: sa.Connection, layout: Layout, traces: Sequence[Trace]) -> Iterator[Trace]:
        by_key = {trace.key: trace for trace in traces}
        refuse_ambiguous(connection, layout, list(by_key))
        columns = layout.columns
        for condition in keyed(layout, list(by_key), connection.dialect.name):
            for row in connection.execute(sa.select(*columns).where(condition)):
                values = tuple(row)
                trace = by_key[values[: len(layout.key)]]
                if trace.why.startswith(MENTIONED):
                    yield trace
                    continue
                yield replace(trace, values=said_of(layout, values), version=version_of(layout, values, self._place))

    def plan(self, traces: Sequence[Trace], *, known: Sequence[Known] = (), rehearse: bool = True) -> SourcePlan:
        """Sort out what goes, changes and stays, and try it against every constraint in a transaction that is rolled back."""
        conflicts: tuple[str, ...] = ()
        with self._connecting.reading(Verb.FIND) as connection:
            works = sort_out(traces, self._read(connection))
        try:
            if rehearse and any(work.delete or work.change or work.texts for work in works.values()):
                with self._connecting.writing(Verb.ERASE, rehearsal=True) as connection:
                    self._erasing(connection).carry_out(works, _mentions(known))
        except RefusedError as fault:
            conflicts = (fault.message,)
        doubtful = sum(trace.confidence is Confidence.DOUBTFUL for trace in traces)
        return SourcePlan(
            self.name,
            planned_rows(works),
            tuple(traces),
            digest_of(works, self._place),
            conflicts,
            doubtful,
            tuple(known),
        )

    def erase(self, plan: SourcePlan) -> Removal:
        """Carry out a plan in one transaction."""
        if plan.conflicts:
            raise RefusedError(
                "source-conflict", plan.conflicts[0], where=self.name, remedy="Mend its file, and make the plan again."
            )
        with self._connecting.writing(Verb.ERASE) as connection:
            works = sort_out(plan.traces, self._read(connection))
            done = self._erasing(connection).carry_out(works, _mentions(plan.known))
            self._place.failpoint(f"{self.name}.before-commit")
        self._place.failpoint(f"{self.name}.after-commit")
        return removal_of(self.name, plan, done)

    def due(self, on: date) -> tuple[AgedRow, ...]:
        """Return the rows whose period is over on ``on``, in the tables that name a shelf."""
        if not any(table.shelf for table in self._declared.tables.values()):
            return ()
        with self._connecting.reading(Verb.FIND) as connection:
            return self._overdue(connection, on).rows()

    def happenings(self) -> tuple[Happening, ...]:
        """Return what the tables that say so tell of dossiers."""
        telling = {name: table.happens for name, table in self._declared.tables.items() if table.happens}
        if not telling:
            return ()
        with self._connecting.reading(Verb.FIND) as connection:
            made = self._read(connection)
            return tuple(
                one for name, said in telling.items() for one in happened(connection, made[name], said, self.name)
            )

    def erase_due(self, keys: Collection[str], on: date) -> int:
        """Remove those rows that are still due, in one transaction.

        :raises RefusedError: ``source-conflict``, ``source-changed``; nothing is changed then.
        """
        with self._connecting.writing(Verb.ERASE) as connection:
            works = self._overdue(connection, on).works(keys)
            done = self._erasing(connection).carry_out(works, _mentions(()))
            self._place.failpoint(f"{self.name}.before-commit")
        self._place.failpoint(f"{self.name}.after-commit")
        return done

    def _overdue(self, connection: sa.Connection, on: date) -> Overdue:
        made = self._read(connection)
        return Overdue(connection, made, self._refers(connection), self._place, self.name, on)

    def marks(self, plan: SourcePlan) -> tuple[str, ...]:
        """Return a keyed digest of each row that leaves or changes, and of what it says."""
        with self._connecting.reading(Verb.FIND) as connection:
            works = sort_out(plan.traces, self._read(connection))
        return tuple(self._mark(trace) for work in works.values() for trace in (*work.delete, *work.change))

    def _mark(self, trace: Trace) -> str:
        return f"{trace.id}:{self._place.digest(*(f'{one.column}={one.value}' for one in trace.values))}"

    def returned(self, marks: Sequence[str]) -> int:
        """Return how many rows with these marks are there again; every row of a declared table is compared."""
        wanted = frozenset(marks)
        rows = frozenset(mark.partition(":")[0] for mark in marks)
        back = 0
        with self._connecting.reading(Verb.FIND) as connection:
            for layout in self._read(connection).values() if wanted else ():
                query = sa.select(*layout.columns).where(*layout.filters)
                for row in connection.execute(query.execution_options(stream_results=True, yield_per=2000)):
                    values = tuple(row)
                    if self._place.trace_id(self.name, layout.name, values[: len(layout.key)]) in rows:
                        back += self._mark(trace_of(layout, values, self._place, self.name, _AGAIN)) in wanted
        return back

    def uncompared(self) -> tuple[str, ...]:
        """Return nothing: every row of a declared table is compared."""
        return ()

    def rectify(self, traces: Sequence[Trace], corrections: Sequence[Correction], *, note: str) -> Corrected:
        """Put right values in place of wrong ones, in one transaction; a value that is neither is a conflict."""
        changed = attached = to_attach = 0
        conflicts: list[Conflict] = []
        with self._connecting.writing(Verb.RECTIFY) as connection:
            made = self._read(connection)
            for trace in traces:
                layout = made[trace.place]
                if not _own(trace):
                    continue
                wrong, other = wrong_in(layout, trace, corrections)
                conflicts += other
                if not wrong:
                    continue
                if not layout.declared.issued:
                    self._update(connection, layout, trace, wrong)
                    changed += 1
                elif layout.declared.attach is not None:
                    self._attach(connection, layout, trace, note)
                    attached += 1
                else:
                    to_attach += 1
        return Corrected(self.name, changed, attached, to_attach, tuple(conflicts))

    def _update(self, connection: sa.Connection, layout: Layout, trace: Trace, values: Mapping[str, Any]) -> None:
        [condition] = keyed(layout, [trace.key], connection.dialect.name)
        touched = connection.execute(sa.update(layout.live).where(condition).values(dict(values))).rowcount
        if touched > 1:
            raise ambiguous(layout)
        if not touched:
            raise RefusedError(
                "source-changed",
                f"a row of {layout.name} was removed since it was found",
                where=self.name,
                remedy="Search again.",
            )

    def _attach(self, connection: sa.Connection, layout: Layout, trace: Trace, note: str) -> None:
        attach = layout.declared.attach
        assert attach is not None
        live = reflect(connection, self._declared, [attach.table])
        table = next(iter(live.tables.values()))
        key = str(trace.key[0])
        values = {name: said.replace("{key}", key).replace("{note}", note) for name, said in attach.columns.items()}
        connection.execute(sa.insert(table).values(values))

    def unmarkable(self, traces: Sequence[Trace], *, restricted: bool) -> tuple[Unmarked, ...]:  # noqa: ARG002 - a column serves both
        """Return the rows of tables that have no column for the mark."""
        why = {
            name: f"table {name} has no column that marks a row as restricted"
            for name, table in self._declared.tables.items()
            if not table.restrict
        }
        return unmarked_of((trace for trace in traces if _own(trace)), why)

    def restrict(self, traces: Sequence[Trace], *, restricted: bool) -> int:
        """Mark rows as not to be used, or lift the mark, in one transaction."""
        done = 0
        with self._connecting.writing(Verb.RESTRICT) as connection:
            made = self._read(connection)
            for trace in traces:
                layout = made[trace.place]
                if not _own(trace):
                    continue
                if not layout.declared.restrict:
                    raise RefusedError(
                        "source-cannot-restrict",
                        f"table {layout.name} has no column that marks a row as restricted",
                        where=self.name,
                        remedy='Add one to the table and name it: restrict = "…"; or take the rows out of use by hand.',
                    )
                self._update(connection, layout, trace, {layout.declared.restrict: int(restricted)})
                done += 1
        return done

    def count(self) -> int:
        """Return how many rows the declared tables hold."""
        total = 0
        with self._connecting.reading() as connection:
            for layout in self._read(connection).values():
                query = sa.select(sa.func.count()).select_from(layout.live).where(*layout.filters)
                total += int(connection.execute(query).scalar_one())
        return total

    def close(self) -> None:
        """Forget every connection."""
        self._connecting.close()

    def _read(self, connection: sa.Connection) -> Mapping[str, Layout]:
        if self._layouts is None:
            found = reflect(connection, self._declared, list(self._declared.tables))
            versioned = versioned_tables(connection, self._declared.in_schema)
            self._layouts = layouts(found, self._declared, self._place.policy, versioned=versioned)
        return self._layouts

    def _refers(self, connection: sa.Connection) -> tuple[Reference, ...]:
        if self._references is None:
            self._references = references(connection, self._declared.in_schema)
        return self._references

    def _erasing(self, connection: sa.Connection) -> Erasing:
        return Erasing(connection, self._read(connection), self._refers(connection), self._place, self.name)


def _own(trace: Trace) -> bool:
    """Say whether a row is surely the person's, and not one of somebody else that speaks of them."""
    return trace.confidence is not Confidence.DOUBTFUL and not trace.why.startswith(MENTIONED)


def _mentions(known: Sequence[Known]) -> Mentions:
    return Mentions(Sought({"": tuple(known)}))
