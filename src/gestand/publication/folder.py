"""The thin shell that reads a version's files from disk for ``statement.load``."""

from __future__ import annotations

from pathlib import Path

from gestand.kernel.errors import UsageError
from gestand.statement.load import belongs, load_statement
from gestand.statement.model import Statement

EARLIER = "versions"


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the content of the files in ``folder`` that make up a version of the statement.

    :raises UsageError: if the folder is not there, or a file in it cannot be read.
    """
    try:
        return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if belongs(p.name) and p.is_file()}
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(
            "no-folder",
            f"there is no folder {folder}",
            where=str(folder),
            remedy="Name the organisation's folder with --org DIR, or make one with 'gestand init DIR'.",
        ) from None
    except OSError as fault:
        raise UsageError(
            "unreadable", str(fault.strerror), where=str(fault.filename), remedy="Give this user the right to read it."
        ) from None


def read_statement(folder: Path) -> Statement:
    """Return the statement whose files stand in ``folder``.

    :raises InputError: with every fault of form in every file.
    :raises UsageError: if the folder cannot be read.
    """
    return load_statement(read_files(folder), str(folder))


def earlier(folder: Path) -> tuple[Path, ...]:
    """Return the folders of the earlier versions that an organisation brings along, oldest first."""
    there = folder / EARLIER
    return tuple(sorted(p for p in there.iterdir() if p.is_dir())) if there.is_dir() else ()
