"""Reading one message: bytes in, what it says out. For the child that may be killed; hostile input is the rule here.

byte checks -> the tree of parts (fast-mail-parser; the standard library's compat32 where that gives up; the head alone where
both do) -> head, text, attachments -> identifiers. Limits are counted in bytes and parts before anything is decoded, and
what they leave out is said (``why``), never silently dropped: the sealed original has it all.
"""

from __future__ import annotations

import email
import email.policy
import html
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from functools import cache
from typing import Any, Final

import fast_mail_parser

from gestand.reading.attachments import NOTHING, TEXT_LIMIT, decoded, read_document, text_of_html
from gestand.reading.discover import discover
from gestand.reading.mail import Address, Attached, Found, Mail

HEAD_LIMIT: Final = 256 * 1024
LINE_LIMIT: Final = 16 * 1024
PARTS_LIMIT: Final = 2_000
SIZE_LIMIT: Final = 32 * 1024 * 1024
ADDRESSES: Final = 20_000
FOUND_LIMIT: Final = 5_000
TRIMMED: Final = "mail-trimmed"
"""Larger than the limits: read up to them."""
STRUCTURE: Final = "mail-structure"
"""Its parts cannot be told apart: read as one text."""
_HEADS: Final = ("subject", "from", "sender", "reply-to", "to", "cc", "bcc", "date", "message-id", "in-reply-to", "references")  # fmt: skip
_ASCII_BASED: Final = (b"utf-8", b"us-ascii", b"iso-8859-1")
_FAULTS: Final = (ValueError, LookupError, AttributeError, TypeError, RecursionError, AssertionError)
"""What the standard library is known to raise on hostile messages."""


@dataclass(slots=True)
class _Part:
    """A leaf of the tree: its kind, charset, name, whether it is shown in the text, and its bytes."""

    kind: str
    charset: str
    name: str
    inline: bool
    content: bytes


@dataclass(slots=True)
class _Read:
    """A message as a parser gave it. Header names in lower case."""

    heads: dict[str, list[str]]
    inner: list[dict[str, list[str]]]
    parts: list[_Part]
    why: str = ""


def read_mail(raw: bytes) -> Mail:
    """Return what a message says."""
    kept, why = _within_limits(raw)
    read = _by_parser(kept)
    why = read.why or why
    body, attachments, attached, textless, trimmed = _texts(read.parts)
    heads = read.heads
    subject = _one(heads, "subject")
    sender = _addresses([*heads.get("from", ()), *heads.get("sender", ()), *heads.get("reply-to", ())])
    recipients = _addresses([*heads.get("to", ()), *heads.get("cc", ()), *heads.get("bcc", ())])
    head = tuple(dict.fromkeys(one.address for one in (*sender, *recipients)))[:ADDRESSES]
    for one in read.inner:  # a message within a message: its people are in this one too
        sender += _addresses(one.get("from", ()))
        recipients += _addresses([*one.get("to", ()), *one.get("cc", ())])
        body = f"{body}\n{_one(one, 'subject')}"
    found = {Found(spot.kind.value, spot.normal) for text in (subject, body, attached) for spot in discover(text)}
    return Mail(
        parsed=read.why != STRUCTURE,
        why=why or (TRIMMED if trimmed else ""),
        subject=_clean(subject)[:LINE_LIMIT],
        sent=_one(heads, "date")[:200],
        message_id=_first_id(_one(heads, "message-id")),
        references=_ids(" ".join([*heads.get("references", ()), *heads.get("in-reply-to", ())])),
        sender=tuple(dict.fromkeys(sender)),
        recipients=tuple(dict.fromkeys(recipients))[:ADDRESSES],
        body=_clean(body),
        attachments=tuple(attachments),
        attached=_clean(attached),
        found=tuple(sorted(found)[:FOUND_LIMIT]),
        head=head,
        textless=textless,
    )


def holds(raw: bytes, needle: str) -> bool:
    """Say whether ``needle`` (case folded) stands anywhere in what a message says, or in its bytes as they are."""
    if needle.isascii():
        low = raw.lower()
        if needle.encode() in low:
            return True
        if not _says_otherwise(raw, low, needle):
            return False
    kept, _ = _within_limits(raw)
    read = _by_parser(kept)
    body, attachments, attached, _, _ = _texts(read.parts)
    texts = [body, attached, *(one.name for one in attachments)]
    texts += [_run_together(part) for part in read.parts if part.kind == "text/html"]
    texts += [value for heads in (read.heads, *read.inner) for values in heads.values() for value in values]
    return any(needle in (text.lower() if text.isascii() else text.casefold()) for text in texts)


