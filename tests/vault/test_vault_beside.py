"""Changes about different people go on beside each other on a server; those about one person, or about more, take turns."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest
from vault_house import House, forked
from vault_world import JOB, NAME, NOTE, OWNER, SUPPORT

from engines import chosen
from gestand.kernel.errors import GestandError
from gestand.kernel.ids import ItemId, SubjectId
from gestand.vault.model import NewItem, NewSubject

PATIENCE = 20.0
A_MOMENT = 0.3
PEOPLE = 3
TURNS = 40


def person(house: House, *notes: str) -> tuple[SubjectId, list[ItemId]]:
    data = (NewItem(NAME, "Carla Smit", JOB, "own"), *(NewItem(NOTE, note, JOB, "own") for note in notes))
    (subject,) = house.vault.add([NewSubject(data)], actor=OWNER, reason="order")
    return subject, [held.item for held in house.vault.holdings(subject) if held.field == NOTE]


def notes_of(house: House, subject: SubjectId) -> list[str]:
    opened = house.vault.open(subject, SUPPORT, actor=OWNER, reason="check").items
    return [one.value for one in opened if one.holding.field == NOTE]


class Stop:
    """Keeps one thread at a failpoint until it may go on."""

    def __init__(self) -> None:
        self.at = ""
        self.who = 0
        self.there, self.go = threading.Event(), threading.Event()

    def __call__(self, step: str) -> None:
        if step == self.at and threading.get_ident() == self.who:
            self.there.set()
            assert self.go.wait(PATIENCE)


@pytest.fixture(autouse=True)
def _served(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in chosen("postgres").items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def stop() -> Stop:
    return Stop()


@pytest.fixture
def house(tmp_path: Path, stop: Stop) -> Iterator[House]:
    made = House(tmp_path, stop)
    yield made
    made.close()


def begun(act: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=act)
    thread.start()
    return thread


def waits(thread: threading.Thread) -> bool:
    thread.join(A_MOMENT)
    return thread.is_alive()


def test_who_is_about_another_person_does_not_wait_and_who_is_about_the_same_or_more_does(
    house: House, stop: Stop
) -> None:
    vault = house.vault
    anna, (first, second) = person(house, "a1", "a2")
    bram, (his, last) = person(house, "b1", "b2")

    def correct_slowly() -> None:
        stop.at, stop.who = "reseal.keys", threading.get_ident()
        vault.rectify(first, "a1 right", actor=OWNER, reason="asked")

    slow = begun(correct_slowly)
    assert stop.there.wait(PATIENCE)
    # Beside it: corrections and erasures of somebody else.
    beside = begun(lambda: vault.rectify(his, "b1 right", actor=OWNER, reason="asked"))
    beside.join(PATIENCE)
    assert not beside.is_alive()
    beside = begun(lambda: vault.erase([last], ground="17(1)(a)", actor=OWNER))
    beside.join(PATIENCE)
    assert not beside.is_alive()
    assert notes_of(house, bram) == ["b1 right"]
    # Not beside it: about the same person; and what is about everybody.
    same = begun(lambda: vault.rectify(second, "a2 right", actor=OWNER, reason="asked"))
    added: list[SubjectId] = []
    more = begun(lambda: added.append(person(house, "c1")[0]))
    assert (waits(same), waits(more)) == (True, True)
    stop.go.set()
    for thread in (slow, same, more):
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert notes_of(house, anna) == ["a1 right", "a2 right"]
    assert [notes_of(house, who) for who in added] == [["c1"]]
    vault.verify()
    house.ledger.verify()


def test_the_last_datum_of_a_person_leaves_when_nobody_else_writes(house: House, stop: Stop) -> None:
    vault = house.vault
    _, (first,) = person(house, "a1")
    bram, _ = person(house, "b1")
    all_of_bram = [held.item for held in vault.holdings(bram)]

    def correct_slowly() -> None:
        stop.at, stop.who = "reseal.keys", threading.get_ident()
        vault.rectify(first, "a1 right", actor=OWNER, reason="asked")

    slow = begun(correct_slowly)
    assert stop.there.wait(PATIENCE)
    erasing = begun(lambda: vault.erase(all_of_bram, ground="17(1)(a)", actor=OWNER))
    assert waits(erasing)
    assert vault.exists(bram)
    stop.go.set()
    for thread in (slow, erasing):
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert not vault.exists(bram)


def test_while_there_is_a_hold_an_erasure_waits_until_nobody_else_writes(house: House, stop: Stop) -> None:
    vault = house.vault
    _, (first,) = person(house, "a1")
    bram, (held, free) = person(house, "b1", "b2")
    vault.place_hold([held], reason="claim", until=None, actor=OWNER)

    def correct_slowly() -> None:
        stop.at, stop.who = "reseal.keys", threading.get_ident()
        vault.rectify(first, "a1 right", actor=OWNER, reason="asked")

    slow = begun(correct_slowly)
    assert stop.there.wait(PATIENCE)
    erasing = begun(lambda: vault.erase([free], ground="17(1)(a)", actor=OWNER))
    assert waits(erasing)
    stop.go.set()
    for thread in (slow, erasing):
        thread.join(PATIENCE)
        assert not thread.is_alive()
    with pytest.raises(GestandError) as refused:
        vault.erase([held], ground="17(1)(a)", actor=OWNER)
    assert refused.value.code == "item-held"
    assert notes_of(house, bram) == ["b1"]


def test_what_an_heir_came_from_is_forgotten_once_its_own_key_is_filed(house: House) -> None:
    _, (first, second) = person(house, "a1", "a2")
    house.vault.rectify(first, "a1 right", actor=OWNER, reason="asked")
    store = house.vault._room.store
    assert len(store.with_heirs()) == 1
    house.vault.erase([second], ground="17(1)(a)", actor=OWNER)
    house.vault.cut_residue()
    assert store.with_heirs() == []


def work(folder: Path, notes: dict[SubjectId, list[ItemId]], seed: int) -> None:
    """Correct the shared notes of everybody in a random order, and erase those that are this process's own; tell what came last."""
    chance = Random(seed)
    last = dict.fromkeys(notes, "")
    house = House(folder)
    people = list(notes)
    mine = [items[seed] for items in notes.values()]
    for turn in range(TURNS):
        subject = chance.choice(people)
        last[subject] = f"{seed}.{turn}"
        house.vault.rectify(notes[subject][-1], last[subject], actor=OWNER, reason="asked")
        if turn % 10 == 5 and mine:
            assert house.vault.erase([mine.pop()], ground="17(1)(a)", actor=OWNER).found_afterwards == 0
        notes_of(house, chance.choice(people))
    house.close()
    (folder / f"last.{seed}").write_text(json.dumps(last))


def test_processes_that_correct_and_erase_beside_each_other_leave_everything_whole(tmp_path: Path) -> None:
    house = House(tmp_path)
    notes = dict(person(house, "own 0", "own 1", "own 2", "shared") for _ in range(PEOPLE))
    house.close()
    children = [forked(partial(work, tmp_path, notes, seed)) for seed in range(3)]
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]
    last = [json.loads((tmp_path / f"last.{seed}").read_text()) for seed in range(3)]
    house = House(tmp_path)
    assert house.vault.resume() == 0
    house.vault.verify()
    house.ledger.verify()
    names = [entry.event.name for entry in house.ledger.entries()]
    assert names.count("data.rectified") == 3 * TURNS
    assert [names.count(name) for name in ("erasure.begun", "key.destroyed", "erasure.done")] == [9, 9, 9]
    for subject in notes:
        (shared,) = notes_of(house, subject)
        assert shared in {of_one[subject] for of_one in last}
    room = house.vault._room
    for place in room.store.subjects():
        assert set(room.keys.numbers(place)) == room.store.buckets(place) | {0}
    house.close()
