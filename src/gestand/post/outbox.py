"""What the verbs of post work with, handed round as one value, and the steps that several of them take."""

from __future__ import annotations

import base64
import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gestand.kernel.clock import Clock
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import GestandError, UsageError
from gestand.kernel.ids import SYSTEM, ActorId, ShelfId, SubjectId
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.post.keys import ContentKeys
from gestand.post.message import address_of, message_of, on_the_line
from gestand.post.model import Archive, Composer, Mail, MailKind, Outgoing, State, Withheld
from gestand.post.store import OutboxStore
from gestand.storage.engine import Engine
from gestand.vault.model import Statements
from gestand.vault.service import Vault


def token_of(message_id: str) -> str:
    """Return how a message stands in the ledger: the random part of its Message-ID, without the firm's domain."""
    return message_id.strip("<>").partition("@")[0]


@dataclass(slots=True)
class Outbox:
    """Rows, keys, ledger, statement, time; who composes what waits as a bulk, and who keeps copies."""

    engine: Engine
    store: OutboxStore
    keys: ContentKeys
    vault: Vault
    ledger: Ledger
    statements: Statements
    clock: Clock
    entropy: Entropy
    lock: Path
    named_sender: str
    composers: dict[MailKind, Composer] = field(default_factory=dict)
    archive: Archive | None = None

    @property
    def sender(self) -> str:
        """The address that mail leaves from: of the settings, else the first of the statement's.

        :raises UsageError: ``smtp-no-sender``.
        """
        contacts = self.statements.in_force().policy.controller.contacts
        found = self.named_sender or next((one.value for one in contacts if one.kind == "email"), "")
        if not found:
            raise UsageError(
                "smtp-no-sender",
                "neither the settings nor the statement name an address to send from",
                where="gestand.toml: mail.smtp.from",
                remedy="Name one.",
            )
        return found

    def new_id(self) -> str:
        """Return a new Message-ID: 120 random bits at the sender's domain."""
        token = base64.b32encode(self.entropy(15)).decode("ascii").lower()
        return f"<{token}@{self.sender.rpartition('@')[2].lower()}>"

    def shelf(self, shelf: ShelfId | None) -> ShelfId:
        """Return the shelf of a proof of sending: the one given, else that of request files."""
        return shelf or ShelfId(self.statements.in_force().policy.rights.shelf)

    def bytes_of(self, mail: Mail, message_id: str) -> bytes:
        """Return a mail as it goes over the line."""
        name = self.statements.in_force().policy.controller.name
        return on_the_line(message_of(mail, message_id, sender=self.sender, sender_name=name, at=self.clock()))

    def made(self, turn: Outgoing) -> tuple[str, bytes] | Withheld:
        """Return the address and bytes of a message: sealed in its row, or composed now."""
        sealed = self.store.sealed(turn.message_id)
        if sealed is not None:
            address, _, content = self.keys.open(turn.message_id, sealed).partition(b"\n")
            return address.decode("ascii"), content
        composer = self.composers.get(turn.kind)
        if composer is None:
            return Withheld("nobody-composes")
        mail = composer.compose(turn)
        if isinstance(mail, Withheld):
            return mail
        return address_of(mail.to), self.bytes_of(mail, turn.message_id)

    def file(self, message_id: str) -> None:
        """Give the archive its copy of a message that was sent; of a one-time code none, for it is worth nothing later."""
        found, sealed = self.store.one(message_id), self.store.sealed(message_id)
        if self.archive is None or found is None or sealed is None or found.state is not State.SENT:
            return
        if found.kind is MailKind.CODE:
            return
        if not self.keys.there(message_id):  # filed before, and killed between destroying its key and its bytes
            return
        address, _, content = self.keys.open(message_id, sealed).partition(b"\n")
        self.archive.file_sent(
            content, sender=self.sender, recipient=address.decode("ascii"), shelf=found.shelf if _answers(found) else ShelfId(""),
            sent_at=found.settled_at or found.queued_at,
        )  # fmt: skip

    def empty(self, message_ids: Sequence[str]) -> None:
        """Destroy the content of messages: the key, then the bytes."""
        if message_ids:
            self.keys.destroy(list(message_ids))
            with self.engine.transaction(durable=False):
                for message_id in message_ids:
                    self.store.unseal(message_id)

    def stage(self, name: str, turn: Outgoing, *, actor: ActorId = SYSTEM, **facts: str) -> None:
        """Record in the open transaction what became of a message."""
        said = {"message": token_of(turn.message_id), "kind": str(turn.kind), "reference": turn.reference, **facts}
        said |= {"letter": turn.letter} if turn.letter else {}
        self.ledger.stage(Event(name, self.clock(), actor, said, self.reference(turn.subject_id)))

    def reference(self, subject: SubjectId | None) -> str:
        """Return how a subject stands in the ledger; empty where none is known, or it is gone."""
        return self.vault.reference(subject) if subject is not None and self.vault.exists(subject) else ""

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the outbox for this process alone.

        :raises GestandError: ``post-busy``.
        """
        descriptor = os.open(self.lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise GestandError(
                    "post-busy",
                    "another process is delivering the outbox",
                    where=str(self.lock),
                    remedy="Wait until it is done; it takes what you queued along.",
                ) from None
            yield
        finally:
            os.close(descriptor)


def _answers(found: Outgoing) -> bool:
    """Say whether a message belongs to what somebody asked, so that its copy is proof as long as the file of that is."""
    return bool(found.reference) and found.kind in {MailKind.ANSWER, MailKind.RECEIPT}
