"""Connections to a SQL database: granted by the gate, one role a verb, read-only for a search, limited in time."""

from __future__ import annotations

import socket
import sqlite3
import ssl
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from gestand.kernel.errors import GestandError, RefusedError, UsageError
from gestand.sources.declared import SqlDeclared
from gestand.sources.model import SourceName, Verb
from gestand.sources.names import fold
from gestand.sources.place import SourcePlace

_PORTS = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306, "mssql": 1433, "oracle": 1521}
_DRIVERS = {
    "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql",
}  # fmt: skip
_PROGRESS = 20_000
"""SQLite instructions between two looks at the clock."""
_DENIED = frozenset({sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH})
_ALLOWED_PRAGMAS = frozenset({
    "table_info", "table_xinfo", "table_list", "foreign_key_list", "foreign_key_check", "foreign_keys", "index_list",
    "index_info", "index_xinfo", "main.table_info", "query_only", "read_uncommitted", "encoding", "database_list",
})  # fmt: skip
_FORBIDDEN_FUNCTIONS = frozenset({"load_extension", "randomblob", "writefile", "readfile", "edit"})


class Connecting:
    """Opens connections to one declared database."""

    def __init__(self, name: SourceName, declared: SqlDeclared, place: SourcePlace) -> None:
        self._name = name
        self._declared = declared
        self._place = place
        self._engines: dict[str, sa.Engine] = {}

    @contextmanager
    def reading(self, verb: Verb = Verb.FIND) -> Iterator[sa.Connection]:
        """Give a connection in one read-only transaction with one view of the data; it is rolled back.

        :raises GestandError: ``source-failed``, ``source-timeout``, ``source-unreachable``.
        """
        with self._connected(verb) as connection:
            self._begin(connection, writing=False)
            with self._told():
                yield connection
            connection.rollback()

    @contextmanager
    def writing(self, verb: Verb, *, rehearsal: bool = False) -> Iterator[sa.Connection]:
        """Give a connection in one transaction: committed when the block ends, rolled back if it raises or rehearses."""
        with self._connected(verb) as connection:
            self._begin(connection, writing=True)
            with self._told():
                before = self._orphans(connection)
                yield connection
                if connection.dialect.name == "postgresql":
                    connection.execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))
                for table, _, parent, _ in self._orphans(connection) - before:
                    raise self._conflict(f"foreign key of {table} to {parent}")
                if rehearsal:
                    connection.rollback()
                else:
                    connection.commit()

    @staticmethod
    def _orphans(connection: sa.Connection) -> Counter[tuple[Any, ...]]:
        """Return which rows of SQLite refer to none: what was broken before, by a program that did not look, is not broken by us."""
        if connection.dialect.name != "sqlite":
            return Counter()
        return Counter(map(tuple, connection.exec_driver_sql("PRAGMA foreign_key_check")))

    def _setting(self, verb: Verb) -> str:
        return getattr(self._declared.roles, verb.value) or self._declared.dsn or ""

    def _engine(self, verb: Verb) -> sa.Engine:
        setting = self._setting(verb)
        place = setting or ("ro" if verb in {Verb.FIND, Verb.EXPORT} else "rw")
        if place not in self._engines:
            self._engines[place] = self._sqlite(verb) if not setting else self._server(setting)
        return self._engines[place]

    def _sqlite(self, verb: Verb) -> sa.Engine:
        path = (self._place.folder / self._declared.path).resolve()
        readonly = verb in {Verb.FIND, Verb.EXPORT}
        timeout = self._declared.timeout_seconds

        def create() -> sqlite3.Connection:
            if not path.is_file():
                raise self._unreachable(f"there is no file {self._declared.path}")
            uri = f"file:{quote(str(path))}?mode={'ro' if readonly else 'rw'}"
            connection = sqlite3.connect(uri, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA foreign_keys = ON")
            connection.create_function(
                "gestand_fold", 1, lambda t: fold(t) if isinstance(t, str) else t, deterministic=True
            )
            connection.set_authorizer(_authorizer)
            return connection

        return sa.create_engine("sqlite://", creator=create, poolclass=NullPool)

    def _server(self, setting: str) -> sa.Engine:
        text = self._place.secret(setting, f"sources/{self._name}.toml")
        try:
            url = sa.make_url(text)
        except sa.exc.ArgumentError:
            raise UsageError(
                "source-dsn",
                "the connection string is none",
                where=f"sources/{self._name}.toml: {setting}",
                remedy="Write it as postgresql://name:password@host:5432/database.",
            ) from None
        base = url.drivername.partition("+")[0]
        url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
        if not url.host:
            raise UsageError(
                "source-dsn",
                "the connection string names no host",
                where=f"sources/{self._name}.toml: {setting}",
                remedy="Name the server, 127.0.0.1 for this machine; a socket cannot be granted.",
            )
        granted = self._place.grant(url.host, url.port or _PORTS.get(base, 0), near=self._declared.near)
        if base in {"postgresql", "postgres"}:
            query = {
                "hostaddr": granted.address,
                "connect_timeout": str(self._declared.timeout_seconds),
                "client_encoding": "utf8",
            }
            if not self._declared.near and "sslmode" not in url.query:
                query |= {"sslmode": "verify-full", "sslrootcert": "system"}
            return sa.create_engine(url.update_query_dict({**query, "application_name": "gestand"}), poolclass=NullPool)
        if base in {"mysql", "mariadb"}:
            return sa.create_engine(url, creator=self._mysql(url, granted.address, granted.port), poolclass=NullPool)
        return sa.create_engine(url.set(host=granted.address), poolclass=NullPool)

    def _mysql(self, url: sa.URL, address: str, port: int) -> Callable[[], Any]:
        timeout, near = self._declared.timeout_seconds, self._declared.near

        def create() -> Any:
            import pymysql

            connection = pymysql.connect(
                host=url.host, port=port, user=url.username, password=str(url.password or ""), database=url.database,
                charset="utf8mb4", defer_connect=True, connect_timeout=timeout, read_timeout=timeout + 30, local_infile=False,
                client_flag=pymysql.constants.CLIENT.FOUND_ROWS, ssl=None if near else ssl.create_default_context(),
            )  # fmt: skip
            line = socket.create_connection((address, port), timeout)
            try:
                connection.connect(line)
            except (pymysql.err.Error, OSError):
                line.close()
                raise
            return connection

        return create

    @contextmanager
    def _connected(self, verb: Verb) -> Iterator[sa.Connection]:
        try:
            connection = self._engine(verb).connect()
        except sa.exc.DBAPIError as fault:
            raise self._unreachable(_reason(fault)) from None
        except OSError as fault:
            raise self._unreachable(fault.strerror or "no connection") from None
        try:
            yield connection
        finally:
            connection.close()

    def _begin(self, connection: sa.Connection, *, writing: bool) -> None:
        seconds = self._declared.timeout_seconds
        dialect = connection.dialect.name
        if dialect == "sqlite":
            raw: Any = connection.connection.driver_connection
            deadline = time.monotonic() + seconds
            raw.set_progress_handler(lambda: int(time.monotonic() > deadline), _PROGRESS)
            with self._told():
                connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
            return
        with self._told():
            if dialect == "postgresql":
                level = "READ WRITE" if writing else "READ ONLY"
                connection.execute(sa.text(f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ {level}"))
                connection.execute(sa.text(f"SET LOCAL statement_timeout = '{int(seconds)}s'"))
                connection.execute(sa.text(f"SET LOCAL lock_timeout = '{int(seconds)}s'"))
                if self._declared.in_schema:
                    quoted = connection.dialect.identifier_preparer.quote_identifier(self._declared.in_schema)
                    connection.execute(sa.text(f"SET LOCAL search_path = {quoted}"))
            elif dialect in {"mysql", "mariadb"}:
                raw = connection.connection.driver_connection
                assert raw is not None
                maria = "MariaDB" in raw.get_server_info()
                limit = (
                    f"max_statement_time = {int(seconds)}" if maria else f"max_execution_time = {int(seconds) * 1000}"
                )
                connection.exec_driver_sql(f"SET SESSION {limit}, SESSION innodb_lock_wait_timeout = {int(seconds)}")
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql(f"START TRANSACTION {'READ WRITE' if writing else 'READ ONLY'}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn a fault of the database into an error that names the constraint and never the row."""
        try:
            yield
        except sa.exc.IntegrityError as fault:
            raise self._conflict(_constraint(fault)) from None
        except sa.exc.DBAPIError as fault:
            if getattr(fault.orig, "sqlstate", "") == "40001":
                raise RefusedError(
                    "source-changed",
                    "rows were written by others meanwhile",
                    where=self._name,
                    remedy="Make the plan again, and read what changed.",
                ) from None
            if _timed_out(fault):
                raise GestandError(
                    "source-timeout",
                    f"the database did not answer within {self._declared.timeout_seconds} seconds",
                    where=self._name,
                    remedy="Try again when nobody else writes there; raise timeout_seconds in its file, or give the column that is searched an index.",
                ) from None
            raise GestandError(
                "source-failed",
                f"the database refused: {_reason(fault)}",
                where=self._name,
                remedy=f"Run 'gestand source test {self._name}'.",
            ) from None
        except sa.exc.SQLAlchemyError as fault:
            raise GestandError(
                "source-failed",
                f"the database cannot be asked so: {type(fault).__name__}",
                where=self._name,
                remedy=f"Run 'gestand source test {self._name}'.",
            ) from None

    def _conflict(self, constraint: str) -> RefusedError:
        return RefusedError(
            "source-conflict",
            f"a constraint stands in the way: {constraint}",
            where=self._name,
            remedy="Decide in its file what happens to that column or table (delete, null, replace, keep).",
        )

    def _unreachable(self, why: str) -> GestandError:
        return GestandError(
            "source-unreachable",
            f"the database cannot be reached: {why}",
            where=self._name,
            remedy=f"Mend its dsn or path in sources/{self._name}.toml, or try again when it runs.",
        )

    def close(self) -> None:
        """Forget every engine."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()


def _authorizer(action: int, first: str | None, second: str | None, _db: str | None, _trigger: str | None) -> int:
    if action in _DENIED or action in _DROPS:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and (first or "").lower() not in _ALLOWED_PRAGMAS:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _FORBIDDEN_FUNCTIONS:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


_DROPS = frozenset({
    sqlite3.SQLITE_DROP_INDEX, sqlite3.SQLITE_DROP_TABLE, sqlite3.SQLITE_DROP_TRIGGER, sqlite3.SQLITE_DROP_VIEW,
    sqlite3.SQLITE_ALTER_TABLE, sqlite3.SQLITE_CREATE_TABLE, sqlite3.SQLITE_CREATE_TRIGGER, sqlite3.SQLITE_CREATE_VTABLE,
})  # fmt: skip


def _constraint(fault: sa.exc.IntegrityError) -> str:
    """Return which constraint was broken; never what the row held (a database's DETAIL repeats it)."""
    told = getattr(fault.orig, "diag", None)
    if told is not None:
        return (
            " ".join(part for part in (told.constraint_name or told.column_name, "of", told.table_name) if part)
            or "unnamed"
        )
    words = str(fault.orig.args[-1] if fault.orig is not None and fault.orig.args else "")
    if ":" in words and words.split(":", maxsplit=1)[0].endswith("constraint failed"):
        return words  # SQLite names the column or constraint alone
    if "FOREIGN KEY" in words:
        return "a foreign key"
    named = [part for part in words.split("`") if part][1::2]
    quoted = words.split("'")[1::2]
    return ", ".join(named) or (quoted[-1] if "cannot be null" in words and quoted else "unnamed")


def _timed_out(fault: sa.exc.DBAPIError) -> bool:
    code = fault.orig.args[0] if fault.orig is not None and fault.orig.args else None
    return (
        getattr(fault.orig, "sqlstate", "") in {"57014", "55P03"}
        or code in {1969, 3024, 1205}
        or code in {"interrupted", "database is locked", "database table is locked"}
    )


def _reason(fault: sa.exc.DBAPIError) -> str:
    """Return the first words of a driver's complaint, without the parameters and rows that may follow."""
    told = getattr(fault.orig, "diag", None)
    if told is not None and told.message_primary:
        return str(told.message_primary).split('"')[0].strip() or type(fault.orig).__name__
    words = str(fault.orig.args[-1] if fault.orig is not None and fault.orig.args else type(fault).__name__)
    return words.splitlines()[0].split("'")[0].split('"')[0].strip()[:120] or type(fault.orig).__name__
