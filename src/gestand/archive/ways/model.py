"""The nouns of the ways in: folders of a mailbox, what lies in them, and what a run of reading, adding or emptying did."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class Ended(StrEnum):
    """Why a mailbox is read no more: it was emptied, it is gone at the provider, or it goes on under another name."""

    EMPTIED = "emptied"
    CLOSED = "closed"
    RENAMED = "renamed"


class FolderRole(StrEnum):
    """What a folder is for, by RFC 6154 or by its name."""

    INBOX = "inbox"
    SENT = "sent"
    JUNK = "junk"
    TRASH = "trash"
    DRAFTS = "drafts"
    ALL = "all"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of a mailbox that can be read."""

    name: str
    role: FolderRole


@dataclass(frozen=True, slots=True)
class FolderHead:
    """What opening a folder tells: as long as ``uidvalidity`` is the same, a UID means the same message (RFC 3501 2.3.1.1)."""

    uidvalidity: int
    messages: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A message in a folder, not fetched: its UID, its bytes, and when the server got it (None: it does not say)."""

    uid: int
    size: int
    received: datetime | None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A message as it was handed over. ``raw`` None: the server would not hand it over, ``why`` tells.

    ``mark`` finds it again in its folder, as long as it lies there: ``UIDVALIDITY:UID``, or a file's unique name.
    ``received`` None: the server does not say when it got it.
    """

    uid: int
    mark: str
    raw: bytes | None
    received: datetime | None
    why: str = ""


class Mailbox(Protocol):
    """An opened mailbox. Reading leaves no trace in it; only ``remove`` changes anything."""

    def folders(self) -> Sequence[Folder]:
        """Return every folder that can hold messages."""
        ...

    def examine(self, folder: Folder) -> FolderHead:
        """Open a folder to read."""
        ...

    def listed(self, after: int) -> Sequence[Listed]:
        """Return the messages of the opened folder with a UID above ``after``, in order of UID."""
        ...

    def fetch(self, uids: Sequence[int]) -> Iterator[Fetched]:
        """Fetch messages of the opened folder; those that are gone by now are left out."""
        ...

    def oldest(self) -> date | None:
        """Return the date of the oldest message in the opened folder; None if it is empty."""
        ...

    def marks(self) -> Collection[str]:
        """Return the marks of everything in the opened folder."""
        ...

    def remove(self, folder: Folder, marks: Sequence[str]) -> Collection[str]:
        """Take messages out of the mailbox for good, and return those that are still in the folder."""
        ...

    def close(self) -> None:
        """Sign out."""
        ...


@dataclass(frozen=True, slots=True)
class FolderState:
    """Up to where a folder was read."""

    uidvalidity: int
    last_uid: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A message that could not be read: where it lies (never what it says) and why."""

    place: str
    why: str


@dataclass(slots=True)
class PullOutcome:
    """What reading a mailbox did. ``complete``: every folder was read to its end.

    ``looked``: it was also looked how old the ``oldest`` message is that lies there (None: nothing does).
    """

    mailbox: str
    folders: int = 0
    seen: int = 0
    new: int = 0
    unparsed: int = 0
    complete: bool = False
    looked: bool = False
    oldest: date | None = None
    failures: list[Failure] = field(default_factory=list)
    renumbered: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MailboxStatus:
    """When a mailbox was last read whole, how many messages could not be read, and how old the oldest is that lies there."""

    name: str
    address: str
    read_at: datetime | None
    failures: int
    oldest: date | None
    empty_after_days: int


@dataclass(slots=True)
class Emptied:
    """What was taken out of a mailbox at its origin. ``left``: messages that should have gone and are still there."""

    mailbox: str
    removed: int = 0
    left: int = 0


@dataclass(slots=True)
class AddOutcome:
    """What adding files did. ``read`` counts messages; ``skipped`` those that an earlier, interrupted run had added."""

    read: int = 0
    new: int = 0
    known: int = 0
    unparsed: int = 0
    skipped: int = 0
    failures: list[Failure] = field(default_factory=list)
