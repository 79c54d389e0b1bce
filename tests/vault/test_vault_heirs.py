"""A key that is turned has an heir: one commit for the rows, and nothing is lost whoever files it, or when."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from vault_world import EMAIL, JOB, NAME, NOTE, OWNER, ROOT, SUPPORT, World

from gestand.kernel.crypto import derive
from gestand.kernel.errors import DamagedError, GestandError
from gestand.kernel.ids import ItemId, SubjectId
from gestand.storage import sqlite
from gestand.vault.keys import KeyStore
from gestand.vault.model import NewItem, NewSubject
from gestand.vault.place import item_place, subject_bytes
from gestand.vault.ring import heir_key
from gestand.vault.sealing import bound_value


class StoppedError(Exception):
    """The program ends here."""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, within=1000)  # what waits is filed when a test says so


def carla(world: World) -> tuple[SubjectId, dict[str, ItemId]]:
    """Three data of one person under one key."""
    data = (
        NewItem(NAME, "Carla Smit", JOB, "own"),
        NewItem(EMAIL, "carla@example.nl", JOB, "own"),
        NewItem(NOTE, "x", JOB, "own"),
    )
    (subject,) = world.vault.add([NewSubject(data)], actor=OWNER, reason="order")
    return subject, {str(held.field): held.item for held in world.vault.holdings(subject)}


def values(world: World, subject: SubjectId) -> set[str]:
    return {one.value for one in world.vault.open(subject, SUPPORT, actor=OWNER, reason="call").items}


def numbers(world: World, subject: SubjectId) -> set[int]:
    """What the file of keys holds, whatever waits."""
    rows = world.vault._room.keys.engine.execute(
        "SELECT bucket FROM vault_key WHERE subject = ? AND bucket > 0", (subject_bytes(subject),)
    )
    return {int(str(bucket)) for (bucket,) in rows}


def open_in(folder: Path) -> list[str]:
    """The names of the files in a folder that this process has open."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # that of the listing itself
            file = link.readlink()
            found += [file.name] if file.parent == folder else []
    return found


def test_a_step_leads_on_and_not_back():
    key = bytes(range(32))
    assert heir_key(key) == heir_key(key)
    assert len({key, heir_key(key), heir_key(heir_key(key))}) == 3
    assert len(heir_key(key)) == 32


def test_a_correction_waits_for_no_commit_of_the_key_store_and_the_wrong_value_dies_with_the_next(world: World) -> None:
    subject, items = carla(world)
    (before,) = numbers(world, subject)
    wrong = world.vault._room.store.item(*item_place(items[EMAIL]))
    assert wrong is not None
    world.vault.rectify(items[EMAIL], "c.smit@example.nl", actor=OWNER, reason="asked")
    assert numbers(world, subject) == {before}
    assert values(world, subject) == {"Carla Smit", "c.smit@example.nl", "x"}
    world.vault.cut_residue()
    (after,) = numbers(world, subject)
    assert after != before
    assert values(world, subject) == {"Carla Smit", "c.smit@example.nl", "x"}
    heir = world.vault._room.keys.ring(subject_bytes(subject)).sealer(after)
    assert heir is not None
    with pytest.raises(DamagedError):
        heir.open(wrong.sealed, bound_value(wrong.subject, wrong.number, wrong.bucket, EMAIL), "")


def test_another_process_reads_what_is_sealed_under_an_heir_that_is_not_filed_yet(world: World) -> None:
    subject, items = carla(world)
    for turn in range(3):
        world.vault.rectify(items[EMAIL], f"c{turn}@example.nl", actor=OWNER, reason="asked")
    other = World(world.folder, within=1000)  # its ``resume`` files the heirs; what the first then files finds nothing
    assert values(other, subject) == {"Carla Smit", "c2@example.nl", "x"}
    world.vault._room.keys.file_heirs()
    assert values(world, subject) == values(other, subject) == {"Carla Smit", "c2@example.nl", "x"}
    assert numbers(world, subject) == world.vault._room.store.buckets(subject_bytes(subject))
    other.close()
    world.close()


@pytest.mark.parametrize(
    "step", ["reseal.committed", "rectify.done", "erase.unreadable", "erase.destroyed", "erase.searched"]
)
def test_killed_between_the_rows_and_their_key_nothing_is_lost(world: World, step: str) -> None:
    subject, items = carla(world)
    world.vault.rectify(items[NAME], "Carla Smits", actor=OWNER, reason="asked")

    def stop(taken: str) -> None:
        if taken == step:
            raise StoppedError

    world.failpoint = stop
    with pytest.raises(StoppedError):  # noqa: PT012 - whichever of the two is stopped
        world.vault.rectify(items[EMAIL], "c.smit@example.nl", actor=OWNER, reason="asked")
        world.vault.erase([items[NOTE]], ground="17(1)(a)", actor=OWNER)
    world.failpoint = lambda _: None
    world.vault._room.keys._heirs.clear()  # as if killed: what waited in memory is gone
    world.engine.close()
    world.vault._room.keys.engine.close()
    world.open()
    expected = {"Carla Smits", "c.smit@example.nl"} | ({"x"} if step in {"reseal.committed", "rectify.done"} else set())
    assert values(world, subject) == expected
    assert numbers(world, subject) == world.vault._room.store.buckets(subject_bytes(subject))
    assert world.vault.verify_seals() == len(expected)
    assert world.vault._room.store.with_heirs() == []


