"""The verbs of the archive. ``open`` is the only way to a message's bytes; ``admit`` answers only when they are durable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from gestand.archive.admitting import BATCH, Batch, Message, admit_batch, batches
from gestand.archive.classing import Classes
from gestand.archive.model import Admitted, Kept, Way
from gestand.archive.sealing import content_token, thing_of, unknown_message
from gestand.archive.store import ArchiveStore
from gestand.archive.workroom import Failpoint, Workroom, no_failpoint
from gestand.kernel.clock import Clock
from gestand.kernel.crypto import derive
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import MessageId
from gestand.ledger.service import Ledger
from gestand.reading.mail import Mail
from gestand.vault.model import Statements
from gestand.vault.service import Vault


class Reader(Protocol):
    """Reads messages, in another process; never fails: what cannot be read is a ``Mail`` that says so."""

    def read(self, messages: Sequence[bytes]) -> list[Mail]:
        """Return what was read of each message."""
        ...

    def close(self) -> None:
        """End the process."""
        ...


class Archive:
    """All messages of the organisation. Made by ``open_archive``."""

    def __init__(self, room: Workroom, reader: Reader) -> None:
        self._room = room
        self._reader = reader

    def admit(self, raw: bytes, way: Way) -> Admitted:
        """Seal one message; when this returns it is on stable storage. The same bytes twice are one message.

        :raises UsageError: ``message-empty``. :raises RefusedError: ``archive-not-in-statement``.
        """
        return next(self.admit_many([(raw, way)]))

    def admit_many(self, messages: Iterable[Message], *, batch: int = BATCH) -> Iterator[Admitted]:
        """Seal messages in batches, one durable commit a batch; yield an answer for each, in order, once it is durable.

        A break leaves whole batches: whoever feeds this goes on after the last answer, or begins anew (nothing doubles).
        """
        for group in batches(iter(messages), batch):
            yield from self._admit(group).admitted

    def _admit(self, group: Sequence[Message]) -> Batch:
        if any(not raw for raw, _ in group):
            raise UsageError("message-empty", "a message of no bytes cannot be kept", remedy="Look where it came from.")
        self._room.classes.refresh()
        return admit_batch(self._room, group, self._read(group))

    def _read(self, group: Sequence[Message]) -> list[Mail | None]:
        """Read what is not known yet; the same bytes twice in a batch are read once."""
        contents = [content_token(self._room.content_key, raw) for raw, _ in group]
        known = set(self._room.store.by_content(contents))
        wanted = {content: raw for content, (raw, _) in zip(contents, group, strict=True) if content not in known}
        found = dict(zip(wanted, self._reader.read(list(wanted.values())), strict=True))
        return [found.get(content) for content in contents]

    def kept(self, message: MessageId) -> Kept:
        """Return what is held of a message, without opening it.

        :raises UsageError: ``message-unknown``.
        """
        found = self._room.store.one(thing_of(message))
        if found is None:
            raise unknown_message(message)
        return found

    def close(self) -> None:
        """End the child that reads."""
        self._reader.close()


def open_archive(
    *,
    store: ArchiveStore,
    vault: Vault,
    ledger: Ledger,
    statements: Statements,
    classes: Classes,
    reader: Reader,
    root_key: bytes,
    clock: Clock,
    entropy: Entropy,
    failpoint: Failpoint = no_failpoint,
) -> Archive:
    """Open the archive over the main store; an admission or erasure that was interrupted is put right first."""
    vault.lockers.reconcile(store.there)
    room = Workroom(
        store=store,
        lockers=vault.lockers,
        vault=vault,
        ledger=ledger,
        statements=statements,
        classes=classes,
        content_key=derive(root_key, "archive content"),
        clock=clock,
        entropy=entropy,
        failpoint=failpoint,
    )
    return Archive(room, reader)
