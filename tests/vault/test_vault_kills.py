"""Killed again and again at any moment, one life after the other in the same folder: seal, read, rectify, move, erase one
datum, erase a person, turn the key. What was acknowledged stands, what was erased stays away, the ledger verifies."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from vault_house import House
from vault_world import EMAIL, JOB, MAIL, NOTE, OWNER, PHONE, SUPPORT

from engines import on_postgres
from gestand.statement.policy import FieldKind
from gestand.vault.model import NewItem, NewSubject
from kills import SHARES, VAULT_POSTGRES, VAULT_SQLITE

pytestmark = pytest.mark.on_both_engines

STEPS = 30
"""Durable steps after which a life ends at the latest."""
PATIENCE = 0.12
"""Seconds after which a life that is ended from outside ends at the latest, on SQLite."""


class Held(NamedTuple):
    """What is held of one person: the address, None once it was erased, and the shelf of the note."""

    email: str | None
    shelf: str


Model = dict[int, Held]


def phone(person: int) -> str:
    return f"06 1{person:07}"


def seal(house: House, person: int, held: Held) -> None:
    data = (
        NewItem(PHONE, phone(person), JOB, "customer"),
        NewItem(EMAIL, held.email or "", JOB, "customer", due=date(2028, 5, 1)),
        NewItem(NOTE, f"Notitie {person}", JOB, "customer", due=date(2028, 7, 1)),
    )
    house.vault.add([NewSubject(data)], actor=OWNER, reason="order")


def change(house: House, person: int, before: Held, after: Held | None) -> None:
    [subject] = house.vault.find(FieldKind.PHONE, phone(person))
    items = {one.field: one.item for one in house.vault.holdings(subject)}
    if after is None:
        house.vault.erase_subject(subject, ground="17(1)(b)", actor=OWNER)
    elif after.email is None and before.email is not None:
        house.vault.erase([items[EMAIL]], ground="17(1)(a)", actor=OWNER)
    elif after.shelf != before.shelf:
        house.vault.move([items[NOTE]], MAIL, None, None, actor=OWNER, reason="correspondence")
    elif after.email is not None:
        house.vault.rectify(items[EMAIL], after.email, actor=OWNER, reason="new address")


def life(folder: Path, model: Model, seed: int, say: Callable[[object], None], steps: int) -> None:
    """Do one verb after the other; say what will be, do it, say that it is. Ends itself at step ``steps``."""
    left = steps

    def failpoint(_step: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    drawn = random.Random(seed)
    house = House(folder, failpoint)
    house.vault.resume()
    newest = seed * 100
    while True:
        what = drawn.choice(["seal", "seal", "read", "rectify", "move", "erase", "forget", "rotate"])
        if what == "rotate":
            house.vault.rotate(actor=OWNER)
        elif what == "seal" and len(model) < 8:
            newest += 1
            held = Held(f"p{newest}@example.nl", JOB)
            say(["will", newest, held])
            seal(house, newest, held)
            model[newest] = held
            say(["did"])
        elif model:
            person = drawn.choice(sorted(model))
            before = model[person]
            if what == "read":
                [subject] = house.vault.find(FieldKind.PHONE, phone(person))
                say(["read", house.vault.open(subject, SUPPORT, actor=OWNER, reason="call").entry])
                continue
            after: Held | None = {
                "rectify": before._replace(email=before.email and f"n{before.email}"[:60]),
                "move": before._replace(shelf=MAIL),
                "erase": before._replace(email=None),
            }.get(what)
            if after == before or what == "seal":
                continue
            say(["will", person, after])
            change(house, person, before, after)
            model.pop(person)
            if after is not None:
                model[person] = after
            say(["did"])


def killed_life(folder: Path, model: Model, seed: int) -> list[list[object]]:
    """Let a process live and kill it, at a durable step or from outside at any moment; return what it said."""
    drawn = random.Random(-seed)
    outside = seed % 2 == 0
    steps = 10**9 if outside else drawn.randint(1, STEPS)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - killed
        try:
            life(folder, model, seed, lambda told: os.write(writing, json.dumps(told).encode() + b"\n"), steps)
        finally:
            os._exit(3)
    os.close(writing)
    if outside:
        time.sleep(drawn.uniform(0.01, PATIENCE * (10 if on_postgres() else 1)))
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"it was not killed but ended with {os.waitstatus_to_exitcode(status)}"
    return [json.loads(line) for line in said.splitlines()]


def there(house: House, person: int) -> Held | None:
    """Return what the store holds of a person."""
    found = house.vault.find(FieldKind.PHONE, phone(person))
    if not found:
        return None
    [subject] = found
    opened = house.vault.open(subject, SUPPORT, actor=OWNER, reason="check")
    values = {one.holding.field: one.value for one in opened.items}
    assert values[NOTE] == f"Notitie {person}"
    [note] = [one for one in house.vault.holdings(subject) if one.field == NOTE]
    return Held(values.get(EMAIL), note.shelf)


def settle(folder: Path, model: Model, said: list[list[object]]) -> None:
    """Take into the model what was acknowledged; what was under way is done or undone, as the store has it."""
    pending: tuple[int, Held | None] | None = None
    read: list[int] = []
    for kind, *rest in said:
        if kind == "will":
            person, held = rest
            assert isinstance(person, int)
            pending = (person, Held(*held) if isinstance(held, list) else None)
        elif kind == "did":
            assert pending is not None
            put(model, *pending)
            pending = None
        elif isinstance(rest[0], int):
            read.append(rest[0])
    house = House(folder)
    house.vault.resume()
    house.vault.verify()
    house.ledger.verify()
    if pending is not None:
        person, after = pending
        found = there(house, person)
        assert found in {model.get(person), after}
        put(model, person, found)
    assert {person: there(house, person) for person in model} == model
    assert house.vault.counts().subjects == len(model)
    assert len(house.vault.epochs()) == 1
    entries = list(house.ledger.entries())
    assert all(entries[index].event.name == "data.opened" for index in read)
    names = [entry.event.name for entry in entries]
    assert names.count("erasure.begun") == names.count("erasure.done") == names.count("key.destroyed")
    for subject in house.vault._room.store.subjects():
        assert set(house.vault._room.keys.numbers(subject)) == house.vault._room.store.buckets(subject) | {0}
    house.close()


def put(model: Model, person: int, held: Held | None) -> None:
    if held is None:
        model.pop(person, None)
    else:
        model[person] = held


@pytest.mark.parametrize("run", ["ordinary", pytest.param("long", marks=pytest.mark.long)])
def test_killed_again_and_again_nothing_acknowledged_is_lost_and_nothing_erased_returns(
    tmp_path: Path, run: str
) -> None:
    kills = getattr(VAULT_POSTGRES if on_postgres() else VAULT_SQLITE, run)
    start = tmp_path / "start"
    start.mkdir()
    House(start).close()
    model: Model = {}
    killed, did = 0, 0
    for number in range(1, kills + 1):
        said = killed_life(start, model, number)
        killed += 1
        did += sum(line[0] != "will" for line in said)
        settle(start, model, said)
    assert killed == kills
    assert did > kills // 2, "they lived before they died"


@pytest.mark.sqlite_files
def test_the_kills_are_as_many_as_promised() -> None:
    assert sum(share.ordinary for share in SHARES) >= 50
    assert sum(share.long for share in SHARES) >= 1000
