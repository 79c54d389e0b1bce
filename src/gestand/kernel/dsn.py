"""Connection strings, which may hold a password: named in ``gestand.toml``, kept elsewhere.

``env:NAME``    an environment variable.
``file:PATH``   a file of one line that only its owner may read; relative paths start at the organisation's folder.
"""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

from gestand.kernel.errors import UsageError

_REMEDY = 'Write "env:NAME" or "file:PATH", and put the connection string there.'


def read_dsn(setting: str, folder: Path, *, variable: Callable[[str], str | None], where: str) -> str:
    """Return the connection string that ``setting`` leads to.

    :raises UsageError: ``dsn-setting`` if it is written out or of another kind; ``dsn-missing``; ``dsn-open`` if others
        may read the file.
    """
    kind, _, name = setting.partition(":")
    if kind == "env" and name:
        found = variable(name)
        place = f"environment variable {name}"
    elif kind == "file" and name:
        path = folder / name
        place = str(path)
        if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise UsageError(
                "dsn-open",
                "others may read this file, and it can hold a password",
                where=place,
                remedy=f"chmod 600 {place}",
            )
        found = path.read_text("utf-8").strip() if path.is_file() else None
    else:
        raise UsageError(
            "dsn-setting", "a connection string is not written out in a settings file", where=where, remedy=_REMEDY
        )
    if not found:
        raise UsageError(
            "dsn-missing", "there is no connection string", where=place, remedy="Put postgresql://... there."
        )
    return found
