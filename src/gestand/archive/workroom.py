"""What the verbs of the archive work with, handed round as one value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from gestand.archive.classing import Classes
from gestand.archive.index import Index
from gestand.archive.model import Kept
from gestand.archive.sealing import thing_of, unknown_message
from gestand.archive.store import ArchiveStore
from gestand.kernel.clock import Clock, local_date
from gestand.kernel.entropy import Entropy
from gestand.kernel.ids import FieldPath, MessageId
from gestand.ledger.service import Ledger
from gestand.reading.mail import Mail
from gestand.vault.lockers import Lockers
from gestand.vault.model import Statements
from gestand.vault.service import Vault

NAMED: Final = 200
"""Messages that one entry of the ledger names; it holds 16 kB."""
Failpoint = Callable[[str], None]
"""Called with the name of each durable step just taken; tests stop the program there."""


class Reader(Protocol):
    """Reads messages, in another process; never fails: what cannot be read is a ``Mail`` that says so."""

    def begin(self, messages: Sequence[bytes], /) -> Future[list[Mail]]:
        """Begin to read; the future has what was read of each message."""
        ...

    def read(self, messages: Sequence[bytes], /) -> list[Mail]:
        """Return what was read of each message."""
        ...

    def find(self, needle: str, messages: Sequence[bytes], /) -> Future[list[bool]]:
        """Begin to say of each message whether ``needle`` stands in what it says."""
        ...

    def html(self, raw: bytes, /) -> str:
        """Return the HTML that a message shows, sanitised; empty if there is none, or none that can be read."""
        ...

    def attachment(self, raw: bytes, number: int, /) -> bytes:
        """Return the bytes of an attachment."""
        ...

    def close(self) -> None:
        """End the process."""
        ...


@dataclass(frozen=True, slots=True)
class Workroom:
    """Rows, keys, ledger, statement, classes, time, randomness.

    ``content_key`` knows the same bytes again; ``field`` is the field of the policy that the content of a message is.
    """

    store: ArchiveStore
    lockers: Lockers
    vault: Vault
    ledger: Ledger
    statements: Statements
    classes: Classes
    reader: Reader
    index: Index
    field: FieldPath
    content_key: bytes
    index_key: bytes
    clock: Clock
    entropy: Entropy
    failpoint: Failpoint

    def today(self) -> date:
        """Return the local date of the organisation."""
        return local_date(self.clock())

    def one(self, message: MessageId) -> tuple[Kept, bytes]:
        """Return what is held of a message, and the thing that its key is of.

        :raises UsageError: ``message-unknown``.
        """
        thing = thing_of(message)
        found = self.store.one(thing)
        if found is None:
            raise unknown_message(message)
        return found, thing


def no_failpoint(_step: str) -> None:
    """Stop nowhere."""
