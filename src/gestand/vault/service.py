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
from gestand.kernel.crypto import derive
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError, GestandError
from gestand.kernel.ids import ActorId, ItemId, PurposeId, ShelfId, SubjectId
from gestand.storage.engine import Engine
from gestand.storage.sqlite import open_sqlite
from gestand.vault import admission, changing, erasing, opening, permitting
from gestand.vault.catalogue import Catalogue
from gestand.vault.concluding import Concluding
from gestand.vault.epochs import EpochFiles
from gestand.vault.keys import KeyStore
from gestand.vault.listing import Listing
from gestand.vault.lockers import Lockers
from gestand.vault.marks import Marks
from gestand.vault.model import (
    Erasure,
    Hold,
    NewSubject,
    Opening,
    Recorder,
    Statements,
)
from gestand.vault.residue import WITHIN, Residue
from gestand.vault.resuming import forget_filed
from gestand.vault.room import Failpoint, Room, no_failpoint
from gestand.vault.sets import Sets
from gestand.vault.store import Store
from gestand.vault.upkeep import Upkeep

KEY_FILE = "keys.db"
EPOCH_FOLDER = "epochs"


class Vault(Listing, Sets, Upkeep):
    """Personal data of all subjects. Made by ``open_vault``."""

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
        under: str = "",
    ) -> Opening:
        """Return what may be read of a subject for a purpose, and for the rest why not. Recorded before it is returned.

        ``under``: the id of a sealed record that says who, for what and why; the entry then carries that id and counts
        alone, so that it tells nobody about whom it was. Only the room that keeps such records may use it.

        :raises RefusedError: if the purpose is not in the statement in force, or the ledger cannot record the opening.
        :raises UsageError: if the subject or an item is not there.
        :raises DamagedError: if a sealed value was changed.
        """
        return opening.open_one(self._room, subject, purpose, actor=actor, reason=reason, items=items, under=under)

    def open_many(
        self, subjects: Iterable[SubjectId], purpose: PurposeId, *, actor: ActorId, reason: str
    ) -> Iterator[Opening]:
        """Yield the openings of many subjects; one ledger entry for each 256, recorded before the first of them leaves."""
        return opening.open_many(self._room, subjects, purpose, actor=actor, reason=reason)

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

    def erase(self, items: Collection[ItemId], *, ground: str, actor: ActorId) -> Erasure:
        """Destroy the keys of items, then their ciphertext, tokens and marks; search again; say what was found.

        A subject whose last item goes is gone with its consents, objections and ledger reference.

        :raises RefusedError: if an item is on hold.
        :raises UsageError: if an item is not there, or a transaction is open.
        """
        return erasing.erase(self._room, items, ground=ground, actor=actor)

    @property
    def lockers(self) -> Lockers:
        """Keys of things that are no datum of one person, such as a message; they turn with the epoch."""
        return self._room.keys.lockers

    def erase_subject(self, subject: SubjectId, *, ground: str, actor: ActorId) -> Erasure:
        """Erase all that is held of a subject. It is unreadable in a time that does not grow with how much that is.

        :raises RefusedError: if an item of it is on hold.
        :raises UsageError: if it is not there, or a transaction is open.
        """
        return erasing.erase_subject(self._room, subject, ground=ground, actor=actor)


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
    lent: bool = False,
) -> Vault:
    """Open the vault over the main store; ``folder`` holds the key store and the epochs' keys.

    ``failpoint`` is called after each durable step, for tests; ``keys`` opens the key store elsewhere than in ``keys.db``.
    ``residue_within``: seconds in which deleted bytes leave the logs (``residue``); 0: before each deletion returns.
    ``lent``: the keys are of a later copy, in which nobody of this one need be left.

    :raises DamagedError: if the key store or the epochs' keys are gone while the main store holds data, or damaged.
    """
    path = folder / KEY_FILE
    store = Store(engine)
    if keys is None and not path.exists() and any(store.subjects()):
        raise _keys_missing(path)
    page_key = derive(root_key, "keys.db")
    key_engine = keys(path, page_key) if keys else open_sqlite(path, page_key, create=True)
    try:
        key_store = KeyStore(key_engine, EpochFiles(folder / EPOCH_FOLDER, root_key, entropy), entropy, kin=store.heirs)
        if not lent and not key_store.any() and any(store.subjects()):
            raise _keys_missing(path)
    except GestandError:
        key_engine.close()
        raise
    concluding = Concluding(store, key_store, ledger, failpoint)

    def before_cut() -> None:
        key_store.file_heirs()
        concluding.conclude()
        forget_filed(store, key_store)

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
        residue=Residue([key_engine, engine], within=residue_within, before=before_cut),
        concluding=concluding,
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
