"""Opens the organisation a command works on; loaded only when a command runs, so that help stays fast."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, FieldPath

if TYPE_CHECKING:
    from gestand.system import System

OWNER = ActorId("owner")
"""Who acts at the command line: whoever can open the organisation's keys."""


def opened(org: Path) -> System:
    """Return the opened system of ``org``; leaving it closes every file."""
    from gestand.system import open_system

    return open_system(org)


def date_of(text: str) -> date | None:
    """Return the date of an option, None where it was not given.

    :raises UsageError: ``date`` if it is none.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError("date", f"'{text}' is no date", remedy="Write it as 2026-12-01.") from None


def pairs_of(fields: list[str]) -> dict[FieldPath, str]:
    """Return ``category.field=value`` options as a mapping.

    :raises UsageError: ``field-option`` if one is not written so, or a field stands twice.
    """
    pairs: dict[FieldPath, str] = {}
    for field in fields:
        path, equals, value = field.partition("=")
        if not equals or FieldPath(path.strip()) in pairs:
            raise UsageError(
                "field-option",
                f"--field {path} {'stands twice' if equals else 'has no value'}",
                remedy='Write each field once, as --field contact.name="Anna de Vries".',
            )
        pairs[FieldPath(path.strip())] = value
    return pairs
