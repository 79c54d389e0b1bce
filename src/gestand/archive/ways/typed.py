"""What is no e-mail becomes a message like others: a note of a telephone call, a scanned letter, what a form was filled in with.

Each is an ordinary message (RFC 5322) with the person in ``From`` and what was typed as its text, so that it is sealed, found
and kept like all others. The same note entered twice is the same bytes, and so one message.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Final

from gestand.archive.model import Way, WayKind
from gestand.kernel.clock import AMSTERDAM
from gestand.kernel.errors import InputError, Problem, UsageError

NOBODY: Final = "gestand.invalid"
"""Where there is no address (RFC 2606: never a real one)."""
NOWHERE: Final = f"nobody@{NOBODY}"
LARGEST_SCAN: Final = 100 * 1024 * 1024
LONGEST: Final = 1_000_000  # characters of a typed text
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@[^\s@<>\"(),:;\\\[\]]{1,190}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029\ud800-\udfff]+")
_SCANS: Final = {"application/pdf", "image/png", "image/jpeg", "image/tiff", "image/webp", "image/gif"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Typed:
    """A message as it is to be made. ``person``: who it came from, a name, an address, a number, or ``Name <address>``."""

    kind: WayKind
    person: str
    subject: str
    text: str
    at: datetime
    attachments: tuple[Attachment, ...] = ()
    outgoing: bool = False


def composed(typed: Typed, firm: str) -> tuple[bytes, Way]:
    """Return the message and its way; ``firm``: the firm's own address.

    :raises UsageError: ``note-empty`` if nothing was typed or nobody is named; ``note-too-long``.
    """
    if not typed.person.strip() or not (typed.text.strip() or typed.attachments):
        raise UsageError(
            "note-empty",
            "nothing was typed, or nobody is named",
            remedy="Say with --from whom it came from, and what was said.",
        )
    if len(typed.text) > LONGEST:
        raise UsageError("note-too-long", f"the text is longer than {LONGEST} characters", remedy="Add it as a file.")
    person, here = mailbox_of(typed.person), formataddr(("", firm))
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = (here, person) if typed.outgoing else (person, here)
    message["Subject"] = clean(typed.subject) or "-"
    message["Date"] = format_datetime(typed.at.astimezone(AMSTERDAM))
    message["X-Gestand-Way"] = typed.kind
    message.set_content(_plain(typed.text), cte="quoted-printable")
    boundary = hashlib.sha256(
        repr((typed.kind, typed.person, typed.text, typed.at)).encode("utf-8", "replace")
    ).hexdigest()
    for one in typed.attachments:
        main, _, sub = one.kind.partition("/")
        message.add_attachment(one.content, maintype=main, subtype=sub, filename=clean(one.name) or "file")
    if typed.attachments:
        message.set_boundary(f"=_{boundary[:32]}")  # not a random one: the same note is the same bytes
    message["Message-ID"] = f"<{hashlib.sha256(message.as_bytes()).hexdigest()[:32]}@{typed.kind}.{NOBODY}>"
    return message.as_bytes(), Way(typed.kind, typed.kind, typed.at)


def from_form(page: str, fields: Mapping[str, str], *, person: str, firm: str, at: datetime) -> tuple[bytes, Way]:
    """Return what a contact form was filled in with, as a message. ``person``: the address or name that was filled in.

    Whatever was typed in stands in the text, and never makes a header of its own.
    """
    lines = [f"{clean(name)}: {_plain(value)}" for name, value in fields.items()]
    return composed(Typed("form", person, f"Formulier {page}", "\n".join(lines), at), firm)


def scans(paths: Sequence[Path]) -> tuple[Attachment, ...]:
    """Read the scans of a letter: PDF or image.

    :raises InputError: ``letter-scan`` for each that cannot be read or is none.
    """
    found: list[Attachment] = []
    problems: list[Problem] = []
    for path in paths:
        kind = mimetypes.guess_type(path.name)[0] or ""
        try:
            content = path.read_bytes() if path.stat().st_size <= LARGEST_SCAN else b""
            why = "" if content else "it is empty, or larger than 100 MB"
        except OSError as fault:
            content, why = b"", f"it cannot be read: {fault.strerror}"
        why = why or ("" if kind in _SCANS else "it is no PDF and no image")
        if why:
            problems.append(Problem(str(path), 0, "letter-scan", why, "Scan the letter as PDF, PNG, JPEG or TIFF."))
        else:
            found.append(Attachment(path.name, kind, content))
    if problems:
        raise InputError(tuple(problems))
    return tuple(found)


def mailbox_of(person: str) -> str:
    """Return a person as a header names one: the address that was given, else a name at an address that is none."""
    found = _ADDRESS.search(person)
    if found is None:
        return formataddr((clean(person), NOWHERE))
    name = clean(person.replace(found[0], " ")).strip(" <>\"'()")
    address = found[0]
    return formataddr((name, address)) if address.isascii() else formataddr((clean(person), NOWHERE))


def clean(text: str) -> str:
    """Return a text fit for a header: one line, no control characters, not longer than 500 characters."""
    return _CONTROL.sub(" ", text).strip()[:500]


def _plain(text: str) -> str:
    """Return a text with line breaks and tabs as its only control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_CONTROL.sub(" ", line.replace("\t", "    ")) for line in lines)
