"""Secrets of other systems: named in a source's file, kept in an environment variable or a file of one line."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

from gestand.kernel.errors import UsageError

Variable = Callable[[str], str | None]


def read_secret(setting: str, folder: Path, *, variable: Variable, where: str) -> str:
    """Return the secret that ``env:NAME`` or ``file:PATH`` leads to; relative paths start at the organisation's folder.

    :raises UsageError: ``source-secret-open`` if others may read the file; ``source-secret-missing``.
    """
    kind, _, name = setting.partition(":")
    if kind == "env":
        place, found = f"environment variable {name}", variable(name)
    else:
        path = folder / name
        place = str(path)
        if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise UsageError(
                "source-secret-open", "others may read this secret", where=place, remedy=f"chmod 600 {place}"
            )
        found = path.read_text("utf-8").strip() if path.is_file() else None
    if not found:
        raise UsageError(
            "source-secret-missing",
            f"{where} names a secret that is not there",
            where=place,
            remedy="Put it there, or name another place.",
        )
    return found
