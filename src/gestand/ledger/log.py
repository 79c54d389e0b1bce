"""The append file: frames one after another, written by several threads and processes in turn, never rewritten.

An entry goes: lock the file, read how far it is written, write the frame there, note the new end, unlock. What a writer
that died left behind the noted end was never acknowledged and is cut off. Stable storage comes in groups: whoever
waits syncs for all that is written by then.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path

from gestand.kernel.errors import DamagedError, RefusedError
from gestand.ledger.frames import Run, frame, runs
from gestand.ledger.state import Mark, Slot, State

_SOONEST, _LATEST = 0.0001, 0.002
"""Seconds between two looks whether another process has synced what we wait for: a quarter of how long the last sync took."""


class Log:
    """The open append file and the state file beside it."""

    def __init__(self, path: Path, state: State) -> None:
        self.path = path
        self.state = state
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._turn = threading.Lock()
        self._syncing = threading.Lock()
        self._took = 0.0
        self._company = False  # others wrote since the sync before: they are given a moment to come along
        self._lost: RefusedError | None = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other writer, of this process and of others, from the log."""
        with self._turn:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def append(self, leaf: bytes) -> Mark:
        """Write one entry; return the mark after it, so its index is ``size - 1``.

        :raises RefusedError: ``ledger-cannot-record``; nothing was recorded.
        :raises DamagedError: ``ledger-shortened`` if acknowledged entries are gone.
        """
        if self._lost is not None:
            raise self._lost
        with self._turn:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX)
            try:
                before = self._ready()
                return self._write(before, frame(before.size, 0, leaf), 1, before.moved)
            finally:
                fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def move(self, rows: Sequence[tuple[int, bytes]]) -> Mark:
        """Write the rows of the outbox (number, leaf; in order of number) that are not in the log yet.

        :raises RefusedError: ``ledger-cannot-record``; none was recorded.
        :raises DamagedError: ``ledger-shortened`` if acknowledged entries are gone.
        """
        if self._lost is not None:
            raise self._lost
        with self._turn:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX)
            try:
                before = self._ready()
                new = [row for row in rows if row[0] > before.moved]
                if not new:
                    return before
                frames = b"".join([frame(before.size + at, number, leaf) for at, (number, leaf) in enumerate(new)])
                return self._write(before, frames, len(new), new[-1][0])
            finally:
                fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def join(self, rows: Sequence[tuple[int, bytes]], intend: Callable[[Mark], None]) -> None:
        """Write rows of the streams (origin, leaf); ``intend`` is called first with the mark before them.

        :raises RefusedError: ``ledger-cannot-record``; none was recorded.
        :raises DamagedError: ``ledger-shortened`` if acknowledged entries are gone.
        """
        if self._lost is not None:
            raise self._lost
        with self.alone():
            before = self._ready()
            intend(before)
            frames = b"".join(frame(before.size + at, origin, leaf) for at, (origin, leaf) in enumerate(rows))
            self._write(before, frames, len(rows), before.moved)

    def written(self) -> Mark:
        """Return how far the log is written and acknowledged.

        :raises DamagedError: ``ledger-state`` if the state file was changed under our hands.
        """
        mark = self.state.read(Slot.WRITTEN)
        if mark is None:
            raise DamagedError(
                "ledger-state",
                "the state file beside the log no longer says how far it is written",
                where=str(self.path),
                remedy="Stop the program and open the organisation again: the log itself is then read to its end.",
            )
        return mark

    def runs(self, since: Mark, until: Mark) -> Iterator[Run]:
        """Yield the frames between two marks.

        :raises DamagedError: ``ledger-damaged`` with the first bad index.
        """
        last, count = since.end, since.size
        for run in runs(self.descriptor, since.end, until.end, since.size, since.moved):
            yield run
            last, count = run.end, run.first + len(run.leaves)
        if last != until.end or count != until.size:
            raise damaged(self.path, min(count, until.size))

    def sync(self, until: Mark) -> None:
        """Return once the log is on stable storage at least up to ``until``.

        :raises RefusedError: ``ledger-not-durable``; from then on nothing more is recorded through this object.
        """
        if self._lost is not None:
            raise self._lost
        while not self._synced(until):
            with self._syncing:
                if self._synced(until):
                    return
                try:
                    fcntl.flock(self.state.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    # Another process syncs, for us too. Queueing for its lock would let one go on per sync: look instead.
                    time.sleep(min(max(self._took / 4, _SOONEST), _LATEST))
                    continue
                try:
                    self._sync_all()
                finally:
                    fcntl.flock(self.state.descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file."""
        os.close(self.descriptor)

    def _sync_all(self) -> None:
        try:
            if self._company:
                time.sleep(self._took / 4)
            reached = self.written()
            before = self.state.read(Slot.SYNCED)
            self._company = before is not None and reached.size - before.size > 1
            started = time.perf_counter()
            os.fdatasync(self.descriptor)
            self._took = time.perf_counter() - started
            self.state.write(Slot.SYNCED, reached)
        except OSError as fault:
            # After a failed sync the kernel may have dropped what it could not write: asking again would lie.
            self._lost = RefusedError(
                "ledger-not-durable",
                f"the disk did not confirm the last entries: {fault.strerror}",
                where=str(self.path),
                remedy="Make the disk whole and start the program again; until then nothing personal is read.",
            )
            raise self._lost from fault

    def _synced(self, until: Mark) -> bool:
        done = self.state.read(Slot.SYNCED)
        return done is not None and done.end >= until.end

    def _ready(self) -> Mark:
        written = self.written()
        length = os.fstat(self.descriptor).st_size
        if length != written.end:
            if length < written.end:
                raise shortened(self.path, length, written.end)
            with writing(self.path):
                os.ftruncate(self.descriptor, written.end)
        return written

    def _write(self, before: Mark, frames: bytes, count: int, moved: int) -> Mark:
        after = Mark(before.size + count, before.end + len(frames), moved)
        with writing(self.path):
            put(self.descriptor, frames, before.end)  # bytes behind the noted end are cut off by the next writer
            self.state.write(Slot.WRITTEN, after)
        return after


def put(descriptor: int, content: bytes, place: int) -> None:
    """Write all of ``content`` at ``place``.

    :raises OSError: if the disk took less.
    """
    if os.pwrite(descriptor, content, place) != len(content):
        raise OSError(ENOSPC, "the disk took only a part of it")


@contextmanager
def writing(path: Path, what: str = "the ledger could not record") -> Iterator[None]:
    """Turn what the disk says into words.

    :raises RefusedError: ``ledger-cannot-record``.
    """
    try:
        yield
    except OSError as fault:
        raise RefusedError(
            "ledger-cannot-record",
            f"{what}: {fault.strerror}",
            where=str(fault.filename or path),
            remedy="Make room on the disk or make it writable. What is not recorded is not done.",
        ) from fault


def damaged(path: Path, index: int) -> DamagedError:
    """Return the error for a frame that is not whole."""
    return DamagedError(
        "ledger-damaged",
        f"entry {index} is damaged: the first one that does not fit its checksum and place",
        where=f"{path}: entry {index}",
        remedy="Put the log back from a backup; 'gestand ledger verify' then checks it against the signed checkpoints.",
    )


def shortened(path: Path, length: int, end: int) -> DamagedError:
    """Return the error for a log that is shorter than what was acknowledged."""
    return DamagedError(
        "ledger-shortened",
        f"the log has {length} bytes, {end} were acknowledged: entries were cut off",
        where=str(path),
        remedy="Put the log back from a backup that is not older than the last checkpoint.",
    )
