"""The nouns of outreach: a campaign, one addressee with the judgement, an audience, a call, what an unsubscribe led to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType, Protocol

from gestand.kernel.ids import ActorId, PurposeId, SubjectId
from gestand.post.model import State
from gestand.statement.model import PublishedVersion
from gestand.statement.policy import Text
from gestand.vault.model import ConsentGiven, Statements

CampaignId = NewType("CampaignId", str)  # cam_...


class CampaignKind(StrEnum):
    """What is sent. A service message belongs to an agreement and offers nothing."""

    NEWSLETTER = "newsletter"
    SERVICE = "service"
    OFFER = "offer"


class Via(StrEnum):
    """How people are reached."""

    MAIL = "mail"
    TELEPHONE = "telephone"


class CampaignState(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"
    RUNNING = "running"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign. ``template``: Markdown, or the words for a call.

    ``own_similar`` and ``stop_at_collection`` are what the owner states of an offer to customers without consent (Tw
    11.7(4)-(5)): own similar products, and refusing was possible when the address was given. None: not stated.
    """

    id: CampaignId
    kind: CampaignKind
    via: Via
    purpose: PurposeId
    title: str
    template: str
    language: str
    own_similar: bool | None
    stop_at_collection: bool | None
    state: CampaignState
    made_at: datetime
    tested_at: datetime | None = None
    started_at: datetime | None = None
    stopped_at: datetime | None = None


class Why(StrEnum):
    """Why someone gets a message, or is left out."""

    CONSENT = "consent"
    CUSTOMER = "customer"
    SERVICE = "service"
    LEGAL_PERSON = "legal-person"
    OBJECTED = "objected"
    OBJECTING = "objection-open"
    SUPPRESSED = "suppressed"
    NO_CONSENT = "no-consent"
    NOT_PROVEN = "consent-not-proven"
    NOT_BY_LAW = "not-by-law"
    TO_BE_JUDGED = "to-be-judged"
    NO_ADDRESS = "no-address"
    RETURNED = "returned"
    NOT_RUNNING = "campaign-stopped"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Person:
    """What a judgement weighs about one person; nothing of it was opened.

    ``since`` and ``until``: the days on which they became a customer and their last agreement, job or invoice closed
    (``until`` None while one is open). ``suppressed_at``: when their address was last put among those never to be approached.
    ``objecting_at``: when they objected, while that was not answered yet.
    """

    subject: SubjectId
    firm: bool = False
    objected: bool = False
    suppressed_at: datetime | None = None
    consent: ConsentGiven | None = None
    customer: bool = False
    since: date | None = None
    until: date | None = None
    prospect: bool = False
    objecting_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """On what a message to one person rests: to which version of the text they consented, when and how; or since when a customer."""

    consent: ConsentGiven | None = None
    version: str = ""
    customer_since: date | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One addressee: may it go, why, by which articles, what else must be done, and the proof."""

    subject: SubjectId
    allowed: bool
    why: Why
    reasons: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    must_do: tuple[str, ...] = ()
    ground: Ground = Ground()


@dataclass(frozen=True, slots=True)
class Audience:
    """Everyone of whom an address was collected for a campaign's purpose, judged."""

    campaign: CampaignId
    judged: tuple[Judged, ...]

    @property
    def allowed(self) -> tuple[Judged, ...]:
        """Those to whom it may go."""
        return tuple(one for one in self.judged if one.allowed)

    def counts(self, *, allowed: bool) -> Mapping[Why, int]:
        """Return for each reason how many may get it, or are left out."""
        found: dict[Why, int] = {}
        for one in self.judged:
            if one.allowed is allowed:
                found[one.why] = found.get(one.why, 0) + 1
        return found


@dataclass(frozen=True, slots=True)
class Status:
    """A campaign with what became of its messages, or of its calls by outcome."""

    campaign: Campaign
    messages: Mapping[State, int]
    calls: Mapping[str, int]

    @property
    def finished(self) -> bool:
        """Say whether it goes by mail, was sent, and nothing of it waits to leave any more."""
        waiting = any(self.messages.get(state) for state in (State.QUEUED, State.IN_FLIGHT, State.WAITING))
        return self.campaign.state is CampaignState.RUNNING and self.campaign.via is Via.MAIL and not waiting


class Outcome(StrEnum):
    """How a call went."""

    SPOKEN = "spoken"
    NO_ANSWER = "no-answer"
    CALL_BACK = "call-back"
    WRONG_NUMBER = "wrong-number"

    @property
    def final(self) -> bool:
        """Whether this person is not called again in this campaign."""
        return self in {Outcome.SPOKEN, Outcome.WRONG_NUMBER}


@dataclass(frozen=True, slots=True)
class CallLine:
    """Someone to call: opened for the purpose, judged at this moment, with what must be said."""

    subject: SubjectId
    name: str
    numbers: tuple[str, ...]
    ground: Ground
    tries: int


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """What a public page says after an unsubscribe. It says the same for a token that is none: nobody learns who is known."""

    controller: str
    said: Text


@dataclass(frozen=True, slots=True)
class Moment:
    """One consent, withdrawal, objection or its withdrawal in a person's history, from the ledger.

    ``text``: of a consent, the version of the statement whose words were agreed to; its digest where none has those words.
    """

    at: datetime
    what: str
    purposes: tuple[str, ...]
    channel: str
    entry: int
    text: str = ""


class Versions(Statements, Protocol):
    """What outreach asks of ``publication``: the version in force, any by its id, and which there were."""

    def history(self) -> tuple[PublishedVersion, ...]:
        """Return the versions that were published, oldest first."""
        ...


class Objections(Protocol):
    """Who carries out an objection: it ends every consent to the same, and begins the periods that wait for it."""

    def object_to(self, subject: SubjectId, purposes: Sequence[PurposeId], *, actor: ActorId, reason: str) -> None:
        """Record an objection; it works from the next read on."""
        ...


Objecting = Callable[[], Mapping[SubjectId, datetime]]
"""Says who objected and was not answered yet, each with when."""
