"""A consistent copy of an encrypted SQLite file while others read and write it.

A reader that begins when the write-ahead log is folded in completely keeps the file itself as it is: what others write
meanwhile stays in the log. The file's pages are then copied as they lie on disk, still encrypted, so that a page nobody
changed has the same bytes in every copy. They are read through SQLite's own file layer: a second descriptor of ours,
closed, would drop the locks that this process holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import apsw

from gestand.kernel.errors import GestandError
from gestand.storage.faults import translated

BLOCK = 1 << 20
_TRIES = 100
_BUSY_MILLISECONDS = 100


class Pin:
    """Keeps a file as it was when the pin was made; ``release`` it soon, for the log grows meanwhile.

    Made while the caller keeps writers away (a transaction of the main store), which it may end at once afterwards.

    :raises GestandError: ``backup-store-busy`` if a long reader keeps the log from being folded in.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        try:
            self._connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
            self._connection.set_busy_timeout(_BUSY_MILLISECONDS)
            self._connection.pragma("cipher", "chacha20")
            self._connection.pragma("key", "raw:" + key.hex())
            self._pin()
        except apsw.Error as fault:
            raise translated(fault, str(path)) from None

    def copy(self, target: IO[bytes], *, each: Callable[[], None] = lambda: None) -> int:
        """Write the file's bytes to ``target`` and return how many; ``each`` is called after each MiB."""
        size = 0
        for block in blocks(self.path):
            target.write(block)
            size += len(block)
            each()
        return size

    def release(self) -> None:
        """Let the file go on."""
        self._connection.close()

    def _pin(self) -> None:
        for _ in range(_TRIES):
            ((busy, logged, folded),) = self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            if not busy and logged == folded:
                self._connection.execute("BEGIN")
                self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
                return
        self._connection.close()
        raise GestandError(
            "backup-store-busy",
            "a long read keeps the store from being copied",
            where=str(self.path),
            remedy="Make the backup again when it has finished.",
        )


def blocks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a store's file as they lie, in MiB; the locks that this process has on it stay.

    :raises GestandError: if it cannot be read.
    """
    flags = [apsw.SQLITE_OPEN_MAIN_DB | apsw.SQLITE_OPEN_READONLY, 0]
    try:
        file = apsw.VFSFile("unix", str(path), flags)
        try:
            size = file.xFileSize()
            for at in range(0, size, BLOCK):
                yield file.xRead(min(BLOCK, size - at), at)
        finally:
            file.xClose()
    except apsw.Error as fault:
        raise translated(fault, str(path)) from None
