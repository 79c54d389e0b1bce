"""What of the ledger is read and proven. Whoever reads joins the streams first: all that was acknowledged is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gestand.kernel.errors import UsageError
from gestand.ledger import audit
from gestand.ledger.frames import STREAMED, tagged
from gestand.ledger.log import Log
from gestand.ledger.merkle import consistency
from gestand.ledger.model import Checkpoint, Entry, Head
from gestand.ledger.rules import entry_of
from gestand.ledger.signed import Signed
from gestand.ledger.state import Mark
from gestand.ledger.streams import Streams
from gestand.ledger.subjects import Subjects
from gestand.ledger.tree import Tree


class Reading:
    """The part of the ledger that changes nothing."""

    def __init__(self, log: Log, tree: Tree, streams: Streams, signed: Signed) -> None:
        self._log = log
        self._tree = tree
        self._streams = streams
        self._signed = signed
        self._beforehand: list[Callable[[], None]] = []
        self._subjects = Subjects(tree.folder / "subjects", lambda first, last: self._entries(first, last))  # noqa: PLW0108 - a test counts what is read

    def beforehand(self, action: Callable[[], None]) -> None:
        """Call ``action`` each time before the ledger is read: whoever tells in groups tells what waits. It may not read."""
        self._beforehand.append(action)

    def entries(self, first: int = 0, last: int | None = None) -> Iterator[Entry]:
        """Yield the entries from index ``first`` to ``last`` (both included; None: to the end as it is now).

        :raises DamagedError: ``ledger-damaged`` at the first entry that is not whole.
        """
        self.tell()
        yield from self._entries(first, last)

    def _entries(self, first: int, last: int | None) -> Iterator[Entry]:
        mark = self._fold()
        stop = mark.size if last is None else min(last + 1, mark.size)
        if first >= stop:
            return
        for run in self._log.runs(self._tree.before(first), mark):
            for index, leaf in enumerate(run.leaves, run.first):
                if index >= stop:
                    return
                if index >= first:
                    yield entry_of(index, leaf)

    def of_subject(self, reference: str, first: int = 0) -> Iterator[Entry]:
        """Yield the entries from index ``first`` on about the subject of this reference, oldest first.

        The cost is that of their own entries, and of what came since somebody last asked; not of the whole ledger.

        :raises DamagedError: ``ledger-damaged`` at the first entry that is not whole.
        """
        if not reference:
            return
        self.tell()
        mark = self._fold()
        for index in self._subjects.of(reference, mark.size):
            if index >= first:
                entry = next(self._entries(index, index))
                if entry.event.subject == reference:
                    yield entry

    def last(self, count: int) -> list[bytes]:
        """Return the last ``count`` entries as they stand: the leaf of each, canonical JSON, the oldest first.

        :raises DamagedError: at the first entry that is not whole.
        """
        self.tell()
        mark = self._fold()
        first = max(mark.size - count, 0)
        if first >= mark.size:
            return []
        since = self._tree.before(first)
        leaves = [leaf for run in self._log.runs(since, mark) for leaf in run.leaves]
        return leaves[first - since.size :]

    def head(self) -> Head:
        """Return size and root of the tree over all entries recorded so far.

        :raises DamagedError: ``ledger-damaged`` with the first bad index.
        """
        self.tell()
        mark = self._fold()
        return Head(mark.size, self._tree.subtree(0, mark.size))

    def consistency(self, first: int, second: int) -> tuple[bytes, ...]:
        """Return the proof that the tree of ``first`` entries is a prefix of that of ``second`` (RFC 6962, 2.1.2).

        :raises UsageError: ``ledger-no-entry`` unless 0 < first <= second <= size.
        """
        size = self._fold().size
        if not 0 < first <= second <= size:
            raise UsageError(
                "ledger-no-entry",
                f"no proof from {first} to {second} entries in a ledger of {size}",
                remedy="Name two sizes, the smaller first, that the ledger has had.",
            )
        return consistency(first, second, self._tree.subtree)

    def checkpoints(self) -> tuple[Checkpoint, ...]:
        """Return all checkpoints that were signed, the oldest first, their signatures verified.

        :raises DamagedError: ``ledger-checkpoint``.
        """
        return self._signed.all()

    def leaves(self, size: int) -> Iterator[list[bytes]]:
        """Yield the leaf bytes of the first ``size`` entries, in runs.

        :raises DamagedError: ``ledger-damaged``.
        """
        self.tell()
        left = size
        for run in self._log.runs(Mark(0, 0, 0), self._fold()):
            if left <= 0:
                return
            yield run.leaves[:left]
            left -= len(run.leaves)

    def verify(self) -> Head:
        """Read everything again: every frame, stored hash, signed checkpoint and the remembered one. Return the head.

        :raises DamagedError: with the first bad index.
        """
        self.tell()
        mark = self._fold()
        head = audit.verify_files(self._log, self._tree, mark, self.checkpoints())
        self._signed.last()
        return head

    def _fold(self) -> Mark:
        """Bring log and tree up to all that was recorded so far."""
        self._streams.join()
        return self._tree.fold()

    def tell(self) -> None:
        """Let whoever tells in groups tell what waits."""
        for action in self._beforehand:
            action()

    def _index_of(self, origin: int, since: Mark) -> int:
        self._streams.join()
        found = tagged(self._log.descriptor, since, self._log.written().end)
        return next(index for index, one in found if one | STREAMED == origin)
