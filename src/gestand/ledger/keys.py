"""The ledger's files outside the data folder: the signing key, and the checkpoint that is remembered.

Both lie in the folder ``keys``, outside the store, and in a backup only in the archive of keys. Who can write the
data but not this folder can neither sign a false history nor put an old one back unnoticed.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from gestand.kernel.config import Config
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError, UsageError
from gestand.ledger.note import SigningKey, signing_key

KEY = "ledger.key"
REMEMBERED = "ledger.checkpoint"


def places(config: Config) -> tuple[Path, Path]:
    """Return where an organisation keeps its ledger: the folder of the log, and the file of the remembered checkpoint."""
    return config.data / "ledger", config.folder / "keys" / REMEMBERED


def load_key(path: Path) -> SigningKey | None:
    """Return the signing key in ``path``, None if there is none.

    :raises UsageError: ``ledger-key-open`` if others than its owner may read it.
    :raises DamagedError: ``ledger-key-damaged`` if it is no key.
    """
    try:
        mode = path.stat().st_mode
        text = path.read_text("utf-8", errors="replace")
    except FileNotFoundError:
        return None
    except OSError as fault:
        raise UsageError(
            "ledger-key-unreadable",
            f"the signing key cannot be read: {fault.strerror}",
            where=str(path),
            remedy="Run as the user who owns the organisation's folder.",
        ) from None
    if stat.S_IMODE(mode) & 0o077:
        raise UsageError(
            "ledger-key-open",
            "others than its owner may read the ledger's signing key",
            where=str(path),
            remedy=f"chmod 600 {path}",
        )
    try:
        return signing_key(text)
    except UsageError as fault:
        raise DamagedError(
            "ledger-key-damaged",
            "the file of the ledger's signing key was changed or cut short",
            where=str(path),
            remedy="Put it back from its backup; with another key nothing that was signed before would verify.",
        ) from fault


def make_key(path: Path, origin: str, entropy: Entropy) -> SigningKey:
    """Make a signing key for the log ``origin`` and write it to ``path``, readable by its owner alone."""
    key = SigningKey(origin, entropy(32))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace(path, key.to_text() + "\n")
    return key


def read_note(path: Path) -> str | None:
    """Return the text of a kept checkpoint, None if there is none.

    :raises DamagedError: ``ledger-checkpoint`` if it is no text.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise DamagedError(
            "ledger-checkpoint",
            "the kept checkpoint is no UTF-8 text",
            where=str(path),
            remedy="Put it back from a copy (a backup of the keys folder, an export, a witness).",
        ) from None


def replace(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` at once and durably, mode 0600: after a crash the old or the new text stands there."""
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        os.write(descriptor, text.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
