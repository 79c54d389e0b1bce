"""Cosignatures (c2sp.org/tlog-cosignature): a witness says that it saw a checkpoint, and that the log only grew up to it.

A witness's key is written ``name+8 hex digits+base64`` with the algorithm byte 0x04. The signature covers the checkpoint's text
under a header with the moment, in seconds since 1970.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gestand.kernel.errors import DamagedError, UsageError
from gestand.ledger.note import check_origin

COSIGNATURE = b"\x04"
DASH = "\u2014 "
SIGNATURE = 64
MOMENT = 8


@dataclass(frozen=True, slots=True)
class WitnessKey:
    """A witness's public key, and its name: like an address, without scheme."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a cosignature names its key."""
        return sha256(self.name.encode() + b"\n" + COSIGNATURE + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(COSIGNATURE + self.public).decode()}"


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A witness's word about a checkpoint: when (seconds since 1970), and the line as it stands in a note."""

    witness: str
    at: int
    line: str


def witness_key(text: str) -> WitnessKey:
    """Read a witness's key in its text form.

    :raises UsageError: ``witness-key`` if it is none.
    """
    name, _, rest = text.strip().partition("+")
    _mark, _, coded = rest.partition("+")
    try:
        raw = base64.b64decode(coded, validate=True)
        found = WitnessKey(check_origin(name), raw[1:])
    except (binascii.Error, ValueError, UsageError):
        raise _no_key() from None
    if len(raw) != 33 or raw[:1] != COSIGNATURE or str(found) != text.strip():
        raise _no_key()
    return found


def public_of(name: str, seed: bytes) -> WitnessKey:
    """Return the public key that belongs to a witness's seed (32 bytes)."""
    return WitnessKey(name, Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw())


def cosign(note: str, name: str, seed: bytes, at: int) -> str:
    """Return the cosignature line for a checkpoint; ``at`` in seconds since 1970."""
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(_message(note, at))
    blob = public_of(name, seed).key_id + at.to_bytes(MOMENT, "big") + signature
    return f"{DASH}{name} {base64.b64encode(blob).decode()}\n"


def read_cosignature(note: str, line: str, key: WitnessKey) -> Cosignature:
    """Return what a witness said of a checkpoint, its signature verified.

    :raises DamagedError: ``witness-signature`` if the line is malformed, of another key, or false.
    """
    name, space, coded = line.removesuffix("\n").removeprefix(DASH).partition(" ")
    try:
        blob = base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        blob = b""
    if not line.startswith(DASH) or not space or len(blob) != 4 + MOMENT + SIGNATURE:
        raise _false(key, "the line is malformed")
    if name != key.name or blob[:4] != key.key_id:
        raise _false(key, f"it is of {name}")
    at = int.from_bytes(blob[4 : 4 + MOMENT], "big")
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(blob[4 + MOMENT :], _message(note, at))
    except InvalidSignature:
        raise _false(key, "its signature is false") from None
    return Cosignature(name, at, f"{DASH}{name} {coded}\n")


def cosignatures(note: str, keys: tuple[WitnessKey, ...]) -> tuple[Cosignature, ...]:
    """Return the words of known witnesses that stand under a checkpoint; lines of others are passed over."""
    _, _, lines = note.rpartition("\n\n")
    found: list[Cosignature] = []
    for line in lines.splitlines():
        for key in keys:
            try:
                found.append(read_cosignature(note, line, key))
            except DamagedError:
                continue
    return tuple(found)


def _message(note: str, at: int) -> bytes:
    text = note.rpartition("\n\n")[0] + "\n"
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _false(key: WitnessKey, why: str) -> DamagedError:
    return DamagedError(
        "witness-signature",
        f"the cosignature of {key.name} does not hold: {why}",
        remedy="Ask the witness again; if it stays, compare what it remembers with your own checkpoint.",
    )


def _no_key() -> UsageError:
    return UsageError(
        "witness-key",
        "this is no key of a witness",
        remedy="It looks like witness.example.org/w1+1a2b3c4d+BA...; 'gestand ledger witness' prints its own.",
    )
