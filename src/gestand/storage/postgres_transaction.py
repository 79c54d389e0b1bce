"""One transaction of PostgreSQL: its turn among the writers of the store, and how it ended where the server went away."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import NamedTuple

import psycopg

from gestand.kernel.errors import GestandError
from gestand.storage.postgres_faults import in_doubt, lost, translated
from gestand.storage.postgres_line import BEGIN_READING
from gestand.storage.postgres_session import Connection, Place, is_broken

_ASK_SECONDS = 10.0
"""How long the outcome of a commit is asked for."""
_LOOK = 0.05

_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"  # who waited for a turn sees what was committed meanwhile
_SOON = "SET LOCAL synchronous_commit = off"
_TAKE_TURN = "SELECT pg_advisory_xact_lock($1), pg_current_xact_id()::text"
_TAKE_TURN_ABOUT = """
    SELECT pg_advisory_xact_lock_shared($1), pg_advisory_xact_lock($2), pg_current_xact_id()::text
"""  # from left to right
_OUTCOME = "SELECT pg_xact_status($1::text::xid8)"


@dataclass(slots=True)
class Transaction:
    """A transaction under way in one thread."""

    connection: Connection
    name: str  # by which the server knows it, also after a crash
    depth: int = 1
    broken: bool = False  # an inner block failed: the outer one may not commit, even if it caught the error
    afterwards: list[Callable[[], None]] = field(default_factory=list)
    dirty: set[str] = field(default_factory=set)  # tables in which it leaves dead rows

    def note(self, table: str) -> None:
        """Note that a statement may leave dead rows in ``table``, if in any."""
        if table:
            self.dirty.add(table)

    def commit(self, place: Place) -> None:
        """Commit; who returns has it on stable storage.

        :raises GestandError: ``transaction-broken``; ``store-lost`` if nothing was kept; ``store-in-doubt`` if it cannot be asked.
        """
        self._refuse_broken(place, broken=self.broken)
        line = self.connection.line
        try:
            line.check()
        except psycopg.Error:
            raise lost(place.where) from None
        try:
            done = line.commit()
        except psycopg.Error as fault:
            if not is_broken(self.connection):
                raise translated(fault, place.where) from None
            _learn_outcome(place, self.name)
        else:
            self._refuse_broken(place, broken=not done)  # the server rolls back if a statement failed in between

    def _refuse_broken(self, place: Place, *, broken: bool) -> None:
        if broken:
            raise GestandError(
                "transaction-broken",
                "a step of this change failed, so none of it was kept",
                where=place.where,
                remedy="Do it again; if it fails again, look at the first error.",
            )


class Turn(NamedTuple):
    """Whom a writer waits for: of the store whose key this is everyone, or those about one subject and about more than one."""

    key: int
    about: bytes = b""

    def question(self) -> tuple[str, tuple[int, ...]]:
        """Return what asks for it; the last column of the answer names the transaction."""
        if not self.about:
            return _TAKE_TURN, (self.key,)
        named = self.key.to_bytes(8, "big", signed=True) + self.about
        one = int.from_bytes(hashlib.sha256(b"gestand/about/" + named).digest()[:8], "big", signed=True)
        return _TAKE_TURN_ABOUT, (self.key, one)


def begin(connection: Connection, turn: Turn, *, durable: bool) -> Transaction:
    """Begin a transaction once it is its turn.

    :raises psycopg.Error: if the server is gone, or another does not finish.
    """
    line = connection.line
    try:
        line.tell(_BEGIN)
        if not durable:
            line.tell(_SOON)
        return Transaction(connection, str(line.ask(*turn.question())[0][-1]))
    except BaseException:
        roll_back(connection)
        raise


def begin_reading(connection: Connection) -> Connection:
    """Read the store from now on as it is at the first question, until ``roll_back``."""
    connection.execute(BEGIN_READING)
    return connection


def roll_back(connection: Connection) -> None:
    """Undo what is open; a connection that cannot is closed, and the server undoes it."""
    try:
        connection.line.abandon()
        connection.rollback()
    except psycopg.Error:
        connection.close()


def _learn_outcome(place: Place, name: str) -> None:
    """Return if the transaction of that name was committed though nobody could say so."""
    until = time.monotonic() + _ASK_SECONDS
    while time.monotonic() < until:
        try:
            with closing(place.connect()) as connection:
                found = connection.execute(_OUTCOME, (name,)).fetchone()
        except (psycopg.Error, GestandError):
            found = None
        if found == ("committed",):
            return
        if found == ("aborted",):
            raise lost(place.where)
        time.sleep(_LOOK)
    raise in_doubt(place.where)
