"""The write-ahead log of an SQLite file, emptied where it lies: a log that keeps its place on the disk is synced faster.

A commit behind the end of a file makes the disk note a new length beside the bytes; one over zeros that stand there writes
these bytes alone. So a log is not cut to nothing while changes go on, but folded in and filled with zeros.
SQLite takes a log that begins with zeros for an empty one, on opening too, and a frame of other salts for its end
(the file format of SQLite, section 4: the WAL).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from enum import Enum
from struct import Struct

_HEAD = Struct(">8xI4x8s8x")  # of the log: the size of a page, and the salts of its frames
_FRAME = Struct(">8x8s8x")  # before each page: the salts it was written under
_BLOCK = 1 << 18
_ZEROS = bytes(_BLOCK)


class Blank(Enum):
    """What became of a log that was to be emptied where it lies."""

    DONE = "zeros"
    BUSY = "somebody reads or writes"
    UNSURE = "what stands behind what was folded in may be somebody's"


def blank(descriptor: int, run: Callable[[str], Sequence[Sequence[object]]]) -> Blank:
    """Fold the log in and fill it with zeros, and say whether that was done; nothing is lost where it was not.

    ``descriptor`` is that of the log, to read and write; ``run`` runs a statement on a connection that is in no transaction and
    that no other thread uses meanwhile. Zeros are written while the lock of writers is held, and only if nobody
    added to what was folded in: the log then begins as before, and no frame of the same salts stands behind its last.
    Its head goes first and is on stable storage before the rest: a log of which the front alone is left
    would bring back older pages. The rest is the caller's to sync.

    :raises GestandError: what ``run`` raises. :raises OSError: if the disk does not take zeros; what is left is to be cut then.
    """
    head = os.pread(descriptor, _HEAD.size, 0)
    ((busy, frames, folded),) = run("PRAGMA wal_checkpoint(RESTART)")
    if busy or not isinstance(frames, int) or frames != folded:
        return Blank.BUSY
    run("BEGIN IMMEDIATE")
    try:
        if os.pread(descriptor, _HEAD.size, 0) != head or len(head) < _HEAD.size:
            return Blank.UNSURE
        if any(head):
            page, salts = _HEAD.unpack(head)
            behind = os.pread(descriptor, _FRAME.size, _HEAD.size + frames * (_FRAME.size + page))
            if len(behind) == _FRAME.size and _FRAME.unpack(behind) == (salts,):
                return Blank.UNSURE
            os.pwrite(descriptor, bytes(_HEAD.size), 0)
            os.fdatasync(descriptor)
        _fill(descriptor)
    finally:
        run("ROLLBACK")
    return Blank.DONE


def _fill(descriptor: int) -> None:
    """Write zeros where anything else stands."""
    at = 0
    while block := os.pread(descriptor, _BLOCK, at):
        zeros = _ZEROS[: len(block)]
        at += len(block) if block == zeros else os.pwrite(descriptor, zeros, at)
