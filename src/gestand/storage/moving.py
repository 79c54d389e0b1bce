"""Carrying a store from one engine to the other, row by row as it stands: sealed bytes stay sealed.

The target is built by the scripts that the source was built by. Then, table by table and page by page in order of key,
what differs is written again. Killed anywhere, the next call finds what is right already and goes on, also if the source
was used in between. In the end every table is read again on both sides: count and digest must be the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from gestand.kernel.errors import DamagedError, UsageError
from gestand.storage.engine import Engine, Row, Value
from gestand.storage.migrating import scripts_of
from gestand.storage.postgres import PostgresEngine
from gestand.storage.tables import Table, tables

PAGE: Final = 2000
_OWN: Final = ("room_version", "room_script")  # written by ``migrate`` itself
_COUNTERS = """
    SELECT relname::text, attname::text FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = current_schema() AND relkind = 'r' AND attidentity <> ''
"""


class Carried(NamedTuple):
    """A table as it stands on both sides: number of rows, and the SHA-256 over all of them in order of key."""

    table: str
    rows: int
    digest: str


def carry(
    source: Engine, target: Engine, *, each: Callable[[str, int], None] = lambda _table, _rows: None
) -> tuple[Carried, ...]:
    """Make ``target`` hold what ``source`` holds, and check it. ``each`` is told after a page: table, rows done.

    Nobody else may write to either meanwhile.

    :raises UsageError: ``store-newer``, ``move-target-other`` if the target was built by other scripts.
    :raises DamagedError: ``move-differs`` if a table is not the same afterwards.
    """
    scripts = scripts_of(source)
    for room, texts in scripts.items():
        target.migrate(room, texts)
    if scripts_of(target) != scripts:
        raise UsageError(
            "move-target-other",
            "the tables of the target were made by another version of Gestand, or for something else",
            remedy="Move into a schema or folder of its own, that nothing else uses.",
        )
    found = [table for table in tables(source) if table.name not in _OWN]
    for table in found:
        _carry_table(source, target, table, each)
    if isinstance(target, PostgresEngine):
        _set_counters(target)
        for table in found:  # else the server guesses how its rows lie until it looks by itself, and reads whole tables
            target.execute(f"ANALYZE {table.name}")
    return tuple(_compared(source, target, table) for table in found)


def digest_of(engine: Engine, table: Table) -> Carried:
    """Return the number of rows of a table and the digest over them."""
    digest, count = hashlib.sha256(), 0
    for row in _rows(engine, table):
        digest.update(repr(row).encode())
        count += 1
    return Carried(table.name, count, digest.hexdigest())


def _carry_table(source: Engine, target: Engine, table: Table, each: Callable[[str, int], None]) -> None:
    key = [table.columns.index(column) for column in table.key]
    put = f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({', '.join('?' * len(table.columns))})"  # noqa: S608 - names from the store itself
    after: tuple[Value, ...] | None = None
    done, more = 0, True
    while more:
        page = _page(source, table, after, None, PAGE)
        more = len(page) == PAGE
        last = tuple(page[-1][at] for at in key) if more else None
        if _page(target, table, after, last, None) != page:
            with target.transaction():
                where, parameters = _between(table, after, last)
                target.execute(f"DELETE FROM {table.name}{where}", parameters)  # noqa: S608
                target.many(put, page)
        after, done = last, done + len(page)
        each(table.name, done)


def _rows(engine: Engine, table: Table) -> Iterator[Row]:
    after: tuple[Value, ...] | None = None
    while page := _page(engine, table, after, None, PAGE):
        yield from page
        after = tuple(page[-1][table.columns.index(column)] for column in table.key)


def _page(
    engine: Engine, table: Table, after: tuple[Value, ...] | None, last: tuple[Value, ...] | None, most: int | None
) -> list[Row]:
    where, parameters = _between(table, after, last)
    limit = "" if most is None else f" LIMIT {most}"
    columns, key = ", ".join(table.columns), ", ".join(table.key)
    return engine.execute(f"SELECT {columns} FROM {table.name}{where} ORDER BY {key}{limit}", parameters)  # noqa: S608


def _between(
    table: Table, after: tuple[Value, ...] | None, last: tuple[Value, ...] | None
) -> tuple[str, tuple[Value, ...]]:
    key, places = ", ".join(table.key), ", ".join("?" * len(table.key))
    bounds = [f"({key}) {sign} ({places})" for sign, bound in ((">", after), ("<=", last)) if bound is not None]
    return (" WHERE " + " AND ".join(bounds) if bounds else ""), (*(after or ()), *(last or ()))


def _compared(source: Engine, target: Engine, table: Table) -> Carried:
    here, there = digest_of(source, table), digest_of(target, table)
    if here != there:
        raise DamagedError(
            "move-differs",
            f"{table.name} has {here.rows} rows here and {there.rows} there, or other ones",
            where=table.name,
            remedy="Nothing was switched over. Do it again; if it stays, check both stores.",
        )
    return here


def _set_counters(target: PostgresEngine) -> None:
    for row in target.execute(_COUNTERS):
        table, column = map(str, row)
        target.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), coalesce(max({column}), 1), "  # noqa: S608
            f"max({column}) IS NOT NULL) FROM {table}"
        )
