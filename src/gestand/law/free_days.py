"""The days on which no term ends: weekends and the Algemene termijnenwet's own list, with the dates each is known for.

Easter comes from ``dateutil.easter``, the calculation the ``holidays`` library itself uses; loading that library whole
takes 0.3 seconds and its Dutch list is another one than the Act's (it has Good Friday, and 5 May in few years).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from dateutil.easter import easter

ONE_DAY = timedelta(days=1)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Freedom(StrEnum):
    """Why a day is free."""

    WEEKEND = "weekend"
    DESIGNATED = "designated"  # algemeen erkende feestdag: Atw 3(1)
    EQUATED = "equated"  # gelijkgesteld: Atw 3(2) and 3(3)


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A local date on which no term of days, weeks or months ends, and the article that says so."""

    day: date
    name: str
    freedom: Freedom
    article: str

    def __str__(self) -> str:
        return f"{self.day.isoformat()} {WEEKDAYS[self.day.weekday()]}: {self.name}"


FIXED = (
    (1, 1, "Nieuwjaarsdag"),
    (5, 5, "Bevrijdingsdag (vijfde mei)"),
    (12, 25, "Eerste Kerstdag"),
    (12, 26, "Tweede Kerstdag"),
)
"""Atw 3(1): month, day, name. Every year; 5 May too, also where few people have the day off."""

FROM_EASTER = ((1, "Tweede Paasdag"), (39, "Hemelvaartsdag"), (50, "Tweede Pinksterdag"))
"""Atw 3(1): days after Easter Sunday, name. Easter and Whit Sunday themselves are Sundays."""

EQUATED_BY_DECREE = tuple(
    date.fromisoformat(day)
    for day in (
        "2022-05-27",
        "2023-04-28",
        "2023-05-19",
        "2024-05-10",
        "2024-12-27",
        "2025-05-30",
        "2026-01-02",
        "2026-05-15",
        "2027-05-07",
        "2028-04-28",
        "2028-05-26",
    )
)
"""Atw 3(3): days equated by royal decree, as second-hand lists give them."""

DECREES_KNOWN = (2022, 2028)
"""First and last year for which the decrees are in the table; outside them an equated day may be lacking."""

_NAMED_DECREE = "bij KB gelijkgestelde dag (Atw 3 lid 3)"
_NAMED_GOOD_FRIDAY = "Goede Vrijdag (gelijkgesteld, Atw 3 lid 2)"
_WEEKEND = {5: "zaterdag", 6: "zondag"}


def _kings_day(year: int) -> FreeDay:
    # Koningsdag since 2014; before it Koninginnedag on 30 April. On a Sunday both are kept the day before.
    day, name = (date(year, 4, 27), "Koningsdag") if year >= 2014 else (date(year, 4, 30), "Koninginnedag")
    return FreeDay(day - ONE_DAY if day.weekday() == 6 else day, name, Freedom.DESIGNATED, "Atw 3(1)")


@cache
def holidays_of(year: int) -> Mapping[date, FreeDay]:
    """Return the designated and equated days of ``year``, weekends among them where a holiday falls on one.

    A day that is two (Ascension Day on 5 May 2016) stands under one name, a designated one before an equated one.

    :raises ValueError: if Easter of that year cannot be calculated (years 1583 to 4099 can).
    """
    sunday: date = easter(year)  # type: ignore[no-untyped-call]
    equated = [FreeDay(sunday - timedelta(days=2), _NAMED_GOOD_FRIDAY, Freedom.EQUATED, "Atw 3(2)")]
    equated += [
        FreeDay(day, _NAMED_DECREE, Freedom.EQUATED, "Atw 3(3)") for day in EQUATED_BY_DECREE if day.year == year
    ]
    designated = [FreeDay(date(year, month, day), name, Freedom.DESIGNATED, "Atw 3(1)") for month, day, name in FIXED]
    designated += [
        FreeDay(sunday + timedelta(days=after), name, Freedom.DESIGNATED, "Atw 3(1)") for after, name in FROM_EASTER
    ]
    designated.append(_kings_day(year))
    return MappingProxyType({free.day: free for free in (*equated, *designated)})


def free_day(day: date) -> FreeDay | None:
    """Return why ``day`` is free, or None if it is a working day. A holiday on a weekend shows as the holiday."""
    found = holidays_of(day.year).get(day)
    if found is not None:
        return found
    weekend = _WEEKEND.get(day.weekday())
    return FreeDay(day, weekend, Freedom.WEEKEND, "") if weekend else None


def is_disputed(free: FreeDay) -> bool:
    """Tell whether it is unsettled that a term of the Union passes over ``free``: an equated day, 5 May on a weekday.

    Weekends and the other designated days are passed over on every reading of Regulation 1182/71.
    """
    fifth_of_may = (free.day.month, free.day.day) == (5, 5) and free.day.weekday() < 5
    return free.freedom is Freedom.EQUATED or fifth_of_may


def roll_undisputed(day: date) -> date:
    """Return the first day on or after ``day`` that is a working day on some reading (Regulation 1182/71, 2(1), 3(4))."""
    while (free := free_day(day)) is not None and not is_disputed(free):
        day += ONE_DAY
    return day


def roll(day: date, *, over_equated: bool = True) -> tuple[date, tuple[FreeDay, ...]]:
    """Return the first working day on or after ``day`` and the free days passed over (Regulation 1182/71, 3(4); Atw 1).

    Without ``over_equated`` Good Friday and the days of royal decrees count as working days.
    """
    passed: list[FreeDay] = []
    while True:
        free = free_day(day)
        if free is None or (free.freedom is Freedom.EQUATED and not over_equated):
            return day, tuple(passed)
        passed.append(free)
        day += ONE_DAY


def working_days(first: date, last: date) -> int:
    """Return the number of working days from ``first`` to ``last``, both included."""
    span = (last - first).days + 1
    return sum(free_day(first + timedelta(days=n)) is None for n in range(span))
