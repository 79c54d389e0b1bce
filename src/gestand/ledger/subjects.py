"""Which entries are about one subject, found without reading the others: the cost of an answer is that of one's own entries.

Files of the folder ``subjects``, all made from the log and made again if they are gone or damaged: ``FIRST-STOP`` lists the
entries FIRST <= i < STOP that name a subject, sorted, 16 bytes each: 8 of the reference's digest, 8 of the index; then a
checksum. Sixteen neighbours of one size become one, so that there are few. What is newer is kept in memory.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import re
import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Final
from zlib import crc32

from gestand.ledger.log import writing
from gestand.ledger.model import Entry

BLOCK: Final = 1 << 14
"""Entries in the smallest file."""
FAN: Final = 16
"""Files of one size that become one."""
_ROW: Final = 16
_NAME: Final = re.compile(r"(\d+)-(\d+)")


class _Block:
    """One file, open."""

    def __init__(self, rows: mmap.mmap) -> None:
        self._rows = rows
        self._count = (len(rows) - 4) // _ROW

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at: int) -> bytes:
        return self._rows[at * _ROW : (at + 1) * _ROW]

    def of(self, digest: bytes) -> Iterator[int]:
        """Yield the indices of the entries under a digest, in order."""
        at = bisect_left(self, digest)
        while at < len(self) and (row := self[at])[:8] == digest:
            yield int.from_bytes(row[8:])
            at += 1

    def rows(self) -> bytes:
        """Return all rows."""
        return self._rows[:-4]

    def close(self) -> None:
        """Close the file."""
        self._rows.close()


class Subjects:
    """The index. ``entries`` reads the ledger from one index to another, both included."""

    def __init__(self, folder: Path, entries: Callable[[int, int], Iterator[Entry]]) -> None:
        self._folder = folder
        self._entries = entries
        self._blocks: dict[tuple[int, int], _Block] = {}
        self._newer: dict[bytes, list[int]] = defaultdict(list)
        self._since = 0
        self._until = 0
        self._turn = threading.Lock()

    def of(self, reference: str, size: int) -> list[int]:
        """Return the indices below ``size`` of the entries that may be about ``reference``, in order.

        :raises RefusedError: ``ledger-cannot-record`` if the index cannot be kept.
        :raises DamagedError: if the log was changed.
        """
        digest = _digest(reference)
        with self._turn, writing(self._folder, "the index by subject cannot be kept"):
            self._catch_up(size)
            found = [index for block in self._sorted() for index in self._blocks[block].of(digest)]
            return [index for index in [*found, *self._newer.get(digest, ())] if index < size]

    def close(self) -> None:
        """Close every file."""
        for block in self._blocks.values():
            block.close()
        self._blocks.clear()

    def _sorted(self) -> list[tuple[int, int]]:
        return sorted(self._blocks)

    def _catch_up(self, size: int) -> None:
        self._look()
        end = max((stop for _, stop in self._blocks), default=0)
        if end != self._since or self._until > size:
            self._newer.clear()
            self._since = self._until = end
        for entry in self._entries(self._until, size - 1) if self._until < size else ():
            if entry.event.subject:
                self._newer[_digest(entry.event.subject)].append(entry.index)
        self._until = max(size, self._until)
        while self._until - self._since >= BLOCK:
            self._put_block()
        self._merge()

    def _put_block(self) -> None:
        """Write what is oldest in memory to a file."""
        first, stop = self._since, self._since + BLOCK
        rows = sorted(
            digest + index.to_bytes(8) for digest, found in self._newer.items() for index in found if index < stop
        )
        self._write(first, stop, b"".join(rows))
        for digest in list(self._newer):
            self._newer[digest] = [index for index in self._newer[digest] if index >= stop]
            if not self._newer[digest]:
                del self._newer[digest]
        self._since = stop

    def _merge(self) -> None:
        """Make one file of sixteen neighbours of one size, as long as there are any."""
        size = BLOCK
        while size <= self._since:
            whole = [block for block in self._sorted() if block[1] - block[0] == size]
            for first in [block[0] for block in whole if block[0] % (size * FAN) == 0]:
                parts = [(first + n * size, first + (n + 1) * size) for n in range(FAN)]
                if all(part in self._blocks for part in parts):
                    rows = b"".join(self._blocks[part].rows() for part in parts)
                    ordered = sorted(rows[at : at + _ROW] for at in range(0, len(rows), _ROW))
                    self._write(first, first + size * FAN, b"".join(ordered))
                    for part in parts:  # the larger file has taken their place
                        (self._folder / _name(*part)).unlink(missing_ok=True)
            size *= FAN

    def _write(self, first: int, stop: int, rows: bytes) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        unfinished = self._folder / f".{os.getpid()}-{threading.get_ident()}-{_name(first, stop)}"
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(rows + _checksum(first, stop, rows))
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self._folder / _name(first, stop))
        self._look()

    def _look(self) -> None:
        """Open the files that are there, also those that another process made; of two that overlap the larger."""
        names = os.listdir(self._folder) if self._folder.exists() else []  # noqa: PTH208 - at every question
        there = [(int(found[1]), int(found[2])) for name in names if (found := _NAME.fullmatch(name))]
        kept: list[tuple[int, int]] = []
        for block in sorted(there, key=lambda one: (one[0], -one[1])):
            if block[0] == (kept[-1][1] if kept else 0):
                if block not in self._blocks and (opened := self._opened(block)):
                    self._blocks[block] = opened
                if block in self._blocks:
                    kept.append(block)
        for block in self._blocks.keys() - set(kept):
            self._blocks.pop(block).close()

    def _opened(self, block: tuple[int, int]) -> _Block | None:
        """Return the file of a block; one that is damaged is removed, to be made again."""
        path = self._folder / _name(*block)
        with suppress(FileNotFoundError), path.open("rb") as file:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            if len(content) % _ROW == 4 and _checksum(*block, content[:-4]) == content[-4:]:
                return _Block(content)
            with closing(content):
                path.unlink(missing_ok=True)
        return None


def _digest(reference: str) -> bytes:
    return hashlib.blake2b(reference.encode(), digest_size=8).digest()


def _checksum(first: int, stop: int, rows: bytes) -> bytes:
    return crc32(rows, crc32(_name(first, stop).encode())).to_bytes(4, "little")


def _name(first: int, stop: int) -> str:
    return f"{first}-{stop}"
