"""The nouns of the backup room: a manifest and its files, what was made, restored, drilled.

A backup is two archives: the *data* (index and parts, encrypted to the recipients of data) and the *keys* (encrypted to the
recipients of keys, kept for a shorter time). Neither opens anything without the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file of a backup as it lies there, encrypted: name relative to the backup folder, SHA-256 and size in bytes."""

    file: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Part:
    """At most a MiB of a backed-up file. ``mac``: its bytes under a key that only the organisation has."""

    mac: str
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup consists of. It is the last file written: without it there is no backup.

    ``entries`` and ``root``: the ledger when the data were copied; ``recipients``: a digest of those of data.
    """

    id: str
    made: datetime
    origin: str
    full: bool
    epoch: int
    subjects: int
    items: int
    entries: int
    root: str
    recipients: str
    index: Sealed
    keys: Sealed
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the organisation in a backup: path relative to its folder, size, SHA-256, and its parts in order."""

    path: str
    size: int
    sha256: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made: how many parts were written and how many stood there already.

    ``renewed``: of those written, how many stood there damaged; earlier backups still have the damaged ones.
    ``unproven``: manifests in the folder that are not the organisation's own or were changed; what they name stays.
    """

    manifest: Manifest
    written: int
    reused: int
    renewed: int
    size: int  # bytes written
    keys_expired: tuple[str, ...]
    expired: tuple[str, ...]
    unproven: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup brought back. ``lost``: what the ledger knows of and no replay brings back, by event.

    ``keys_of``: the backup whose keys opened it. If a later one: ``closed`` data had been erased since and stayed closed;
    ``ledger``: the public key of its ledger; ``recognised``: an identity file says that it is the owner's.
    ``sealed_again``: data that had been sealed anew since, so that these keys do not open the copy's; by field.
    """

    manifest: Manifest
    folder: Path
    items: int
    replayed: int
    erased_again: int
    to_correct: int
    ledger_entries: int
    keys_of: str
    closed: int
    sealed_again: Mapping[str, int]
    ledger: str
    recognised: bool
    unseen: bool  # nobody knows whether a newer ledger existed
    lost: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drill:
    """A restore to a scratch place, checked, and recorded whatever came of it. ``fault``: the code of what went wrong."""

    backup: str
    items: int
    replayed: int
    verified: bool
    fault: str = ""
    message: str = ""
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Inventory:
    """The keys there are, and what the oldest backup in the backup folder can still open.

    ``unreadable_by``: the day from which no backup there opens what is erased today, if backups go on and nobody keeps copies.
    ``unproven``: manifests there that are not the organisation's own or were changed: what they open, nobody knows.
    """

    epoch: int
    epochs: tuple[int, ...]
    keys: int
    oldest_backup_still_open: date | None
    unreadable_by: date | None
    escrow_epoch: int | None
    unproven: tuple[str, ...]
