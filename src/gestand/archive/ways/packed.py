"""Files out of a .zip or .tar (also .gz, .bz2, .xz), one at a time, in memory: nothing is ever unpacked to disk.

A link, a device, a name that leads out of the archive, an encrypted entry, an archive inside an archive is refused by name.
What would unpack to far more than it is (a bomb) is refused as a whole. ASVS 5.2.3, 5.3.2.
"""

from __future__ import annotations

import bz2
import gzip
import io
import itertools
import lzma
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Final, cast

from gestand.kernel.errors import UsageError
from gestand.reading.zipfaults import ZIP_FAULTS

MOST_ENTRIES: Final = 2_000_000
RATIO: Final = 200
FREE: Final = 512 * 1024 * 1024  # bytes that any archive may unpack to, whatever its ratio
LARGEST_READ: Final = 64 * 1024 * 1024  # bytes at once
FAULTS: Final = (tarfile.TarError, *ZIP_FAULTS)
"""What reading a broken or hostile archive raises; that of gzip, bz2 and xz around a tar is that of the members of a zip."""


_UNPACKERS: Final[Mapping[bytes, Callable[[Path, str], object]]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in an archive: opened to read, or ``why`` it is not."""

    name: str
    stream: IO[bytes] | None
    changed: datetime | None
    why: str = ""


def is_zip(start: bytes) -> bool:
    """Say whether some bytes begin as a zip does."""
    return start.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_tar(start: bytes) -> bool:
    """Say whether some bytes begin as a tar does, also a compressed one."""
    return start[257:262] == b"ustar" or start.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00"))


def zipped(path: Path) -> Iterator[Entry]:
    """Yield the files of a zip.

    :raises UsageError: ``archive-bomb``; ``archive-broken``.
    """
    try:
        with zipfile.ZipFile(path) as opened:
            entries = opened.infolist()
            _weigh(path, len(entries), sum(e.file_size for e in entries), sum(e.compress_size for e in entries))
            for entry in entries:
                if entry.is_dir():
                    continue
                why = _outside(entry.filename)
                mode = entry.external_attr >> 16
                if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
                    why = "it is a link or a device"
                elif entry.flag_bits & 0x1:
                    why = "it is encrypted: unpack it first"
                if why:
                    yield Entry(entry.filename, None, None, why)
                    continue
                try:
                    with opened.open(entry) as stream:
                        yield Entry(entry.filename, stream, _zip_date(entry.date_time))
                except FAULTS as fault:
                    yield Entry(entry.filename, None, None, f"it is damaged ({type(fault).__name__})")
    except FAULTS as fault:
        raise _broken(path, fault) from None


def tarred(path: Path) -> Iterator[Entry]:
    """Yield the files of a tar, compressed or not.

    :raises UsageError: ``archive-bomb``; ``archive-broken``.
    """
    try:
        with _unpacking(path) as plain, tarfile.open(fileobj=plain, mode="r:") as opened:
            for number in itertools.count():
                entry = opened.next()
                if entry is None:
                    return
                if number > MOST_ENTRIES:
                    raise _bomb(path)
                opened.members = []  # type: ignore[attr-defined]  # it would remember every entry
                if entry.isdir():
                    continue
                plain_file = entry.isreg() and not entry.issparse()
                why = _outside(entry.name) if plain_file else "it is a link, a device or a sparse file"
                stream = opened.extractfile(entry) if not why else None
                changed = datetime.fromtimestamp(max(entry.mtime, 0), UTC) if not why else None
                yield Entry(entry.name, stream, changed, why)
    except FAULTS as fault:
        raise _broken(path, fault) from None


class _Capped(io.RawIOBase):
    """Reads what a compressed file unpacks to, and no more of it than is believable."""

    def __init__(self, path: Path, inner: IO[bytes], most: int) -> None:
        super().__init__()
        self._path, self._inner, self._most = path, inner, most

    def read(self, size: int = -1) -> bytes:
        if size < 0 or size > LARGEST_READ or self._inner.tell() > self._most:
            raise _bomb(self._path)
        return self._inner.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        if whence != io.SEEK_SET or offset > self._most:
            raise _bomb(self._path)
        return self._inner.seek(offset)

    def tell(self) -> int:
        return self._inner.tell()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        self._inner.close()
        super().close()


def _unpacking(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        start = file.read(6)
    for mark, opener in _UNPACKERS.items():
        if start.startswith(mark):
            inner = cast("IO[bytes]", opener(path, "rb"))
            return cast("IO[bytes]", _Capped(path, inner, max(FREE, RATIO * path.stat().st_size)))
    return path.open("rb")


def _weigh(path: Path, entries: int, unpacked: int, packed: int) -> None:
    size = path.stat().st_size
    if (
        entries > MOST_ENTRIES or packed > size or unpacked > max(FREE, RATIO * size)
    ):  # more packed than there is: overlaps
        raise _bomb(path)


def _outside(name: str) -> str:
    parts = PurePosixPath(name.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or ":" in parts.parts[:1] or "\0" in name:
        return "its name leads out of the archive"
    return ""


def _zip_date(told: tuple[int, int, int, int, int, int]) -> datetime | None:
    try:
        return datetime(*told, tzinfo=UTC)
    except ValueError:
        return None


def _bomb(path: Path) -> UsageError:
    return UsageError(
        "archive-bomb",
        "this archive would unpack to far more than it is, or says more than it holds",
        where=str(path),
        remedy="Unpack it yourself where that does no harm, look at it, and add the files.",
    )


def _broken(path: Path, fault: BaseException) -> UsageError:
    return UsageError(
        "archive-broken",
        f"this archive is damaged ({type(fault).__name__})",
        where=str(path),
        remedy="What came before the damage was read. Get the file again, and add it again.",
    )
