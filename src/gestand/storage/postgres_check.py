"""Looking after the files of PostgreSQL: dropping dead rows, and reading everything to see that it is whole."""

from __future__ import annotations

import time

from psycopg import sql
from psycopg.errors import LockNotAvailable

from gestand.kernel.errors import DamagedError, GestandError
from gestand.storage.postgres_session import Connection, Place

_READERS_SECONDS = 10.0
_LOOK = 0.05
_MARK = "SELECT pg_current_xact_id()::text"
_OLDER_READERS = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend' AND backend_xmin IS NOT NULL
    AND age(backend_xmin) >= age((($1::text::xid8)::xid))
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY tablename"
_AMCHECK = (
    "SELECT nspname FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'amcheck'"
)
_INDEXES = """
    SELECT pg_class.oid::regclass::text FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    JOIN pg_am ON pg_am.oid = relam WHERE nspname = $1 AND relkind = 'i' AND amname = 'btree' ORDER BY 1
"""


def vacuum(connection: Connection, table: str) -> None:
    """Drop the dead rows of a table and of its indexes, unless a lock keeps it: then the server does it by and by."""
    connection.execute(sql.SQL("VACUUM (SKIP_LOCKED, TRUNCATE false) {}").format(sql.Identifier(table)).as_string(None))


def tables_of(connection: Connection, schema: str) -> set[str]:
    """Return the tables of a schema."""
    return {str(name) for (name,) in connection.execute(_TABLES, (schema,))}


def rewrite(connection: Connection, table: str) -> None:
    """Write a table and its indexes anew without its dead rows; where readers keep it for long, only drop those."""
    try:
        connection.execute(sql.SQL("VACUUM (FULL) {}").format(sql.Identifier(table)).as_string(None))
    except LockNotAvailable:
        vacuum(connection, table)


def drop(connection: Connection, schema: str) -> None:
    """Remove a schema with all that is in it."""
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)).as_string(None))


def wait_for_readers(connection: Connection, where: str) -> None:
    """Return when no session of this database has a snapshot that still shows rows deleted before now.

    :raises GestandError: ``store-busy`` if one goes on.
    """
    ((mark,),) = connection.execute(_MARK).fetchall()
    until = time.monotonic() + _READERS_SECONDS
    while connection.execute(_OLDER_READERS, (mark,)).fetchone() != (0,):
        if time.monotonic() > until:
            raise busy("a session of the database still reads from before the deletion", where)
        time.sleep(_LOOK)


def busy(why: str, where: str) -> GestandError:
    """Return the error for deleted rows that cannot be dropped yet."""
    return GestandError(
        "store-busy",
        f"{why}, so deleted rows are kept",
        where=where,
        remedy="Wait until it has finished, and do it again; an erasure resumes by itself.",
    )


def verify(connection: Connection, place: Place) -> None:
    """Check the schema's indexes with amcheck, if it is there, and read every row of every table.

    :raises DamagedError: ``store-damaged``.
    """
    tables = [str(name) for (name,) in connection.execute(_TABLES, (place.schema,))]
    home = connection.execute(_AMCHECK).fetchone()
    if home is not None:
        schema = sql.Identifier(str(home[0]))
        look = sql.SQL("SELECT {}.bt_index_check($1::text::regclass, true)").format(schema).as_string(None)
        for (index,) in connection.execute(_INDEXES, (place.schema,)).fetchall():
            connection.execute(look, (index,))
        heap = sql.SQL("SELECT count(*) FROM {}.verify_heapam($1::text::regclass)").format(schema).as_string(None)
        for table in tables:
            if connection.execute(heap, (f'"{table}"',)).fetchone() != (0,):
                raise DamagedError(
                    "store-damaged",
                    f"the table {table} does not verify",
                    where=place.where,
                    remedy="Stop writing, and restore from a backup.",
                )
    for table in tables:
        read = sql.SQL("SELECT max(md5(one::text)) FROM {} AS one").format(sql.Identifier(table))
        connection.execute(read.as_string(None))
