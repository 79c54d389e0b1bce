"""Moments and local dates: read strictly, counted in hours on the clock of the world and in months on the Dutch calendar.

A local time without an offset is refused, also where it exists only once: around the clock change an hour is missing or
comes twice, and a term that begins in doubt ends in doubt. Two moments are compared as moments of the world: Python
compares two local times of one zone by what the clock on the wall showed.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
LAST_SECOND = time(23, 59, 59)
YEARS_READ = range(1950, 2201)

Moment = datetime | date
"""An instant with an offset, or a local date in the Netherlands of which the hour does not matter."""

_DAY_FIRST = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII)  # the standard library reads week dates and worse
_LOCAL = re.compile(r"\s*(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(?:\s.*)?", re.ASCII | re.DOTALL)


class UnclearTimeError(ValueError):
    """A time that cannot be placed: no time at all, no offset, or a year out of all reason."""


def read_moment(value: object) -> Moment:
    """Read ``2025-03-05T10:00:00+01:00`` as an instant or ``2025-03-05`` as a local date.

    :raises UnclearTimeError: saying what is wrong with the value and how to write it instead.
    """
    if isinstance(value, str):
        if not _DAY_FIRST.match(value):
            raise UnclearTimeError(_without_offset(value))
        if len(value) == 10:
            try:
                return _believable(date.fromisoformat(value))
            except ValueError as error:
                raise UnclearTimeError(f"'{value}' is no date: {error}; write year-month-day") from None
        try:
            read = datetime.fromisoformat(value)
            placed = None if read.tzinfo is None else read.astimezone(AMSTERDAM)
        except (ValueError, OverflowError):
            placed = None
        if placed is None:
            raise UnclearTimeError(_without_offset(value))
        return _believable(placed)
    if isinstance(value, datetime):
        return _believable(aware(value))
    if isinstance(value, date):
        return _believable(value)
    raise UnclearTimeError(f"{str(value)[:60]!r} is no date or time; write year-month-day, or a time with its offset")


def _believable(moment: Moment) -> Moment:
    if moment.year not in YEARS_READ:
        raise UnclearTimeError(f"the year {moment.year} lies outside {YEARS_READ[0]} to {YEARS_READ[-1]}")
    return moment


def _without_offset(value: str) -> str:
    shown = value if len(value) <= 60 else value[:60] + "…"
    match = _LOCAL.fullmatch(value)
    try:
        local = datetime.fromisoformat(f"{match[1]}T{match[2]}") if match else None
    except ValueError:
        local = None
    if local is None:
        return f"'{shown}' is no date or time; write year-month-day, or a time with its offset (…T10:00:00+01:00)"
    return f"'{shown}' {_doubt(local)}"


def _doubt(local: datetime) -> str:
    first, second = local.replace(tzinfo=AMSTERDAM), local.replace(tzinfo=AMSTERDAM, fold=1)
    if first.utcoffset() == second.utcoffset():
        return f"has no offset; if it is Dutch local time, write {first.isoformat()}"
    if first.astimezone(UTC).astimezone(AMSTERDAM).replace(tzinfo=None) != local:
        return (
            "does not exist in the Netherlands: the clock is put forward over it; write the real time with its offset"
        )
    return f"comes twice: the clock is put back over it; write {first.isoformat()} or {second.isoformat()}"


def aware(moment: datetime) -> datetime:
    """Return an instant on the Dutch clock.

    :raises UnclearTimeError: if it has no offset.
    """
    if moment.tzinfo is None:
        raise UnclearTimeError(f"'{moment.isoformat()}' {_doubt(moment)}")
    return moment.astimezone(AMSTERDAM)


def local_day(moment: Moment) -> date:
    """Return the Dutch local date of a moment: 31 January 23:30Z is the first of February."""
    return aware(moment).date() if isinstance(moment, datetime) else moment


def end_of_day(day: date) -> datetime:
    """Return the last second of a local date."""
    return datetime.combine(day, LAST_SECOND, AMSTERDAM)


def start_of_day(day: date) -> datetime:
    """Return the first second of a local date."""
    return datetime.combine(day, time(), AMSTERDAM)


def hours_after(start: datetime, hours: float) -> datetime:
    """Return the moment ``hours`` elapsed hours after ``start``."""
    return (start.astimezone(UTC) + timedelta(hours=hours)).astimezone(AMSTERDAM)


def wall_hours_after(start: datetime, hours: float) -> datetime:
    """Return the moment the clock on the wall shows ``hours`` more, which differs over a clock change.

    A wall time that does not exist, or comes twice, is read with the offset before the change (RFC 5545, 3.3.5).
    """
    shown = start.astimezone(AMSTERDAM).replace(tzinfo=None) + timedelta(hours=hours)
    return shown.replace(tzinfo=AMSTERDAM).astimezone(UTC).astimezone(AMSTERDAM)


def next_full_hour(moment: datetime) -> datetime:
    """Return the end of the hour in which ``moment`` falls: 12:17 and 12:00 both give 13:00."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def in_the_world(moment: datetime) -> datetime:
    """Return a moment in UTC, in which moments compare as they came to pass."""
    return moment.astimezone(UTC)


def earliest(*moments: datetime) -> datetime:
    """Return the moment that comes first in the world, whatever the clocks showed."""
    return min(moments, key=in_the_world)


def no_later(one: datetime, other: datetime) -> bool:
    """Return whether ``one`` comes before or with ``other`` in the world."""
    return in_the_world(one) <= in_the_world(other)
