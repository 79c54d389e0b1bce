"""Reading one message: bytes in, what it says out. For the child that may be killed; hostile input is the rule here.

the tree of parts (``mailtree``, within its limits) -> head, text, attachments -> identifiers. What is left out is said
(``why``), never silently dropped: the sealed original has it all.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

from gestand.reading.attachments import NOTHING, TEXT_LIMIT, decoded, read_document, text_of_html
from gestand.reading.discover import discover
from gestand.reading.mail import Address, Attached, Found, Mail
from gestand.reading.mailheads import Heads
from gestand.reading.mailpart import Part
from gestand.reading.mailtree import LINE_LIMIT, TRIMMED, tree_of
from gestand.reading.marks import without_marks

ADDRESSES: Final = 20_000
FOUND_LIMIT: Final = 5_000
_OTHER_CHARSET: Final = re.compile(rb'charset(?!="?(?:utf-8|us-ascii|iso-8859-1))')
"""A charset that is named and may write ASCII letters with other bytes, or in a way not understood here."""


def read_mail(raw: bytes) -> Mail:
    """Return what a message says."""
    read = tree_of(raw)
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
        parsed=read.sound,
        why=read.why or (TRIMMED if trimmed else ""),
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
    read = tree_of(raw)
    body, attachments, attached, _, _ = _texts(read.parts)
    texts = [body, attached, *(one.name for one in attachments)]
    texts += [_run_together(part) for part in read.parts if part.kind == "text/html"]
    texts += [value for heads in (read.heads, *read.inner) for values in heads.values() for value in values]
    return any(needle in (text.lower() if text.isascii() else text.casefold()) for text in texts)


def _says_otherwise(raw: bytes, low: bytes, needle: str) -> bool:
    """Say whether a message can say what does not stand in its bytes: encoded, marked up, packed, or folded words."""
    if not raw.isascii() or not needle.isalnum():
        return True
    return _OTHER_CHARSET.search(low) is not None or _signs().search(low) is not None


def _run_together(part: Part) -> str:
    """Return the words of HTML with nothing where its marks stand: ``zo<b>mer</b>`` is one word, whatever the index says."""
    return html.unescape(without_marks(decoded(part.content[: 4 * TEXT_LIMIT], part.charset)))


def html_of(raw: bytes) -> str:
    """Return the HTML that a message shows, as it came: to be sanitised."""
    parts = [part for part in tree_of(raw).parts if part.inline and part.kind == "text/html"]
    return "\n".join(decoded(part.content, part.charset) for part in parts)[: 2 * TEXT_LIMIT]


def attachment_of(raw: bytes, number: int) -> bytes:
    """Return the bytes of an attachment, counted as ``read_mail`` lists them; empty if there is none."""
    found = [part for part in tree_of(raw).parts if not part.shown]
    return found[number].content if number < len(found) else b""


def _texts(parts: Sequence[Part]) -> tuple[str, list[Attached], str, int, bool]:
    """Return the text shown, the attachments, their text, how many were not read whole, and whether something was cut."""
    plain: list[str] = []
    marked: list[str] = []
    attachments: list[Attached] = []
    attached: list[str] = []
    left, textless, trimmed = 2 * TEXT_LIMIT, 0, False
    for part in parts:
        if part.shown:
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
def _signs() -> Any:
    """Return what stands in a message that says something else than its bytes: encodings, markup, attachments."""
    import re2

    compiled: Callable[..., Any] = re2.compile
    return compiled(rb"base64|quoted-printable|uue|=\?|html|xml|application/|image/|audio/|video/|name|%")


def _one(heads: Heads, name: str) -> str:
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
