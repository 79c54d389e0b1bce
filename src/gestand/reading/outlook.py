"""What Outlook saves as a file: a .msg, a file system in itself with a message's properties ([MS-OXMSG], [MS-CFB]).

For the child that may be killed. The file system is opened by ``olefile``, an extra; without it such a file is told from
others and no more. Names of properties are those of [MS-OXPROPS]; a body that is there as compressed RTF alone is unpacked
([MS-OXRTFCP]).
"""

from __future__ import annotations

import codecs
import email
import email.policy
import importlib.util
import io
import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import Any, Final

from gestand.reading.mailheads import FAULTS, Heads, heads_of, lowered
from gestand.reading.mailpart import Part, Tree
from gestand.reading.rich import rich_of, text_of_rich

MISSING: Final = "outlook-extra-missing"
"""The extra that reads it is not installed."""
DAMAGED: Final = "outlook-damaged"
"""It is no whole file system, or one without a message."""
TOO_LARGE: Final = "outlook-too-large"
ATTACHMENTS: Final = 2_000
RECIPIENTS: Final = 20_000
DEPTH: Final = 10
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROPERTIES: Final = "__properties_version1.0"
_MARK: Final = _PROPERTIES.encode("utf-16-le")
_EMBEDDED: Final = 5
_TOP_HEAD, _INNER_HEAD, _PART_HEAD = 32, 24, 8
_ENTRY: Final = struct.Struct("<HHI8s")
_EPOCH: Final = datetime(1601, 1, 1, tzinfo=UTC)
_OF_HEAD: Final = ("from", "sender", "reply-to", "to", "cc", "bcc", "date", "message-id", "in-reply-to", "references")
_KINDS: Final = {1: "to", 2: "cc", 3: "bcc"}
_PAGES: Final = {65001: "utf-8", 1200: "utf-16-le", 20127: "ascii", 28591: "iso-8859-1", 28592: "iso-8859-2", 28605: "iso-8859-15"}  # fmt: skip
_BROKEN: Final = (*FAULTS, OSError, struct.error, IndexError, KeyError, OverflowError, EOFError)
"""What a damaged or hostile file system raises."""
# The properties that are read, by their numbers in [MS-OXPROPS]. Of the message:
_SUBJECT: Final = 0x0037
_BODY: Final = 0x1000
_HTML: Final = 0x1013
_RTF: Final = 0x1009
_HEADERS: Final = 0x007D
_ID: Final = 0x1035
_ANSWERS: Final = 0x1042
_REFERENCES: Final = 0x1039
_SENT: Final = 0x0039
_DELIVERED: Final = 0x0E06
_PAGE: Final = 0x3FFD
_NET_PAGE: Final = 0x3FDE
# of somebody it went to:
_NAME: Final = 0x3001
_ADDRESS: Final = 0x3003
_SMTP: Final = 0x39FE
_RECIPIENT_KIND: Final = 0x0C15
# of an attachment, which may have a _NAME too:
_CONTENT: Final = 0x3701
_LONG_FILE: Final = 0x3707
_FILE: Final = 0x3704
_MEDIA: Final = 0x370E
_METHOD: Final = 0x3705
_SENDERS: Final = ((0x0C1A, (0x5D01, 0x0C1F)), (0x0042, (0x5D02, 0x0065)))
"""Name and addresses of who sent it, and of who it was sent for."""


def is_outlook(raw: bytes) -> bool:
    """Say whether some bytes are a message as Outlook saves it, by their first bytes and the name of its properties."""
    return raw.startswith(_OLE) and _MARK in raw


def is_office_file(start: bytes) -> bool:
    """Say whether a file begins as Outlook's messages and older Office documents do."""
    return start.startswith(_OLE)


@cache
def readable() -> bool:
    """Say whether the extra that reads such messages is installed."""
    return importlib.util.find_spec("olefile") is not None


def opened_outlook(raw: bytes, limit: int) -> Tree:
    """Return the heads and parts of a .msg of at most ``limit`` bytes; ``why`` says what was in the way."""
    if not readable():
        return Tree({}, [], [], MISSING, sound=False)
    if len(raw) > limit:
        return Tree({}, [], [], TOO_LARGE, sound=False)
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(raw)) as opened:  # type: ignore[no-untyped-call]
            tree = Tree({}, [], [])
            _read(_Storage(opened, (), _TOP_HEAD), tree, DEPTH)
            return tree
    except _BROKEN:
        return Tree({}, [], [], DAMAGED, sound=False)


