"""A disk image as a sealed file: chunks under a key of its own, each bound to its place; the key is a datum in the vault.

Bytes: magic, then per chunk its length (4 bytes, big-endian) and the sealed bytes (``kernel.crypto``), bound to the image's
id, the chunk's number, and whether it is the last. With the key gone nobody reads the file, wherever a copy of it lies.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from gestand.kernel.crypto import NONCE_SIZE, Sealer
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError, UsageError

MAGIC = b"GESTAND-IMAGE-1\n"
CHUNK = 1 << 20
LARGEST = CHUNK + 64


@dataclass(frozen=True, slots=True)
class SealedImage:
    """What came of sealing: bytes and SHA-256 of the plain image."""

    size: int
    digest: str


def seal_image(source: Path, target: Path, key: bytes, name: str, entropy: Entropy) -> SealedImage:
    """Seal the file ``source`` into ``target``, which appears whole or not at all.

    :raises UsageError: ``image-unreadable`` if it cannot be read; nothing is left behind.
    """
    sealer, digest, size = Sealer(key), hashlib.sha256(), 0
    part = target.with_suffix(".part")
    try:
        with source.open("rb") as plain, part.open("wb") as sealed:
            os.fchmod(sealed.fileno(), 0o600)
            sealed.write(MAGIC)
            for number, block, last in _blocks(plain):
                digest.update(block)
                size += len(block)
                chunk = sealer.seal(block, _bound(name, number, last=last), entropy(NONCE_SIZE))
                sealed.write(len(chunk).to_bytes(4, "big") + chunk)
            sealed.flush()
            os.fsync(sealed.fileno())
        part.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as fault:
        with contextlib.suppress(OSError):
            part.unlink()
        raise UsageError(
            "image-unreadable",
            f"the image cannot be sealed: {fault.strerror}",
            where=str(source),
            remedy="Name a file that you can read, and see that there is room on the disk.",
        ) from None
    return SealedImage(size, digest.hexdigest())


def open_image(source: Path, target: Path, key: bytes, name: str) -> int:
    """Write the plain image to ``target``, readable for its owner alone, and return its size.

    :raises DamagedError: ``image-damaged`` if it was changed, cut short, or is not there; nothing stays at ``target``.
    """
    sealer, size, ended = Sealer(key), 0, False
    part = target.with_name(target.name + ".part")
    try:
        with (
            source.open("rb") as sealed,
            os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as plain,
        ):
            if sealed.read(len(MAGIC)) != MAGIC:
                raise _damaged(source)
            number = 0
            while head := sealed.read(4):
                length = int.from_bytes(head, "big")
                chunk = sealed.read(length)
                if ended or len(head) < 4 or len(chunk) < length or length > LARGEST:
                    raise _damaged(source)
                block, ended = _open_chunk(sealer, chunk, name, number, source)
                plain.write(block)
                size += len(block)
                number += 1
            if not ended:
                raise _damaged(source)
        part.replace(target)
    except FileNotFoundError:
        raise _damaged(source) from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return size


def _open_chunk(sealer: Sealer, chunk: bytes, name: str, number: int, where: Path) -> tuple[bytes, bool]:
    try:
        return sealer.open(chunk, _bound(name, number, last=False), str(where)), False
    except DamagedError:
        return sealer.open(chunk, _bound(name, number, last=True), str(where)), True


def _blocks(plain: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    number, block = 0, plain.read(CHUNK)
    while True:
        following = plain.read(CHUNK)
        yield number, block, not following
        if not following:
            return
        number, block = number + 1, following


def _bound(name: str, number: int, *, last: bool) -> bytes:
    return f"image/{name}/{number}/{'last' if last else 'more'}".encode()


def _damaged(where: Path) -> DamagedError:
    return DamagedError(
        "image-damaged",
        "the image was changed, cut short, or is gone",
        where=str(where),
        remedy="Make a new image from the device, or tell the customer that the copy is lost.",
    )
