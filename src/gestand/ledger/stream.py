"""The append file of one writer. Only its own process writes it, so that nobody waits; only who joins reads it."""

from __future__ import annotations

import fcntl
import os
import threading
from contextlib import suppress
from pathlib import Path

from gestand.ledger.frames import HEAD, frame, tag
from gestand.ledger.log import Log, put, writing
from gestand.ledger.state import START, Mark, Slot, State

OWNER = "owner"


class Stream:
    """One stream. ``owned``: by this process, for as long as it holds the lock of the file ``owner``."""

    def __init__(self, folder: Path, boot: bytes, name: str, *, owned: bool = False) -> None:
        self.folder = folder
        self.name = name
        self.number = int(name, 16)
        self.state = State(folder / "state", boot)
        self.log = Log(folder / "log", self.state)
        self._turn = threading.Lock()
        self._mark = START
        self._owner: int | None = None
        if owned:
            self._owner = os.open(folder / OWNER, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._owner, fcntl.LOCK_EX)

    @staticmethod
    def is_abandoned(folder: Path) -> bool:
        """Say whether the process that wrote the stream in ``folder`` is gone."""
        descriptor = os.open(folder / OWNER, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            os.close(descriptor)

    def resume(self) -> None:
        """Write on from what is written."""
        self._mark = self.log.written()

    def append(self, leaf: bytes) -> tuple[int, Mark]:
        """Write one entry and return the tag that it will carry in the log, and the mark after it.

        :raises RefusedError: ``ledger-cannot-record``; nothing was recorded.
        """
        with self._turn:
            before = self._mark
            raw = frame(before.size, 0, leaf)
            after = Mark(before.size + 1, before.end + len(raw), 0)
            try:
                with writing(self.log.path):
                    put(self.log.descriptor, raw, before.end)
                    self.state.write(Slot.WRITTEN, after)
            except BaseException:
                with suppress(OSError):
                    os.ftruncate(self.log.descriptor, before.end)
                raise
            self._mark = after
        return tag(self.number, after.size), after

    def waiting(self) -> int:
        """Return how many of its entries are not joined yet."""
        return self._mark.size - (self.state.read(Slot.FOLDED) or START).size

    def unjoined(self, most: int) -> tuple[Mark, list[bytes]]:
        """Return about ``most`` leaves that are not joined yet, and the mark after them.

        :raises DamagedError: ``ledger-damaged``.
        """
        done = self.state.read(Slot.FOLDED) or START
        written = self.log.written()
        leaves: list[bytes] = []
        if written.size > done.size:
            for run in self.log.runs(done, written):
                leaves += run.leaves
                if len(leaves) >= most:
                    return Mark(run.first + len(run.leaves), run.end, 0), leaves
        return written, leaves

    def joined_to(self, number: int) -> None:
        """Note that the log has the first ``number`` entries; more than are here, if the disk lost some that the log kept."""
        done, written = self.state.read(Slot.FOLDED) or START, self.log.written()
        if number <= done.size:
            return
        size, end = done.size, done.end
        for run in self.log.runs(done, written):
            for leaf in run.leaves:
                if size < number:
                    size, end = size + 1, end + HEAD.size + len(leaf)
        self.state.write(Slot.FOLDED, Mark(size, end, 0))

    def trust(self) -> None:
        """Note on stable storage how far the log has this stream for good."""
        done = self.state.read(Slot.FOLDED) or START
        already = self.state.read(Slot.TRUSTED) or START
        if done.size > already.size:
            self.log.sync(done)
            self.state.write(Slot.TRUSTED, done)
            self.state.sync()

    def done(self) -> bool:
        """Say whether the log has all of it for good."""
        return (self.state.read(Slot.TRUSTED) or START).size == self.log.written().size

    def abandoned(self) -> bool:
        """Say whether its process is gone."""
        return self.is_abandoned(self.folder)

    def sync(self) -> None:
        """Bring it to stable storage."""
        self.log.sync(self._mark)

    def give_up(self) -> None:
        """Let others remove it once it is joined."""
        if self._owner is not None:
            os.close(self._owner)
            self._owner = None

    def close(self) -> None:
        """Close its files."""
        self.give_up()
        self.log.close()
        self.state.close()
