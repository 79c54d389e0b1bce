"""A stream for each writer: several processes record at once, none waiting for another, and are joined at checkpoints.

The path of an event on this way: a frame in the append file of this process alone (acknowledged) -> on stable storage
within 50 ms -> joined with those of the others, in the order of their instants, into the one log over which the tree
stands. Whoever reads, proves or signs joins first, so that the whole ledger is seen at any time.

    streams/ID/log, state, owner    frames as in the log; how far written, synced, joined (FOLDED), joined for good (TRUSTED)
    streams/joining                 what the join under way takes from each stream, and where in the log it begins

A joined frame carries its stream and its number there where others have their number in the outbox: by it a join that was
cut off is known to have happened or not, and after a loss of power what the log already has is not taken again.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from struct import Struct
from typing import Final
from zlib import crc32

from gestand.kernel.entropy import Entropy
from gestand.ledger.frames import STREAMED, tag, tagged
from gestand.ledger.log import Log, put, writing
from gestand.ledger.recovery import recover
from gestand.ledger.state import START, Mark, Slot
from gestand.ledger.stream import Stream

_TOGETHER: Final = 20_000
"""Entries taken from one stream in one step of a join."""
_HEAD: Final = Struct("<IIQQ")  # checksum, streams, where in the log it begins, the tag of the first frame
_PART: Final = Struct("<4sQQ")  # stream, size and end of what is joined of it
_AT: Final = b'"at":"'
_AT_SIZE: Final = 27


class Streams:
    """The streams beside one log. Locks are taken in the order streams, log, tree."""

    def __init__(self, folder: Path, log: Log, boot: bytes, entropy: Entropy) -> None:
        self._folder = folder
        self._log = log
        self._boot = boot
        self._entropy = entropy
        self._open: dict[str, Stream] = {}
        self._own: Stream | None = None
        self._turn = threading.RLock()
        self._depth = 0
        self._lock: int | None = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other thread and process from joining. Joins itself within one thread; nothing if no stream ever was."""
        with self._turn:
            if not self._depth and (self._lock is not None or self._folder.exists()):
                if self._lock is None:
                    self._lock = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
                fcntl.flock(self._lock, fcntl.LOCK_EX)
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if not self._depth and self._lock is not None:
                    fcntl.flock(self._lock, fcntl.LOCK_UN)

    def own(self) -> Stream:
        """Return the stream of this process, made at first use.

        :raises RefusedError: ``ledger-cannot-record``.
        """
        if self._own is None:
            with self._turn, writing(self._folder, "no stream can be begun"):
                if self._own is None:
                    self._own = self._begin()
        return self._own

    def recover(self) -> None:
        """After another boot of the machine: cut torn tails, and find out what of each stream the log already has.

        The caller is alone on streams and log. :raises DamagedError: as ``recovery.recover``.
        """
        found = list(self._all())
        if all(stream.state.read(Slot.WRITTEN) is not None for stream in found):
            self._settle()
            return
        joined: dict[int, int] = {}
        since = self._log.state.read(Slot.TRUSTED) or START
        for _, origin in tagged(self._log.descriptor, since, self._log.written().end):
            joined[origin >> 32] = max(joined.get(origin >> 32, 0), origin & 0xFFFFFFFF)
        for stream in found:
            recover(stream.log, 0)
            stream.joined_to(joined.get(stream.number, 0))
        (self._folder / "joining").unlink(missing_ok=True)

    def join(self) -> None:
        """Bring what the streams hold into the log, each entry exactly once.

        :raises RefusedError: ``ledger-cannot-record``; what was acknowledged stays in its stream.
        :raises DamagedError: ``ledger-damaged`` if a stream was changed.
        """
        if self._own is None and not self._folder.exists():
            return
        with self.alone(), writing(self._folder, "the streams cannot be joined"):
            self._settle()
            while self._join_some():
                pass

    def confirm(self) -> None:
        """Bring what was joined to stable storage and note it.

        The caller is alone on streams, and stays so until the log is trusted at least as far.
        """
        with writing(self._folder, "the streams are not on stable storage"):
            self._log.sync(self._log.written())
            for stream in self._all():
                stream.trust()

    def clear(self) -> None:
        """Remove the streams that are joined for good and whose process is gone. The caller is alone on streams."""
        with writing(self._folder, "a stream that is done cannot be removed"):
            for stream in list(self._all()):
                if stream is not self._own and stream.done() and stream.abandoned():
                    stream.close()
                    self._open.pop(stream.folder.name, None)
                    shutil.rmtree(stream.folder)
            if self._folder.exists():
                for unfinished in self._folder.glob(".new-*"):
                    with suppress(FileNotFoundError):
                        if Stream.is_abandoned(unfinished):
                            shutil.rmtree(unfinished)

    def sync(self) -> None:
        """Bring the stream of this process to stable storage."""
        if self._own is not None:
            self._own.sync()

    def waiting(self) -> int:
        """Return how many entries of this process are not joined yet."""
        return 0 if self._own is None else self._own.waiting()

    def leave(self) -> None:
        """Give up the stream of this process, so that it can be removed once it is joined."""
        if self._own is not None:
            self._own.give_up()
            self._own = None

    def close(self) -> None:
        """Close every file."""
        for stream in self._open.values():
            stream.close()
        self._open.clear()
        self._own = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _begin(self) -> Stream:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        while (self._folder / (name := f"{int.from_bytes(self._entropy(4)) >> 1:08x}")).exists():
            pass
        unfinished = self._folder / f".new-{name}"
        unfinished.mkdir(mode=0o700)
        stream = Stream(unfinished, self._boot, name, owned=True)
        recover(stream.log, 0)
        stream.resume()
        unfinished.rename(self._folder / name)
        stream.folder = self._folder / name
        stream.log.path = stream.folder / "log"
        for folder in (stream.folder, self._folder, self._folder.parent):
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        self._open[name] = stream
        return stream

    def _all(self) -> Iterator[Stream]:
        """Yield every stream there is. Those that others removed are closed."""
        names = set(os.listdir(self._folder)) if self._folder.exists() else set()  # noqa: PTH208 - asked at every read
        for name in sorted(self._open.keys() - names):
            self._open.pop(name).close()
        for name in sorted(names):
            if len(name) == 8 and not name.startswith("."):
                if name not in self._open:
                    self._open[name] = Stream(self._folder / name, self._boot, name)
                yield self._open[name]

    def _join_some(self) -> bool:
        """Take a step; say whether there may be more."""
        rows: list[tuple[bytes, int, bytes]] = []
        marks: list[tuple[Stream, Mark]] = []
        for stream in self._all():
            mark, leaves = stream.unjoined(_TOGETHER)
            if leaves:
                first = mark.size - len(leaves) + 1
                rows += [
                    (_instant(leaf), tag(stream.number, number), leaf) for number, leaf in enumerate(leaves, first)
                ]
                marks.append((stream, mark))
        if not rows:
            return False
        rows.sort(key=lambda row: row[0])
        self._log.join([row[1:] for row in rows], lambda before: self._intend(before, rows[0][1], marks))
        for stream, mark in marks:
            stream.state.write(Slot.FOLDED, mark)
        return True

    def _intend(self, before: Mark, first: int, marks: list[tuple[Stream, Mark]]) -> None:
        """Note what is about to be joined, and where, so that whoever comes after a kill knows whether it was."""
        body = _HEAD.pack(0, len(marks), before.end, first)[4:] + b"".join(
            _PART.pack(bytes.fromhex(stream.name), mark.size, mark.end) for stream, mark in marks
        )
        descriptor = os.open(self._folder / "joining", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            put(descriptor, crc32(body).to_bytes(4, "little") + body, 0)
        finally:
            os.close(descriptor)

    def _settle(self) -> None:
        """If the last join was cut off after its frames were acknowledged, note how far the streams are joined."""
        try:
            raw = (self._folder / "joining").read_bytes()
        except FileNotFoundError:
            return
        if len(raw) < _HEAD.size:
            return
        checksum, count, place, first = _HEAD.unpack_from(raw)
        stop = _HEAD.size + count * _PART.size
        if len(raw) < stop or crc32(raw[4:stop]) != checksum:  # cut off before it was whole, so nothing was joined
            return
        written = self._log.written()
        there = next((origin for _, origin in tagged(self._log.descriptor, Mark(0, place, 0), place + 1)), None)
        if place >= written.end or there is None or there | STREAMED != first:
            return
        streams = {stream.name: stream for stream in self._all()}
        for at in range(_HEAD.size, stop, _PART.size):
            name, size, end = _PART.unpack_from(raw, at)
            stream = streams.get(name.hex())
            if stream is not None and (stream.state.read(Slot.FOLDED) or START).size < size:
                stream.state.write(Slot.FOLDED, Mark(size, end, 0))


def _instant(leaf: bytes) -> bytes:
    """Return the instant of a leaf as it is written there: the leaf is canonical, so no text before it can hold the mark."""
    at = leaf.find(_AT) + len(_AT)
    return leaf[at : at + _AT_SIZE]