class _Storage:
    """A folder of the file system with properties: the message, a recipient, an attachment, a message within it."""

    def __init__(self, opened: Any, path: tuple[str, ...], head: int) -> None:
        self._opened, self._path, self._head = opened, path, head
        self._fixed = self._properties()
        self.charset = _charset(self.number(_PAGE)) or _charset(self.number(_NET_PAGE)) or "cp1252"

    def below(self, name: str, head: int) -> _Storage:
        return _Storage(self._opened, (*self._path, name), head)

    def holds(self, name: str) -> bool:
        return bool(self._opened.exists([*self._path, name]))

    def named(self, beginning: str) -> list[str]:
        """Return the folders here whose names begin so, in their order."""
        depth = len(self._path)
        found = (one[depth] for one in self._opened.listdir(streams=False, storages=True) if len(one) == depth + 1 and tuple(one[:depth]) == self._path)  # fmt: skip
        return sorted(name for name in found if name.startswith(beginning))

    def bytes_of(self, prop: int, kind: int = 0x0102) -> bytes:
        name = f"__substg1.0_{prop:04X}{kind:04X}"
        if not self.holds(name):
            return b""
        content: bytes = self._opened.openstream([*self._path, name]).read()
        return content

    def text(self, prop: int) -> str:
        wide = self.bytes_of(prop, 0x001F)
        if wide:
            return wide.decode("utf-16-le", "replace").rstrip("\x00")
        return self.bytes_of(prop, 0x001E).decode(self.charset, "replace").rstrip("\x00")

    def number(self, prop: int) -> int:
        return int.from_bytes(self._fixed.get(prop, b"")[:4], "little")

    def instant(self, prop: int) -> str:
        """Return a moment as a Date header tells it; empty if there is none, or none that can be."""
        ticks = int.from_bytes(self._fixed.get(prop, b""), "little")
        try:
            return format_datetime(_EPOCH + timedelta(microseconds=ticks // 10)) if ticks else ""
        except OverflowError:
            return ""

    def _properties(self) -> dict[int, bytes]:
        if not self.holds(_PROPERTIES):
            return {}
        stream: bytes = self._opened.openstream([*self._path, _PROPERTIES]).read()[self._head :]
        whole = stream[: len(stream) // _ENTRY.size * _ENTRY.size]
        return {number: value for _, number, _, value in _ENTRY.iter_unpack(whole)}


def _read(message: _Storage, tree: Tree, depth: int, heads: Heads | None = None) -> None:
    """Add a message to a tree; ``heads``: where its heads go, for one that is within another."""
    heads = tree.heads if heads is None else heads
    nameless = _fill(heads, message)
    body = message.text(_BODY) or text_of_rich(rich_of(message.bytes_of(_RTF)))
    marked = message.bytes_of(_HTML)
    for text in (body, nameless):
        if text:
            tree.parts.append(Part("text/plain", "utf-8", "", inline=True, content=text.encode("utf-8", "replace")))
    if marked or message.text(_HTML):
        content = marked or message.text(_HTML).encode("utf-8", "replace")
        charset = (_charset(message.number(_NET_PAGE)) or message.charset) if marked else "utf-8"
        tree.parts.append(Part("text/html", charset, "", inline=True, content=content))
    for name in message.named("__attach_version1.0_#")[:ATTACHMENTS]:
        attachment = message.below(name, _PART_HEAD)
        within = f"__substg1.0_{_CONTENT:04X}000D"
        if attachment.number(_METHOD) == _EMBEDDED and attachment.holds(within):
            if depth and len(tree.inner) < ATTACHMENTS:
                tree.inner.append({})
                _read(attachment.below(within, _INNER_HEAD), tree, depth - 1, tree.inner[-1])
            continue
        named = attachment.text(_LONG_FILE) or attachment.text(_FILE) or attachment.text(_NAME)
        kind = attachment.text(_MEDIA).lower() or "application/octet-stream"
        tree.parts.append(Part(kind, "utf-8", named, inline=False, content=attachment.bytes_of(_CONTENT)))


def _fill(heads: Heads, message: _Storage) -> str:
    """Fill in the heads of a message, and return who is named in it without an address."""
    came = _came_with(message.text(_HEADERS))
    nameless: list[str] = []
    for name, mailbox in _people(message):
        if mailbox.endswith(">"):
            heads.setdefault(name, []).append(mailbox)
        else:
            nameless.append(mailbox)
    for name in _OF_HEAD:
        heads.setdefault(name, []).extend(came.get(name, ()))
    own = {"subject": message.text(_SUBJECT), "message-id": message.text(_ID), "in-reply-to": message.text(_ANSWERS),
           "references": message.text(_REFERENCES), "date": message.instant(_SENT) or message.instant(_DELIVERED)}  # fmt: skip
    for name, value in own.items():
        if value and not heads.get(name):
            heads[name] = [value]
    return "\n".join(one for one in nameless if one)


def _came_with(written: str) -> Heads:
    """Return the heads with which a message came in over the internet."""
    if not written.strip():
        return {}
    parsed = email.message_from_string(written.strip() + "\n\n", policy=email.policy.compat32)
    return lowered(heads_of(parsed))


def _people(message: _Storage) -> Iterator[tuple[str, str]]:
    """Yield who sent a message and to whom it went, each with the head they stand in."""
    for name, addresses in _SENDERS:
        yield "from", _mailbox(message.text(name), [message.text(address) for address in addresses])
    for storage in message.named("__recip_version1.0_#")[:RECIPIENTS]:
        one = message.below(storage, _PART_HEAD)
        mailbox = _mailbox(one.text(_NAME), [one.text(_SMTP), one.text(_ADDRESS)])
        yield _KINDS.get(one.number(_RECIPIENT_KIND), "to"), mailbox


def _mailbox(name: str, addresses: Sequence[str]) -> str:
    """Return a person as a header names one; the name alone where no address is one of the internet."""
    plain = " ".join(name.replace('"', "'").replace("\\", " ").split())
    address = next((one.strip() for one in addresses if "@" in one), "")
    return f'"{plain}" <{address}>' if address else plain


def _charset(page: int) -> str:
    """Return how letters are written on a code page of Windows; empty for none, or one that is not known."""
    name = _PAGES.get(page) or (f"cp{page}" if 0 < page < 65000 else "")
    try:
        return codecs.lookup(name).name if name else ""
    except LookupError:
        return ""
