"""Two processes at work in one archive: what one has acknowledged the other leaves alone."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from archive_house import ARCHIVE, OWNER, ROOT, house, mail, way
from gestand.archive.index import FILE, Index
from gestand.kernel.crypto import derive
from gestand.storage.sqlite import open_sqlite
from gestand.vault.lockers import Lockers

PAGE = 4096
SOON = 2.0
"""Seconds that one waits for the other, where the other may be waiting for it."""


@pytest.mark.on_both_engines
def test_a_process_that_opens_leaves_the_keys_of_mail_that_another_is_sealing(tmp_path, monkeypatch):
    """It looks for keys without rows between the two commits of an admission."""
    looking, sealed, looked = threading.Event(), threading.Event(), threading.Event()
    reconcile = Lockers.reconcile

    def slowly(lockers: Lockers, kept: Callable[..., set[bytes]]) -> int:
        looking.set()
        sealed.wait(SOON)
        stray = reconcile(lockers, kept)
        looked.set()
        return stray

    def failpoint(step: str) -> None:
        if step == "admit.keys":
            sealed.set()
            looked.wait(SOON)

    def opened_elsewhere() -> None:
        with house(tmp_path):
            pass

    with house(tmp_path, failpoint=failpoint) as found:
        monkeypatch.setattr(Lockers, "reconcile", slowly)
        other = threading.Thread(target=opened_elsewhere)
        other.start()
        assert looking.wait(30)
        done = found.archive.admit(mail(), way())
        other.join()
        assert found.archive.numbers_without_key() == []
        assert found.archive.open(done.message, ARCHIVE, actor=OWNER, reason="test").raw == mail()


def words_left(folder: Path) -> list[str]:
    """Return which words beginning so are in the index that lies in a folder now."""
    with house(folder) as found:
        return found.archive._room.index.terms("xylofoon")


def test_what_is_erased_after_another_process_made_the_index_anew_leaves_that_index(tmp_path):
    with house(tmp_path) as found:
        gone = found.archive.admit(mail("Een xylofoon"), way()).message
        found.archive.admit(mail(number=2), way())
        with house(tmp_path) as other:
            assert other.archive.reindex() == 2
        assert found.archive.erase([gone], ground="Article 17", actor=OWNER).found_afterwards == 0
        assert found.archive.coverage() == (1, 1)
    assert words_left(tmp_path) == []


def test_what_is_erased_after_another_process_replaced_a_damaged_index_leaves_the_new_one(tmp_path):
    with house(tmp_path) as found:
        gone = found.archive.admit(mail("Een xylofoon"), way()).message
        found.archive._room.index.expunge()
        path = tmp_path / FILE
        path.write_bytes(os.urandom(path.stat().st_size))
        with house(tmp_path) as other:
            assert other.archive.coverage() == (1, 1)
        assert found.archive.erase([gone], ground="Article 17", actor=OWNER).found_afterwards == 0
        found.archive.admit(mail("Een trommel", number=2), way())
    assert words_left(tmp_path) == []
    with house(tmp_path) as found:
        assert found.archive._room.index.terms("trommel") == ["trommel"]


def test_an_index_is_emptied_whichever_of_its_pages_is_damaged(tmp_path):
    with house(tmp_path) as found:
        for number in range(1, 40):
            found.archive.admit(mail(f"Een xylofoon {number}", "woord " * number, number=number), way())
    path = tmp_path / FILE
    sound = path.read_bytes()
    for at in range(0, len(sound), PAGE):
        path.write_bytes(sound[:at] + os.urandom(PAGE) + sound[at + PAGE :])
        index = Index(path, derive(ROOT, "archive index"))
        index.clear()
        assert (index.count(), index.terms("xylofoon")) == (0, [])
        index.close()
        engine = open_sqlite(path, derive(ROOT, "archive index"), create=False)
        engine.verify()
        engine.close()


def test_what_an_index_has_and_the_store_has_no_more_leaves_before_the_next_search(tmp_path):
    with house(tmp_path) as found:
        gone = found.archive.admit(mail("Een xylofoon"), way()).message
        stays = found.archive.admit(mail(number=2), way()).message
        older = (tmp_path / FILE).with_suffix(".older")
        found.archive._room.index.expunge()
        shutil.copy(tmp_path / FILE, older)
        found.archive.erase([gone], ground="Article 17", actor=OWNER)
    shutil.move(older, tmp_path / FILE)
    with house(tmp_path) as found:
        assert found.archive.coverage() == (1, 2)
        assert [one.message for one in found.archive.search("printer", ARCHIVE, actor=OWNER, reason="test")] == [stays]
        assert found.archive.coverage() == (1, 1)
    assert words_left(tmp_path) == []
