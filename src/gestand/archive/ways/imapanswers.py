"""What an IMAP server says, read; and what it is asked, written (RFC 3501). Of its answers nothing is believed.

What is no answer to the question is left out, and so is an instant that is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone

from gestand.archive.ways.model import Listed
from gestand.archive.ways.rules import LARGEST_FETCH

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_INTERNALDATE = re.compile(rb'INTERNALDATE "\s?(\d{1,2})-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"')
UID = re.compile(rb"UID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


def search_date(day: date) -> str:
    """Write a day as a search asks for it: 3-Feb-2026."""
    return f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"


def as_set(uids: Sequence[int]) -> str:
    """Write UIDs as a sequence set with ranges: 1:3,7."""
    parts: list[str] = []
    first = last = uids[0]
    for uid in (*uids[1:], None):
        if uid is not None and uid == last + 1:
            last = uid
            continue
        parts.append(str(first) if first == last else f"{first}:{last}")
        if uid is not None:
            first = last = uid
    return ",".join(parts)


def listed(row: object) -> Listed | None:
    """Read a row of a list: UID, size and when it came; None if it is none."""
    told = b"".join(part for part in row if isinstance(part, bytes)) if isinstance(row, tuple) else row
    if not isinstance(told, bytes):
        return None
    uid, size = UID.search(told), _SIZE.search(told)
    return Listed(int(uid[1]), int(size[1]) if size else LARGEST_FETCH, received(told)) if uid else None


def unlisted(uid: int) -> Listed:
    """Return a message that a search named and the list leaves out: fetched by itself, and nobody knows how old it is."""
    return Listed(uid, LARGEST_FETCH, None)


def received(told: bytes) -> datetime | None:
    """Read when the server got a message (INTERNALDATE); None if it says no instant."""
    found = _INTERNALDATE.search(told)
    if found is None:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = (part.decode("ascii") for part in found.groups())
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    try:
        number = _MONTHS.index(month.title()) + 1
        instant = datetime(int(year), number, int(day), int(hour), int(minute), int(second), tzinfo=timezone(offset))
        return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def refusal(rows: Sequence[object]) -> str:
    """Return the response code of a refusal (RFC 5530), never its free text: that may quote a message."""
    text = b" ".join(row for row in rows if isinstance(row, bytes))
    found = re.match(rb"\s*\[([A-Z-]+)", text)
    return f"the server refused it{f' ({found[1].decode()})' if found else ''}"
