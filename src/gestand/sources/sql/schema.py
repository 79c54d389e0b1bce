"""The live schema of a database beside what is declared of it: the only names that ever enter a statement."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql.ranges import AbstractRange

from gestand.kernel.errors import GestandError
from gestand.sources.declared import Column, SqlDeclared, Table
from gestand.sources.rules import finds, kind_of
from gestand.statement.policy import FieldKind, Policy

WRITTEN_BY: sa.ColumnElement[object] = sa.cast(sa.literal_column("xmin"), sa.Text())
"""Which transaction wrote a row, as PostgreSQL tells it: another one has written it since if this differs."""


@dataclass(frozen=True, slots=True)
class Part:
    """A declared column with its live one. ``unread``: nobody can be looked for in what it holds, and somebody is to be."""

    name: str
    live: sa.Column[object]
    declared: Column
    kind: FieldKind
    finds: bool
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A declared table with its live one. ``wanted``: every column that a search reads, keys first."""

    name: str
    live: sa.Table
    declared: Table
    key: tuple[str, ...]
    parts: tuple[Part, ...]
    links: tuple[tuple[str, str, str], ...]  # column, target table, target column
    wanted: tuple[str, ...]
    at: Mapping[str, int]  # where each wanted column stands in a row that is read
    versioned: bool  # the database itself tells whether a row was written since
    named: bool  # the schema itself sees to it that a key names one row

    @property
    def columns(self) -> list[sa.ColumnElement[object]]:
        """What is read of a row: every wanted column; on PostgreSQL also which transaction wrote it."""
        found: list[sa.ColumnElement[object]] = [self.live.c[name] for name in self.wanted]
        return [*found, WRITTEN_BY] if self.versioned else found

    @property
    def unread(self) -> tuple[str, ...]:
        """The columns by which rows are to be found and cannot be: they hold lists, objects or bytes."""
        tied = [
            column for column, _, _ in self.links if _closed(self.live.c[column]) and not _bytes(self.live.c[column])
        ]
        return (*(part.name for part in self.parts if part.unread), *tied)

    def part(self, column: str) -> Part | None:
        """Return a declared column, or None."""
        return next((part for part in self.parts if part.name == column), None)

    @property
    def filters(self) -> list[sa.ColumnElement[bool]]:
        """The conditions that make a row one of this declared table."""
        return [self.live.c[name] == value for name, value in self.declared.where.items()]


def live_table(name: str) -> str:
    """Return the table of a declared name: ``posts#orders`` is another view of the rows of ``posts``."""
    return name.partition("#")[0]


def reflect(connection: sa.Connection, declared: SqlDeclared, tables: Collection[str]) -> sa.MetaData:
    """Read these tables of the live schema.

    :raises GestandError: ``source-table-missing``.
    """
    found = sa.MetaData(schema=declared.in_schema or None)
    inspector = sa.inspect(connection)
    there = {
        *inspector.get_table_names(schema=declared.in_schema or None),
        *inspector.get_view_names(schema=declared.in_schema or None),
    }
    missing = sorted({live_table(name) for name in tables} - there)
    if missing:
        raise GestandError(
            "source-table-missing",
            f"the database has no table {', '.join(missing)}",
            where=missing[0],
            remedy="Name the tables as the database does ('gestand source introspect' lists them).",
        )
    found.reflect(
        bind=connection,
        only=[live_table(name) for name in tables],
        resolve_fks=False,
        views=True,
        schema=declared.in_schema or None,
    )
    for table in found.tables.values():
        read_as_written(connection, table)
    return found


def read_as_written(connection: sa.Connection, table: sa.Table) -> None:
    """Read SQLite as the text or number that stands there: a file of SQLite may hold anything in any column."""
    if connection.dialect.name == "sqlite":
        for column in table.c:
            exact = isinstance(column.type, sa.Numeric) and not isinstance(column.type, sa.Float)
            if exact or isinstance(column.type, sa.Date | sa.DateTime | sa.Time | sa.Uuid | sa.JSON):
                column.info[_AS_DECLARED] = column.type
                column.type = sa.Text()


_AS_DECLARED = "as declared"
_CLOSED = (sa.ARRAY, sa.JSON, postgresql.HSTORE, postgresql.TSVECTOR, postgresql.BIT, postgresql.ENUM, AbstractRange)


def _closed(column: sa.Column[Any]) -> bool:
    """Say whether a column holds what is no single value: a list, an object; or bytes."""
    return isinstance(_kind(column), _CLOSED) or _bytes(column)


def _bytes(column: sa.Column[Any]) -> bool:
    return isinstance(_kind(column), sa.types._Binary)  # noqa: SLF001 - what all types of bytes are, on every engine


