"""Backends that are ended at any moment: what was acknowledged is there, once; what failed is not; no answer is another's."""

from __future__ import annotations

import random
import threading
import time

import psycopg

from gestand.kernel.errors import GestandError, UsageError
from gestand.storage.postgres import PostgresEngine, open_postgres
from postgres_server import SUPERUSER, running_server

SECONDS = 4.0
_END = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gestand' AND pid <> pg_backend_pid()
    ORDER BY random() LIMIT 1
"""


def undo() -> None:
    """Fail, so that nothing is kept."""
    raise KeyError


class Workers:
    """Threads that change and read one store until they are told to stop."""

    def __init__(self, engine: PostgresEngine) -> None:
        self.engine = engine
        self.over = threading.Event()
        self.kept: list[int] = []
        self.lost = 0
        self.wrong: list[str] = []
        self.questions = 0
        self._turn = threading.Lock()

    def change(self, seed: int) -> None:
        """Add rows in pairs, some of them large, some in transactions that are undone."""
        chance = random.Random(seed)
        at = seed * 1_000_000
        while not self.over.is_set():
            at += 2
            try:
                with self.engine.transaction(durable=chance.random() < 0.5):
                    number = self.engine.later("UPDATE counter SET n = n + 1 RETURNING n")
                    self.engine.execute("INSERT INTO t VALUES (?, ?)", (at, b"x" * chance.choice((1, 50_000))))
                    if chance.random() < 0.3:
                        self.engine.execute("SELECT count(*) FROM t WHERE a > ?", (at - 100,))
                    self.engine.execute("INSERT INTO t VALUES (?, ?)", (at + 1, b"x"))
                    if chance.random() < 0.1:
                        undo()
            except KeyError:
                continue
            except (GestandError, UsageError) as fault:
                if fault.code not in {"store-lost", "store-not-opened"}:
                    self.wrong.append(fault.code)
                self.lost += 1
                continue
            with self._turn:
                self.kept += [at, at + 1]
                if not number():
                    self.wrong.append("no number")

    def read(self, seed: int) -> None:
        """Ask several things at once: they see one moment, and each answer is that of its question."""
        chance = random.Random(seed)
        while not self.over.is_set():
            marks = [chance.randrange(10**9) for _ in range(4)]
            pairs = "SELECT count(*) % 2 FROM t"
            try:
                found = list(
                    self.engine.in_turn(
                        [(pairs, ()), *[("SELECT ?", (mark,)) for mark in marks], ("SELECT b FROM t", ())]
                    )
                )
            except (GestandError, UsageError):
                continue
            self.questions += 1
            if found[0] != [(0,)] or [rows[0][0] for rows in found[1:5]] != marks or len(found[5]) % 2:
                self.wrong.append(f"{found[:5]} for {marks}, {len(found[5])} rows")


def test_what_was_acknowledged_is_there_and_what_failed_is_not_however_often_backends_are_ended() -> None:
    server = running_server()
    engine = open_postgres(server.dsn(), schema=server.schema())
    engine.migrate(
        "test",
        (
            "CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)",
            "CREATE TABLE counter (n INTEGER NOT NULL)",
            "INSERT INTO counter VALUES (0)",
        ),
    )
    workers = Workers(engine)
    threads = [threading.Thread(target=workers.change, args=(seed,)) for seed in (1, 2, 3)]
    threads += [threading.Thread(target=workers.read, args=(seed,)) for seed in (4, 5)]
    with psycopg.connect(server.dsn(SUPERUSER, SUPERUSER), autocommit=True) as other:
        for thread in threads:
            thread.start()
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            other.execute(_END)
            time.sleep(0.01)
    workers.over.set()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert workers.wrong == []
    assert [row[0] for row in engine.execute("SELECT a FROM t ORDER BY a")] == sorted(workers.kept)
    assert engine.execute("SELECT n FROM counter") == [(len(workers.kept) // 2,)]
    assert min(len(workers.kept), workers.lost, workers.questions) > 10
    engine.close()
