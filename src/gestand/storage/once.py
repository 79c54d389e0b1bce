"""What may be used one time only: codes, tickets, proofs. Several processes share the memory of it through the store."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from gestand.storage.engine import Engine

MIGRATIONS = (
    "CREATE TABLE once (mark BLOB PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE INDEX once_until ON once (until)",
    "CREATE TABLE once_since (one INTEGER PRIMARY KEY CHECK (one = 1), since INTEGER NOT NULL)",
)
SPEND = "INSERT INTO once (mark, until) VALUES (?, ?) ON CONFLICT (mark) DO NOTHING RETURNING until"
SINCE = "SELECT since FROM once_since"
BEGIN = "INSERT INTO once_since VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET since = excluded.since"
FORGET = "DELETE FROM once WHERE until < ?"
EVERY = 256
"""Marks spent between two sweeps of what is past."""


class Once:
    """Remembers what was used, as SHA-256, until it would be refused for its age anyway."""

    def __init__(self, engine: Engine) -> None:
        engine.migrate("once", MIGRATIONS)
        self._engine = engine
        self._spent = 0

    def begin_anew(self, now: datetime) -> None:
        """Let nothing count any more that was given out before ``now``: an older copy of the store lacks what was used since."""
        self._engine.execute(BEGIN, (int(now.timestamp()),))

    def since(self) -> datetime | None:
        """Return the moment before which nothing counts; None if this store was never restored."""
        rows = self._engine.execute(SINCE)
        return datetime.fromtimestamp(int(str(rows[0][0])), UTC) if rows else None

    def spend(self, kind: str, mark: bytes, *, now: datetime, until: datetime) -> bool:
        """Use ``mark`` up and return True; False if it was used before."""
        digest = hashlib.sha256(kind.encode() + b"\x00" + mark).digest()
        self._spent += 1
        with self._engine.transaction(durable=False):
            if self._spent % EVERY == 1:
                self._engine.execute(FORGET, (int(now.timestamp()),))
            return bool(self._engine.execute(SPEND, (digest, int(until.timestamp()) + 1)))
