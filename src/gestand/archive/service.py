"""The verbs of the archive. ``open`` is the only way to a message's bytes; ``admit`` answers only when they are durable.

Under which purpose a message stands is in ``purposes``, what keeps it in ``holds``, what closes it in ``restrictions``,
what its person receives of it in ``copies``, where it lies besides in ``origins``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from gestand.archive import erasing, finding, indexing, listening, lying, opening, threads
from gestand.archive.admitting import BATCH, Digests, Message, admit_batch, batches, join_variants
from gestand.archive.classing import Classes
from gestand.archive.copies import Copies
from gestand.archive.holds import Holds
from gestand.archive.index import FILE, Index
from gestand.archive.listening import Listener
from gestand.archive.model import (
    Admitted,
    Coverage,
    Headline,
    Kept,
    MessageErasure,
    OpenedMessage,
    Seen,
    Stretch,
    Way,
)
from gestand.archive.origins import Origins
from gestand.archive.purposes import Purposes
from gestand.archive.restrictions import Restrictions
from gestand.archive.sealing import thing_of
from gestand.archive.store import ArchiveStore
from gestand.archive.ways.heads import instant_of
from gestand.archive.workroom import Failpoint, Reader, Workroom, no_failpoint
from gestand.kernel.clock import Clock
from gestand.kernel.crypto import derive
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import GestandError, UsageError
from gestand.kernel.ids import ActorId, FieldPath, MessageId, PurposeId
from gestand.ledger.service import Ledger
from gestand.reading.mail import KILLED, Mail, unread
from gestand.statement.policy import FieldKind
from gestand.vault.model import Statements
from gestand.vault.place import day_number
from gestand.vault.service import Vault

SHOWN = 50
MESSAGE_FIELD = FieldPath("correspondence.message")


class Archive:
    """All messages of the organisation. Made by ``open_archive``."""

    def __init__(self, room: Workroom) -> None:
        self._room = room
        self.purposes = Purposes(room)
        self.holds = Holds(room)
        self.restrictions = Restrictions(room)
        self.copies = Copies(room)
        self.origins = Origins(room)

    # ==== in ====

    def admit(self, raw: bytes, way: Way) -> Admitted:
        """Seal one message; when this returns it is on stable storage. The same bytes twice are one message.

        :raises UsageError: ``message-empty``. :raises RefusedError: ``archive-not-in-statement``.
        """
        return next(self.admit_many([(raw, way)]))

    def admit_many(self, messages: Iterable[Message], *, batch: int = BATCH) -> Iterator[Admitted]:
        """Seal messages in batches, one durable commit a batch; yield an answer for each, in order, once it is durable.

        One batch is read while the one before it is sealed. A break leaves whole batches: whoever feeds this goes on
        after the last answer, or begins anew (nothing doubles).
        """
        room = self._room
        reading = ((group, self._begin(group)) for group in batches(iter(messages), batch))
        before = next(reading, None)
        while before is not None:
            following = next(reading, None)
            group, (digests, read) = before
            room.classes.refresh()
            done = admit_batch(room, group, read(), digests)
            indexing.add_batch(room, done)
            yield from done.admitted
            before = following

    def _begin(self, group: Sequence[Message]) -> tuple[Digests, Callable[[], list[Mail | None]]]:
        """Begin to read what is not known yet; the same bytes twice in a batch are read once."""
        if any(not raw for raw, _ in group):
            raise UsageError("message-empty", "a message of no bytes cannot be kept", remedy="Look where it came from.")
        digests = join_variants(self._room, group)
        contents = digests.contents
        known = set(self._room.store.by_content(contents))
        wanted = {content: raw for content, (raw, _) in zip(contents, group, strict=True) if content not in known}
        future = self._room.reader.begin(list(wanted.values()))

        def read() -> list[Mail | None]:
            found = dict(zip(wanted, future.result(), strict=True))
            return [found.get(content) for content in contents]

        return digests, read

    def sent_at(self, raw: bytes) -> datetime | None:
        """Return when a message says that it was sent, read in the child; None if it does not say so."""
        return instant_of(self._room.reader.read([raw])[0].sent)

    # ==== what is here ====

    def kept(self, message: MessageId) -> Kept:
        """Return what is held of a message, without opening it.

        :raises UsageError: ``message-unknown``.
        """
        return self._room.one(message)[0]

    def there(self, message: MessageId) -> bool:
        """Say whether a message is here."""
        return self._room.store.one(thing_of(message)) is not None

    def every(self, *, after: int = 0) -> Iterator[Kept]:
        """Yield what is held of every message with a number above ``after``, oldest first; nothing is opened."""
        numbers = list(self._room.store.numbers(after))
        for at in range(0, len(numbers), 256):
            yield from (kept for kept, _ in self._room.store.kept(numbers[at : at + 256]))

    def counts(self) -> tuple[int, int]:
        """Return how many messages there are, and how many bytes they have as they came."""
        return self._room.store.counts()

    def coverage(self) -> Coverage:
        """Return how many messages are in the store, and how many a search finds: none, in an index of another version."""
        return indexing.coverage(self._room)

    def reindex(self, told: Callable[[int], None] = lambda _done: None) -> int:
        """Build the index anew and return how many messages are in it."""
        return indexing.reindex(self._room, told)

    def numbers_without_key(self) -> list[int]:
        """Return the numbers of messages that nothing can open any more, though no erasure is under way."""
        numbers = list(self._room.store.numbers())
        kept = self._room.store.kept(numbers)
        keys = self._room.lockers.open_many([thing for _, thing in kept])
        staying = self._room.store.staying(numbers)
        return [one.number for one, thing in kept if thing not in keys and one.number in staying]

    # ==== find and open ====

    def search(
        self, query: str, purpose: PurposeId, *, actor: ActorId, reason: str, stems: bool = False, limit: int = SHOWN
    ) -> tuple[Kept, ...]:
        """Return the messages that a query finds and that may be opened for the purpose, newest first. Recorded.

        Nothing of their content leaves; ``headlines`` and ``open`` give that.

        :raises UsageError: ``archive-query``. :raises RefusedError: ``archive-purpose``.
        :raises GestandError: ``archive-index-behind``.
        """
        return finding.search(self._room, query, purpose, actor=actor, reason=reason, stems=stems, limit=limit)

    def of_person(self, person: str, purpose: PurposeId, *, actor: ActorId, reason: str) -> tuple[Kept, ...]:
        """Return every message in which a person stands by any of their identifiers, oldest first."""
        return finding.of_person(self._room, person, purpose, actor=actor, reason=reason)

    def of_identifiers(
        self, known: Sequence[tuple[FieldKind, str]], *, actor: ActorId, reason: str
    ) -> tuple[Kept, ...]:
        """Return every message in which one of these identifiers (kind, normal form) stands, oldest first. Recorded."""
        return finding.of_identifiers(self._room, known, actor=actor, reason=reason)

    def open(self, message: MessageId, purpose: PurposeId, *, actor: ActorId, reason: str) -> OpenedMessage:
        """Return a message's bytes as they came, and its ways. Recorded before it is returned.

        :raises UsageError: ``message-unknown``. :raises RefusedError: ``message-refused``, ``archive-purpose``.
        :raises DamagedError: if the sealed bytes were changed.
        """
        return opening.open_messages(self._room, [self._room.one(message)], purpose, actor=actor, reason=reason)[0]

    def open_many(
        self, messages: Sequence[MessageId], purpose: PurposeId, *, actor: ActorId, reason: str
    ) -> Iterator[OpenedMessage]:
        """Yield messages, opened in groups; one entry in the ledger a group, recorded before the first of it is yielded."""
        for at in range(0, len(messages), SHOWN):
            group = [self._room.one(message) for message in messages[at : at + SHOWN]]
            yield from opening.open_messages(self._room, group, purpose, actor=actor, reason=reason)

    def headlines(
        self, messages: Sequence[MessageId], purpose: PurposeId, *, actor: ActorId, reason: str
    ) -> tuple[Headline, ...]:
        """Return of each message its subject, sender, recipients and date: an opening like any other."""
        opened = list(self.open_many(messages, purpose, actor=actor, reason=reason))
        mails = self._room.reader.read([one.raw for one in opened])
        return tuple(threads.headline(one, mail) for one, mail in zip(opened, mails, strict=True))

    def read(self, opened: OpenedMessage) -> Mail:
        """Return what an opened message says, read in the child; what cost a child its life is not tried again."""
        if not opened.kept.parsed and opened.kept.why == KILLED:
            return unread(KILLED)
        return self._room.reader.read([opened.raw])[0]

    def thread(self, opened: OpenedMessage) -> tuple[Kept, ...]:
        """Return the messages of the conversation that an opened message is in, itself included, oldest first."""
        return threads.thread_of(self._room, opened, self.read(opened))

    def conversation(self, message: MessageId) -> tuple[MessageId, ...]:
        """Return the conversation that a message is in by ids alone, itself included; nothing of what they say leaves.

        :raises UsageError: ``message-unknown``.
        """
        return tuple(kept.message for kept in threads.conversation(self._room, *self._room.one(message))) or (message,)

    def containing(self, words: bytes) -> Iterator[Kept]:
        """Yield every message in which words stand, by opening, reading and searching all of them: a proof of absence.

        It does not ask the index. Nothing of the content leaves; ``words`` are ASCII, compared without case.
        """
        return finding.containing(self._room, words)

    def seen_in(self, stretch: Stretch, purpose: PurposeId, *, actor: ActorId, reason: str) -> Iterator[Seen]:
        """Yield the messages that lay somewhere or were opened by somebody, and who stands in each: for a breach. Recorded."""
        return lying.seen_in(self._room, stretch, purpose=purpose, actor=actor, reason=reason)

    def html(self, opened: OpenedMessage) -> str:
        """Return the HTML of an opened message, sanitised, for a frame with an empty sandbox; empty if there is none to show."""
        return self._room.reader.html(opened.raw)

    def attachment(self, opened: OpenedMessage, number: int) -> bytes:
        """Return the bytes of an attachment of an opened message, counted as it was read; for a download."""
        return self._room.reader.attachment(opened.raw, number)

    def tell(self, listeners: Sequence[Listener]) -> int:
        """Tell listeners, once, the bytes of every message that came in since the last time; return how many those were."""
        return listening.listen(self._room, listeners)

    # ==== retention ====

    def allowed(self, messages: Sequence[MessageId], purpose: PurposeId) -> tuple[MessageId, ...]:
        """Return those of some messages that may be opened for a purpose, in their order.

        :raises UsageError: ``message-unknown``. :raises RefusedError: ``archive-purpose``.
        """
        opening.refuse_purpose(self._room.statements.in_force().policy, purpose)
        found = opening.allowed(self._room, [self._room.one(message) for message in messages], purpose)
        return tuple(kept.message for kept, _ in found)

    def due(self, on: date) -> list[Kept]:
        """Return the messages that must be gone on a day, those on hold and restricted too, oldest first."""
        return self._room.store.due(day_number(on) or 0)

    def erase(self, messages: Sequence[MessageId], *, ground: str, actor: ActorId) -> MessageErasure:
        """Destroy the keys of messages, then their bytes, rows and words; search again; say what was found.

        :raises RefusedError: ``message-held``. :raises UsageError: ``message-unknown``.
        """
        found = [self._room.one(message) for message in dict.fromkeys(messages)]
        return erasing.erase(self._room, found, ground=ground, actor=actor)

    def still_here(self, messages: Sequence[MessageId]) -> int:
        """Return how many of these are in the store, or have a key still."""
        things = [thing_of(message) for message in messages]
        return len(self._room.store.there(things) | set(self._room.lockers.open_many(things)))

    def close(self) -> None:
        """End the child that reads, and close the index."""
        self._room.reader.close()
        self._room.index.close()


def open_archive(
    folder: Path,
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
    field: FieldPath = MESSAGE_FIELD,
    failpoint: Failpoint = no_failpoint,
) -> Archive:
    """Open the archive over the main store; ``folder`` holds its index. What was interrupted is put right first."""
    with store.engine.transaction():  # no other process is between its two commits while we hold this
        vault.lockers.reconcile(store.there)
    room = Workroom(
        store=store,
        lockers=vault.lockers,
        vault=vault,
        ledger=ledger,
        statements=statements,
        classes=classes,
        reader=reader,
        index=Index(folder / FILE, derive(root_key, "archive index")),
        field=field,
        content_key=derive(root_key, "archive content"),
        index_key=derive(root_key, "archive tokens"),
        clock=clock,
        entropy=entropy,
        failpoint=failpoint,
    )
    erasing.resume(room)
    if room.index.last() < store.last():
        with suppress(GestandError):  # said by the search that needs it
            indexing.catch_up(room)
    return Archive(room)
