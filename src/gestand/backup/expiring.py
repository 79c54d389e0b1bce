"""What leaves the backup folder: keys after their days, data after theirs, and what no backup needs. Article 5(1)(e) GDPR.

Keys go first, and with them everything erased since: a backup without its keys opens nothing, on purpose. The newest
backup stays whole however old it is.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from gestand.backup import files
from gestand.backup.manifest import SUFFIX, manifests
from gestand.backup.model import Manifest
from gestand.kernel.config import BackupSettings


def due_to_leave(
    found: Collection[Manifest], now: datetime, settings: BackupSettings, *, older_keys: bool
) -> tuple[list[Manifest], list[Manifest]]:
    """Return the backups whose keys leave and those that leave whole. ``older_keys``: all keys but the newest leave now."""
    earlier = list(found)[:-1]
    keys = [one for one in earlier if older_keys or one.made + timedelta(days=settings.keys_keep_days) <= now]
    return keys, [one for one in earlier if one.made + timedelta(days=settings.keep_days) <= now]


def clear(
    folder: Path, now: datetime, settings: BackupSettings, *, older_keys: bool = False
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Remove what is due, and what a killed backup left; return the ids whose keys went and those that went whole.

    The manifest goes first of a backup that leaves whole: killed in between, what is left belongs to no backup and goes
    with the next clearing.
    """
    found = manifests(folder)
    keys, whole = due_to_leave(found, now, settings, older_keys=older_keys)
    keys_gone = [one for one in keys if (folder / one.keys.file).exists()]
    for one in keys_gone:
        files.remove(folder / one.keys.file)
    for one in whole:
        files.remove(folder / (one.id + SUFFIX))
    left = [one for one in found if one not in whole]
    needed = {one.id + SUFFIX for one in left} | {name for one in left for name in _files(one)}
    for path in (*folder.glob("bak_*"), *(folder / files.PARTS).glob("*")):
        if path.is_file() and path.relative_to(folder).as_posix() not in needed:
            files.remove(path)
    files.sync(folder / files.PARTS)
    files.sync(folder)
    return tuple(one.id for one in keys_gone), tuple(one.id for one in whole)


def still_open(folder: Path | None) -> list[Manifest]:
    """Return the backups in a folder whose keys lie there still, the oldest first."""
    if folder is None or not folder.exists():
        return []
    return [one for one in manifests(folder) if (folder / one.keys.file).exists()]


def _files(manifest: Manifest) -> set[str]:
    return {manifest.index.file, manifest.keys.file} | {part.sealed.file for part in manifest.parts}
