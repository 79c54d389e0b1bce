"""Writes what Outlook saves: a compound file ([MS-CFB], version 3) with the properties of a message ([MS-OXMSG])."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

SECTOR, SMALL, CUTOFF = 512, 64, 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Folder = dict[str, "bytes | Folder"]


@dataclass(frozen=True)
class Attachment:
    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """A message to be written; recipients are (kind, name, address)."""

    subject: str = "Vraag"
    body: str = "Beste lezer"
    sender: tuple[str, str] = ("Anna de Vries", "anna@example.nl")
    recipients: Sequence[tuple[int, str, str]] = ((1, "Bram Jansen", "bram@example.org"),)
    sent: datetime | None = datetime(2024, 3, 4, 9, 30, tzinfo=UTC)
    html: bytes = b""
    rich: bytes = b""
    headers: str = ""
    attachments: Sequence[Attachment] = ()
    within: Sequence[Letter] = ()
    narrow: bool = False
    more: Mapping[int, str] = field(default_factory=dict)
    pages: tuple[int, int] = (1252, 65001)
    """The code page of its texts, and that of its HTML."""
    ticks: int = 0
    """The moment it was sent as a number that need not be one."""


def written(letter: Letter) -> bytes:
    """Return the .msg."""
    return compound(_message(letter, b"\0" * 8 + struct.pack("<IIII", 0, 0, 0, 0) + b"\0" * 8))


def _message(letter: Letter, head: bytes) -> Folder:
    fixed = [(number, 3, struct.pack("<Q", page)) for number, page in zip((0x3FFD, 0x3FDE), letter.pages, strict=True)]
    if letter.ticks:
        fixed.append((0x0039, 0x40, struct.pack("<Q", letter.ticks)))
    elif letter.sent is not None:
        ticks = int((letter.sent - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
        fixed.append((0x0039, 0x40, struct.pack("<Q", ticks)))
    texts = {0x0037: letter.subject, 0x1000: letter.body, 0x0C1A: letter.sender[0], 0x5D01: letter.sender[1],
             0x007D: letter.headers, **letter.more}  # fmt: skip
    folder: Folder = _texts(texts, narrow=letter.narrow)
    if letter.html:
        folder["__substg1.0_10130102"] = letter.html
    if letter.rich:
        folder["__substg1.0_10090102"] = letter.rich
    for number, (kind, name, address) in enumerate(letter.recipients):
        folder[f"__recip_version1.0_#{number:08X}"] = {
            **_texts({0x3001: name, 0x39FE: address}, narrow=letter.narrow),
            "__properties_version1.0": b"\0" * 8 + _entries([(0x0C15, 3, struct.pack("<Q", kind))]),
        }
    number = 0
    for one in letter.attachments:
        folder[f"__attach_version1.0_#{number:08X}"] = {
            **_texts({0x3707: one.name, 0x370E: one.kind}, narrow=letter.narrow),
            "__substg1.0_37010102": one.content,
            "__properties_version1.0": b"\0" * 8 + _entries([(0x3705, 3, struct.pack("<Q", 1))]),
        }
        number += 1
    for inner in letter.within:
        folder[f"__attach_version1.0_#{number:08X}"] = {
            "__substg1.0_3701000D": _message(inner, b"\0" * 24),
            "__properties_version1.0": b"\0" * 8 + _entries([(0x3705, 3, struct.pack("<Q", 5))]),
        }
        number += 1
    folder["__properties_version1.0"] = head + _entries(fixed)
    return folder


def _texts(texts: Mapping[int, str], *, narrow: bool) -> Folder:
    if narrow:
        return {f"__substg1.0_{one:04X}001E": text.encode("cp1252") for one, text in texts.items() if text}
    return {f"__substg1.0_{one:04X}001F": text.encode("utf-16-le") for one, text in texts.items() if text}


def _entries(fixed: Sequence[tuple[int, int, bytes]]) -> bytes:
    return b"".join(struct.pack("<HHI", kind, number, 6) + value for number, kind, value in fixed)


@dataclass
class _Entry:
    name: str
    kind: int
    content: bytes = b""
    left: int = FREE
    right: int = FREE
    child: int = FREE
    start: int = END
    size: int = 0


def compound(root: Folder) -> bytes:
    """Return a compound file with these folders and streams."""
    entries = [_Entry("Root Entry", 5)]
    _hang(entries, 0, root)
    sectors: list[bytes] = []
    chains: list[int] = []

    def put(content: bytes) -> int:
        first = len(sectors)
        for at in range(0, len(content), SECTOR):
            sectors.append(content[at : at + SECTOR].ljust(SECTOR, b"\0"))
            chains.append(len(sectors))
        if len(sectors) == first:
            return END
        chains[-1] = END
        return first

    small, small_chain = bytearray(), list[int]()
    for entry in entries:
        if entry.kind != 2:
            continue
        entry.size = len(entry.content)
        if entry.size >= CUTOFF:
            entry.start = put(entry.content)
        elif entry.size:
            entry.start = len(small_chain)
            count = -(-entry.size // SMALL)
            small += entry.content.ljust(count * SMALL, b"\0")
            small_chain += [*range(entry.start + 1, entry.start + count), END]
    entries[0].start, entries[0].size = put(bytes(small)), len(small)
    small_fat = put(b"".join(struct.pack("<I", one) for one in small_chain))
    small_sectors = -(-len(small_chain) * 4 // SECTOR)
    directory = put(b"".join(_directory_entry(one) for one in entries))
    fats = 1
    while -(-(len(sectors) + fats) * 4 // SECTOR) > fats:
        fats += 1
    first_fat = len(sectors)
    table = [*chains, *[FAT] * fats]
    table += [FREE] * (fats * SECTOR // 4 - len(table))
    packed = b"".join(struct.pack("<I", one) for one in table)
    assert fats <= 109
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<IIIIIIIII", 0, fats, directory, 0, CUTOFF, small_fat, small_sectors, END, 0)
    head += b"".join(struct.pack("<I", first_fat + one if one < fats else FREE) for one in range(109))
    return head + b"".join(sectors) + packed


def _hang(entries: list[_Entry], parent: int, folder: Folder) -> None:
    """Add what is in a folder, as a search tree by length of name, then name."""
    made: list[int] = []
    for name in sorted(folder, key=lambda one: (len(one), one.upper())):
        inner = folder[name]
        made.append(len(entries))
        entries.append(_Entry(name, 2, inner) if isinstance(inner, bytes) else _Entry(name, 1))
        if isinstance(inner, dict):
            _hang(entries, made[-1], inner)

    def middle(first: int, last: int) -> int:
        if first >= last:
            return FREE
        at = (first + last) // 2
        entries[made[at]].left, entries[made[at]].right = middle(first, at), middle(at + 1, last)
        return made[at]

    entries[parent].child = middle(0, len(made))


def _directory_entry(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\0\0"
    told = name.ljust(64, b"\0") + struct.pack("<HBB", len(name), entry.kind, 1)
    told += struct.pack("<III", entry.left, entry.right, entry.child) + b"\0" * 36
    return told + struct.pack("<IQ", entry.start if entry.size or entry.kind == 5 else 0, entry.size)
