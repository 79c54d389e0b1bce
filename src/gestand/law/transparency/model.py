"""The nouns of a completeness check: an item of the checklist, what a text says about it, and the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """What a statement says about one item of the checklist."""

    PRESENT = "present"
    PRESENT_OPEN = "present_open"  # said, but with an open end ("among other things")
    PRESENT_WRONG = "present_wrong"  # said, but at odds with the law
    PARTIAL = "partial"  # touched on, not told
    WRONG = "wrong"  # the opposite of the law
    MISSING = "missing"
    NOT_REQUIRED = "not_required"  # conditional, and the text shows nothing that calls for it


class Level(StrEnum):
    """How much an item weighs: a duty, a duty under a condition, practice, or courtesy."""

    MUST = "must"
    CONDITIONAL = "conditional"
    SHOULD = "should"
    NICE = "nice"


class Standing(StrEnum):
    """What a rule rests on: the words of a statute, guidance by authorities, or the choice of this project."""

    STATUTE = "statute"
    GUIDANCE = "guidance"
    PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a statement tells or should tell, with its source and a sentence that would tell it.

    ``verified`` says whether the source was compared with the text of the law or of the authority.
    """

    id: str
    article: str
    level: Level
    standing: Standing
    title_nl: str
    title_en: str
    proposal_nl: str
    proposal_en: str
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Antipattern:
    """A wording that is at odds with the law or with plain information, and why."""

    id: str
    article: str
    problem_nl: str
    problem_en: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule found: the status and the passage that decides it, empty where nothing does."""

    status: Status
    passage: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """An item with its verdict. The proposals are empty where nothing lacks."""

    item: Item
    status: Status
    passage: str
    proposal_nl: str
    proposal_en: str

    @property
    def fails(self) -> bool:
        """Say whether a duty is absent or contradicted."""
        return self.item.level is Level.MUST and self.status in {Status.MISSING, Status.WRONG}


@dataclass(frozen=True, slots=True)
class Sighting:
    """An antipattern seen in a passage."""

    antipattern: Antipattern
    passage: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was seen in one statement. ``controller`` is the name found in the text, empty if none was."""

    controller: str
    language: str
    items: tuple[Finding, ...]
    antipatterns: tuple[Sighting, ...]

    @property
    def failing(self) -> tuple[Finding, ...]:
        """Return the duties that are absent or contradicted."""
        return tuple(finding for finding in self.items if finding.fails)

    def status(self, item: str) -> Status:
        """Return the status of one item, by its id.

        :raises KeyError: there is no such item.
        """
        for finding in self.items:
            if finding.item.id == item:
                return finding.status
        raise KeyError(item)

    def as_json(self) -> Mapping[str, Any]:
        """Return the machine output: ``items`` and ``antipatterns``, in the order of the checklist."""
        return {
            "items": [
                {
                    "id": finding.item.id,
                    "article": finding.item.article,
                    "status": finding.status.value,
                    "passage": finding.passage,
                    "proposal_nl": finding.proposal_nl,
                    "proposal_en": finding.proposal_en,
                }
                for finding in self.items
            ],
            "antipatterns": [{"id": seen.antipattern.id, "passage": seen.passage} for seen in self.antipatterns],
        }
