"""The root key: 32 bytes from which every other key is derived or under which it is wrapped. It is never in the store.

``file:PATH``         a file of one line, mode 0600, made by ``gestand init``; relative paths start at the organisation's
                      folder.
``passphrase:PATH``   a file in which the key lies sealed under a passphrase (see ``passphrase``); the passphrase itself comes
                      from the variable GESTAND_PASSPHRASE and is never written down.
``credential:NAME``   a systemd credential: the file NAME in the folder that the variable CREDENTIALS_DIRECTORY names.
``env:NAME``          an environment variable with the same line.

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
from gestand.kernel.errors import DamagedError, GestandError, UsageError
from gestand.kernel.passphrase import open_sealed_root, seal_root

PASSPHRASE = "GESTAND_PASSPHRASE"  # noqa: S105 - the name of the variable
CREDENTIALS = "CREDENTIALS_DIRECTORY"
_SETTINGS = 'Write "file:PATH", "passphrase:PATH", "credential:NAME" or "env:NAME".'
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


def make_root_key(setting: str, folder: Path, *, entropy: Entropy, variable: Variable = lambda _name: None) -> bytes:
    """Make a root key and write it where ``setting`` says, mode 0600, on stable storage; return it.

    :raises UsageError: if a file is already there, or ``setting`` names no file (then the key is yours to make).
    """
    key = entropy(KEY_SIZE)
    put_root_key(key, setting, folder, entropy=entropy, variable=variable)
    return key


def put_root_key(key: bytes, setting: str, folder: Path, *, entropy: Entropy, variable: Variable) -> None:
    """Write a root key where ``setting`` says, mode 0600, on stable storage: a new one, or one from paper or escrow.

    :raises UsageError: if a file is already there, or ``setting`` names no file (then the key is yours to put).
    """
    path = root_key_file(setting, folder)
    if path is None:
        raise UsageError(
            "root-key-not-made",
            f"no root key can be made for keys.root = {setting!r}",
            where="gestand.toml",
            remedy='Write keys.root = "file:keys/root.key", or set the variable or credential yourself.',
        )
    text = write_key(key) + "\n"
    if setting.startswith("passphrase:"):
        text = seal_root(key, _passphrase(variable), entropy=entropy)
    _write_new(path, text)


def _write_new(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
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


def load_root_key(setting: str, folder: Path, *, variable: Variable) -> bytes:
    """Return the root key that ``setting`` names.

    :raises UsageError: if it is not there or readable for others, or the variable holds no key.
    :raises DamagedError: ``root-key-damaged`` if the file holds none.
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
    path = _credential(name, variable) if kind == "credential" and name else root_key_file(setting, folder)
    if path is None:
        raise UsageError(
            "root-key-setting",
            f"keys.root = {setting!r} is no place for a root key",
            where="gestand.toml: keys.root",
            remedy=_SETTINGS,
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
    if kind == "passphrase":
        return open_sealed_root(line, _passphrase(variable), str(path))
    try:
        return read_key(line, str(path))
    except UsageError as fault:
        raise DamagedError(
            "root-key-damaged",
            f"the file of the root key was changed or cut short: {fault.message}",
            where=str(path),
            remedy=fault.remedy,
        ) from None


def sync_folder(folder: Path) -> None:
    """Put the names in ``folder`` on stable storage."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def root_key_file(setting: str, folder: Path) -> Path | None:
    """Return the file that ``setting`` names and this program writes, None for a variable or a credential."""
    kind, _, name = setting.partition(":")
    return folder / name if kind in {"file", "passphrase"} and name else None


def _credential(name: str, variable: Variable) -> Path:
    folder = variable(CREDENTIALS)
    if folder is None or "/" in name:
        raise UsageError(
            "root-key-missing",
            f"there is no credential {name}: {CREDENTIALS} is not set" if folder is None else f"{name!r} is no name",
            where="gestand.toml: keys.root",
            remedy=f"Run under systemd with LoadCredential={name}:/path or LoadCredentialEncrypted={name}:/path.",
        )
    return Path(folder) / name


def _passphrase(variable: Variable) -> str:
    phrase = variable(PASSPHRASE)
    if not phrase:
        raise UsageError(
            "passphrase-missing",
            "the root key is sealed under a passphrase, and none was given",
            where="gestand.toml: keys.root",
            remedy=f"Set the variable {PASSPHRASE}, for instance with: read -rs {PASSPHRASE}; export {PASSPHRASE}",
        )
    return phrase
