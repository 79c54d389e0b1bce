"""The rows of the outbox: an empty one that only holds a number is no entry, and who counts in the former way is stopped."""

from __future__ import annotations

import apsw
import psycopg
import pytest

from gestand.kernel.errors import GestandError
from gestand.ledger import store
from gestand.storage.postgres import open_postgres
from gestand.storage.sqlite import open_sqlite
from postgres_server import running_server


def test_the_row_that_holds_the_last_number_is_never_moved(tmp_path):
    engine = open_sqlite(tmp_path / "data.db", bytes(32), create=True)
    engine.migrate("ledger", store.SCRIPTS)
    with engine.transaction():
        store.number_from(engine, 7)
        assert store.waiting(engine, 0) == []
        first = store.stage(engine, b"{}")
        assert first() == 8
        first = store.stage_all(engine, [b"{}", b"{}"])
        assert first() == 9
        store.forget(engine, 10)
    assert store.last_number(engine) == 10
    engine.close()


def test_a_store_carried_from_a_server_counts_on_where_the_server_was(tmp_path):
    engine = open_sqlite(tmp_path / "data.db", bytes(32), create=True)
    engine.migrate("ledger", store.SCRIPTS)
    engine.execute("UPDATE ledger_outbox_number SET number = 10")  # as on a server, with no row left
    with engine.transaction():
        store.number_from(engine, 0)
        first = store.stage(engine, b"{}")
        assert first() == 11
    engine.close()


def test_a_former_release_can_neither_open_it_nor_count_on(tmp_path):
    engine = open_sqlite(tmp_path / "data.db", bytes(32), create=True)
    engine.migrate("ledger", store.SCRIPTS)
    with pytest.raises(GestandError) as newer:
        engine.migrate("ledger", store.SCRIPTS[:3])
    assert newer.value.code == "store-newer"
    with pytest.raises(apsw.SQLError, match="ledger_outbox_last"), engine.transaction():
        engine.execute("UPDATE ledger_outbox_last SET number = number + 1 WHERE id = 1 RETURNING number")
    engine.close()


def test_on_a_server_nothing_is_kept_without_the_row_that_counts():
    server = running_server()
    engine = open_postgres(server.dsn(), schema=server.schema())
    engine.migrate("ledger", store.SCRIPTS)
    engine.migrate("test", ("CREATE TABLE t (a INTEGER PRIMARY KEY)",))
    engine.execute("DELETE FROM ledger_outbox_number")
    for leaves in ([b"{}"], [b"{}", b"{}"]):

        def change(leaves: list[bytes] = leaves) -> None:
            with engine.transaction():
                engine.execute("INSERT INTO t VALUES (1)")
                if len(leaves) == 1:
                    store.stage(engine, leaves[0])
                else:
                    store.stage_all(engine, leaves)

        with pytest.raises(psycopg.errors.NotNullViolation):
            change()
        assert engine.execute("SELECT a FROM t") == []
    engine.close()
