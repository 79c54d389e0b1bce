"""The nouns of a breach: its report, the levers that contain it, who is affected, the judgement, what was sent to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from gestand.breach.affected import Affected
from gestand.breach.notices import Notice, Submission
from gestand.kernel.ids import ActorId, BreachId, ItemId, SubjectId
from gestand.law.breach_people import PeopleDuty


class Reporter(StrEnum):
    """Who reported it. A report counts whoever makes it; whether it is true is for the investigation."""

    STAFF = "staff"
    PROCESSOR = "processor"
    OUTSIDER = "outsider"


@dataclass(frozen=True, slots=True)
class Breach:
    """A breach as it is listed. What was written about it is sealed under ``file``, a subject of its own in the vault.

    ``aware_at``: when there was reasonable certainty, as a person stated it; None: not stated, and the clock runs from the
    report. ``first_aware``: the earliest moment that was ever stated, from which the hours run: a later one tells more of
    what happened, and lengthens no term. ``staff_aware``: someone of the staff knew at ``aware_at``, those in charge later.
    ``rehearsal``: an exercise.
    """

    id: BreachId
    file: SubjectId
    reporter: Reporter
    reported_at: datetime
    rehearsal: bool
    aware_at: datetime | None = None
    staff_aware: bool = False
    closed_at: datetime | None = None
    closed_by: str = ""
    first_aware: datetime | None = None

    @property
    def open(self) -> bool:
        """Say whether it still runs."""
        return self.closed_at is None

    @property
    def clock_from(self) -> datetime:
        """Return since when it is known as was stated last, or reported while nobody has stated it."""
        return self.aware_at or self.reported_at

    @property
    def counted_from(self) -> datetime:
        """Return from when the hours are counted: the earliest awareness that was stated, or the report without one."""
        return min(self.first_aware or self.clock_from, self.clock_from)


class Part(StrEnum):
    """What a page of a breach's file is about. Pages are sealed, and only ever added."""

    REPORT = "report"
    AWARENESS = "awareness"
    FACTS = "facts"
    CONTAINMENT = "containment"
    REACH = "reach"  # where was looked, and what was found
    LIST = "list"  # the affected subjects
    ASSESSMENT = "assessment"
    CONFIRMATION = "confirmation"
    CONSEQUENCES = "consequences"
    MEASURES = "measures"
    SUMMARY = "summary"
    SUBMISSION = "submission"
    NOTICE = "notice"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Page:
    """Where one page of the file lies: the sealed item, what it is about, when and by whom it was written."""

    item: ItemId
    part: Part
    at: datetime
    actor: ActorId


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page that was opened."""

    page: Page
    text: str


class Lever(StrEnum):
    """What contains a breach, in the order in which it is usually pulled."""

    REVOKE_ACCESS = "revoke-access"
    CLOSE_DOOR = "close-door"
    FREEZE_SOURCE = "freeze-source"
    HOLD_EVIDENCE = "hold-evidence"
    ROTATE_KEYS = "rotate-keys"


Outcome = Literal["done", "by-hand", "not-needed"]
"""Done by this program, done by a person outside it, or not needed (with the reason why)."""


@dataclass(frozen=True, slots=True)
class Step:
    """A lever that was pulled, or left with a reason: when, by whom, and how much it touched (sessions, items, keys)."""

    lever: Lever
    outcome: Outcome
    at: datetime
    actor: ActorId
    count: int


@dataclass(frozen=True, slots=True)
class Assessed:
    """A judgement of ``law.breach`` as it was recorded. Duties are those of whoever is controller; ``ours``: that is us.

    ``to_confirm``: how many things a named person must confirm before a duty is left undone; ``confirmed_at``: done.
    ``carried_on``: facts are missing or could not be read, and the judgement took the safer side.
    """

    number: int
    at: datetime
    actor: ActorId
    is_breach: bool
    ours: bool
    risk: str
    authority: bool
    people: PeopleDuty
    controller: bool
    exception: str
    to_confirm: int
    carried_on: int
    confirmed_at: datetime | None = None
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything about one breach that is no text: what lists, clocks, controls and the register are made of."""

    breach: Breach
    pages: tuple[Page, ...]
    steps: tuple[Step, ...]
    affected: Affected | None
    assessments: tuple[Assessed, ...]
    submissions: tuple[Submission, ...]
    notices: tuple[Notice, ...]
    told: int
    listed: int
    last_told: datetime | None

    @property
    def assessed(self) -> Assessed | None:
        """Return the last judgement."""
        return self.assessments[-1] if self.assessments else None

    def has(self, part: Part) -> bool:
        """Say whether the file has a page about ``part``."""
        return any(page.part is part for page in self.pages)

    def left(self) -> tuple[Lever, ...]:
        """Return the levers of which nothing was said yet."""
        said = {step.lever for step in self.steps}
        return tuple(lever for lever in Lever if lever not in said)
