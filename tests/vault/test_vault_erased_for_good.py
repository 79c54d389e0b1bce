"""Between an erasure and the sync behind it: a power cut, another process, a store that is busy. No key stays, none is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from vault_house import House
from vault_world import EMAIL, NAME, OWNER, PHONE, ROOT, World, anna, bram

from gestand.kernel.crypto import derive
from gestand.kernel.ids import ItemId, SubjectId
from gestand.ledger import service
from gestand.statement.policy import FieldKind
from gestand.storage import sqlite
from gestand.storage.engine import Engine
from gestand.storage.sqlite import open_sqlite
from gestand.vault.place import subject_bytes
from gestand.vault.residue import Residue
from storage.power import THROUGH, Disk, Image, lay_out, watched


def on_disk(path: Path, key: bytes) -> Engine:
    return open_sqlite(path, key, create=True, vfs=THROUGH)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house that was lived in, opened twice so that nothing waits to be settled, and no thread that syncs by itself."""
    made = tmp_path / "live"
    made.mkdir()
    house = House(made)
    house.vault.add([anna(), bram()], actor=OWNER, reason="order")
    house.close()
    house = House(made)
    house.vault.resume()
    house.close()
    monkeypatch.setattr(service, "SYNC_WITHIN", 60.0)
    monkeypatch.setattr(service, "SEAL_LOOK", 60.0)
    monkeypatch.setattr(Residue, "_cut_if_possible", lambda _: None)
    return made


def keys_of(house: House | World, who: SubjectId) -> list[int]:
    return house.vault._room.keys._rows.buckets(subject_bytes(who))


