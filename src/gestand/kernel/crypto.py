"""The few primitives everything sealed is made of. No key is made, kept or chosen here.

HKDF-SHA256 (RFC 5869) derives, AES-256-GCM (NIST SP 800-38D) seals with associated data, HMAC-SHA256 (RFC 2104) makes
blind tokens and references. Sealed bytes are: format byte, 96-bit random nonce, ciphertext with its 128-bit tag.
"""

from __future__ import annotations

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gestand.kernel.errors import DamagedError

KEY_SIZE = 32
NONCE_SIZE = 12
FORMAT = b"\x01"
_FORMAT = FORMAT[0]
_HEAD = len(FORMAT) + NONCE_SIZE


def derive(root: bytes, label: str) -> bytes:
    """Return the 32-byte key that ``root`` gives for ``label`` (HKDF-SHA256, no salt: the root key is uniform)."""
    return HKDF(algorithm=hashes.SHA256(), length=KEY_SIZE, salt=None, info=b"gestand/" + label.encode()).derive(root)


class Sealer:
    """AES-256-GCM under one key. ``where`` names, for messages, what it seals."""

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, plaintext: bytes, bound_to: bytes, nonce: bytes) -> bytes:
        """Return ``plaintext`` sealed and bound to ``bound_to``, which must be given again to open it."""
        return FORMAT + nonce + self._cipher.encrypt(nonce, plaintext, bound_to)

    def open(self, sealed: bytes, bound_to: bytes, where: str) -> bytes:
        """Return the plaintext.

        :raises DamagedError: if the bytes were changed, or were sealed under another key or for another place.
        """
        if not sealed or sealed[0] != _FORMAT:
            raise DamagedError(
                "sealed-format",
                f"sealed bytes of an unknown format ({sealed[:1].hex() or 'empty'})",
                where=where,
                remedy="Restore the store from a backup; it was written by another version or is damaged.",
            )
        try:
            return self._cipher.decrypt(sealed[1:_HEAD], sealed[_HEAD:], bound_to)
        except (InvalidTag, ValueError):
            raise DamagedError(
                "sealed-damaged",
                "sealed bytes do not open: they were changed or moved from another place",
                where=where,
                remedy="Restore the store from a backup, then run 'gestand ledger verify'.",
            ) from None


def mac(key: bytes, message: bytes, size: int = 16) -> bytes:
    """Return the first ``size`` bytes of HMAC-SHA256."""
    return hmac.digest(key, message, "sha256")[:size]


def permute(key: bytes, blocks: bytes) -> bytes:
    """Map each 16-byte block to another, one to one, under ``key`` (AES-256 as a permutation).

    Only for blocks that already look random and are each mapped alone (blind tokens): equal blocks stay equal.
    """
    step = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - single blocks, a permutation is meant
    return step.update(blocks) + step.finalize()


def unpermute(key: bytes, blocks: bytes) -> bytes:
    """Undo ``permute``."""
    step = Cipher(algorithms.AES(key), modes.ECB()).decryptor()  # noqa: S305 - as above
    return step.update(blocks) + step.finalize()
