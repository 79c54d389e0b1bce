"""Full disks, other processes, other threads, flipped bits: clear errors, nothing lost."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from vault_world import BOOK, EMAIL, INVOICE, NAME, NOTE, OWNER, SUPPORT, World, anna, bram

from gestand.kernel.entropy import system_entropy
from gestand.kernel.errors import DamagedError, GestandError
from gestand.kernel.ids import SubjectId
from gestand.statement.policy import FieldKind
from gestand.storage.sqlite import SqliteEngine
from gestand.vault.model import NewItem, NewSubject

pytestmark = pytest.mark.on_both_engines


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, entropy=system_entropy)
    yield made
    made.close()


def add(world: World, *subjects: NewSubject) -> tuple[SubjectId, ...]:
    return world.vault.add(subjects, actor=OWNER, reason="order")


def read(world: World, subject: SubjectId) -> dict[str, str]:
    opening = world.vault.open(subject, SUPPORT, actor=OWNER, reason="call")
    return {item.holding.field: item.value for item in opening.items}


def fill(engine: SqliteEngine) -> None:
    """Let the disk be full: no page more than there is."""
    engine.execute(f"PRAGMA max_page_count = {engine.execute('PRAGMA page_count')[0][0]}")


def empty(engine: SqliteEngine) -> None:
    engine.execute("PRAGMA max_page_count = 1000000")


@pytest.mark.sqlite_files
@pytest.mark.parametrize("which", ["data", "keys"])
def test_a_disk_that_is_full_loses_nothing_and_leaves_nothing_behind(world: World, which: str) -> None:
    (subject,) = add(world, anna())
    engine = world.engine if which == "data" else world.vault._room.keys._engine
    assert isinstance(engine, SqliteEngine)
    fill(engine)
    with pytest.raises(GestandError) as full:
        add(world, *(anna() for _ in range(200)))
    assert full.value.code == "store-full"
    empty(engine)
    assert list(world.vault.subjects()) == [subject]
    assert len(read(world, subject)) == 4
    world.again()
    assert world.vault.counts().keys == len(world.vault._room.store.buckets(next(world.vault._room.store.subjects())))
    add(world, anna())
    assert world.vault.counts().subjects == 2


@pytest.mark.sqlite_files
def test_a_store_that_may_only_be_read_says_so_for_every_verb_that_writes(world: World) -> None:
    (subject,) = add(world, anna())
    item = world.vault.holdings(subject)[0].item
    world.engine.execute("PRAGMA query_only = ON")
    verbs = (
        lambda: add(world, bram()),
        lambda: world.vault.rectify(item, "Anna Jansen", actor=OWNER, reason="married"),
        lambda: world.vault.restrict([item], reason="contested", actor=OWNER),
        lambda: world.vault.object_to(subject, [SUPPORT], reason="asked", actor=OWNER),
        lambda: world.vault.erase([item], ground="17", actor=OWNER),
        lambda: world.vault.place_hold([item], reason="claim", until=None, actor=OWNER),
    )
    for verb in verbs:
        with pytest.raises(GestandError) as refused:
            verb()
        assert refused.value.code == "store-read-only"
    world.engine.execute("PRAGMA query_only = OFF")
    assert read(world, subject)[NAME] == "Anna de Vries"
    assert world.ledger.names() == ["data.sealed", "data.opened"]


def test_an_erasure_stopped_by_a_full_disk_goes_on_by_itself(world: World) -> None:
    (subject,) = add(world, anna())
    email = next(h.item for h in world.vault.holdings(subject) if h.field == EMAIL)

    def stop(step: str) -> None:
        if step == "erase.destroyed":
            raise GestandError("store-full", "the disk is full")

    world.failpoint = stop
    with pytest.raises(GestandError):
        world.vault.erase([email], ground="17", actor=OWNER)
    assert EMAIL not in read(world, subject)
    assert world.vault.item(email) is None
    assert email not in [h.item for h in world.vault.holdings(subject)]
    assert world.vault.find(FieldKind.EMAIL, "anna@example.nl") == ()
    opening = world.vault.open(subject, SUPPORT, actor=OWNER, reason="call")
    assert email not in [found.holding.item for found in (*opening.items, *opening.refused)]
    assert "erasure.done" not in world.ledger.names()
    world.failpoint = lambda _: None
    assert world.vault.resume() == 1
    assert world.vault.resume() == 0
    assert world.ledger.names().count("erasure.done") == 1
    assert len(read(world, subject)) == 3


def test_two_processes_share_the_vault_also_while_one_turns_the_key(world: World, tmp_path: Path) -> None:
    other = World(tmp_path, entropy=system_entropy)
    (first,) = add(world, anna())
    other.vault.add([NewSubject((NewItem(NOTE, "Gebeld", BOOK, "own"),), id=first)], actor=OWNER, reason="call")
    world.vault.rotate(actor=OWNER)
    assert other.vault.find(FieldKind.EMAIL, "anna@example.nl") == (first,)
    (second,) = other.vault.add([bram()], actor=OWNER, reason="order")  # must be wrapped under the new epoch
    other.close()
    world.again()
    assert read(world, second) == {EMAIL: "bram@example.org"}
    assert len(read(world, first)) == 4  # the second note opens too; one field, two data
    item = next(h.item for h in world.vault.holdings(second))
    world.vault.erase([item], ground="17", actor=OWNER)
    assert not world.vault.exists(second)


def test_threads_that_add_read_change_and_erase_do_not_disturb_each_other(world: World) -> None:
    subjects = add(world, *(anna() for _ in range(8)))
    faults: list[BaseException] = []

    def work(mine: SubjectId) -> None:
        try:
            for turn in range(6):
                name = next(h.item for h in world.vault.holdings(mine) if h.field == NAME)
                world.vault.rectify(name, f"Anna {turn}", actor=OWNER, reason="asked")
                assert read(world, mine)[NAME] == f"Anna {turn}"
                world.vault.add([NewSubject((NewItem(INVOICE, "9", BOOK, "own"),), id=mine)], actor=OWNER, reason="x")
                world.vault.erase([world.vault.holdings(mine)[-1].item], ground="17", actor=OWNER)
        except BaseException as fault:  # noqa: BLE001 - shown below, from the thread that runs the test
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(subject,)) for subject in subjects]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert world.vault.counts().items == 40
    world.again()
    assert all(read(world, subject)[NAME] == "Anna 5" for subject in subjects)


def test_a_subject_whose_data_leave_in_two_erasures_at_once_is_gone_whole(world: World) -> None:
    (subject,) = add(world, anna())
    items = [h.item for h in world.vault.holdings(subject)]
    inner: list[int] = []

    def erase_the_rest(step: str) -> None:
        if step == "erase.unreadable" and not inner:
            inner.append(1)
            with pytest.raises(GestandError, match="no item"):
                world.vault.erase(items[:1], ground="17", actor=OWNER)  # it is on its way out already
            inner.append(world.vault.erase(items[2:], ground="17", actor=OWNER).found_afterwards)

    world.failpoint = erase_the_rest
    assert world.vault.erase(items[:2], ground="17", actor=OWNER).found_afterwards == 0
    assert inner == [1, 0]
    assert not world.vault.exists(subject)
    assert world.vault._room.keys._engine.execute("SELECT count(*) FROM vault_key") == [(0,)]


@pytest.mark.parametrize("verb", ["rotate", "reindex"])
def test_what_is_being_erased_is_not_found_again_when_the_index_turns_meanwhile(world: World, verb: str) -> None:
    (subject,) = add(world, anna())
    email = next(h.item for h in world.vault.holdings(subject) if h.field == EMAIL)
    seen: list[object] = []

    def turn(step: str) -> None:
        if step == "erase.unreadable":
            getattr(world.vault, verb)(actor=OWNER)
            seen.append(world.vault.find(FieldKind.EMAIL, "anna@example.nl"))
            seen.append(world.vault.find(FieldKind.NAME, "anna de vries"))

    world.failpoint = turn
    assert world.vault.erase([email], ground="17", actor=OWNER).found_afterwards == 0
    assert seen == [(), (subject,)]
    assert world.engine.execute("SELECT count(*) FROM vault_token") == [
        (4,)
    ]  # her name, its two likenesses, her telephone


def test_a_reader_meanwhile_sees_the_old_or_the_new_value_and_never_a_refusal(world: World) -> None:
    (subject,) = add(world, anna())
    name = next(h.item for h in world.vault.holdings(subject) if h.field == NAME)
    stop = threading.Event()
    seen: list[set[str]] = []

    def look() -> None:
        while not stop.is_set():
            opening = world.vault.open(subject, SUPPORT, actor=OWNER, reason="call")
            seen.append({item.holding.field for item in opening.items})

    thread = threading.Thread(target=look)
    thread.start()
    for turn in range(40):
        world.vault.rectify(name, f"Anna {turn}", actor=OWNER, reason="asked")
    stop.set()
    thread.join()
    assert len(seen) > 0
    assert all(len(fields) == 4 for fields in seen)


@pytest.mark.sqlite_files
@pytest.mark.parametrize("name", ["data.db", "keys.db"])
def test_a_flipped_bit_anywhere_is_damage_at_opening_or_when_verified(tmp_path: Path, name: str) -> None:
    world = World(tmp_path)
    add(world, anna(), bram())
    world.close()
    path = tmp_path / name
    sound = path.read_bytes()
    for at in range(300, len(sound), len(sound) // 12):
        path.write_bytes(sound[:at] + bytes([sound[at] ^ 16]) + sound[at + 1 :])
        with pytest.raises(DamagedError) as fault:
            look_at(world)
        assert fault.value.exit_status == 4
    path.write_bytes(sound)
    look_at(world)


@pytest.mark.sqlite_files
@pytest.mark.parametrize("name", ["data.db", "keys.db"])
def test_a_shortened_file_is_damage(tmp_path: Path, name: str) -> None:
    world = World(tmp_path)
    add(world, anna(), bram())
    world.close()
    path = tmp_path / name
    sound = path.read_bytes()
    for length in range(100, len(sound), len(sound) // 7):
        path.write_bytes(sound[:length])
        with pytest.raises(DamagedError):
            look_at(world)


def look_at(world: World) -> None:
    try:
        world.open()
        world.vault.verify()
        for subject in world.vault.subjects():
            read(world, subject)
    finally:
        for engine in (world.engine, world.vault._room.keys._engine):
            try:
                engine.close()
            except DamagedError:
                engine._connection.close(True)  # type: ignore[attr-defined]
