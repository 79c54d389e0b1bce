"""Signed notes and checkpoints: the text formats of C2SP (c2sp.org/signed-note, c2sp.org/tlog-checkpoint), Ed25519.

A key is written as Go's note package writes it: ``name+8 hex digits+base64`` to verify, ``PRIVATE+KEY+name+...`` to sign.
Parsing is strict and raises nothing but this program's errors, whatever the bytes.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gestand.kernel.errors import DamagedError, UsageError
from gestand.ledger.merkle import HASH
from gestand.ledger.model import Checkpoint, Head

_ED25519 = b"\x01"
_LONGEST = 64 * 1024
_MOST_SIGNATURES = 64
_DASH = "\u2014 "
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_PRIVATE = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True)
class VerifyKey:
    """A public key with the name of the log that signs with it."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Return the four bytes by which a signature names its key."""
        return _key_id(self.name, self.public)

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_b64(_ED25519 + self.public)}"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key; ``seed`` (32 bytes) never leaves the key file."""

    name: str
    seed: bytes

    @property
    def verify_key(self) -> VerifyKey:
        """Return the public half."""
        return VerifyKey(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    def to_text(self) -> str:
        """Return the line that the key file holds."""
        return f"{_PRIVATE}{self.name}+{self.verify_key.key_id.hex()}+{_b64(_ED25519 + self.seed)}"

    def __repr__(self) -> str:
        return f"SigningKey(name={self.name!r})"


def check_origin(origin: str) -> str:
    """Return ``origin`` if it can name a log: like example.org/ledger, without space, plus or control character.

    :raises UsageError: ``ledger-origin``.
    """
    if not origin or "+" in origin or any(c.isspace() or not c.isprintable() for c in origin) or len(origin) > 200:
        raise UsageError(
            "ledger-origin",
            f"{origin!r} cannot name a ledger",
            remedy="Use the form example.org/ledger: no spaces, no plus sign, at most 200 characters.",
        )
    return origin


def origin_of(name: str) -> str:
    """Return a name of a log made of any text: what the format forbids becomes a hyphen."""
    return "".join(c if c.isprintable() and not c.isspace() and c != "+" else "-" for c in name)[:200] or "-"


def verify_key(text: str) -> VerifyKey:
    """Read a public key in its text form.

    :raises UsageError: ``ledger-key`` if it is none.
    """
    name, key = _read_key(text.strip())
    found = VerifyKey(name, key)
    if str(found) != text.strip():
        raise _no_key()
    return found


def signing_key(text: str) -> SigningKey:
    """Read a private key in its text form.

    :raises UsageError: ``ledger-key`` if it is none.
    """
    line = text.strip()
    if not line.startswith(_PRIVATE):
        raise _no_key()
    name, seed = _read_key(line.removeprefix(_PRIVATE))
    found = SigningKey(name, seed)
    if found.to_text() != line:
        raise _no_key()
    return found


def sign(head: Head, key: SigningKey) -> Checkpoint:
    """Return the signed checkpoint of ``head``."""
    text = f"{key.name}\n{head.size}\n{_b64(head.root)}\n"
    signature = Ed25519PrivateKey.from_private_bytes(key.seed).sign(text.encode())
    line = f"{_DASH}{key.name} {_b64(key.verify_key.key_id + signature)}\n"
    return Checkpoint(origin=key.name, head=head, text=f"{text}\n{line}")


def sign_text(text: str, key: SigningKey) -> str:
    """Return ``text`` (ending in a line break) as a signed note."""
    signature = Ed25519PrivateKey.from_private_bytes(key.seed).sign(text.encode())
    return f"{text}\n{_DASH}{key.name} {_b64(key.verify_key.key_id + signature)}\n"


def check_note(note: str, key: VerifyKey) -> str:
    """Return the text of a signed note, its signature by ``key`` verified.

    :raises DamagedError: ``ledger-checkpoint`` if it is malformed or not signed by ``key``.
    """
    if len(note) > _LONGEST or _CONTROL.search(note) or "\n\n" not in note or not note.endswith("\n"):
        raise _no_checkpoint("it is no signed note")
    body, _, signatures = note.rpartition("\n\n")
    lines = signatures.removesuffix("\n").split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise _no_checkpoint(f"more than {_MOST_SIGNATURES} signatures")
    try:
        text = (body + "\n").encode()
    except UnicodeEncodeError:
        raise _no_checkpoint("it is no UTF-8 text") from None
    _check_signatures(text, lines, key)
    return body + "\n"


def read_checkpoint(note: str, key: VerifyKey) -> Checkpoint:
    """Return the checkpoint that ``note`` holds, its signature by ``key`` verified.

    Signatures of other keys (witnesses, an older key) are passed over, as the format asks.

    :raises DamagedError: ``ledger-checkpoint`` if it is malformed, of another log, or not signed by ``key``.
    """
    body = check_note(note, key).removesuffix("\n")
    rows = body.split("\n")
    if len(rows) < 3 or not all(rows) or not _SIZE.fullmatch(rows[1]):
        raise _no_checkpoint("its text is not origin, size, root")
    if rows[0] != key.name:
        raise _no_checkpoint(f"it is of {rows[0]!r}, not of {key.name!r}")
    root = _bytes(rows[2])
    if root is None or len(root) != HASH:
        raise _no_checkpoint("its root is no SHA-256 hash")
    return Checkpoint(origin=rows[0], head=Head(int(rows[1]), root), text=note)


def split_notes(text: str) -> list[str]:
    """Return the checkpoints that stand one after another in ``text``, unverified."""
    notes: list[str] = []
    lines: list[str] = []
    signed = False
    for line in text.split("\n"):
        if signed and not line.startswith(_DASH):
            notes.append("\n".join(lines) + "\n")
            lines, signed = [], False
            if not line:
                continue
        signed = signed or (line.startswith(_DASH) and len(lines) > 1 and not lines[-1])
        lines.append(line)
    if any(lines):
        notes.append("\n".join(lines) + "\n")
    return notes


def _check_signatures(text: bytes, lines: list[str], key: VerifyKey) -> None:
    verified = False
    for line in lines:
        name, space, coded = line.removeprefix(_DASH).partition(" ")
        signature = _bytes(coded)
        if not line.startswith(_DASH) or not name or not space or signature is None or len(signature) < 5:
            raise _no_checkpoint("a signature line is malformed")
        if name == key.name and signature[:4] == key.key_id:
            try:
                Ed25519PublicKey.from_public_bytes(key.public).verify(signature[4:], text)
            except InvalidSignature:
                raise _no_checkpoint("its signature is false") from None
            verified = True
    if not verified:
        raise _no_checkpoint(f"it is not signed by {key.name}+{key.key_id.hex()}")


def _read_key(text: str) -> tuple[str, bytes]:
    name, _, rest = text.partition("+")
    _hash, _, coded = rest.partition("+")
    raw = _bytes(coded)
    if raw is None or len(raw) != 33 or raw[:1] != _ED25519:
        raise _no_key()
    try:
        check_origin(name).encode()
    except UnicodeEncodeError:
        raise _no_key() from None
    return name, raw[1:]


def _key_id(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _bytes(text: str) -> bytes | None:
    """Return what the base64 ``text`` codes; None unless it is the one canonical form."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if _b64(raw) == text else None


def _no_key() -> UsageError:
    return UsageError(
        "ledger-key",
        "this is no Ed25519 key of a log",
        remedy="A key to verify with looks like example.org/ledger+1a2b3c4d+AQ...; 'gestand ledger checkpoint' prints it.",
    )


def _no_checkpoint(why: str) -> DamagedError:
    return DamagedError(
        "ledger-checkpoint",
        f"the checkpoint does not hold: {why}",
        remedy="Compare with a copy kept elsewhere (the remembered one, an export, a witness).",
    )
