"""Whose keys open a backup: its own, or those of a later one, with which everything destroyed since stays closed."""

from __future__ import annotations

from pathlib import Path

from gestand.backup import files
from gestand.backup.manifest import readable
from gestand.backup.model import Manifest
from gestand.kernel.errors import DamagedError


def lender(folder: Path, manifest: Manifest, keys: Path | None) -> Manifest:
    """Return the backup in ``folder`` whose archive of keys ``keys`` is: ``manifest`` itself, or a later one of the same firm.

    :raises DamagedError: ``backup-keys-other`` if it is neither.
    """
    if keys is None or not keys.is_file() or not keys.stat().st_size:
        return manifest
    digest = files.digest_of(keys)
    if digest == manifest.keys.sha256:
        return manifest
    owners = [one for one in readable(folder) if one.origin == manifest.origin and one.keys.sha256 == digest]
    for one in owners:
        if one.entries >= manifest.entries:
            return one
    whose = f"they are of {owners[0].id}, an earlier backup" if owners else "or they are damaged"
    raise DamagedError(
        "backup-keys-other",
        f"these are not the keys of backup {manifest.id}, {whose}: it needs the archive of keys "
        f"{manifest.keys.file} of {manifest.keys.size} bytes, SHA-256 {manifest.keys.sha256}, or one of a later backup",
        where=str(keys),
        remedy="Name that archive with --keys, or that of a later backup whose manifest lies in the backup folder: then "
        "everything destroyed in between stays closed. With these keys, restore the backup that they were made with (--backup).",
    )
