"""The graph walk through a database: from what is known of persons to their rows, and from those along the links.

Each table is read once for all persons together, those that others hang from first; again only for what was learned later.
A doubtful row is shown and not followed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from gestand.kernel.errors import GestandError
from gestand.sources.declared import SqlDeclared
from gestand.sources.knowing import COMPARED, LEARNED, Agreement, Cell, Sought, cells_of, learned_from
from gestand.sources.mentions import Mention, Mentions, passages
from gestand.sources.model import Confidence, Found, Judged, Known, Person, Search, SourceName, Trace, TraceValue
from gestand.sources.place import SourcePlace
from gestand.sources.sql.asking import Condition, finding, mentioning
from gestand.sources.sql.linking import (
    Aim,
    Following,
    Links,
    Mark,
    in_turn,
    linked_columns,
    mark_of,
    suited,
    told_by,
    whose_of,
)
from gestand.sources.sql.naming import ambiguous, refuse_ambiguous
from gestand.sources.sql.schema import Layout
from gestand.sources.sql.traces import MENTIONED, trace_of, version_of
from gestand.statement.policy import FieldKind

MANY_WORDS = 12
"""From this many words the database is not asked for each: the column is read and one automaton looks for all."""
ROUNDS = 1000
"""How often tables are asked again for what was learned. Every round learns something new of the rows there are, so it ends by itself."""
_RANK = {Confidence.CERTAIN: 3, Confidence.PROBABLE: 2, Confidence.DOUBTFUL: 1}


@dataclass(slots=True)
class Row:
    """A row that was read, whose it is and why; ``mentions``: who is only spoken of in it, in which columns."""

    values: tuple[Any, ...]
    owners: dict[Person, Agreement] = field(default_factory=dict)
    mentions: dict[Person, tuple[Agreement, dict[str, Sequence[Mention]]]] = field(default_factory=dict)


@dataclass(slots=True)
class _Visit:
    """What a table still has to be searched with, what it gave, and when."""

    known: dict[Person, list[Known]] = field(default_factory=dict)
    links: Links = field(default_factory=dict)
    asked: set[tuple[str, Mark, Person]] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    rows: dict[tuple[Any, ...], Row] = field(default_factory=dict)
    at: datetime | None = None
    why_not: str = ""


class Walk:
    """One search through one database for several persons."""

    def __init__(  # noqa: PLR0917 - what a walk stands on
        self,
        name: SourceName,
        declared: SqlDeclared,
        layouts: Mapping[str, Layout],
        place: SourcePlace,
        people: Mapping[Person, Sequence[Known]],
        judged: Judged,
    ) -> None:
        self.name = name
        self.declared = declared
        self.layouts = layouts
        self.place = place
        self.judged = judged
        self.people: dict[Person, dict[tuple[FieldKind, str], Known]] = {
            person: {(known.kind, known.normal): known for known in knowns} for person, knowns in people.items()
        }
        self.learned: dict[Person, list[Known]] = {person: [] for person in people}
        self.visits = {table: _Visit(known={p: list(k) for p, k in people.items() if k}) for table in layouts}
        self._sought = Sought({person: tuple(known.values()) for person, known in self.people.items()})
        self._mentions: Mentions | None = None
        self._dialect = ""

    def run(self, connection: sa.Connection) -> None:
        """Search every table until nothing new is learned."""
        self._dialect = connection.dialect.name
        for _ in range(ROUNDS):
            waiting = [table for table in self.layouts if self._pending(table)]
            if not waiting:
                return
            for table in waiting:
                self._visit(connection, self.layouts[table])
        for table in self.layouts:
            if self._pending(table):
                self.visits[
                    table
                ].why_not = f"rows hang from each other more than {ROUNDS} deep; the search stopped there"

    def _pending(self, table: str) -> bool:
        visit = self.visits[table]
        return not visit.why_not and (bool(visit.known) or any(visit.links.values()))

    def _visit(self, connection: sa.Connection, layout: Layout) -> None:
        visit = self.visits[layout.name]
        sought, links = Sought(visit.known), visit.links
        visit.known, visit.links = {}, {}
        mentions = Mentions(sought)
        visit.at = self.place.clock()
        visit.kinds.update(sought.kinds() if self._searchable(layout) else (), ["link"] if links else ())
        texts = [part.name for part in layout.parts if part.declared.free_text]
        before = frozenset(visit.rows)
        try:
            for values in self._rows(connection, layout, sought, mentions, links):
                self._judge(layout, values, links, texts)
            refuse_ambiguous(connection, layout, [key for key in visit.rows if key not in before])
        except GestandError as fault:
            if fault.code == "source-unreachable":
                raise
            if fault.code == "source-key-ambiguous":
                visit.rows.clear()  # whose they are cannot be said, so nobody is shown any
            visit.why_not = fault.message

    @staticmethod
    def _searchable(layout: Layout) -> bool:
        return any(part.finds or part.declared.free_text for part in layout.parts)

    def _rows(
        self, connection: sa.Connection, layout: Layout, sought: Sought, mentions: Mentions, links: Links
    ) -> Iterator[tuple[Any, ...]]:
        """Yield every row that may be somebody's, in one pass where the engine can."""
        dialect = self._dialect
        parts = [part for part in layout.parts if not part.unread]
        direct = [c for part in parts if part.finds and (c := finding(part, sought, dialect)) is not None]
        plain, bare = mentions.patterns()
        texts = [part for part in parts if part.declared.free_text] if plain or bare else []
        whole = bool(texts) and len(plain) + len(bare) > MANY_WORDS
        if not whole:
            direct += [mentioning(part.live, plain, bare, dialect) for part in texts]
        following = Following(connection, layout, links, alone=not direct and not whole)
        linked = list(following.conditions())
        columns = layout.columns
        seen = 0
        for at in range(max(map(len, linked), default=1)):
            either: list[Condition] = in_turn(linked, at) + (direct if at == 0 else [])
            query = sa.select(*columns).where(*layout.filters)
            if whole and at == 0:
                filled = [sa.and_(part.live.is_not(None), part.live != "") for part in texts]
                query = query.where(sa.or_(*either, *filled)).execution_options(stream_results=True, yield_per=2000)
                yield from following.settled(map(tuple, connection.execute(query)))
                continue
            if not either:
                continue
            rows = connection.execute(query.where(sa.or_(*either)).limit(self.declared.row_cap - seen + 1)).fetchall()
            seen += len(rows)
            if seen > self.declared.row_cap:
                raise GestandError(
                    "source-too-many",
                    f"more than {self.declared.row_cap} rows may be the person's; the search stopped there",
                    where=f"{self.name}: {layout.name}",
                    remedy="Raise row_cap in its file if that can be, or say finds = false for a column that finds too much.",
                )
            yield from following.settled(map(tuple, rows))

    def _spoken_of(self) -> Mentions:
        """Return who is looked for in texts, by everything known by now."""
        if self._mentions is None:
            self._mentions = Mentions(self._sought)
        return self._mentions

    def _judge(self, layout: Layout, values: tuple[Any, ...], links: Links, texts: Sequence[str]) -> None:
        sought = self._sought  # a row is judged by everything known by now, whatever led to it
        owners: dict[Person, Agreement] = {}
        for column, target in ((column, f"{table}.{wanted}") for column, table, wanted in layout.links):
            for person, confidence in whose_of(links, column, values[layout.at[column]]).items():
                _stronger(owners, person, Agreement(confidence, f"{layout.name}.{column} is {target} of the person"))
        cells = self._cells(layout, values)
        for person, agreement in sought.agreements([cell for cell in cells if cell.kind in COMPARED]).items():
            _stronger(owners, person, agreement)
        spoken: dict[Person, tuple[Agreement, dict[str, Sequence[Mention]]]] = {}
        for column in texts:
            text = values[layout.at[column]]
            if isinstance(text, str) and text:
                for person, (agreement, where) in self._spoken_of().agreements(text).items():
                    if person not in spoken:
                        spoken[person] = agreement, {column: where}
                    else:
                        spoken[person][1][column] = where
        if owners or spoken:
            self._take(layout, values, owners, spoken, cells)

    def _take(
        self,
        layout: Layout,
        values: tuple[Any, ...],
        owners: Mapping[Person, Agreement],
        spoken: Mapping[Person, tuple[Agreement, dict[str, Sequence[Mention]]]],
        cells: Sequence[Cell],
    ) -> None:
        key = values[: len(layout.key)]
        row = self.visits[layout.name].rows.setdefault(key, Row(values))
        if not layout.named and row.values != values:
            raise ambiguous(layout)
        for person, agreement in owners.items():
            said = self._said(layout, key, agreement)
            if said is None:
                continue
            before = row.owners.get(person)
            if before is not None and _RANK[before.confidence] >= _RANK[said.confidence]:
                continue
            row.owners[person] = said
            if said.confidence is not Confidence.DOUBTFUL:
                self._follow(layout, row, person, said.confidence)
                if layout.declared.person and said.confidence is Confidence.CERTAIN:
                    self._learn(layout, person, cells)
        for person, (agreement, where) in spoken.items():
            said = self._said(layout, key, agreement)
            if said is not None:
                row.mentions[person] = said, where

    def _said(self, layout: Layout, key: tuple[Any, ...], agreement: Agreement) -> Agreement | None:
        """Return the agreement as a person judged it, if one did; None where it was said to be someone else."""
        if agreement.confidence is not Confidence.DOUBTFUL or not (self.judged.yes or self.judged.no):
            return agreement
        trace = self.place.trace_id(self.name, layout.name, key)
        if trace in self.judged.no:
            return None
        if trace in self.judged.yes:
            return Agreement(Confidence.CERTAIN, f"{agreement.why}; confirmed by a person")
        return agreement

    def _follow(self, layout: Layout, row: Row, person: Person, confidence: Confidence) -> None:
        """Search along the links that lead to this row."""
        for other, column, wanted in linked_columns(self.layouts.values(), layout):
            told = told_by(layout.live.c[wanted], row.values[layout.at[wanted]], self._dialect)
            visit = self.visits[other.name]
            values = suited(other.live.c[column], told, self._dialect) if told is not None else ()
            mark = mark_of(values[0]) if values else ""
            if values and column not in other.unread and (column, mark, person) not in visit.asked:
                visit.asked.add((column, mark, person))
                visit.links.setdefault(column, {}).setdefault(mark, Aim(values, {})).whose[person] = confidence

    def _learn(self, layout: Layout, person: Person, cells: Sequence[Cell]) -> None:
        for known in learned_from(cells, f"{self.name}: {layout.name}"):
            mark = (known.kind, known.normal)
            if known.kind not in LEARNED or mark in self.people[person]:
                continue
            self.people[person][mark] = known
            self.learned[person].append(known)
            self._sought.add(person, (known,))
            self._mentions = None
            for other in self.layouts.values():
                if any((p.finds and p.kind is known.kind) or p.declared.free_text for p in other.parts):
                    self.visits[other.name].known.setdefault(person, []).append(known)

    @staticmethod
    def _cells(layout: Layout, values: tuple[Any, ...]) -> list[Cell]:
        return cells_of(
            (part.kind, part.declared.part, "" if (value := values[layout.at[part.name]]) is None else str(value))
            for part in layout.parts
            if part.kind in COMPARED and not part.declared.none
        )

    def found(self) -> Mapping[Person, Found]:
        """Return what was found of each person, with the certificate."""
        traces: dict[Person, list[Trace]] = {person: [] for person in self.people}
        for table, visit in self.visits.items():
            for row in visit.rows.values():
                for person, agreement in row.owners.items():
                    traces[person].append(self.trace(self.layouts[table], row.values, agreement))
                for person, (agreement, where) in row.mentions.items():
                    if person not in row.owners:
                        traces[person].append(self._mentioned(self.layouts[table], row.values, agreement, where))
        return {
            person: Found(tuple(found), tuple(self.learned[person]), tuple(self._certificate(person)))
            for person, found in traces.items()
        }

    def _certificate(self, person: Person) -> Iterator[Search]:
        for table, visit in self.visits.items():
            number = sum(person in row.owners or person in row.mentions for row in visit.rows.values())
            at = visit.at or self.place.clock()
            why_not = visit.why_not or unsearched(self.layouts[table])
            yield Search(self.name, table, tuple(sorted(visit.kinds)), at, number, why_not)

    def trace(self, layout: Layout, values: tuple[Any, ...], agreement: Agreement) -> Trace:
        """Return a row as a trace."""
        return trace_of(layout, values, self.place, self.name, agreement)

    def _mentioned(
        self, layout: Layout, values: tuple[Any, ...], agreement: Agreement, where: Mapping[str, Sequence[Mention]]
    ) -> Trace:
        said = []
        for column, mentions in where.items():
            part = layout.part(column)
            field_path = part.declared.field if part else ""
            said.append(TraceValue(column, field_path, passages(str(values[layout.at[column]]), mentions)))
        key = values[: len(layout.key)]
        return Trace(
            self._id(layout.name, key), self.name, layout.name, key, tuple(said), agreement.confidence,
            MENTIONED + agreement.why, version_of(layout, values, self.place),
        )  # fmt: skip

    def _id(self, table: str, key: tuple[Any, ...]) -> str:
        return self.place.trace_id(self.name, table, key)


def unsearched(layout: Layout) -> str:
    """Return why a table cannot be searched whole, by the types of its columns; nothing where it can."""
    if not layout.unread:
        return ""
    return f"{layout.name}.{layout.unread[0]} holds lists, objects or bytes, in which nobody can be looked for"


def _stronger(found: dict[Person, Agreement], person: Person, agreement: Agreement) -> None:
    before = found.get(person)
    if before is None or _RANK[agreement.confidence] > _RANK[before.confidence]:
        found[person] = agreement