def next_boot(image: Image, folder: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(service, "boot_of_machine", lambda: b"the next boot...")
    lay_out(image, folder)
    house = House(folder)
    house.vault.resume()
    return house


@pytest.mark.parametrize("by", ["subject", "items"])
def test_no_ancestor_of_a_key_comes_back_with_the_power(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    disk = Disk(folder)
    with watched(disk):
        house = House(folder, opener=on_disk)
        who = house.only_anna()
        house.vault.rectify(ItemId(house.items(PHONE)[0]), "06 87654321", actor=OWNER, reason="new")
        if by == "items":  # files the heir of Anna's key, and waits for no disk
            (other,) = house.vault.find(FieldKind.EMAIL, "bram@example.org")
            house.vault.erase_subject(other, ground="17", actor=OWNER)
            house.vault.erase([one.item for one in house.vault.holdings(who)], ground="17", actor=OWNER)
        else:
            house.vault.erase_subject(who, ground="17", actor=OWNER)
        image = disk._only_synced()
        house.close()
    house = next_boot(image, tmp_path / "again", monkeypatch)
    assert keys_of(house, who) == []
    house.close()


def test_what_another_process_takes_for_filed_is_on_stable_storage_first(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(folder)
    images: list[Image] = []

    def failpoint(step: str) -> None:
        if step == "erase.destroyed" and not images:
            images.append(disk._only_synced())

    with watched(disk):
        house = House(folder, opener=on_disk)
        house.vault.erase([ItemId(item) for item in house.items(EMAIL)], ground="17", actor=OWNER)  # PHONE has its key
        other = House(folder, failpoint, on_disk)
        other.vault.resume()
        assert PHONE in (other.read("Anna de Vries") or {})
        other.close()
        house.close()
    house = next_boot(images[0], tmp_path / "again", monkeypatch)
    house.vault.verify_seals()
    assert set(house.read("Anna de Vries") or {}) >= {NAME, PHONE}
    house.close()


def test_an_heir_that_another_process_files_meanwhile_leaves_with_its_subject(tmp_path: Path) -> None:
    two = World(tmp_path, within=3600)
    (who,) = two.vault.add([anna()], actor=OWNER, reason="order")
    one = World(tmp_path, within=3600)
    item = next(holding.item for holding in two.vault.holdings(who) if holding.field == PHONE)
    two.vault.rectify(item, "06 99999999", actor=OWNER, reason="new")

    def failpoint(step: str) -> None:
        if step == "erase.unreadable":
            two.vault._room.keys.file_heirs()

    one.failpoint = failpoint
    assert one.vault.erase_subject(who, ground="17", actor=OWNER).found_afterwards == 0
    assert keys_of(one, who) == []
    two.close()
    one.close()


def test_who_tells_it_tells_all_that_left(tmp_path: Path) -> None:
    world = World(tmp_path, within=3600)
    (who,) = world.vault.add([anna()], actor=OWNER, reason="order")
    assert world.vault.erase_subject(who, ground="17", actor=OWNER).items == 5
    other = World(tmp_path)
    assert [event.facts["items"] for event in other.ledger.events if event.name == "erasure.done"] == [5]
    other.close()
    world.close()


def test_two_that_clear_the_same_rows_count_them_once(tmp_path: Path) -> None:
    one = World(tmp_path, within=3600)
    (who,) = one.vault.add([anna()], actor=OWNER, reason="order")
    two = World(tmp_path, within=3600)
    store = one.vault._room.store
    spans = store.spans

    def slow(subject: bytes) -> Iterator[tuple[int, int]]:
        for span in spans(subject):
            two.vault.resume()  # clears it between the question and the deletion
            yield span

    store.spans = slow  # type: ignore[method-assign]
    one.vault.erase_subject(who, ground="17", actor=OWNER)
    told = [event for world in (two, one) for event in world.ledger.events if event.name == "erasure.done"]
    assert [event.facts["items"] for event in told] == [5]
    two.close()
    one.close()


def test_who_erases_a_subject_forgets_all_its_keys(tmp_path: Path) -> None:
    world = World(tmp_path, within=3600)
    (who,) = world.vault.add([anna()], actor=OWNER, reason="order")
    place, unwrapping = subject_bytes(who), world.vault._room.keys._unwrapping
    world.vault.rectify(
        next(h.item for h in world.vault.holdings(who) if h.field == PHONE), "06 1", actor=OWNER, reason="x"
    )
    assert unwrapping._known[place]
    world.vault.erase_subject(who, ground="17", actor=OWNER)
    assert place not in unwrapping._known
    world.close()


def test_a_key_store_that_is_busy_at_the_close_leaves_the_job_and_closes_the_rest(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_BUSY_MILLISECONDS", 50)
    house = House(folder, opener=lambda path, key: open_sqlite(path, key, create=True))
    house.vault.erase([ItemId(item) for item in house.items(EMAIL)], ground="17", actor=OWNER)
    other = open_sqlite(folder / "keys.db", derive(ROOT, "keys.db"), create=False)
    other.execute("BEGIN IMMEDIATE")
    with ExitStack() as opened:  # in the order in which a house of the system closes
        opened.callback(house.engine.close)
        opened.callback(house.ledger.close)
        opened.callback(house.vault.close)
    other.execute("ROLLBACK")
    other.close()
    house = House(folder, opener=lambda path, key: open_sqlite(path, key, create=True))
    assert house.vault.resume() == 1
    assert [entry.event.name for entry in house.ledger.entries()][-2:] == ["key.destroyed", "erasure.done"]
    house.close()


def test_a_reader_by_subject_waits_for_nobody_that_waits_for_it(folder: Path) -> None:
    house = House(folder)
    who = house.only_anna()
    reference = house.vault.reference(who)
    (other,) = house.vault.find(FieldKind.EMAIL, "bram@example.org")
    inside, go = threading.Event(), threading.Event()
    catch_up = house.ledger._subjects._catch_up

    def slow(size: int) -> None:
        inside.set()
        go.wait(5)
        catch_up(size)

    house.ledger._subjects._catch_up = slow  # type: ignore[method-assign]
    reader = threading.Thread(target=lambda: list(house.ledger.of_subject(reference)), daemon=True)
    reader.start()
    inside.wait(5)
    house.vault.erase_subject(other, ground="17", actor=OWNER)  # something waits to be told
    with house.engine.transaction():
        go.set()
        reader.join(5)
        assert not reader.is_alive()
    house.close()
