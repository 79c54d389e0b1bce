"""Names, streets, towns, free text, dates and amounts: what has no check digit but can still be nonsense."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from gestand.reading.eleven import holds_bsn
from gestand.reading.outcome import Outcome, Unsound

LINE = 200  # characters a name, street or town may have
TEXT = 20_000  # characters a free text may have
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_TEXT_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00(?::00)?)?", re.ASCII)
_DUTCH = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:[.,][0-9]{1,6})?", re.ASCII)


def check_line(value: str) -> Outcome:
    """Return a name, street or town on one line: composed (NFC), white space folded, with a letter or digit in it."""
    text = " ".join((value if value.isascii() else unicodedata.normalize("NFC", value)).split())
    if len(text) > LINE:
        return Unsound("too-long", f"has {len(text)} characters; at most {LINE}")
    if not text.isprintable() and _CONTROL.search(text):
        return Unsound("control-character", "holds a control character; type it again")
    if not any(map(str.isalnum, text)):
        return Unsound("no-letter", "holds no letter")
    return text


def check_name(value: str) -> Outcome:
    """Return the name of a person or firm; an e-mail address is none."""
    text = check_line(value)
    if isinstance(text, str) and "@" in text and " " not in text:
        return Unsound("name", "is an e-mail address, not a name")
    return text


def check_text(value: str) -> Outcome:
    """Return free text, composed (NFC); a BSN in it is refused (UAVG 46)."""
    text = (value if value.isascii() else unicodedata.normalize("NFC", value)).strip()
    if len(text) > TEXT:
        return Unsound("too-long", f"has {len(text)} characters; at most {TEXT}")
    if not text.isprintable() and _TEXT_CONTROL.search(text):
        return Unsound("control-character", "holds a control character; type it again")
    if holds_bsn(text):
        return Unsound("bsn", "holds a BSN; no act allows this field to have one (UAVG 46): leave the number out")
    return text


def check_date(value: str) -> Outcome:
    """Return a date as ``2026-12-01``. Read: year-month-day, and the Dutch order day-month-year with four digits."""
    text = value.strip()
    found = _ISO.fullmatch(text)
    year, month, day = found.groups() if found else ("", "", "")
    if not found:
        dutch = _DUTCH.fullmatch(text)
        if not dutch:
            return Unsound("date", "is no date; write 2026-12-01 or 1-12-2026, with the whole year")
        day, month, year = dutch.groups()
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return Unsound("date", "is no date that exists")


def check_number(value: str) -> Outcome:
    """Return a number with a point for its fraction."""
    text = value.strip()
    return text.replace(",", ".") if _NUMBER.fullmatch(text) else Unsound("number", "is no number")
