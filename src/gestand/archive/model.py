"""The nouns of the archive: a way in, what admitting came to, what is held of a message, a hit, an opening.

A message has several persons in it and dies as a whole, so it has one key of its own (``vault.lockers``). What stands
beside it in plain columns says nothing about anybody: numbers, dates, sizes, shelves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from gestand.kernel.ids import ActorId, MessageId, PurposeId, ShelfId, VersionId
from gestand.statement.policy import FieldKind

WayKind = Literal["imap", "smtp", "file", "form", "chat", "note", "letter", "sent"]


@dataclass(frozen=True, slots=True)
class Way:
    """How a message came in: by what, from which place (mailbox, file), when it was received, and its envelope.

    ``folder`` and ``at_origin`` (for IMAP ``UIDVALIDITY:UID``) say where it lies at its origin; ``at_origin`` empty: it
    does not lie anywhere else, or nobody has promised to empty it there.
    """

    kind: WayKind
    place: str
    received: datetime
    envelope_from: str = ""
    envelope_to: tuple[str, ...] = ()
    folder: str = ""
    at_origin: str = ""


@dataclass(frozen=True, slots=True)
class LyingWay:
    """A way of a message, whether it lies at its origin still, and when it was taken out there; None: not known."""

    way: Way
    lies: bool
    emptied: datetime | None


@dataclass(frozen=True, slots=True)
class Admitted:
    """A message that is durably sealed. ``new`` false: it was here already, and this way was added.

    ``parsed`` false: kept sealed and found by its envelope alone; ``why`` is the code of what was wrong, empty if nothing.
    """

    message: MessageId
    new: bool
    parsed: bool
    why: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What is held of a message, without opening it."""

    message: MessageId
    number: int
    received: date
    admitted_at: datetime
    size: int
    parsed: bool
    why: str
    purpose: PurposeId
    shelf: ShelfId
    rule: str
    version: VersionId
    due: date | None
    corrected_by: ActorId | None


@dataclass(frozen=True, slots=True)
class OpenedMessage:
    """A message that was opened: its bytes as they came, its ways, and the entry of the ledger that says so."""

    kept: Kept
    raw: bytes
    ways: tuple[Way, ...]
    entry: int


@dataclass(frozen=True, slots=True)
class MessageErasure:
    """Messages erased: how many, and what a renewed search of store and index still found (must be 0)."""

    id: str
    messages: int
    found_afterwards: int


@dataclass(frozen=True, slots=True)
class Origin:
    """A message that lies at its origin still: the message, since when it is sealed here, and where it lies there."""

    message: MessageId
    received: date
    place: str
    folder: str
    at_origin: str


@dataclass(frozen=True, slots=True)
class MessageHold:
    """A legal hold on messages."""

    id: str
    messages: tuple[MessageId, ...]
    reason: str
    placed_by: ActorId
    placed_at: datetime
    until: date | None


@dataclass(frozen=True, slots=True)
class MessageRestriction:
    """A message that opens only to answer the person (Article 18): on whose word, since when and why."""

    message: MessageId
    received: date
    reason: str
    placed_by: ActorId
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class Headline:
    """What a list shows of a message: opened for that, and in the ledger."""

    kept: Kept
    subject: str
    sender: str
    recipients: str
    sent: str
    attachments: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which messages are meant. What is named adds up.

    Those that lay in mailboxes (``*``: any) between two moments, that lay on shelves or anywhere in the archive by the last
    of them, and those that somebody opened between them.
    """

    mailboxes: tuple[str, ...] = ()
    shelves: tuple[str, ...] = ()
    everything: bool = False
    opened_by: ActorId | None = None
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A message and who stands in it: addresses, and identifiers in its text with their kinds. ``kept`` None: erased since.

    ``certain`` false: whether it lay there then, or whose it was, nobody can tell.
    """

    kept: Kept | None
    addresses: tuple[str, ...]
    identifiers: tuple[tuple[FieldKind, str], ...]
    certain: bool


class Coverage(NamedTuple):
    """How many messages are in the store and how many a search finds; unequal: run ``gestand archive reindex``."""

    stored: int
    indexed: int