def _kind(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    return _within(column.info.get(_AS_DECLARED, column.type))


def _within(kind: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    return kind.data_type if isinstance(kind, postgresql.DOMAIN) else kind


def _unread(column: sa.Column[Any], *, finds: bool, free_text: bool) -> bool:
    """Say whether a column is to be searched, and is of a type in which nothing would be found."""
    wordless = free_text and not isinstance(_within(column.type), sa.String | sa.types.NullType)
    return wordless or ((finds or free_text) and _closed(column))


def layouts(
    found: sa.MetaData, declared: SqlDeclared, policy: Policy, *, versioned: frozenset[str] = frozenset()
) -> Mapping[str, Layout]:
    """Return each declared table with its live one, those that others hang from first.

    ``versioned``: live tables of which the database tells whether a row was written since.

    :raises GestandError: ``source-column-missing``, ``source-key-missing``, ``source-key-ambiguous``.
    """
    made = {
        name: _layout(name, table, found, declared, policy, versioned=live_table(name) in versioned)
        for name, table in declared.tables.items()
    }
    return {name: made[name] for name in _ordered(made)}


def versioned_tables(connection: sa.Connection, schema: str) -> frozenset[str]:
    """Return the live tables whose rows say which transaction wrote them: those of PostgreSQL, views left out."""
    if connection.dialect.name != "postgresql":
        return frozenset()
    return frozenset(sa.inspect(connection).get_table_names(schema=schema or None))


def _layout(
    name: str, table: Table, found: sa.MetaData, declared: SqlDeclared, policy: Policy, *, versioned: bool
) -> Layout:
    prefix = f"{declared.in_schema}." if declared.in_schema else ""
    live = found.tables[prefix + live_table(name)]
    key = table.key or tuple(column.name for column in live.primary_key.columns)
    aimed = [
        target.partition(".")[2]
        for other in declared.tables.values()
        for target in other.links.values()
        if target.partition(".")[0] == name
    ]
    extra = [name for name in (table.restrict, table.since) if name]
    told = (table.happens.number, table.happens.on) if table.happens else ()
    wanted = tuple(dict.fromkeys((*key, *table.links, *aimed, *table.columns, *extra)))
    missing = [column for column in (*wanted, *table.where, *told) if column not in live.c]
    if missing:
        raise GestandError(
            "source-column-missing",
            f"table {name} has no column {', '.join(missing)}",
            where=name,
            remedy="Name the columns as the database does.",
        )
    if not key:
        raise GestandError(
            "source-key-missing",
            f"table {name} has no primary key and none is declared: its rows cannot be named",
            where=name,
            remedy='Write key = ["column", …] with columns that together name one row.',
        )
    unnamed = [column for column in key if _closed(live.c[column]) and not _bytes(live.c[column])]
    if unnamed:
        raise GestandError(
            "source-key-ambiguous",
            f"{', '.join(unnamed)} of {name} holds lists or objects: its rows cannot be named by it",
            where=name,
            remedy="Write key with columns of numbers or texts that together name one row.",
        )
    parts = tuple(
        Part(
            column,
            live.c[column],
            said,
            kind_of(said, policy),
            finds(said, policy),
            _unread(live.c[column], finds=finds(said, policy), free_text=said.free_text),
        )
        for column, said in table.columns.items()
    )
    links = tuple((column, *_split(target)) for column, target in table.links.items())
    return Layout(
        name, live, table, key, parts, links, wanted, {column: at for at, column in enumerate(wanted)}, versioned,
        _names_one_row(live, key),
    )  # fmt: skip


def _names_one_row(live: sa.Table, key: Sequence[str]) -> bool:
    """Say whether the schema lets no two rows have the same key, and none be without."""
    filled = {column.name for column in live.c if not column.nullable}
    primary = [column.name for column in live.primary_key]
    if len(primary) == 1 and type(live.c[primary[0]].type) is sa.INTEGER:
        filled.add(primary[0])  # the number of a row of SQLite, which is never empty though it may be said to be
    alone = [primary]
    alone += [[c.name for c in one.columns] for one in live.constraints if isinstance(one, sa.UniqueConstraint)]
    alone += [[c.name for c in one.columns] for one in live.indexes if one.unique and _of_every_row(one)]
    return any(names and {*names} <= {*key} & filled for names in alone)


def _of_every_row(index: sa.Index) -> bool:
    partial = any(index.dialect_options[engine].get("where") is not None for engine in ("postgresql", "sqlite"))
    return not partial and len(index.columns) == len(list(index.expressions))


def _split(target: str) -> tuple[str, str]:
    table, _, column = target.partition(".")
    return table, column


def _ordered(made: Mapping[str, Layout]) -> Sequence[str]:
    """Return the tables so that each comes after those its links lead to, as far as links do not run in a circle."""
    order: list[str] = []
    waiting = sorted(made, key=lambda name: (not made[name].declared.person, list(made).index(name)))
    while waiting:
        ready = [
            name for name in waiting if all(t in order or t == name or t not in made for _, t, _ in made[name].links)
        ]
        chosen = ready or waiting[:1]
        order += chosen
        waiting = [name for name in waiting if name not in chosen]
    return order
