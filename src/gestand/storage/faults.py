"""What SQLite reports, in words a person can act on. Faults of our own SQL are not translated: they are defects."""

from __future__ import annotations

from collections.abc import Callable

import apsw

from gestand.kernel.errors import DamagedError, GestandError

_DAMAGED = (apsw.CorruptError, apsw.NotADBError, apsw.FormatError)
_WORDS: tuple[tuple[type[apsw.Error], str, str, str], ...] = (
    (apsw.ConnectionClosedError, "store-closed", "the store was closed", "Open it again."),
    (
        apsw.FullError,
        "store-full",
        "the disk is full; nothing of this change was kept",
        "Make room on the disk and do it again.",
    ),
    (
        apsw.ReadOnlyError,
        "store-read-only",
        "the store may only be read; nothing of this change was kept",
        "Make the file and its folder writable for the account that runs Gestand.",
    ),
    (
        apsw.CantOpenError,
        "store-not-opened",
        "the store cannot be opened",
        "Check that the folder exists and that the account that runs Gestand may read and write it.",
    ),
    (
        apsw.BusyError,
        "store-busy",
        "another process is writing to the store, or reading a long list from it",
        "Wait until it has finished and do it again.",
    ),
    (
        apsw.LockedError,
        "store-busy",
        "a long list is being read from the store",
        "Wait until it has been read and do it again.",
    ),
    (
        apsw.IOError,
        "store-io",
        "the disk reports a fault; nothing of this change was kept",
        "Check the disk; when it is sound again, do it again.",
    ),
)


def translated(fault: apsw.Error, where: str) -> Exception:
    """Return the error to raise for ``fault``: one of ours, or ``fault`` itself if it is a defect in our SQL."""
    if isinstance(fault, _DAMAGED):
        return DamagedError(
            "store-damaged",
            "the store does not verify: it is damaged, or the key is not the one it was made with",
            where=where,
            remedy="Check the root key first; then restore from a backup.",
        )
    for kind, code, message, remedy in _WORDS:
        if isinstance(fault, kind):
            return GestandError(code, message, where=where, remedy=remedy)
    return fault


def run_all(actions: list[Callable[[], None]]) -> None:
    """Run every action though one fails: each belongs to a commit that happened. The first fault is raised."""
    first: GestandError | OSError | None = None
    for action in actions:
        try:
            action()
        except (GestandError, OSError) as fault:
            first = first or fault
    if first is not None:
        raise first
