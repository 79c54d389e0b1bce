"""Rich text: the words of RTF, and RTF as Outlook packs it ([MS-OXRTFCP]) or hides HTML in it ([MS-OXRTFEX])."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from functools import cache
from typing import Any, Final

LARGEST: Final = 16 * 1024 * 1024
"""Bytes that packed RTF may come to."""
_HEAD: Final = struct.Struct("<IIII")
_PACKED, _PLAIN = 0x75465A4C, 0x414C454D
_WINDOW: Final = 4096
_BEGIN: Final = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
"""With what the window is filled before the first byte."""


def text_of_rich(content: bytes) -> str:
    """Return the text of RTF: its letters, with the words that rule its form left out."""
    text = _without_markup(content).decode("cp1252", "replace")
    text = re.sub(r"\\'([0-9a-fA-F]{2})", lambda hex_: bytes.fromhex(hex_[1]).decode("cp1252", "replace"), text)
    text = re.sub(r"\\u(-?\d{1,6}) ?\??", lambda point: chr(int(point[1]) % 0x10000), text)
    text = re.sub(r"\\(?:par|line|tab|cell|row)\b ?", "\n", text)
    return re.sub(r"\\[a-z]{1,32}-?\d{0,10} ?|\\\*|[{}]", "", text).encode("utf-8", "replace").decode("utf-8")


def rich_of(packed: bytes) -> bytes:
    """Return RTF as Outlook packed it; what is cut off gives what came before, what is no such thing gives nothing."""
    if len(packed) < _HEAD.size:
        return b""
    _, size, kind, _ = _HEAD.unpack(packed[: _HEAD.size])
    content = packed[_HEAD.size :]
    if kind == _PLAIN:
        return content[: min(size, LARGEST)]
    return _unpacked(content, min(size, LARGEST)) if kind == _PACKED else b""


def _unpacked(content: bytes, size: int) -> bytes:
    """Return what was packed: a byte of flags, then eight letters or references into the last 4,096 bytes."""
    window = bytearray(_BEGIN.ljust(_WINDOW, b"\x00"))
    write, at, told = len(_BEGIN), 0, bytearray()
    while at < len(content) and len(told) < size:
        flags = content[at]
        at += 1
        for bit in range(8):
            if flags >> bit & 1:
                if at + 2 > len(content):
                    return bytes(told[:size])
                reference = content[at] << 8 | content[at + 1]
                at += 2
                offset, length = reference >> 4, (reference & 15) + 2
                if offset == write:  # so the end is said
                    return bytes(told[:size])
            else:
                if at >= len(content):
                    return bytes(told[:size])
                window[write], offset, length = content[at], write, 1
                at += 1
            for place in range(offset, offset + length):  # one by one: a reference may run into what it writes
                letter = window[place % _WINDOW]
                told.append(letter)
                window[write] = letter
                write = (write + 1) % _WINDOW
    return bytes(told[:size])


def _without_markup(content: bytes) -> bytes:
    """Return RTF without the HTML tags that it was made from, and without what stands in their place for RTF alone."""
    if b"\\fromhtml1" not in content[:1024]:
        return content
    hidden, tags = _patterns()
    return bytes(tags.sub(b" ", hidden.sub(b"", content)))


@cache
def _patterns() -> tuple[Any, Any]:
    import re2

    compiled: Callable[..., Any] = re2.compile
    return compiled(rb"(?s)\\htmlrtf\b[^0].*?\\htmlrtf0 ?"), compiled(rb"\{\\\*\\htmltag\d* ?[^{}]*\}")
