"""A disk that takes no more: from the n-th write on, every write in a folder fails as a full or a read-only disk lets it fail.

SQLite writes through a VFS of this file, under the layer that encrypts; everything else through ``os`` and ``Path.open``.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw
import pytest

NAME = "failing"
THROUGH = f"multipleciphers-{NAME}"
"""The name to give to ``open_sqlite``: SQLite encrypts, then writes through this file."""
FULL, READ_ONLY = errno.ENOSPC, errno.EROFS
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass
class Disk:
    """The folder, how many writes it still takes, and what it says after those. ``refused`` counts the others."""

    folder: Path
    fault: int
    left: int
    refused: int = 0

    def write(self, path: str | Path) -> None:
        """Take one write.

        :raises OSError: if there is none left.
        """
        if not Path(path).is_relative_to(self.folder):
            return
        self.left -= 1
        if self.left < 0:
            self.refused += 1
            raise OSError(self.fault, os.strerror(self.fault), str(path))


_DISK: list[Disk] = []
_LAYER: list[apsw.VFS] = []
"""Registered once and never taken away: the layer that encrypts keeps hold of it."""


class _File(apsw.VFSFile):
    def __init__(self, name: str | apsw.URIFilename, flags: list[int]) -> None:
        self._path = name.filename() if isinstance(name, apsw.URIFilename) else name
        super().__init__("unix", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self._ask()
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        self._ask()
        super().xTruncate(newsize)

    def _ask(self) -> None:
        for disk in _DISK:
            try:
                disk.write(self._path)
            except OSError as fault:
                kind = apsw.FullError if fault.errno == FULL else apsw.IOError
                raise kind(os.strerror(fault.errno or 0)) from None


class _Layer(apsw.VFS):
    def __init__(self) -> None:
        super().__init__(NAME, "unix")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        assert name is not None, "nothing temporary goes to the disk"
        return _File(name, flags)


def registered() -> None:
    """Let SQLite know the layer."""
    if not _LAYER:
        _LAYER.append(_Layer())


@contextmanager
def failing(disk: Disk) -> Iterator[None]:
    """Let every write in the disk's folder ask it first."""
    registered()
    patch = pytest.MonkeyPatch()
    pwrite, write, ftruncate, opened, path_open = os.pwrite, os.write, os.ftruncate, os.open, Path.open

    def place(descriptor: int) -> str:
        return str(Path(f"/proc/self/fd/{descriptor}").readlink())

    def pwriting(descriptor: int, content: bytes, at: int) -> int:
        disk.write(place(descriptor))
        return pwrite(descriptor, content, at)

    def writing(descriptor: int, content: bytes) -> int:
        disk.write(place(descriptor))
        return write(descriptor, content)

    def cutting(descriptor: int, length: int) -> None:
        if length >= os.fstat(descriptor).st_size or disk.fault != FULL:  # a full disk can still cut
            disk.write(place(descriptor))
        ftruncate(descriptor, length)

    def opening(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & _WRITING and (disk.fault == READ_ONLY or not Path(path).exists()):
            disk.write(path)
        return opened(path, flags, *more, **named)

    def opening_path(self: Path, mode: str = "r", *more: Any, **named: Any) -> Any:
        if set(mode) & set("wax+"):
            disk.write(self)
        return path_open(self, mode, *more, **named)

    patch.setattr(os, "pwrite", pwriting)
    patch.setattr(os, "write", writing)
    patch.setattr(os, "ftruncate", cutting)
    patch.setattr(os, "open", opening)
    patch.setattr(Path, "open", opening_path)
    _DISK.append(disk)
    try:
        yield
    finally:
        _DISK.remove(disk)
        patch.undo()
