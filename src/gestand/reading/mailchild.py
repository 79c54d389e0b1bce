"""The child that reads mail: hostile bytes are parsed here and nowhere else.

It has no file but its two pipes and can open none, so no network either; it writes no file, and is ended by the kernel
beyond its memory or processor time, and by its parent beyond the clock. On the pipes: what is asked (a byte and a number),
four bytes of length, then a message; back: four bytes of length, then JSON, HTML, an attachment, or whether it was found.
"""

from __future__ import annotations

import encodings
import importlib
import json
import pkgutil
import resource
import struct
import sys
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, Final

from gestand.reading import outlook
from gestand.reading.mail import Address, Attached, Found, Mail

LENGTH: Final = struct.Struct(">I")
ASKED: Final = struct.Struct(">BII")
"""What is asked, its number (of ``FIND``: how many messages), the length of what is behind it."""
READ, HTML, ATTACHMENT, NEEDLE, FIND, DOCUMENT = range(6)
MEMORY: Final = 1_500_000_000
DOCUMENT_LIMIT: Final = 20_000_000
"""Characters taken of one file that is asked for by itself."""
SECONDS: Final = 7
"""Processor time for one message; its parent waits a little longer by the clock."""
_OPEN_FILES: Final = 3
_VAT_COUNTRIES: Final = [
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "EL",
    "ES",
    "FI",
    "FR",
    "GR",
    "HR",
    "HU",
    "IE",
    "IT",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
    "XI",
]


def to_wire(mail: Mail) -> bytes:
    """Return what was read as JSON."""
    told = (
        mail.parsed, mail.why, mail.subject, mail.sent, mail.message_id, mail.references, mail.sender, mail.recipients,
        mail.body, mail.attachments, mail.attached, mail.found, mail.head, mail.textless,
    )  # fmt: skip
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), check_circular=False).encode("utf-8", "replace")


def from_wire(content: bytes) -> Mail:
    """Undo ``to_wire``; what comes is not trusted.

    :raises ValueError: if it is not what a child writes.
    """
    told: Any = json.loads(content)
    try:
        (
            parsed, why, subject, sent, message_id, references, sender, recipients, body, attachments, attached, found,
            head, textless,
        ) = told  # fmt: skip
        mail = Mail(
            parsed=bool(parsed),
            why=_text(why),
            subject=_text(subject),
            sent=_text(sent),
            message_id=_text(message_id),
            references=tuple(map(_text, references)),
            sender=tuple(Address(_text(name), _text(address)) for name, address in sender),
            recipients=tuple(Address(_text(name), _text(address)) for name, address in recipients),
            body=_text(body),
            attachments=tuple(Attached(_text(name), _text(kind), int(size)) for name, kind, size in attachments),
            attached=_text(attached),
            found=tuple(Found(_text(kind), _text(normal)) for kind, normal in found),
            head=tuple(map(_text, head)),
            textless=int(textless),
        )
    except (TypeError, RecursionError) as fault:
        raise ValueError(str(fault)) from None
    return mail


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def serve(source: BinaryIO, target: BinaryIO) -> None:
    """Read messages until there are no more."""
    from gestand.reading.attachments import read_document
    from gestand.reading.mailparse import attachment_of, holds, html_of, read_mail
    from gestand.reading.sanitising import sanitised

    needle = ""
    while len(head := source.read(ASKED.size)) == ASKED.size:
        asked, number, length = ASKED.unpack(head)
        raw = source.read(length)
        _more_time()
        if asked == READ:
            answer = to_wire(read_mail(raw))
        elif asked == FIND:
            # Before it is told what to look for, nothing is found.
            answer = bytes(holds(one, needle) for one in _apart(raw, number)) if needle else b""
        elif asked == HTML:
            answer = sanitised(html_of(raw)).encode("utf-8", "replace")
        elif asked == ATTACHMENT:
            answer = attachment_of(raw, number)
        elif asked == DOCUMENT:
            name, _, content = raw.partition(b"\0")
            text, whole = read_document(name.decode("utf-8", "replace"), "", content, limit=DOCUMENT_LIMIT)
            answer = bytes([whole]) + text.encode("utf-8", "replace")
        else:
            needle, answer = raw.decode("utf-8", "replace"), b""
        target.write(LENGTH.pack(len(answer)) + answer)
        target.flush()


def together(messages: Sequence[bytes]) -> bytes:
    """Return messages as they go to the child in one question: their lengths, then they themselves."""
    return b"".join([*(LENGTH.pack(len(one)) for one in messages), *messages])


def _apart(joined: bytes, count: int) -> Iterator[bytes]:
    """Undo ``together``, one message at a time."""
    at = count * LENGTH.size
    for (length,) in LENGTH.iter_unpack(joined[:at]):
        yield joined[at : at + length]
        at += length


def _more_time() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soon = int(used.ru_utime + used.ru_stime) + SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soon, resource.RLIM_INFINITY))


def _load() -> None:
    """Import whatever could be asked for later: afterwards no file can be opened."""
    for one in pkgutil.iter_modules(encodings.__path__):
        if one.name not in {"mbcs", "oem"}:
            importlib.import_module(f"encodings.{one.name}")
    for name in (
        "email.header",
        "email.errors",
        "email.quoprimime",
        "email.base64mime",
        "email.parser",
        "email.utils",
        "quopri",
        "zipfile",
        "pypdfium2",
        "lzma",
        "bz2",
        "stdnum.iban",
        "stdnum.eu.vat",
        "stdnum.be.iban",
        "stdnum.es.iban",
    ):
        importlib.import_module(name)
    if outlook.readable():
        importlib.import_module("olefile")
    import phonenumbers

    from gestand.reading.attachments import text_of_html
    from gestand.reading.mailparse import read_mail
    from gestand.reading.numbers import check_vat
    from gestand.reading.sanitising import sanitised

    phonenumbers.PhoneMetadata.load_all()
    for country in _VAT_COUNTRIES:
        check_vat(f"{country}123456789", refuse_bsn=False)
    read_mail(
        b"From: =?utf-8?q?a?= <a@example.nl>\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n<p>06-12345678 NL91ABNA0417164300 "
        b"+32 2 555 12 12 FR7630006000011234567890189"
    )
    text_of_html("<p>x")
    sanitised('<p><a href="https://example.org">x</a>')


def main() -> None:
    """Serve the parent on standard input and output."""
    _load()
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    serve(sys.stdin.buffer, sys.stdout.buffer)
