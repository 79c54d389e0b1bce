"""A version by its name, read from the folder alone."""

from __future__ import annotations

from pathlib import Path

from gestand.kernel.errors import UsageError
from gestand.publication.copies import PUBLISHED, read_copy
from gestand.publication.folder import EARLIER, earlier, read_statement
from gestand.statement.load import load_statement
from gestand.statement.model import Statement

DRAFT = "draft"


def find_version(organisation: Path, name: str) -> Statement:
    """Return the version that ``name`` means: ``draft``, a published or earlier version by its date, or a folder.

    Needs neither store nor keys; a published copy is checked against its stamp.

    :raises UsageError: if there is none.
    :raises DamagedError: if a published copy was changed.
    :raises InputError: if it cannot be read as a statement.
    """
    if name == DRAFT:
        return read_statement(organisation)
    published = organisation / PUBLISHED / name
    if published.is_dir():
        return load_statement(read_copy(published), str(published))
    for folder in (organisation / EARLIER / name, Path(name)):
        if folder.is_dir():
            return read_statement(folder)
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
