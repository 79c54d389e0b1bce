"""A disk that loses power: what was synced stands, what was not is there, gone, or torn at any sector.

SQLite writes through a VFS of this file, under the layer that encrypts; everything else through ``os``, watched there.
At every sync, just before it counts, the disk keeps what a loss of power could leave: several images of the whole folder,
drawn by a seed. A file is known by its inode, a name by the last sync of its folder.
"""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import apsw
import pytest

SECTOR = 512
"""Bytes that a disk writes wholly or not at all."""
NAME = "power"
THROUGH = f"multipleciphers-{NAME}"
"""The name to give to ``open_sqlite``: SQLite encrypts, then writes through this file."""

Image = dict[str, bytes]
"""What stands on the disk: the content of every file, by its path in the folder."""


@dataclass(frozen=True, slots=True)
class Write:
    """One write that no sync has followed yet; without bytes, a cut to that length."""

    place: int
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment before a sync counts: what was promised till then, and what a loss of power may leave."""

    promised: int
    syncing: str
    images: tuple[Image, ...]


@dataclass
class Disk:
    """The folder as the disk has it. ``promised`` is counted up by the test after each verb that returned."""

    folder: Path
    seed: int = 0
    draws: int = 2
    promised: int = 0
    deaf: str = ""
    """The file whose syncs this disk confirms and does not do."""
    moments: list[Moment] = field(default_factory=list)
    _stable: dict[int, bytes] = field(default_factory=dict)  # content on stable storage, by inode
    _names: dict[str, int] = field(default_factory=dict)  # the names on stable storage, and what they name
    _pending: dict[int, list[Write]] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def begin(self) -> None:
        """Take all that stands in the folder as synced."""
        self._random = random.Random(self.seed)
        for path in self._files():
            self._names[self._name(path)] = inode = path.stat().st_ino
            self._stable[inode] = path.read_bytes()

    def wrote(self, path: str, place: int, content: bytes | None) -> None:
        """Note a write, or a cut to the length ``place``."""
        if (file := self._mine(path)) is not None:
            with self._lock:
                self._pending.setdefault(file.stat().st_ino, []).append(Write(place, content))

    def synced(self, path: str) -> None:
        """Keep what could be left now, and then let what stands in the file or the folder be on stable storage."""
        if (found := self._mine(path)) is None:
            return
        with self._lock:
            self._keep(found.name)
            if found.name == self.deaf:
                return
            if found.is_dir():
                gone = [name for name in self._names if (self.folder / name).parent == found]
                for name in gone:
                    del self._names[name]
                for file in found.iterdir():
                    if file.is_file():
                        self._names[self._name(file)] = file.stat().st_ino
            else:
                inode = found.stat().st_ino
                self._stable[inode] = found.read_bytes()
                self._pending.pop(inode, None)
                if found.suffix != ".new":  # SQLite syncs the folder of a log that it made itself, below this layer
                    self._names.setdefault(self._name(found), inode)

    def _keep(self, syncing: str) -> None:
        kinds: list[Callable[[], Image]] = [self._only_synced, self._everything]
        kinds += [self._torn] * self.draws
        self.moments.append(Moment(self.promised, syncing, tuple(kind() for kind in kinds)))

    def _only_synced(self) -> Image:
        return {name: self._stable.get(inode, b"") for name, inode in self._names.items()}

    def _everything(self) -> Image:
        return {self._name(path): path.read_bytes() for path in self._files()}

    def _torn(self) -> Image:
        """Any part of what was not synced: of the names, of the writes, of the sectors of a write."""
        present = {self._name(path): path for path in self._files()}
        image: Image = {}
        for name in sorted({*self._names, *present}):
            old = self._names.get(name)
            new = present[name].stat().st_ino if name in present else None
            chosen = old if old == new else self._random.choice([old, new])
            if chosen is None:
                continue
            image[name] = self._part(chosen, present[name] if chosen == new else None)
        return image

    def _part(self, inode: int, path: Path | None) -> bytes:
        content = bytearray(self._stable.get(inode, b""))
        for write in self._pending.get(inode, []):
            if write.content is None:
                if self._random.random() < 0.5:
                    _cut(content, write.place)
            else:
                self._lay(content, write.place, write.content)
        if path is not None and not self._pending.get(inode):  # written past this layer: each sector the old or the new
            now = path.read_bytes()
            if now != bytes(content):
                self._lay(content, 0, now)
        return bytes(content)

    def _lay(self, content: bytearray, place: int, written: bytes) -> None:
        """Lay the write, or some of its sectors, over ``content``."""
        how = self._random.choice(["none", "all", "some"])
        if how == "none":
            return
        at = place
        while at < place + len(written):
            stop = min((at // SECTOR + 1) * SECTOR, place + len(written))
            if how == "all" or self._random.random() < 0.5:
                if len(content) < stop:
                    content.extend(bytes(stop - len(content)))
                content[at:stop] = written[at - place : stop - place]
            at = stop

    def _mine(self, path: str) -> Path | None:
        found = Path(path)
        return found if found.is_relative_to(self.folder) and found.exists() else None

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self.folder))

    def _files(self) -> Iterator[Path]:
        return (path for path in sorted(self.folder.rglob("*")) if path.is_file() and path.suffix != ".db-shm")


def _cut(content: bytearray, length: int) -> None:
    if length < len(content):
        del content[length:]
    else:
        content.extend(bytes(length - len(content)))


def lay_out(image: Image, folder: Path) -> None:
    """Write an image as a folder, as the machine finds it when it starts again."""
    for name, content in image.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o600)


class _File(apsw.VFSFile):
    def __init__(self, name: str | apsw.URIFilename, flags: list[int]) -> None:
        self._path = name.filename() if isinstance(name, apsw.URIFilename) else name
        super().__init__("unix", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        for disk in _WATCHED:
            disk.wrote(self._path, offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:
        super().xTruncate(newsize)
        for disk in _WATCHED:
            disk.wrote(self._path, newsize, None)

    def xSync(self, flags: int) -> None:
        for disk in _WATCHED:
            disk.synced(self._path)
        super().xSync(flags)


class _Layer(apsw.VFS):
    def __init__(self) -> None:
        super().__init__(NAME, "unix")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        assert name is not None, "nothing temporary goes to the disk"
        return _File(name, flags)


_WATCHED: list[Disk] = []
_LAYER: list[_Layer] = []
"""Registered once and never taken away: the layer that encrypts keeps hold of it."""


@contextmanager
def watched(disk: Disk) -> Iterator[None]:
    """Let everything that is written in the folder go past the disk."""
    if not _LAYER:
        _LAYER.append(_Layer())
    patch = pytest.MonkeyPatch()
    pwrite, ftruncate = os.pwrite, os.ftruncate

    def place(descriptor: int) -> str:
        return str(Path(f"/proc/self/fd/{descriptor}").readlink())

    def writing(descriptor: int, content: bytes, at: int) -> int:
        count = pwrite(descriptor, content, at)
        disk.wrote(place(descriptor), at, bytes(content))
        return count

    def cutting(descriptor: int, length: int) -> None:
        ftruncate(descriptor, length)
        disk.wrote(place(descriptor), length, None)

    def syncing(descriptor: int) -> None:
        disk.synced(place(descriptor))

    patch.setattr(os, "pwrite", writing)
    patch.setattr(os, "ftruncate", cutting)
    patch.setattr(os, "fsync", syncing)
    patch.setattr(os, "fdatasync", syncing)
    disk.begin()
    _WATCHED.append(disk)
    try:
        yield
    finally:
        _WATCHED.remove(disk)
        patch.undo()
