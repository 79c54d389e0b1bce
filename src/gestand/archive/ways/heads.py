"""The head of a message, by bytes alone: where it ends, its fields, when the message came. Nothing is decoded."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

HEAD: Final = 256 * 1024  # bytes of a head that are looked at
EARLIEST: Final = datetime(1982, 8, 13, tzinfo=UTC)  # RFC 822
_LONGEST_DATE: Final = 100
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_FOLD = re.compile(r"\r?\n(?![ \t])")


def split_head(raw: bytes) -> tuple[bytes, bytes]:
    """Cut a message at its first empty line; a head beyond 256 KiB is cut there."""
    if raw[:2] == b"\r\n":
        return b"", raw[2:]
    if raw[:1] == b"\n":
        return b"", raw[1:]
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := raw.find(mark, 0, HEAD)) >= 0]
    if not ends:
        return raw[:HEAD], b""
    at, length = min(ends)
    return raw[:at], raw[at + length :]


def fields_of(head: bytes) -> dict[str, str]:
    """Return the header fields by their names in lower case, unfolded; of a name that stands more than once, the first."""
    found: dict[str, str] = {}
    for line in _FOLD.split(head.decode("latin-1")):
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), re.sub(r"\r?\n", "", value).strip())
    return found


def looks_like_message(start: bytes) -> bool:
    """Say whether some bytes begin as a message does: with a header field, also one that begins with spaces."""
    return _FIELD.match(start.lstrip(b"\r\n \t")) is not None


def received_at(raw: bytes, *, marked: datetime | None, file: datetime, now: datetime) -> datetime:
    """Return when a message from a file was received, as well as can be known.

    Its topmost ``Received`` field was written by the server that took it in; then what the mbox marked, its own ``Date``, the
    file. Never later than now.
    """
    fields = fields_of(split_head(raw[: HEAD + 4])[0])
    told = (
        instant_of(fields.get("received", "").rpartition(";")[2]),
        marked,
        instant_of(fields.get("date", "")),
        file,
    )
    return min(next((one for one in told if one is not None and EARLIEST < one <= now), now), now)


def instant_of(text: str) -> datetime | None:
    """Return the moment that a Date field tells; None if it tells none."""
    try:
        found = parsedate_to_datetime(text.strip()[:_LONGEST_DATE])
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
