"""The verbs of the vault. ``open`` is the only way to personal data.

A datum comes in by ``add`` (judged against the statement, sealed under a key of its subject, shelf and due period), is
found by ``find`` without being opened, goes out by ``open`` for a stated purpose and never without an entry in the
ledger, and leaves by ``erase``, which destroys its key. Articles 5, 6, 17, 18, 21 and 25 GDPR.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from gestand.kernel.clock import Clock
from gestand.kernel.crypto import derive, permute
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError, GestandError
from gestand.kernel.ids import ActorId, ItemId, PurposeId, ShelfId, SubjectId
from gestand.ledger.model import Event
from gestand.statement.policy import FieldKind
from gestand.storage.engine import Engine
from gestand.storage.sqlite import open_sqlite
from gestand.vault import admission, changing, erasing, holding, opening, permitting, replaying, rotating
from gestand.vault.catalogue import Catalogue
from gestand.vault.epochs import EpochFiles
from gestand.vault.keys import KeyStore
from gestand.vault.lockers import Lockers
from gestand.vault.marks import Marks
from gestand.vault.model import (
    DueItem,
    Erasure,
    Hold,
    Holding,
    NewSubject,
    Opening,
    Recorder,
    Rotation,
    Statements,
    VaultCounts,
)
from gestand.vault.place import day_number, day_of, item_id, item_place, subject_bytes, subject_id, unpack
from gestand.vault.replaying import Replay
from gestand.vault.residue import WITHIN, Residue
from gestand.vault.room import Failpoint, Room, no_failpoint
from gestand.vault.sealing import TOKEN_SIZE, bare_token
from gestand.vault.store import Store

KEY_FILE = "keys.db"
EPOCH_FOLDER = "epochs"


class Vault:
    """Personal data of all subjects. Made by ``open_vault``."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def add(
        self, subjects: Sequence[NewSubject], *, actor: ActorId, reason: str, source_event: str = "data.sealed"
    ) -> tuple[SubjectId, ...]:
        """Seal data of new or known subjects in one transaction, with one ledger entry; durable on return.

        Returns the subjects' ids in the order given.

        :raises RefusedError: for a field that no purpose of the statement in force needs, an unknown shelf or purpose.
        :raises UsageError: for a value that is empty or no text, or an unknown subject.
        """
        return admission.add(self._room, subjects, actor=actor, reason=reason, source_event=source_event)

    def open(
        self,
        subject: SubjectId,
        purpose: PurposeId,
        *,
        actor: ActorId,
        reason: str,
        items: Collection[ItemId] | None = None,
    ) -> Opening:
        """Return what may be read of a subject for a purpose, and for the rest why not. Recorded before it is returned.

        :raises RefusedError: if the purpose is not in the statement in force, or the ledger cannot record the opening.
        :raises UsageError: if the subject or an item is not there.
        :raises DamagedError: if a sealed value was changed.
        """
        return opening.open_one(self._room, subject, purpose, actor=actor, reason=reason, items=items)

    def open_many(
        self, subjects: Iterable[SubjectId], purpose: PurposeId, *, actor: ActorId, reason: str
    ) -> Iterator[Opening]:
        """Yield the openings of many subjects; one ledger entry for each 256, recorded before the first of them leaves."""
        return opening.open_many(self._room, subjects, purpose, actor=actor, reason=reason)

    def holdings(self, subject: SubjectId) -> tuple[Holding, ...]:
        """Return what is held about each datum of a subject, without values; empty if the subject is not there."""
        row = self._room.store.subject(subject_bytes(subject))
        if row is None:
            return ()
        rows = self._room.store.items(row.subject)
        context = holding.Context.of(self._room, row, rows)
        return tuple(holding.holding_of(item, context) for item in rows)

    def item(self, item_id: ItemId) -> Holding | None:
        """Return what is held about one datum, or None."""
        subject, number = item_place(item_id)
        row, found = self._room.store.subject(subject), self._room.store.item(subject, number)
        if row is None or found is None:
            return None
        return holding.holding_of(found, holding.Context.of(self._room, row, [found]))

    def find(self, kind: FieldKind, value: str) -> tuple[SubjectId, ...]:
        """Return the subjects of whom an identifying field has this value, whatever its notation."""
        return self.find_many([(kind, value)])[kind, value]

    def find_many(self, pairs: Iterable[tuple[FieldKind, str]]) -> dict[tuple[FieldKind, str], tuple[SubjectId, ...]]:
        """Return for each kind and value the subjects of whom an identifying field has it."""
        asked = list(dict.fromkeys(pairs))
        bare = [bare_token(self._room.index_key, kind, value) for kind, value in asked]
        mapped = permute(self._room.token_key(), b"".join(token for token in bare if token))
        tokens = iter([mapped[at : at + TOKEN_SIZE] for at in range(0, len(mapped), TOKEN_SIZE)])
        places = [next(tokens) if token else b"" for token in bare]
        found = self._room.store.find_many([token for token in places if token])
        return {pair: tuple(map(subject_id, found.get(token, ()))) for pair, token in zip(asked, places, strict=True)}

    def rectify(self, item: ItemId, value: str, *, actor: ActorId, reason: str) -> None:
        """Put the right value in place of a wrong one; keeps who, when and why, not the wrong value (Article 16)."""
        changing.rectify(self._room, item, value, actor=actor, reason=reason)

    def restrict(self, items: Collection[ItemId], *, reason: str, actor: ActorId) -> None:
        """Restrict the processing of items (Article 18): they open only to answer the person they are about."""
        permitting.restrict(self._room, items, actor=actor, reason=reason)

    def release(self, items: Collection[ItemId], *, reason: str, actor: ActorId) -> None:
        """Lift the restriction of items."""
        permitting.release(self._room, items, actor=actor, reason=reason)

    def object_to(self, subject: SubjectId, purposes: Sequence[PurposeId], *, actor: ActorId, reason: str) -> None:
        """Record an objection (Article 21); it works from the next read on.

        :raises RefusedError: if a purpose is not in the statement in force.
        """
        permitting.object_to(self._room, subject, purposes, actor=actor, reason=reason)

    def withdraw_objection(
        self, subject: SubjectId, purposes: Sequence[PurposeId], *, actor: ActorId, reason: str
    ) -> None:
        """Take an objection back, at the subject's own word."""
        permitting.withdraw_objection(self._room, subject, purposes, actor=actor, reason=reason)

    def consent(
        self, subject: SubjectId, purpose: PurposeId, *, text_digest: str, channel: str, actor: ActorId
    ) -> None:
        """Record a consent, with the digest of the text consented to (Article 7(1))."""
        permitting.consent(self._room, subject, purpose, text_digest=text_digest, channel=channel, actor=actor)

    def withdraw_consent(self, subject: SubjectId, purpose: PurposeId, *, channel: str, actor: ActorId) -> None:
        """Record that a consent was withdrawn (Article 7(3)); it works from the next read on."""
        permitting.withdraw_consent(self._room, subject, purpose, channel=channel, actor=actor)

    def set_due(
        self, changes: Sequence[tuple[ItemId, date | None, date | None]], *, trigger: str, actor: ActorId
    ) -> None:
        """Set for each item the date of its trigger and its due date; sealed again where the due year changes."""
        changing.set_due(self._room, changes, trigger=trigger, actor=actor)

    def move(
        self,
        items: Collection[ItemId],
        shelf: ShelfId,
        trigger_on: date | None,
        due: date | None,
        *,
        actor: ActorId,
        reason: str,
    ) -> None:
        """Move items to another shelf of the statement in force, sealed again under that shelf's key."""
        changing.move(self._room, items, shelf, trigger_on, due, actor=actor, reason=reason)

    def place_hold(self, items: Collection[ItemId], *, reason: str, until: date | None, actor: ActorId) -> Hold:
        """Keep items, however due, until the hold is lifted or ``until`` (inclusive) has passed."""
        return permitting.place_hold(self._room, items, reason=reason, until=until, actor=actor)

    def lift_hold(self, hold_id: str, *, reason: str, actor: ActorId) -> None:
        """Lift a hold."""
        permitting.lift_hold(self._room, hold_id, reason=reason, actor=actor)

    def holds(self, subject: SubjectId) -> tuple[Hold, ...]:
        """Return the holds that touch a subject, also those whose end has passed."""
        return permitting.holds(self._room, subject)

    def hold_of(self, item: ItemId) -> Hold | None:
        """Return a hold that keeps the item today, or None."""
        return permitting.hold_of(self._room, item)

    def due(self, on: date) -> Iterator[Holding]:
        """Yield what is due on or before ``on`` and not on hold then, in order of due; others may write meanwhile."""
        context: holding.Context | None = None
        last = b""
        for row in self._room.store.due(day_number(on) or 0):
            if row.subject != last or row.state:  # data of one subject stand together, mostly without marks
                owner = self._room.store.subject(row.subject)
                context = holding.Context.of(self._room, owner, [row]) if owner else None
                last = row.subject
            if context is not None:
                yield holding.holding_of(row, context)

    def due_items(self, on: date) -> Iterator[DueItem]:
        """Yield what ``due`` yields, as short lines: for a sweep over millions."""
        day = day_number(on) or 0
        held = set(self._room.marks.held_due(day))
        going = {s for job in self._room.store.erasures() for s, n in unpack(job.items) if n == erasing.EVERY}
        activities = self._room.catalogue.numbers()
        days: dict[int, date] = {}
        last, subject = b"", SubjectId("")
        for page in self._room.store.due_lines(day):
            for place, number, activity, trigger_on, due in page:
                if (place, number) in held or place in going:
                    continue
                if place != last:
                    last, subject = place, subject_id(place)
                found = activities.get(activity) or self._room.catalogue.activity(activity)
                when = days.get(due) or days.setdefault(due, day_of(due) or on)
                yield DueItem(item_id(subject, number), found.shelf, found.version, day_of(trigger_on), when)

    def erase(self, items: Collection[ItemId], *, ground: str, actor: ActorId) -> Erasure:
        """Destroy the keys of items, then their ciphertext, tokens and marks; search again; say what was found.

        A subject whose last item goes is gone with its consents, objections and ledger reference.

        :raises RefusedError: if an item is on hold.
        :raises UsageError: if an item is not there, or a transaction is open.
        """
        return erasing.erase(self._room, items, ground=ground, actor=actor)

    def erase_subject(self, subject: SubjectId, *, ground: str, actor: ActorId) -> Erasure:
        """Erase all that is held of a subject. It is unreadable in a time that does not grow with how much that is.

        :raises RefusedError: if an item of it is on hold.
        :raises UsageError: if it is not there, or a transaction is open.
        """
        return erasing.erase_subject(self._room, subject, ground=ground, actor=actor)

    def cut_residue(self) -> None:
        """Take what was deleted out of the logs of both stores now; it would leave them within a second.

        :raises GestandError: ``store-busy`` while another process reads or writes.
        """
        self._room.residue.cut()

    def resume(self) -> int:
        """Finish erasures and changes that a crash interrupted; return how many erasures that were."""
        finished = erasing.resume(self._room)
        rotating.resume(self._room)
        return finished

    def rotate(self, *, actor: ActorId) -> Rotation:
        """Turn the key-encryption key: what was erased before is unreadable in every older copy of the key store."""
        return rotating.rotate(self._room, actor=actor)

    def reindex(self, *, actor: ActorId) -> int:
        """Make every blind token anew from the values, and return how many; no value leaves the vault.

        For a statement that makes other fields identifying, and for an older copy of the main store whose epoch's key was
        destroyed since (``resume`` sees that by itself).
        """
        return rotating.reindex(self._room, actor=actor)

    def epochs(self) -> tuple[int, ...]:
        """Return the epochs whose key exists, oldest first: one, or two while the key is being turned."""
        return tuple(self._room.keys.epochs())

    def verify(self) -> None:
        """Read every page of both files and check its seal.

        :raises DamagedError: if one does not verify.
        """
        self._room.store.engine.verify()
        self._room.keys.verify()

    def replay(self, events: Iterable[Event]) -> Replay:
        """Do again what the ledger says was done after this copy of the vault was made; see ``replaying``."""
        return replaying.replay(self._room, events)

    def erased_and_here(self, marks: Collection[str]) -> int:
        """Return how many of the items that stand in the ledger under ``marks`` are in the vault."""
        return len(replaying.places(self._room, marks))

    def verify_seals(self) -> int:
        """Check the seal of every datum and return how many there are; no value leaves.

        :raises DamagedError: at the first that does not open under its key.
        """
        return replaying.verify_seals(self._room)

    def subjects(self) -> Iterator[SubjectId]:
        """Yield every subject; others may write meanwhile."""
        return map(subject_id, self._room.store.subjects())

    def collected_for(self, purpose: PurposeId) -> Iterator[SubjectId]:
        """Yield the subjects of whom something was collected for a purpose: named with it, or a field that it needs."""
        needed = self._room.statements.in_force().policy.purposes.get(purpose)
        activities = [
            number
            for number, activity in self._room.catalogue.numbers().items()
            if purpose in activity.purposes
            or (not activity.purposes and needed is not None and needed.allows(activity.field))
        ]
        return map(subject_id, self._room.store.collected(activities))

    def exists(self, subject: SubjectId) -> bool:
        """Say whether the subject is in the vault."""
        return self._room.store.subject(subject_bytes(subject)) is not None

    def counts(self) -> VaultCounts:
        """Return how much is in the vault."""
        subjects, items = self._room.store.counts()
        return VaultCounts(subjects, items, self._room.keys.count())

    def reference(self, subject: SubjectId) -> str:
        """Return how the subject stands in the ledger: an HMAC under a key that dies with the subject's last item."""
        return self._room.reference(subject_bytes(subject))

    def mark(self, item: ItemId) -> str:
        """Return how an item stands in the ledger, or nothing if it is not there; it dies with its subject."""
        row = self._room.store.item(*item_place(item))
        return "" if row is None else changing.item_reference(self._room, row)

    def consents(self, subject: SubjectId) -> tuple[PurposeId, ...]:
        """Return the purposes that the subject's consent stands for now."""
        owner = self._room.known(subject_bytes(subject))
        return tuple(PurposeId(name) for name in self._room.catalogue.purposes(owner.consented))

    def objections(self, subject: SubjectId) -> tuple[PurposeId, ...]:
        """Return the purposes that the subject objects to now."""
        owner = self._room.known(subject_bytes(subject))
        return tuple(PurposeId(name) for name in self._room.catalogue.purposes(owner.objected))

    def held_due(self, on: date) -> Iterator[Holding]:
        """Yield what is due on or before ``on`` and stays because of a hold, in order of due."""
        for subject, number in self._room.marks.held_due(day_number(on) or 0):
            found = self.item(item_id(subject_id(subject), number))
            if found is not None:
                yield found

    @property
    def lockers(self) -> Lockers:
        """Keys of things that are no datum of one person, such as a message; they turn with the epoch."""
        return self._room.keys.lockers

    def stores(self) -> tuple[Engine, Engine]:
        """Return the stores of data and of keys, for who copies both at one moment."""
        return self._room.store.engine, self._room.keys.engine

    def close(self) -> None:
        """Take what was deleted out of the logs and close the key store; the main store belongs to the caller."""
        self._room.residue.close()
        self._room.keys.close()


