"""The heads of a message by their names, decoded (RFC 2047), whatever stands in them."""

from __future__ import annotations

import email.errors
from collections.abc import Iterator
from email.message import Message
from typing import Final

HEADS: Final = ("subject", "from", "sender", "reply-to", "to", "cc", "bcc", "date", "message-id", "in-reply-to", "references")  # fmt: skip
FAULTS: Final = (ValueError, LookupError, AttributeError, TypeError, RecursionError, AssertionError)
"""What the standard library is known to raise on hostile messages."""
Heads = dict[str, list[str]]
"""Header names in lower case, with their values in their order."""


def unfolded(head: bytes) -> Iterator[bytes]:
    """Yield each header on one line."""
    pending: list[bytes] = []
    for line in head.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"):
        if line[:1] not in {b" ", b"\t"} and pending:
            yield b" ".join(pending)
            pending = []
        pending.append(line.strip())
    yield b" ".join(pending)


def heads_of(message: Message) -> Heads:
    """Return those heads of a message that are read."""
    found: Heads = {}
    for name, value in message.raw_items():
        if name.lower() in HEADS:
            found.setdefault(name, []).append(decoded_head(str(value)))
    return found


def decoded_head(value: str) -> str:
    """Return a header with its encoded words (RFC 2047) decoded; as it stands where that fails or costs too much."""
    value = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if "=?" not in value or value.count("=?") > 200:
        return value
    from email.header import decode_header, make_header

    try:
        return str(make_header(decode_header(value)))
    except (*FAULTS, email.errors.MessageError):
        return value


def lowered(headers: Heads) -> Heads:
    """Return heads by their names in lower case."""
    found: Heads = {}
    for name, values in headers.items():
        found.setdefault(name.lower(), []).extend(values)
    return found


def charset_of(declared: str) -> str:
    """Return the charset that a Content-Type names; UTF-8 where it names none."""
    low = declared.lower()
    at = low.find("charset=")
    if at < 0:
        return "utf-8"
    return low[at + 8 :].split(";", 1)[0].strip(" \t\"'") or "utf-8"
