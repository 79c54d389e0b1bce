"""Bringing a backup back. No door opens on it before everything is verified and everything the ledger knows is replayed.

It is built in a folder beside the target (``.NAME.restoring``), which takes the target's name in one step at the end:
killed anywhere before, there is no organisation there, and the next restore begins anew.

1. every file against the manifest; keys, index and settings opened, and with them the manifest against the root key; then
   the data, every file against the index;
2. the ledger: the newest that can be had, which must extend the one in the backup and reach every checkpoint remembered;
3. both stores page by page, the counts, every seal; 4. the replay (``Vault.replay``); 5. a renewed search for everything the
whole ledger says was erased; 6. ``restore.done``.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gestand.archive.replaying import drop_closed, erased_messages, forget_messages, mark_again
from gestand.archive.store import ArchiveStore
from gestand.backup.archives import Archives
from gestand.backup.files import sync
from gestand.backup.layout import KEYS, brought_settings
from gestand.backup.ledgers import LedgerCopy, bring_ledger
from gestand.backup.lending import lender
from gestand.backup.manifest import SUFFIX, check_manifest, choose
from gestand.backup.model import Manifest, Restored
from gestand.backup.recipients import Identities
from gestand.backup.whose import recognised, signing_key
from gestand.kernel.clock import Clock
from gestand.kernel.config import FILE, Config
from gestand.kernel.crypto import derive
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError, GestandError, UsageError
from gestand.kernel.ids import ActorId
from gestand.kernel.rootkey import Variable, load_root_key
from gestand.ledger.keys import KEY, places
from gestand.ledger.model import Entry, Event, Fact
from gestand.ledger.note import VerifyKey
from gestand.ledger.service import Ledger, open_ledger
from gestand.publication.service import Publication
from gestand.register.service import Register
from gestand.storage.engine import Engine
from gestand.storage.once import Once
from gestand.storage.sqlite import open_sqlite
from gestand.vault.outlived import Outlived
from gestand.vault.replaying import marks_of
from gestand.vault.service import KEY_FILE, Vault, data_key, open_vault

LOST = (
    "data.sealed",
    "message.admitted",
    "message.classed",
    "subject.added",
    "request.received",
    "request.rejected",
    "request.answered",
    "request.closed",
    "dossier.opened",
    "statement.published",
    "data.moved",
    "data.due",
    "breach.reported",
    "staff.enrolled",
    "program.admitted",
)
"""What no replay brings back: the ledger says that it happened, not what it said."""
UNFINISHED = ".restoring"
_SEARCHED = 100_000  # marks held against the vault in one pass


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be restored, where to, and what is known of a newer ledger.

    ``backup`` empty: the newest. ``keys``: the archive of keys, if it lies elsewhere. ``ledger``: the newest copy that can
    be had; ``remembered``: checkpoints kept elsewhere (texts). ``nothing_newer``: the owner says that there is no newer ledger.
    ``known``: the ledgers of which one must be the backup's; empty: nobody knows.
    """

    folder: Path
    into: Path
    identities: Identities
    backup: str = ""
    keys: Path | None = None
    ledger: LedgerCopy | None = None
    remembered: tuple[str, ...] = ()
    nothing_newer: bool = False
    known: tuple[VerifyKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Copy:
    """An organisation as it stands in a backup, opened for nobody else: what is put right in it before any door opens."""

    engine: Engine
    vault: Vault
    publication: Publication
    clock: Clock


Forget = Callable[[Copy, Iterable[Entry], int], int]
"""Called before the vault's own replay with the copy, the whole ledger, and how many entries it had when the backup was made: takes away what left the
rooms beside the vault and what was revoked, and returns how much of that was there."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a restore works with. ``forget`` is of the rooms beside the vault, which this one does not know."""

    clock: Clock
    entropy: Entropy
    variable: Variable
    forget: Forget
    failpoint: Callable[[str], None]


def restore(wish: Wish, means: Means, *, actor: ActorId) -> Restored:
    """Restore a backup; see ``restore_backup``."""
    manifest = choose(wish.folder, wish.backup, origins={one.name for one in wish.known})
    with _building(wish.into) as place:
        try:
            restored = _restore(wish, means, manifest, place, actor)
            means.failpoint("restore.done")
            place.rename(wish.into)
            sync(wish.into.parent)
        except OSError as fault:
            raise GestandError(
                "restore-not-written",
                f"the backup could not be restored: {fault.strerror}",
                where=str(fault.filename or place),
                remedy="Make room or another folder and restore again; nothing half stands there.",
            ) from None
    means.failpoint("restore.in-place")
    return restored


def _restore(wish: Wish, means: Means, manifest: Manifest, place: Path, actor: ActorId) -> Restored:
    archives = Archives(wish.folder, wish.identities)
    owner = lender(wish.folder, manifest, wish.keys)
    archives.verify(manifest, owner, keys=wish.keys)
    keys = archives.write_keys(owner, place, keys=wish.keys)
    mine = recognised(place / KEYS / KEY, wish.known)
    files = archives.index(manifest)
    settings = [file for file in files if file.path == FILE]
    archives.write_data(manifest, settings, place)
    config, text = brought_settings(place, keys)
    root_key = load_root_key(config.root_key, config.folder, variable=means.variable)
    for one in {manifest.id, owner.id}:
        check_manifest(wish.folder / f"{one}{SUFFIX}", root_key)
    archives.write_data(manifest, [file for file in files if file.path != FILE], place)
    (place / FILE).write_bytes(text)
    means.failpoint("restore.written")
    unseen = bring_ledger(
        archives, manifest, config, root_key,
        given=wish.ledger, remembered=wish.remembered, nothing_newer=wish.nothing_newer,
        clock=means.clock, entropy=means.entropy,
    )  # fmt: skip
    means.failpoint("restore.ledger")
    lent = owner.id != manifest.id
    with _opened(config, root_key, means, lent=lent) as (engine, vault, ledger, publication):
        register = Register(engine, vault, ledger, publication, means.clock, means.entropy)
        entries = ledger.verify().size
        _check_counts(vault, manifest)
        closed = _close(vault, engine, ledger, manifest) if lent else Outlived()
        vault.verify_seals()
        vault.resume()
        if lent:  # an epoch of the same number may have opened in another life of the organisation
            vault.reindex(actor=actor)
        copy = Copy(engine, vault, publication, means.clock)
        replayed = means.forget(copy, ledger.entries(), manifest.entries)
        replay = vault.replay(entry.event for entry in ledger.entries(manifest.entries))
        for subject in (*closed.emptied, *replay.emptied):
            register.forget(subject)
        replayed += replay.total
        replayed += forget_messages(engine, vault.lockers, erased_messages(e.event for e in ledger.entries()))
        unopened = drop_closed(engine, vault.lockers) if lent else 0
        replayed += mark_again(engine, (e.event for e in ledger.entries(manifest.entries)))
        Once(engine).begin_anew(means.clock())
        means.failpoint("restore.replayed")
        _search(vault, ledger)
        lost = Counter(e.event.name for e in ledger.entries(manifest.entries, entries - 1) if e.event.name in LOST)
        lost += Counter({"message.admitted": unopened} if unopened else {})
        left = vault.counts().items
        facts: dict[str, Fact] = {
            "backup": manifest.id,
            "items": left,
            "messages": ArchiveStore(engine).counts()[0],
            "replayed": replayed,
            "verified": True,
            "unseen": unseen,
            "keys_of": owner.id,
            "closed": closed.total + unopened,
        }
        ledger.append(Event("restore.done", means.clock(), actor, facts), durable=True)
    return Restored(
        manifest=manifest,
        folder=wish.into,
        items=left,
        replayed=replayed,
        erased_again=replay.erased,
        to_correct=replay.to_correct,
        ledger_entries=entries,
        ledger=str(mine),
        recognised=bool(wish.known),
        unseen=unseen,
        keys_of=owner.id,
        closed=closed.erased,
        sealed_again={str(path): count for path, count in closed.sealed_again.items()},
        lost=dict(lost),
    )


def _close(vault: Vault, engine: Engine, ledger: Ledger, manifest: Manifest) -> Outlived:
    """Take out of the copy what later keys do not open, and destroy keys of what the copy never held."""
    marks = {
        mark
        for entry in ledger.entries(manifest.entries)
        if entry.event.name == "erasure.begun"
        for mark in marks_of(entry.event)
    }
    closed, archive = vault.drop_outlived(marks), ArchiveStore(engine)
    things = list(vault.lockers.things())
    vault.lockers.destroy(set(things) - {thing for _, thing in archive.of_things(things)})
    return closed


def _check_counts(vault: Vault, manifest: Manifest) -> None:
    """Check pages and counts."""
    vault.verify()
    counts = vault.counts()
    if (counts.subjects, counts.items) != (manifest.subjects, manifest.items):
        raise DamagedError(
            "restore-counts",
            f"the backup should hold {manifest.items} data of {manifest.subjects} subjects; "
            f"there are {counts.items} of {counts.subjects}",
            where=manifest.id,
            remedy="Restore an older backup, and report this.",
        )


def _search(vault: Vault, ledger: Ledger) -> None:
    """Look once more for everything that the ledger, from its first entry, says was erased."""
    marks: set[str] = set()
    for entry in ledger.entries():
        if entry.event.name == "erasure.begun":
            marks.update(marks_of(entry.event))
        if len(marks) >= _SEARCHED:
            _refuse_found(vault.erased_and_here(marks))
            marks.clear()
    _refuse_found(vault.erased_and_here(marks))


def _refuse_found(found: int) -> None:
    if found:
        raise DamagedError(
            "restore-erased-back",
            f"{found} data that the ledger says were erased are in the backup, and the replay did not erase them",
            remedy="Do not use this backup; restore a newer one, and report this.",
        )


@contextmanager
def _opened(
    config: Config, root_key: bytes, means: Means, *, lent: bool
) -> Iterator[tuple[Engine, Vault, Ledger, Publication]]:
    """Open what a replay needs, for nobody else: no door knows this place."""
    folder, remembered = places(config)
    key = signing_key(remembered.with_name(KEY))
    clock, entropy = means.clock, means.entropy
    engine = open_sqlite(config.data / "data.db", data_key(root_key), create=False)
    try:
        # The page key of the key store is tried first: a damaged one must say so, not be made anew.
        open_sqlite(config.data / KEY_FILE, derive(root_key, KEY_FILE), create=False).close()
        ledger = open_ledger(
            folder, engine, clock=clock, entropy=entropy, remembered=remembered, origin=key.name, older_store=True
        )
        try:
            publication = Publication(config.folder, engine, ledger, clock=clock)
            vault = open_vault(
                config.data, engine, ledger, publication, root_key=root_key, clock=clock, entropy=entropy,
                failpoint=means.failpoint, lent=lent,
            )  # fmt: skip
            try:
                yield engine, vault, ledger, publication
            finally:
                vault.close()
        finally:
            ledger.close()
    finally:
        engine.close()


@contextmanager
def _building(into: Path) -> Iterator[Path]:
    """Give a new folder beside the target, where nobody else builds; it is gone if it does not become the target."""
    _refuse_filled(into)
    place = into.with_name(f".{into.name}{UNFINISHED}")
    lock = os.open(into.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in into.parent.glob(f".*{UNFINISHED}"):  # by a killed restore, with the keys of then
            shutil.rmtree(left, ignore_errors=True)
        place.mkdir(mode=0o700)
        yield place
    except BlockingIOError:
        raise GestandError(
            "restore-busy", "another restore goes on here", where=str(into.parent), remedy="Wait until it is done."
        ) from None
    finally:
        shutil.rmtree(place, ignore_errors=True)
        os.close(lock)


def _refuse_filled(into: Path) -> None:
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise UsageError(
            "restore-not-empty",
            "a backup is restored into a new or an empty folder; what stands there is not touched",
            where=str(into),
            remedy="Name another folder, and put the old one away when you are sure.",
        )
    if not into.parent.is_dir():
        raise UsageError(
            "restore-no-place", "the folder in which to restore is not there", where=str(into.parent), remedy="Make it."
        )
