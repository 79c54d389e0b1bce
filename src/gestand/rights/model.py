"""The nouns of rights: a request with its clock, the decision on each datum, a plan, an access answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from gestand.kernel.ids import RequestId, SubjectId
from gestand.sharing.model import Shared
from gestand.sources.model import Removal, SourcePlan
from gestand.statement.policy import Contact, Text
from gestand.vault.model import Erasure, Holding


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
    QUESTION = "question"  # no right: a plain question, answered within the same month by choice


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


class Closing(StrEnum):
    """How a request ends that was carried out on the data themselves, or that the person took back."""

    CARRIED_OUT = "carried-out"
    NOTHING_HELD = "nothing-held"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"  # of a plain question


class Exempt(StrEnum):
    """Why an objection may be refused, though one to direct marketing never may (Article 21(3)): what a person judged of it."""

    OTHER_PERSON = "not-them"  # who asks is not whom it is about
    OTHER_USE = "not-marketing"  # it is against another use of data


@dataclass(frozen=True, slots=True)
class SubjectRequest:
    """A request of a data subject. ``due`` is the better reading of the law, ``conservative`` never later than any.

    ``subject``: whom it is about. ``filed_under``: under whom its own contact point lies, where whoever asked could not be
    told from the contact point; the same as ``subject`` until a person binds it to another. ``matches``: how many
    subjects had that contact point when it came.
    """

    id: RequestId
    right: Right
    subject: SubjectId
    filed_under: SubjectId
    channel: Channel
    received_at: datetime
    due: datetime
    conservative: datetime
    state: State
    identity: IdentityLevel | None
    confirmed_at: datetime | None
    extended_because: str
    ground: str
    closed_at: datetime | None
    outcome: str
    matches: int

    @property
    def open(self) -> bool:
        """Say whether the clock still runs."""
        return self.state not in {State.CLOSED, State.REJECTED}

    @property
    def known(self) -> bool:
        """Say whether the contact point was held, beyond the files of earlier requests, when the request came."""
        return self.matches > 0

    @property
    def ambiguous(self) -> bool:
        """Say whether several subjects have the contact point and nobody has said yet which one asks."""
        return self.matches > 1 and self.subject == self.filed_under


class Decision(StrEnum):
    """What happens to one datum after an erasure request."""

    ERASE = "erase"
    KEEP = "keep"
    RESTRICT = "restrict"


@dataclass(frozen=True, slots=True)
class DatumDecision:
    """The decision on one datum: its ground in words and by article, and until when it stays (None: an end without date).

    ``title``: the field as people call it.
    """

    holding: Holding
    title: Text
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
    copies: tuple[SourcePlan, ...] = ()  # what happens in other systems

    def having(self, decision: Decision) -> tuple[DatumDecision, ...]:
        """Return the decisions of one kind."""
        return tuple(d for d in self.decisions if d.decision is decision)


@dataclass(frozen=True, slots=True)
class ErasureOutcome:
    """An erasure request carried out: what was judged in this run, what left in all, and what a renewed search found.

    ``plan`` is what was judged last: after a break it no longer names what had left by then. ``erased`` and ``kept``
    count over all runs. ``fields``: the titles of what left. ``to_tell``: who received it, by the log (Article 19).
    """

    plan: ErasurePlan
    erasure: Erasure | None
    erased: int
    kept: int
    fields: tuple[Text, ...]
    to_tell: tuple[Text, ...]
    found_afterwards: int
    copies: tuple[Removal, ...] = ()  # what left other systems, and what stays there with its reason

    @property
    def absence_proven(self) -> bool:
        """Say whether the renewed search found nothing of what was to be erased."""
        return self.found_afterwards == 0


@dataclass(frozen=True, slots=True)
class DatumAnswer:
    """One datum with its Article 15(1) context, in words for the person."""

    field: str
    title: Text
    value: str
    purposes: tuple[Text, ...]
    why: tuple[Text, ...]
    basis: tuple[Text, ...]
    source: Text
    recipients: tuple[Text, ...]
    collected_on: date
    statement_version: str
    erase_on: date | None
    erase_rule: Text
    restricted: bool
    of_the_request: bool  # belongs to the file of a request, this one or an earlier one


@dataclass(frozen=True, slots=True)
class Record:
    """Something held about a person that is no field of the policy: a dossier, a choice, a role, an earlier request."""

    title: Text
    said: Text


class Disclosed(Protocol):
    """What rights asks of whoever keeps what was given to others; ``sharing.service.Sharing`` is one."""

    def shared_with(self, subject: SubjectId, /) -> tuple[Shared, ...]:
        """Return what was given about a subject and may be shown to them, oldest first."""
        ...

    def received(self, subject: SubjectId, fields: Collection[str], /) -> tuple[Text, ...]:
        """Return who got any of these fields of a subject, by the log; nobody of whom the subject may not know."""
        ...


class Breached(Protocol):
    """What rights asks of whoever keeps the breaches; ``breach.service.Breaches`` is one."""

    def listed_for(self, subject: SubjectId, /) -> Sequence[tuple[str, datetime | None, str]]:
        """Return the breaches in which a subject is listed: which, when they were told (None: not yet), and how."""
        ...


@dataclass(frozen=True, slots=True)
class CopyAnswer:
    """One value that another system holds: which system, which record in it, which field, and what it says."""

    system: Text
    place: str
    title: Text
    value: str
    record: str = ""


@dataclass(frozen=True, slots=True)
class AccessAnswer:
    """The whole answer to an access request: every datum and record, and when data were opened for what.

    ``shared``: what was given to whom (Article 15(1)(c), C-154/21). ``openings`` never name staff (C-579/21). ``salt`` is drawn for this answer, handed over with it and not kept: the
    digest in the ledger proves what was answered to whoever holds the answer, and tells nobody else anything.
    """

    request: RequestId
    controller: str
    contacts: tuple[Contact, ...]
    made_on: date
    data: tuple[DatumAnswer, ...]
    records: tuple[Record, ...]
    withheld: tuple[tuple[Text, Text], ...]  # (what, why)
    openings: tuple[tuple[date, Text, int], ...]  # when, for which purpose, how many data
    salt: str
    digest: str
    copies: tuple[CopyAnswer, ...] = ()  # what other systems hold
    systems: tuple[Text, ...] = ()  # every system that was searched
    shared: tuple[Shared, ...] = ()
    name: str = ""  # who is greeted; it stands among the data already
    late: bool = False  # made after the term of Article 12(3)

    @property
    def nothing_held(self) -> bool:
        """Say whether nothing is held beyond the request itself."""
        others = self.records or self.withheld or self.shared or self.copies
        return all(datum.of_the_request for datum in self.data) and not others
