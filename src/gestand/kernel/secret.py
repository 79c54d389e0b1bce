"""Passwords and tokens of other systems: named in ``gestand.toml``, kept elsewhere.

``env:NAME``          an environment variable.
``file:PATH``         a file of one line that only its owner may read; relative paths start at the organisation's folder.
``credential:NAME``   a systemd credential: the file NAME in the folder that the variable CREDENTIALS_DIRECTORY names.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from gestand.kernel.errors import UsageError
from gestand.kernel.rootkey import CREDENTIALS, sync_folder

_REMEDY = 'Write "env:NAME", "file:PATH" or "credential:NAME", and put it there.'


def read_secret(setting: str, folder: Path, *, variable: Callable[[str], str | None], where: str) -> str:
    """Return the password or token that ``setting`` leads to, without white space around it.

    :raises UsageError: ``secret-setting`` if it is written out or of another kind; ``secret-missing``; ``secret-open`` if
        others may read the file.
    """
    kind, _, name = setting.partition(":")
    if kind == "env" and name:
        found, place = variable(name), f"environment variable {name}"
    elif kind in {"file", "credential"} and name:
        path = secret_file(setting, folder, variable=variable)
        place = str(path)
        found = _read(path, place)
    else:
        raise UsageError(
            "secret-setting", "a password is not written out in a settings file", where=where, remedy=_REMEDY
        )
    if not found or not found.strip():
        raise UsageError("secret-missing", "there is no password here", where=place, remedy=_REMEDY)
    return found.strip()


def write_secret(setting: str, folder: Path, text: str) -> Path:
    """Write a password or token to the file that ``setting`` names, mode 0600, on stable storage; return its path.

    :raises UsageError: ``secret-setting`` if it names no file: then it is yours to put there.
    """
    kind, _, name = setting.partition(":")
    if kind != "file" or not name:
        raise UsageError(
            "secret-setting", f"nothing can be written to {setting!r}", where="gestand.toml", remedy=_REMEDY
        )
    path = folder / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync_folder(path.parent)
    return path


def secret_file(setting: str, folder: Path, *, variable: Callable[[str], str | None]) -> Path:
    """Return the file of a ``file:`` or ``credential:`` setting.

    :raises UsageError: ``secret-missing`` if this program was not started with credentials.
    """
    kind, _, name = setting.partition(":")
    if kind == "file":
        return folder / name
    place = variable(CREDENTIALS)
    if place is None or "/" in name:
        raise UsageError(
            "secret-missing",
            f"there is no credential {name}",
            where="gestand.toml",
            remedy=f"Run under systemd with LoadCredential={name}:/path or LoadCredentialEncrypted={name}:/path.",
        )
    return Path(place) / name


def _read(path: Path, place: str) -> str | None:
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise UsageError(
                "secret-open",
                "others may read this file, and it holds a password",
                where=place,
                remedy=f"chmod 600 {place}",
            )
        return path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as fault:
        raise UsageError("secret-missing", f"it cannot be read: {fault}", where=place, remedy=_REMEDY) from None
