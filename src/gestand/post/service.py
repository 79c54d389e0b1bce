"""The verbs of post: write a letter, queue, deliver, send again, print, note what came back.

A message is in flight, on stable storage, before the server is given a word of it; its answer follows. Killed in between,
it is in doubt and says so: nothing but a person's choice sends it again, and then under the same Message-ID.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import GestandError, UsageError
from gestand.kernel.ids import ActorId
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.post import letters
from gestand.post.bounces import read_bounce
from gestand.post.delivering import Failpoint, deliver, resume
from gestand.post.keys import ContentKeys
from gestand.post.looking import Looking
from gestand.post.message import address_of
from gestand.post.model import (
    Archive,
    Bounce,
    Bulk,
    Composer,
    Courier,
    Delivery,
    Letter,
    Mail,
    MailKind,
    Outgoing,
    State,
)
from gestand.post.outbox import Outbox, token_of
from gestand.post.rules import RECEIPT_EVERY, never_answered
from gestand.post.store import OutboxStore
from gestand.storage.engine import Engine
from gestand.vault.model import Statements
from gestand.vault.service import Vault

ONE, MANY = 0, 1
"""Priorities: what is for one person goes before what is for many."""


class Post(Looking):
    """The outbox of one organisation, and its letters."""

    def __init__(
        self,
        engine: Engine,
        vault: Vault,
        ledger: Ledger,
        statements: Statements,
        *,
        root_key: bytes,
        clock: Clock,
        entropy: Entropy,
        lock: Path,
        sender: str = "",
        rate: int = 0,
        courier: Callable[[], Courier] | None = None,
    ) -> None:
        keys = ContentKeys(vault.stores()[1], root_key, entropy)
        self._outbox = Outbox(
            engine, OutboxStore(engine), keys, vault, ledger, statements, clock, entropy, lock, sender
        )
        self._rate = rate
        self._courier = courier

    def composed_by(self, composer: Composer, kinds: Iterable[MailKind]) -> None:
        """Let ``composer`` make the messages of these kinds that were queued as a bulk."""
        self._outbox.composers.update(dict.fromkeys(kinds, composer))

    def filed_in(self, archive: Archive) -> None:
        """Let ``archive`` keep a copy of what is sent to one person."""
        self._outbox.archive = archive

    @property
    def sender(self) -> str:
        """The address that mail leaves from."""
        return self._outbox.sender

    @property
    def reachable(self) -> bool:
        """Whether the settings name a server to send through."""
        return self._courier is not None

    # Letters

    def letter_text(
        self, template: str, language: str, values: Mapping[str, str], *, to: Sequence[str] = (), name: str = ""
    ) -> letters.Letter:
        """Return a letter in words, for the text of a mail; see ``letters.write_letter`` for what it raises."""
        controller = self._outbox.statements.in_force().policy.controller
        return letters.write_letter(template, language, values, controller, local_date(self._outbox.clock()), to, name)

    def letter(
        self, template: str, language: str, values: Mapping[str, str], *, to: Sequence[str] = (), name: str = ""
    ) -> bytes:
        """Return a letter as an accessible PDF (PDF/UA-1); ``to``: the lines of the addressee, ``name``: who is greeted.

        :raises UsageError: ``letter-unknown``, ``letter-language``, ``letter-values``.
        """
        written = self.letter_text(template, language, values, to=to, name=name)
        return letters.typeset(written, self._outbox.statements.in_force().policy.controller)

    # Queue

    def send(self, mail: Mail) -> str:
        """Queue a mail and return its Message-ID; it is sealed and durable then, and leaves with ``deliver``.

        :raises RefusedError: ``mail-address``; ``mail-header`` for a line break in a header, or a header of post's own.
        """
        message_id = self._outbox.new_id()
        content = self._outbox.bytes_of(mail, message_id)
        address = address_of(mail.to)
        with (
            self._outbox.engine.transaction()
        ):  # round the key too: while it is held nobody looks for keys without a row
            sealed = self._outbox.keys.seal(message_id, address.encode("ascii") + b"\n" + content)
            row = (message_id, ONE, mail.kind, State.QUEUED, mail.reference, str(mail.subject_id or ""),
                   str(self._outbox.shelf(mail.shelf)), self._outbox.clock().isoformat(),
                   self._outbox.keys.mark(address), sealed, mail.letter)  # fmt: skip
            self._outbox.store.insert([row])
        return message_id

    def receipt(self, mail: Mail, answering: Iterable[tuple[str, str]] = (), *, return_path: str | None = None) -> str:
        """Queue a receipt for what someone sent, and return its Message-ID; empty if a machine must not answer that.

        ``answering``: the headers of what came in. Never to automatic or list mail, and one to an address in an hour.
        """
        if never_answered(answering, return_path):
            return ""
        if self.sent_lately(mail.to, MailKind.RECEIPT):
            return ""
        assert mail.kind is MailKind.RECEIPT
        return self.send(mail)

    def sent_lately(self, to: str, kind: MailKind) -> bool:
        """Say whether a message of a kind was queued for an address within this hour."""
        since = self._outbox.clock() - RECEIPT_EVERY
        return self._outbox.store.sent_to(self._outbox.keys.mark(address_of(to)), kind, since) > 0

    def send_many(self, bulk: Iterable[Bulk]) -> int:
        """Queue messages that are composed when their turn comes; return how many."""
        now = self._outbox.clock().isoformat()
        rows = [
            (
                self._outbox.new_id(),
                MANY,
                one.kind,
                State.QUEUED,
                one.reference,
                str(one.subject_id),
                str(one.shelf),
                now,
                None,
                None,
                "",
            )
            for one in bulk
        ]
        with self._outbox.engine.transaction():
            self._outbox.store.insert(rows)
        return len(rows)

    def print_letter(self, letter: Letter) -> str:
        """Put a letter on the pile to be printed and return its id."""
        message_id = self._outbox.new_id()
        subject = str(letter.subject_id or "")
        with self._outbox.engine.transaction():  # also round the key, as in ``send``
            sealed = self._outbox.keys.seal(message_id, b"\n" + letter.pdf)
            row = (message_id, ONE, MailKind.PRINTED, State.TO_PRINT, letter.reference, subject, str(self._outbox.shelf(letter.shelf)),
                   self._outbox.clock().isoformat(), None, sealed, letter.letter)  # fmt: skip
            self._outbox.store.insert([row])
        return message_id

    def cancel(self, reference: str) -> int:
        """Take back what waits under a reference; what is in flight is. Return how many messages that were."""
        with self._outbox.engine.transaction():
            gone = self._outbox.store.cancel(reference, self._outbox.clock())
        self._outbox.empty(gone)
        return len(gone)

    # Look

    def content(self, message_id: str, *, actor: ActorId, reason: str) -> bytes:
        """Return what waits, as it would leave (a message or a PDF); the opening is in the ledger first.

        :raises UsageError: ``post-unknown``; ``post-sent`` if the content is gone.
        """
        found = self.one(message_id)
        sealed = self._outbox.store.sealed(message_id)
        if sealed is None:
            raise UsageError(
                "post-sent",
                "its content is gone: it was sent, or is composed only when its turn comes",
                where=message_id,
                remedy="What was sent to one person is in the e-mail archive, if there is one.",
            )
        facts = {"message": token_of(message_id), "kind": str(found.kind), "reason": reason}
        self._outbox.ledger.append(
            Event("mail.opened", self._outbox.clock(), actor, facts, self._outbox.reference(found.subject_id))
        )
        return self._outbox.keys.open(message_id, sealed).partition(b"\n")[2]

    # Deliver

    def deliver(
        self,
        courier: Courier | None = None,
        *,
        limit: int | None = None,
        wait: Callable[[float], None] = time.sleep,
        each: Callable[[Outgoing, State], None] = lambda _outgoing, _state: None,
        failpoint: Failpoint = lambda _step: None,
    ) -> Delivery:
        """Send what waits, one after another, and say what came of it. Only one process at a time delivers.

        ``courier`` None: to the server of ``[mail.smtp]``. ``each`` is told of every message; ``limit``: at most so many.

        :raises UsageError: ``smtp-not-set`` if the settings name no server.
        :raises GestandError: ``post-busy`` while another process delivers.
        """
        if courier is None:
            if self._courier is None:
                raise UsageError(
                    "smtp-not-set",
                    "the settings name no server to send mail through",
                    where="gestand.toml",
                    remedy='Add [mail.smtp] with host, user, password = "env:NAME" and from.',
                )
            courier = self._courier()
        pause = 60 / self._rate if self._rate else 0.0
        return deliver(self._outbox, courier, limit=limit, pause=pause, wait=wait, each=each, failpoint=failpoint)

    def recover(self) -> tuple[str, ...]:
        """Return what is in doubt since a crash, noted as such; nothing while another process delivers."""
        try:
            with self._outbox.alone():
                return resume(self._outbox)
        except GestandError as busy:
            if busy.code != "post-busy":
                raise
            return ()

    def retry(self, message_id: str, *, actor: ActorId) -> Outgoing:
        """Let a message go again that is in doubt, failed, or waits for its next try; it keeps its Message-ID.

        :raises UsageError: ``post-unknown``; ``post-no-retry`` in any other state, or if its content is gone.
        """
        found = self.one(message_id)
        composed = found.kind in self._outbox.composers and found.subject_id is not None
        if found.state not in {State.IN_DOUBT, State.FAILED, State.WAITING} or not (found.waits or composed):
            raise UsageError(
                "post-no-retry",
                f"it is {found.state}: there is nothing to send again",
                where=message_id,
                remedy="Write a new message if the person must hear it once more.",
            )
        with self._outbox.engine.transaction():
            self._outbox.store.requeue(message_id)
            self._outbox.stage("mail.retried", found, actor=actor)
        return self.one(message_id)

    def arrived(self, message_id: str, *, actor: ActorId) -> Outgoing:
        """Settle a message in doubt: a person knows that it arrived.

        :raises UsageError: ``post-unknown``, ``post-no-doubt``.
        """
        found = self.one(message_id)
        if found.state is not State.IN_DOUBT:
            raise UsageError(
                "post-no-doubt", f"it is {found.state}, not in doubt", where=message_id, remedy="Leave it."
            )
        with self._outbox.engine.transaction():
            self._outbox.store.settle(message_id, State.SENT, self._outbox.clock(), f"arrived, says {actor}", tries=0)
            self._outbox.stage("mail.sent", found, actor=actor)
        self._outbox.empty([message_id])
        return self.one(message_id)

    def note_bounce(self, raw: bytes) -> tuple[Bounce, ...]:
        """Read a delivery report and mark the messages of ours that came back for good; nothing for any other mail."""
        found = read_bounce(raw)
        for bounce in found:
            outgoing = self._outbox.store.one(bounce.message_id)
            if outgoing is None or not bounce.permanent or outgoing.state not in {State.SENT, State.IN_DOUBT}:
                continue
            with self._outbox.engine.transaction():
                self._outbox.store.settle(
                    outgoing.message_id, State.BOUNCED, self._outbox.clock(), f"bounced {bounce.status}", tries=0
                )
                self._outbox.stage("mail.bounced", outgoing, status=bounce.status)
        return found

    def posted(self, message_id: str, *, on: date, by: str, actor: ActorId) -> Outgoing:
        """Mark a printed letter as posted on a date by someone; its content is destroyed.

        :raises UsageError: ``post-unknown``; ``post-not-printed`` if it is no letter that waits; ``post-date``.
        """
        found = self.one(message_id)
        if found.state is not State.TO_PRINT or not by.strip():
            raise UsageError(
                "post-not-printed",
                "it is no letter that waits to be posted" if by.strip() else "nobody is named who posted it",
                where=message_id,
                remedy="See 'gestand post list', and name who put it in the post with --by.",
            )
        now = self._outbox.clock()
        if on > local_date(now):
            raise UsageError("post-date", f"{on} has not come yet", where="--on", remedy="Give the day it was posted.")
        at = datetime(on.year, on.month, on.day, 12, tzinfo=now.tzinfo)
        with self._outbox.engine.transaction():
            self._outbox.store.posted(message_id, at, by.strip())
            self._outbox.stage("letter.posted", found, actor=actor, on=on.isoformat())
        self._outbox.empty([message_id])
        return self.one(message_id)

    def there(self, message_ids: Sequence[str]) -> int:
        """Return how many of these messages are in the outbox."""
        return sum(self._outbox.store.there(message_id) for message_id in message_ids)

    def forget(self, message_ids: Sequence[str]) -> int:
        """Remove rows with their content and keys; return how many there were. For retention and for a restore."""
        there = [message_id for message_id in message_ids if self._outbox.store.there(message_id)]
        self._outbox.keys.destroy(there)
        with self._outbox.engine.transaction():
            for message_id in there:
                self._outbox.store.delete(message_id)
        return len(there)
