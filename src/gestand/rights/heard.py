"""What the ledger knows of a request: until when it ran, how it ended, and what of it reached who asked. Pure.

A letter reached them when the mail server took it and it did not come back, or on the day it was posted; an answer also when
it was fetched, or when a person recorded that it was given (Articles 12(3) and 12(4) GDPR).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from gestand.kernel.clock import local_date
from gestand.kernel.ids import SYSTEM
from gestand.ledger.model import Entry, Event
from gestand.post.model import MailKind
from gestand.rights.giving import Given

EXTENSION: Final = "extension"
ANSWERS: Final = frozenset(
    {"access", "portability", "erasure", "refusal", "correction", "restriction", "objection", "reply", "ready"}
)
"""Letters that tell how a request ended."""
NAMES: Final = (
    "request.received", "request.extended", "request.answered", "request.closed", "request.rejected", "request.handed-over",
    "request.fetched", "request.given", "mail.sent", "mail.bounced", "letter.posted",
)  # fmt: skip
"""The events that tell of it."""
_TO_WHO_ASKED: Final = frozenset({str(MailKind.ANSWER), str(MailKind.PRINTED)})


@dataclass(slots=True)
class Left:
    """A letter that left: which (empty: sent by a release that did not say), the day, whether after the end, whether it came back."""

    letter: str
    on: date
    ended: bool
    came_back: bool = False

    def told(self, letters: Iterable[str], *, otherwise: bool) -> bool:
        """Say whether it is one of these letters; ``otherwise``: what holds of a letter of which it is not known."""
        return self.letter in letters if self.letter else otherwise


@dataclass(slots=True)
class Course:
    """One request, as far as the ledger has come. ``last``: the entry that ended it; None while it runs."""

    due: datetime | None = None
    right: str = ""
    extended: Event | None = None
    last: Event | None = None
    fetched: bool = False
    handed: datetime | None = None
    left: dict[str, Left] = field(default_factory=dict)
    given: list[tuple[Given, date]] = field(default_factory=list)

    def read(self, event: Event) -> None:
        """Take the next entry about this request into account."""
        facts = event.facts
        match event.name:
            case "request.received":
                self.right = str(facts.get("right", ""))
                self.due = datetime.fromisoformat(str(facts["conservative"])) if "conservative" in facts else None
            case "request.extended":
                self.extended = event
            case "request.closed" | "request.rejected":
                self.last = event
            case "request.answered" if event.actor == SYSTEM:  # in the portal, into the hands of who fetched it
                self.handed, self.fetched = event.at, True
            case "request.handed-over":
                self.handed = event.at
            case "request.fetched":
                self.fetched = True
            case "request.given":
                self.given.append((Given(str(facts["what"])), date.fromisoformat(str(facts["on"]))))
            case "mail.sent" | "letter.posted" if facts.get("kind") in _TO_WHO_ASKED:
                on = date.fromisoformat(str(facts["on"])) if "on" in facts else local_date(event.at)
                letter = str(facts.get("letter", ""))
                self.left[str(facts["message"])] = Left(letter, on, ended=self.last is not None)
            case "mail.bounced" if str(facts["message"]) in self.left:
                self.left[str(facts["message"])].came_back = True
            case _:
                pass

    def extension_told(self) -> date | None:
        """Return when who asked was first told that it takes longer; None: nothing shows it."""
        since = local_date(self.extended.at) if self.extended is not None else date.max
        letters = [
            one.on
            for one in self.left.values()
            if not one.came_back and one.told({EXTENSION}, otherwise=since <= one.on and not one.ended)
        ]
        return min([*letters, *(on for what, on in self.given if what is Given.EXTENSION)], default=None)

    def answer_told(self, *, waits: bool = False) -> date | None:
        """Return when who asked was first told how it ended; None: nothing shows it. ``waits``: a letter about it has not left."""
        letters = self._answers()
        found = [one.on for one in letters if not one.came_back]
        found += [on for what, on in self.given if what is Given.ANSWER]
        if self.handed is not None and (self.fetched or not (letters or waits)):
            found.append(local_date(self.handed))
        return min(found, default=None)

    def answer_came_back(self) -> bool:
        """Say whether a letter that told how it ended came back."""
        return any(one.came_back for one in self._answers())

    def extension_came_back(self) -> bool:
        """Say whether the notice of an extension came back."""
        return any(one.came_back and one.told({EXTENSION}, otherwise=not one.ended) for one in self.left.values())

    def _answers(self) -> list[Left]:
        return [one for one in self.left.values() if one.told(ANSWERS, otherwise=one.ended)]


def courses(entries: Iterable[Entry]) -> dict[str, Course]:
    """Return what these entries, oldest first, tell of each request."""
    found: dict[str, Course] = {}
    for entry in entries:
        event = entry.event
        if event.name not in NAMES:
            continue
        request = str(event.facts.get("request") or event.facts.get("reference", ""))
        if request.startswith("req_"):
            found.setdefault(request, Course()).read(event)
    return found
