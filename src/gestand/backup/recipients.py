"""Age recipients and identities (age-encryption.org/v1, X25519): who can open a backup. Secrets are never kept here."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import pyrage

from gestand.kernel.errors import UsageError
from gestand.ledger.note import VerifyKey, verify_key

Recipients = Sequence[pyrage.x25519.Recipient]
Identities = Sequence[pyrage.x25519.Identity]
_LEDGER = "# ledger: "
_SECRET = "AGE-SECRET-KEY-"  # noqa: S105 - how such a line begins


def read_recipients(names: Sequence[str], where: str) -> list[pyrage.x25519.Recipient]:
    """Return recipients.

    :raises UsageError: ``backup-no-recipient`` if there are none, ``backup-recipient`` if one is no age recipient.
    """
    if not names:
        raise UsageError(
            "backup-no-recipient",
            "nobody is named for whom to encrypt, so nobody could ever open it",
            where=where,
            remedy='Make an identity with age-keygen, keep it off this machine, and name its public half: recipients = ["age1..."].',
        )
    return [_recipient(name, where) for name in names]


def _recipient(name: str, where: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(name.strip())
    except pyrage.RecipientError:
        secret = name.strip().upper().startswith(_SECRET)
        shown = "a secret key" if secret else f"{name!r}"
        raise UsageError(
            "backup-recipient",
            f"{shown} is no age recipient",
            where=where,
            remedy="Name the public half, which begins with age1."
            + (" Make a new identity: this one was shown." * secret),
        ) from None


def recipients_digest(names: Sequence[str]) -> str:
    """Return a short digest of a set of recipients: a part encrypted for others is no part of this backup."""
    return hashlib.sha256("\n".join(sorted(name.strip() for name in names)).encode()).hexdigest()[:16]


def read_identities(files: Sequence[Path]) -> list[pyrage.x25519.Identity]:
    """Return the identities in files as ``age-keygen`` writes them.

    :raises UsageError: ``backup-no-identity`` if none is given, ``backup-identity-file`` if a file holds none.
    """
    found = [identity for file in files for identity in _identities(file)]
    if not found:
        raise UsageError(
            "backup-no-identity",
            "a backup is opened with the secret half of one of its recipients, and none was given",
            where="--identity",
            remedy="Name the file that age-keygen wrote: --identity FILE.",
        )
    return found


def _identities(file: Path) -> list[pyrage.x25519.Identity]:
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in _lines(file) if line.startswith(_SECRET)]
    except (OSError, pyrage.IdentityError) as fault:
        why = fault.strerror if isinstance(fault, OSError) else "a line that begins like an identity is none"
        raise UsageError(
            "backup-identity-file", f"no identity can be read: {why}", where=str(file), remedy="Name another file."
        ) from None
    if not found:
        raise UsageError(
            "backup-identity-file",
            "the file holds no age identity",
            where=str(file),
            remedy="An identity is a line that begins with AGE-SECRET-KEY-1.",
        )
    return found


def _lines(file: Path) -> list[str]:
    return [line.strip() for line in file.read_text("utf-8", errors="replace").splitlines()]


def new_identity() -> str:
    """Return the text of a new identity file, as ``age-keygen`` writes one. Its randomness is the library's own."""
    identity = pyrage.x25519.Identity.generate()
    return f"# public key: {identity.to_public()}\n{identity}\n"


def known_ledgers(files: Sequence[Path]) -> tuple[VerifyKey, ...]:
    """Return the ledgers of the organisations whose backups identity files say they are for; none in files of older setups.

    :raises UsageError: ``backup-identity-file``, ``ledger-key``.
    """
    lines = [line for file in files for line in _lines(file)]
    return tuple(verify_key(line.removeprefix(_LEDGER)) for line in lines if line.startswith(_LEDGER))


def make_identity(file: Path, ledger: VerifyKey) -> str:
    """Write a new identity to ``file``, mode 0600, and return its recipient. A remark in it, which goes wherever the file goes,
    says whose backups it is to open: whoever knows the recipient can encrypt an organisation of their own for it.

    :raises UsageError: ``file-exists``, ``cannot-write``.
    """  # noqa: D205 - why the remark is there needs its sentence
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w") as out:
            out.write(f"{_LEDGER}{ledger}\n{new_identity()}")
            out.flush()
            os.fsync(out.fileno())
    except FileExistsError:
        raise UsageError("file-exists", "there is a file already", where=str(file), remedy="Name a new one.") from None
    except OSError as fault:
        raise UsageError(
            "cannot-write", f"the key could not be written: {fault.strerror}", where=str(file), remedy="Name another."
        ) from None
    return recipient_of(file)


def recipient_of(file: Path) -> str:
    """Return the public half of the first identity in a file.

    :raises UsageError: ``backup-identity-file``.
    """
    return str(_identities(file)[0].to_public())
