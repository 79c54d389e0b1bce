"""The list of checkpoints after a loss of power: its last entry, that was on its way to the disk, may stand there in part.

The same checkpoint is remembered in a file that is replaced at once, so what is missing is known, and put there. A disk
writes a sector wholly or not at all: of the entry each sector is as it should be, or zero, or lies beyond the end of the
file. Anything else is no tear but a change, and is left for whoever reads the list to find.
"""

from __future__ import annotations

import os
from pathlib import Path

SECTOR = 512
"""Bytes that a disk writes wholly or not at all."""
_BETWEEN = b"\n\n"  # an empty line ends each entry


def mend(path: Path, remembered: str) -> bool:
    """Complete the last entry of the list in ``path`` from the remembered note; say whether it was torn.

    The caller keeps others from writing the list.
    """
    wanted = remembered.encode() + b"\n"
    try:
        file = path.open("r+b")
    except FileNotFoundError:
        return False
    with file:
        begin = max(0, file.seek(0, os.SEEK_END) - 2 * len(wanted))
        file.seek(begin)
        at = torn(file.read(), wanted, begin)
        if at is None:
            return False
        file.seek(begin + at)
        file.write(wanted)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())
    return True


def torn(tail: bytes, wanted: bytes, begin: int) -> int | None:
    """Return where in ``tail`` a torn entry begins, or None. ``begin``: where the tail begins in its file."""
    for at in range(len(tail)):
        before = tail[:at]
        starts = begin + at == 0 or (before.endswith(_BETWEEN) and not before.endswith(wanted))
        if starts and tail[at:] != wanted and _part_of(wanted, tail[at:], begin + at):
            return at
    return None


def _part_of(wanted: bytes, there: bytes, place: int) -> bool:
    """Say whether each sector of what is there is as wanted or was never written."""
    if len(there) > len(wanted):
        return False
    at = 0
    while at < len(there):
        stop = at + SECTOR - (place + at) % SECTOR
        part = there[at:stop]
        if part != wanted[at:stop][: len(part)] and any(part):
            return False
        at = stop
    return True
