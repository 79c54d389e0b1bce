"""What is done to the log when it is opened: after a crash, cut the torn tail; never what was acknowledged.

Within one boot of the machine every acknowledged entry is in the file, whoever was killed: less is damage. After
another boot (power may have failed) the file may lack what was not yet synced; what was synced must be whole.
"""

from __future__ import annotations

import os

from gestand.ledger.frames import HEAD, runs
from gestand.ledger.log import Log, damaged, shortened
from gestand.ledger.rules import LONGEST_LEAF
from gestand.ledger.state import START, Mark, Slot


def recover(log: Log, remembered: int) -> None:
    """Bring log and state file to agreement. The caller is alone on log and tree.

    ``remembered`` is the number of entries that the checkpoint outside the folder vouches for: fewer whole ones are
    damage, and nothing is cut.

    :raises DamagedError: ``ledger-shortened`` or ``ledger-damaged``; the files are left as they are.
    """
    state = log.state
    length = os.fstat(log.descriptor).st_size
    written = state.read(Slot.WRITTEN)
    if written is not None and state.boot_known:
        if length < written.end:
            raise shortened(log.path, length, written.end)
        return
    trusted, synced = state.read(Slot.TRUSTED), state.read(Slot.SYNCED)
    floor = max(trusted or START, synced or START, key=lambda mark: mark.end)
    if length < floor.end:
        raise shortened(log.path, length, floor.end)
    last = _last_whole(log, trusted or START, length)
    if last.end < floor.end or (last.end < length and last.size < remembered):
        raise damaged(log.path, last.size)
    if last.end < length:
        if floor.end == 0 and not _is_torn(log, last.end, length):
            raise damaged(log.path, last.size)
        os.ftruncate(log.descriptor, last.end)
    os.fsync(log.descriptor)
    state.write(Slot.WRITTEN, last)
    state.write(Slot.SYNCED, last)
    state.write(Slot.FOLDED, trusted or START)


def _last_whole(log: Log, since: Mark, length: int) -> Mark:
    last = since
    for run in runs(log.descriptor, since.end, length, since.size, since.moved):
        last = Mark(run.first + len(run.leaves), run.end, run.moved)
    return last


def _is_torn(log: Log, end: int, length: int) -> bool:
    """Say whether what follows ``end`` can be one write that was cut: asked where no earlier state tells."""
    rest = os.pread(log.descriptor, HEAD.size + LONGEST_LEAF, end)
    if len(rest) < HEAD.size or (end + len(rest) == length and not any(rest)):
        return True
    leaf = int.from_bytes(rest[4:8], "little")
    return leaf <= LONGEST_LEAF and end + HEAD.size + leaf > length
