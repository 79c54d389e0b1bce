"""What can be asked: words, "phrases", prefix*, -not, and from: to: subject: body: attachment: date: person:.

factuur printer                 both words, in any order
"nieuwe printer" -levering      side by side, without the other word
from:anna@example.nl date:2026-03..2026-06 subject:offer*
person:sub_abcdefghijklmnop     a person of the register, by all that is known to identify them
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from gestand.archive.words import split
from gestand.kernel.errors import UsageError

FIELDS: Final = {
    "": ("subject", "sender", "recipients", "body", "names", "attached"),
    "subject": ("subject",),
    "from": ("sender",),
    "to": ("recipients",),
    "body": ("body",),
    "attachment": ("names", "attached"),
}
LENGTH: Final = 2_000
_TERM = re.compile(r'(?P<not>-)?(?:(?P<field>[a-z]+):)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand in one of the columns of a field; ``phrase``: side by side; ``prefix``: the last one begins so."""

    field: str
    words: tuple[str, ...]
    phrase: bool = False
    prefix: bool = False
    negative: bool = False
    address: str = ""  # an address after from: or to:, found exactly


@dataclass(frozen=True, slots=True)
class Query:
    """All of it must hold."""

    terms: tuple[Term, ...]
    people: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None


def read_query(text: str) -> Query:
    """Read a query.

    :raises UsageError: ``archive-query`` where it cannot be understood.
    """
    if len(text) > LENGTH:
        raise _wrong(f"it has {len(text)} characters; at most {LENGTH}")
    terms: list[Term] = []
    people: list[str] = []
    first = last = None
    for found in _TERM.finditer(text):
        field, value = found["field"] or "", found["phrase"] if found["phrase"] is not None else found["word"]
        if field == "person":
            people.append(value)
        elif field == "date":
            first, last = _span(value)
        elif field in FIELDS:
            term = _term(field, value, phrase=found["phrase"] is not None, negative=bool(found["not"]))
            if term is not None:
                terms.append(term)
        else:  # no field: a word with a colon in it
            term = _term("", f"{field} {value}", phrase=False, negative=bool(found["not"]))
            if term is not None:
                terms.append(term)
    if not people and first is None and all(term.negative for term in terms):
        raise _wrong("there is no word in it to find")
    return Query(tuple(terms), tuple(people), first, last)


def _term(field: str, value: str, *, phrase: bool, negative: bool) -> Term | None:
    if field in {"from", "to"} and "@" in value.strip("@"):
        return Term(field, tuple(split(value)), address=value.casefold(), negative=negative)
    words = tuple(split(value))
    if not words:
        return None
    prefix = not phrase and value.endswith("*")
    side_by_side = len(words) > 1 and (phrase or not prefix)
    return Term(field, words, phrase=side_by_side, prefix=prefix, negative=negative)


def _span(value: str) -> tuple[date, date]:
    start, dots, end = value.partition("..")
    first, last = _days(start), _days(end if dots else start)
    return first[0], last[1]


def _days(value: str) -> tuple[date, date]:
    found = _DAY.fullmatch(value)
    if found is None:
        raise _wrong(f"'{value}' is no date; write 2026, 2026-03, 2026-03-14, or two of them with .. between")
    year, month, day = int(found[1]), found[2], found[3]
    try:
        if day:
            return date(year, int(month), int(day)), date(year, int(month), int(day))
        if month:
            return date(year, int(month), 1), date(year, int(month), calendar.monthrange(year, int(month))[1])
        return date(year, 1, 1), date(year, 12, 31)
    except ValueError:
        raise _wrong(f"'{value}' is no date that exists") from None


def _wrong(why: str) -> UsageError:
    return UsageError(
        "archive-query",
        f"this cannot be looked for: {why}",
        remedy='Write words, "a phrase", begin*, from:, to:, subject:, body:, attachment:, date:2026-03, person:.',
    )
