"""What the promises rest on besides time: a change in it is a reason to prove at once."""

from __future__ import annotations

import hashlib
from pathlib import Path

from gestand.system import System

WRITTEN = ("*.toml", "statement.*.md", "sources/*.toml", "versions/*/*", "published/*/*")
"""What the organisation says and how it is set up, in its folder."""


def promises(house: System) -> str:
    """Return a digest of the files of the organisation, the version in force, what was attested, and what was looked at.

    A file counts by its size and the moment of its last change (nanoseconds), so that this costs little every minute.
    """
    digest = hashlib.sha256()
    folder = house.config.folder
    for pattern in WRITTEN:
        for file in sorted(folder.glob(pattern)):
            digest.update(_trace(file, folder))
    history = house.publication.history()
    digest.update(repr([(one.version, one.in_force_from) for one in history]).encode())
    digest.update(repr([house.measures.last(name) for name in house.measures.declared]).encode())
    digest.update(repr([house.sites.last_scan(site) for site in house.sites.settings.own]).encode())
    return digest.hexdigest()


def _trace(file: Path, folder: Path) -> bytes:
    try:
        found = file.stat()
    except OSError:  # gone between the listing and the look: the next turn sees it
        return b""
    return f"{file.relative_to(folder)} {found.st_size} {found.st_mtime_ns};".encode()
