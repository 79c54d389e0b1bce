"""Which shelf a message stands on: rules that the owner can read, the first that fits counts.

One line a rule, in ``[archive] rules`` of gestand.toml::

    mail-administration when subject has factuur, invoice, offerte
    mail-administration when folder is Administratie
    mail-administration when to is boekhouding@example.nl
    mail-administration when text names invoice, agreement

What is before ``when`` is a purpose of the statement; its shelf gives the period. What no rule fits is for the archive's
own purpose. ``names`` looks for the numbers of dossiers of that kind in the register.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, cast

from gestand.archive.model import Way
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import PurposeId, ShelfId, VersionId
from gestand.law.periods import keeping
from gestand.reading.mail import Mail
from gestand.statement.policy import Shelf
from gestand.vault.model import Statements

Part = Literal["subject", "text", "attachment", "from", "to", "folder"]
Test = Literal["has", "is", "names"]
PARTS: Final = ("subject", "text", "attachment", "from", "to", "folder")
DEFAULT: Final = "archive"
ANSWERED: Final = "sent about a request"
_RULE = re.compile(
    r"\s*(?P<purpose>[a-z0-9-]+)\s+when\s+(?P<parts>[a-z ]+?)\s+(?P<test>has|is|names)\s+(?P<words>.+?)\s*"
)
_WORD = re.compile(r"[\w@.+-]+")

Numbers = Callable[[Collection[str]], Collection[str]]
"""Called with kinds of dossier, returns the firm's own numbers of those that exist."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it was written, and what it means."""

    line: str
    purpose: PurposeId
    parts: tuple[Part, ...]
    test: Test
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Class:
    """What a rule gives: purpose, shelf, the rule's line, the version of the statement; and from there the period."""

    purpose: PurposeId
    shelf: ShelfId
    rule: str
    version: VersionId
    keeps: Shelf

    def due(self, received: date) -> date:
        """Return the first date on which a message received on that date must be gone."""
        return keeping(received, self.keeps.period, self.keeps.counts_from).erase_from


def read_rules(lines: Sequence[str], where: str) -> tuple[Rule, ...]:
    """Read rules.

    :raises UsageError: ``archive-rule`` for a line that is none.
    """
    return tuple(_read(line, where) for line in lines)


def _read(line: str, where: str) -> Rule:
    found = _RULE.fullmatch(line)
    parts = found["parts"].replace(" or ", " ").split() if found else []
    words = tuple(word.strip().casefold() for word in found["words"].split(",") if word.strip()) if found else ()
    if not found or not words or not all(part in PARTS for part in parts):
        raise UsageError(
            "archive-rule",
            f"'{line}' is no rule",
            where=where,
            remedy="Write 'PURPOSE when PART has WORD, WORD'; PART is one of "
            + ", ".join(PARTS)
            + " (joined by 'or'), and 'has' may be 'is' or 'names'.",
        )
    purpose = PurposeId(found["purpose"])
    return Rule(line.strip(), purpose, cast("tuple[Part, ...]", tuple(parts)), cast("Test", found["test"]), words)


class Classes:
    """The rules of one organisation, against its statement."""

    def __init__(self, rules: Sequence[Rule], purpose: str, statements: Statements, numbers: Numbers) -> None:
        self._rules = rules
        self._purpose = purpose
        self._statements = statements
        self._numbers = numbers
        self._known: dict[tuple[str, str, str], Class] = {}
        self._asked: dict[tuple[str, ...], frozenset[str]] = {}

    def refresh(self) -> None:
        """Ask for the numbers of dossiers anew; called once a batch."""
        self._asked.clear()

    @property
    def rules(self) -> Sequence[Rule]:
        """The rules, in the order in which they are tried."""
        return self._rules

    def of(self, mail: Mail, way: Way) -> Class:
        """Return the class of a message.

        :raises RefusedError: ``archive-not-in-statement`` if the statement in force has no such purpose.
        """
        for rule in self._rules:
            if self._fits(rule, mail, way):
                return self.named(rule.purpose, rule.line)
        rights = self._statements.in_force().policy.rights
        if way.kind == "sent" and way.folder == rights.shelf:  # the proof of an answer stays as long as what it answers
            return self.named(PurposeId(rights.purpose), ANSWERED)
        return self.named(PurposeId(self._purpose), DEFAULT)

    def named(self, purpose: PurposeId, rule: str) -> Class:
        """Return the class of a purpose."""
        statement = self._statements.in_force()
        key = (statement.version, purpose, rule)
        found = self._known.get(key)
        if found is None:
            known = statement.policy.purposes.get(purpose)
            if known is None:
                raise RefusedError(
                    "archive-not-in-statement",
                    f"the statement in force has no purpose '{purpose}', so no message may be kept for it",
                    where="policy.toml",
                    remedy="Publish a statement that has it, or name another in [archive] of gestand.toml.",
                )
            shelf = ShelfId(known.shelf)
            found = Class(purpose, shelf, rule, VersionId(statement.version), statement.policy.shelves[shelf])
            self._known[key] = found
        return found

    def _fits(self, rule: Rule, mail: Mail, way: Way) -> bool:
        texts = [text for part in rule.parts for text in _texts(part, mail, way)]
        if rule.test == "is":
            return any(text.casefold() in rule.words for text in texts)
        if rule.test == "names":
            numbers = self._asked.get(rule.words)
            if numbers is None:
                found = (number.strip().casefold() for number in self._numbers(rule.words))
                numbers = self._asked[rule.words] = frozenset(number for number in found if number)
            return bool(numbers) and any(word in numbers for text in texts for word in _words(text))
        return any(_has(text.casefold(), word) for text in texts for word in rule.words)


def _texts(part: Part, mail: Mail, way: Way) -> list[str]:
    match part:
        case "subject":
            return [mail.subject]
        case "text":
            return [mail.subject, mail.body, mail.attached]
        case "attachment":
            return [one.name for one in mail.attachments]
        case "from":
            return [way.envelope_from, *(one.address for one in mail.sender)]
        case "to":
            return [*way.envelope_to, *(one.address for one in mail.recipients)]
        case _:
            return [way.folder]


def _has(text: str, word: str) -> bool:
    """Say whether a word, or words, begin somewhere in a text: 'factuur' also fits 'facturen' only if written so."""
    at = text.find(word)
    while at >= 0:
        if at == 0 or not text[at - 1].isalnum():
            return True
        at = text.find(word, at + 1)
    return False


def _words(text: str) -> set[str]:
    return {word.strip(".-") for word in _WORD.findall(text.casefold())}