def open_vault(
    folder: Path,
    engine: Engine,
    ledger: Recorder,
    statements: Statements,
    *,
    root_key: bytes,
    clock: Clock,
    entropy: Entropy,
    failpoint: Failpoint = no_failpoint,
    keys: Callable[[Path, bytes], Engine] | None = None,
    residue_within: float = WITHIN,
) -> Vault:
    """Open the vault over the main store; ``folder`` holds the key store and the epochs' keys.

    ``failpoint`` is called after each durable step, for tests; ``keys`` opens the key store elsewhere than in ``keys.db``.
    ``residue_within``: seconds in which deleted bytes leave the logs (``residue``); 0: before each deletion returns.

    :raises DamagedError: if the key store or the epochs' keys are gone while the main store holds data, or damaged.
    """
    path = folder / KEY_FILE
    store = Store(engine)
    if keys is None and not path.exists() and any(store.subjects()):
        raise _keys_missing(path)
    page_key = derive(root_key, "keys.db")
    key_engine = keys(path, page_key) if keys else open_sqlite(path, page_key, create=True)
    try:
        key_store = KeyStore(key_engine, EpochFiles(folder / EPOCH_FOLDER, root_key, entropy), entropy)
        if not key_store.any() and any(store.subjects()):
            raise _keys_missing(path)
    except GestandError:
        key_engine.close()
        raise
    room = Room(
        store=store,
        marks=Marks(engine),
        keys=key_store,
        catalogue=Catalogue(engine),
        ledger=ledger,
        statements=statements,
        index_key=derive(root_key, "blind index"),
        clock=clock,
        entropy=entropy,
        failpoint=failpoint,
        residue=Residue([key_engine, engine], within=residue_within),
    )
    return Vault(room)


def _keys_missing(path: Path) -> DamagedError:
    return DamagedError(
        "key-store-missing",
        "there are sealed data, but the key store is gone",
        where=str(path),
        remedy="Restore the key store and the folder epochs from the backup of keys; without them nothing can be opened.",
    )


def data_key(root_key: bytes) -> bytes:
    """Return the page key of the main store ``data.db``, for ``storage.open_sqlite``."""
    return derive(root_key, "data.db")
