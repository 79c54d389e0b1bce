"""A flipped bit and a cut at every byte of a small backup: damage, in words, with exit status 4, and nothing is restored.

In every run at bytes far apart, in the long run at each: of manifest, index, keys and small parts through a whole restore,
of the rows' own part through the check that a restore begins with. No byte of a backup is padding that may be anything.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gestand.backup.archives import Archives
from gestand.backup.recipients import read_identities
from gestand.kernel.errors import DamagedError

EVERY = [pytest.param(False, id="sample"), pytest.param(True, id="each", marks=pytest.mark.long)]
KINDS = {"manifest": "*.manifest.json", "index": "*.index.age", "keys": "*.keys.age", "parts": "parts/*.age"}
LARGE = 1 << 16
"""Bytes from which on a file is bent before the check alone, not before a whole restore."""


@contextmanager
def bent(path: Path, at: int, bit: int) -> Iterator[None]:
    """Flip one bit in place, and put it back."""
    with path.open("r+b", buffering=0) as file:
        file.seek(at)
        [sound] = file.read(1)
        os.pwrite(file.fileno(), bytes((sound ^ 1 << bit,)), at)
        try:
            yield
        finally:
            os.pwrite(file.fileno(), bytes((sound,)), at)


@contextmanager
def cut(path: Path, at: int, sound: bytes) -> Iterator[None]:
    os.truncate(path, at)
    try:
        yield
    finally:
        with path.open("ab") as file:
            file.write(sound[at:])


def noticed(act: Callable[[], object], what: str) -> None:
    with pytest.raises(DamagedError) as damage:
        act()
    assert damage.value.code in {"backup-damaged", "backup-missing"}, what
    assert damage.value.exit_status == 4, what
    assert damage.value.message, what
    assert damage.value.where, what
    assert damage.value.remedy, what


@pytest.mark.parametrize("each", EVERY)
@pytest.mark.parametrize("kind", KINDS)
def test_a_flip_and_a_cut_at_any_byte_of_a_backup_is_damage(firm, kind: str, each: bool) -> None:
    manifest = firm.back_up().manifest
    firm.place.close()
    identities = read_identities(firm.identities)

    def restore() -> object:
        return firm.restore()

    def check() -> object:
        return Archives(firm.backups, identities).verify(manifest, manifest)

    tried = 0
    for path in sorted(firm.backups.glob(KINDS[kind])):
        sound = path.read_bytes()
        act = check if len(sound) >= LARGE else restore
        stride = 1 if each else max(67, len(sound) // 24)
        for at in range(0, len(sound), stride):
            for bit in range(8) if kind == "manifest" and each else (at % 8,):
                with bent(path, at, bit):
                    noticed(act, f"{path.name}: bit {bit} of byte {at} of {len(sound)}")
            with cut(path, at, sound):
                noticed(act, f"{path.name}: cut at {at} of {len(sound)}")
            tried += 2
        with path.open("ab") as file:
            file.write(b"\x00")
        noticed(act, f"{path.name}: a byte more")
        os.truncate(path, len(sound))
        assert path.read_bytes() == sound
    assert tried > 20
    assert not (firm.folder / "nieuw").exists()
    assert not (firm.folder / ".nieuw.restoring").exists()
    assert firm.restore().items == manifest.items
