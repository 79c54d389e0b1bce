"""Power fails at every sync point: whatever the disk kept of what was not synced, a verb is done or undone, what was
acknowledged stays, what was erased stays away, and the ledger verifies."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from vault_house import House
from vault_world import EMAIL, JOB, MAIL, NAME, NOTE, OWNER, PHONE, anna, bram

from gestand.kernel.errors import GestandError
from gestand.ledger import service
from gestand.storage.engine import Engine
from gestand.storage.sqlite import open_sqlite
from gestand.vault.model import NewItem, NewSubject
from gestand.vault.residue import Residue
from storage.power import THROUGH, Disk, Image, lay_out, watched

pytestmark = pytest.mark.sqlite_files

AGAIN = ("key.destroyed", "erasure.done")
"""Entries of a step that a power cut may undo, and that is then taken again."""
WITHIN = ("data.opened",)
"""Recorded before the value leaves, on stable storage within 50 ms: the one thing that power may take."""


class State(NamedTuple):
    """All that a person can see: what is held of Anna and Bram, and what the ledger tells of it."""

    anna: dict[str, str] | None
    count: int
    told: tuple[str, ...]


def sealing(house: House) -> None:
    note = NewItem(NOTE, "Nieuw", JOB, "customer", due=date(2040, 1, 1))
    house.vault.add([bram(), NewSubject((note,), id=house.only_anna())], actor=OWNER, reason="order")


def opening(house: House) -> None:
    assert house.read("Anna de Vries")


def rectifying(house: House) -> None:
    house.vault.rectify(house.items(PHONE)[0], "06 87654321", actor=OWNER, reason="new number")


def moving(house: House) -> None:
    house.vault.move(house.items(NOTE)[:1], MAIL, None, None, actor=OWNER, reason="correspondence")


def erasing(house: House) -> None:
    house.vault.erase(house.items(EMAIL), ground="17(1)(a)", actor=OWNER)


def erasing_number(house: House) -> None:
    house.vault.erase(house.items(PHONE), ground="17(1)(a)", actor=OWNER)


def rotating(house: House) -> None:
    house.vault.rotate(actor=OWNER)


def checkpointing(house: House) -> None:
    house.ledger.checkpoint()


SCENARIO: tuple[Callable[[House], None], ...] = (
    opening, sealing, rectifying, checkpointing, erasing, opening, moving, rotating, sealing, erasing_number, checkpointing,
)  # fmt: skip


def on_disk(path: Path, key: bytes) -> Engine:
    return open_sqlite(path, key, create=True, alone=True, vfs=THROUGH)


def state_of(house: House) -> State:
    told = tuple(e.event.name for e in house.ledger.entries() if e.event.name not in (*WITHIN, *AGAIN))
    return State(house.read("Anna de Vries"), house.vault.counts().items, told)


def lived(folder: Path, disk: Disk) -> list[State]:
    """Live the scenario past the disk; return what stood there before it and after each verb."""
    with watched(disk):
        house = House(folder, opener=on_disk)
        states = [state_of(house)]
        for verb in SCENARIO:
            verb(house)
            disk.promised += 1
            states.append(state_of(house))
        house.close()
    return states


def check(image: Image, folder: Path, allowed: list[State], *, note: str) -> None:
    """Start the machine again on what the disk kept."""
    lay_out(image, folder)
    try:
        house = House(folder)
        house.vault.resume()
        house.vault.verify()
        house.vault.verify_seals()
        house.ledger.verify()
        found = state_of(house)
        names = [entry.event.name for entry in house.ledger.entries()]
        house.close()
    except GestandError as fault:
        raise AssertionError(f"{note}: {fault.code}: {fault}") from fault
    assert found in allowed, note
    for name in AGAIN:
        assert set(AGAIN) & set(names) == set(AGAIN) or "erasure.begun" not in names, f"{note}: {name}"
    shutil.rmtree(folder)


def lived_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, disk: Disk) -> tuple[Disk, list[State]]:
    """Live the scenario on the disk, and turn to the next boot of the machine."""
    disk.folder.mkdir()
    house = House(disk.folder)
    house.vault.add([anna()], actor=OWNER, reason="order")
    house.close()
    monkeypatch.setattr(service, "SYNC_WITHIN", 60.0)  # no thread that syncs of its own accord: every moment is drawn
    monkeypatch.setattr(service, "SEAL_LOOK", 60.0)
    monkeypatch.setattr(Residue, "_cut_if_possible", lambda _: None)  # the logs are cut when the house is closed
    states = lived(disk.folder, disk)
    assert states[0].anna is not None
    assert NAME in states[0].anna
    monkeypatch.setattr(service, "boot_of_machine", lambda: b"the next boot...")
    return disk, states


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long), pytest.param(3, marks=pytest.mark.long)])
def test_power_lost_at_any_sync_leaves_before_or_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    disk, states = lived_through(tmp_path, monkeypatch, Disk(tmp_path / "live", seed=seed, draws=1 if seed == 1 else 8))
    assert len(disk.moments) > 60
    syncing = {number for number, verb in enumerate(SCENARIO) if verb is not opening}
    assert {moment.promised for moment in disk.moments} >= syncing
    assert check_all(disk, states, tmp_path / "again") > 60, "there was something to lose"


def check_all(disk: Disk, states: list[State], folder: Path) -> int:
    """Start again on every image of every moment, the same one once; return how many there were."""
    seen: set[tuple[int, frozenset[tuple[str, bytes]]]] = set()
    for number, moment in enumerate(disk.moments):
        allowed = states[moment.promised : moment.promised + 2]
        for at, image in enumerate(moment.images):
            if (mark := (moment.promised, frozenset(image.items()))) not in seen:
                seen.add(mark)
                check(image, folder, allowed, note=f"moment {number}, {moment.syncing}, image {at}")
    return len(seen)


@pytest.mark.parametrize("deaf", ["data.db-wal", "keys.db-wal", "log"])
def test_a_disk_that_does_not_do_what_it_says_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deaf: str
) -> None:
    """The positive control: without its syncs each file loses what was acknowledged."""
    disk, states = lived_through(tmp_path, monkeypatch, Disk(tmp_path / "live", deaf=deaf, draws=0))
    with pytest.raises(AssertionError, match=r"moment \d+"):
        check_all(disk, states, tmp_path / "again")
