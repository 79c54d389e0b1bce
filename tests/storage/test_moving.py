"""Rows carried from one engine to the other and back: all of them, once, whatever interrupts."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from gestand.kernel.errors import DamagedError, UsageError
from gestand.storage.engine import Engine
from gestand.storage.moving import PAGE, carry, digest_of
from gestand.storage.postgres import open_postgres
from gestand.storage.sqlite import open_sqlite
from gestand.storage.tables import tables
from postgres_server import running_server

KEY = bytes(range(32))
SCRIPTS = (
    "CREATE TABLE t (a BLOB NOT NULL, b INTEGER NOT NULL, c TEXT, d BLOB, PRIMARY KEY (a, b)) WITHOUT ROWID",
    "CREATE TABLE n (number INTEGER PRIMARY KEY AUTOINCREMENT, c TEXT)",
)
MANY = 2 * PAGE + 7


def fill(engine: Engine) -> None:
    engine.migrate("test", SCRIPTS)
    rows = ((b"anna%d" % (n % 7), n, None if n % 3 else f"é{n}", os.urandom(20)) for n in range(MANY))
    engine.many("INSERT INTO t VALUES (?, ?, ?, ?)", rows)
    engine.many("INSERT INTO n (c) VALUES (?)", [("x",), ("y",)])


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Engine]:
    engine = open_sqlite(tmp_path / "here.db", KEY, create=True)
    fill(engine)
    yield engine
    engine.close()


@pytest.fixture
def there() -> Iterator[Engine]:
    server = running_server()
    engine = open_postgres(server.dsn(), schema=server.schema())
    yield engine
    engine.close()


def content(engine: Engine) -> list[object]:
    return [engine.execute("SELECT a, b, c, d FROM t ORDER BY a, b"), engine.execute("SELECT * FROM n ORDER BY 1")]


def test_all_rows_arrive_and_come_back(here: Engine, there: Engine, tmp_path: Path) -> None:
    done = {one.table: one.rows for one in carry(here, there)}
    assert done == {"t": MANY, "n": 2}
    assert content(there) == content(here)
    assert there.execute("INSERT INTO n (c) VALUES ('z') RETURNING number") == [(3,)]
    back = open_sqlite(tmp_path / "back.db", KEY, create=True)
    carry(there, back)
    assert content(back) == content(there)
    assert [digest_of(back, table) for table in tables(back)] == [digest_of(there, table) for table in tables(there)]
    assert back.execute("INSERT INTO n (c) VALUES ('z') RETURNING number") == [(4,)]
    back.close()


def test_killed_at_any_page_it_goes_on_though_the_source_changed_meanwhile(
    here: Engine, there: Engine, tmp_path: Path
) -> None:
    schema = there.place.schema  # type: ignore[attr-defined]
    here.close()
    there.close()
    for page in range(4):
        child = os.fork()
        if child == 0:  # pragma: no cover - killed
            left = page

            def stop(_table: str, _rows: int) -> None:
                nonlocal left
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

            try:
                source = open_sqlite(tmp_path / "here.db", KEY, create=False)
                carry(source, open_postgres(running_server().dsn(), schema=schema), each=stop)
            finally:
                os._exit(3)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status)
        source = open_sqlite(tmp_path / "here.db", KEY, create=False)
        source.execute("UPDATE t SET c = ? WHERE b = ?", (f"changed {page}", page))
        source.execute("DELETE FROM t WHERE b = ?", (100 + page,))
        source.close()
    source = open_sqlite(tmp_path / "here.db", KEY, create=False)
    target = open_postgres(running_server().dsn(), schema=schema)
    written: list[str] = []
    carry(source, target, each=lambda table, _: written.append(table))
    assert content(target) == content(source)
    source.close()
    target.close()


def test_the_server_knows_at_once_how_the_rows_lie(here: Engine, there: Engine) -> None:
    carry(here, there)
    known = "SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE oid = CAST('t' AS regclass)"
    assert there.execute(known) == [(MANY,)]


def test_what_differs_afterwards_is_damage(here: Engine, there: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    carry(here, there)
    carried = there.many
    there.execute("DELETE FROM t WHERE b = 5")
    monkeypatch.setattr(there, "many", lambda sql, rows: carried(sql, list(rows)[1:]))
    with pytest.raises(DamagedError) as differs:
        carry(here, there)
    assert differs.value.code == "move-differs"


def test_a_place_that_something_else_uses_is_refused(here: Engine, there: Engine) -> None:
    there.migrate("other", ("CREATE TABLE o (a INTEGER PRIMARY KEY)",))
    with pytest.raises(UsageError) as other:
        carry(here, there)
    assert other.value.code == "move-target-other"
