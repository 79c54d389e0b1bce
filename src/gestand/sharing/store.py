"""The SQL of sharing: sealed records found by blind tokens. A row tells neither its kind nor whom it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from gestand.storage.engine import Engine

MIGRATIONS = (
    "CREATE TABLE sharing_record (id TEXT PRIMARY KEY, leaves TEXT NOT NULL, sealed BLOB NOT NULL)",
    "CREATE INDEX sharing_record_leaves ON sharing_record (leaves)",
    "CREATE TABLE sharing_token (token BLOB NOT NULL, record TEXT NOT NULL, PRIMARY KEY (token, record))",
    "CREATE INDEX sharing_token_record ON sharing_token (record)",
    "CREATE TABLE sharing_read (id INTEGER PRIMARY KEY, entries INTEGER NOT NULL)",
    "INSERT INTO sharing_read (id, entries) VALUES (1, 0)",
)
INSERT = "INSERT INTO sharing_record (id, leaves, sealed) VALUES (?,?,?)"
DELETE = "DELETE FROM sharing_record WHERE id = ?"
ONE = "SELECT sealed FROM sharing_record WHERE id = ?"
ALL = "SELECT id, sealed FROM sharing_record ORDER BY id"
WITH = "SELECT r.id, r.sealed FROM sharing_token AS t JOIN sharing_record AS r ON r.id = t.record WHERE t.token = ? ORDER BY r.id"
DUE = "SELECT id, leaves FROM sharing_record WHERE leaves <> '' AND leaves <= ? ORDER BY leaves, id"
COUNT = "SELECT COUNT(*) FROM sharing_record"
INSERT_WAY = "INSERT INTO sharing_token (token, record) VALUES (?,?)"
FORGET_WAYS = "DELETE FROM sharing_token WHERE record = ?"
READ = "SELECT entries FROM sharing_read WHERE id = 1"
SET_READ = "UPDATE sharing_read SET entries = ? WHERE id = 1"


class SharingStore:
    """Sealed records and their tokens, as rows."""

    def __init__(self, engine: Engine) -> None:
        engine.migrate("sharing", MIGRATIONS)
        self._engine = engine

    def put(self, record: str, leaves: date | None, sealed: bytes, tokens: Iterable[bytes]) -> None:
        """Write a record, in place of an earlier one with its id."""
        self.delete(record)
        self._engine.execute(INSERT, (record, leaves.isoformat() if leaves else "", sealed))
        self._engine.many(INSERT_WAY, [(token, record) for token in dict.fromkeys(tokens)])

    def delete(self, record: str) -> None:
        """Remove a record with its tokens."""
        self._engine.execute(FORGET_WAYS, (record,))
        self._engine.execute(DELETE, (record,))

    def one(self, record: str) -> bytes | None:
        """Return a sealed record, or None."""
        rows = self._engine.execute(ONE, (record,))
        return _bytes(rows[0][0]) if rows else None

    def all(self) -> Iterator[tuple[str, bytes]]:
        """Yield every sealed record with its id."""
        for name, sealed in self._engine.execute(ALL):
            yield str(name), _bytes(sealed)

    def of_token(self, token: bytes) -> list[tuple[str, bytes]]:
        """Return the sealed records that a token finds."""
        return [(str(name), _bytes(sealed)) for name, sealed in self._engine.execute(WITH, (token,))]

    def due(self, on: date) -> Iterator[tuple[str, date]]:
        """Yield the records that must be gone on a date, and since when, oldest first."""
        for name, leaves in self._engine.execute(DUE, (on.isoformat(),)):
            yield str(name), date.fromisoformat(str(leaves))

    def count(self) -> int:
        """Return how many records there are."""
        [(number,)] = self._engine.execute(COUNT)
        assert isinstance(number, int)
        return number

    def read_until(self) -> int:
        """Return how many entries of the ledger were looked at for something to tell."""
        [(number,)] = self._engine.execute(READ)
        assert isinstance(number, int)
        return number

    def set_read_until(self, entries: int) -> None:
        """Note how many entries were looked at."""
        self._engine.execute(SET_READ, (entries,))


def _bytes(value: object) -> bytes:
    assert isinstance(value, bytes | memoryview)
    return bytes(value)
