"""A log that is emptied where it lies: zeros stand where it stood, and nothing that was committed leaves with it."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from subprocess import PIPE, Popen

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


def test_a_log_that_grew_past_what_is_kept_is_cut(engine: SqliteEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    put(engine, *range(30))
    monkeypatch.setattr(sqlite, "_MOST_KEPT", log(engine).stat().st_size - 1)
    engine.expunge(going_on=True)
    assert log(engine).stat().st_size == 0


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


def test_a_disk_that_takes_half_of_a_write_gets_the_rest(
    engine: SqliteEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(engine, *range(600))
    pwrite = os.pwrite
    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", lambda file, content, at: pwrite(file, content[: max(32, len(content) // 2)], at))
        engine.expunge(going_on=True)
    assert log(engine).stat().st_size
    assert not any(log(engine).read_bytes())
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


WRITER = """
import sys
from pathlib import Path
from random import Random
from subprocess import PIPE, Popen
from gestand.kernel.errors import GestandError
from gestand.storage import sqlite
sqlite._WORTH_KEEPING = 1
name, path = sys.argv[1], Path(sys.argv[2])
engine = sqlite.open_sqlite(path, bytes(range(32)), create=False)
at = engine.execute("SELECT at FROM writer WHERE name = ?", (name,))[0][0]
while True:
    at += 1
    with engine.transaction():
        engine.execute("UPDATE writer SET at = ? WHERE name = ?", (at, name))
        engine.execute("UPDATE page SET at = ? WHERE name = ?", (at, name))
    print(at, flush=True)
    if at % 7 == 0:
        try:
            engine.expunge(going_on=True)
        except GestandError as fault:
            assert fault.code == "store-busy", fault
"""


@pytest.mark.parametrize("kills", [12, pytest.param(200, marks=pytest.mark.long)], ids=["some kills", "many kills"])
def test_what_was_acknowledged_stays_whoever_is_killed_while_the_log_is_blanked(tmp_path: Path, kills: int) -> None:
    """Two programs change one file and blank its log all the time; now the one is killed, now the other, now both."""
    path = tmp_path / "store.db"
    made = open_sqlite(path, KEY, create=True)
    made.execute("CREATE TABLE writer (name TEXT PRIMARY KEY, at INTEGER, filling BLOB)")
    made.execute("CREATE TABLE page (name TEXT, number INTEGER, at INTEGER, filling BLOB, PRIMARY KEY (name, number))")
    for name in "ab":
        made.execute("INSERT INTO writer VALUES (?, 0, zeroblob(3000))", (name,))
        made.many("INSERT INTO page VALUES (?, ?, 0, zeroblob(3000))", ((name, number) for number in range(6)))
    made.close()
    chance = Random(1)
    running: dict[str, Popen[str]] = {}
    acknowledged = {"a": 0, "b": 0}
    for _ in range(kills):
        for name in "ab":
            if name not in running:
                running[name] = Popen(
                    [sys.executable, "-c", WRITER, name, str(path)], stdout=PIPE, stderr=PIPE, text=True
                )
        for writer in running.values():
            assert writer.stdout is not None
            assert writer.stdout.readline(), writer.stderr and writer.stderr.read()
        time.sleep(chance.random() / 10)
        for name in chance.choice(["a", "b", "ab"]):
            writer = running.pop(name)
            writer.kill()
            said, wrong = writer.communicate()
            assert not wrong
            whole = [int(line) for line in said.splitlines(keepends=True) if line.endswith("\n")]
            acknowledged[name] = max(whole, default=acknowledged[name])
        opened = open_sqlite(path, KEY, create=False)
        for name, least in acknowledged.items():
            found = opened.execute(
                "SELECT at FROM writer WHERE name = ? UNION SELECT at FROM page WHERE name = ?", (name, name)
            )
            assert len(found) == 1, "a transaction is there wholly or not at all"
            assert int(found[0][0] or 0) >= least
        if not running:
            opened.verify()
        opened._connection.close()
    for writer in running.values():
        writer.kill()
        writer.communicate()
    assert min(acknowledged.values()) > 0
