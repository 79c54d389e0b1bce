"""The tree on disk: 32 bytes a leaf and a row of inner nodes for every 256, enough for any root or proof in O(log size).

Files of the folder ``tree``: ``0`` holds the leaf hashes, ``L`` the roots over 256^L leaves each, ``places`` the byte
offset in the log of every 256th entry. All of it follows from the log and can be made again from it.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path

from gestand.kernel.errors import DamagedError
from gestand.ledger.frames import HEAD, Run
from gestand.ledger.frontier import ROW, WIDTH, Frontier, frontier_of
from gestand.ledger.log import Log, put, writing
from gestand.ledger.merkle import EMPTY, HASH, leaf_hash, node_hash, root_of, split
from gestand.ledger.state import START, Mark, Slot

_LEVELS = 5
"""Enough for 256^5 entries."""


class Tree:
    """The open tree files. Reading needs no lock: what is below the folded mark never changes."""

    def __init__(self, folder: Path, log: Log) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        self.folder = folder
        self._log = log
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        self._levels = [os.open(folder / str(level), flags, 0o600) for level in range(_LEVELS)]
        self._places = os.open(folder / "places", flags, 0o600)
        self._turn = threading.RLock()
        self._depth = 0

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other thread and process from folding. Joins itself within one thread."""
        with self._turn:
            if not self._depth:
                fcntl.flock(self._levels[0], fcntl.LOCK_EX)
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if not self._depth:
                    fcntl.flock(self._levels[0], fcntl.LOCK_UN)

    def fold(self) -> Mark:
        """Bring the tree up to what the log holds now, and return that mark.

        :raises RefusedError: ``ledger-cannot-record`` if the disk takes nothing.
        :raises DamagedError: ``ledger-damaged`` with the first bad index.
        """
        target = self._log.written()
        if self._folded().end >= target.end:
            return target
        with self.alone(), writing(self.folder, "the tree of the ledger cannot grow"):
            since = self._folded()
            if since.end < target.end:
                frontier = frontier_of(since.size, self.nodes)
                for run in self._log.runs(since, target):
                    self._add(frontier, run)
                self._log.state.write(Slot.FOLDED, target)
        return target

    def trust(self, mark: Mark) -> None:
        """Bring log and tree to stable storage and note that up to ``mark`` they need not be read again."""
        self._log.sync(mark)
        with self.alone(), writing(self.folder, "the tree of the ledger is not on stable storage"):
            for descriptor in (*self._levels, self._places):
                os.fdatasync(descriptor)
            already = self._log.state.read(Slot.TRUSTED)
            if already is None or already.end < mark.end:
                self._log.state.write(Slot.TRUSTED, mark)
            self._log.state.sync()

    def nodes(self, level: int, first: int, stop: int) -> list[bytes]:
        """Return the stored nodes ``first <= i < stop`` of ``level``.

        :raises DamagedError: ``ledger-tree`` if the file lacks them.
        """
        raw = os.pread(self._levels[level], HASH * (stop - first), HASH * first)
        if len(raw) != HASH * (stop - first):
            raise tree_damaged(self.folder, level, first + len(raw) // HASH)
        return [raw[at : at + HASH] for at in range(0, len(raw), HASH)]

    def subtree(self, lo: int, hi: int) -> bytes:
        """Return the hash of the subtree over the leaves ``lo <= i < hi`` (merkle.Subtree).

        :raises DamagedError: ``ledger-tree`` if the files lack its nodes.
        """
        size = hi - lo
        if size <= 0:
            return EMPTY
        if size & (size - 1) == 0:
            level = (size.bit_length() - 1) // WIDTH
            return root_of(self.nodes(level, lo >> (WIDTH * level), hi >> (WIDTH * level)))
        middle = lo + split(size)
        return node_hash(self.subtree(lo, middle), self.subtree(middle, hi))

    def before(self, index: int) -> Mark:
        """Return the mark of the last row that starts at or before entry ``index``, from where to read on."""
        row = index // ROW
        raw = os.pread(self._places, 8, 8 * row)
        if len(raw) != 8:
            raise tree_damaged(self.folder, 0, index)
        return Mark(row * ROW, int.from_bytes(raw, "little"), 0)

    def check_places(self, run: Run) -> None:
        """Compare the stored places of a run.

        :raises DamagedError: ``ledger-tree`` if they are not where its entries stand.
        """
        position, places = _places_of(run)
        if os.pread(self._places, len(places), position) != places:
            raise DamagedError(
                "ledger-tree",
                f"the stored places of the entries from {run.first} on do not follow from the log",
                where=f"{self.folder / 'places'}: entry {run.first}",
                remedy="Put the folder back from a backup and verify again.",
            )

    def close(self) -> None:
        """Close the files."""
        for descriptor in (*self._levels, self._places):
            os.close(descriptor)

    def _folded(self) -> Mark:
        return self._log.state.read(Slot.FOLDED) or START

    def _add(self, frontier: Frontier, run: Run) -> None:
        position, places = _places_of(run)
        put(self._places, places, position)
        size = frontier.size
        for level, nodes in enumerate(frontier.extend([leaf_hash(leaf) for leaf in run.leaves])):
            if nodes:
                put(self._levels[level], b"".join(nodes), HASH * (size >> (WIDTH * level)))


def _places_of(run: Run) -> tuple[int, bytes]:
    """Return where in the file of places those of ``run`` stand, and their bytes."""
    skip = -run.first % ROW
    start = run.end - sum(map(len, run.leaves)) - HEAD.size * len(run.leaves)
    ends = accumulate((len(leaf) + HEAD.size for leaf in run.leaves), initial=start)
    places = list(ends)[:-1][skip::ROW]
    return 8 * ((run.first + skip) // ROW), b"".join(place.to_bytes(8, "little") for place in places)


def tree_damaged(folder: Path, level: int, index: int) -> DamagedError:
    """Return the error for a tree file that does not follow from the log."""
    return DamagedError(
        "ledger-tree",
        f"the stored hash {index} of level {level} does not follow from the log",
        where=f"{folder / str(level)}: entry {index << (WIDTH * level)}",
        remedy="Either the log or the stored hash was changed: put both back from a backup and verify again.",
    )
