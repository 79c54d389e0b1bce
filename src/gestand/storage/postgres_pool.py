"""The connections to one schema of PostgreSQL that several threads share: each has its own for as long as it needs it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TypeVar

import psycopg
from psycopg.pq import TransactionStatus

from gestand.kernel.errors import GestandError
from gestand.storage.engine import Question, Row
from gestand.storage.postgres_faults import translated
from gestand.storage.postgres_line import Answer
from gestand.storage.postgres_session import Connection, Place, is_broken

_IDLE = 8  # connections kept for the next

T = TypeVar("T")


class Pool:
    """Idle connections, and one that claims the schema where nobody else may use it."""

    def __init__(self, place: Place, *, alone: bool) -> None:
        """Connect once, so that the schema is there.

        :raises GestandError: ``store-busy`` if another process keeps it to itself, or, ``alone``, uses it.
        """
        self.place = place
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._idle: list[Connection] = []
        self._alone = place.connect_claimed(alone=True) if alone else None
        try:
            with closing(place.connect()) as connection:
                place.make_schema(connection)
        except GestandError:
            self.close()
            raise

    def use(self, work: Callable[[Connection], T], *, keep: bool = False) -> T:
        """Do what changes nothing on a connection; once more on a new one if an idle one turns out to be dead.

        ``keep``: on success the connection stays with who asked, until ``give_back``.
        """
        while True:
            connection, fresh = self._borrow()
            kept = False
            try:
                done = work(connection)
                kept = keep
            except psycopg.Error as fault:
                if fresh or not is_broken(connection):
                    raise translated(fault, self.place.where) from None
            else:
                return done
            finally:
                if not kept:
                    self.give_back(connection)

    def give_back(self, connection: Connection) -> None:
        """Keep a connection for the next; close it if it is broken, in the middle of something, or there are enough."""
        if not connection.closed and _is_idle(connection):
            with self._lock:
                if len(self._idle) < _IDLE:
                    self._idle.append(connection)
                    return
        connection.close()

    def renew(self) -> None:
        """Close the idle connections: what they have prepared was for tables that have changed."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def close(self) -> None:
        """Close every connection that is not in use."""
        if self._process != os.getpid():
            return  # they are of the process from which this one was forked
        self.renew()
        if self._alone is not None:
            self._alone.close()

    def _borrow(self) -> tuple[Connection, bool]:
        if self._process != os.getpid():
            raise GestandError(
                "store-forked",
                "the store was opened by another process, before this one was forked from it",
                where=self.place.where,
                remedy="Open it in each process, after the fork.",
            )
        with self._lock:
            if self._idle:
                return self._idle.pop(), False
        return (self.place.connect_claimed(alone=False) if self._alone is None else self.place.connect()), True


def _is_idle(connection: Connection) -> bool:
    """Say whether nothing is under way. In pipeline mode libpq does not know whether a transaction is open."""
    line = connection.pgconn
    return not line.pipeline_status and line.transaction_status == TransactionStatus.IDLE


class Asked:
    """Questions that were put outside a transaction, on a connection of their own until the last is answered."""

    __slots__ = ("__weakref__", "_answers", "_asked", "_at", "_connection", "_fault", "_pool")

    def __init__(self, pool: Pool, asked: Sequence[Question], connection: Connection, answers: list[Answer]) -> None:
        self._pool = pool
        self._asked = asked
        self._answers = answers
        self._at = 0
        self._connection: Connection | None = connection
        self._fault: psycopg.Error | None = None  # of which the connection did not die

    def __iter__(self) -> Asked:
        return self

    def __next__(self) -> list[Row]:
        """Return the rows of the next; asked once more if the connection turns out to be dead."""
        if self._at == len(self._asked):
            raise StopIteration
        at, self._at = self._at, self._at + 1
        self._take(at)
        if self._answers[at].come:
            return self._answers[at].rows()
        if self._fault is not None:
            raise translated(self._fault, self._pool.place.where) from None
        return self._pool.use(lambda other: other.line.ask_alone(*self._asked[at]))

    def gather(self) -> None:
        """Take in every answer that is still to come."""
        self._take(len(self._asked) - 1)

    def _take(self, at: int) -> None:
        """Take in the answers up to that of number ``at``; with the last the connection is free for others."""
        connection = self._connection
        if connection is None:
            return
        try:
            if at < len(self._asked) - 1:
                self._answers[at].rows()
                return
            connection.line.settle()
        except psycopg.Error as fault:
            self._fault = None if is_broken(connection) else fault
        self._connection = None
        self._pool.give_back(connection)

    def __del__(self) -> None:
        if self._connection is not None:  # nobody wants to know any more
            self._connection.close()
