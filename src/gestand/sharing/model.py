"""The nouns of sharing: a disclosure, an order by an authority, something to be told, and the judgement on each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from gestand.kernel.ids import ActorId, FieldPath, ItemId, PurposeId, RecipientId, SubjectId, VersionId
from gestand.statement.policy import Text


@dataclass(frozen=True, slots=True)
class Against:
    """Why something is not given: a stable code, what is wrong, and the clause or article that forbids it."""

    code: str
    says: str
    clause: str

    def __str__(self) -> str:
        return f"{self.says} ({self.clause})" if self.clause else self.says


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether something may be given, everything against it, and what is merely worth knowing (an end that comes near)."""

    against: tuple[Against, ...]
    warnings: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Say whether nothing speaks against it."""
        return not self.against


class Form(StrEnum):
    """How a package is written before it is sealed."""

    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"


class Stage(StrEnum):
    """How far a disclosure came. ``decided`` and no further: broken off, so that it may or may not have left."""

    DECIDED = "decided"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"  # nothing left the house


@dataclass(frozen=True, slots=True)
class Given:
    """What was given of one subject: its number in the package, and how it stands in the ledger.

    ``marks``: of the items, and of the subject as a whole; they tell what was changed since, and die with the record.
    """

    number: int
    subject: SubjectId
    items: tuple[ItemId, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Data that were given to a recipient for a purpose. ``order``: the order by an authority behind it, or nothing.

    ``package``: SHA-256 (hex) of what was sealed for the recipient; ``beside``: that of the order's record, which was written
    under the same entry of the ledger. ``name``: the recipient's own name where the register of
    agreements has it (C-154/21: a person may ask who it was).
    """

    id: str
    at: datetime
    recipient: RecipientId
    name: str
    purpose: PurposeId
    ground: str
    fields: tuple[FieldPath, ...]
    given: tuple[Given, ...]
    form: Form
    version: VersionId
    actor: ActorId
    reason: str
    leaves: date
    stage: Stage = Stage.DECIDED
    delivered_at: datetime | None = None
    package: str = ""
    refused: int = 0
    order: str = ""
    beside: str = ""

    @property
    def values(self) -> int:
        """How many data it holds."""
        return sum(len(one.items) for one in self.given)


@dataclass(frozen=True, slots=True)
class Package:
    """A disclosure with the sealed bytes for the recipient (age-encryption.org/v1)."""

    disclosure: Disclosure
    sealed: bytes
    file_name: str


class OrderState(StrEnum):
    """Where an order stands."""

    RECEIVED = "received"
    CARRIED_OUT = "carried-out"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Approval:
    """Who said yes to an order, when and how: a second person, or the same one afresh after a wait (``waited`` minutes)."""

    by: ActorId
    at: datetime
    how: str  # "second-person" or "fresh-proof"
    waited: int = 0


SECOND_PERSON = "second-person"
FRESH_PROOF = "fresh-proof"


@dataclass(frozen=True, slots=True)
class Demand:
    """What an authority asks, as it came in: who, under which article, what, and the facts that ``law/disclosure`` judges.

    ``facts``: those of ``law.disclosure_facts`` that are known, such as ``written`` or ``identity_checked``. ``secret_until``:
    the last day of a secrecy that the document names; a demand of criminal procedure is secret without one (Sv 126bb(5)).
    """

    authority: str
    article: str
    asks: str
    document: str
    received_at: datetime
    recipient: RecipientId
    purpose: PurposeId
    fields: tuple[FieldPath, ...]
    subjects: tuple[SubjectId, ...]
    facts: Mapping[str, bool | str] = field(default_factory=dict)
    secret: bool = False
    secret_until: date | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A demand with what became of it. ``against`` is empty where the law obliges to give; ``give`` are the fields it reaches."""

    id: str
    demand: Demand
    taken_by: ActorId
    taken_at: datetime
    confidential: bool
    give: tuple[FieldPath, ...]
    withhold: tuple[FieldPath, ...]
    against: tuple[str, ...]
    ask_for: tuple[str, ...]
    must_do: tuple[str, ...]
    articles: tuple[str, ...]
    debatable: tuple[str, ...] = ()
    state: OrderState = OrderState.RECEIVED
    approval: Approval | None = None
    disclosure: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""
    lifted_at: datetime | None = None
    lifted_because: str = ""
    told_at: datetime | None = None
    leaves: date | None = None

    @property
    def secret(self) -> bool:
        """Say whether it was secret from the beginning."""
        return self.confidential or self.demand.secret or self.demand.secret_until is not None

    def hidden(self, today: date) -> bool:
        """Say whether its subject may not know of it on this day."""
        if not self.secret or self.lifted_at is not None:
            return False
        until = self.demand.secret_until
        return until is None or today <= until


class What(StrEnum):
    """What happened to data after they were given (Article 19)."""

    RECTIFIED = "rectified"
    ERASED = "erased"
    RESTRICTED = "restricted"


class How(StrEnum):
    """How a recipient was told, or why not (Article 19)."""

    TOLD = "told"
    IMPOSSIBLE = "impossible"
    DISPROPORTIONATE = "disproportionate"


@dataclass(frozen=True, slots=True)
class Telling:
    """Something that a recipient must be told: the numbers of a package whose data changed, and the entry that says so.

    ``proof``: how it is known that the recipient was told; with ``impossible`` and ``disproportionate`` the reason.
    """

    id: str
    disclosure: str
    recipient: RecipientId
    name: str
    what: What
    numbers: tuple[int, ...]
    entry: int
    at: datetime
    due: date
    leaves: date
    how: How | None = None
    proof: str = ""
    done_at: datetime | None = None
    done_by: str = ""


@dataclass(frozen=True, slots=True)
class Shared:
    """A disclosure as the person it was about is shown it: when, to whom, for what, which fields, and what was told since.

    ``certain`` false: the work was broken off, so that it may have left or not.
    """

    on: date
    recipient: Text
    purpose: Text
    ground: str
    fields: tuple[Text, ...]
    certain: bool
    told: tuple[tuple[What, date, How], ...] = ()
