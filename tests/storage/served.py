"""A store on a server of its own, with one table, for what only a server can do to us."""

from __future__ import annotations

from gestand.storage.postgres import PostgresEngine, open_postgres
from postgres_server import Server

TABLE = "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c BLOB)"


def served(server: Server) -> PostgresEngine:
    """Return a store in a schema of its own."""
    made = open_postgres(server.dsn(), schema=server.schema())
    made.migrate("test", (TABLE,))
    return made


def rows(engine: PostgresEngine) -> list[object]:
    """Return the numbers in the table, in order."""
    return [row[0] for row in engine.execute("SELECT a FROM t ORDER BY a")]


def put(engine: PostgresEngine, number: int) -> None:
    """Add a number."""
    engine.execute("INSERT INTO t (a) VALUES (?)", (number,))
