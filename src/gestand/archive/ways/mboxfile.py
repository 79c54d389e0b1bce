"""Messages out of an mbox (RFC 4155 and its elder kin): one after another, as they were before they were put in.

``mboxrd`` has ``>`` before every line that begins with ``From `` or with ``>``s and ``From ``; one is taken off. ``mboxo`` has it
before ``From `` alone, so that ``>>From `` stays as it is. A message begins at a ``From `` line after an empty one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Final, Literal

Quoting = Literal["rd", "o"]
_DAYS = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_STRICT = re.compile(rb"From (?:\S.*? +)?-? *" + _DAYS + rb"[ ,].{8,60}\d{4}[^\r\n]*\r?\n?$")
_WHEN = re.compile(rb"(\w{3}) +(\d{1,2}) +(\d\d):(\d\d)(?::(\d\d))?(?: +[A-Z+][\w:+-]*)? +(\d{4})")
_QUOTED = re.compile(rb"^>(>*From )")
_MONTHS = (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec")
_LINE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Posted:
    """A message of an mbox; ``raw`` None: it is larger than was allowed."""

    raw: bytes | None
    marked: datetime | None


def is_mbox(start: bytes) -> bool:
    """Say whether some bytes begin as an mbox does."""
    return start.startswith(b"From ")


def messages_in(stream: IO[bytes], *, largest: int, quoting: Quoting = "rd") -> Iterator[Posted]:
    """Yield the messages of an mbox, read line by line: a message at a time is held, however large the file."""
    strict: bool | None = None
    marked: datetime | None = None
    lines: list[bytes] = []
    size, inside, after_empty, whole_line = 0, False, True, True
    while line := stream.readline(_LINE):
        begins = whole_line and after_empty and line.startswith(b"From ")
        if begins and strict is None:
            strict = _STRICT.match(line) is not None  # a writer that writes them otherwise does so throughout
        if begins and (not strict or _STRICT.match(line)):
            if inside:
                yield _posted(lines, size, largest, marked)
            lines, size, inside, marked = [], 0, True, _when(line)
        elif inside:
            if whole_line and line.startswith(b">") and (quoting == "rd" or line.startswith(b">From ")):
                line = _QUOTED.sub(rb"\1", line)
            size += len(line)
            if size <= largest:
                lines.append(line)
            else:
                lines.clear()
        after_empty = whole_line and line in {b"\n", b"\r\n"}
        whole_line = line.endswith(b"\n")
    if inside:
        yield _posted(lines, size, largest, marked)


def _posted(lines: list[bytes], size: int, largest: int, marked: datetime | None) -> Posted:
    """Join the lines, without the empty one that stands before the next ``From ``."""
    if size > largest:
        return Posted(None, marked)
    if lines and lines[-1] in {b"\n", b"\r\n"}:
        lines.pop()
    return Posted(b"".join(lines), marked)


def _when(line: bytes) -> datetime | None:
    found = _WHEN.search(line)
    if found is None or found[1].title() not in _MONTHS:
        return None
    month, day, hour, minute, second, year = found.groups()
    try:
        return datetime(
            int(year), _MONTHS.index(month.title()) + 1, int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC
        )
    except ValueError:
        return None
