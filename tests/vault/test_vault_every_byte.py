"""A flipped bit and a cut at every byte of the files of a small store: damage, in words, with exit status 4.

In every run at bytes far apart, in the long run at each. First the file alone is read, as a check of the disk would; what
that does not notice (a file cut to nothing is an empty store) the ledger must, when the house is opened.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from vault_house import House
from vault_world import EMAIL, OWNER, ROOT, anna, bram

from gestand.kernel.crypto import derive
from gestand.kernel.errors import DamagedError
from gestand.storage.sqlite import open_sqlite
from gestand.vault.service import data_key

pytestmark = pytest.mark.sqlite_files

EVERY = [pytest.param(997, id="sample"), pytest.param(1, id="each", marks=pytest.mark.long)]
KEYS = {"data.db": data_key(ROOT), "keys.db": derive(ROOT, "keys.db")}
KEK = "epochs/epoch-000001.kek"


@pytest.fixture
def lived(tmp_path: Path) -> Path:
    folder = tmp_path / "sound"
    folder.mkdir()
    house = House(folder)
    house.vault.add([anna(), bram()], actor=OWNER, reason="order")
    house.vault.erase(house.items(EMAIL), ground="17(1)(a)", actor=OWNER)
    house.close()
    for path in folder.glob("*.db-*"):
        path.unlink()
    return folder


def bent(sound: bytes, step: int) -> Iterator[tuple[str, bytes]]:
    for at in range(0, len(sound), step):
        yield f"flip at {at}", sound[:at] + bytes([sound[at] ^ 1 << at % 8]) + sound[at + 1 :]
        yield f"cut at {at}", sound[:at]


def read_alone(path: Path) -> None:
    """Read every page of a store."""
    engine = open_sqlite(path, KEYS[path.name], create=False)
    try:
        engine.verify()
    finally:
        engine._connection.close(True)


def read_whole(folder: Path) -> None:
    """Open the house and every seal in it."""
    house = House(folder)
    try:
        house.vault.resume()
        house.vault.verify()
        house.vault.verify_seals()
        house.ledger.verify()
    finally:
        try:
            house.ledger.close()
        finally:
            for engine in (house.engine, house.vault._room.keys.engine):
                engine._connection.close(True)


def damage_of(act) -> DamagedError | None:
    try:
        act()
    except DamagedError as damage:
        return damage
    return None


@pytest.mark.parametrize("step", EVERY)
@pytest.mark.parametrize("name", [*KEYS, KEK])
def test_a_flip_and_a_cut_at_any_byte_is_damage(lived: Path, tmp_path: Path, name: str, step: int) -> None:
    sound = (lived / name).read_bytes()
    alone = tmp_path / "alone"
    alone.mkdir()
    noticed = 0
    for what, content in bent(sound, 1 if name == KEK else step):
        found = None
        if name in KEYS:
            for path in alone.iterdir():
                path.unlink()
            (alone / name).write_bytes(content)
            found = damage_of(lambda: read_alone(alone / name))
        if found is None:
            folder = tmp_path / "house"
            shutil.copytree(lived, folder)
            (folder / name).write_bytes(content)
            found = damage_of(lambda folder=folder: read_whole(folder))
            shutil.rmtree(folder)
        assert found is not None, f"{name}: {what} of {len(sound)}"
        assert found.exit_status == 4
        assert found.message
        assert found.where
        assert found.remedy
        noticed += 1
    assert noticed > 20
    read_whole(lived)
