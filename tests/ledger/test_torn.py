"""The list of checkpoints torn by a loss of power is completed from what is remembered; a changed one stays damage."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.kernel.errors import DamagedError, RefusedError
from gestand.ledger.torn import SECTOR, torn
from ledger.world import World, opening


@pytest.fixture
def lived(tmp_path: Path) -> tuple[World, bytes, int]:
    """A ledger with six checkpoints, the list of them, and where its last entry begins."""
    world = World(tmp_path)
    with world.open() as ledger:
        for number in range(6):
            ledger.append(opening(number))
            last = ledger.checkpoint()
    listed = (world.data / "checkpoints").read_bytes()
    return world, listed, len(listed) - len(last.text.encode()) - 1


def read(world: World) -> list[int]:
    with world.open() as ledger:
        ledger.verify()
        return [one.head.size for one in ledger.checkpoints()]


def test_torn_at_any_byte_or_sector_the_list_is_whole_again(lived: tuple[World, bytes, int]) -> None:
    world, listed, begin = lived
    path = world.data / "checkpoints"
    edge = (begin // SECTOR + 1) * SECTOR
    assert begin < edge < len(listed), "the last entry lies across two sectors"
    tears = [listed[:at] for at in range(begin + 1, len(listed), 7)]
    tears += [listed[:begin] + bytes(edge - begin) + listed[edge:], listed[:edge] + bytes(len(listed) - edge)]
    tears.append(listed[:begin] + bytes(len(listed) - begin))
    for tear in tears:
        path.write_bytes(tear)
        assert read(world) == [1, 2, 3, 4, 5, 6]
        assert path.read_bytes() == listed


def test_an_entry_that_never_came_is_no_tear(lived: tuple[World, bytes, int]) -> None:
    world, listed, begin = lived
    (world.data / "checkpoints").write_bytes(listed[:begin])
    assert read(world) == [1, 2, 3, 4, 5]


def test_a_torn_earlier_entry_and_a_changed_last_one_are_damage(lived: tuple[World, bytes, int]) -> None:
    world, listed, begin = lived
    within = (begin // 64 + 1) * 64
    for harmed in (
        listed[: begin // 2] + bytes(40) + listed[begin // 2 + 40 :],
        listed[: begin + 60] + bytes([listed[begin + 60] ^ 1]) + listed[begin + 61 :],
        listed[: begin + 60] + b"\0" + listed[begin + 61 :],
        listed[: begin + 60] + b"x",
        listed[:within] + bytes(64) + listed[within + 64 :],  # less than a sector
        listed + b"\0",
    ):
        (world.data / "checkpoints").write_bytes(harmed)
        with pytest.raises(DamagedError):
            read(world)
        assert (world.data / "checkpoints").read_bytes() == harmed


def test_a_disk_that_took_a_part_of_an_entry_spoils_no_later_one(
    lived: tuple[World, bytes, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, listed, _ = lived
    path = world.data / "checkpoints"
    with world.open() as ledger:
        ledger.append(opening(7))
        real = Path.open

        def full(self: Path, mode: str = "r", *rest: object, **named: object) -> object:
            if mode == "a" and self == path:
                with real(self, "ab") as file:
                    file.write(b"example.or")
                raise OSError(errno.ENOSPC, "no room")
            return real(self, mode, *rest, **named)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "open", full)
            with pytest.raises(RefusedError):
                ledger.checkpoint()
        assert path.read_bytes() == listed + b"example.or"
        ledger.append(opening(8))
        ledger.checkpoint()
    assert read(world) == [1, 2, 3, 4, 5, 6, 7, 8]


@given(st.binary(max_size=40), st.integers(0, 3 * SECTOR))
def test_what_stands_there_is_never_taken_for_a_tear(tail: bytes, begin: int) -> None:
    wanted = b"origin\n5\nroot\n\n- origin signature\n\n"
    before = b"x\n\n" if begin else b""
    found = torn(before + tail, wanted, begin)
    if found is not None:
        left = (before + tail)[found:]
        assert all(there in {0, right} for there, right in zip(left, wanted, strict=False))
        assert left != wanted
    assert torn(before + wanted, wanted, begin) is None
