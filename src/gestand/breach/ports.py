"""What a breach asks of other rooms; ``system`` fills what is there. What is not there is done by a person and recorded so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from gestand.kernel.ids import ActorId, SubjectId


class Access(Protocol):
    """Who may come in: sessions, passkeys and API keys."""

    def revoke_all(self, *, person: str, reason: str, actor: ActorId) -> int:
        """End every session and key of ``person`` (empty: of everyone but ``actor``); return how many."""
        ...


class Sources(Protocol):
    """Other systems from which data come."""

    def freeze(self, source: str, *, reason: str, actor: ActorId) -> int:
        """Read from and write to ``source`` no more until it is released; return how many connections that touched."""
        ...


class Messages(Protocol):
    """The archive of messages."""

    def touched(
        self, mailbox: str, first: datetime | None, last: datetime | None
    ) -> Iterator[tuple[SubjectId | None, int]]:
        """Yield each person whose messages lay in ``mailbox`` (``*``: any) between the moments, with their number.

        None stands for people whom the register does not know: one pair for each address.
        """
        ...


class Sends(Protocol):
    """What can send a message and say that it went."""

    def send(self, *, to: str, subject_line: str, body: str, key: str, actor: ActorId) -> str:
        """Send ``body`` to the address ``to`` once for each ``key``, and return the message's id."""
        ...
