"""Statements that travel ahead of their answers: every fault comes up, in its transaction, and nothing is mixed up."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from itertools import islice

import psycopg
import pytest
from psycopg.pq import ExecStatus

from gestand.kernel.errors import GestandError, UsageError
from gestand.storage import postgres_line
from gestand.storage.postgres import PostgresEngine, open_postgres
from gestand.storage.postgres_session import Connection
from postgres_server import Server
from storage.served import TABLE, put, rows

PUT = "INSERT INTO t (a, b, c) VALUES (?, ?, ?)"
ALL = "SELECT a FROM t ORDER BY a"


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


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let SIGINT interrupt, also in a process that a shell started in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
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


def test_questions_of_which_one_cannot_be_sent_leave_the_connection_as_it_was(engine: PostgresEngine) -> None:
    ((pid,),) = engine.execute("SELECT pg_backend_pid()")
    with pytest.raises(UsageError) as refused:
        engine.together([("SELECT 1", ()), ("SELECT ?", ("nul \0",))])
    assert refused.value.code == "value-not-stored"
    assert engine.execute("SELECT pg_backend_pid()") == [(pid,)]


def test_a_connection_in_the_middle_of_something_is_not_used_again(engine: PostgresEngine) -> None:
    ((pid,),) = engine.execute("SELECT pg_backend_pid()")

    def leave(connection: Connection) -> None:
        connection.line.tell("SELECT 1")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine._pool.use(leave)
    assert engine.execute("SELECT pg_backend_pid()") != [(pid,)]


def test_answers_come_in_turn_and_may_be_left_in_the_middle(engine: PostgresEngine) -> None:
    engine.many(PUT, [(number, None, None) for number in range(3)])
    coming = engine.in_turn([("SELECT ?", (number,)) for number in range(20)])
    assert [next(coming), next(coming)] == [[(0,)], [(1,)]]
    assert rows(engine) == [0, 1, 2]
    assert [found[0][0] for found in coming] == list(range(2, 20))
    left = engine.in_turn([(ALL, ())] * 3)
    next(left)
    del left
    assert rows(engine) == [0, 1, 2]
    with engine.transaction():
        coming = engine.in_turn([("SELECT ?", (number,)) for number in range(3)])
        next(coming)
        put(engine, 3)
        assert [found[0][0] for found in coming] == [1, 2]
        assert rows(engine) == [0, 1, 2, 3]


def test_a_turn_that_cannot_be_had_leaves_a_connection_that_serves(
    server: Server, engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = open_postgres(server.dsn(), schema=engine.place.schema)
    engine.execute("SELECT 1")
    with engine._pool._lock:
        (idle,) = engine._pool._idle
    idle.execute("SET lock_timeout = '100ms'")
    with other.transaction():
        put(other, 1)
        with pytest.raises(GestandError) as busy:
            put(engine, 2)
    assert busy.value.code == "store-busy"
    put(engine, 3)
    assert 3 in rows(engine)
    other.close()


@pytest.mark.parametrize("way", ["one", "several"])
def test_what_was_asked_is_taken_in_before_more_is_asked(engine: PostgresEngine, way: str) -> None:
    large = os.urandom(1_000_000)
    engine.many(PUT, [(number, None, large) for number in range(20)])
    coming = engine.in_turn([("SELECT c FROM t WHERE a = ?", (number,)) for number in range(20)])
    assert next(coming) == [(large,)]
    assert len(rows(engine) if way == "one" else engine.together([(ALL, ()), ("SELECT 1", ())])()[0]) == 20
    with psycopg.connect(engine.place._dsn, autocommit=True) as other:  # the server does not wait for us any more
        busy = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT c FROM%%' AND state = 'active' AND pid <> pg_backend_pid()"
        assert other.execute(busy).fetchone() == (0,)
    assert [found == [(large,)] for found in coming] == [True] * 19


def test_a_fault_in_what_was_taken_in_comes_up_in_its_turn(engine: PostgresEngine) -> None:
    failing = engine.in_turn([("SELECT 1", ()), ("SELECT 1 / ?", (0,)), ("SELECT 2", ())])
    rows(engine)
    assert next(failing) == [(1,)]
    for _ in range(2):
        with pytest.raises(psycopg.errors.DivisionByZero):
            next(failing)


def test_several_questions_see_one_moment(engine: PostgresEngine) -> None:
    put(engine, 1)
    asked = engine.together(
        [("SELECT count(*) FROM t", ()), ("SELECT pg_sleep(0.5)", ()), ("SELECT count(*) FROM t", ())]
    )
    put(engine, 2)
    first, _, last = asked()
    assert first == last


def test_rows_that_are_deleted_while_others_expunge_leave_with_the_next(engine: PostgresEngine) -> None:
    engine.many(PUT, [(number, "secret", None) for number in range(50)])
    engine.expunge()
    with engine.transaction():
        engine.execute("DELETE FROM t")
        keeper = threading.Thread(target=engine.expunge)
        keeper.start()
        keeper.join()
    assert engine.execute("SELECT count(*) FROM pg_stat_all_tables WHERE relid = 't'::regclass") == [(1,)]
    assert "t" in engine._dirty
    engine.expunge()
    assert engine._dirty == set()


def test_texts_are_the_same_whatever_the_role_speaks(
    server: Server, engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    other = open_postgres(server.dsn(), schema=engine.place.schema)
    other.execute("INSERT INTO t (a, b) VALUES (?, ?)", (1, "é€"))
    assert other.execute("SELECT b, length(b) FROM t") == engine.execute("SELECT b, length(b) FROM t") == [("é€", 2)]
    other.close()


@pytest.mark.parametrize("swallowed", ["sync", "answer"])
def test_an_answer_that_an_interruption_swallows_does_not_hang(
    engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch, swallowed: str
) -> None:
    plain = postgres_line.Line._result
    met: list[str] = []

    def interrupted(line: postgres_line.Line):
        result = plain(line)
        kind = "none" if result is None else "sync" if result.status == ExecStatus.PIPELINE_SYNC else "answer"
        if kind == swallowed and not met:
            met.append(kind)
            raise KeyboardInterrupt
        return result

    put(engine, 1)

    def change() -> None:
        with engine.transaction():
            put(engine, 2)
            monkeypatch.setattr(postgres_line.Line, "_result", interrupted)

    with pytest.raises(KeyboardInterrupt):
        change()
    monkeypatch.undo()
    assert met == [swallowed]
    put(engine, 3)
    assert {1, 3} <= set(rows(engine))


def test_a_change_that_is_interrupted_before_it_is_undone_is_not_kept_by_the_next(
    engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_line: postgres_line.Line) -> None:
        raise KeyboardInterrupt

    def change() -> None:
        with engine.transaction():
            put(engine, 1)
            rows(engine)
            monkeypatch.setattr(postgres_line.Line, "abandon", interrupted)
            raise ValueError

    with pytest.raises(KeyboardInterrupt):
        change()
    monkeypatch.undo()
    put(engine, 2)
    assert rows(engine) == [2]


def test_a_fault_that_comes_up_where_a_stream_is_left_is_said(engine: PostgresEngine) -> None:
    put(engine, 1)

    def change() -> None:
        with engine.transaction():
            for _ in engine.stream(ALL):
                put(engine, 1)
                break

    with pytest.raises(psycopg.errors.UniqueViolation):
        change()


def test_a_stream_is_not_read_beyond_its_transaction(engine: PostgresEngine) -> None:
    engine.many(PUT, [(number, None, None) for number in range(600)])
    with engine.transaction():
        left = engine.stream(ALL)
        next(left)
    with pytest.raises(RuntimeError):
        list(left)
    assert len(rows(engine)) == 600


def test_a_stream_of_its_own_goes_on_whatever_its_thread_opens_and_ends(engine: PostgresEngine) -> None:
    engine.many(PUT, [(number, None, None) for number in range(600)])
    stream = engine.stream(ALL)
    next(stream)
    with engine.transaction():
        put(engine, 1000)
        seen = list(islice(stream, 400))
        put(engine, 1001)
    assert [*seen, *stream] == [(number,) for number in range(1, 600)]
    assert len(rows(engine)) == 602


def test_a_statement_that_went_stale_is_prepared_anew(engine: PostgresEngine) -> None:
    put(engine, 1)
    assert engine.execute("SELECT * FROM t") == [(1, None, None)]
    with psycopg.connect(engine.place._dsn, autocommit=True) as other:  # as another release does
        other.execute(f"ALTER TABLE {engine.place.schema}.t ADD COLUMN d INTEGER")
    with pytest.raises(psycopg.errors.FeatureNotSupported):
        engine.execute("SELECT * FROM t")
    assert engine.execute("SELECT * FROM t") == [(1, None, None, None)]