def test_an_heir_filed_by_another_thread_in_the_middle_of_an_erasure_is_not_destroyed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject, items = carla(world)
    world.vault.rectify(items[EMAIL], "c.smit@example.nl", actor=OWNER, reason="asked")
    keys = world.vault._room.keys
    world.failpoint = lambda step: keys.file_heirs() if step == "erase.begun" else None
    assert world.vault.erase([items[NOTE]], ground="17(1)(a)", actor=OWNER).found_afterwards == 0
    world.failpoint = lambda _: None
    assert values(world, subject) == {"Carla Smit", "c.smit@example.nl"}
    assert numbers(world, subject) == world.vault._room.store.buckets(subject_bytes(subject))
    world.close()


@pytest.mark.parametrize("many", [1, 2], ids=["one subject", "several"])
def test_erased_by_another_process_before_its_heir_is_filed_the_key_does_not_come_back(world: World, many: int) -> None:
    people = [carla(world) for _ in range(many)]
    other = World(world.folder, within=1000)  # there already: it files nothing of what comes now
    for _, items in people:
        world.vault.rectify(items[EMAIL], "c.smit@example.nl", actor=OWNER, reason="asked")
    rows = [row for subject, _ in people for row in world.vault._room.store.items(subject_bytes(subject))]
    done = other.vault.erase([item for _, items in people for item in items.values()], ground="17(1)(a)", actor=OWNER)
    assert (done.items, done.found_afterwards) == (3 * many, 0)
    world.vault._room.keys.file_heirs()  # finds no ancestor to take the place of
    for subject, _ in people:
        assert numbers(world, subject) == set()
        ring = world.vault._room.keys.ring(subject_bytes(subject))
        assert all(ring.sealer(row.bucket) is None for row in rows)
    other.close()
    world.close()


@pytest.mark.parametrize(
    ("many", "staying"),
    [(1, (NAME, NOTE)), (1, (NAME,)), (2, (NAME,))],
    ids=["one datum", "one subject", "several"],
)
def test_the_renewed_search_opens_what_a_forgotten_ancestor_leaves(
    world: World, many: int, staying: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [carla(world) for _ in range(many)]
    for _, items in people:
        for field in staying:  # what stays keeps what is known of the keys
            items.pop(field)
    other = World(world.folder, within=1000)
    for _, items in people:
        world.vault.rectify(items[EMAIL], "c.smit@example.nl", actor=OWNER, reason="asked")
    monkeypatch.setattr(KeyStore, "destroy", lambda *_, **__: None)
    monkeypatch.setattr(KeyStore, "filed", lambda *_: set())  # what is looked for by number alone says nothing is left
    done = other.vault.erase([item for _, items in people for item in items.values()], ground="17(1)(a)", actor=OWNER)
    assert done.found_afterwards == (3 - len(staying)) * many


def test_an_heir_does_not_bring_back_what_was_destroyed_meanwhile(world: World) -> None:
    subject, items = carla(world)
    world.vault.rectify(items[EMAIL], "c.smit@example.nl", actor=OWNER, reason="asked")
    other = World(world.folder, within=1000)
    other.vault.erase_subject(subject, ground="17(1)(b)", actor=OWNER)
    world.vault._room.keys.file_heirs()
    assert numbers(world, subject) == set()
    assert world.vault.counts().keys == other.vault.counts().keys == 0
    other.close()
    world.close()


def test_an_erased_subject_leaves_no_note_of_its_keys(world: World) -> None:
    subject, items = carla(world)
    world.vault.rectify(items[EMAIL], "c.smit@example.nl", actor=OWNER, reason="asked")
    assert world.vault._room.store.with_heirs() == [subject_bytes(subject)]
    assert world.vault.erase_subject(subject, ground="17(1)(b)", actor=OWNER).found_afterwards == 0
    assert world.vault._room.store.with_heirs() == []
    assert world.vault.counts().keys == 0
    world.close()


def test_a_turn_of_the_epoch_takes_what_waits_along(world: World) -> None:
    subject, items = carla(world)
    world.vault.rectify(items[EMAIL], "c.smit@example.nl", actor=OWNER, reason="asked")
    world.vault.rotate(actor=OWNER)
    world.vault.rectify(items[NAME], "Carla Smits", actor=OWNER, reason="asked")
    assert values(world.again() and world, subject) == {"Carla Smits", "c.smit@example.nl", "x"}
    assert len(world.vault.epochs()) == 1


def test_a_key_store_that_is_busy_at_the_end_is_closed_all_the_same_and_what_waits_is_filed_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_BUSY_MILLISECONDS", 100)
    world = World(tmp_path, within=1000)
    subject, items = carla(world)
    world.vault.rectify(items[EMAIL], "c.smit@example.nl", actor=OWNER, reason="asked")
    (before,) = numbers(world, subject)
    other = sqlite.open_sqlite(tmp_path / "keys.db", derive(ROOT, "keys.db"), create=False)
    with other.transaction(), pytest.raises(GestandError) as busy:
        world.vault.close()
    assert busy.value.code == "store-busy"
    other.close()
    assert not [name for name in open_in(tmp_path) if name.startswith("keys.db")]
    world.engine.close()
    world.open()
    assert before not in numbers(world, subject)
    assert values(world, subject) == {"Carla Smit", "c.smit@example.nl", "x"}
    world.close()


def test_a_vault_of_which_the_last_step_fails_closes_its_files_all_the_same(tmp_path: Path) -> None:
    world = World(tmp_path, within=1000)
    _, items = carla(world)
    world.vault.erase([items[NOTE]], ground="17(1)(a)", actor=OWNER)

    def stop(step: str) -> None:
        if step == "erase.concluded":
            raise StoppedError

    world.failpoint = stop
    with pytest.raises(StoppedError):
        world.vault.close()
    assert not [name for name in open_in(tmp_path) if name.startswith("keys.db")]
    world.engine.close()