def _says_otherwise(raw: bytes, low: bytes, needle: str) -> bool:
    """Say whether a message can say what does not stand in its bytes: encoded, marked up, packed, or folded words."""
    if not raw.isascii() or not needle.isalnum():
        return True
    named = low.count(b"charset")
    plain = sum(low.count(b"charset=" + quote + one) for one in _ASCII_BASED for quote in (b"", b'"')) if named else 0
    return named != plain or _signs().search(low) is not None


def _run_together(part: _Part) -> str:
    """Return the words of HTML with nothing where its marks stand: ``zo<b>mer</b>`` is one word, whatever the index says."""
    return html.unescape(_marks().sub("", decoded(part.content[: 4 * TEXT_LIMIT], part.charset)))


def html_of(raw: bytes) -> str:
    """Return the HTML that a message shows, as it came: to be sanitised."""
    kept, _ = _within_limits(raw)
    parts = [part for part in _by_parser(kept).parts if part.inline and part.kind == "text/html"]
    return "\n".join(decoded(part.content, part.charset) for part in parts)[: 2 * TEXT_LIMIT]


def attachment_of(raw: bytes, number: int) -> bytes:
    """Return the bytes of an attachment, counted as ``read_mail`` lists them; empty if there is none."""
    kept, _ = _within_limits(raw)
    found = [part for part in _by_parser(kept).parts if not _shown(part)]
    return found[number].content if number < len(found) else b""


def _shown(part: _Part) -> bool:
    """Say whether a part is text of the message, and no attachment."""
    return part.inline and part.kind.startswith("text/") and part.kind != "text/calendar"


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
    for line in _unfolded(head):
        name = line[:20].split(b":", 1)[0].strip().lower()
        limit = 8 * HEAD_LIMIT if name in {b"to", b"cc", b"bcc"} else LINE_LIMIT
        kept = line[:limit]
        if name not in {b"to", b"cc", b"bcc"}:
            left -= len(kept)
        if left > 0:
            told.append(kept)
    return b"\n".join(told)


def _unfolded(head: bytes) -> Iterator[bytes]:
    """Yield each header on one line."""
    pending: list[bytes] = []
    for line in head.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"):
        if line[:1] not in {b" ", b"\t"} and pending:
            yield b" ".join(pending)
            pending = []
        pending.append(line.strip())
    yield b" ".join(pending)


def _by_parser(raw: bytes) -> _Read:
    try:
        return _fast(raw)
    except fast_mail_parser.ParseError:
        pass  # bad base64, odd heads, deep nesting: the older parser takes what it can
    try:
        return _standard(raw)
    except _FAULTS:
        return _head_alone(raw)


def _fast(raw: bytes) -> _Read:
    tree = fast_mail_parser.parse_email_tree(raw, mode="lazy")
    read = _Read(_lowered(tree.headers), [], [])
    for node in fast_mail_parser.walk(tree):
        if node.is_message:
            if node.children:
                read.inner.append(_lowered(node.children[0].headers))
            continue
        content = node.content
        if content is None:
            continue
        declared = next(iter(_lowered(node.headers).get("content-type", ())), "")
        kind = node.content_type.lower()
        inline = (node.disposition or "inline").lower() != "attachment" and not node.filename
        read.parts.append(_Part(kind, _charset(declared), node.filename, inline, content))
    return read


def _standard(raw: bytes) -> _Read:
    message: Message = email.message_from_bytes(raw, policy=email.policy.compat32)
    read = _Read(_lowered(_heads_of(message)), [], [])
    for part in message.walk():
        if part.get_content_maintype() == "multipart":
            continue
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                read.inner.append(_lowered(_heads_of(inner[0])))
            continue
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        name = _decoded_head(part.get_filename() or "")
        inline = part.get_content_disposition() != "attachment" and not name
        read.parts.append(_Part(part.get_content_type(), str(part.get_content_charset() or ""), name, inline, content))
    return read


def _head_alone(raw: bytes) -> _Read:
    """Return the head, line by line, and the rest as one text."""
    end = _end_of_head(raw)
    heads: dict[str, list[str]] = {}
    for line in _unfolded(raw[: min(end, HEAD_LIMIT)]):
        name, colon, value = line.partition(b":")
        if colon and name.strip().lower().decode("latin-1") in _HEADS:
            heads.setdefault(name.strip().lower().decode("latin-1"), []).append(
                _decoded_head(value.decode("utf-8", "replace"))
            )
    rest = raw[end : end + TEXT_LIMIT]
    return _Read(heads, [], [_Part("text/plain", "utf-8", "", True, rest)], STRUCTURE)  # noqa: FBT003 - a field


