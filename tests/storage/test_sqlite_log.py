"""A log that is emptied where it lies: zeros stand where it stood, and nothing that was committed leaves with it."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gestand.kernel.errors import GestandError
from gestand.storage import sqlite, sqlite_log
from gestand.storage.engine import Row
from gestand.storage.sqlite import SqliteEngine, open_sqlite
from gestand.storage.sqlite_log import Blank, blank
from storage.power import THROUGH, Disk, lay_out, watched

KEY = bytes(range(32))
CANARY = b"canary-of-Carla-Smit"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteEngine]:
    monkeypatch.setattr(sqlite, "_WORTH_KEEPING", 1)
    made = open_sqlite(tmp_path / "store.db", b"", create=True)
    made.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)")
    yield made
    made.close()


@pytest.fixture
def other(engine: SqliteEngine) -> Iterator[SqliteEngine]:
    made = open_sqlite(engine.path, b"", create=False)
    yield made
    made.close()


def put(engine: SqliteEngine, *numbers: int) -> None:
    for number in numbers:
        engine.execute("INSERT INTO t VALUES (?, ?)", (number, CANARY * 50))


def log(engine: SqliteEngine) -> Path:
    return engine.path.with_name(f"{engine.path.name}-wal")


def after_a_kill(engine: SqliteEngine, folder: Path) -> list[int]:
    """What stands there if every process is ended now."""
    folder.mkdir()
    for path in (engine.path, log(engine)):
        shutil.copy(path, folder)
    opened = open_sqlite(folder / engine.path.name, b"", create=False)
    opened.verify()
    found = [int(row[0] or 0) for row in opened.execute("SELECT a FROM t ORDER BY a")]
    opened.close()
    return found


def test_zeros_stand_where_the_log_stood_and_the_next_commits_take_their_place(
    engine: SqliteEngine, other: SqliteEngine, tmp_path: Path
) -> None:
    put(engine, *range(30))
    engine.execute("DELETE FROM t WHERE a < 10")
    size = log(engine).stat().st_size
    assert CANARY in log(engine).read_bytes()
    engine.expunge(going_on=True)
    assert log(engine).read_bytes() == bytes(size)
    assert after_a_kill(engine, tmp_path / "blank") == list(range(10, 30))
    put(other, 30)
    put(engine, 31)
    assert log(engine).stat().st_size == size
    assert after_a_kill(engine, tmp_path / "written") == list(range(10, 32))
    other.execute("DELETE FROM t WHERE a = 30")
    other.expunge(going_on=True)
    assert not any(log(engine).read_bytes())
    other.expunge(going_on=True)  # nothing came since
    assert after_a_kill(engine, tmp_path / "again") == [*range(10, 30), 31]
    engine.expunge()
    assert log(engine).stat().st_size == 0


def test_what_another_commits_meanwhile_is_not_blanked(
    engine: SqliteEngine, other: SqliteEngine, tmp_path: Path
) -> None:
    """The log was begun anew, or, while somebody reads, goes on behind what was folded in."""
    reader = open_sqlite(engine.path, b"", create=False)
    put(engine, 1)
    turn = 2
    for reading in (False, True):

        def run(sql: str, reading: bool = reading, turn: int = turn) -> list[Row]:
            if not sql.startswith("PRAGMA"):
                return engine.execute(sql)
            if not reading:
                found = engine.execute(sql)
                put(other, turn)
                return found
            put(other, turn)
            reader.execute("BEGIN")
            reader.execute("SELECT a FROM t")
            found = engine.execute("PRAGMA wal_checkpoint(PASSIVE)")
            put(other, turn + 1)
            reader.execute("ROLLBACK")
            return found

        descriptor = os.open(log(engine), os.O_RDWR)
        assert blank(descriptor, run) is Blank.UNSURE
        os.close(descriptor)
        turn += 1
    assert after_a_kill(engine, tmp_path / "killed") == [1, 2, 3, 4]
    engine.expunge(going_on=True)
    assert after_a_kill(engine, tmp_path / "later") == [1, 2, 3, 4]
    reader.close()


def test_while_somebody_reads_the_log_stays_as_it_is(engine: SqliteEngine, other: SqliteEngine) -> None:
    engine._connection.set_busy_timeout(1)
    put(engine, *range(300))
    rows = other.stream("SELECT a FROM t")
    next(rows)
    put(engine, 300)
    before = log(engine).read_bytes()
    with pytest.raises(GestandError, match="another process keeps it open") as busy:
        engine.expunge(going_on=True)
    assert busy.value.code == "store-busy"
    assert log(engine).read_bytes() == before
    rows.close()
    engine.expunge(going_on=True)
    assert not any(log(engine).read_bytes())


@pytest.mark.parametrize("after", range(3))
def test_a_disk_that_takes_no_zeros_lets_the_log_be_cut(
    engine: SqliteEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    put(engine, *range(600))
    pwrite, calls = os.pwrite, [0]

    def full(descriptor: int, content: bytes, at: int) -> int:
        calls[0] += 1
        if calls[0] > after:
            raise OSError(errno.ENOSPC, "no space left on device")
        return pwrite(descriptor, content, at)

    monkeypatch.setattr(os, "pwrite", full)
    engine.expunge(going_on=True)
    monkeypatch.undo()
    assert calls[0] == after + 1
    assert log(engine).stat().st_size == 0
    assert after_a_kill(engine, tmp_path / "killed") == list(range(600))


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "shared"])
@pytest.mark.parametrize("seed", range(4))
def test_power_that_fails_while_it_is_blanked_brings_back_no_older_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, *, alone: bool
) -> None:
    monkeypatch.setattr(sqlite, "_WORTH_KEEPING", 1)
    monkeypatch.setattr(sqlite_log, "_BLOCK", 32 + 24 + 4096)  # the head and the first commit, then the others
    folder = tmp_path / "live"
    folder.mkdir()
    path = folder / "store.db"
    made = open_sqlite(path, KEY, create=True)
    made.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)")
    made.many("INSERT INTO t VALUES (?, 0)", ((n,) for n in range(40)))
    made.close()
    disk = Disk(folder, seed=seed, draws=6)
    with watched(disk):
        engine = open_sqlite(path, KEY, create=False, alone=alone, vfs=THROUGH)
        for turn in range(1, 10):
            engine.execute("UPDATE t SET b = ?", (turn,))
            disk.promised = turn
            if turn % 3 == 0:
                engine.expunge(going_on=True)
        engine.close()
    blanked = [
        moment for moment in disk.moments if any(not any(image.get("store.db-wal", b"x")) for image in moment.images)
    ]
    assert blanked
    for number, moment in enumerate(disk.moments):
        for image in moment.images:
            again = tmp_path / "again"
            lay_out(image, again)
            opened = open_sqlite(again / "store.db", KEY, create=False)
            opened.verify()
            found = opened.execute("SELECT DISTINCT b FROM t")
            opened.close()
            shutil.rmtree(again)
            assert found in ([(moment.promised,)], [(moment.promised + 1,)]), (number, moment.syncing)
