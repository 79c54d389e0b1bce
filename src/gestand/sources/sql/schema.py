"""The live schema of a database beside what is declared of it: the only names that ever enter a statement."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from gestand.kernel.errors import GestandError
from gestand.sources.declared import Column, SqlDeclared, Table
from gestand.sources.rules import finds, kind_of
from gestand.statement.policy import FieldKind, Policy

WRITTEN_BY: sa.ColumnElement[object] = sa.cast(sa.literal_column("xmin"), sa.Text())
"""Which transaction wrote a row, as PostgreSQL tells it: another one has written it since if this differs."""


class Reference(NamedTuple):
    """A foreign key of the live schema: ``table.column`` refers to ``target.wanted``; what the database does on DELETE."""

    table: str
    column: str
    target: str
    wanted: str
    on_delete: str


@dataclass(frozen=True, slots=True)
class Part:
    """A declared column with its live one."""

    name: str
    live: sa.Column[object]
    declared: Column
    kind: FieldKind
    finds: bool


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

    @property
    def columns(self) -> list[sa.ColumnElement[object]]:
        """What is read of a row: every wanted column; on PostgreSQL also which transaction wrote it."""
        found: list[sa.ColumnElement[object]] = [self.live.c[name] for name in self.wanted]
        return [*found, WRITTEN_BY] if self.versioned else found

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
        schema=declared.in_schema or None,
    )
    for table in found.tables.values():
        read_as_written(connection, table)
    return found


def read_as_written(connection: sa.Connection, table: sa.Table) -> None:
    """Read dates of SQLite as the text or number that stands there: a file of SQLite may hold anything in such a column."""
    if connection.dialect.name == "sqlite":
        for column in table.c:
            if isinstance(column.type, sa.Date | sa.DateTime | sa.Time):
                column.type = sa.Text()


def layouts(
    found: sa.MetaData, declared: SqlDeclared, policy: Policy, *, versioned: frozenset[str] = frozenset()
) -> Mapping[str, Layout]:
    """Return each declared table with its live one, those that others hang from first.

    ``versioned``: live tables of which the database tells whether a row was written since.

    :raises GestandError: ``source-column-missing``, ``source-key-missing``.
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
    parts = tuple(
        Part(column, live.c[column], said, kind_of(said, policy), finds(said, policy))
        for column, said in table.columns.items()
    )
    links = tuple((column, *_split(target)) for column, target in table.links.items())
    return Layout(
        name, live, table, key, parts, links, wanted, {column: at for at, column in enumerate(wanted)}, versioned
    )


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


def references(connection: sa.Connection, schema: str) -> tuple[Reference, ...]:
    """Return every foreign key of one column in the live schema."""
    inspector = sa.inspect(connection)
    if connection.dialect.name == "sqlite":
        return tuple(found for name in inspector.get_table_names() for found in _in_sqlite(connection, name))
    found = []
    for (_, table), keys in inspector.get_multi_foreign_keys(schema=schema or None).items():
        for key in keys:
            if len(key["constrained_columns"]) == 1:
                deleting = str(key.get("options", {}).get("ondelete") or "").upper()
                found.append(
                    Reference(
                        str(table),
                        key["constrained_columns"][0],
                        str(key["referred_table"]),
                        (key["referred_columns"] or [""])[0],
                        deleting,
                    )
                )
    return tuple(found)


_KEYS = sa.text('SELECT id, "from", "table", "to", on_delete FROM pragma_foreign_key_list(:name)')


def _in_sqlite(connection: sa.Connection, table: str) -> list[Reference]:
    """Ask SQLite itself: reflection leaves out what a key without a name does on DELETE."""
    rows = connection.execute(_KEYS, {"name": table}).fetchall()
    many = {number for number, *_ in rows if sum(other[0] == number for other in rows) > 1}
    return [
        Reference(table, column, target, wanted or _primary(connection, target), str(deleting))
        for number, column, target, wanted, deleting in rows
        if number not in many
    ]


def _primary(connection: sa.Connection, table: str) -> str:
    columns = sa.inspect(connection).get_pk_constraint(table)["constrained_columns"]
    return columns[0] if len(columns) == 1 else ""
