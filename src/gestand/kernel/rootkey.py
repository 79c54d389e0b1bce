"""The root key: 32 bytes from which every other key is derived or under which it is wrapped. It is never in the store.

``file:PATH``   a file of one line, mode 0600, made by ``gestand init``; relative paths start at the organisation's folder.
                systemd credentials are files too: ``file:/run/credentials/gestand.service/root``.
``env:NAME``    an environment variable with the same line.

The line is ``gestand-root-1-`` and 64 hexadecimal digits, a hyphen and 8 more: the start of the key's SHA-256, so that
a slip of the pen is noticed before anything is opened with it.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

from gestand.kernel.crypto import KEY_SIZE
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import GestandError, UsageError

_MARK = "gestand-root-1-"

Variable = Callable[[str], str | None]
"""Returns an environment variable, or None: ``kernel.config.environment``."""


def write_key(key: bytes) -> str:
    """Return the line that stands for ``key``."""
    return f"{_MARK}{key.hex()}-{hashlib.sha256(key).hexdigest()[:8]}"


def read_key(line: str, where: str) -> bytes:
    """Return the key that ``line`` stands for.

    :raises UsageError: if it is no such line or its check digits do not fit.
    """
    text = line.strip()
    digits, _, check = text.removeprefix(_MARK).partition("-")
    try:
        key = bytes.fromhex(digits)
    except ValueError:
        key = b""
    if not text.startswith(_MARK) or len(key) != KEY_SIZE:
        raise UsageError(
            "root-key-format",
            f"this is no root key; one begins with {_MARK}",
            where=where,
            remedy="Put the key back from your emergency envelope or backup of keys.",
        )
    if hashlib.sha256(key).hexdigest()[:8] != check:
        raise UsageError(
            "root-key-mistyped",
            "the check digits of the root key do not fit: a digit is wrong",
            where=where,
            remedy="Compare it with your emergency envelope, digit by digit.",
        )
    return key


def make_root_key(setting: str, folder: Path, *, entropy: Entropy) -> bytes:
    """Make a root key and write it where ``setting`` says, mode 0600, on stable storage; return it.

    :raises UsageError: if a file is already there, or ``setting`` names no file (then the key is yours to make).
    """
    path = _path(setting, folder)
    if path is None:
        raise UsageError(
            "root-key-not-made",
            f"no root key can be made for keys.root = {setting!r}",
            where="gestand.toml",
            remedy='Write keys.root = "file:keys/root.key", or set the variable yourself.',
        )
    key = entropy(KEY_SIZE)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(write_key(key) + "\n")
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
    except FileExistsError:
        raise UsageError(
            "root-key-exists",
            "there is a root key already; writing another over it would lose everything sealed under it",
            where=str(path),
            remedy="Choose another folder, or move the file away if it really belongs to nothing.",
        ) from None
    except OSError as fault:
        raise GestandError(
            "root-key-not-written",
            f"the root key cannot be written: {fault.strerror}",
            where=str(path),
            remedy="Make the folder writable and try again; nothing was sealed yet.",
        ) from None
    return key


def load_root_key(setting: str, folder: Path, *, variable: Variable) -> bytes:
    """Return the root key that ``setting`` names.

    :raises UsageError: if it is not there, is readable for others, or is no key.
    """
    kind, _, name = setting.partition(":")
    if kind == "env" and name:
        line = variable(name)
        if line is None:
            raise UsageError(
                "root-key-missing",
                f"the environment variable {name} is not set",
                where="gestand.toml: keys.root",
                remedy=f"Set {name} to the line of your root key.",
            )
        return read_key(line, f"environment variable {name}")
    path = _path(setting, folder)
    if path is None:
        raise UsageError(
            "root-key-setting",
            f"keys.root = {setting!r} is no place for a root key",
            where="gestand.toml: keys.root",
            remedy='Write "file:PATH" or "env:NAME".',
        )
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        line = path.read_bytes().decode("ascii", "replace")
    except OSError as fault:
        raise UsageError(
            "root-key-missing",
            f"the root key cannot be read: {fault.strerror}",
            where=str(path),
            remedy="Put it back from your emergency envelope or backup of keys.",
        ) from None
    if mode & 0o077:
        raise UsageError(
            "root-key-exposed",
            f"others on this machine may read the root key (mode {mode:04o})",
            where=str(path),
            remedy=f"Run: chmod 600 {path}",
        )
    return read_key(line, str(path))


def sync_folder(folder: Path) -> None:
    """Put the names in ``folder`` on stable storage."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _path(setting: str, folder: Path) -> Path | None:
    kind, _, name = setting.partition(":")
    return folder / name if kind == "file" and name else None
