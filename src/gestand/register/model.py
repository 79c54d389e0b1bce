"""The nouns of the register: parties, who represents whom, and dossiers with what happened to them.

A dossier's number, kind, dates and the ids of those in it stand here; whatever is written about people is a datum and
lives in the vault under the dossier's id.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, NamedTuple

from gestand.kernel.ids import DossierId, PurposeId, SubjectId
from gestand.statement.policy import Trigger


class DossierKind(StrEnum):
    """What a dossier is about."""

    QUESTION = "question"
    QUOTE = "quote"
    AGREEMENT = "agreement"
    JOB = "job"
    INVOICE = "invoice"
    COMPLAINT = "complaint"


Role = Literal["customer", "prospect", "contact", "payer", "other"]
ROLES: tuple[Role, ...] = ("customer", "prospect", "contact", "payer", "other")

OWN_TRIGGER: dict[DossierKind, Trigger] = {
    DossierKind.QUESTION: Trigger.QUESTION_ANSWERED,
    DossierKind.QUOTE: Trigger.QUOTE_EXPIRED,
    DossierKind.AGREEMENT: Trigger.AGREEMENT_ENDED,
    DossierKind.JOB: Trigger.JOB_CLOSED,
    DossierKind.INVOICE: Trigger.INVOICE_ISSUED,
    DossierKind.COMPLAINT: Trigger.COMPLAINT_CLOSED,
}
"""The event that is proper to each kind of dossier; a last contact may be reported for every kind."""


RepresentationRole = Literal["owner", "director", "staff", "agent"]


@dataclass(frozen=True, slots=True)
class Involved:
    """A subject in a dossier, and as what."""

    subject: SubjectId
    role: Role


class Involvement(NamedTuple):
    """A subject in a dossier of a kind, open from one date to another; ``closed_on`` None: still."""

    subject: SubjectId
    role: Role
    kind: DossierKind
    opened_on: date
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class DossierEvent:
    """Something that happened to a dossier on a local date, and that starts a period of keeping."""

    trigger: Trigger
    on: date


@dataclass(frozen=True, slots=True)
class Dossier:
    """A question, quote, agreement, job, invoice or complaint. ``number`` is the firm's own, empty if it has none."""

    id: DossierId
    number: str
    kind: DossierKind
    purpose: PurposeId
    opened_on: date
    closed_on: date | None
    people: tuple[Involved, ...]
    events: tuple[DossierEvent, ...]

    @property
    def state(self) -> Literal["open", "closed"]:
        """Say whether it still runs."""
        return "open" if self.closed_on is None else "closed"

    def happened(self, trigger: Trigger) -> date | None:
        """Return the last date on which ``trigger`` was reported, or None."""
        return max((event.on for event in self.events if event.trigger is trigger), default=None)

    def last_sign(self) -> date:
        """Return the last date on which anything happened to it."""
        dates = [self.opened_on, *(event.on for event in self.events)]
        return max(dates if self.closed_on is None else [*dates, self.closed_on])


@dataclass(frozen=True, slots=True)
class Representation:
    """``person`` acts for ``firm`` from ``since`` up to and including ``until``; None: still."""

    firm: SubjectId
    person: SubjectId
    role: RepresentationRole
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Party:
    """A person or a firm in the register, with whom it represents and who represents it."""

    subject: SubjectId
    kind: Literal["person", "firm"]
    represents: tuple[Representation, ...]
    represented_by: tuple[Representation, ...]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What left the register with a subject."""

    dossiers: int
    representations: int
