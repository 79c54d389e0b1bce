"""The full check: read everything again and compare with every hash and signature that was ever kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from gestand.kernel.errors import DamagedError
from gestand.ledger import keys
from gestand.ledger.frontier import WIDTH, Frontier
from gestand.ledger.log import Log
from gestand.ledger.merkle import leaf_hash
from gestand.ledger.model import Checkpoint, Head
from gestand.ledger.note import VerifyKey, read_checkpoint, split_notes
from gestand.ledger.state import START, Mark
from gestand.ledger.tree import Tree, tree_damaged


def read_checkpoints(path: Path, key: VerifyKey) -> tuple[Checkpoint, ...]:
    """Return the checkpoints kept in ``path``, verified, in order of size.

    :raises DamagedError: ``ledger-checkpoint`` if one does not hold or they are out of order.
    """
    found = tuple(read_checkpoint(note, key) for note in split_notes(keys.read_note(path) or ""))
    sizes = [checkpoint.head.size for checkpoint in found]
    if sizes != sorted(sizes):
        raise DamagedError(
            "ledger-checkpoint",
            "the checkpoints are not in the order in which they were signed",
            where=str(path),
            remedy="Put the file back from a backup.",
        )
    return found


def verify_files(log: Log, tree: Tree, mark: Mark, checkpoints: Sequence[Checkpoint]) -> Head:
    """Check the log up to ``mark`` against its checksums, the stored hashes and the checkpoints; return the head.

    :raises DamagedError: ``ledger-damaged``, ``ledger-tree``, ``ledger-fork`` or ``ledger-rollback``, with the first bad index.
    """

    def batches() -> Iterator[list[bytes]]:
        for run in log.runs(START, mark):
            tree.check_places(run)
            yield run.leaves

    return check(batches(), checkpoints, where=str(log.path), against=tree)


def check(
    batches: Iterable[Sequence[bytes]], checkpoints: Sequence[Checkpoint], *, where: str, against: Tree | None = None
) -> Head:
    """Build the tree over ``batches`` of leaves, and compare it with ``checkpoints`` (verified, in order) on the way.

    :raises DamagedError: ``ledger-tree`` where a stored hash differs, ``ledger-fork`` where a checkpoint does,
        ``ledger-rollback`` if a checkpoint vouches for more entries than there are.
    """
    frontier = Frontier()
    signed = _Signed(checkpoints, where)
    signed.compare(frontier)
    for leaves in batches:
        hashes = [leaf_hash(leaf) for leaf in leaves]
        for part in signed.parts(frontier.size, hashes):
            size = frontier.size
            new = frontier.extend(part)
            if against is not None:
                _compare(against, size, new)
            signed.compare(frontier)
    signed.finish(frontier.size)
    return Head(frontier.size, frontier.root())


class _Signed:
    """The checkpoints still to be met on the way up."""

    def __init__(self, checkpoints: Sequence[Checkpoint], where: str) -> None:
        self._left = list(reversed(checkpoints))
        self._where = where
        self._good = 0

    def parts(self, size: int, hashes: list[bytes]) -> Iterator[list[bytes]]:
        """Cut ``hashes``, which follow ``size`` leaves, where a checkpoint stands."""
        at = 0
        while at < len(hashes):
            stop = len(hashes)
            if self._left:
                stop = min(stop, self._left[-1].head.size - size)
            yield hashes[at:stop]
            at = stop

    def compare(self, frontier: Frontier) -> None:
        """Compare the checkpoints of this size."""
        while self._left and self._left[-1].head.size == frontier.size:
            if self._left.pop().head.root != frontier.root():
                raise DamagedError(
                    "ledger-fork",
                    f"the entries {self._good} to {frontier.size - 1} are not those that were signed",
                    where=f"{self._where}: entry {self._good}",
                    remedy="One of these entries was changed, or another history was put here. Compare with a copy kept elsewhere.",
                )
            self._good = frontier.size

    def finish(self, size: int) -> None:
        """Refuse a tree that is smaller than a checkpoint."""
        if self._left:
            raise DamagedError(
                "ledger-rollback",
                f"{self._left[0].head.size} entries were signed, {size} are here: the rest was cut off",
                where=f"{self._where}: entry {size}",
                remedy="Put back the newest copy.",
            )


def _compare(tree: Tree, size: int, new: list[list[bytes]]) -> None:
    for level, nodes in enumerate(new):
        if nodes:
            first = size >> (WIDTH * level)
            for at, (found, stored) in enumerate(
                zip(nodes, tree.nodes(level, first, first + len(nodes)), strict=True), first
            ):
                if found != stored:
                    raise tree_damaged(tree.folder, level, at)
