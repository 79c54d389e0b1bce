"""A pinned file stays as it is while others write, and the copy opens under its key."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from gestand.kernel.errors import GestandError
from gestand.storage.snapshot import Pin
from gestand.storage.sqlite import SqliteEngine, open_sqlite

KEY = bytes(range(32))


@pytest.fixture
def store(tmp_path):
    engine = open_sqlite(tmp_path / "x.db", KEY, create=True)
    engine.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)")
    write(engine, 2000)
    yield engine
    engine.close()


def write(engine: SqliteEngine, rows: int) -> None:
    engine.many("INSERT INTO t (b) VALUES (?)", [(bytes(200),) for _ in range(rows)])


def copied(pin: Pin) -> bytes:
    target = io.BytesIO()
    assert pin.copy(target) == len(target.getvalue())
    return target.getvalue()


def test_the_copy_is_of_the_moment_of_the_pin(store: SqliteEngine, tmp_path: Path):
    with store.transaction():
        pin = Pin(store.path, KEY)
    before = copied(pin)
    write(store, 30_000)
    store.execute("PRAGMA wal_checkpoint(PASSIVE)")
    assert copied(pin) == before
    pin.release()
    store.expunge()
    copy = tmp_path / "copy.db"
    copy.write_bytes(before)
    opened = open_sqlite(copy, KEY, create=False)
    opened.verify()
    assert opened.execute("SELECT count(*) FROM t") == [(2000,)]
    opened.close()


def test_pages_that_nobody_changed_have_the_same_bytes(store: SqliteEngine):
    pin = Pin(store.path, KEY)
    before = copied(pin)
    pin.release()
    store.execute("UPDATE t SET b = x'01' WHERE a = 1")
    pin = Pin(store.path, KEY)
    after = copied(pin)
    pin.release()
    pages = range(0, len(before), 4096)
    same = sum(before[at : at + 4096] == after[at : at + 4096] for at in pages)
    assert len(pages) - 3 <= same < len(pages)


def test_locks_survive_the_copy(store: SqliteEngine):
    """Reading the file through a descriptor of our own and closing it would drop the locks of this process."""
    pin = Pin(store.path, KEY)
    copied(pin)
    pin.release()
    with store.transaction():
        store.execute("UPDATE t SET b = x'02' WHERE a = 1")
        other = open_sqlite(store.path, KEY, create=False)
        other.execute("PRAGMA busy_timeout = 1")
        with pytest.raises(GestandError) as busy:
            other.execute("BEGIN IMMEDIATE")
        assert busy.value.code == "store-busy"
        other.close()


def test_a_long_read_is_said(store: SqliteEngine, monkeypatch):
    rows = store.stream("SELECT * FROM t")
    next(rows)
    other = open_sqlite(store.path, KEY, create=False)
    write(other, 10)
    monkeypatch.setattr("gestand.storage.snapshot._BUSY_MILLISECONDS", 1)
    with pytest.raises(GestandError) as busy:
        Pin(store.path, KEY)
    assert busy.value.code == "backup-store-busy"
    rows.close()
    other.close()
