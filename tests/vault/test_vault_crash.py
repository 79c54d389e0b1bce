"""Killed after every durable step of every verb. What was acknowledged is there, what was erased stays away, no key is
left over, and the ledger verifies. Each kill is a SIGKILL of a process of its own, with the real ledger."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from vault_house import House
from vault_world import EMAIL, JOB, MAIL, NAME, NOTE, OWNER, PHONE, SUPPORT, anna, bram

from engines import copy_stores
from gestand.kernel.errors import GestandError
from gestand.statement.policy import FieldKind
from gestand.vault.model import NewItem, NewSubject, Why

pytestmark = pytest.mark.on_both_engines

NEW = "anna.devries@example.nl"


def adding(house: House) -> None:
    house.vault.add([bram(), bram()], actor=OWNER, reason="order")


def joining(house: House) -> None:
    note = NewItem(NOTE, "Nieuw", JOB, "customer", due=date(2040, 1, 1))
    house.vault.add([NewSubject((note,), id=house.only_anna())], actor=OWNER, reason="order")


def erasing(house: House) -> None:
    house.vault.erase(house.items(EMAIL), ground="17(1)(a)", actor=OWNER)


def erasing_all(house: House) -> None:
    subject = house.only_anna()
    house.vault.erase([h.item for h in house.vault.holdings(subject)], ground="17(1)(b)", actor=OWNER)


def rectifying(house: House) -> None:
    house.vault.rectify(house.items(EMAIL)[0], NEW, actor=OWNER, reason="new address")


def dating(house: House) -> None:
    changes = [(item, date(2026, 1, 1), date(2029, 1, 1)) for item in house.items(EMAIL, NAME)]
    house.vault.set_due(changes, trigger="job-closed", actor=OWNER)


def moving(house: House) -> None:
    house.vault.move(house.items(NOTE), MAIL, None, None, actor=OWNER, reason="correspondence")


def indexing(house: House) -> None:
    house.vault.reindex(actor=OWNER)


def rotating(house: House) -> None:
    house.vault.rotate(actor=OWNER)


COMMITTED = {
    "erase.unreadable", "erase.destroyed", "erase.searched", "erase.concluded",
    "reseal.committed", "reseal.destroyed", "rotate.committed", "rotate.closed",
}  # fmt: skip
VERBS = (adding, joining, erasing, erasing_all, rectifying, dating, moving, indexing, rotating)


@pytest.fixture
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("before")
    house = House(folder)
    house.vault.add([anna(), bram()], actor=OWNER, reason="order")
    house.close()
    return folder


def steps_of(folder: Path, verb: Callable[[House], None]) -> list[str]:
    """The durable steps the verb takes, in order, found by letting it run: none can be forgotten."""
    steps: list[str] = []
    house = House(folder, steps.append)
    verb(house)
    house.close()
    return steps


def kill_at(folder: Path, verb: Callable[[House], None], step: int) -> None:
    """Run the verb in a process of its own and kill it at its step number ``step``."""
    child = os.fork()
    if child == 0:  # pragma: no cover - killed
        left = step

        def failpoint(_name: str) -> None:
            nonlocal left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1

        try:
            house = House(folder, failpoint)
            verb(house)
            house.close()
        finally:
            os._exit(3)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the child was not killed but ended with {status}"


def check(folder: Path, verb: Callable[[House], None], step: str) -> None:
    """Open the house as after any crash and look whether the verb is done or undone, whole."""
    house = House(folder)
    house.vault.resume()
    house.vault.verify()
    house.ledger.verify()
    committed = step in COMMITTED or step.endswith(".done")
    check_data(house, verb, committed=committed)
    names = [entry.event.name for entry in house.ledger.entries()]
    erased = int(committed and verb in {erasing, erasing_all})
    assert [names.count(f"{name}") for name in ("erasure.begun", "key.destroyed", "erasure.done")] == [erased] * 3
    assert names.count("epoch.closed") == int(verb is rotating)
    assert len(list((folder / "epochs").iterdir())) == 1
    check_keys(house)
    house.close()


def check_data(house: House, verb: Callable[[House], None], *, committed: bool) -> None:
    """After the commit the new state, before it the old one, and nothing of Anna's unreadable that should not be."""
    found = house.vault.find(FieldKind.NAME, "Anna de Vries")
    held: dict[str, str] = {}
    notes = 0
    if found:
        opening = house.vault.open(found[0], SUPPORT, actor=OWNER, reason="call")
        held = {item.holding.field: item.value for item in opening.items}
        notes = sum(item.holding.field == NOTE for item in opening.items)
        assert all(refused.why is Why.NOT_NEEDED for refused in opening.refused)
    done = verb if committed else None
    address = {erasing: None, erasing_all: None, rectifying: NEW}.get(done, "Anna@Example.nl")
    assert held.get(EMAIL) == address
    assert house.vault.find(FieldKind.EMAIL, "anna@example.nl") == (found if address == "Anna@Example.nl" else ())
    assert house.vault.find(FieldKind.EMAIL, NEW) == (found if address == NEW else ())
    assert set(held) | {EMAIL} == (set() if done is erasing_all else {NAME, PHONE, NOTE}) | {EMAIL}
    assert notes == {joining: 2, erasing_all: 0}.get(done, 1)
    brams = house.vault.find(FieldKind.EMAIL, "bram@example.org")
    assert len(brams) == (3 if done is adding else 1)
    for openings in house.vault.open_many(brams, SUPPORT, actor=OWNER, reason="call"):
        assert [item.value for item in openings.items] == ["bram@example.org"]


