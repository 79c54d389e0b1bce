"""The nouns of a breach: its report, the levers that contain it, who is affected, the judgement, what was sent to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from gestand.kernel.ids import ActorId, BreachId, FieldPath, ItemId, SubjectId
from gestand.law.breach_people import PeopleDuty
from gestand.statement.policy import Text


class Reporter(StrEnum):
    """Who reported it. A report counts whoever makes it; whether it is true is for the investigation."""

    STAFF = "staff"
    PROCESSOR = "processor"
    OUTSIDER = "outsider"


@dataclass(frozen=True, slots=True)
class Breach:
    """A breach as it is listed. What was written about it is sealed under ``file``, a subject of its own in the vault.

    ``aware_at``: when there was reasonable certainty, as a person stated it; None: not stated, and the clock runs from the
    report. ``staff_aware``: someone of the staff knew at ``aware_at``, those in charge later. ``rehearsal``: an exercise.
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

    @property
    def open(self) -> bool:
        """Say whether it still runs."""
        return self.closed_at is None

    @property
    def clock_from(self) -> datetime:
        """Return from when the 72 hours are counted: awareness, or the report while nobody has stated it."""
        return self.aware_at or self.reported_at


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
class Reach:
    """Where the breach could reach, as a question to ledger, vault and archive. What is named adds up.

    ``opened_by`` with ``first`` and ``last``: what that actor opened between two moments. ``shelves``, ``dossiers``: what lay
    there by ``last``; ``sources``: what came from there by then, and what lies in that system now. ``backup``: what was in a
    backup when it was made. ``everything``: the whole vault and archive. ``mailbox``: the messages of the archive that lay
    there between the moments, whenever they came. ``subjects``: people named by hand; ``others``: people of whom nothing is
    held, counted by hand.
    """

    opened_by: ActorId | None = None
    first: datetime | None = None
    last: datetime | None = None
    shelves: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    dossiers: tuple[str, ...] = ()
    backup: str = ""
    everything: bool = False
    mailbox: str = ""
    subjects: tuple[SubjectId, ...] = ()
    others: int = 0

    @property
    def empty(self) -> bool:
        """Say whether it names nothing to look at."""
        named = (self.opened_by, self.shelves, self.sources, self.dossiers, self.backup, self.mailbox, self.subjects)
        return not (any(named) or self.everything or self.others)

    @property
    def whole(self) -> bool:
        """Say whether it means all that is held: everything, or a backup of which no part is named."""
        return self.everything or bool(self.backup and not (self.shelves or self.sources or self.dossiers))


@dataclass(frozen=True, slots=True)
class Touched:
    """One affected person, and how many records of each field of theirs were in reach."""

    subject: SubjectId
    counts: tuple[tuple[FieldPath, int], ...]

    @property
    def fields(self) -> tuple[FieldPath, ...]:
        """Return the fields of theirs that were in reach."""
        return tuple(path for path, _ in self.counts)


@dataclass(frozen=True, slots=True)
class TouchedMessage:
    """A message in reach. ``message`` empty: erased since; ``strangers``: addresses of people whom the register does not know.

    ``certain`` false: whether it was in reach, or whose it is, nobody can tell any more.
    """

    message: str
    people: tuple[SubjectId, ...]
    strangers: tuple[str, ...]
    certain: bool


@dataclass(frozen=True, slots=True)
class Copies:
    """Whose data lie in another system. ``others``: rows of nobody whom the register knows; ``why_not``: not (wholly) searched."""

    touched: tuple[Touched, ...] = ()
    others: int = 0
    why_not: str = ""


class Delivered(StrEnum):
    """What came of a message to somebody affected."""

    WAITING = "waiting"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Queued:
    """What ``send`` came to: mails and letters put in the outbox, and people of whom no address of either kind is held."""

    mails: int
    letters: int
    unreachable: int


@dataclass(frozen=True, slots=True)
class Affected:
    """Who is affected, in numbers. ``unlisted``: counted, but nobody can say who (nothing is held of them, or erased since).

    ``estimated``: it is an upper bound, for the ledger names no single persons where many were opened at once.
    ``fields``: how many records of each field; ``special``: a category of Article 9 or 10 is among them.
    """

    people: int
    unlisted: int
    records: int
    fields: tuple[tuple[FieldPath, int], ...]
    special: bool
    estimated: bool

    @property
    def all_people(self) -> int:
        """Return the number of people, listed or not."""
        return self.people + self.unlisted


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


class Phase(StrEnum):
    """What a submission to the authority is (Article 33(4))."""

    FIRST = "first"
    ADDITION = "addition"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Submission:
    """A form that a person submitted, with the authority's reference. ``missing``: parts of 33(3) that it still lacked."""

    number: int
    phase: Phase
    submitted_at: datetime
    recorded_at: datetime
    actor: ActorId
    reference: str
    missing: tuple[str, ...]
    reasons_for_delay: bool


class Audience(StrEnum):
    """Who must hear of it."""

    AUTHORITY = "authority"
    PEOPLE = "people"
    PUBLIC = "public"
    CONTROLLER = "controller"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that went out to people, to the public, or to a controller: when, how, and to how many."""

    number: int
    audience: Audience
    at: datetime
    actor: ActorId
    channel: str
    count: int


@dataclass(frozen=True, slots=True)
class DueNotice:
    """What is due to whom. ``due`` None: the law gives no hour and the firm promised none. ``late``: it was or is too late."""

    audience: Audience
    owed: bool
    since: datetime
    due: datetime | None
    done_at: datetime | None
    late: bool
    why: Text
    articles: tuple[str, ...]
    debate: str = ""

    @property
    def waiting(self) -> bool:
        """Say whether it still has to be done."""
        return self.owed and self.done_at is None


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


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """A public communication under Article 34(3)(c), as the public door shows it. It holds no personal data."""

    breach: BreachId
    published_at: datetime
    title: Text
    body: Text
