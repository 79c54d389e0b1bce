"""Whom a version concerns that lets more happen with data: pure, over what changed in meaning.

Somebody is concerned where a datum of theirs lies on a shelf that keeps it longer, serves a purpose that widened, or is of a
field that a new purpose or recipient gets. A change that names none of these (another controller, a weaker promise)
concerns everyone (Articles 13(3) and 14(4) GDPR).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from gestand.law.periods import Period
from gestand.statement.model import Change, Statement
from gestand.statement.policy import Text

YEAR_END = " from the end of the year"
_NAMED = re.compile(r"(purpose|shelf|category) ([a-z0-9-]+):? ?(.*)")


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whose data a version does more with: by purpose, by shelf, by field, or ``everyone``."""

    everyone: bool
    purposes: frozenset[str]
    shelves: frozenset[str]
    fields: frozenset[str]

    @property
    def nobody(self) -> bool:
        """Say whether nothing was enlarged."""
        return not (self.everyone or self.purposes or self.shelves or self.fields)

    def touches(self, field: str, shelf: str, purposes: Collection[str]) -> bool:
        """Say whether a datum of this field, on this shelf, kept for these purposes, is one of theirs."""
        return self.everyone or shelf in self.shelves or field in self.fields or not self.purposes.isdisjoint(purposes)


def concerned(changes: Iterable[Change], new: Statement) -> Concerned:
    """Return whom the enlarging ones of ``changes`` concern; narrowing and neutral ones concern nobody."""
    everyone = False
    purposes: set[str] = set()
    shelves: set[str] = set()
    fields: set[str] = set()
    for change in changes:
        if change.kind != "enlarging":
            continue
        if change.what == "purpose added":
            fields |= _needs(new, [change.after])
        elif change.what == "recipient added":
            purposes |= {name for name, one in new.policy.purposes.items() if change.after in one.recipients}
        elif change.what.endswith(": subjects added") or change.what == "category added":
            continue  # people and data that are not held yet
        elif (named := _NAMED.fullmatch(change.what)) is not None and named[1] == "purpose":
            purposes.add(named[2])
        elif named is not None and named[1] == "shelf":
            shelves.add(named[2])
        elif named is not None and named[3] == "field added":
            continue  # likewise
        elif named is not None:
            fields |= {path for path in new.policy.field_paths() if path.startswith(f"{named[2]}.")}
        else:
            everyone = True
    return Concerned(everyone, frozenset(purposes), frozenset(shelves), frozenset(fields))


def _needs(new: Statement, purposes: Iterable[str]) -> set[str]:
    found = [new.policy.purposes[name] for name in purposes if name in new.policy.purposes]
    return {str(path) for purpose in found for path in new.policy.field_paths() if purpose.allows(path)}


_WORDS = {
    "nl": {"purpose added": "Een nieuw doel", "recipient added": "Een nieuwe ontvanger", "purpose": "Doel", "shelf": "Bewaren",
           "other": "Een toezegging of gegeven in de verklaring verandert"},
    "en": {"purpose added": "A new purpose", "recipient added": "A new recipient", "purpose": "Purpose", "shelf": "Keeping",
           "other": "A promise or fact in the statement changes"},
}  # fmt: skip


def period_in(written: str, language: str) -> str:
    """Return a period as ``compare`` writes it (``6 months from the end of the year``) in the words of a language."""
    length = written.removesuffix(YEAR_END)
    try:
        spoken = Period.parse(length).spoken(language)
    except ValueError:  # no period: shown as it is
        return written
    ends = {"nl": " vanaf het einde van het jaar", "en": YEAR_END}[language]
    return spoken + (ends if length != written else "")


def said_of(change: Change, new: Statement, language: str) -> str:
    """Return a change in words for who is concerned, by the titles of the new version."""
    words, policy = _WORDS[language], new.policy
    titles: dict[str, dict[str, Text]] = {
        "purpose": {name: one.title for name, one in policy.purposes.items()},
        "recipient": {name: one.title for name, one in policy.recipients.items()},
        "shelf": {name: one.title for name, one in policy.shelves.items()},
    }
    noun = change.what.removesuffix(" added")
    if change.what in words and change.after in titles.get(noun, {}):
        return f"{words[change.what]}: {titles[noun][change.after].into(language)}"
    named = _NAMED.fullmatch(change.what)
    if named is not None and named[1] in words and named[2] in titles[named[1]]:
        before, after = (period_in(one, language) for one in (change.before, change.after))
        said = f" ({before} → {after})" if named[3] == "period" else ""
        return f"{words[named[1]]}: {titles[named[1]][named[2]].into(language)}{said}"
    return words["other"]