def check_keys(house: House) -> None:
    """Every key has data and every datum a key."""
    room = house.vault._room
    for subject in room.store.subjects():
        assert set(room.keys.numbers(subject)) == room.store.buckets(subject) | {0}
    assert house.vault.counts().keys == sum(len(room.store.buckets(s)) for s in room.store.subjects())


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
def test_killed_after_any_step_a_verb_is_done_or_undone_and_nothing_is_left_over(
    before: Path, tmp_path: Path, verb: Callable[[House], None]
) -> None:
    copy_stores(before, tmp_path / "dry")
    steps = steps_of(tmp_path / "dry", verb)
    assert len(steps) >= 2
    check(tmp_path / "dry", verb, steps[-1])
    for number, step in enumerate(steps):
        folder = tmp_path / str(number)
        copy_stores(before, folder)
        kill_at(folder, verb, number)
        check(folder, verb, step)
        shutil.rmtree(folder)


def test_a_resume_that_is_killed_is_resumed(before: Path, tmp_path: Path) -> None:
    """Killed in the erasure, then killed in the resume, at every step."""
    copy_stores(before, tmp_path / "dry")
    steps = steps_of(tmp_path / "dry", erasing)
    first = steps.index("erase.unreadable")
    for later in range(len(steps) - first - 1):
        folder = tmp_path / str(later)
        copy_stores(before, folder)
        kill_at(folder, erasing, first)
        kill_at(folder, lambda house: house.vault.resume() and None, later)
        check(folder, erasing, "erase.done")
        shutil.rmtree(folder)


def test_an_opening_whose_value_was_seen_is_in_the_ledger_after_a_kill(before: Path, tmp_path: Path) -> None:
    folder = tmp_path / "read"
    copy_stores(before, folder)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - killed
        try:
            house = House(folder)
            for _ in range(50):
                entry = house.vault.open(house.only_anna(), SUPPORT, actor=OWNER, reason="call").entry
                os.write(writing, entry.to_bytes(4, "big"))
            os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(3)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        seen = pipe.read()
    acknowledged = [int.from_bytes(seen[at : at + 4], "big") for at in range(0, len(seen), 4)]
    assert len(acknowledged) == 50
    house = House(folder)
    recorded = {entry.index for entry in house.ledger.entries() if entry.event.name == "data.opened"}
    assert set(acknowledged) <= recorded
    house.close()


def test_without_a_ledger_that_records_nothing_is_opened(before: Path, tmp_path: Path) -> None:
    folder = tmp_path / "full"
    copy_stores(before, folder)
    house = House(folder)
    subject = house.only_anna()

    def refuse(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    house.ledger.record = refuse  # type: ignore[method-assign]
    with pytest.raises(GestandError) as refused:
        house.vault.open(subject, SUPPORT, actor=OWNER, reason="call")
    assert (refused.value.code, refused.value.exit_status) == ("opening-not-recorded", 3)
    house.close()
