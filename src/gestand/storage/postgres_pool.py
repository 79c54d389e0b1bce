"""The connections to one schema of PostgreSQL that several threads share: each has its own for as long as it needs it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from typing import TypeVar

import psycopg

from gestand.kernel.errors import GestandError
from gestand.storage.postgres_faults import translated
from gestand.storage.postgres_session import Connection, Place, is_broken

_IDLE = 8  # connections kept for the next

T = TypeVar("T")


class Pool:
    """Idle connections, and one that claims the schema where nobody else may use it."""

    def __init__(self, place: Place, *, alone: bool) -> None:
        """Connect once, so that the schema is there.

        :raises GestandError: ``store-busy`` if another process keeps it to itself, or, ``alone``, uses it.
        """
        self._place = place
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
                    raise translated(fault, self._place.where) from None
            else:
                return done
            finally:
                if not kept:
                    self.give_back(connection)

    def give_back(self, connection: Connection) -> None:
        """Keep a connection for the next; close it if it is broken or there are enough."""
        if not is_broken(connection):
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
        self.renew()
        if self._alone is not None:
            self._alone.close()

    def _borrow(self) -> tuple[Connection, bool]:
        with self._lock:
            if self._idle:
                return self._idle.pop(), False
        return (self._place.connect_claimed(alone=False) if self._alone is None else self._place.connect()), True
