"""What only a server can do to us: go away, be shared, be set up badly. Each on a real one."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from gestand.kernel.errors import GestandError, UsageError
from gestand.storage.postgres import PostgresEngine, open_postgres
from gestand.storage.postgres_session import Connection
from postgres_server import SUPERUSER, Server, running_server
from storage.served import put, rows

HERE = Path(__file__).parents[1]


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_server_that_stops_in_a_transaction_undoes_it_and_says_so(
    server: Server, engine: PostgresEngine, mode: str
) -> None:
    put(engine, 1)
    done: list[str] = []

    def change() -> None:
        with engine.transaction():
            put(engine, 2)
            engine.after_commit(lambda: done.append("never"))
            server.stop(mode)
            put(engine, 3)

    try:
        with pytest.raises(GestandError) as lost:
            change()
        assert (lost.value.code, engine.in_transaction(), done) == ("store-lost", False, [])
        assert "nothing of this change was kept" in lost.value.message
        with pytest.raises(UsageError) as away:
            rows(engine)
        assert away.value.code == "store-not-opened"
    finally:
        server.start()
    assert rows(engine) == [1]
    put(engine, 4)
    assert rows(engine) == [1, 4]


def test_idle_connections_that_died_are_replaced_unseen(server: Server, engine: PostgresEngine) -> None:
    put(engine, 1)
    server.stop()
    server.start()
    assert rows(engine) == [1]
    server.stop()
    server.start()
    with engine.transaction():
        put(engine, 2)
    assert rows(engine) == [1, 2]


class Cut:
    """A line whose answer to COMMIT never comes: the server did, or did not, what it was told."""

    def __init__(self, connection: Connection, *, reached: bool) -> None:
        self._connection = connection
        self._line = connection.line
        self._reached = reached

    def __getattr__(self, name: str):
        return getattr(self._line, name)

    def commit(self) -> bool:
        if self._reached:
            self._line.commit()
        self._connection.close()
        raise psycopg.OperationalError("the connection is lost")


def cut(engine: PostgresEngine, *, reached: bool) -> None:
    connection = engine._mine.open.connection
    connection.line = Cut(connection, reached=reached)


@pytest.mark.parametrize("reached", [True, False])
def test_a_commit_without_an_answer_is_looked_up(engine: PostgresEngine, reached: bool) -> None:
    done: list[str] = []

    def change() -> None:
        with engine.transaction():
            put(engine, 1)
            engine.after_commit(lambda: done.append("after"))
            cut(engine, reached=reached)

    if reached:
        change()
        assert (rows(engine), done) == ([1], ["after"])
    else:
        with pytest.raises(GestandError) as lost:
            change()
        assert (lost.value.code, rows(engine), done) == ("store-lost", [], [])


def test_a_commit_that_cannot_be_looked_up_is_said_to_be_in_doubt(
    engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gestand.storage.postgres_transaction._ASK_SECONDS", 0.1)

    def refuse() -> None:
        raise UsageError("store-not-opened", "gone")

    def change() -> None:
        with engine.transaction():
            put(engine, 1)
            cut(engine, reached=True)
            monkeypatch.setattr(type(engine.place), "connect", lambda _self: refuse())

    with pytest.raises(GestandError) as doubt:
        change()
    assert doubt.value.code == "store-in-doubt"


def test_a_statement_that_fails_spoils_the_transaction_though_it_was_caught(engine: PostgresEngine) -> None:
    def change() -> None:
        with engine.transaction():
            put(engine, 1)
            put(engine, 1)  # told, not yet answered
            with pytest.raises(psycopg.errors.UniqueViolation):
                rows(engine)

    with pytest.raises(GestandError) as broken:
        change()
    assert (broken.value.code, rows(engine)) == ("transaction-broken", [])


def test_commits_wait_for_the_disk_whatever_the_server_says(engine: PostgresEngine) -> None:
    assert engine.execute("SHOW synchronous_commit") == [("on",)]
    with psycopg.connect(running_server().dsn()) as plain:
        assert plain.execute("SHOW synchronous_commit").fetchone() == ("off",)


def test_a_server_that_can_lose_what_it_acknowledged_is_refused(server: Server, engine: PostgresEngine) -> None:
    with psycopg.connect(server.dsn(SUPERUSER, SUPERUSER), autocommit=True) as admin:
        admin.execute("ALTER SYSTEM SET fsync = off")
        admin.execute("SELECT pg_reload_conf()")
        try:
            until = time.monotonic() + 10
            while admin.execute("SHOW fsync").fetchone() == ("on",) and time.monotonic() < until:
                time.sleep(0.02)
            with pytest.raises(UsageError) as refused:
                open_postgres(server.dsn(), schema=server.schema())
        finally:
            admin.execute("ALTER SYSTEM RESET fsync")
            admin.execute("SELECT pg_reload_conf()")
            while admin.execute("SHOW fsync").fetchone() == ("off",):
                time.sleep(0.02)
    assert refused.value.code == "store-not-durable"


@pytest.mark.parametrize(
    ("dsn", "code"), [("not a dsn", "store-dsn"), ("postgresql://x:s3cret@127.0.0.1:1/x", "store-not-opened")]
)
def test_what_cannot_be_reached_is_said_without_the_password(dsn: str, code: str) -> None:
    with pytest.raises(UsageError) as refused:
        open_postgres(dsn)
    assert refused.value.code == code
    assert "s3cret" not in str(refused.value)


def test_who_wants_it_alone_waits_until_nobody_has_it_open_and_keeps_others_out(
    server: Server, engine: PostgresEngine
) -> None:
    put(engine, 1)
    schema = engine.place.schema
    with pytest.raises(GestandError) as used:
        open_postgres(server.dsn(), schema=schema, alone=True)
    assert used.value.code == "store-busy"
    engine.close()
    alone = open_postgres(server.dsn(), schema=schema, alone=True)
    put(alone, 2)
    with pytest.raises(GestandError) as kept_out:
        rows(engine)
    assert kept_out.value.code == "store-busy"
    alone.close()
    assert rows(engine) == [1, 2]


def test_a_claim_that_is_let_go_a_moment_later_is_waited_for(server: Server, engine: PostgresEngine) -> None:
    put(engine, 1)
    engine.close()
    alone = open_postgres(server.dsn(), schema=engine.place.schema, alone=True)
    letting_go = threading.Timer(0.3, alone.close)
    letting_go.start()
    assert rows(engine) == [1]
    letting_go.join()


def test_expunge_drops_dead_rows_and_says_when_a_reader_keeps_them(
    engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.many("INSERT INTO t VALUES (?, ?)", ((n, "x" * 100) for n in range(1000)))
    engine.expunge()
    reading = engine.stream("SELECT a FROM t")
    next(reading)
    engine.execute("DELETE FROM t")
    monkeypatch.setattr("gestand.storage.postgres_check._READERS_SECONDS", 0.1)
    with pytest.raises(GestandError) as busy:
        engine.expunge()
    assert busy.value.code == "store-busy"
    reading.close()  # type: ignore[attr-defined]
    engine.expunge()
    assert engine.execute("SELECT n_dead_tup FROM pg_stat_all_tables WHERE relid = 't'::regclass") == [(0,)]
    assert engine._dirty == set()


def test_damage_is_found(server: Server, engine: PostgresEngine) -> None:
    engine.many("INSERT INTO t VALUES (?, ?)", ((n, "x" * 100) for n in range(1000)))
    engine.verify()
    [(path,)] = engine.execute("SELECT pg_relation_filepath('t'::regclass)")
    server.stop()
    file = server.folder / "cluster" / str(path)
    content = bytearray(file.read_bytes())
    content[8192 + 4000] ^= 1
    file.write_bytes(content)
    server.start()
    with pytest.raises(GestandError) as damage:
        engine.verify()
    assert (damage.value.code, damage.value.exit_status) == ("store-damaged", 4)
    engine.drop()


WRITER = """
import os, sys
sys.path.insert(0, {here!r})
from gestand.storage.postgres import open_postgres
engine = open_postgres(sys.argv[1], schema=sys.argv[2])
engine.migrate("test", ("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)",))
for turn in range(int(sys.argv[4])):
    with engine.transaction():
        [(last,)] = engine.execute("SELECT coalesce(max(a), 0) FROM t")
        engine.execute("INSERT INTO t VALUES (?, ?)", (last + 1, sys.argv[3]))
        engine.execute("INSERT INTO t VALUES (?, ?)", (last + 2, sys.argv[3]))
    os.write(1, b"%d\\n" % (last + 2))
