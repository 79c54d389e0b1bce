"""What PostgreSQL reports, in words a person can act on. Faults of our own SQL are not translated: they are defects."""

from __future__ import annotations

import psycopg
from psycopg import errors

from gestand.kernel.errors import DamagedError, GestandError, UsageError

_DAMAGED = (errors.DataCorrupted, errors.IndexCorrupted)
_WORDS: tuple[tuple[tuple[type[psycopg.Error], ...], str, str, str], ...] = (
    (
        (errors.DiskFull,),
        "store-full",
        "the disk of the database is full; nothing of this change was kept",
        "Make room on the disk of the database and do it again.",
    ),
    (
        (errors.ReadOnlySqlTransaction, errors.InsufficientPrivilege),
        "store-read-only",
        "the database refuses this role to write; nothing of this change was kept",
        "Connect to the primary, with a role that owns the schema.",
    ),
    (
        (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure),
        "store-busy",
        "another process keeps the store to itself; nothing of this change was kept",
        "Wait until it has finished and do it again.",
    ),
    (
        (errors.IoError,),
        "store-io",
        "the disk of the database reports a fault; nothing of this change was kept",
        "Check the disk of the database; when it is sound again, do it again.",
    ),
    (
        (errors.CharacterNotInRepertoire, errors.UntranslatableCharacter),
        "value-not-stored",
        "a text holds a character that PostgreSQL does not take (NUL)",
        "Take the character out and do it again.",
    ),
)


def translated(fault: psycopg.Error, where: str) -> Exception:
    """Return the error to raise for ``fault``: one of ours, or ``fault`` itself if it is a defect in our SQL."""
    if isinstance(fault, _DAMAGED):
        return DamagedError(
            "store-damaged",
            "PostgreSQL found damage in its files",
            where=where,
            remedy="Stop writing, and restore from a backup.",
        )
    for kinds, code, message, remedy in _WORDS:
        if isinstance(fault, kinds):
            kind = UsageError if code == "value-not-stored" else GestandError
            return kind(code, message, where=where, remedy=remedy)
    if isinstance(fault, psycopg.DataError) and fault.sqlstate is None:  # found before it was sent
        return UsageError(
            "value-not-stored", str(fault), where=where, remedy="Take the character out of the text and do it again."
        )
    if isinstance(fault, psycopg.OperationalError | psycopg.InterfaceError):
        return lost(where)
    return fault


def lost(where: str) -> GestandError:
    """Return the error for a server that went away before the change was committed."""
    return GestandError(
        "store-lost",
        "the connection to PostgreSQL was lost; nothing of this change was kept",
        where=where,
        remedy="Start PostgreSQL, or wait until it is back, and do it again.",
    )


def in_doubt(where: str) -> GestandError:
    """Return the error for a server that went away between being asked to commit and its answer, and stays away."""
    return GestandError(
        "store-in-doubt",
        "PostgreSQL went away while it was committing: this change was kept as a whole, or not at all",
        where=where,
        remedy="Start PostgreSQL and look whether the change is there before you do it again.",
    )


def not_opened(fault: psycopg.Error, where: str) -> GestandError:
    """Return the error for a database that lets nobody in. The driver's words never hold the password."""
    return UsageError(
        "store-not-opened",
        "PostgreSQL cannot be reached: " + " ".join(str(fault).split()),
        where=where,
        remedy="Check that the server runs, and the host, port, database, role and password of the connection string.",
    )
