"""The last entries of the log, kept in memory once they were read: who supervises asks for them again and again.

What stands below the written mark never changes, so only what came since is read and checked against its checksums.
"""

from __future__ import annotations

import threading

from gestand.ledger.log import Log
from gestand.ledger.state import Mark
from gestand.ledger.tree import Tree

KEPT = 1024
"""Entries kept at least, where there are as many; twice as many at most."""


class Tail:
    """The end of a log. Threads may share it."""

    def __init__(self, log: Log, tree: Tree) -> None:
        self._log = log
        self._tree = tree
        self._turn = threading.Lock()
        self._until: Mark | None = None
        self._leaves: list[bytes] = []

    def last(self, count: int) -> list[bytes]:
        """Return the last ``count`` entries, the oldest first.

        :raises DamagedError: at the first entry that is not whole.
        """
        with self._turn:
            mark, until, leaves = self._log.written(), self._until, self._leaves
            if until is None or (count > len(leaves) and len(leaves) < until.size):
                until = self._from(max(mark.size - max(count, KEPT), 0))
                leaves = []
            fresh = [leaf for run in self._log.runs(until, mark) for leaf in run.leaves] if until.end < mark.end else []
            leaves = leaves + fresh if fresh else leaves
            found = leaves[-count:] if 0 < count < len(leaves) else leaves[:]
            self._until = mark
            self._leaves = leaves[-KEPT:] if len(leaves) > 2 * KEPT else leaves
            return found if count > 0 else []

    def _from(self, first: int) -> Mark:
        """Return the mark of a row of the tree that starts at or before an entry."""
        return self._tree.before(first) if first < self._tree.fold().size else Mark(0, 0, 0)
