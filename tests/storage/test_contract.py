"""What every engine promises, on both."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from engines import open_store
from gestand.kernel.errors import GestandError, UsageError
from gestand.storage.engine import Engine
from gestand.storage.migrating import scripts_of

pytestmark = pytest.mark.on_both_engines
KEY = bytes(range(32))
TABLE = "CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB, c TEXT) WITHOUT ROWID"


@pytest.fixture
def engine(tmp_path: Path):
    made = open_store(tmp_path / "store.db", KEY)
    made.migrate("test", (TABLE,))
    yield made
    made.close()


def rows(engine: Engine) -> list[int]:
    return [int(row[0] or 0) for row in engine.execute("SELECT a FROM t ORDER BY a")]


def put(engine: Engine, number: int) -> None:
    engine.execute("INSERT INTO t (a) VALUES (?)", (number,))


def test_an_inner_block_joins_and_a_fault_anywhere_undoes_all(engine: Engine) -> None:
    done: list[str] = []
    with engine.transaction():
        put(engine, 1)
        with engine.transaction():
            put(engine, 2)
            engine.after_commit(lambda: done.append("after"))
        assert engine.in_transaction()
        assert done == []
    assert (rows(engine), done, engine.in_transaction()) == ([1, 2], ["after"], False)

    def fail() -> None:
        with engine.transaction():
            put(engine, 4)
            raise KeyError

    def swallow() -> None:
        with engine.transaction():
            put(engine, 3)
            engine.after_commit(lambda: done.append("never"))
            with pytest.raises(KeyError):
                fail()

    with pytest.raises(GestandError) as fault:
        swallow()
    assert fault.value.code == "transaction-broken"
    assert (rows(engine), done) == ([1, 2], ["after"])
    engine.after_commit(lambda: done.append("at once"))
    assert done[-1] == "at once"


def test_every_action_after_a_commit_runs_though_one_fails(engine: Engine) -> None:
    done: list[int] = []

    def fail() -> None:
        raise GestandError("x", "x")

    def change() -> None:
        with engine.transaction():
            put(engine, 1)
            engine.after_commit(fail)
            engine.after_commit(lambda: done.append(1))

    with pytest.raises(GestandError):
        change()
    assert (rows(engine), done) == ([1], [1])


def test_another_thread_waits_for_the_transaction(engine: Engine) -> None:
    def other() -> None:
        assert not engine.in_transaction()
        with engine.transaction():
            put(engine, len(rows(engine)) + 1)

    thread = threading.Thread(target=other)
    with engine.transaction():
        thread.start()
        thread.join(0.05)
        put(engine, 1)
    thread.join()
    assert rows(engine) == [1, 2]


def test_a_stream_yields_all_rows_and_may_be_left_early(engine: Engine) -> None:
    engine.many("INSERT INTO t (a) VALUES (?)", ((n,) for n in range(3000)))
    assert [row[0] for row in engine.stream("SELECT a FROM t ORDER BY a")] == list(range(3000))
    with engine.transaction():
        put(engine, 3000)
        assert sum(1 for _ in engine.stream("SELECT a FROM t WHERE a > ?", (10,))) == 2990
    stream = engine.stream("SELECT a FROM t")
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    engine.execute("DELETE FROM t")
    engine.expunge()
    engine.verify()


def test_what_is_written_comes_back_as_it_was(engine: Engine) -> None:
    written = [
        (-(2**63), b"\x00\xff", "é ' \" ? $1 %s"),
        (0, b"", ""),
        (7, None, None),
        (2**63 - 1, b"'?'", "line\nline"),
    ]
    engine.many("INSERT INTO t VALUES (?, ?, ?)", written)
    assert engine.execute("SELECT a, b, c FROM t ORDER BY a") == written
    assert engine.execute("SELECT '?', a FROM t WHERE a < ?2 AND a >= ?1 -- what?", (0, 8)) == [("?", 0), ("?", 7)]
    [(count, some)] = engine.execute("SELECT count(*), EXISTS (SELECT 1 FROM t) FROM t")
    assert (count, bool(some)) == (4, True)


def test_texts_stand_in_the_order_of_their_bytes(engine: Engine) -> None:
    words = ["b", "a", "Z", "é", "-", "aa", "B"]
    engine.many("INSERT INTO t (a, c) VALUES (?, ?)", enumerate(words))
    found = [row[0] for row in engine.execute("SELECT c FROM t ORDER BY c")]
    assert found == sorted(words, key=str.encode)


def test_migrations_run_once_and_forward_and_are_kept(engine: Engine) -> None:
    scripts = (TABLE, "CREATE TABLE u (a INTEGER NOT NULL); INSERT INTO u VALUES (1)")
    engine.migrate("test", scripts)
    engine.migrate("test", scripts)
    assert engine.execute("SELECT count(*) FROM u") == [(1,)]
    assert scripts_of(engine) == {"test": list(scripts)}
    with pytest.raises(UsageError) as newer:
        engine.migrate("test", scripts[:1])
    assert newer.value.code == "store-newer"


def test_a_migration_that_fails_leaves_the_tables_as_they_were(engine: Engine) -> None:
    bad = (TABLE, "CREATE TABLE u (a INTEGER NOT NULL); INSERT INTO nowhere VALUES (1)")
    with pytest.raises(Exception, match="nowhere"):
        engine.migrate("test", bad)
    good = (TABLE, "CREATE TABLE u (a INTEGER NOT NULL)")
    engine.migrate("test", good)
    assert engine.execute("SELECT count(*) FROM u") == [(0,)]


def test_counting_keys_count_on(engine: Engine) -> None:
    engine.migrate("count", ("CREATE TABLE n (number INTEGER PRIMARY KEY AUTOINCREMENT, b BLOB)",))
    first, second = (engine.execute("INSERT INTO n (b) VALUES (?) RETURNING number", (b"x",))[0][0] for _ in range(2))
    engine.execute("DELETE FROM n")
    [(third,)] = engine.execute("INSERT INTO n (b) VALUES (?) RETURNING number", (b"x",))
    assert [first, second, third] == [1, 2, 3]