"""


def writer(server: Server, schema: str, name: str, turns: int) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", WRITER.format(here=str(HERE)), server.dsn(), schema, name, str(turns)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def test_processes_take_turns_from_the_first_table_on(server: Server) -> None:
    schema = server.schema()
    both = [writer(server, schema, name, 60) for name in ("anna", "bram")]
    assert [process.wait(60) for process in both] == [0, 0]
    for process in both:
        process.communicate()
    engine = open_postgres(server.dsn(), schema=schema)
    assert rows(engine) == list(range(1, 241))
    assert engine.execute("SELECT count(*) FROM t GROUP BY b") == [(120,), (120,)]
    engine.close()


def test_a_process_that_is_killed_leaves_nothing_half_done_and_keeps_nobody_waiting(server: Server) -> None:
    schema = server.schema()
    for kill in range(6):
        process = writer(server, schema, str(kill), 100_000)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.01 * kill)
        process.kill()
        said, _ = process.communicate()
        engine = open_postgres(server.dsn(), schema=schema)
        with engine.transaction():
            found = rows(engine)
        engine.close()
        assert found == list(range(1, len(found) + 1))
        assert len(found) % 2 == 0
        assert not said or len(found) >= int(said.split()[-1])


def test_who_waited_for_a_turn_sees_what_was_committed_meanwhile_whatever_the_server_does_by_default(
    server: Server, engine: PostgresEngine
) -> None:
    strict = f"{server.dsn()}?options=-c%20default_transaction_isolation%3Dserializable"
    other = open_postgres(strict, schema=engine.place.schema)
    seen: list[object] = []
    asked = threading.Event()

    def look() -> None:
        asked.set()
        with other.transaction():
            seen.extend(rows(other))

    with engine.transaction():
        put(engine, 1)
        thread = threading.Thread(target=look)
        thread.start()
        assert asked.wait(10)
        thread.join(0.3)
        assert thread.is_alive()
    thread.join(10)
    other.close()
    assert seen == [1]


def test_readers_do_not_wait_for_writers(engine: PostgresEngine) -> None:
    put(engine, 1)
    seen: list[object] = []
    with engine.transaction():
        put(engine, 2)
        thread = threading.Thread(target=lambda: seen.extend(rows(engine)))
        thread.start()
        thread.join(10)
        assert seen == [1]


def test_a_forked_process_may_not_speak_over_the_connections_of_its_parent(engine: PostgresEngine) -> None:
    put(engine, 1)
    child = os.fork()
    if child == 0:
        try:
            with pytest.raises(GestandError) as refused:
                rows(engine)
            engine.close()
            os._exit(0 if refused.value.code == "store-forked" else 1)
        finally:
            os._exit(2)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert rows(engine) == [1]
