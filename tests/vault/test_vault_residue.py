"""Deleted bytes leave the logs within the stated window: by themselves, at close, before a backup, after a crash; a reader
that is in the way only delays it. The files here are without page encryption, so that the search is honest."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest
from vault_world import EMAIL, JOB, NAME, NOTE, OWNER, START, SUPPORT, World, anna, bram

from gestand.kernel.entropy import system_entropy
from gestand.kernel.errors import GestandError, RefusedError, UsageError
from gestand.kernel.ids import ItemId, SubjectId
from gestand.ledger.events import EVENTS
from gestand.statement.policy import FieldKind
from gestand.vault.model import NewItem, NewSubject
from gestand.vault.place import item_place, subject_bytes

WINDOW = 0.1
NOTES = tuple(NewItem(NOTE, f"Notitie {number} van Anna", JOB, "own") for number in range(300))


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, plain=True, within=WINDOW)
    yield made
    made.close()


def found(world: World, needle: bytes) -> list[str]:
    assert len(needle) >= 10
    return sorted(p.name for p in world.folder.rglob("*") if p.is_file() and needle in p.read_bytes())


def needles(world: World, subject: SubjectId, field: str) -> tuple[ItemId, list[bytes]]:
    """Return an item and what stands on disk of it: ciphertext, blind token, its wrapped key."""
    item = next(h.item for h in world.vault.holdings(subject) if h.field == field)
    row = world.vault._room.store.item(*item_place(item))
    assert row is not None
    ((wrapped,),) = world.vault._room.keys.engine.execute(
        "SELECT wrapped FROM vault_key WHERE subject = ? AND bucket = ?", (row.subject, row.bucket)
    )
    assert isinstance(wrapped, bytes)
    return item, [needle for needle in (row.sealed[13:], row.token or b"", wrapped[13:]) if needle]


def eventually(holds: Callable[[], bool], seconds: float = 5) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.02)
    return False


def a_subject(world: World) -> SubjectId:
    return world.vault.add([anna()], actor=OWNER, reason="order")[0]


def test_what_was_erased_leaves_the_logs_by_itself(world: World) -> None:
    subject = a_subject(world)
    item, traces = needles(world, subject, EMAIL)
    world.vault.erase([item], ground="17(1)(a)", actor=OWNER)
    assert any(found(world, needle) for needle in traces), "without anything in a log this test shows nothing"
    assert eventually(lambda: not any(found(world, needle) for needle in traces))


def test_a_wrong_value_leaves_the_logs_by_itself(world: World) -> None:
    subject = a_subject(world)
    item, traces = needles(world, subject, EMAIL)
    world.vault.rectify(item, "anna.devries@example.nl", actor=OWNER, reason="new address")
    assert eventually(lambda: not any(found(world, needle) for needle in traces))


@pytest.mark.parametrize("way", ["cut", "close"])
def test_nothing_is_left_before_a_backup_and_after_a_close(tmp_path: Path, way: str) -> None:
    world = World(tmp_path, plain=True, within=3600)
    subject = a_subject(world)
    item, traces = needles(world, subject, EMAIL)
    world.vault.erase([item], ground="17(1)(a)", actor=OWNER)
    assert all(found(world, needle) for needle in traces)
    if way == "cut":
        world.vault.cut_residue()
    else:
        world.close()
    assert [found(world, needle) for needle in traces] == [[]] * len(traces)
    world.close()


def test_after_a_kill_within_the_window_the_next_opening_cuts_the_logs(tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:  # pragma: no cover - killed
        try:
            world = World(tmp_path, plain=True, within=3600, entropy=system_entropy)
            item, traces = needles(world, a_subject(world), EMAIL)
            world.vault.erase([item], ground="17(1)(a)", actor=OWNER)
            (tmp_path.parent / "needles").write_bytes(b"".join(len(n).to_bytes(2, "big") + n for n in traces))
            os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(3)
    os.waitpid(child, 0)
    packed = (tmp_path.parent / "needles").read_bytes()
    traces, at = [], 0
    while at < len(packed):
        size = int.from_bytes(packed[at : at + 2], "big")
        traces.append(packed[at + 2 : at + 2 + size])
        at += 2 + size
    before = shutil.copytree(tmp_path, tmp_path.parent / "before")
    assert any(needle in path.read_bytes() for path in before.rglob("*-wal") for needle in traces)
    world = World(tmp_path, plain=True, within=3600, entropy=system_entropy)
    assert [found(world, needle) for needle in traces] == [[]] * len(traces)
    world.close()


def test_a_reader_in_the_way_delays_the_cut_and_nothing_else(world: World) -> None:
    subject = a_subject(world)
    item, traces = needles(world, subject, EMAIL)
    reader = apsw.Connection(str(world.folder / "data.db"))
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM vault_item").fetchall()
    world.vault._room.store.engine._connection.set_busy_timeout(1)  # type: ignore[attr-defined]
    assert world.vault.erase([item], ground="17(1)(a)", actor=OWNER).found_afterwards == 0
    time.sleep(3 * WINDOW)
    assert found(world, traces[0]), "the reader sees an older state, so its bytes must still be there"
    reader.close()
    assert eventually(lambda: not any(found(world, needle) for needle in traces))


def test_a_reader_that_stays_in_the_way_is_told_of(tmp_path: Path) -> None:
    world = World(tmp_path, plain=True, within=0.01)
    subject = a_subject(world)
    item, _ = needles(world, subject, EMAIL)
    reader = apsw.Connection(str(world.folder / "data.db"))
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM vault_item").fetchall()
    world.vault._room.store.engine._connection.set_busy_timeout(1)  # type: ignore[attr-defined]
    world.vault.erase([item], ground="17(1)(a)", actor=OWNER)
    time.sleep(0.5)
    item, traces = needles(world, subject, NAME)
    with pytest.raises(GestandError) as busy:
        world.vault.erase([item], ground="17(1)(a)", actor=OWNER)
    assert busy.value.code == "store-busy"
    assert world.vault.item(item) is None  # it is erased all the same
    reader.close()
    assert world.vault.resume() == 0
    assert [found(world, needle) for needle in traces] == [[]] * len(traces)
    world.close()


def test_a_whole_subject_goes_by_its_keys_and_leaves_nothing(world: World) -> None:
    subject, other = world.vault.add([NewSubject((*anna().items, *NOTES)), bram()], actor=OWNER, reason="order")
    _, traces = needles(world, subject, EMAIL)
    held = world.vault.holdings(subject)
    world.vault.restrict([h.item for h in held[:3]], reason="contested-by-anna", actor=OWNER)
    world.vault.object_to(subject, [SUPPORT], reason="objection-of-anna", actor=OWNER)
    reference = world.vault.reference(subject)
    keys = world.vault.counts().keys
    erasure = world.vault.erase_subject(subject, ground="17(1)(b)", actor=OWNER)
    assert (erasure.items, erasure.found_afterwards) == (305, 0)
    assert world.vault.counts().keys == keys - erasure.keys == 1
    assert world.vault.counts().items == 1
    assert world.vault.find(FieldKind.EMAIL, "anna@example.nl") == ()
    assert not world.vault.exists(subject)
    assert list(world.vault.subjects()) == [other]
    begun = next(event for event in world.ledger.events if event.name == "erasure.begun")
    assert begun.subject == reference
    assert set(begun.facts) <= set(EVENTS["erasure.begun"])
    assert world.ledger.events[-1].facts == {"erasure": erasure.id, "items": 305, "absent": True}
    world.close()
    for needle in (*traces, b"contested-by-anna", b"objection-of-anna", subject_bytes(subject)):
        assert found(world, needle) == []
    world.open()


def test_a_subject_that_is_held_or_unknown_is_not_erased(world: World) -> None:
    subject = a_subject(world)
    hold = world.vault.place_hold([world.vault.holdings(subject)[0].item], reason="claim", until=None, actor=OWNER)
    with pytest.raises(RefusedError):
        world.vault.erase_subject(subject, ground="17(1)(b)", actor=OWNER)
    world.vault.lift_hold(hold.id, reason="settled", actor=OWNER)
    world.vault.erase_subject(subject, ground="17(1)(b)", actor=OWNER)
    with pytest.raises(UsageError):
        world.vault.erase_subject(subject, ground="17(1)(b)", actor=OWNER)


@pytest.mark.parametrize("step", ["erase.unreadable", "erase.destroyed", "erase.span"])
def test_a_whole_subject_on_its_way_out_is_to_nobody_and_resumed(world: World, step: str) -> None:
    subject = world.vault.add([NewSubject((*anna().items, *NOTES))], actor=OWNER, reason="order")[0]
    item = world.vault.holdings(subject)[0].item

    def stop(reached: str) -> None:
        if reached == step:
            raise GestandError("store-full", "the disk is full")

    world.failpoint = stop
    with pytest.raises(GestandError):
        world.vault.erase_subject(subject, ground="17(1)(b)", actor=OWNER)
    assert world.vault.find(FieldKind.EMAIL, "anna@example.nl") == ()
    assert world.vault.item(item) is None
    assert world.vault.holdings(subject) == ()
    assert list(world.vault.collected_for(SUPPORT)) == []
    assert list(world.vault.due(START.date().replace(year=2090))) == []
    with pytest.raises(UsageError):
        world.vault.open(subject, SUPPORT, actor=OWNER, reason="call")
    world.failpoint = lambda _: None
    assert world.vault.resume() == 1
    assert world.vault.counts() == type(world.vault.counts())(0, 0, 0)
    assert world.ledger.names().count("erasure.done") == 1


def test_a_whole_erasure_is_replayed_over_an_older_copy(world: World) -> None:
    subject, other = world.vault.add([anna(), bram()], actor=OWNER, reason="order")
    reference = world.vault.reference(subject)
    world.close()
    for name in ("data.db", "keys.db"):
        shutil.copy(world.folder / name, world.folder / f"older-{name}")
    world.open()
    world.vault.erase_subject(subject, ground="17(1)(b)", actor=OWNER)
    events = list(world.ledger.events)
    world.close()
    for name in ("data.db", "keys.db"):
        shutil.move(world.folder / f"older-{name}", world.folder / name)
    world.open()
    assert world.vault.erased_and_here({reference}) == 5
    replayed = world.vault.replay(events)
    assert (replayed.erased, replayed.emptied) == (5, (subject,))
    assert world.vault.erased_and_here({reference}) == 0
    assert list(world.vault.subjects()) == [other]


def test_a_store_that_was_away_is_cut_when_it_is_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.vault.add([anna()], actor=OWNER, reason="order")
    keys = world.vault._room.keys
    harden, away = keys.harden, [True, True]

    def back_soon() -> None:
        if away:
            away.pop()
            raise GestandError("store-lost", "the server is away")
        harden()

    monkeypatch.setattr(keys, "harden", back_soon)
    subject = world.vault.find(FieldKind.NAME, "Anna de Vries")[0]
    world.vault.erase_subject(subject, ground="17", actor=OWNER)
    until = time.monotonic() + 10
    while world.engine.execute("SELECT count(*) FROM vault_erasure") != [(0,)] and time.monotonic() < until:
        time.sleep(WINDOW / 4)
    assert not away
    assert world.ledger.names()[-1] == "erasure.done"
