"""Whose backup it is. What authenticates a backup lies in it; only a ledger's public key that was known before says whose."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from gestand.kernel.errors import DamagedError
from gestand.ledger.keys import load_key
from gestand.ledger.note import SigningKey, VerifyKey


def signing_key(path: Path) -> SigningKey:
    """Return the signing key of the ledger that a backup brought to ``path``.

    :raises DamagedError: ``ledger-key-missing``.
    """
    key = load_key(path)
    if key is None:
        raise DamagedError(
            "ledger-key-missing", "the backup of keys lacks the ledger's signing key", remedy="Restore another backup."
        )
    return key


def recognised(path: Path, known: Collection[VerifyKey]) -> VerifyKey:
    """Return the public key of the ledger that a backup brought, which must be one of ``known`` if there are any.

    :raises DamagedError: ``restore-not-yours``, ``ledger-key-missing``.
    """
    key = signing_key(path).verify_key
    if known and key not in known:
        raise DamagedError(
            "restore-not-yours",
            f"the backup is of another organisation, with the ledger {key}",
            remedy="The identity file names the ledger of yours. Name a backup of your own with --backup; if you did not make this "
            "one, someone else writes to the backup folder.",
        )
    return key
