"""Periods of keeping: how they are written, added to a date, and when keeping ends.

A period is written as a number and a unit: ``7 years``, ``6 months``, ``4 weeks``, ``28 days``. Months and years are
added on local calendar dates; where the month has no such day, its last day is meant (Regulation 1182/71, 3(2)(c)).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

CountsFrom = Literal["event", "year_end"]


class Unit(StrEnum):
    """A calendar unit of a period."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


_SPOKEN = {
    ("nl", Unit.DAYS): ("dag", "dagen"),
    ("nl", Unit.WEEKS): ("week", "weken"),
    ("nl", Unit.MONTHS): ("maand", "maanden"),
    ("nl", Unit.YEARS): ("jaar", "jaar"),
    ("en", Unit.DAYS): ("day", "days"),
    ("en", Unit.WEEKS): ("week", "weeks"),
    ("en", Unit.MONTHS): ("month", "months"),
    ("en", Unit.YEARS): ("year", "years"),
}
_WRITTEN = re.compile(r"\s*([0-9]{1,4})\s+([a-z]+)\s*")


@dataclass(frozen=True, slots=True)
class Period:
    """A length of keeping: ``count`` calendar ``unit``s."""

    count: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``7 years``; singular and plural are both understood.

        :raises ValueError: with the units that exist, if ``text`` is no period.
        """
        match = _WRITTEN.fullmatch(text.lower())
        if match is None:
            raise ValueError(f"'{text}' is no period; write a whole number and a unit, such as '7 years' or '28 days'")
        word = match[2] if match[2].endswith("s") else match[2] + "s"
        if word not in set(Unit):
            raise ValueError(f"'{match[2]}' is no unit; the units are days, weeks, months and years")
        return cls(int(match[1]), Unit(word))

    def spoken(self, language: str) -> str:
        """Return the period in words of ``language`` (``nl`` or ``en``): ``7 jaar``."""
        one, many = _SPOKEN[language, self.unit]
        return f"{self.count} {one if self.count == 1 else many}"

    def __str__(self) -> str:
        return self.spoken("en")

    def rough_days(self) -> int:
        """Return the longest number of days the period can span: to compare two periods, never to date one."""
        return self.count * {Unit.DAYS: 1, Unit.WEEKS: 7, Unit.MONTHS: 31, Unit.YEARS: 366}[self.unit]


@dataclass(frozen=True, slots=True)
class Keeping:
    """Until when something is kept: the last day, the first day on which it must be gone, and how that was found."""

    until: date
    erase_from: date
    why: str


def add(start: date, period: Period) -> date:
    """Return the date ``period`` after ``start``; the last day of the month where the day does not exist.

    :raises OverflowError: if the date lies beyond the year 9999.
    """
    if period.unit is Unit.DAYS:
        return start + timedelta(days=period.count)
    if period.unit is Unit.WEEKS:
        return start + timedelta(weeks=period.count)
    months = period.count * (12 if period.unit is Unit.YEARS else 1)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        raise OverflowError(f"{start.isoformat()} + {period} lies beyond the year 9999")
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def keeping(trigger: date, period: Period, counts_from: CountsFrom) -> Keeping:
    """Return how long something is kept whose period starts with the event on ``trigger``.

    ``year_end`` counts from 31 December of the year of the event, as AWR 52(4) is read for a calendar fiscal year:
    seven years after an event in 2024 end on 31-12-2031. The last day counts as kept; erasure is due the next day.
    """
    start = date(trigger.year, 12, 31) if counts_from == "year_end" else trigger
    until = add(start, period)
    origin = f"the end of {trigger.year}" if counts_from == "year_end" else trigger.isoformat()
    return Keeping(until, until + timedelta(days=1), f"{period} from {origin}")
