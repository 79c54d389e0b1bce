"""A change between two versions of the statement, as a reader understands it: titles instead of names, in the language of the page.

``statement.compare`` speaks of names of the policy, so that programs and two runs can compare it; here are the words for people.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gestand.doors.web.meaning_words import MARKS, NOUNS, PARTS, SECTIONS, TRIGGERS, VALUES
from gestand.evidence.registry import controls
from gestand.publication.notices import period_in
from gestand.rights.words import BASIS
from gestand.statement.model import Change, Kind, Statement
from gestand.statement.policy import Policy, Text

STATUSES = frozenset({"promise", "mended", "informative", "withdrawn", "absent"})
SPOKEN = frozenset({"title", "consent text", "why", "rights: identity"})
"""What the policy itself says in both languages."""
BARE = frozenset({"clause", "language"})
"""What is called by an id or a word of its own, without quotes."""
_NAMED = re.compile(rf"({'|'.join(NOUNS)}) ([^:\s]+)(?:: (.+))?")
_MARKED = re.compile(r"(.+) (added|removed)")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A change in words: its kind, what it is about, what stood there and what stands there now."""

    kind: Kind
    what: str
    before: str
    after: str


def meanings(changes: Sequence[Change], old: Statement, new: Statement, language: str) -> tuple[Meaning, ...]:
    """Return each change as a reader of a page understands it, in order."""
    words = _Words(old, new, language)
    return tuple(words.meaning(change) for change in changes)


class _Words:
    def __init__(self, old: Statement, new: Statement, language: str) -> None:
        self._old, self._new = old, new
        self._policies = (new.policy, old.policy)
        self._language = language

    def meaning(self, change: Change) -> Meaning:
        what, mark = change.what, ""
        if marked := _MARKED.fullmatch(what):
            what, mark = marked[1], f", {MARKS[marked[2]].into(self._language)}"
        named = _NAMED.fullmatch(what)
        if named is None:
            noun, part = "", what if what not in NOUNS else ""
            about = NOUNS[what].into(self._language) if what in NOUNS else self._part(what)
        else:
            noun, part = named[1], named[3] or ""
            title = self._title(noun, named[2])
            about = f"{NOUNS[noun].into(self._language)} {title if noun in BARE else f'“{title}”'}"
            about += f": {self._part(part)}" if part else ""
        before, after = self._sides(change, noun, named[2] if named else "", part or what)
        return Meaning(change.kind, about[:1].upper() + about[1:] + mark, before, after)

    def _sides(self, change: Change, noun: str, name: str, part: str) -> tuple[str, str]:
        """Return what stood there and what stands there now, each in the language of the page."""
        if noun == "clause" and part in STATUSES:
            return self._clause(self._old, name, change.before), self._noted(name, part, change.after)
        if part == "kept-by":
            return self._controls(change.before), self._controls(change.after)
        if noun == "category" and part == "field":  # its fields are named within it
            was, now = (self._title("field", f"{name}.{one}") if one else "" for one in (change.before, change.after))
            return was, now
        if part in SPOKEN:
            was, now = (self._spoken(one.policy, noun, name, part) for one in (self._old, self._new))
            return was, now
        return self._value(part, change.before), self._value(part, change.after)

    def _clause(self, statement: Statement, clause: str, otherwise: str) -> str:
        text = next((one for one in statement.texts if one.language == self._language), statement.texts[0])
        found = text.clause(clause)
        return found.text if found is not None else self._value("", otherwise)

    def _noted(self, clause: str, status: str, otherwise: str) -> str:
        """Return a clause as it reads now, with what the policy notes of it."""
        note = self._new.policy.clauses.get(clause)
        told = self._clause(self._new, clause, status if note is not None else otherwise)
        return told if note is None else f"{told} ({self._value('', status)}: {note.reason.into(self._language)})"

    def _controls(self, names: str) -> str:
        known = controls()
        return "; ".join(
            known[name].title.into(self._language) if name in known else self._value("", name) for name in names.split()
        )

    def _spoken(self, policy: Policy, noun: str, name: str, part: str) -> str:
        """Return words of the policy that stand there in both languages."""
        text: Text | None
        if part == "rights: identity":
            text = policy.rights.identity
        elif noun == "recipient":
            text = policy.recipients[name].why
        else:
            text = policy.purposes[name].title if part == "title" else policy.purposes[name].consent_text
        return text.into(self._language) if text is not None else ""

    def _part(self, part: str) -> str:
        if known := PARTS.get(part):
            return known.into(self._language)
        if part.startswith("words ("):
            return f"{PARTS['words'].into(self._language)} ({self._value('', part[7:-1])})"
        return part

    def _value(self, part: str, value: str) -> str:  # noqa: PLR0911 - one for each kind of value
        """Return a value as people say it: a title for a name, a period in words."""
        if not value:
            return ""
        if part == "period":
            return period_in(value, "nl" if self._language == "nl" else "en")
        if part == "basis":
            return next((text.into(self._language) for basis, text in BASIS.items() if basis == value), value)
        if part == "trigger":
            return next((text.into(self._language) for one, text in TRIGGERS.items() if one == value), value)
        noun = {"then": "shelf", "contact for requests": "contact"}.get(part, part.partition(":")[0])
        if noun == "contact":
            kind, _, rest = value.partition(" ")
            return f"{self._value('channel', kind)} {rest}"
        if noun in {"category", "purpose", "shelf", "recipient", "service"} or noun in {"field", "devices"}:
            return self._title(noun, value)
        return VALUES[value].into(self._language) if value in VALUES else value

    def _title(self, noun: str, name: str) -> str:
        """Return what a name of either policy is called; the name itself where neither knows it."""
        if noun == "language":
            return self._value("", name)
        for policy in self._policies:
            if noun in {"field", "devices"}:
                found = policy.field(name)
                if found is not None:
                    return found.title.into(self._language)
            elif noun in SECTIONS:
                one = getattr(policy, SECTIONS[noun]).get(name)
                if one is not None:
                    return str(one.title.into(self._language))
        return name
