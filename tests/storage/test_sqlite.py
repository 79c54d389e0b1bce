from __future__ import annotations

import threading
import time
from pathlib import Path

import apsw
import pytest

from gestand.kernel.errors import DamagedError, GestandError, UsageError
from gestand.storage.sqlite import SqliteEngine, open_sqlite

KEY = bytes(range(32))
CANARY = b"canary-of-Carla-Smit"


@pytest.fixture
def engine(tmp_path: Path):
    made = open_sqlite(tmp_path / "store.db", KEY, create=True)
    made.migrate("test", ("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)",))
    yield made
    made.close()


def rows(engine: SqliteEngine) -> list[int]:
    return [int(row[0] or 0) for row in engine.execute("SELECT a FROM t ORDER BY a")]


def put(engine: SqliteEngine, number: int, content: bytes = b"") -> None:
    engine.execute("INSERT INTO t VALUES (?, ?)", (number, content))


def test_migrations_run_once_and_forward(engine: SqliteEngine, tmp_path: Path) -> None:
    scripts = ("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)", "CREATE TABLE u (a); INSERT INTO u VALUES (1)")
    engine.migrate("test", scripts)
    engine.migrate("test", scripts)
    assert engine.execute("SELECT count(*) FROM u") == [(1,)]
    with pytest.raises(UsageError) as newer:
        engine.migrate("test", scripts[:1])
    assert newer.value.code == "store-newer"


def test_no_byte_of_a_page_is_readable_and_the_wrong_key_opens_nothing(engine: SqliteEngine, tmp_path: Path) -> None:
    put(engine, 1, CANARY * 300)
    assert all(CANARY[:8] not in path.read_bytes() for path in tmp_path.iterdir())
    engine.close()
    assert not (tmp_path / "store.db").read_bytes().startswith(b"SQLite format")
    with pytest.raises(DamagedError) as fault:
        open_sqlite(tmp_path / "store.db", bytes(32), create=False)
    assert fault.value.code == "store-damaged"


def test_deleted_bytes_are_in_the_log_until_expunged_and_then_nowhere(tmp_path: Path) -> None:
    engine = open_sqlite(tmp_path / "plain.db", b"", create=True)
    engine.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)")
    put(engine, 1, CANARY)
    engine.execute("DELETE FROM t")
    found = {path.name for path in tmp_path.iterdir() if CANARY in path.read_bytes()}
    assert found == {"plain.db-wal"}
    engine.expunge()
    assert [path.name for path in tmp_path.iterdir() if CANARY in path.read_bytes()] == []
    engine.close()


def test_expunge_says_so_when_another_reader_keeps_the_log_open(engine: SqliteEngine, tmp_path: Path) -> None:
    engine._connection.set_busy_timeout(10)
    other = open_sqlite(tmp_path / "store.db", KEY, create=False)
    engine.many("INSERT INTO t VALUES (?, NULL)", ((n,) for n in range(1000)))
    reading = other.stream("SELECT a FROM t")
    next(reading)
    put(engine, 1000)
    with pytest.raises(GestandError) as busy:
        engine.expunge()
    assert busy.value.code == "store-busy"
    reading.close()  # type: ignore[attr-defined]
    engine.expunge()
    other.close()


def test_the_log_is_cut_a_moment_later_when_another_is_folding_it_in(engine: SqliteEngine, tmp_path: Path) -> None:
    reader, folding = (open_sqlite(tmp_path / "store.db", KEY, create=False) for _ in range(2))
    engine.many("INSERT INTO t VALUES (?, NULL)", ((n,) for n in range(1000)))
    stream = reader.stream("SELECT a FROM t")
    next(stream)
    put(engine, 1000)  # beyond what the reader sees: folding this in waits for it, and keeps everybody else from it
    other = threading.Thread(target=folding.expunge)
    other.start()
    deadline = time.monotonic() + 5
    while (
        engine._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()[0][0] == 0
    ):  # until the other holds on to it
        assert time.monotonic() < deadline
    threading.Timer(0.2, stream.close).start()
    engine.expunge()
    other.join()
    assert not (tmp_path / "store.db-wal").stat().st_size
    reader.close()
    folding.close()


