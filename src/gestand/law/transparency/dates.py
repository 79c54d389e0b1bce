"""The date of the last change that a statement gives of itself."""

from __future__ import annotations

import re
from datetime import date

from gestand.law.transparency.cues import Statement
from gestand.law.transparency.rules_changes import CUES

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february feb",
            "maart march mrt mar",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "augustus august aug",
            "september sep sept",
            "oktober october okt oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_NUMERIC = re.compile(r"\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b")
_ISO = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")
_DAY_FIRST = re.compile(r"\b(?:(\d{1,2})(?:st|nd|rd|th)? (?:of )?)?([a-z]{3,9})\.?,? (20\d\d)\b", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"\b([a-z]{3,9}) (\d{1,2})(?:st|nd|rd|th)?,? (20\d\d)\b", re.IGNORECASE)


def last_changed(statement: Statement) -> tuple[date, str] | None:
    """Return the latest date a passage gives as that of the last change, and the passage; ``None`` if no date reads."""
    found: list[tuple[date, str]] = []
    for passage in statement.passages:
        if any(cue.hits(statement, passage) for cue in CUES["L39"]):
            found.extend((when, passage.raw) for when in _dates(passage.text))
    return max(found) if found else None


def _dates(text: str) -> list[date]:
    read: list[tuple[int, int, int]] = [(int(y), int(m), int(d)) for y, m, d in _ISO.findall(text)]
    read += [(int(y), int(m), int(d)) for d, m, y in _NUMERIC.findall(text)]
    read += [(int(y), _MONTHS[m.lower()], int(d or 1)) for d, m, y in _DAY_FIRST.findall(text) if m.lower() in _MONTHS]
    read += [(int(y), _MONTHS[m.lower()], int(d)) for m, d, y in _MONTH_FIRST.findall(text) if m.lower() in _MONTHS]
    return [date(y, m, d) for y, m, d in read if _exists(y, m, d)]


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
