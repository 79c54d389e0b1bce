"""What leaves the backup folder: keys after their days, data after theirs, and what no backup needs. Article 5(1)(e) GDPR.

Keys go first, and with them everything erased since: a backup without its keys opens nothing, on purpose. The backup that
was just made stays whole, and so does what a manifest names that is not proven (``own``).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from gestand.backup import files
from gestand.backup.manifest import SUFFIX
from gestand.backup.model import Manifest
from gestand.backup.own import Own
from gestand.kernel.config import BackupSettings


def due_to_leave(
    found: Collection[Manifest], newest: str, now: datetime, settings: BackupSettings, *, older_keys: bool
) -> tuple[list[Manifest], list[Manifest]]:
    """Return the backups whose keys leave and those that leave whole; ``newest``, the id of the one just made, does neither.

    ``older_keys``: all other keys leave now.
    """
    earlier = [one for one in found if one.id != newest]
    keys_left, left = (now - timedelta(days=days) for days in (settings.keys_keep_days, settings.keep_days))
    keys = [one for one in earlier if older_keys or _made(one, found, now) <= keys_left]
    return keys, [one for one in earlier if _made(one, found, now) <= left]


def _made(manifest: Manifest, found: Collection[Manifest], now: datetime) -> datetime:
    """Return when a backup was made at the latest. One dated after now was made by a clock that was ahead: before the next one."""
    if manifest.made <= now:
        return manifest.made
    return min((one.made for one in found if one.entries > manifest.entries and one.made <= now), default=now)


def clear(
    folder: Path, own: Own, newest: str, now: datetime, settings: BackupSettings, *, older_keys: bool = False
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Remove what is due, and what a killed backup left; return the ids whose keys went and those that went whole.

    The manifest goes first of a backup that leaves whole: killed in between, what is left belongs to no backup and goes
    with the next clearing.
    """
    keys, whole = due_to_leave(own.proven, newest, now, settings, older_keys=older_keys)
    keys_gone = [one for one in keys if (folder / one.keys.file).exists()]
    for one in keys_gone:
        files.remove(folder / one.keys.file)
    for one in whole:
        files.remove(folder / (one.id + SUFFIX))
    left = [one for one in own.proven if one not in whole] + [one for one in own.unproven.values() if one is not None]
    needed = {one.id + SUFFIX for one in left} | {name for one in left for name in _files(one)}
    for path in _clearable(folder, own):
        if path.is_file() and path.relative_to(folder).as_posix() not in needed:
            files.remove(path)
    files.sync(folder / files.PARTS)
    files.sync(folder)
    return tuple(one.id for one in keys_gone), tuple(one.id for one in whole)


def _clearable(folder: Path, own: Own) -> list[Path]:
    """Return what may go if no manifest names it. Which parts a manifest names that cannot be read, nobody knows."""
    theirs = {name.removesuffix(SUFFIX) for name in own.unproven}
    named = [path for path in folder.glob("bak_*") if path.name.partition(".")[0] not in theirs]
    return named if None in own.unproven.values() else [*named, *(folder / files.PARTS).glob("*")]


def still_open(folder: Path, own: Own) -> list[Manifest]:
    """Return the backups in a folder whose keys lie there still, the oldest first."""
    return [one for one in own.proven if (folder / one.keys.file).exists()]


def _files(manifest: Manifest) -> set[str]:
    return {manifest.index.file, manifest.keys.file} | {part.sealed.file for part in manifest.parts}
