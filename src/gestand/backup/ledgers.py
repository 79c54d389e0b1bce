"""Which ledger a restored organisation goes on with: the newest that can be had, and never one older than is remembered.

The ledger in a backup ends where the backup was made; what was erased or objected to afterwards stands only in a newer
one. It may come from the old organisation's folder, from the disk that is left of it, or from a newer backup.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from gestand.backup.archives import Archives
from gestand.backup.manifest import SUFFIX, check_manifest, manifests
from gestand.backup.model import Manifest
from gestand.kernel.clock import Clock
from gestand.kernel.config import Config
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError, RefusedError, UsageError
from gestand.ledger.audit import check
from gestand.ledger.frames import runs
from gestand.ledger.keys import KEY, REMEMBERED, load_key, places, read_note, replace
from gestand.ledger.model import Checkpoint, Head
from gestand.ledger.note import VerifyKey, read_checkpoint, split_notes
from gestand.ledger.service import Ledger, open_ledger
from gestand.ledger.torn import mend

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class LedgerCopy:
    """A ledger to go on with: its log (the first ``length`` bytes; None: all), its signed checkpoints, the one remembered."""

    log: Path
    length: int | None
    signed: bytes
    remembered: str | None


def ledger_copy(path: Path) -> LedgerCopy:
    """Return the ledger in a folder: an organisation's, its ``data``, or the folder of the log itself.

    :raises UsageError: ``no-ledger``.
    """
    for folder in (path, path / "ledger", path / "data" / "ledger"):
        if (folder / "log").is_file():
            signed = folder / "checkpoints"
            remembered = path / "keys" / REMEMBERED
            return LedgerCopy(
                folder / "log", None, signed.read_bytes() if signed.is_file() else b"", read_note(remembered)
            )
    raise UsageError(
        "no-ledger",
        "there is no ledger here",
        where=str(path),
        remedy="Name the folder of the old organisation, or its data/ledger.",
    )


def bring_ledger(
    archives: Archives,
    manifest: Manifest,
    config: Config,
    root_key: bytes,
    *,
    given: LedgerCopy | None,
    remembered: tuple[str, ...],
    nothing_newer: bool,
    clock: Clock,
    entropy: Entropy,
) -> bool:
    """Put the ledger to go on with in place of the backup's own, check it, and say whether a newer one may be unknown.

    :raises RefusedError: ``restore-ledger-unknown`` if nobody says whether there is a newer one.
    :raises DamagedError: ``restore-ledger-older`` if it does not reach a remembered checkpoint, ``restore-ledger-other`` if
        it does not extend the backup's.
    """
    folder, kept = places(config)
    key = load_key(kept.with_name(KEY))
    if key is None:
        raise DamagedError(
            "ledger-key-missing", "the backup of keys lacks the ledger's signing key", remedy="Restore another backup."
        )
    known = [note for note in (read_note(kept), *remembered, given.remembered if given else None) if note]
    unseen = given is None and not remembered
    if unseen and not nothing_newer:
        raise RefusedError(
            "restore-ledger-unknown",
            "what was erased or objected to after this backup stands in a newer ledger, and none was named",
            remedy="Name what is left of the old organisation with --ledger DIR. If truly nothing is left, say --nothing-newer: "
            "the restore is marked, and what was asked of you since the backup must be done again by hand.",
        )
    if given is not None:
        _take(given, folder)
    else:
        _from_newer_backup(archives, manifest, root_key, folder, damaged_too=nothing_newer)
    checkpoints = [read_checkpoint(note, key.verify_key) for note in known]
    checkpoints += _signed(folder, key.verify_key)
    newest = max(checkpoints, key=lambda one: one.head.size, default=None)
    if newest is not None:
        replace(kept, newest.text)
    _refuse_older(folder, newest)
    with open_ledger(folder, None, clock=clock, entropy=entropy, remembered=kept, origin=key.name) as ledger:
        _check(ledger, manifest, checkpoints, where=str(folder))
    return unseen


def _refuse_older(folder: Path, newest: Checkpoint | None) -> None:
    with (folder / "log").open("rb") as log:
        size = sum(len(run.leaves) for run in runs(log.fileno(), 0, os.fstat(log.fileno()).st_size, 0))
    if newest is not None and size < newest.head.size:
        raise DamagedError(
            "restore-ledger-older",
            f"the ledger has {size} whole entries, {newest.head.size} are remembered: erasures among the rest would be undone",
            where=str(folder),
            remedy="Name the newest ledger there is with --ledger DIR; 'gestand ledger verify' tells how far one reaches.",
        )


def _check(ledger: Ledger, manifest: Manifest, checkpoints: list[Checkpoint], *, where: str) -> None:
    """Read the whole ledger once: it must reach what is remembered, and hold what the backup held."""
    trunk = Checkpoint(manifest.origin, Head(manifest.entries, bytes.fromhex(manifest.root)), "")
    asked = sorted([*checkpoints, trunk], key=lambda one: one.head.size)
    try:
        check(ledger.leaves(ledger.head().size), asked, where=where)
    except DamagedError as fault:
        if fault.code != "ledger-fork":
            raise
        raise DamagedError(
            "restore-ledger-other",
            "the ledger is not the one that the backup was made with, or was changed",
            where=where,
            remedy="Name the ledger of this organisation with --ledger DIR.",
        ) from None


def _take(given: LedgerCopy, folder: Path) -> None:
    left = given.length
    with given.log.open("rb") as source, (folder / "log").open("wb") as target:
        while block := source.read(_BLOCK if left is None else min(_BLOCK, left)):
            target.write(block)
            left = None if left is None else left - len(block)
    (folder / "checkpoints").write_bytes(given.signed)
    if given.remembered is not None:
        mend(folder / "checkpoints", given.remembered)
    streams = given.log.with_name("streams")
    if given.length is None and streams.is_dir():  # what no checkpoint saw yet: joined when the ledger is opened
        shutil.copytree(streams, folder / "streams")


def _from_newer_backup(
    archives: Archives, manifest: Manifest, root_key: bytes, folder: Path, *, damaged_too: bool
) -> None:
    """Take the ledger of the newest backup in the folder; ``damaged_too``: pass over one that cannot be read."""
    newer = [
        one for one in manifests(archives.folder) if one.origin == manifest.origin and one.entries > manifest.entries
    ]
    for one in reversed(newer):
        try:
            check_manifest(archives.folder / (one.id + SUFFIX), root_key)
            for file in archives.index(one):
                if file.path.startswith("data/ledger/"):
                    archives.write_file(one, file, folder / Path(file.path).name)
                    archives.check_written([file], folder.parent.parent)
        except DamagedError:
            if not damaged_too:
                raise
        else:
            return


def _signed(folder: Path, key: VerifyKey) -> list[Checkpoint]:
    return [read_checkpoint(note, key) for note in split_notes(read_note(folder / "checkpoints") or "")]
