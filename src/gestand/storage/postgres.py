"""PostgreSQL 15 or newer through psycopg 3: the same rooms, SQL and promises, for several processes at once.

Writers of one organisation take turns (a lock of the database, held from begin to commit), as on SQLite, for the vault
keeps two stores in step; those about one subject each wait only for those about the same subject, and for who writes about
more. The outbox numbers events in the order of commits. Readers never wait for them. A connection that breaks undoes its
transaction; one that breaks during a commit asks the server afterwards how that ended. What is written in a transaction
travels with its next question or its commit, and a fault in it is raised there.

Deleted bytes: ``expunge()`` makes PostgreSQL drop dead rows. It cannot take them out of the server's write-ahead log, its
free space, replicas and backups: there what was erased dies when the epoch of its key is turned (SECURITY.md).
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TypeVar, cast
from weakref import ref

import psycopg

from gestand.kernel.errors import GestandError
from gestand.storage import dialect, postgres_check
from gestand.storage.engine import Question, Row, Value
from gestand.storage.faults import run_all
from gestand.storage.migrating import bring_forward
from gestand.storage.postgres_faults import translated
from gestand.storage.postgres_pool import Asked, Pool
from gestand.storage.postgres_session import Connection, Place, is_broken
from gestand.storage.postgres_transaction import Transaction, Turn, begin, begin_reading, roll_back

_STREAM_ROWS = 256
_TURN = 2  # makes of the key of the store that of the turn to drop dead rows
_TRY_TURN = "SELECT pg_try_advisory_lock({})"
_LEAVE_TURN = "SELECT pg_advisory_unlock({})"

T = TypeVar("T")


class PostgresEngine:
    """An ``Engine`` over one schema. Threads may share it: each transaction and stream has a connection of its own."""

    remote = True

    def __init__(self, place: Place, *, alone: bool = False) -> None:
        self.place = place
        self._pool = Pool(place, alone=alone)
        self._lock = threading.Lock()
        self._streams = itertools.count()
        self._dirty: set[str] = set()  # tables with rows deleted or replaced since the last ``expunge``
        self._mine = threading.local()

    @contextmanager
    def transaction(self, *, durable: bool = True, about: bytes = b"") -> Iterator[None]:
        """Begin a transaction, or join the one this thread has open; see ``Engine``.

        :raises GestandError: ``store-lost`` if the server goes away: nothing was kept; ``store-in-doubt`` if it went while
            committing and cannot be asked; ``store-busy`` if another writer does not finish.
        """
        joined = self._current()
        if joined is not None:
            joined.depth += 1
            try:
                yield
            except BaseException:
                joined.broken = True
                raise
            finally:
                joined.depth -= 1
            return
        current = self._mine.open = self._begin(durable=durable, about=about)
        try:
            yield
            current.commit(self.place)
        except BaseException:
            roll_back(current.connection)
            raise
        finally:
            self._mine.open = None
            with self._lock:  # not before: rows are dead from the commit on
                self._dirty |= current.dirty
            self._pool.give_back(current.connection)
        run_all(current.afterwards)

    def in_transaction(self) -> bool:
        """Say whether this thread has a transaction open."""
        return self._current() is not None

    def execute(self, sql: str, parameters: Sequence[Value] = ()) -> list[Row]:
        """Run one statement and return all its rows. Outside a transaction, one that writes has a transaction of its own."""
        asked = dialect.statement(sql)
        current = self._current()
        if current is None:
            if asked.writes:
                with self.transaction():
                    return self.execute(sql, parameters)
            self._gather()
            return self._pool.use(lambda connection: connection.line.ask_alone(asked.sql, parameters))
        current.note(asked.table)
        line = current.connection.line
        try:
            if asked.answers:
                return line.ask(asked.sql, parameters)
            line.tell(asked.sql, parameters)
        except psycopg.Error as fault:
            raise translated(fault, self.place.where) from None
        return []

    def later(self, sql: str, parameters: Sequence[Value] = ()) -> Callable[[], list[Row]]:
        """Send one statement of the open transaction and return what gives its rows; see ``Engine``."""
        current = self._current()
        if current is None:
            rows = self.execute(sql, parameters)
            return lambda: rows
        asked = dialect.statement(sql)
        current.note(asked.table)
        answer = self._translating(lambda: current.connection.line.later(asked.sql, parameters))
        return lambda: self._translating(answer.rows)

    def together(self, questions: Sequence[Question]) -> Callable[[], list[list[Row]]]:
        """Send several questions at once and return what gives the rows of each; see ``Engine``."""
        coming = self.in_turn(questions)
        return cache(lambda: list(coming))

    def in_turn(self, questions: Sequence[Question]) -> Iterator[list[Row]]:
        """Send several questions at once and yield the rows of each as they come; see ``Engine``."""
        if not questions:
            return iter(())
        asked = [(dialect.statement(sql).sql, parameters) for sql, parameters in questions]
        current = self._current()
        if current is not None:
            answers = self._translating(lambda: current.connection.line.ahead(asked))
            return (self._translating(answer.rows) for answer in answers)
        self._gather()
        sent = self._pool.use(lambda connection: (connection, connection.line.ahead(asked, alone=True)), keep=True)
        coming = Asked(self._pool, asked, *sent)
        self._mine.coming = ref(coming)
        return coming

    def _gather(self) -> None:
        """Take in what this thread has asked for and not fetched: else a server that waits for us could keep us waiting."""
        coming = getattr(self._mine, "coming", None)
        waiting = coming() if coming is not None else None
        if waiting is not None:
            waiting.gather()
        self._mine.coming = None

    def stream(self, sql: str, parameters: Sequence[Value] = ()) -> Iterator[Row]:
        """Run one query and yield its rows, from the state of the store at its begin; read it to its end, or close it."""
        asked = dialect.statement(sql).sql
        current = self._current()
        connection = current.connection if current else self._pool.use(begin_reading, keep=True)
        line, name = connection.line, f"stream_{next(self._streams)}"
        try:
            self._translating(lambda: line.ask_once(f"DECLARE {name} NO SCROLL CURSOR FOR {asked}", parameters))
            while rows := self._translating(lambda: line.ask_once(f"FETCH {_STREAM_ROWS} FROM {name}")):
                yield from rows
                if current is not None and self._current() is not current:
                    raise RuntimeError("a stream is read outside the transaction that it was opened in")
        finally:
            if current is None:
                roll_back(connection)
                self._pool.give_back(connection)
            elif self._current() is current and not is_broken(connection):  # a transaction that ended has closed it
                line.tell_once(f"CLOSE {name}")

    def many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for each row of parameters, in one transaction, many under way at once."""
        asked = dialect.statement(sql)
        with self.transaction():
            current = cast("Transaction", self._current())
            current.note(asked.table)
            try:
                for row in rows:
                    current.connection.line.tell(asked.sql, row)
            except psycopg.Error as fault:
                raise translated(fault, self.place.where) from None

    def after_commit(self, action: Callable[[], None]) -> None:
        """Call ``action`` once the open transaction is on stable storage; at once if none is open."""
        current = self._current()
        if current is None:
            action()
        else:
            current.afterwards.append(action)

    def migrate(self, room: str, scripts: Sequence[str]) -> None:
        """Bring the tables of ``room`` forward; see ``Engine``. Processes that start together take turns."""
        if bring_forward(self, room, scripts, run=self._run_script, where=self.place.where):
            self._pool.renew()

    def expunge(self, *, whole: bool = False, going_on: bool = False) -> None:
        """Drop the dead rows of the tables that rows were deleted from or replaced in.

        Promised: no query, of whatever snapshot, sees them, and their place is free to be written over. Not promised: that
        their bytes are gone from the free space of the server's files. ``whole`` writes every table anew, so that they are,
        unless readers keep a table for so long that it is left at the former. The server's write-ahead log keeps what it has
        until its segments are written over; that is what turning the epoch is for.

        :raises GestandError: ``store-busy`` while a session of the database still reads from before the deletion.
        """
        with self._lock:
            tables, self._dirty = self._dirty, set()
        try:
            if whole:
                tables |= self._pool.use(lambda connection: postgres_check.tables_of(connection, self.place.schema))
            if tables:
                self._pool.use(lambda connection: self._expunge(connection, tables, whole=whole, going_on=going_on))
        except GestandError:
            with self._lock:
                self._dirty |= tables
            raise

    def _expunge(self, connection: Connection, tables: set[str], *, whole: bool, going_on: bool) -> None:
        """Drop the dead rows of tables. ``going_on``: unless another process is at it, which would only be in the way."""
        turn = self.place.key ^ _TURN
        if going_on and connection.execute(_TRY_TURN.format(turn), binary=True).fetchone() != (1,):
            raise postgres_check.busy("another process drops deleted rows at this moment", self.place.where)
        try:
            postgres_check.wait_for_readers(connection, self.place.where)
            vacuum = postgres_check.rewrite if whole else postgres_check.vacuum
            for table in sorted(tables):
                vacuum(connection, table)
        finally:
            if going_on and not is_broken(connection):
                connection.execute(_LEAVE_TURN.format(turn))

    def verify(self) -> None:
        """Check every table and index with ``amcheck`` if the database has it, and read every row.

        :raises DamagedError: if something does not verify. A server made with data checksums finds more.
        """
        self._pool.use(lambda connection: postgres_check.verify(connection, self.place))

    def pin(self) -> None:
        """Read from now on, in this thread, the store as it is at this moment, until ``close``; write nothing."""
        connection = self._pool.use(begin_reading, keep=True)
        self._translating(lambda: connection.execute("SELECT count(*) FROM pg_namespace"))  # fixes the moment
        self._mine.open = Transaction(connection, "")

    def drop(self) -> None:
        """Remove the schema with all that is in it."""
        self._pool.use(lambda connection: postgres_check.drop(connection, self.place.schema))

    def close(self) -> None:
        """Close every connection. The server keeps what was committed."""
        pinned, self._mine.open = self._current(), None
        if pinned is not None:
            pinned.connection.close()
        self._pool.close()

    def _current(self) -> Transaction | None:
        return cast("Transaction | None", getattr(self._mine, "open", None))

    def _begin(self, *, durable: bool, about: bytes) -> Transaction:
        turn = Turn(self.place.key, about)
        return self._pool.use(lambda connection: begin(connection, turn, durable=durable), keep=True)

    def _run_script(self, script: str) -> None:
        connection = cast("Transaction", self._current()).connection

        def run() -> None:
            connection.line.settle()
            connection.execute(dialect.script(script))

        self._translating(run)

    def _translating(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except psycopg.Error as fault:
            raise translated(fault, self.place.where) from None


def open_postgres(dsn: str, *, schema: str = "gestand", alone: bool = False) -> PostgresEngine:
    """Open the organisation's ``schema`` in the database that ``dsn`` leads to; the schema is made if it is not there.

    ``alone``: nobody else may use it as long as this engine is open.

    :raises UsageError: ``store-dsn``, ``store-not-opened``, ``store-too-old``, ``store-not-durable``, ``store-encoding``.
    :raises GestandError: ``store-busy`` if another process keeps it to itself, or, ``alone``, uses it.
    """
    return PostgresEngine(Place(dsn, schema), alone=alone)
