"""Exact copies of published versions in ``published/<version>/``, written so that each is whole or not there.

Beside the copied files stands ``published.toml``: version, digest, in force from, published at. So the folder explains
itself and can be checked without the store; the store's own row decides what was published.
"""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from gestand.kernel.errors import DamagedError
from gestand.publication.folder import read_files
from gestand.statement.load import digest_of
from gestand.statement.model import PublishedVersion

PUBLISHED = "published"
STAMP = "published.toml"


def write_copy(organisation: Path, published: PublishedVersion, files: Mapping[str, bytes]) -> Path:
    """Write the files of a version to ``published/<version>``; on return they are on stable storage.

    They are written under another name, synced, and renamed: a crash leaves the whole copy or none. What an interrupted
    run left is replaced; a version that the store knows as published is never given to this function again.
    """
    home = organisation / PUBLISHED
    home.mkdir(exist_ok=True)
    part, goal = home / f".{published.version}.part", home / published.version
    for left in (part, goal):
        if left.exists():
            shutil.rmtree(left)
    part.mkdir()
    for name, content in {**files, STAMP: _stamp(published)}.items():
        with (part / name).open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    _sync(part)
    part.rename(goal)
    _sync(home)
    _sync(organisation)
    return goal


def read_copy(folder: Path, *, digest: str | None = None) -> Mapping[str, bytes]:
    """Return the files of a version that was published, after checking that they are still the same.

    ``digest`` None: the one of its stamp.

    :raises DamagedError: if the copy or its stamp is gone or changed.
    """
    if not folder.is_dir():
        raise DamagedError(
            "publication-missing",
            f"the published version {folder.name} is gone",
            where=str(folder),
            remedy="Put the folder back from a backup.",
        )
    files = read_files(folder)
    if digest_of(files) != (digest or read_stamp(folder).digest):
        raise DamagedError(
            "publication-changed",
            f"the published version {folder.name} was changed after it was published",
            where=str(folder),
            remedy="Put the folder back from a backup. To change the statement, publish a new version.",
        )
    return files


def read_stamp(folder: Path) -> PublishedVersion:
    """Return what ``published.toml`` in ``folder`` says.

    :raises DamagedError: if it is gone or cannot be read.
    """
    try:
        found = tomllib.loads((folder / STAMP).read_bytes().decode("utf-8"))
        return PublishedVersion(
            str(found["version"]),
            str(found["digest"]),
            date.fromisoformat(str(found["in_force_from"])),
            str(found["published_at"]),
        )
    except (OSError, ValueError, KeyError) as fault:  # a TOMLDecodeError and a UnicodeDecodeError are ValueErrors
        raise DamagedError(
            "publication-stamp",
            f"{STAMP} of the published version {folder.name} cannot be read ({type(fault).__name__})",
            where=str(folder / STAMP),
            remedy="Put the folder back from a backup.",
        ) from None


def _stamp(published: PublishedVersion) -> bytes:
    return (
        f'version = "{published.version}"\n'
        f'digest = "{published.digest}"\n'
        f'in_force_from = "{published.in_force_from.isoformat()}"\n'
        f'published_at = "{published.published_at}"\n'
    ).encode()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
