"""The small file beside the log that says how far it is written, synced, folded and trusted.

One sector, four slots, each with its own checksum. Several processes share it: a slot is written only by who holds the
lock that its name tells, in one write, so ``kill -9`` leaves the old or the new one.

    written   under the lock of the log     entries acknowledged, in this boot of the machine
    synced    under the lock of the state   what is on stable storage: no crash may take it back
    folded    under the lock of the tree    how far the tree files follow the log, in this boot
    trusted   under the lock of the tree    how far log and tree files are both on stable storage
"""

from __future__ import annotations

import os
from enum import IntEnum
from pathlib import Path
from struct import Struct
from typing import NamedTuple
from zlib import crc32

_SLOT = 64
_FORMAT = Struct("<8s16sQQQ")
_MAGIC = b"gstled1\n"
_TRIES = 100


class Slot(IntEnum):
    """Which of the four statements."""

    WRITTEN = 0
    SYNCED = 1
    FOLDED = 2
    TRUSTED = 3


class Mark(NamedTuple):
    """A place in the log: so many entries, ending at this byte, the outbox moved up to this number."""

    size: int
    end: int
    moved: int


START = Mark(0, 0, 0)


class State:
    """The open state file. ``boot`` (16 bytes) tells one run of the machine from the next."""

    def __init__(self, path: Path, boot: bytes) -> None:
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.boot = boot
        self._seen = [(b"", START)] * len(Slot)  # the last bytes of each slot and what they say: mostly nothing changed
        if os.fstat(self.descriptor).st_size == 0:
            os.pwrite(self.descriptor, bytes(_SLOT * len(Slot)), 0)

    @property
    def boot_known(self) -> bool:
        """Say whether the system tells one boot from the next."""
        return any(self.boot)

    def read(self, slot: Slot) -> Mark | None:
        """Return the mark of ``slot``; None if it was never written, is torn, or is of an earlier boot and must not be."""
        for _ in range(_TRIES):  # a reader without the lock may meet a write half done
            raw = os.pread(self.descriptor, _SLOT, slot * _SLOT)
            seen = self._seen[slot]
            if raw == seen[0]:
                return seen[1]
            if len(raw) == _SLOT and crc32(raw[:60], slot) == int.from_bytes(raw[60:], "little"):
                magic, boot, size, end, moved = _FORMAT.unpack_from(raw)
                if magic != _MAGIC or (slot in {Slot.WRITTEN, Slot.FOLDED} and boot != self.boot):
                    return None
                mark = Mark(size, end, moved)
                self._seen[slot] = (raw, mark)
                return mark
            if not any(raw):
                return None
        return None

    def write(self, slot: Slot, mark: Mark) -> None:
        """Set ``slot``. The caller holds its lock.

        :raises OSError: if the disk does not take it; the old mark then stands.
        """
        body = _FORMAT.pack(_MAGIC, self.boot, mark.size, mark.end, mark.moved).ljust(60, b"\0")
        raw = body + crc32(body, slot).to_bytes(4, "little")
        os.pwrite(self.descriptor, raw, slot * _SLOT)
        self._seen[slot] = (raw, mark)

    def sync(self) -> None:
        """Bring the file to stable storage."""
        os.fdatasync(self.descriptor)

    def close(self) -> None:
        """Close the file."""
        os.close(self.descriptor)


def boot_of_machine() -> bytes:
    """Return 16 bytes that differ from boot to boot; zeros where the system does not tell (every open then recovers)."""
    try:
        return bytes.fromhex(Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip().replace("-", ""))
    except (OSError, ValueError):
        return bytes(16)
