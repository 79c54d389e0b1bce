"""What goes out about a breach: the form to the authority, notices to people, the public and controllers, and when each is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gestand.kernel.ids import ActorId, BreachId
from gestand.statement.policy import Text


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
class PublicNotice:
    """A public communication under Article 34(3)(c), as the public door shows it. It holds no personal data."""

    breach: BreachId
    published_at: datetime
    title: Text
    body: Text
