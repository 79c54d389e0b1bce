"""The disk takes no more, or PostgreSQL goes away in the middle of a verb: a clear error, and nothing acknowledged is lost."""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Callable
from pathlib import Path

import pytest
from vault_house import House
from vault_world import EMAIL, MAIL, NAME, NOTE, OWNER, PHONE, anna, bram

from engines import KEYS, schema_of
from gestand.kernel.errors import GestandError
from gestand.statement.policy import FieldKind
from gestand.storage.engine import Engine
from gestand.storage.postgres import open_postgres
from gestand.vault.model import NewItem, NewSubject
from postgres_server import Server, running_server


def adding(house: House) -> None:
    house.vault.add([bram()], actor=OWNER, reason="order")


def erasing(house: House) -> None:
    house.vault.erase(house.items(EMAIL), ground="17(1)(a)", actor=OWNER)


WHOLE = {EMAIL, NAME, NOTE, PHONE}


@pytest.fixture
def server() -> Server:
    return running_server()


@pytest.mark.parametrize("step", ["erase.begun", "erase.unreadable", "erase.destroyed", "add"])
def test_a_server_that_goes_away_in_the_middle_loses_nothing(tmp_path: Path, server: Server, step: str) -> None:
    def opener(path: Path, _key: bytes) -> Engine:
        return open_postgres(server.keys_dsn if path.name == "keys.db" else server.dsn(), schema=schema_of(path))

    armed: list[str] = []
    seen: list[str] = []

    def failpoint(name: str) -> None:
        seen.append(name)
        if armed and (name == step or (step == "add" and name.startswith("add"))):
            armed.clear()
            server.stop("immediate")

    folder = tmp_path / "house"
    folder.mkdir()
    house = House(folder, failpoint, opener)
    house.vault.add([anna()], actor=OWNER, reason="order")
    armed.append(step)
    verb = adding if step == "add" else erasing
    try:
        with pytest.raises(GestandError) as lost:
            verb(house)
    finally:
        if not armed:
            server.start()
    assert not armed, seen
    assert lost.value.code in {"store-lost", "store-not-opened", "store-in-doubt"}
    assert lost.value.remedy
    house.vault.resume()
    held = house.read("Anna de Vries")
    assert held is not None
    assert set(held) in (WHOLE, WHOLE - {EMAIL})
    if step not in {"erase.begun", "add"}:
        assert EMAIL not in held, "what was unreadable stays so"
    house.vault.verify_seals()
    house.vault.add([bram()], actor=OWNER, reason="order")
    house.close()
    house = House(folder, opener=opener)
    house.vault.resume()
    assert house.read("Anna de Vries") == held
    assert house.vault.find(FieldKind.EMAIL, "bram@example.org")
    house.ledger.verify()
    names = [entry.event.name for entry in house.ledger.entries()]
    assert names.count("erasure.done") == names.count("erasure.begun") == int(EMAIL not in held)
    house.close()


@pytest.mark.sqlite_files
@pytest.mark.parametrize("room", [0, 8_000, 60_000, 300_000])
def test_a_disk_without_room_says_so_and_what_was_acknowledged_stays(tmp_path: Path, room: int) -> None:
    """No file may grow beyond what the largest had plus ``room`` bytes: a limit of the system itself, in a child."""
    assert not os.environ.get(KEYS)
    House(tmp_path).close()
    largest = max(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - the parent looks
        try:
            fill(tmp_path, largest + room, lambda told: os.write(writing, json.dumps(told).encode() + b"\n"))
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = [json.loads(line) for line in pipe.read().splitlines()]
    os.waitpid(child, 0)
    code, remedy = said.pop()
    assert code in {"store-full", "store-io", "ledger-cannot-record"}
    assert remedy
    house = House(tmp_path)
    house.vault.resume()
    house.vault.verify_seals()
    house.ledger.verify()
    assert house.vault.counts().subjects in {len(said), len(said) + 1}
    for name in said:
        assert house.vault.find(FieldKind.EMAIL, f"{name}@example.org")
    house.close()


def fill(folder: Path, most: int, say: Callable[[object], int]) -> None:
    house = House(folder)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    number = 0
    try:
        while True:
            number += 1
            item = NewItem(EMAIL, f"p{number}@example.org", MAIL, "customer")
            house.vault.add([NewSubject((item,))], actor=OWNER, reason="order")
            say(f"p{number}")
    except GestandError as fault:
        say([fault.code, fault.remedy])