def test_a_log_that_keeps_its_place_holds_zeros_and_takes_commits_as_before(tmp_path: Path) -> None:
    engine = open_sqlite(tmp_path / "plain.db", b"", create=True)
    engine.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)")
    log = tmp_path / "plain.db-wal"
    engine.expunge(going_on=True)
    assert log.stat().st_size == 0  # so little is not worth a place
    engine.many("INSERT INTO t VALUES (?, ?)", ((n, CANARY * 500) for n in range(200)))
    taken = log.stat().st_size
    engine.execute("DELETE FROM t WHERE a < 100")
    engine.expunge(going_on=True)
    assert log.stat().st_size >= taken
    assert not any(log.read_bytes())
    for turn in range(2):  # as a kill leaves the files: before a commit, and after it
        copy = tmp_path / str(turn)
        copy.mkdir()
        for name in ("plain.db", "plain.db-wal"):
            (copy / name).write_bytes((tmp_path / name).read_bytes())
        opened = open_sqlite(copy / "plain.db", b"", create=False)
        opened.verify()
        assert opened.execute("SELECT count(*) FROM t") == [(100 + turn,)]
        opened.close()
        if not turn:
            put(engine, 1)
    other = open_sqlite(tmp_path / "plain.db", b"", create=False)
    put(other, 2)
    put(engine, 3)
    assert other.execute("SELECT count(*) FROM t") == engine.execute("SELECT count(*) FROM t") == [(103,)]
    other.close()
    engine.expunge()
    assert log.stat().st_size == 0
    engine.close()


@pytest.mark.parametrize("page", range(6))
def test_a_flipped_bit_is_found(engine: SqliteEngine, tmp_path: Path, page: int) -> None:
    engine.many("INSERT INTO t VALUES (?, ?)", ((n, CANARY * 20) for n in range(100)))
    engine.close()
    path = tmp_path / "store.db"
    content = bytearray(path.read_bytes())
    content[page * 4096 + 2000] ^= 1
    path.write_bytes(content)

    def look() -> None:
        again = open_sqlite(path, KEY, create=False)
        try:
            again.verify()
        finally:
            again.close()

    with pytest.raises(DamagedError) as fault:
        look()
    assert fault.value.exit_status == 4


def test_a_full_disk_undoes_the_change_and_says_so(engine: SqliteEngine) -> None:
    put(engine, 1)
    engine.expunge()
    pages = int(engine.execute("PRAGMA page_count")[0][0] or 0)
    engine.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(GestandError) as full:
        engine.many("INSERT INTO t VALUES (?, ?)", ((n, CANARY * 100) for n in range(2, 100)))
    assert full.value.code == "store-full"
    assert "Make room" in full.value.remedy
    assert (rows(engine), engine.in_transaction()) == ([1], False)
    engine.execute("PRAGMA max_page_count = 100000")
    put(engine, 2)
    assert rows(engine) == [1, 2]


def test_what_cannot_be_opened_or_written_is_said(tmp_path: Path, engine: SqliteEngine) -> None:
    with pytest.raises(UsageError) as missing:
        open_sqlite(tmp_path / "absent.db", KEY, create=False)
    assert missing.value.code == "store-missing"
    with pytest.raises(GestandError) as folder:
        open_sqlite(tmp_path / "no" / "where.db", KEY, create=True)
    assert folder.value.code == "store-not-opened"
    engine.execute("PRAGMA query_only = ON")
    with pytest.raises(GestandError) as read_only:
        put(engine, 9)
    assert read_only.value.code == "store-read-only"
    engine.execute("PRAGMA query_only = OFF")
    with pytest.raises(ValueError, match="32 bytes"):
        open_sqlite(tmp_path / "short.db", b"short", create=True)


def test_a_fault_in_our_own_sql_is_not_dressed_up(engine: SqliteEngine) -> None:
    with pytest.raises(apsw.SQLError):
        engine.execute("SELECT nonsense FROM nowhere")


def test_durable_settings_are_on(engine: SqliteEngine) -> None:
    for name, value in (("synchronous", 2), ("secure_delete", 1), ("foreign_keys", 1), ("trusted_schema", 0)):
        assert engine.execute(f"PRAGMA {name}") == [(value,)]
    assert engine.execute("PRAGMA journal_mode") == [("wal",)]
