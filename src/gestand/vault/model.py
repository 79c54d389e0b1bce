"""The nouns of the vault: a datum to seal, what is held (no plaintext), an opening, a refusal, an erasure.

An item is one personal datum: the value of one policy field for one subject. Its context (Article 15(1)) stands beside
it and may be read without opening the value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, NamedTuple, Protocol

from gestand.kernel.ids import ActorId, FieldPath, ItemId, PurposeId, ShelfId, SubjectId, VersionId
from gestand.ledger.model import Entry, Event
from gestand.statement.model import Statement
from gestand.storage.engine import Row


@dataclass(frozen=True, slots=True)
class NewItem:
    """A datum to be sealed.

    ``trigger_on``: the date of the event that starts its shelf's period, None while that has not come; ``due``: the first
    date on which it must be gone (None: open-ended until the trigger comes). Both come from ``law`` through the caller.
    ``purposes`` are those for which it was collected; empty: every purpose of the policy that needs the field.
    """

    field: FieldPath
    value: str
    shelf: ShelfId
    source: str
    trigger_on: date | None = None
    due: date | None = None
    purposes: tuple[PurposeId, ...] = ()
    dossier: str = ""


@dataclass(frozen=True, slots=True)
class NewSubject:
    """A subject with the data to seal at once. ``id`` empty: a new one is made."""

    items: tuple[NewItem, ...]
    kind: Literal["person", "firm"] = "person"
    id: SubjectId | None = None


class Holding(NamedTuple):
    """What is held about one datum, without its value: everything Article 15(1) asks beside the copy."""

    item: ItemId
    subject: SubjectId
    field: FieldPath
    purposes: tuple[PurposeId, ...]
    shelf: ShelfId
    source: str
    collected_at: datetime
    version: VersionId  # of the statement under which it was collected
    trigger_on: date | None
    due: date | None
    dossier: str
    restricted: bool
    restriction_reason: str
    objections: tuple[PurposeId, ...]
    rectified_at: datetime | None
    rectified_by: ActorId | None
    rectified_why: str


@dataclass(frozen=True, slots=True)
class Where:
    """Which items a verb on sets is about: those that meet every bound that is given; at least one must be.

    ``subjects``: of these; ``purpose``: collected for it; ``shelf``: on it; ``recipient``: what it got, according to the
    purposes and recipients of the statement; ``due_by``: due on or before that day.
    """

    subjects: tuple[SubjectId, ...] = ()
    purpose: PurposeId | None = None
    shelf: ShelfId | None = None
    recipient: str = ""
    due_by: date | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a verb on a set went, or would go: subjects and items it touches, and items that a legal hold keeps today.

    ``found_afterwards``: what a renewed search found of erased items; must be 0.
    """

    subjects: int
    items: int
    held: int = 0
    found_afterwards: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A subject whose name is like the one that was looked for; a person chooses.

    ``confidence``: from 0 to 1, our own measure; ``why``: what is alike, in words that hold no name.
    """

    subject: SubjectId
    item: ItemId
    confidence: float
    why: tuple[str, ...]


class DueItem(NamedTuple):
    """What a sweep asks about a datum whose time is over, and nothing more."""

    item: ItemId
    shelf: ShelfId
    version: VersionId  # of the statement under which it was collected
    trigger_on: date | None
    due: date


class Why(StrEnum):
    """Why a read was refused for one datum."""

    NOT_NEEDED = "not-needed"  # the purpose does not need this field
    NOT_COLLECTED_FOR = "not-collected-for"  # collected for other purposes
    RESTRICTED = "restricted"  # Article 18
    OBJECTED = "objected"  # Article 21
    NO_CONSENT = "no-consent"  # Article 6(1)(a), 7(3)
    PAST_SHELF = "past-shelf"  # its time is over; erasure is due
    KEY_DESTROYED = "key-destroyed"  # erased; nothing can open it


class OpenedItem:
    """A datum whose value was opened. What is held about it is put together when it is asked for."""

    __slots__ = ("_found", "_row", "value")

    def __init__(self, found: Holding | Callable[[Row], Holding], value: str, row: Row = ()) -> None:
        """``found``: what is held, or what puts it together from ``row``."""
        self._found = found
        self._row = row
        self.value = value

    @property
    def holding(self) -> Holding:
        """What is held about the datum beside its value."""
        found = self._found
        if not isinstance(found, Holding):
            found = self._found = found(self._row)
        return found

    def __repr__(self) -> str:
        return f"OpenedItem({self.holding!r}, value={len(self.value)} characters)"


@dataclass(frozen=True, slots=True)
class RefusedItem:
    """A datum that stayed closed: why, and the clause of the statement (or article) that forbids it."""

    holding: Holding
    why: Why
    clause: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Opening:
    """An act of reading (already in the ledger when the caller has it)."""

    subject: SubjectId
    purpose: PurposeId
    items: tuple[OpenedItem, ...]
    refused: tuple[RefusedItem, ...]
    recorded: Callable[[], int]

    @property
    def entry(self) -> int:
        """Return the index of its entry in the ledger."""
        return self.recorded()


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure carried out: how many data and keys are gone, and what a renewed search found (must be 0)."""

    id: str
    items: int
    keys: int
    found_afterwards: int


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold: these items stay, however due, until it is lifted or ends."""

    id: str
    items: tuple[ItemId, ...]
    reason: str
    placed_by: ActorId
    placed_at: datetime
    until: date | None


@dataclass(frozen=True, slots=True)
class VaultCounts:
    """How much is in the vault. ``keys`` counts the data keys of buckets, not the subjects' ledger references."""

    subjects: int
    items: int
    keys: int


@dataclass(frozen=True, slots=True)
class Rotation:
    """A turn of the key-encryption key: the new epoch, and how many keys were wrapped anew."""

    epoch: int
    rewrapped: int


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A consent that stands: to the text with this digest, by which channel, when."""

    text_digest: str
    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """What one person chose about one purpose."""

    subject: SubjectId
    objected: bool
    consent: ConsentGiven | None


class Statements(Protocol):
    """What the vault asks of ``publication``: the version in force, and any version by its id."""

    def in_force(self) -> Statement:
        """Return the version in force now."""
        ...

    def version(self, version: str, /) -> Statement | None:
        """Return the version with this id, or None if it was never published."""
        ...


class Recorder(Protocol):
    """What the vault asks of the ledger; ``ledger.service.Ledger`` is one."""

    def record(self, event: Event) -> Callable[[], int]:
        """Record at once and return what gives the index; raises if it cannot be recorded."""
        ...

    def stage(self, *events: Event) -> None:
        """Record in the open transaction, each exactly once, in this order, when it commits."""
        ...

    def entries(self) -> Iterator[Entry]:
        """Yield all that was recorded."""
        ...

    def beforehand(self, action: Callable[[], None]) -> None:
        """Let ``action`` record what is still to be told, each time before what was recorded is read."""
        ...
