"""An engine over the standard library's SQLite and a ledger that only remembers: the worlds below the publication."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gestand.ledger.model import Event
from gestand.storage.engine import Row, Value


class PlainEngine:
    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("CREATE TABLE IF NOT EXISTS migration (room TEXT, script INTEGER)")
        self.depth = 0
        self.waiting: list[Callable[[], None]] = []

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self.depth == 0:
            self.connection.execute("BEGIN IMMEDIATE")
        self.depth += 1
        try:
            yield
        except BaseException:
            self.depth -= 1
            if self.depth == 0:
                self.connection.execute("ROLLBACK")
                self.waiting.clear()
            raise
        self.depth -= 1
        if self.depth == 0:
            self.connection.execute("COMMIT")
            actions, self.waiting = self.waiting, []
            for action in actions:
                action()

    def in_transaction(self) -> bool:
        return self.depth > 0

    def execute(self, sql: str, parameters: Sequence[Value] = ()) -> list[Row]:
        return self.connection.execute(sql, tuple(parameters)).fetchall()

    def stream(self, sql: str, parameters: Sequence[Value] = ()) -> Iterator[Row]:
        yield from self.connection.execute(sql, tuple(parameters))

    def many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        self.connection.executemany(sql, rows)

    def after_commit(self, action: Callable[[], None]) -> None:
        if self.in_transaction():
            self.waiting.append(action)
        else:
            action()

    def migrate(self, room: str, scripts: Sequence[str]) -> None:
        done = self.execute("SELECT count(*) FROM migration WHERE room = ?", (room,))[0][0]
        for number, script in enumerate(scripts[int(done or 0) :]):
            with self.transaction():
                self.execute(script)
                self.execute("INSERT INTO migration VALUES (?, ?)", (room, number))

    def close(self) -> None:
        self.connection.close()


class Memory:
    """A ledger that remembers what was staged with a transaction that committed."""

    def __init__(self, engine: PlainEngine) -> None:
        self.engine = engine
        self.events: list[Event] = []

    def stage(self, event: Event) -> None:
        assert self.engine.in_transaction()
        self.engine.after_commit(lambda: self.events.append(event))
