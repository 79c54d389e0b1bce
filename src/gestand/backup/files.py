"""The files of a backup as they lie there: age files, written whole or not at all, and read with every byte checked."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pyrage

from gestand.backup.model import Sealed
from gestand.backup.recipients import Identities, Recipients
from gestand.kernel.errors import DamagedError, GestandError, UsageError

PARTS = "parts"
UNFINISHED = ".new"
LOCK = ".lock"
_BLOCK = 1 << 20
_ERRNO = re.compile(r"Errno (\d+)")


def seal_bytes(content: bytes, folder: Path, name: str, recipients: Recipients) -> Sealed:
    """Write ``content`` encrypted to ``folder/name``; on return it is on stable storage."""
    sealed = pyrage.encrypt(content, recipients)
    _write(folder, name, sealed)
    return Sealed(name, hashlib.sha256(sealed).hexdigest(), len(sealed))


def seal_stream(content: IO[bytes], folder: Path, name: str, recipients: Recipients) -> Sealed:
    """Write what ``content`` gives, encrypted, to ``folder/name``; on return it is on stable storage."""
    path = folder / name
    unfinished = path.with_name(path.name + UNFINISHED)
    try:
        with _private(unfinished) as file:
            pyrage.encrypt_io(content, file, recipients)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    except (OSError, pyrage.EncryptError) as fault:
        raise not_written(path, fault) from None
    return Sealed(name, digest_of(path), path.stat().st_size)


def write_plain(content: bytes, folder: Path, name: str) -> None:
    """Write ``content`` as it is, and bring the folder's names to stable storage: the last step of a backup."""
    sync(folder / PARTS)
    _write(folder, name, content)
    sync(folder)


def _write(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    unfinished = path.with_name(path.name + UNFINISHED)
    try:
        with _private(unfinished) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    except OSError as fault:
        raise not_written(path, fault) from None


def verify_sealed(folder: Path, sealed: Sealed) -> None:
    """Check a file against its size and SHA-256; nothing is decrypted.

    :raises DamagedError: ``backup-missing`` or ``backup-damaged``.
    """
    path = folder / sealed.file
    try:
        size = path.stat().st_size
        digest = digest_of(path) if size == sealed.size else ""
    except OSError as fault:
        raise DamagedError(
            "backup-missing",
            f"a file of the backup cannot be read: {fault.strerror}",
            where=str(path),
            remedy="Take another copy of the backup folder, or restore an older backup.",
        ) from None
    if digest != sealed.sha256:
        found = "" if size == sealed.size else f"; it has {size} bytes instead of {sealed.size}"
        raise damaged(path, f"a file of the backup was changed since it was written{found}")


def whole(folder: Path, sealed: Sealed) -> bool:
    """Say whether a file is there as it was written."""
    path = folder / sealed.file
    try:
        return path.stat().st_size == sealed.size and digest_of(path) == sealed.sha256
    except OSError:
        return False


def open_bytes(folder: Path, sealed: Sealed, identities: Identities) -> bytes:
    """Return the content of a file.

    :raises DamagedError: ``backup-damaged``. :raises UsageError: ``backup-identity`` if no identity opens it.
    """
    verify_sealed(folder, sealed)
    path = folder / sealed.file
    try:
        return bytes(pyrage.decrypt(path.read_bytes(), identities))
    except pyrage.DecryptError as fault:
        raise _not_opened(path, fault) from None


def open_stream(folder: Path, sealed: Sealed, identities: Identities, target: IO[bytes]) -> None:
    """Write the content of a file to ``target``; errors as ``open_bytes``."""
    verify_sealed(folder, sealed)
    path = folder / sealed.file
    try:
        with path.open("rb") as file:
            pyrage.decrypt_io(file, target, identities)
    except pyrage.DecryptError as fault:
        raise _not_opened(path, fault) from None


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep every other backup, drill and clearing away from a backup folder, which is made if it is not there.

    :raises GestandError: ``backup-busy``.
    """
    try:
        (folder / PARTS).mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as fault:
        raise not_written(folder, fault) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise GestandError(
            "backup-busy", "another backup is being made here", where=str(folder), remedy="Wait until it is done."
        ) from None
    finally:
        os.close(lock)


def remove(path: Path) -> None:
    """Remove a file if it is there."""
    with suppress(FileNotFoundError):
        path.unlink()


def sync(folder: Path) -> None:
    """Bring the names in a folder to stable storage."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def damaged(path: Path, what: str) -> DamagedError:
    """Return the error for a backup that is not what was written."""
    return DamagedError(
        "backup-damaged",
        what,
        where=str(path),
        remedy="Take another copy of the backup folder, or restore an older backup; then make a full one.",
    )


def not_written(path: Path, fault: Exception) -> GestandError:
    """Return the error for a backup that could not be written; what was there before stays as it was."""
    number = fault.errno if isinstance(fault, OSError) else _number(str(fault))
    return GestandError(
        "backup-not-written",
        f"the backup could not be written: {os.strerror(number) if number else fault}",
        where=str(path),
        remedy="Make room or another folder, and do it again; earlier backups are as they were.",
    )


def _not_opened(path: Path, fault: Exception) -> GestandError:
    if "No matching keys" in str(fault):
        return UsageError(
            "backup-identity",
            "none of the given identities opens this file: it was encrypted for others",
            where=str(path),
            remedy="Give the identity whose public half stood in recipients (data) or keys_recipients (keys).",
        )
    return damaged(path, f"a file of the backup does not open: {fault}")


def _number(text: str) -> int | None:
    found = _ERRNO.search(text)
    return int(found[1]) if found else None


def _private(path: Path) -> IO[bytes]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    return os.fdopen(descriptor, "wb")
