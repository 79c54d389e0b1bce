"""What a request for many showed of each subject: one row at first, then divided, the same to whoever asks."""

from __future__ import annotations

import contextlib
from pathlib import Path

from gestand.storage.sqlite import open_sqlite
from gestand.vault.rows import SubjectRow
from gestand.vault.store import Store

ANNA, BRAM = b"a" * 10, b"b" * 10


class UndoneError(Exception):
    """The transaction ends here, undone."""


def a_store(folder: Path) -> Store:
    store = Store(open_sqlite(folder / "data.db", bytes(32), create=True))
    store.put_subjects([SubjectRow(subject, 0, 0, 0, 0, 0, 0) for subject in (ANNA, BRAM)])
    return store


def test_many_requests_wait_together_and_are_divided_before_they_are_too_many(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    for turn in range(300):
        with store.engine.transaction():
            store.show(turn.to_bytes(8), 20_000 + turn % 2, "offers", [(ANNA, 3), (BRAM, 1)])
    assert 0 < store.engine.execute("SELECT count(*) FROM vault_shown_together")[0][0] < 128  # type: ignore[operator]
    assert store.shown(ANNA) == [(20_000, "offers", 450), (20_001, "offers", 450)]
    assert store.shown(BRAM) == [(20_000, "offers", 150), (20_001, "offers", 150)]
    store.engine.close()


def test_what_short_lived_processes_left_is_divided_too(tmp_path: Path) -> None:
    a_store(tmp_path).engine.close()
    for turn in range(140):
        store = Store(open_sqlite(tmp_path / "data.db", bytes(32), create=False))
        with store.engine.transaction():
            store.show(turn.to_bytes(8), 20_000, "offers", [(ANNA, 1)])
        waiting = store.engine.execute("SELECT count(*) FROM vault_shown_together")[0][0]
        store.engine.close()
    assert waiting == 12


def test_who_leaves_takes_along_what_was_shown_of_them_and_nothing_of_others(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    with store.engine.transaction():
        store.show(b"request1", 20_000, "offers", [(ANNA, 3), (BRAM, 1)])
        store.show(b"request2", 20_000, "service", [(ANNA, 2)])
    with store.engine.transaction():
        store.delete_subjects([ANNA])
    assert store.shown(ANNA) == []
    assert store.shown(BRAM) == [(20_000, "offers", 1)]
    assert store.engine.execute("SELECT DISTINCT subject FROM vault_shown") == [(BRAM,)]
    assert store.engine.execute("SELECT * FROM vault_shown_together") == []
    store.engine.close()


def test_a_request_noted_after_its_subject_left_is_divided_over_who_is_there(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    with store.engine.transaction():
        store.delete_subjects([ANNA])
        store.show(b"request1", 20_000, "offers", [(ANNA, 3), (BRAM, 1)])
        store.divide_shown()
    assert (store.shown(ANNA), store.shown(BRAM)) == ([], [(20_000, "offers", 1)])
    store.engine.close()


def test_what_was_divided_and_undone_counts_as_waiting(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    for turn in range(127):
        with store.engine.transaction():
            store.show(turn.to_bytes(8), 20_000, "offers", [(ANNA, 1)])
    for turn in (127, 128):
        with contextlib.suppress(UndoneError), store.engine.transaction():
            store.show(turn.to_bytes(8), 20_000, "offers", [(ANNA, 1)])
            if turn == 127:
                raise UndoneError
    assert store.engine.execute("SELECT count(*) FROM vault_shown_together") == [(0,)]
    assert store.shown(ANNA) == [(20_000, "offers", 128)]
    store.engine.close()
