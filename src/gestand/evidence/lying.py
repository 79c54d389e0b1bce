"""What lies readable on disk: in the folder of the store, where only sealed shapes belong, and beside it, where lists do not.

The store is judged by what may be there: docs/formats.md names every file that this program writes in it. Of the rest of
the organisation's folder, which holds what its owner puts there, only lists of people are told: five or more numbers or
addresses of one kind. Files are opened to read; none is followed by a link.
"""

from __future__ import annotations

import gzip
import os
import re
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from stat import S_ISREG

from gestand.kernel.errors import GestandError
from gestand.reading.discover import discover
from gestand.reading.zipfaults import ZIP_FAULTS
from gestand.register.dropfolder import DISKS
from gestand.register.imagefile import MAGIC
from gestand.statement.policy import FieldKind
from gestand.storage.snapshot import blocks

AT_A_LIST = timedelta(days=1)
"""For so long somebody may be at work on a list that is to be taken in, or that was refused in part."""
AT_A_DISK = timedelta(days=7)
"""For so long a technician may be at work on a plain disk in the folder for that."""
PLAIN_STORE = b"SQLite format 3\x00"
ADDRESS = re.compile(rb"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}\.[A-Za-z]{2,12}")
# Sealed bytes are random, and have something in the shape of a short address in every 20 MB. Among them only one of at
# least twelve signs with a host in one case counts: chance makes less than one of those in 100 GB.
ADDRESS_AMONG_BYTES = re.compile(
    rb"(?=[A-Za-z0-9._%+@-]{12})[A-Za-z0-9._%+-]{1,64}@(?:[a-z0-9-]{1,63}\.[a-z]{2,12}|[A-Z0-9-]{1,63}\.[A-Z]{2,12})(?![A-Za-z0-9])"
)
NEVER_IN_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")
BLOCK = 1 << 20

_STORE = re.compile(
    r"(?:data|keys|archive-index)\.db(?:-wal|-shm|-journal)?|outbox\.lock"
    r"|epochs/epoch-[0-9]{6}\.(?:kek|new)"
    r"|ledger/(?:log|state|checkpoints)"
    r"|ledger/tree/(?:[0-9]|places)|ledger/tree/subjects/(?:\.[0-9]+-[0-9]+-)?[0-9]+-[0-9]+"
    r"|ledger/streams/joining|ledger/streams/(?:\.new-)?[0-9a-f]{8}/(?:log|state|owner)"
    r"|\.carried/[^/]+/store\.db(?:-wal|-shm|-journal)?"
    r"|(?:.+/)?\.nfs[0-9a-f]+"  # an open file that was removed, on a network disk
)
_IMAGE = re.compile(r"images/[^/]+")

_OWN = frozenset({"keys", "published", "versions", "sources"})
"""Folders of the organisation that hold no list, as the same document says."""
_LISTS = frozenset({
    ".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".xml", ".vcf", ".eml", ".mbox", ".sql", ".log", ".bak", ".old", ".db",
    ".sqlite", ".sqlite3", ".xlsx", ".ods", ".zip", ".gz",
})  # fmt: skip
_PEOPLE = frozenset({FieldKind.EMAIL, FieldKind.PHONE, FieldKind.IBAN, FieldKind.BSN, FieldKind.POSTCODE})
MANY = 5
_MOST_FILES, _MOST_BYTES, _MOST_OF_ONE = 5_000, 16 << 20, 1 << 20


@dataclass(frozen=True, slots=True)
class Lying:
    """What was found. ``worked_at``: plain things that somebody is still at work on; ``whole`` False: there was too much."""

    faults: tuple[str, ...]
    files: int
    size: int = 0
    worked_at: int = 0
    whole: bool = True


def in_the_store(data: Path, now: datetime) -> Lying:
    """Look at every file of the store's folder."""
    faults: list[str] = []
    size = files = worked_at = 0
    for path in sorted(data.rglob("*")):
        with suppress(FileNotFoundError):  # a file that went away while it was looked at, as those of a log do
            status = path.lstat()
            if not S_ISREG(status.st_mode):
                continue
            files += 1
            size += status.st_size
            name = path.relative_to(data).as_posix()
            if name.startswith(f"{DISKS}/"):
                left = _since(status, now) > AT_A_DISK
                worked_at += not left
                faults += [f"{name}: a plain disk that nobody worked at for a week"] if left else []
            elif _STORE.fullmatch(name) or _IMAGE.fullmatch(name):
                faults += clear_text(path)
                if _IMAGE.fullmatch(name) and status.st_size and not _begins(path, MAGIC):
                    faults.append(f"{name}: is no sealed copy")
            elif status.st_size:
                faults.append(f"{name}: no file of the store, and so not sealed")
    return Lying(tuple(faults), files, size, worked_at)


