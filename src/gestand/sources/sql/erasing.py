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
from gestand.sources.sql.asking import CHUNK, Condition, among, python_type
from gestand.sources.sql.schema import Layout, Reference, live_table
from gestand.sources.sql.traces import MENTIONED, version_of

Key = tuple[object, ...]


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

        :raises RefusedError: ``source-changed``, ``source-conflict``.
        """
        done = 0
        for work in works.values():
            self._same(work)
        for work in works.values():
            done += self._black_out(work, mentions)
            done += self._change(work)
        for name in self._children_first([n for n, work in works.items() if work.delete]):
            done += self._delete(works[name])
        return done

    def _same(self, work: Work) -> None:
        """Lock the rows and compare them with what was shown."""
        whole = () if work.layout.versioned else (*work.delete, *work.change)  # else compared as they are touched
        shown = {trace.key: trace.version for trace in (*whole, *work.texts)}
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
        if len(layout.key) == 1:
            column = layout.live.c[layout.key[0]]
            whole = self.dialect in {"postgresql", "sqlite"} and all(isinstance(key[0], int | str) for key in keys)
            size = max(len(keys), 1) if whole else CHUNK
            for start in range(0, len(keys), size):
                some = [key[0] for key in keys[start : start + size]]
                yield among(column, some, self.dialect) if whole else column.in_(some)
            return
        columns = sa.tuple_(*(layout.live.c[name] for name in layout.key))
        for start in range(0, len(keys), CHUNK // 4):
            yield columns.in_(list(keys[start : start + CHUNK // 4]))

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

    def _delete(self, work: Work) -> int:
        self._nothing_along(work)
        return self._checked(
            work.layout,
            len(work.delete),
            [sa.delete(work.layout.live).where(c) for c in self._as_shown(work.layout, work.delete)],
        )

    def _nothing_along(self, work: Work) -> None:
        """Refuse where the database itself would delete or empty rows along that nobody planned."""
        for refers in self.refers:
            if refers.target != live_table(work.layout.name) or refers.on_delete in {"", "NO ACTION", "RESTRICT"}:
                continue
            if refers.wanted not in work.layout.at:
                continue
            other = sa.table(refers.table, sa.column(refers.column), schema=work.layout.live.schema)
            aimed = [work.layout.live.c[refers.wanted]]
            left = 0
            for condition in self.keyed(work.layout, [trace.key for trace in work.delete]):
                going = sa.select(*aimed).where(condition)
                counted = sa.select(sa.func.count()).select_from(other).where(other.c[refers.column].in_(going))
                left += int(self.connection.execute(counted).scalar_one())
            if left:
                raise RefusedError(
                    "source-conflict",
                    f"{left} rows of {refers.table} refer to {work.layout.name}; the database would {refers.on_delete} them unasked",
                    where=self.name,
                    remedy=f"Declare {refers.table} in its file, with links and what happens to it.",
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
                refers.target
                for refers in self.refers
                for other in waiting
                if refers.table == live_table(other) and refers.target != refers.table
            }
            ready = [name for name in waiting if live_table(name) not in aimed] or waiting[:1]
            order += ready
            waiting = [name for name in waiting if name not in ready]
        return order


def _quoted(live: sa.Table, connection: sa.Connection) -> str:
    return connection.dialect.identifier_preparer.format_table(live)


def _replaced(said: Column, column: sa.Column[Any], key: sa.Column[Any]) -> Any:
    before, mark, after = (said.value or "").partition("{key}")
    if not mark:
        kind = python_type(column)
        return sa.literal(kind(before) if kind in {int, float, bool} else before, column.type)
    return sa.literal(before) + sa.cast(key, sa.String(64)) + sa.literal(after)
