"""A ledger in a folder of the test, beside an engine over the standard library's sqlite3."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from gestand.kernel.clock import SettableClock
from gestand.kernel.entropy import SeededEntropy
from gestand.kernel.ids import ActorId
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger, open_ledger
from gestand.storage.engine import Row, Value

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ORIGIN = "example.org/ledger"
BRAM = ActorId("staff-bram")


class SmallEngine:
    """The engine protocol over one sqlite3 connection; threads take turns."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS migrated (room TEXT PRIMARY KEY, scripts INTEGER NOT NULL)")
        self._turn = threading.RLock()
        self._depth = 0
        self._after: list[Callable[[], None]] = []

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._turn:
            if not self._depth:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if not self._depth:
                    self._after.clear()
                    self._db.execute("ROLLBACK")
                raise
            self._depth -= 1
            if not self._depth:
                self._db.execute("COMMIT")
                after, self._after = self._after, []
                for action in after:
                    action()

    def in_transaction(self) -> bool:
        return self._depth > 0

    def execute(self, sql: str, parameters: Sequence[Value] = ()) -> list[Row]:
        with self._turn:
            return self._db.execute(sql, parameters).fetchall()

    def stream(self, sql: str, parameters: Sequence[Value] = ()) -> Iterator[Row]:
        yield from self.execute(sql, parameters)

    def many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        with self._turn:
            self._db.executemany(sql, rows)

    def after_commit(self, action: Callable[[], None]) -> None:
        if self._depth:
            self._after.append(action)
        else:
            action()

    def migrate(self, room: str, scripts: Sequence[str]) -> None:
        with self.transaction():
            rows = self.execute("SELECT scripts FROM migrated WHERE room = ?", (room,))
            done = int(str(rows[0][0])) if rows else 0
            for script in scripts[done:]:
                self.execute(script)
            self.execute("INSERT OR REPLACE INTO migrated VALUES (?, ?)", (room, len(scripts)))

    def close(self) -> None:
        self._db.close()


class World:
    """An organisation's folder, of which only the ledger exists."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data" / "ledger"
        self.log = self.data / "log"
        self.remembered = folder / "keys" / "ledger.remembered"
        self.clock = SettableClock(NOON)

    def engine(self) -> SmallEngine:
        (self.folder / "data").mkdir(exist_ok=True)
        return SmallEngine(self.folder / "data" / "store.db")

    def open(self, engine: SmallEngine | None = None) -> Ledger:
        return open_ledger(
            self.data,
            engine,
            clock=self.clock,
            entropy=SeededEntropy("ledger"),
            remembered=self.remembered,
            origin=ORIGIN,
        )

    def filled(self, count: int) -> None:
        with self.open() as ledger:
            for number in range(count):
                ledger.append(opening(number))


def opening(number: int, **facts: Fact) -> Event:
    return Event(
        name="data.opened",
        at=NOON,
        actor=BRAM,
        facts={"purpose": "support", "reason": f"call {number}", "items": number, **facts},
        subject=f"{number:032x}",
    )