def _heads_of(message: Message) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        if name.lower() in _HEADS:
            found.setdefault(name, []).append(_decoded_head(str(value)))
    return found


def _decoded_head(value: str) -> str:
    """Return a header with its encoded words (RFC 2047) decoded; as it stands where that fails or costs too much."""
    value = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if "=?" not in value or value.count("=?") > 200:
        return value
    from email.header import decode_header, make_header

    try:
        return str(make_header(decode_header(value)))
    except (*_FAULTS, email.errors.MessageError):
        return value


def _lowered(headers: dict[str, list[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, values in headers.items():
        found.setdefault(name.lower(), []).extend(values)
    return found


def _charset(declared: str) -> str:
    low = declared.lower()
    at = low.find("charset=")
    if at < 0:
        return "utf-8"
    return low[at + 8 :].split(";", 1)[0].strip(" \t\"'") or "utf-8"


def _texts(parts: Sequence[_Part]) -> tuple[str, list[Attached], str, int, bool]:
    """Return the text shown, the attachments, their text, how many were not read whole, and whether something was cut."""
    plain: list[str] = []
    marked: list[str] = []
    attachments: list[Attached] = []
    attached: list[str] = []
    left, textless, trimmed = 2 * TEXT_LIMIT, 0, False
    for part in parts:
        if _shown(part):
            text = decoded(part.content[: 4 * TEXT_LIMIT], part.charset)
            (marked if part.kind == "text/html" else plain).append(text)
            continue
        attachments.append(Attached(_clean(part.name)[:255], part.kind[:100], len(part.content)))
        text, whole = read_document(part.name, part.kind, part.content) if left > 0 else NOTHING
        textless += not whole or len(text) > left
        text = text[:left]
        left -= len(text)
        trimmed = trimmed or left <= 0
        attached.append(text)
    body = "\n".join(plain)
    if marked:
        shown = "\n".join(text_of_html(one) for one in marked)
        if len(shown) > 2 * len(body) or not body.strip():
            body = f"{body}\n{shown}" if body.strip() else shown
    if len(body) > TEXT_LIMIT:
        body, trimmed = body[:TEXT_LIMIT], True
    return body, attachments, "\n".join(attached), textless, trimmed


def _addresses(values: Sequence[str]) -> list[Address]:
    """Return the mailboxes in address headers, in one linear pass."""
    found: list[Address] = []
    for value in values:
        for match in _mailbox().finditer(value):
            address = (match.group(3) or match.group(4) or "").casefold()
            name = " ".join((match.group(1) or match.group(2) or "").split())
            if address:
                found.append(Address(_clean(name.replace('\\"', '"'))[:200], address[:320]))
    return found


@cache
def _mailbox() -> Any:
    import re2

    compiled: Callable[..., Any] = re2.compile

    return compiled(
        r'(?:"((?:[^"\\]|\\.)*)"|([^<>,;:"]*))\s*<\s*([^<>\s@]+@[^<>\s,;]+)\s*>|([^\s<>,;:"()@]+@[^\s<>,;:"()@]+)'
    )


@cache
def _marks() -> Any:
    import re2

    compiled: Callable[..., Any] = re2.compile
    return compiled(r"<[^>]*>")


@cache
def _signs() -> Any:
    """Return what stands in a message that says something else than its bytes: encodings, markup, attachments."""
    import re2

    compiled: Callable[..., Any] = re2.compile
    return compiled(rb"base64|quoted-printable|uue|=\?|html|xml|application/|image/|audio/|video/|name|%")


def _one(heads: dict[str, list[str]], name: str) -> str:
    values = heads.get(name)
    return values[0] if values else ""


def _ids(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in (_first_id(word) for word in value[: 4 * LINE_LIMIT].split()) if one))[
        -100:
    ]


def _first_id(value: str) -> str:
    found = value.strip()
    start = found.find("<")
    if start >= 0:
        found = found[start + 1 :].split(">", 1)[0]
    return found.strip()[:998]


def _clean(text: str) -> str:
    """Return text that every later step can hold: no lone surrogates, no NUL."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\x00", " ") if "\x00" in text else text
