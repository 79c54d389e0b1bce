"""What tables a store has, with their columns and keys, asked of the store itself."""

from __future__ import annotations

from typing import NamedTuple

from gestand.storage.engine import Engine
from gestand.storage.postgres import PostgresEngine

_IN_SQLITE = """
    SELECT m.name, c.name, c.pk FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY m.name, c.cid
"""
_IN_POSTGRES = """
    SELECT relname::text, attname::text, coalesce(array_position(conkey, attnum), 0) FROM pg_class
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
    LEFT JOIN pg_constraint ON conrelid = pg_class.oid AND contype = 'p'
    WHERE nspname = current_schema() AND relkind = 'r' ORDER BY relname COLLATE "C", attnum
"""
_CONSTRAINTS = """
    SELECT conrelid::regclass::text, contype::text, pg_get_constraintdef(pg_constraint.oid) FROM pg_constraint
    JOIN pg_class ON pg_class.oid = conrelid JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace
    WHERE nspname = current_schema() ORDER BY 1, 2, 3
"""
_UNIQUE_INDEXES = """
    SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    JOIN pg_class ON pg_class.oid = indrelid JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace
    WHERE nspname = current_schema() AND indisunique ORDER BY 1, 2
"""


class Table(NamedTuple):
    """A table: its columns in their order, and those of its primary key in theirs."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


class Rule(NamedTuple):
    """A constraint or unique index of PostgreSQL: ``kind`` p, u, f, c, or i for an index; ``text`` its definition."""

    table: str
    kind: str
    text: str


def tables(engine: Engine) -> tuple[Table, ...]:
    """Return all tables of a store, in order of name."""
    columns: dict[str, list[tuple[str, int]]] = {}
    for name, column, place in engine.execute(_IN_POSTGRES if isinstance(engine, PostgresEngine) else _IN_SQLITE):
        columns.setdefault(str(name), []).append((str(column), int(place or 0)))
    return tuple(
        Table(
            name,
            tuple(column for column, _ in found),
            tuple(column for column, place in sorted(found, key=lambda pair: pair[1]) if place),
        )
        for name, found in sorted(columns.items())
    )


def rules(engine: PostgresEngine) -> tuple[Rule, ...]:
    """Return every constraint and unique index of a store on PostgreSQL."""
    constraints = [Rule(str(table), str(kind), str(text)) for table, kind, text in engine.execute(_CONSTRAINTS)]
    indexes = [Rule(str(table), "i", str(text)) for table, _, text in engine.execute(_UNIQUE_INDEXES)]
    return (*constraints, *indexes)
