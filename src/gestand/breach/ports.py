"""What a breach asks of other rooms; ``system`` fills what is there. What is not there is done by a person and recorded so."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gestand.breach.affected import Copies, Reach, TouchedMessage
from gestand.breach.letters import Letter
from gestand.breach.notices import Delivered
from gestand.kernel.ids import ActorId, ItemId, PurposeId, ShelfId, SubjectId


class Access(Protocol):
    """Who may come in: sessions, passkeys and API keys."""

    def revoke_all(self, *, person: str, reason: str, actor: ActorId) -> int:
        """End every session and key of ``person`` (empty: every session but those of ``actor``); return how many."""
        ...


class Sources(Protocol):
    """Other systems that hold data of the same people."""

    def freeze(self, source: str, *, reason: str, actor: ActorId) -> int:
        """Read from and write to ``source`` no more until it is released; return how many connections that touched."""
        ...

    def release(self, source: str, *, actor: ActorId) -> bool:
        """Let a frozen source be used again; False if it was not frozen."""
        ...

    def called(self, name: str) -> tuple[str, str]:
        """Return what ``name`` is (``source`` or ``mailbox``) and how the settings call it; no address."""
        ...

    def declared(self, source: str) -> bool:
        """Say whether this is a system that can be searched for people."""
        ...

    def lay(
        self, source: str, subjects: Sequence[SubjectId], *, purpose: PurposeId, actor: ActorId, reason: str
    ) -> Copies:
        """Return of whom data lie in ``source`` now, frozen or not; why not where it cannot be searched."""
        ...


class Handed(Protocol):
    """What was opened to be given to others: the ledger names a sealed record instead of people."""

    def under(self, record: str) -> Sequence[tuple[SubjectId, Sequence[ItemId]]] | None:
        """Return the data opened under a record by subject, or None once the record left."""
        ...


class Messages(Protocol):
    """The archive of messages."""

    def touched(self, reach: Reach, *, purpose: PurposeId, actor: ActorId, reason: str) -> Iterator[TouchedMessage]:
        """Yield each message within reach with the people in it: by mailbox, shelf, moment, and who opened it."""
        ...

    def knows(self, mailbox: str) -> bool:
        """Say whether the settings have this mailbox; ``*`` is any."""
        ...

    def hold(self, messages: Sequence[str], *, reason: str, actor: ActorId) -> int:
        """Let none of these leave until they are let go; return how many are held by it now that were not."""
        ...

    def let_go(self, *, reason: str, actor: ActorId) -> int:
        """Lift what was held for ``reason``; return how many holds that were."""
        ...


class Sends(Protocol):
    """The outbox: mails, and the pile of letters to print."""

    @property
    def mails(self) -> bool:
        """Say whether it can mail at all."""
        ...

    def mail(self, letter: Letter, *, reference: str, shelf: ShelfId) -> str:
        """Queue ``letter`` as a mail within the open transaction and return the message's id."""
        ...

    def pile(self, letter: Letter, *, reference: str, shelf: ShelfId, language: str) -> str:
        """Put ``letter`` on the pile to print, within the open transaction, and return its id."""
        ...

    def delivered(self, message: str) -> tuple[Delivered, datetime | None]:
        """Return whether a message went to the server or the post, waits, or never will arrive; and since when that is so."""
        ...

    def came_back(self, reference: str) -> Collection[str]:
        """Return the messages under a reference that went and came back."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """The rooms above and beside that a breach may use; None: not there, so a person does it and says so."""

    access: Access | None = None
    sources: Sources | None = None
    messages: Messages | None = None
    sends: Sends | None = None
    handed: Handed | None = None
