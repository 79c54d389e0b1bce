"""A message as a tree of parts: bytes in, the parts with their heads out. For the child that may be killed.

byte checks -> fast-mail-parser; the standard library's compat32 where that gives up; the head alone where both do. What Outlook
saved as a file of its own is no such text, and is read by ``outlook``. Limits are counted in bytes and parts before anything
is decoded, and what they leave out is said.
"""

from __future__ import annotations

import email
import email.policy
from email.message import Message
from typing import Final

import fast_mail_parser

from gestand.reading.attachments import TEXT_LIMIT
from gestand.reading.mailheads import FAULTS, HEADS, Heads, charset_of, decoded_head, heads_of, lowered, unfolded
from gestand.reading.mailpart import Part, Tree
from gestand.reading.outlook import is_outlook, opened_outlook

HEAD_LIMIT: Final = 256 * 1024
LINE_LIMIT: Final = 16 * 1024
PARTS_LIMIT: Final = 2_000
SIZE_LIMIT: Final = 32 * 1024 * 1024
TRIMMED: Final = "mail-trimmed"
"""Larger than the limits: read up to them."""
STRUCTURE: Final = "mail-structure"
"""Its parts cannot be told apart: read as one text."""


def tree_of(raw: bytes) -> Tree:
    """Return the parts of a message, up to the limits; ``why`` says what was left out."""
    if is_outlook(raw):
        return opened_outlook(raw, SIZE_LIMIT)
    kept, why = _within_limits(raw)
    tree = _by_parser(kept)
    tree.why = tree.why or why
    return tree


def _within_limits(raw: bytes) -> tuple[bytes, str]:
    """Return the message, cut where it goes beyond what is read; and the code that says so."""
    why = ""
    if len(raw) > SIZE_LIMIT:
        raw, why = raw[:SIZE_LIMIT], TRIMMED
    if b"\n" not in raw:  # lines that end in a lone CR
        raw = raw.replace(b"\r", b"\n")
    end = _end_of_head(raw)
    if end > HEAD_LIMIT:
        raw, why = _shorter_head(raw[:end]) + raw[end:], TRIMMED
    if raw.count(b"\n--", 0, len(raw)) > PARTS_LIMIT:
        at = -1
        for _ in range(PARTS_LIMIT):
            at = raw.find(b"\n--", at + 1)
        raw, why = raw[:at], TRIMMED
    return raw, why


def _end_of_head(raw: bytes) -> int:
    ends = [at for at in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n"), raw.find(b"\r\r")) if at >= 0]
    return min(ends, default=len(raw))


def _shorter_head(head: bytes) -> bytes:
    """Return a head within its limit: whole headers, addresses as far as they go, others cut."""
    told: list[bytes] = []
    left = HEAD_LIMIT
    for line in unfolded(head):
        name = line[:20].split(b":", 1)[0].strip().lower()
        limit = 8 * HEAD_LIMIT if name in {b"to", b"cc", b"bcc"} else LINE_LIMIT
        kept = line[:limit]
        if name not in {b"to", b"cc", b"bcc"}:
            left -= len(kept)
        if left > 0:
            told.append(kept)
    return b"\n".join(told)


def _by_parser(raw: bytes) -> Tree:
    try:
        return _fast(raw)
    except fast_mail_parser.ParseError:
        pass  # bad base64, odd heads, deep nesting: the older parser takes what it can
    try:
        return _standard(raw)
    except FAULTS:
        return _head_alone(raw)


def _fast(raw: bytes) -> Tree:
    tree = fast_mail_parser.parse_email_tree(raw, mode="lazy")
    read = Tree(lowered(tree.headers), [], [])
    for node in fast_mail_parser.walk(tree):
        if node.is_message:
            if node.children:
                read.inner.append(lowered(node.children[0].headers))
            continue
        content = node.content
        if content is None:
            continue
        declared = next(iter(lowered(node.headers).get("content-type", ())), "")
        kind = node.content_type.lower()
        inline = (node.disposition or "inline").lower() != "attachment" and not node.filename
        read.parts.append(Part(kind, charset_of(declared), node.filename, inline, content))
    return read


def _standard(raw: bytes) -> Tree:
    message: Message = email.message_from_bytes(raw, policy=email.policy.compat32)
    read = Tree(lowered(heads_of(message)), [], [])
    for part in message.walk():
        if part.get_content_maintype() == "multipart":
            continue
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                read.inner.append(lowered(heads_of(inner[0])))
            continue
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        name = decoded_head(part.get_filename() or "")
        inline = part.get_content_disposition() != "attachment" and not name
        read.parts.append(Part(part.get_content_type(), str(part.get_content_charset() or ""), name, inline, content))
    return read


def _head_alone(raw: bytes) -> Tree:
    """Return the head, line by line, and the rest as one text."""
    end = _end_of_head(raw)
    heads: Heads = {}
    for line in unfolded(raw[: min(end, HEAD_LIMIT)]):
        name, colon, value = line.partition(b":")
        if colon and name.strip().lower().decode("latin-1") in HEADS:
            heads.setdefault(name.strip().lower().decode("latin-1"), []).append(
                decoded_head(value.decode("utf-8", "replace"))
            )
    rest = raw[end : end + TEXT_LIMIT]
    return Tree(heads, [], [Part("text/plain", "utf-8", "", inline=True, content=rest)], STRUCTURE, sound=False)
