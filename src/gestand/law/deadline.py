"""What a question about a term is answered with: two moments, and everything that made them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from gestand.law.free_days import DECREES_KNOWN, FreeDay, Freedom, is_disputed
from gestand.law.profile import Rule


@dataclass(frozen=True, slots=True)
class Reading:
    """Another reading of the same term that a careful person should know of: its name and where it ends."""

    name: str
    ends: datetime


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something must be done at the latest; alarms are set by ``conservative``.

    ``expected`` is the better legal reading, ``conservative`` no later than any reading of a term with this beginning;
    where an authority may see another beginning, that stands among the ``readings`` with its reason in ``debate``. Both
    are the last second that is still in time, on the Dutch clock; both are None where the law sets no term, ``expected``
    alone where it sets none in numbers or a person must judge (``missing`` then says what is lacking).
    ``unrolled`` is the day before free days are passed over.
    """

    rule: Rule
    expected: datetime | None
    conservative: datetime | None
    why: str
    unrolled: date | None = None
    rolled_over: tuple[FreeDay, ...] = ()
    debate: str = ""
    flags: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles of the rule, and of the free days passed over."""
        passed = tuple(free.article for free in self.rolled_over if free.article)
        return tuple(dict.fromkeys(self.rule.articles + passed))

    @property
    def debatable(self) -> bool:
        """Whether authorities or readings differ on this term; ``debate`` says on what."""
        return bool(self.debate)


EQUATED_DEBATE = (
    "Rolling over a day that is only equated (Good Friday, royal decree) under Regulation 1182/71 is not settled; "
    "the earlier date is the own target."
)
FIFTH_OF_MAY_DEBATE = (
    "5 May is designated every year (Atw 3(1)), but many people work; whether the Official Journal's list has it could "
    "not be checked."
)
DECREE_UNKNOWN = "EQUATED_DAYS_NOT_KNOWN"


def debate_on_days(passed: tuple[FreeDay, ...], *, of_the_union: bool) -> str:
    """Return what is unsettled about the days passed over; nothing is for a term of Dutch law."""
    if not of_the_union:
        return ""
    if any(free.freedom is Freedom.EQUATED for free in passed):
        return EQUATED_DEBATE
    if any(map(is_disputed, passed)):
        return FIFTH_OF_MAY_DEBATE
    return ""


def year_flags(ends: date) -> tuple[str, ...]:
    """Return the warning that a year's royal decrees are not in the table."""
    return () if DECREES_KNOWN[0] <= ends.year <= DECREES_KNOWN[1] else (DECREE_UNKNOWN,)
