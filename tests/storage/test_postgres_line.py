"""Statements that travel ahead of their answers: every fault comes up, in its transaction, and nothing is mixed up."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import psycopg
import pytest

from gestand.kernel.errors import GestandError, UsageError
from gestand.storage import postgres_line
from gestand.storage.postgres import PostgresEngine, open_postgres
from postgres_server import Server, running_server

TABLE = "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c BLOB)"
PUT = "INSERT INTO t (a, b, c) VALUES (?, ?, ?)"
ALL = "SELECT a FROM t ORDER BY a"


@pytest.fixture
def server() -> Server:
    return running_server()


@pytest.fixture
def engine(server: Server) -> Iterator[PostgresEngine]:
    made = open_postgres(server.dsn(), schema=server.schema())
    made.migrate("test", (TABLE,))
    yield made
    made.close()


def rows(engine: PostgresEngine) -> list[object]:
    return [row[0] for row in engine.execute(ALL)]


def put(engine: PostgresEngine, number: int) -> None:
    engine.execute(PUT, (number, None, None))


def test_a_fault_in_what_was_told_comes_up_at_the_commit_and_nothing_is_kept(engine: PostgresEngine) -> None:
    after: list[str] = []

    def change() -> None:
        with engine.transaction():
            for number in (1, 2, 1, 3):
                put(engine, number)
            engine.after_commit(lambda: after.append("never"))

    with pytest.raises(psycopg.errors.UniqueViolation):
        change()
    assert (rows(engine), after) == ([], [])
    put(engine, 1)
    assert rows(engine) == [1]


def test_the_first_fault_is_the_one_that_is_said(engine: PostgresEngine) -> None:
    def change() -> None:
        with engine.transaction():
            put(engine, 1)
            put(engine, 1)
            engine.execute("INSERT INTO nowhere VALUES (?)", (1,))
            rows(engine)

    with pytest.raises(psycopg.errors.UniqueViolation):
        change()


def test_a_statement_that_was_passed_over_is_prepared_again(engine: PostgresEngine) -> None:
    def change() -> None:
        with engine.transaction():
            put(engine, 1)
            put(engine, 1)
            engine.execute("UPDATE t SET b = ? WHERE a = ?", ("never got there", 1))

    with pytest.raises(psycopg.errors.UniqueViolation):
        change()
    put(engine, 1)
    engine.execute("UPDATE t SET b = ? WHERE a = ?", ("there", 1))
    assert engine.execute("SELECT b FROM t") == [("there",)]


def test_what_is_asked_together_is_answered_in_order_in_a_transaction_and_out_of_it(engine: PostgresEngine) -> None:
    with engine.transaction():
        put(engine, 7)
        asked = engine.together([(ALL, ()), ("SELECT ?", ("x",))])
        put(engine, 8)
        later = engine.later("INSERT INTO t (a) VALUES (9) RETURNING a")
        assert asked() == [[(7,)], [("x",)]]
    assert later() == [(9,)]
    first, second = engine.together([(ALL, ())]), engine.together([("SELECT 1", ()), ("SELECT ?", (b"\0",))])
    assert (second(), first()) == ([[(1,)], [(b"\0",)]], [[(7,), (8,), (9,)]])
    assert engine.together([])() == []


def test_a_question_that_fails_does_not_harm_the_next(engine: PostgresEngine) -> None:
    asked = engine.together([("SELECT 1", ()), ("SELECT 1 / ?", (0,)), ("SELECT 2", ())])
    with pytest.raises(psycopg.errors.DivisionByZero):
        asked()
    with pytest.raises(psycopg.errors.DivisionByZero):
        engine.execute("SELECT 1 / ?", (0,))
    assert rows(engine) == []


def test_an_answer_that_nobody_fetches_keeps_no_connection(engine: PostgresEngine) -> None:
    put(engine, 1)
    named = "SELECT pid FROM pg_stat_activity WHERE pid = ?"
    asked = engine.together([("SELECT pg_backend_pid()", ())])
    pid = asked()[0][0][0]
    waits = engine.together([(ALL, ())])  # on the same connection
    del waits
    with psycopg.connect(engine.place._dsn, autocommit=True) as other:
        for _ in range(100):
            if not other.execute(named.replace("?", "%s"), (pid,)).fetchall():
                break
            other.execute("SELECT pg_sleep(0.02)")
        else:
            pytest.fail("the connection is still open")
    assert rows(engine) == [1]


def test_a_question_on_a_dead_connection_is_asked_again(server: Server, engine: PostgresEngine) -> None:
    put(engine, 1)
    server.stop()
    server.start()
    assert engine.together([(ALL, ()), ("SELECT 5", ())])() == [[(1,)], [(5,)]]
    asked = engine.together([(ALL, ())])
    server.stop()
    server.start()
    assert asked() == [[(1,)]]


def test_more_is_under_way_than_any_buffer_holds(engine: PostgresEngine) -> None:
    large = os.urandom(100_000)
    with engine.transaction():
        for number in range(2 * postgres_line._MOST_AHEAD + 10):
            engine.execute(PUT, (number, "text", large if number % 10 == 0 else b""))
    assert engine.execute("SELECT count(*), sum(length(c)) FROM t") == [(2010, 201 * len(large))]
    asked = engine.together([("SELECT c FROM t WHERE a >= ? AND length(c) > 0", (0,))] * 3)
    assert [len(found) for found in asked()] == [201] * 3


def test_statements_are_forgotten_before_there_are_too_many(
    engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_line, "_MOST_PREPARED", 10)
    for number in range(25):
        assert engine.execute(f"SELECT {number} + ?", (1,)) == [(number + 1,)]
    ((kept,),) = engine.execute("SELECT count(*) FROM pg_prepared_statements")
    assert 0 < kept <= 11


def test_values_that_cannot_be_kept_are_refused_before_they_are_sent(engine: PostgresEngine) -> None:
    for value in ("nul \0", 2**63):
        with pytest.raises(UsageError) as refused:
            engine.execute("SELECT ?", (value,))
        assert refused.value.code == "value-not-stored"
    with engine.transaction():
        put(engine, 1)
        with pytest.raises(UsageError):
            engine.execute(PUT, (2, "nul \0", None))
        put(engine, 3)
    assert rows(engine) == [1, 3]


def test_every_value_comes_back_as_it_was(engine: PostgresEngine) -> None:
    values = [(-(2**63), "", b""), (2**63 - 1, "é" * 5000, bytes(range(256)) * 100), (0, None, None)]
    engine.many(PUT, values)
    assert engine.execute("SELECT a, b, c FROM t ORDER BY a") == sorted(values, key=lambda row: row[0])
    assert engine.execute("SELECT sum(a), count(*) > 2, max(b) FROM t WHERE a = ?", (0,)) == [(0, 0, None)]


def test_a_stream_goes_on_while_others_are_told_and_asked(engine: PostgresEngine) -> None:
    engine.many(PUT, [(number, None, None) for number in range(600)])
    with engine.transaction():
        seen = []
        for (number,) in engine.stream(ALL):
            seen.append(number)
            engine.execute("UPDATE t SET b = ? WHERE a = ?", ("seen", number))
            if number == 300:
                assert engine.execute("SELECT count(*) FROM t WHERE b = 'seen'") == [(301,)]
        assert seen == list(range(600))
        left = engine.stream(ALL)
        next(left)
        left.close()  # type: ignore[attr-defined]
        assert engine.execute("SELECT count(*) FROM pg_cursors WHERE name LIKE 'stream%'") == [(0,)]
    assert engine.execute("SELECT count(*) FROM t WHERE b = 'seen'") == [(600,)]


def test_tables_that_change_do_not_leave_old_statements_behind(engine: PostgresEngine) -> None:
    put(engine, 1)
    assert engine.execute("SELECT * FROM t") == [(1, None, None)]
    engine.migrate("test", (TABLE, "ALTER TABLE t ADD COLUMN d INTEGER"))
    assert engine.execute("SELECT * FROM t") == [(1, None, None, None)]


def test_who_is_interrupted_while_waiting_leaves_nothing_behind(engine: PostgresEngine) -> None:
    def change() -> None:
        with engine.transaction():
            put(engine, 1)
            threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
            engine.execute("SELECT pg_sleep(30)")

    with pytest.raises(KeyboardInterrupt):
        change()
    assert (rows(engine), engine.in_transaction()) == ([], False)
    put(engine, 2)
    assert rows(engine) == [2]


def test_a_connection_that_the_server_ends_is_lost_not_in_doubt(engine: PostgresEngine) -> None:
    def change(*, ask: bool) -> None:
        with engine.transaction():
            ((pid,),) = engine.execute("SELECT pg_backend_pid()")
            put(engine, 1)
            with psycopg.connect(engine.place._dsn, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
            if ask:
                rows(engine)

    for ask in (False, True):
        with pytest.raises(GestandError) as lost:
            change(ask=ask)
        assert (lost.value.code, rows(engine)) == ("store-lost", [])
