"""A version by its name, read from the folder alone."""

from __future__ import annotations

import re
from pathlib import Path

from gestand.kernel.errors import UsageError
from gestand.publication.copies import PUBLISHED, read_copy
from gestand.publication.folder import EARLIER, earlier, read_statement
from gestand.statement.load import load_statement
from gestand.statement.model import Statement

DRAFT = "draft"
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}")


def find_version(organisation: Path, name: str) -> Statement:
    """Return the version that ``name`` means: ``draft``, a published or earlier version by its date, or a folder.

    Needs neither store nor keys; a published copy is checked against its stamp.

    :raises UsageError: if there is none.
    :raises DamagedError: if a published copy was changed.
    :raises InputError: if it cannot be read as a statement.
    """
    if name == DRAFT:
        return read_statement(organisation)
    if _VERSION.fullmatch(name):
        published = organisation / PUBLISHED / name
        if published.is_dir():
            return load_statement(read_copy(published), str(published))
        if (organisation / EARLIER / name).is_dir():
            return read_statement(organisation / EARLIER / name)
    elif Path(name).is_dir():
        return read_statement(Path(name))
    draft = read_statement(organisation)
    if draft.version == name:
        return draft
    there = {folder.name for folder in earlier(organisation)} | {draft.version, DRAFT}
    if (organisation / PUBLISHED).is_dir():
        there |= {p.name for p in (organisation / PUBLISHED).iterdir() if not p.name.startswith(".")}
    raise UsageError(
        "no-version",
        f"there is no version or folder '{name}'",
        where=str(organisation),
        remedy=f"There are: {', '.join(sorted(there))}.",
    )


def last_published(organisation: Path) -> str:
    """Return the date that names the last published version, read from the folder alone.

    :raises UsageError: if nothing was published yet.
    """
    folder = organisation / PUBLISHED
    dates = [copy.name for copy in folder.iterdir() if _VERSION.fullmatch(copy.name)] if folder.is_dir() else []
    if not dates:
        raise UsageError(
            "nothing-published",
            "nothing was published yet",
            where=str(organisation),
            remedy="Name two versions to compare, or publish one with 'gestand statement publish --first'.",
        )
    return max(dates)
