"""One connection to PostgreSQL as an engine needs it: durable, bytewise, with a limit on waiting.

Whatever the server's defaults are, a commit waits for stable storage; a server that runs without ``fsync`` is refused,
for it cannot keep what it acknowledged.
"""

from __future__ import annotations

import hashlib
import time
from decimal import Decimal
from typing import Final

import psycopg
from psycopg import sql
from psycopg.adapt import Buffer, Loader
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Format, TransactionStatus
from psycopg.rows import TupleRow
from psycopg.types.numeric import Int8BinaryDumper, NumericBinaryLoader
from psycopg.types.string import StrDumper

from gestand.kernel.errors import GestandError, UsageError
from gestand.storage.postgres_faults import not_opened, translated
from gestand.storage.postgres_line import Line


class Connection(psycopg.Connection[TupleRow]):
    """A connection and what goes over it ahead of its answers."""

    line: Line


OLDEST: Final = 150_000
"""PostgreSQL 15."""
_LOCK_WAIT: Final = "60s"
_CONNECT_SECONDS: Final = 10
_SETTINGS: Final = f"""
    SELECT set_config('synchronous_commit',
        CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false),
        set_config('lock_timeout', '{_LOCK_WAIT}', false), set_config('client_min_messages', 'warning', false),
        set_config('row_security', 'off', false), set_config('tcp_keepalives_idle', '30', false)
"""
_SERVER: Final = (
    "SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('server_encoding')"
)
_CLAIMS: Final = 20  # the server lets go of a closed connection's claim a moment after it was closed
_BETWEEN_CLAIMS: Final = 0.05
_SHARED, _ALONE = "pg_try_advisory_lock_shared", "pg_try_advisory_lock"


class _Truth(Loader):
    """A truth as 0 or 1, as SQLite gives it."""

    format = Format.BINARY

    def load(self, data: Buffer) -> int:
        return bytes(data)[0]


class _Sum(NumericBinaryLoader):
    """A sum of whole numbers as a whole number."""

    def load(self, data: Buffer) -> Decimal:
        return int(super().load(data))  # type: ignore[return-value]  # the rooms add up whole numbers only


class Place:
    """Where an organisation's rows are: a connection string (a secret: it may hold a password) and a schema."""

    __slots__ = ("_dsn", "key", "role", "schema", "where")

    def __init__(self, dsn: str, schema: str) -> None:
        try:
            parts = conninfo_to_dict(dsn)
        except psycopg.ProgrammingError:
            raise UsageError(
                "store-dsn",
                "this is no connection string for PostgreSQL",
                remedy="Write postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE in the variable or file it comes from.",
            ) from None
        self._dsn = dsn
        self.schema = schema
        self.role = str(parts.get("user") or "")
        host, port = parts.get("host") or "localhost", parts.get("port") or 5432
        self.where = f"postgresql://{host}:{port}/{parts.get('dbname') or parts.get('user') or ''} {schema}"
        self.key = int.from_bytes(hashlib.sha256(b"gestand/" + schema.encode()).digest()[:8], "big", signed=True)

    def connect(self) -> Connection:
        """Return a new connection with its settings made.

        :raises UsageError: ``store-not-opened``; ``store-not-durable``, ``store-too-old``: such a server is not used.
        """
        try:
            connection = Connection.connect(
                self._dsn,
                autocommit=True,
                prepare_threshold=None,  # the line prepares
                client_encoding="utf8",  # whatever the role or the environment says
                cursor_factory=psycopg.RawCursor,
                connect_timeout=_CONNECT_SECONDS,
                application_name="gestand",
            )
        except psycopg.Error as fault:
            raise not_opened(fault, self.where) from None
        try:
            adapters = connection.adapters
            for kind in (int, bool):
                adapters.register_dumper(kind, Int8BinaryDumper)
            adapters.register_dumper(str, StrDumper)
            adapters.register_loader("bool", _Truth)
            adapters.register_loader("numeric", _Sum)
            connection.line = Line(connection)
            connection.execute(_SETTINGS)
            connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(self.schema)).as_string(None))
            self._check(connection)
        except psycopg.Error as fault:
            connection.close()
            raise translated(fault, self.where) from None
        except GestandError:
            connection.close()
            raise
        return connection

    def make_schema(self, connection: Connection) -> None:
        """Make the schema if it is not there."""
        try:
            if not connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = $1", (self.schema,)).fetchone():
                made = sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(self.schema)).as_string(None)
                # Two that make it at once would meet in the catalogue: they take turns.
                connection.execute(f"BEGIN; SELECT pg_advisory_xact_lock({self.key}); {made}; COMMIT")
        except psycopg.Error as fault:
            raise translated(fault, self.where) from None

    def connect_claimed(self, *, alone: bool) -> Connection:
        """Return a connection that says, as long as it lives, that the store is in use; ``alone``: that nobody else may.

        :raises GestandError: ``store-busy`` if another process uses it, or keeps it to itself.
        """
        connection = self.connect()
        try:
            for _ in range(_CLAIMS):
                taken = connection.execute(f"SELECT {_ALONE if alone else _SHARED}($1)", (self.key ^ 1,), binary=True)
                if taken.fetchone() == (1,):
                    return connection
                time.sleep(_BETWEEN_CLAIMS)
        except psycopg.Error as fault:
            connection.close()
            raise translated(fault, self.where) from None
        connection.close()
        raise GestandError(
            "store-busy",
            "another process uses the store" if alone else "another process keeps the store to itself",
            where=self.where,
            remedy="Stop it, or wait until it has finished, and do it again.",
        )

    def _check(self, connection: Connection) -> None:
        if connection.info.server_version < OLDEST:
            raise UsageError(
                "store-too-old",
                f"PostgreSQL {connection.info.server_version // 10_000} is too old",
                where=self.where,
                remedy="Use PostgreSQL 15 or newer.",
            )
        fsync, pages, encoding = connection.execute(_SERVER).fetchone() or ("", "", "")
        if (fsync, pages) != ("on", "on"):
            raise UsageError(
                "store-not-durable",
                f"this server runs with fsync = {fsync}, full_page_writes = {pages}: it can lose what it acknowledged",
                where=self.where,
                remedy="Set both to on in postgresql.conf and start the server again.",
            )
        if encoding != "UTF8":
            raise UsageError(
                "store-encoding",
                f"the database holds texts as {encoding}",
                where=self.where,
                remedy="Make the database with ENCODING 'UTF8'.",
            )


def is_broken(connection: Connection) -> bool:
    """Say whether the server is gone from this connection."""
    return connection.closed or connection.info.transaction_status == TransactionStatus.UNKNOWN
