"""Key-encryption keys by epoch, each in a small file of its own, wrapped under the root key.

They stand outside the key store on purpose: a backup of ``keys.db`` without its epoch's file opens nothing, so that
destroying the file makes what was erased unreadable in every older backup (docs/crypto.md). ``epoch-000001.kek``:
format byte, nonce, sealed key; bound to ``gestand/kek/1`` and the epoch's number.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from gestand.kernel.crypto import KEY_SIZE, NONCE_SIZE, Sealer, derive
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError, GestandError
from gestand.kernel.rootkey import sync_folder

_NAME = re.compile(r"epoch-([0-9]{6})\.kek")


class Epoch:
    """One key-encryption key at work: wraps data keys, and gives the key that maps blind tokens."""

    __slots__ = ("number", "token_key", "wrapper")

    def __init__(self, number: int, key: bytes) -> None:
        self.number = number
        self.wrapper = Sealer(derive(key, "wrap"))
        self.token_key = derive(key, "tokens")


class EpochFiles:
    """The folder of epoch files."""

    def __init__(self, folder: Path, root_key: bytes, entropy: Entropy) -> None:
        self._folder = folder
        self._sealer = Sealer(derive(root_key, "epochs"))
        self._entropy = entropy

    def numbers(self) -> list[int]:
        """Return the epochs whose key still exists, oldest first."""
        try:
            names = os.listdir(self._folder)  # noqa: PTH208 - asked with each new key
        except FileNotFoundError:
            return []
        return sorted(int(found[1]) for name in names if (found := _NAME.fullmatch(name)))

    def open(self, number: int) -> Epoch:
        """Return the epoch's key.

        :raises DamagedError: if its file is gone, damaged, or wrapped under another root key.
        """
        path = self._path(number)
        try:
            sealed = path.read_bytes()
        except OSError as fault:
            raise DamagedError(
                "epoch-key-missing",
                f"the key of epoch {number} cannot be read: {fault.strerror}",
                where=str(path),
                remedy="Put the file back from the escrow of keys; without it what was sealed cannot be opened.",
            ) from None
        return Epoch(number, self._sealer.open(sealed, _bound(number), str(path)))

    def make(self, number: int) -> Epoch:
        """Make the key of a new epoch and put it on stable storage."""
        key = self._entropy(KEY_SIZE)
        path = self._path(number)
        unfinished = path.with_suffix(".new")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(self._sealer.seal(key, _bound(number), self._entropy(NONCE_SIZE)))
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(path)
            sync_folder(self._folder)
        except OSError as fault:
            raise _not_written(path, fault) from None
        return Epoch(number, key)

    def destroy(self, number: int) -> None:
        """Overwrite the epoch's file and remove it, on stable storage."""
        path = self._path(number)
        try:
            with path.open("r+b") as file:
                file.write(self._entropy(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            sync_folder(self._folder)
        except FileNotFoundError:
            return
        except OSError as fault:
            raise _not_written(path, fault) from None

    def _path(self, number: int) -> Path:
        return self._folder / f"epoch-{number:06}.kek"


def _bound(number: int) -> bytes:
    return b"gestand/kek/1\x00" + number.to_bytes(4, "big")


def _not_written(path: Path, fault: OSError) -> GestandError:
    return GestandError(
        "epoch-key-not-written",
        f"the key file of the epoch cannot be written: {fault.strerror}",
        where=str(path),
        remedy="Make room on the disk and its folder writable, and do it again; nothing was lost.",
    )
