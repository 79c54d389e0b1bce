"""Rows of a database whose period is over, and their end. Dates are read as the database keeps them: date, moment, text, seconds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from gestand.kernel.clock import local_date
from gestand.kernel.errors import GestandError
from gestand.sources.ageing import AgedRow, gone_from, key_of, newest_due
from gestand.sources.knowing import Agreement
from gestand.sources.model import Confidence, Trace
from gestand.sources.place import SourcePlace
from gestand.sources.sql.asking import CHUNK, Condition, among, chunks, python_type
from gestand.sources.sql.erasing import Work, as_one, to_go
from gestand.sources.sql.naming import Key
from gestand.sources.sql.referring import Reference
from gestand.sources.sql.schema import Layout, live_table
from gestand.sources.sql.traces import trace_of

OVER = Agreement(Confidence.CERTAIN, "its period is over")
RESTRICTED = "daar beperkt, AVG 18 (restricted there)"
"""Why a row stays that bears the mark of a restriction: erasing is use, and it may only be stored (Article 4(2), 18(2))."""
_UNMARKED = (None, 0, "", "0")
_ISO = "____-__-__%"


class Overdue:
    """The rows of one database that must be gone on a day, with those that wait for others."""

    def __init__(  # noqa: PLR0917 - what a sweep stands on
        self,
        connection: sa.Connection,
        layouts: Mapping[str, Layout],
        refers: Sequence[Reference],
        place: SourcePlace,
        name: str,
        on: date,
    ) -> None:
        self._connection = connection
        self._layouts = layouts
        self._refers = _referring(layouts, refers)
        self._place = place
        self._name = name
        self._since: dict[tuple[str, Key], date] = {}
        self._holds: dict[tuple[str, Key], str] = {}
        self._works = {table: work for table, layout in layouts.items() if (work := self._work(layout, on))}
        while self._hold():
            pass  # a row that waits may make those it refers to wait

    def rows(self) -> tuple[AgedRow, ...]:
        """Return every row, oldest first."""
        found = []
        for table, work in self._works.items():
            shelf = self._layouts[table].declared.shelf
            for trace in (*work.delete, *work.change):
                since = self._since[table, trace.key]
                found.append(
                    AgedRow(
                        key_of(self._name, table, trace.key), self._name, table, shelf, since,
                        gone_from(self._place.policy.shelves[shelf], since), self._holds.get((table, trace.key), ""),
                    )
                )  # fmt: skip
        return tuple(sorted(found, key=lambda row: (row.gone_from, row.key)))

    def works(self, keys: Collection[str]) -> dict[str, Work]:
        """Return what is to be done with those of ``keys`` that are still due and wait for nobody."""
        wanted = frozenset(keys)
        return {
            table: Work(work.layout, self._chosen(table, work.delete, wanted), self._chosen(table, work.change, wanted))
            for table, work in self._works.items()
        }

    def _chosen(self, table: str, traces: Sequence[Trace], wanted: frozenset[str]) -> list[Trace]:
        return [
            trace
            for trace in traces
            if key_of(self._name, table, trace.key) in wanted and (table, trace.key) not in self._holds
        ]

    def _work(self, layout: Layout, on: date) -> Work | None:
        declared = layout.declared
        shelf = self._place.policy.shelves.get(declared.shelf)
        newest = newest_due(shelf, on) if shelf is not None else None
        if newest is None:
            return None
        column = layout.live.c[declared.since]
        query = sa.select(*layout.columns).where(*layout.filters, column.is_not(None), _until(column, newest))
        work = Work(layout)
        for row in self._connection.execute(query):
            values = tuple(row)
            since = read_date(values[layout.at[declared.since]], f"{self._name}: {layout.name}.{declared.since}")
            if since > newest:
                continue
            trace = trace_of(layout, values, self._place, self._name, OVER)
            if declared.erase != "columns":
                work.delete.append(trace)
            elif to_go(trace, {n: c for n, c in declared.columns.items() if c.erase in {"null", "replace"}}):
                work.change.append(trace)
            self._since[layout.name, trace.key] = since
            if declared.restrict and values[layout.at[declared.restrict]] not in _UNMARKED:
                self._holds[layout.name, trace.key] = RESTRICTED
        return work if work.delete or work.change else None

    def _hold(self) -> bool:
        """Mark rows to which others refer that do not leave with them; say whether any was marked now."""
        marked = False
        for table, work in self._works.items():
            for refers in self._refers.get(table, ()):
                if any(name not in work.layout.live.c for name in refers.wanted):
                    continue
                waiting = [trace for trace in work.delete if (table, trace.key) not in self._holds]
                for trace in self._still_wanted(work.layout, waiting, refers):
                    self._holds[table, trace.key] = f"rows of {refers.where} that are not due refer to it"
                    marked = True
        return marked

    def _still_wanted(self, layout: Layout, traces: Sequence[Trace], refers: Reference) -> Iterator[Trace]:
        aimed: dict[Key, list[Trace]] = {}
        by_key = {trace.key: trace for trace in traces}
        for key, values in self._values(layout, list(by_key), refers.wanted):
            aimed.setdefault(values, []).append(by_key[key])
        for values in self._used(layout, refers, [v for v in aimed if None not in v]):
            yield from aimed.pop(values, ())

    def _values(self, layout: Layout, keys: Sequence[Key], wanted: tuple[str, ...]) -> Iterator[tuple[Key, Key]]:
        if layout.key == wanted:
            yield from ((key, key) for key in keys)
            return
        names = [layout.live.c[name] for name in (*layout.key, *wanted)]
        left = set(keys)
        width = len(layout.key)
        for row in self._connection.execute(sa.select(*names).where(*layout.filters)):
            if tuple(row)[:width] in left:
                yield tuple(row)[:width], tuple(row)[width:]

    def _used(self, layout: Layout, refers: Reference, values: Sequence[Key]) -> Iterator[Key]:
        """Yield those of ``values`` that rows of another table name which do not leave."""
        of = () if refers.schema else self._layouts.values()
        theirs = next((one for one in of if live_table(one.name) == refers.table), None)
        leaving = {
            trace.key
            for name, work in self._works.items()
            if live_table(name) == refers.table and not refers.schema
            for trace in work.delete
            if (name, trace.key) not in self._holds
        }
        schema = refers.schema or layout.live.schema
        live = theirs.live if theirs else sa.table(refers.table, *map(sa.column, refers.columns), schema=schema)
        key = theirs.key if theirs else ()
        names = [live.c[name] for name in (*key, *refers.columns)]
        for condition in self._named(names[len(key) :], values):
            for row in self._connection.execute(sa.select(*names).where(condition)):
                if tuple(row)[: len(key)] not in leaving:
                    yield tuple(row)[len(key) :]

    def _named(self, columns: Sequence[sa.ColumnElement[Any]], values: Sequence[Key]) -> Iterator[Condition]:
        dialect = self._connection.dialect.name
        if len(columns) == 1:
            yield from (among(columns[0], list(some), dialect) for some in chunks([v for (v,) in values], dialect))
            return
        for start in range(0, len(values), CHUNK // 4):
            yield as_one(columns).in_(list(values[start : start + CHUNK // 4]))


def _referring(layouts: Mapping[str, Layout], refers: Sequence[Reference]) -> Mapping[str, frozenset[Reference]]:
    """Return for each declared table who refers to it: by a key of the database, or by what is declared."""
    found: dict[str, set[Reference]] = {}
    for name in layouts:
        for one in refers:
            if one.target == live_table(name) and one.wanted:
                found.setdefault(name, set()).add(one._replace(target=name, on_delete=""))
        for other in layouts.values():
            for column, table, wanted in other.links:
                if table == name:
                    found.setdefault(name, set()).add(Reference(live_table(other.name), (column,), name, (wanted,)))
    return {name: frozenset(them) for name, them in found.items()}


def _until(column: sa.Column[Any], newest: date) -> sa.ColumnElement[bool]:
    """Return the condition under which a row began on or before a day, or its date must be looked at more closely."""
    after = newest + timedelta(days=2)  # a moment is of the local day, which may begin before that of UTC
    kind = python_type(column)
    if kind is int:
        return column < int(datetime(after.year, after.month, after.day, tzinfo=UTC).timestamp())
    if kind is str:
        return sa.or_(column < after.isoformat(), sa.not_(column.like(_ISO)))
    if kind is datetime:
        return column < datetime(after.year, after.month, after.day, tzinfo=UTC if _zoned(column) else None)
    return column < after


def _zoned(column: sa.Column[Any]) -> bool:
    return bool(getattr(column.type, "timezone", False))


def read_date(value: Any, where: str) -> date:
    """Return the day of a value as a database keeps it; a moment with a zone is of the local day.

    :raises GestandError: ``source-date``.
    """
    try:
        if isinstance(value, datetime):
            return local_date(value) if value.tzinfo else value.date()
        if isinstance(value, date):
            return value
        if isinstance(value, int):
            return local_date(datetime.fromtimestamp(value, UTC))
        return date.fromisoformat(str(value)[:10])
    except (ValueError, OverflowError, OSError):
        raise GestandError(
            "source-date",
            "a date in it cannot be read: it is no date, moment, text like 2026-03-31 or number of seconds",
            where=where,
            remedy="Name another column with since, or put right what stands in it.",
        ) from None


def undated(connection: sa.Connection, layout: Layout) -> int:
    """Return how many rows of a table have no date at all, so that they would never leave."""
    column = layout.live.c[layout.declared.since]
    query = sa.select(sa.func.count()).select_from(layout.live).where(*layout.filters, column.is_(None))
    return int(connection.execute(query).scalar_one())