def _since(status: os.stat_result, now: datetime) -> timedelta:
    return now - datetime.fromtimestamp(status.st_mtime, now.tzinfo)


def _begins(path: Path, with_: bytes) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(with_)) == with_


def clear_text(path: Path) -> Iterator[str]:
    """Yield whether a file opens without a key, or has an address in the clear."""
    shape, tail = ADDRESS, b""
    for number, block in enumerate(_blocks(path)):
        if not number:
            if block.startswith(PLAIN_STORE):
                yield f"{path.name}: opens without a key"
            shape = ADDRESS_AMONG_BYTES if NEVER_IN_TEXT.search(block) else ADDRESS
        if shape.search(tail + block):
            yield f"{path.name}: holds readable addresses"
            return
        tail = block[-160:]


def _blocks(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes. This process has locks on its stores, which a descriptor of our own would drop when it is closed."""
    if path.name.endswith("-shm"):
        return  # the numbers of pages in the log
    if path.suffix == ".db":
        try:
            yield from blocks(path)
        except GestandError:
            if path.exists():
                raise
        return
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            yield block


def beside_the_store(folder: Path, declared: Collection[Path], now: datetime) -> Lying:
    """Look for lists of people in the organisation's folder, but for what is ``declared``: its store and other systems."""
    skip = {path.resolve() for path in declared}
    faults: list[str] = []
    files = read = worked_at = 0
    for path in _lists(folder.resolve(), skip):
        if files == _MOST_FILES or read >= _MOST_BYTES:
            return Lying(tuple(faults), files, read, worked_at, whole=False)
        files += 1
        with suppress(OSError):  # gone by now, or not ours to read
            status = path.lstat()
            if not S_ISREG(status.st_mode):
                continue
            text = _text(path)
            read += len(text)
            enough = 1 if path.name.endswith(".errors.csv") else MANY
            if _most_of_one_kind(text) >= enough:
                if _since(status, now) <= AT_A_LIST:
                    worked_at += 1
                else:
                    faults.append(f"{path.relative_to(folder.resolve()).as_posix()}: a readable list of people")
    return Lying(tuple(faults), files, read, worked_at)


def _lists(folder: Path, skip: Collection[Path]) -> Iterator[Path]:
    for place, below, names in os.walk(folder):
        here = Path(place)
        own = _OWN if here == folder else frozenset[str]()
        below[:] = sorted(
            name for name in below if not name.startswith(".") and name not in own and (here / name) not in skip
        )
        for name in sorted(names):
            if Path(name).suffix.lower() in _LISTS and (here / name) not in skip:
                yield here / name


def _text(path: Path) -> str:
    """Return the beginning of a file as text, out of what it is packed in."""
    with path.open("rb") as stream:
        raw = stream.read(_MOST_OF_ONE)
    with suppress(*ZIP_FAULTS):  # of gzip too: a fault of the file, its end, or of zlib
        if raw.startswith(b"\x1f\x8b"):
            with gzip.open(path) as unpacked:
                raw = unpacked.read(_MOST_OF_ONE)
        elif raw.startswith(b"PK\x03\x04"):
            raw = _packed(path)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    return raw.decode("utf-8") if raw.isascii() else raw.decode("latin-1")


def _packed(path: Path) -> bytes:
    found, left = [], _MOST_OF_ONE
    with zipfile.ZipFile(path) as packed:
        for member in packed.infolist()[:200]:
            if left > 0 and Path(member.filename).suffix.lower() in _LISTS:
                with packed.open(member) as stream:
                    found.append(stream.read(left))
                left -= len(found[-1])
    return b"\n".join(found)


def _most_of_one_kind(text: str) -> int:
    found: defaultdict[FieldKind, set[str]] = defaultdict(set)
    for one in discover(text):
        if one.kind in _PEOPLE:
            found[one.kind].add(one.normal)
    return max(map(len, found.values()), default=0)
