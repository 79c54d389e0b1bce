"""The nouns of rights: a request with its clock, the decision on each datum, a plan, an access answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from gestand.kernel.ids import RequestId, SubjectId
from gestand.statement.policy import Text
from gestand.vault.model import Holding


class Channel(StrEnum):
    """How a request came in. Every one counts, whatever the statement prefers (Article 12(2))."""

    EMAIL = "email"
    POST = "post"
    TELEPHONE = "telephone"
    COUNTER = "counter"
    WEB = "web"


class Right(StrEnum):
    """The right that is asked for, by its article."""

    ACCESS = "access"  # 15
    RECTIFICATION = "rectification"  # 16
    ERASURE = "erasure"  # 17
    RESTRICTION = "restriction"  # 18
    PORTABILITY = "portability"  # 20
    OBJECTION = "objection"  # 21


class State(StrEnum):
    """Where a request stands. An unconfirmed one (received) counts and runs; nothing is disclosed."""

    RECEIVED = "received"
    CONFIRMED = "confirmed"
    PLANNED = "planned"
    CLOSED = "closed"
    REJECTED = "rejected"


class IdentityLevel(StrEnum):
    """How identity was judged, least intrusive first. What was shown is not kept; only this level and the moment."""

    CONTACT_POINT = "contact-point"  # control over a contact point already held
    SECOND_FACT = "second-fact"  # two facts known to both
    IN_PERSON = "in-person"  # seen, not copied


@dataclass(frozen=True, slots=True)
class SubjectRequest:
    """A request of a data subject. ``due`` is the better reading of the law, ``conservative`` never later than any."""

    id: RequestId
    right: Right
    subject: SubjectId
    channel: Channel
    received_at: datetime
    due: datetime
    conservative: datetime
    state: State
    identity: IdentityLevel | None
    confirmed_at: datetime | None
    extended_because: str
    closed_at: datetime | None
    outcome: str
    known: bool  # whether the person was found in the register when the request came

    @property
    def open(self) -> bool:
        """Say whether the clock still runs."""
        return self.state not in {State.CLOSED, State.REJECTED}


class Decision(StrEnum):
    """What happens to one datum after an erasure request."""

    ERASE = "erase"
    KEEP = "keep"
    RESTRICT = "restrict"


@dataclass(frozen=True, slots=True)
class DatumDecision:
    """The decision on one datum: its ground in words and by article, and until when it stays (None: an end without date)."""

    holding: Holding
    decision: Decision
    ground: str
    why: Text
    until: date | None


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """An erasure request, judged datum by datum. ``digest`` binds what is carried out to what was shown."""

    request: RequestId
    on: date
    decisions: tuple[DatumDecision, ...]
    digest: str

    def having(self, decision: Decision) -> tuple[DatumDecision, ...]:
        """Return the decisions of one kind."""
        return tuple(d for d in self.decisions if d.decision is decision)


@dataclass(frozen=True, slots=True)
class DatumAnswer:
    """One datum with its Article 15(1) context, in words for the person."""

    field: str
    title: Text
    value: str
    purposes: tuple[Text, ...]
    why: tuple[Text, ...]
    basis: tuple[Text, ...]
    source: str
    recipients: tuple[Text, ...]
    collected_on: date
    statement_version: str
    erase_on: date | None
    erase_rule: Text
    restricted: bool


@dataclass(frozen=True, slots=True)
class AccessAnswer:
    """The whole answer to an access request: every datum, and who opened them for what (never by staff name)."""

    request: RequestId
    controller: str
    made_on: date
    data: tuple[DatumAnswer, ...]
    withheld: tuple[tuple[str, str], ...]  # (field, ground)
    openings: tuple[tuple[date, Text, int], ...]  # when, for which purpose, how many data
    digest: str
