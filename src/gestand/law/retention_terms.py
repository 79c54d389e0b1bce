"""Finders: from the facts of one record to the ground it is kept on and until when.

Each finder takes the facts and the day of the question and returns a ``Term``; events after that day have not happened.
A finder knows nothing of requests and holds; what follows from them is told in ``retention``. Every finder raises
``MissingFactsError`` where a fact it needs is lacking or unreadable.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from gestand.law.facts import Facts, MissingFactsError, shown
from gestand.law.periods import Period, Unit, add
from gestand.law.retention_grounds import Ground

Strips = Literal["never", "on_request", "always"]

TWENTY_YEARS = Period(20, Unit.YEARS)
FISCAL_YEAR_DEBATE = (
    "Some count from the end of the calendar year. The text names no start; the end of the fiscal year is the tax "
    "authority's practice: the later is safe for tax, the earlier for the person."
)
_FISCAL_YEAR = re.compile(r"(\d{2})-(\d{2})/(\d{2})-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Term:
    """Until when a record is kept on ``ground``: ``until``, its last day, or without a date while ``open_ended``.

    ``over``: there is no ground any more, whatever the date. ``part``: what of the record is kept; empty for all of it.
    ``strips``: when the rest of the record goes although this part stays.
    """

    ground: Ground
    until: date | None = None
    open_ended: bool = False
    over: bool = False
    part: str = ""
    strips: Strips = "never"
    why: str = ""
    debate: str = ""


Finder = Callable[[Facts, date], Term]


def fiscal_year_end(day: date, fiscal_year: str) -> date:
    """Return the last day of the fiscal year in which ``day`` falls; ``fiscal_year`` is ``calendar`` or ``07-01/06-30``.

    :raises MissingFactsError: if it is neither.
    """
    if fiscal_year in {"", "calendar"}:
        return date(day.year, 12, 31)
    match = _FISCAL_YEAR.fullmatch(fiscal_year)
    month, last = (int(match[3]), int(match[4])) if match else (0, 0)
    if match is not None and 1 <= month <= 12 and 1 <= last <= 31:
        for year in (day.year, day.year + 1):
            longest = calendar.monthrange(year, month)[1]
            end = date(year, month, longest if last >= 28 and month == 2 else min(last, longest))
            begins = end + timedelta(days=1)
            if end >= day and (begins.month, begins.day) == (int(match[1]), int(match[2])):
                return end
    raise MissingFactsError(f"fiscal_year: 'calendar' or 'MM-DD/MM-DD', a whole year, not '{shown(fiscal_year)}'")


def term_of(ground: Ground, event: date, facts: Facts, *, period: Period | None = None) -> Term:
    """Return the term of ``ground`` that runs from ``event``."""
    length = period or ground.period
    assert length is not None
    debate = ""
    match ground.counts_from:
        case "year_end":
            start = date(event.year, 12, 31)
        case "fiscal_year_end":
            start = fiscal_year_end(event, facts.word("fiscal_year"))
            debate = FISCAL_YEAR_DEBATE if (start.month, start.day) != (12, 31) else ""
        case _:
            start = event
    return Term(ground, add(start, length), why=f"{length} from {start.isoformat()}", debate=debate)


def open_term(ground: Ground, why: str, *, part: str = "", debate: str = "") -> Term:
    """Return a term that ends with a condition, not on a date."""
    return Term(ground, open_ended=True, why=why, part=part, debate=debate)


def over_term(ground: Ground, since: date | None, why: str, debate: str = "") -> Term:
    """Return a term that has ended: there is no ground any more."""
    return Term(ground, until=since, over=True, why=why, debate=debate)


def happened(facts: Facts, name: str, today: date) -> date | None:
    """Return the day of an event, None if it has not happened by ``today``."""
    day = facts.day(name)
    return day if day is not None and day <= today else None


def runs_from(name: str, ground: Ground) -> Finder:
    """Return the finder of a record whose term runs from the fact ``name``."""
    return lambda facts, _: term_of(ground, facts.needed_day(name), facts)


def runs_days_from(name: str, ground: Ground, days: str) -> Finder:
    """Return the finder of a record whose number of days is a fact, the ground's own number unless given."""
    otherwise = None if ground.period is None else ground.period.count

    def find(facts: Facts, _: date) -> Term:
        period = Period(facts.count(days, otherwise), Unit.DAYS)
        return term_of(ground, facts.needed_day(name), facts, period=period)

    return find
