"""What is done to the log when it is opened: after a crash, cut the torn tail; never what was acknowledged.

Within one boot of the machine every acknowledged entry is in the file, whoever was killed: less is damage. After
another boot (power may have failed) the file may lack what was not yet synced; what was synced must be whole.
"""

from __future__ import annotations

import os

from gestand.kernel.errors import DamagedError
from gestand.ledger.frames import HEAD, runs, staged_after
from gestand.ledger.log import Log, damaged, shortened
from gestand.ledger.rules import LONGEST_LEAF, entry_of
from gestand.ledger.state import START, Mark, Slot

TAKEN_AGAIN = frozenset({"key.destroyed", "erasure.done"})
"""Events of commits that a power cut may undo: the step they tell of is then taken again (vault/erasing.py)."""


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


def check_store(log: Log, written: Mark, number: int) -> None:
    """Compare the store with the log as ``written``: ``number`` is that of the last event that a commit of the store staged.

    An event reaches the log after its commit is on stable storage, so the store has every number that the log has. If
    not, commits that were acknowledged are gone from it: its write-ahead log was cut, or an older copy was put there.

    :raises DamagedError: ``store-behind-ledger``; nothing was changed.
    """
    if written.moved <= number:
        return
    lost = [entry_of(0, leaf).event.name for leaf in staged_after(log.descriptor, written.end, number)]
    if set(lost) <= TAKEN_AGAIN:
        return
    raise DamagedError(
        "store-behind-ledger",
        f"the store lacks changes that were acknowledged: the ledger holds {len(lost)} of their entries, from "
        f"{lost[0]} to {lost[-1]}",
        where=str(log.path),
        remedy="The store's files were cut short (data.db-wal) or are an older copy. Put the newest ones back, or run "
        "'gestand restore' with this ledger: it says which data came back and which did not.",
    )


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
