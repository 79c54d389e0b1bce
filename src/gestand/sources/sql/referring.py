"""Foreign keys of a live database that lead to the tables of a source: whole, and from every schema.

What the database does along when a row goes, it does over keys of several columns and from other schemas too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

_IDLE = frozenset({"", "NO ACTION", "RESTRICT"})


class Reference(NamedTuple):
    """A foreign key: ``columns`` of ``table`` refer to ``wanted`` of ``target``; what the database does on DELETE.

    ``schema``: where its table is, if elsewhere than the tables of the source.
    """

    table: str
    columns: tuple[str, ...]
    target: str
    wanted: tuple[str, ...]
    on_delete: str = ""
    schema: str = ""

    @property
    def acts(self) -> bool:
        """Whether the database itself deletes or empties what refers to a row that goes."""
        return self.on_delete not in _IDLE

    @property
    def where(self) -> str:
        """Its table, as a person finds it."""
        return f"{self.schema}.{self.table}" if self.schema else self.table


def references(connection: sa.Connection, schema: str) -> tuple[Reference, ...]:
    """Return every foreign key that leads to a table of a schema."""
    dialect = connection.dialect.name
    if dialect == "sqlite":
        return tuple(_in_sqlite(connection))
    if dialect == "postgresql":
        rows = connection.execute(_POSTGRESQL, {"schema": schema or None})
        return tuple(
            Reference(table, tuple(columns), target, tuple(wanted), on_delete, elsewhere)
            for table, columns, target, wanted, on_delete, elsewhere in rows
        )
    if dialect in {"mysql", "mariadb"}:
        return tuple(_assembled(connection.execute(_MARIADB, {"schema": schema or None})))
    return tuple(_reflected(connection, schema))


def _reflected(connection: sa.Connection, schema: str) -> Iterator[Reference]:
    for (_, table), keys in sa.inspect(connection).get_multi_foreign_keys(schema=schema or None).items():
        for key in keys:
            deleting = str(key.get("options", {}).get("ondelete") or "").upper()
            if key["referred_schema"] in {None, schema}:
                yield Reference(
                    str(table),
                    tuple(key["constrained_columns"]),
                    str(key["referred_table"]),
                    tuple(key["referred_columns"]),
                    deleting,
                )


# A key that does nothing on DELETE stops it by itself; from elsewhere it is only worth asking about where it may be read.
_POSTGRESQL = sa.text("""
    SELECT child.relname,
        (SELECT array_agg(a.attname::text ORDER BY k.at) FROM unnest(c.conkey) WITH ORDINALITY AS k (number, at)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number),
        aim.relname,
        (SELECT array_agg(a.attname::text ORDER BY k.at) FROM unnest(c.confkey) WITH ORDINALITY AS k (number, at)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.number),
        CASE c.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' ELSE '' END,
        CASE WHEN home.oid = own.oid THEN '' ELSE home.nspname::text END
    FROM pg_catalog.pg_constraint c
    JOIN pg_catalog.pg_class child ON child.oid = c.conrelid
    JOIN pg_catalog.pg_namespace home ON home.oid = child.relnamespace
    JOIN pg_catalog.pg_class aim ON aim.oid = c.confrelid
    JOIN pg_catalog.pg_namespace own ON own.oid = aim.relnamespace
    WHERE c.contype = 'f' AND own.nspname = COALESCE(CAST(:schema AS text), current_schema())
        AND (home.oid = own.oid OR c.confdeltype IN ('c', 'n', 'd')
            OR (has_schema_privilege(home.oid, 'USAGE') AND has_table_privilege(child.oid, 'SELECT')))
    ORDER BY home.nspname, child.relname, c.conname
""")

_MARIADB = sa.text("""
    SELECT k.TABLE_SCHEMA, k.TABLE_NAME, k.CONSTRAINT_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_NAME, k.REFERENCED_COLUMN_NAME,
        r.DELETE_RULE, CASE WHEN k.TABLE_SCHEMA = k.REFERENCED_TABLE_SCHEMA THEN '' ELSE k.TABLE_SCHEMA END
    FROM information_schema.KEY_COLUMN_USAGE k
    JOIN information_schema.REFERENTIAL_CONSTRAINTS r ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA
        AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
    WHERE k.REFERENCED_TABLE_SCHEMA = COALESCE(:schema, DATABASE())
    ORDER BY k.TABLE_SCHEMA, k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION
""")


def _assembled(rows: Iterable[Any]) -> Iterator[Reference]:
    """Yield the keys of rows that each tell one column of one."""
    found: dict[tuple[str, str, str], Reference] = {}
    for home, table, name, column, target, wanted, deleting, elsewhere in rows:
        before = found.get((home, table, name)) or Reference(table, (), target, (), deleting, elsewhere)
        found[home, table, name] = before._replace(columns=(*before.columns, column), wanted=(*before.wanted, wanted))
    yield from found.values()


_KEYS = sa.text('SELECT id, "from", "table", "to", on_delete FROM pragma_foreign_key_list(:name) ORDER BY id, seq')


def _in_sqlite(connection: sa.Connection) -> Iterator[Reference]:
    """Ask SQLite itself: reflection leaves out what a key without a name does on DELETE, and case means nothing to it."""
    inspector = sa.inspect(connection)
    names = {name.lower(): name for name in inspector.get_table_names()}
    for table in names.values():
        keys: dict[int, list[Any]] = {}
        for row in connection.execute(_KEYS, {"name": table}):
            keys.setdefault(row[0], []).append(row)
        for rows in keys.values():
            target = names.get(rows[0][2].lower(), rows[0][2])
            wanted = _wanted(inspector, target, [row[3] for row in rows]) if target in names.values() else ()
            yield Reference(table, tuple(row[1] for row in rows), target, wanted, str(rows[0][4]).upper())


def _wanted(inspector: sa.Inspector, target: str, said: list[str | None]) -> tuple[str, ...]:
    """Return the columns a key of SQLite names; the primary key where it names none."""
    if None in said:
        primary = tuple(inspector.get_pk_constraint(target)["constrained_columns"])
        return primary if len(primary) == len(said) else ()
    columns: Mapping[str, str] = {column["name"].lower(): column["name"] for column in inspector.get_columns(target)}
    return tuple(columns.get(str(name).lower(), str(name)) for name in said)
