"""Which ledger a restored organisation goes on with: the newest that can be had, and never one older than is remembered.

The ledger in a backup ends where the backup was made; what was erased or objected to afterwards stands only in a newer
one. It may come from the old organisation's folder, from the disk that is left of it, or from a newer backup.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gestand.backup.archives import Archives
from gestand.backup.layout import DATA
from gestand.backup.model import Manifest
from gestand.backup.own import own
from gestand.backup.whose import signing_key
from gestand.kernel.clock import Clock
from gestand.kernel.config import Config, load_config
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError, RefusedError, UsageError
from gestand.ledger.audit import check
from gestand.ledger.frames import runs
from gestand.ledger.keys import KEY, REMEMBERED, places, read_note, replace
from gestand.ledger.model import Checkpoint, Head
from gestand.ledger.note import VerifyKey, read_checkpoint, split_notes
from gestand.ledger.service import Ledger, open_ledger
from gestand.ledger.torn import mend

_BLOCK = 1 << 20
_LEDGER = f"{DATA}/ledger/"


@dataclass(frozen=True, slots=True)
class LedgerCopy:
    """A ledger to go on with: its log (the first ``length`` bytes; None: all), its signed checkpoints, the one remembered.

    ``live``: of an organisation that is open, so that there is none newer.
    """

    log: Path
    length: int | None
    signed: bytes
    remembered: str | None
    live: bool = False


def ledger_copy(path: Path) -> LedgerCopy:
    """Return the ledger in a folder: an organisation's, its ``data``, or the folder of the log itself.

    :raises UsageError: ``no-ledger``.
    """
    for folder in (path, path / "ledger", *_as_set(path), path / "data" / "ledger"):
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


def _as_set(path: Path) -> list[Path]:
    """Return where the settings of an organisation in ``path`` put its ledger, if there are any."""
    try:
        return [places(load_config(path))[0]]
    except UsageError:
        return []


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
    :raises DamagedError: ``restore-ledger-older`` if it does not reach a remembered checkpoint or a backup in the folder, ``restore-ledger-other`` if
        it does not extend the backup's.
    """
    folder, kept = places(config)
    key = signing_key(kept.with_name(KEY))
    known = [note for note in (read_note(kept), *remembered, given.remembered if given else None) if note]
    if given is None and not remembered and not nothing_newer:
        raise RefusedError(
            "restore-ledger-unknown",
            "what was erased or objected to after this backup stands in a newer ledger, and none was named",
            remedy="Name what is left of the old organisation with --ledger DIR. If truly nothing is left, say --nothing-newer: "
            "the restore is marked, and what was asked of you since the backup must be done again by hand.",
        )
    checkpoints = [read_checkpoint(note, key.verify_key) for note in known]
    if given is not None:
        _take(given, folder)
    later = [one for one in own(archives.folder, root_key).proven if one.entries > manifest.entries]
    if given is None or nothing_newer:
        asked = [_trunk(manifest), *checkpoints]
        _from_newer_backup(archives, later, folder, asked, key.verify_key, damaged_too=nothing_newer)
    checkpoints += _signed(folder, key.verify_key)
    newest = max(checkpoints, key=lambda one: one.head.size, default=None)
    if newest is not None:
        replace(kept, newest.text)
    demanded = [] if nothing_newer or (given is not None and given.live) else later
    _refuse_older(folder, newest, demanded)
    with open_ledger(folder, None, clock=clock, entropy=entropy, remembered=kept, origin=key.name) as ledger:
        _check(ledger, [*map(_trunk, (manifest, *demanded)), *checkpoints], where=str(folder))
    return given is None or nothing_newer


def _trunk(manifest: Manifest) -> Checkpoint:
    """Return the ledger that a backup was made with; the manifest's code vouches for it."""
    return Checkpoint(manifest.origin, Head(manifest.entries, bytes.fromhex(manifest.root)), "")


def _refuse_older(folder: Path, newest: Checkpoint | None, demanded: Sequence[Manifest]) -> None:
    size = sum(map(len, _leaves(folder)))
    if newest is not None and size < newest.head.size:
        raise DamagedError(
            "restore-ledger-older",
            f"the ledger has {size} whole entries, {newest.head.size} are remembered: erasures among the rest would be undone",
            where=str(folder),
            remedy="Name the newest ledger there is with --ledger DIR; 'gestand ledger verify' tells how far one reaches.",
        )
    if demanded and size < demanded[-1].entries:
        last = demanded[-1]
        raise DamagedError(
            "restore-ledger-older",
            f"the ledger has {size} whole entries, backup {last.id} was made with {last.entries}: erasures among the rest would "
            "be undone",
            where=str(folder),
            remedy="Name a newer ledger with --ledger DIR, or say --nothing-newer: then that of the newest backup that can be "
            "read is taken.",
        )


def _leaves(folder: Path) -> Iterator[Sequence[bytes]]:
    with (folder / "log").open("rb") as log:
        for run in runs(log.fileno(), 0, os.fstat(log.fileno()).st_size, 0):
            yield run.leaves


def _check(ledger: Ledger, checkpoints: list[Checkpoint], *, where: str) -> None:
    """Read the whole ledger once: it must reach what is remembered, and hold what the backups held."""
    asked = sorted(checkpoints, key=lambda one: one.head.size)
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
    if (folder / "log").exists() and given.log.samefile(folder / "log"):
        raise RefusedError(
            "restore-ledger-itself",
            "the ledger to go on with is the one that would be written over",
            where=str(given.log),
            remedy="Restore into another folder.",
        )
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
    archives: Archives,
    later: Sequence[Manifest],
    folder: Path,
    asked: Sequence[Checkpoint],
    key: VerifyKey,
    *,
    damaged_too: bool,
) -> None:
    """Go on with the ledger of the newest backup that is newer than what is in ``folder``.

    ``damaged_too``: pass over one that cannot be read, or that is no later one of the same ledger.
    """
    size = sum(map(len, _leaves(folder)))
    beside = folder.with_name(f"{folder.name}.newer")  # what is in place stays until the newer one is checked
    for one in reversed([one for one in later if one.entries > size]):
        try:
            for file in archives.index(one):
                if file.path.startswith(_LEDGER):
                    found = dataclasses.replace(file, path=file.path.removeprefix(_LEDGER))
                    archives.write_data(one, [found], beside)
            known = [*(c for c in asked if c.head.size <= one.entries), _trunk(one), *_signed(beside, key)]
            check(_leaves(beside), sorted(known, key=lambda one: one.head.size), where=str(archives.folder))
        except DamagedError:
            shutil.rmtree(beside, ignore_errors=True)
            if not damaged_too:
                raise
        else:
            shutil.rmtree(folder)
            beside.rename(folder)
            return


def _signed(folder: Path, key: VerifyKey) -> list[Checkpoint]:
    return [read_checkpoint(note, key) for note in split_notes(read_note(folder / "checkpoints") or "")]
