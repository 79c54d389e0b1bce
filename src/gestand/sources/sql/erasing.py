"""Erasure in a database: planned to the row, tried in a transaction that is rolled back, carried out in one transaction.

Rows are locked and compared with what was shown before they are touched; what refers to them goes first; what the database itself
would delete or empty along is counted and refused if nobody planned it; a value is only replaced where there was one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from gestand.kernel.errors import RefusedError
from gestand.sources.declared import Column
from gestand.sources.mentions import Mentions, black_out
from gestand.sources.model import Act, Confidence, PlannedRows, Trace
from gestand.sources.place import SourcePlace
from gestand.sources.sql.asking import Condition, python_type
from gestand.sources.sql.naming import Key, keyed, refuse_ambiguous
from gestand.sources.sql.referring import Reference
from gestand.sources.sql.schema import Layout, live_table
from gestand.sources.sql.traces import MENTIONED, version_of


@dataclass(slots=True)
class Work:
    """What is to be done in one table. ``texts``: rows of others whose free text speaks of the person."""

    layout: Layout
    delete: list[Trace] = field(default_factory=list)
    change: list[Trace] = field(default_factory=list)
    keep: list[Trace] = field(default_factory=list)
    texts: list[Trace] = field(default_factory=list)


def sort_out(traces: Iterable[Trace], layouts: Mapping[str, Layout]) -> dict[str, Work]:
    """Return what is to be done for each table; rows that were erased before are left out."""
    found: dict[str, Work] = {}
    going: dict[str, Mapping[str, Column]] = {
        name: {n: c for n, c in layout.declared.columns.items() if c.erase in {"null", "replace"}}
        for name, layout in layouts.items()
    }
    for trace in traces:
        if trace.confidence is Confidence.DOUBTFUL or trace.place not in layouts:
            continue
        layout = layouts[trace.place]
        work = found.setdefault(trace.place, Work(layout))
        kept = layout.declared.erase == "keep"
        if trace.why.startswith(MENTIONED):
            (work.keep if kept or layout.declared.issued else work.texts).append(trace)
        elif kept:
            work.keep.append(trace)
        elif layout.declared.erase == "delete":
            work.delete.append(trace)
        elif layout.declared.erase == "columns" and to_go(trace, going[trace.place]):
            work.change.append(trace)
        elif any(column.erase == "keep" for column in layout.declared.columns.values()):
            work.keep.append(trace)
    return found


def to_go(trace: Trace, going: Mapping[str, Column]) -> bool:
    """Say whether a row still holds something to empty or replace."""
    for column, _, text in trace.values:
        said = going.get(column)
        if said is not None and (said.erase == "null" or text != replacement(said, trace.key)):
            return True
    return False


def replacement(said: Column, key: Key) -> str:
    """Return what stands in the place of an erased value."""
    return (said.value or "").replace("{key}", str(key[0]))


def planned_rows(works: Mapping[str, Work]) -> tuple[PlannedRows, ...]:
    """Return the plan in words and numbers: for each table what goes, changes and stays."""
    rows: list[PlannedRows] = []
    for name, work in works.items():
        table = work.layout.declared
        if work.delete:
            rows.append(PlannedRows(name, Act.DELETE, len(work.delete)))
        if work.change:
            named = tuple(n for n, c in table.columns.items() if c.erase in {"null", "replace"})
            rows.append(PlannedRows(name, Act.CHANGE, len(work.change), named))
            rows += [
                PlannedRows(f"{name}.{n}", Act.KEEP, len(work.change), (n,), c.ground, c.until)
                for n, c in table.columns.items()
                if c.field and c.erase == "keep"
            ]
        if work.texts:
            named = tuple(dict.fromkeys(value.column for trace in work.texts for value in trace.values))
            rows.append(PlannedRows(name, Act.CHANGE, len(work.texts), named))
        if work.keep:
            ground = table.ground or next((c.ground for c in table.columns.values() if c.ground), "")
            until = table.until or next((c.until for c in table.columns.values() if c.until), "")
            if not ground and table.issued:
                ground, until = "issued documents are not rewritten", "as the document"
            rows.append(PlannedRows(name, Act.KEEP, len(work.keep), (), ground, until))
    return tuple(rows)


def digest_of(works: Mapping[str, Work], place: SourcePlace) -> str:
    """Return a keyed digest over every row that goes or changes, as it stands."""
    marks = sorted(
        f"{trace.id}:{trace.version}:{act}"
        for work in works.values()
        for act, traces in (("d", work.delete), ("c", work.change), ("t", work.texts))
        for trace in traces
    )
    return place.digest("plan", *marks)


class Erasing:
    """Carries out what was sorted out, on a connection whose transaction the caller ends."""

    def __init__(
        self,
        connection: sa.Connection,
        layouts: Mapping[str, Layout],
        refers: Sequence[Reference],
        place: SourcePlace,
        name: str,
    ) -> None:
        self.connection = connection
        self.dialect = connection.dialect.name
        self.layouts = layouts
        self.refers = refers
        self.place = place
        self.name = name

    def carry_out(self, works: Mapping[str, Work], mentions: Mentions) -> int:
        """Change and delete; return how many rows.

        :raises RefusedError: ``source-changed``, ``source-conflict``, ``source-key-ambiguous``.
        """
        done = 0
        order = self._children_first([n for n, work in works.items() if work.delete])
        entangled = self._entangled(order)
        for work in works.values():
            touched = [trace.key for trace in (*work.delete, *work.change, *work.texts)]
            refuse_ambiguous(self.connection, work.layout, touched)
            self._same(work, whole=work.layout.name in entangled or not work.layout.versioned)
        for work in works.values():
            done += self._black_out(work, mentions)
            done += self._change(work)
        for name in entangled:
            self._nothing_along(works[name], works)
        for name in order:
            if name in entangled:
                done += self._delete_entangled(works[name])
            else:
                done += self._delete(works[name], {other: works[other] for other in entangled})
        return done

    def _same(self, work: Work, *, whole: bool) -> None:
        """Lock the rows and compare them with what was shown; those that are not ``whole`` as they are touched."""
        compared = (*work.delete, *work.change) if whole else ()
        shown = {trace.key: trace.version for trace in (*compared, *work.texts)}
        columns = work.layout.columns
        there = 0
        for condition in self.keyed(work.layout, list(shown)):
            query = sa.select(*columns).where(condition)
            if self.dialect != "sqlite":
                query = query.with_for_update()
            for row in self.connection.execute(query):
                values = tuple(row)
                there += 1
                if shown.get(values[: len(work.layout.key)]) != version_of(work.layout, values, self.place):
                    raise self._changed(work.layout.name)
        if there != len(shown):
            raise self._changed(work.layout.name)

    def _changed(self, table: str) -> RefusedError:
        return RefusedError(
            "source-changed",
            f"rows of {table} were added, changed or removed since the plan was made",
            where=self.name,
            remedy="Make the plan again, and read what changed.",
        )

    def keyed(self, layout: Layout, keys: Sequence[Key]) -> Iterable[Condition]:
        """Yield conditions that together are true of the rows with these keys, and of no others."""
        return keyed(layout, keys, self.dialect)

    def _as_shown(self, layout: Layout, traces: Sequence[Trace]) -> Iterable[Condition]:
        """Yield conditions that are true of these rows, and, where the database tells, only if nobody wrote them since."""
        if not layout.versioned:
            yield from self.keyed(layout, [trace.key for trace in traces])
            return
        arrays = [
            sa.bindparam(None, [trace.key[at] for trace in traces], type_=ARRAY(layout.live.c[name].type))
            for at, name in enumerate(layout.key)
        ]
        versions = sa.bindparam(None, [trace.version for trace in traces], type_=ARRAY(sa.Text()))
        names = [f"key{at}" for at in range(len(arrays))]
        shown = sa.func.unnest(*arrays, versions).table_valued(*names, "written", name="shown").render_derived()
        same = [layout.live.c[name] == shown.c[f"key{at}"] for at, name in enumerate(layout.key)]
        written = sa.cast(sa.literal_column(f"{_quoted(layout.live, self.connection)}.xmin"), sa.Text())
        yield sa.and_(*same, written == shown.c.written)

    def _change(self, work: Work) -> int:
        if not work.change:
            return 0
        live, key = work.layout.live, work.layout.live.c[work.layout.key[0]]
        values: dict[str, Any] = {}
        for name, said in work.layout.declared.columns.items():
            column = live.c[name]
            if said.erase == "null":
                values[name] = None
            elif said.erase == "replace":
                values[name] = sa.case((column.is_(None), None), else_=_replaced(said, column, key))
        return self._checked(
            work.layout,
            len(work.change),
            [sa.update(live).where(condition).values(values) for condition in self._as_shown(work.layout, work.change)],
        )

    def _black_out(self, work: Work, mentions: Mentions) -> int:
        live = work.layout.live
        for trace in work.texts:
            [condition] = self.keyed(work.layout, [trace.key])
            names = [value.column for value in trace.values]
            [row] = self.connection.execute(sa.select(*(live.c[name] for name in names)).where(condition))
            changed = {
                name: black_out(text, [m for found in mentions.in_text(text).values() for m in found])
                for name, text in zip(names, row, strict=True)
                if isinstance(text, str)
            }
            self._checked(work.layout, 1, [sa.update(live).where(condition).values(changed)])
        return len(work.texts)

    def _delete(self, work: Work, entangled: Mapping[str, Work]) -> int:
        self._nothing_along(work, entangled)
        return self._checked(
            work.layout,
            len(work.delete),
            [sa.delete(work.layout.live).where(c) for c in self._as_shown(work.layout, work.delete)],
        )

    def _delete_entangled(self, work: Work) -> int:
        """Delete rows of which the database may have deleted or emptied some along: all were compared, and must be gone now."""
        live = work.layout.live
        for condition in self.keyed(work.layout, [trace.key for trace in work.delete]):
            self.connection.execute(sa.delete(live).where(condition))
            if self.connection.execute(sa.select(sa.literal(1)).select_from(live).where(condition).limit(1)).first():
                raise self._changed(work.layout.name)
        return len(work.delete)

    def _nothing_along(self, work: Work, works: Mapping[str, Work]) -> None:
        """Refuse where the database itself would delete or empty rows along that are not among those to delete of ``works``."""
        live = work.layout.live
        for refers in self.refers:
            if refers.target != live_table(work.layout.name) or not refers.acts:
                continue
            if not refers.wanted or any(name not in live.c for name in refers.wanted):
                continue
            schema = refers.schema or live.schema
            other = sa.table(refers.table, *(sa.column(name) for name in refers.columns), schema=schema)
            told = as_one(other.c[name] for name in refers.columns)
            stays: list[Condition] = []
            planned = [w for n, w in works.items() if w.delete and live_table(n) == refers.table and not refers.schema]
            if planned:
                other = planned[0].layout.live
                told = as_one(other.c[name] for name in refers.columns)
            for theirs in planned:
                keys = [trace.key for trace in theirs.delete]
                goes = sa.or_(*self.keyed(theirs.layout, keys))
                stays.append(sa.case((goes, 1), else_=0) == 0)  # also where a part of its key is empty
            left = 0
            for condition in self.keyed(work.layout, [trace.key for trace in work.delete]):
                going = sa.select(*(live.c[name] for name in refers.wanted)).where(condition)
                counted = sa.select(sa.func.count()).select_from(other).where(told.in_(going), *stays)
                left += int(self.connection.execute(counted).scalar_one())
            if left:
                raise RefusedError(
                    "source-conflict",
                    f"{left} rows of {refers.where} refer to {work.layout.name}; the database would {refers.on_delete} them unasked",
                    where=self.name,
                    remedy=f"Declare {refers.where} in the file of a source of its schema, and erase there first."
                    if refers.schema
                    else f"Declare {refers.table} in its file, with links and what happens to it.",
                )

    def _checked(self, layout: Layout, expected: int, statements: Iterable[Any]) -> int:
        done = sum(self.connection.execute(statement).rowcount for statement in statements)
        if done != expected:
            raise self._changed(layout.name)
        return done

    def _children_first(self, names: Sequence[str]) -> Sequence[str]:
        """Return tables so that what refers to another is deleted before it."""
        order: list[str] = []
        waiting = list(names)
        while waiting:
            aimed = {
                (refers.target, refers.acts)
                for refers in self.refers
                for other in waiting
                if refers.table == live_table(other) and refers.target != refers.table and not refers.schema
            }
            barred = [name for name in waiting if (live_table(name), False) in aimed]
            free = [name for name in waiting if name not in barred]
            ready = [name for name in free if (live_table(name), True) not in aimed] or free[:1] or waiting[:1]
            order += ready
            waiting = [name for name in waiting if name not in ready]
        return order

    def _entangled(self, order: Sequence[str]) -> Sequence[str]:
        """Return the tables whose rows the database touches by itself when others go, for they cannot all go before those."""
        at = {name: number for number, name in enumerate(order)}
        return [
            name
            for name in order
            if any(
                refers.acts
                and not refers.schema
                and refers.table == live_table(name)
                and refers.target == live_table(other)
                for refers in self.refers
                for other in order
                if at[other] <= at[name]
            )
        ]


def as_one(columns: Iterable[sa.ColumnElement[Any]]) -> sa.ColumnElement[Any]:
    """Return columns as what is compared at once."""
    first, *more = columns
    return sa.tuple_(first, *more) if more else first


def _quoted(live: sa.Table, connection: sa.Connection) -> str:
    return connection.dialect.identifier_preparer.format_table(live)


def _replaced(said: Column, column: sa.Column[Any], key: sa.Column[Any]) -> Any:
    before, mark, after = (said.value or "").partition("{key}")
    if not mark:
        kind = python_type(column)
        return sa.literal(kind(before) if kind in {int, float, bool} else before, column.type)
    return sa.literal(before) + sa.cast(key, sa.String(64)) + sa.literal(after)
