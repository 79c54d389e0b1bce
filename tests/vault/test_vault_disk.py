"""The disk is full, or turns read-only, at any write of any verb: a clear error, and nothing that was acknowledged is lost.

Afterwards, with room again, the verb is found done or undone, the ledger verifies, and the same verb succeeds."""

from __future__ import annotations

import errno
import itertools
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from vault_house import House
from vault_world import EMAIL, MAIL, NOTE, OWNER, PHONE, anna, bram

from gestand.kernel.errors import GestandError, RefusedError
from gestand.ledger import log
from gestand.statement.policy import FieldKind
from gestand.storage.engine import Engine
from gestand.storage.sqlite import open_sqlite
from storage.failing import FULL, READ_ONLY, THROUGH, Disk, failing, registered

pytestmark = pytest.mark.sqlite_files


def opener(path: Path, key: bytes) -> Engine:
    return open_sqlite(path, key, create=True, vfs=THROUGH)


def sealing(house: House) -> None:
    house.vault.add([bram()], actor=OWNER, reason="order")


def erasing(house: House) -> None:
    house.vault.erase(house.items(EMAIL), ground="17(1)(a)", actor=OWNER)


def forgetting(house: House) -> None:
    house.vault.erase_subject(house.only_anna(), ground="17(1)(b)", actor=OWNER)


def rotating(house: House) -> None:
    house.vault.rotate(actor=OWNER)


def rectifying(house: House) -> None:
    house.vault.rectify(house.items(PHONE)[0], "06 87654321", actor=OWNER, reason="new number")


def moving(house: House) -> None:
    house.vault.move(house.items(NOTE), MAIL, None, None, actor=OWNER, reason="correspondence")


def opening(house: House) -> None:
    assert house.read("Anna de Vries")


def checkpointing(house: House) -> None:
    assert house.read("Anna de Vries")
    house.ledger.checkpoint()


VERBS = (sealing, erasing, forgetting, rotating, rectifying, moving, opening, checkpointing)
Seen = tuple[dict[str, str] | None, bool, tuple[tuple[str, str], ...]]


def state(house: House) -> Seen:
    """What is held of Anna, whether Bram is there, and on which shelves the notes are."""
    held = house.read("Anna de Vries")
    shelves = [] if held is None else [(h.field, h.shelf) for h in house.vault.holdings(house.only_anna())]
    return held, bool(house.vault.find(FieldKind.EMAIL, "bram@example.org")), tuple(sorted(shelves))


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    registered()
    folder = tmp_path_factory.mktemp("lived") / "house"
    folder.mkdir()
    house = House(folder, opener=opener)
    house.vault.add([anna()], actor=OWNER, reason="order")
    house.close()
    return folder


def after(lived: Path, folder: Path, verb: Callable[[House], None]) -> Seen:
    shutil.copytree(lived, folder)
    house = House(folder, opener=opener)
    verb(house)
    found = state(house)
    house.close()
    return found


@pytest.mark.parametrize("stride", [7, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("fault", [FULL, READ_ONLY], ids=["full", "read-only"])
@pytest.mark.parametrize("verb", VERBS)
def test_from_any_write_on_the_disk_takes_no_more(
    lived: Path, tmp_path: Path, verb: Callable[[House], None], fault: int, stride: int
) -> None:
    done = after(lived, tmp_path / "done", verb)
    undone = after(lived, tmp_path / "undone", lambda _house: None)
    refused = 0
    for number in itertools.count(0, stride):
        folder = tmp_path / str(number)
        shutil.copytree(lived, folder)
        house = House(folder, opener=opener)
        disk = Disk(folder, fault, number)
        failed: GestandError | None = None
        with failing(disk):
            try:
                verb(house)
            except GestandError as said:
                failed = said
        with suppress(GestandError):
            house.close()
        if failed is not None:
            refused += 1
            assert failed.message
            assert failed.remedy, failed
            assert failed.where, failed
        house = House(folder, opener=opener)
        house.vault.resume()
        house.vault.verify()
        house.vault.verify_seals()
        house.ledger.verify()
        found = state(house)
        assert found == done if failed is None else found in (done, undone), (number, failed)
        if failed is not None and found == undone != done:
            verb(house)
            assert state(house) == done
        house.close()
        shutil.rmtree(folder)
        if not disk.refused:
            break
    assert refused


@pytest.mark.parametrize("verb", [sealing, erasing, rotating])
def test_a_house_on_a_read_only_disk_says_so_when_it_is_opened(
    lived: Path, tmp_path: Path, verb: Callable[[House], None]
) -> None:
    folder = tmp_path / "house"
    shutil.copytree(lived, folder)
    with failing(Disk(folder, READ_ONLY, 0)), pytest.raises(GestandError) as refused:
        verb(House(folder, opener=opener))
    assert refused.value.remedy
    house = House(folder, opener=opener)
    verb(house)
    house.close()


def test_a_ledger_that_takes_no_more_lets_nobody_be_erased_that_only_the_store_would_know_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine may be lost with its store: an erasure that the ledger elsewhere does not know of would come back."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    house = House(tmp_path)
    house.vault.add([anna()], actor=OWNER, reason="order")
    with monkeypatch.context() as patch:
        patch.setattr(log, "put", full)
        erasing(house)
        for verb in (forgetting, rectifying, sealing):
            with pytest.raises(RefusedError) as refused:
                verb(house)
            assert refused.value.code == "ledger-cannot-record"
        assert house.vault.find(FieldKind.PHONE, "06 12345678")
        assert not house.vault.find(FieldKind.EMAIL, "bram@example.org")
    forgetting(house)
    told = [entry.event.name for entry in house.ledger.entries() if entry.event.name.startswith("erasure.")]
    assert told.count("erasure.begun") == told.count("erasure.done") == 2
    house.vault.verify()
    house.close()
