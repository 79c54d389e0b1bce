"""The right edge of a growing tree: all that is needed to add leaves and to know the root, in O(log size) memory.

A tree of height 8 stands on 256 nodes (as the tiles of C2SP tlog-tiles do): level 0 are leaf hashes, a node of level
L + 1 is the root over 256 nodes of level L. The frontier keeps the unfinished last row of every level.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gestand.ledger.merkle import EMPTY, root_of

WIDTH = 8
"""Two to this power are the nodes of a row."""
ROW = 1 << WIDTH


class Frontier:
    """The unfinished rows of a tree of ``size`` leaves, the leaves' own row first."""

    def __init__(self, size: int = 0, rows: Sequence[Sequence[bytes]] = ()) -> None:
        self.size = size
        self._rows = [list(row) for row in rows] or [[]]

    def extend(self, hashes: Sequence[bytes]) -> list[list[bytes]]:
        """Add leaf hashes; return for each level the nodes that came new, level 0 being ``hashes`` itself."""
        new = [list(hashes)]
        self.size += len(hashes)
        level = 0
        while new[level]:
            if level == len(self._rows):
                self._rows.append([])
            row = self._rows[level]
            row.extend(new[level])
            whole = len(row) // ROW * ROW
            new.append([root_of(row[start : start + ROW]) for start in range(0, whole, ROW)])
            del row[:whole]
            level += 1
        return new[:-1] if len(new) > 1 else new

    def root(self) -> bytes:
        """Return the root hash over all leaves so far."""
        rest: bytes | None = None
        for row in self._rows:
            nodes = row if rest is None else [*row, rest]
            if nodes:
                rest = root_of(nodes)
        return EMPTY if rest is None else rest


def frontier_of(size: int, read: Callable[[int, int, int], list[bytes]]) -> Frontier:
    """Return the frontier at ``size``; ``read(level, first, stop)`` gives stored nodes."""
    rows: list[list[bytes]] = []
    count = size
    while True:
        rows.append(read(len(rows), count // ROW * ROW, count))
        count >>= WIDTH
        if not count:
            return Frontier(size, rows)
