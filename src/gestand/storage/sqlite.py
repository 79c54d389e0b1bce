"""SQLite in one encrypted file: every page under ChaCha20-Poly1305, every commit on stable storage.

Write-ahead log, ``synchronous=FULL``, ``secure_delete=ON``. Deleted bytes stay in the log until it is folded into the file
and cut to nothing: ``expunge()`` does that and checks that it happened.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import apsw

from gestand.kernel.crypto import KEY_SIZE
from gestand.kernel.errors import GestandError, UsageError
from gestand.storage.engine import Row, Value
from gestand.storage.faults import run_all, translated
from gestand.storage.migrating import bring_forward

_BUSY_MILLISECONDS = 10_000
_CACHE_KIB = 32_768
_LOG_PAGES = 8_192  # 32 MiB of log before it is folded in: a bulk import then rewrites a page once, not once a batch
_STREAM_ROWS = 256


class SqliteEngine:
    """An ``Engine`` over one SQLite file. Threads may share it; a transaction belongs to the thread that began it."""

    def __init__(self, path: Path, connection: apsw.Connection) -> None:
        self.path = path
        self._connection = connection
        self._lock = threading.RLock()
        self._depth = 0
        self._broken = False  # an inner block failed: the outer one may not commit, even if it caught the error
        self._afterwards: list[Callable[[], None]] = []

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[None]:
        """Begin a transaction, or join the open one; see ``Engine``."""
        with self._lock:
            if self._depth:
                self._depth += 1
                try:
                    yield
                except BaseException:
                    self._broken = True
                    raise
                finally:
                    self._depth -= 1
                return
            if not durable:
                self.execute(
                    "PRAGMA synchronous = NORMAL"
                )  # the log is written in order, and synced with the next commit
            try:
                self.execute("BEGIN IMMEDIATE")
            except BaseException:
                self.execute("PRAGMA synchronous = FULL")
                raise
            self._depth, self._broken = 1, False
            try:
                yield
                self._refuse_broken()
                self.execute("COMMIT")
            except BaseException:
                self._afterwards.clear()
                if self._connection.in_transaction:
                    self.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0
                if not durable:
                    self.execute("PRAGMA synchronous = FULL")
            actions, self._afterwards = self._afterwards, []
        run_all(actions)

    def _refuse_broken(self) -> None:
        if self._broken:
            raise GestandError(
                "transaction-broken",
                "a step of this change failed, so none of it was kept",
                where=str(self.path),
                remedy="Do it again; if it fails again, look at the first error.",
            )

    def in_transaction(self) -> bool:
        """Say whether this thread has a transaction open."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            return self._depth > 0
        finally:
            self._lock.release()

    def execute(self, sql: str, parameters: Sequence[Value] = ()) -> list[Row]:
        """Run one statement and return all its rows."""
        with self._lock:
            try:
                return cast("list[Row]", self._connection.execute(sql, parameters).fetchall())
            except apsw.Error as fault:
                raise translated(fault, str(self.path)) from None

    def stream(self, sql: str, parameters: Sequence[Value] = ()) -> Iterator[Row]:
        """Run one query and yield its rows; read it to its end, or close it, before ``expunge``."""
        with self._lock:
            try:
                cursor = self._connection.execute(sql, parameters)
            except apsw.Error as fault:
                raise translated(fault, str(self.path)) from None
        try:
            while True:
                with self._lock:
                    try:
                        rows = [row for _, row in zip(range(_STREAM_ROWS), cursor, strict=False)]
                    except apsw.Error as fault:
                        raise translated(fault, str(self.path)) from None
                if not rows:
                    return
                yield from rows
        finally:
            with self._lock:
                cursor.close(True)  # noqa: FBT003 - apsw takes it by position: forget what was not read

    def many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for each row of parameters, in one transaction."""
        with self._lock:
            if not self._depth:
                with self.transaction():
                    self.many(sql, rows)
                return
            try:
                self._connection.executemany(sql, rows)
            except BaseException as fault:
                self._broken = True
                if isinstance(fault, apsw.Error):
                    raise translated(fault, str(self.path)) from None
                raise

    def after_commit(self, action: Callable[[], None]) -> None:
        """Call ``action`` once the open transaction is on stable storage; at once if none is open."""
        if self.in_transaction():
            self._afterwards.append(action)
        else:
            action()

    def migrate(self, room: str, scripts: Sequence[str]) -> None:
        """Bring the tables of ``room`` forward; see ``Engine``."""
        bring_forward(self, room, scripts, run=self._run, where=str(self.path))

    def _run(self, sql: str) -> None:
        self.execute(sql)

    def expunge(self, *, whole: bool = False) -> None:  # noqa: ARG002 - deleted bytes are overwritten here as they go
        """Fold the write-ahead log into the file and cut it to nothing, so that deleted bytes are in neither.

        :raises GestandError: ``store-busy`` while another process reads or writes.
        """
        if self.execute("PRAGMA wal_checkpoint(TRUNCATE)") != [(0, 0, 0)]:  # not busy, no frame in the log, none left
            raise GestandError(
                "store-busy",
                "deleted bytes still stand in the write-ahead log: another process keeps it open",
                where=f"{self.path}-wal",
                remedy="Stop the other process or wait for it, and do it again; an erasure resumes by itself.",
            )

    def verify(self) -> None:
        """Read every page of the file and check its seal and its structure.

        :raises DamagedError: if a page does not verify.
        """
        found = self.execute("PRAGMA integrity_check(1)")
        if found != [("ok",)]:
            raise translated(apsw.CorruptError(str(found)), str(self.path))

    def close(self) -> None:
        """Leave nothing in the write-ahead log, if no other process has it open, and close the file."""
        with self._lock:
            try:
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                self._connection.close()
            except apsw.ConnectionClosedError:
                return
            except apsw.Error as fault:
                raise translated(fault, str(self.path)) from None


def open_sqlite(path: Path, key: bytes, *, create: bool, alone: bool = False, vfs: str | None = None) -> SqliteEngine:
    """Open the encrypted file at ``path`` under the 32-byte ``key``; with ``create``, make it if it is not there.

    ``alone``: no other process may use it as long as it is open. An empty ``key`` means pages without encryption, for tests that search the bytes of every file.
    ``vfs``: the name of the layer over the file system that SQLite goes through; by default its own, with encryption.

    :raises UsageError: if it is not there and may not be made.
    :raises DamagedError: if it does not open under ``key``.
    """
    if len(key) not in {0, KEY_SIZE}:
        raise ValueError(f"a page key has {KEY_SIZE} bytes, not {len(key)}")
    if not create and not path.exists():
        raise UsageError(
            "store-missing",
            "the store is not there",
            where=str(path),
            remedy="Name the organisation's folder with --org DIR, or restore it from a backup.",
        )
    fresh = not path.exists()
    flags = apsw.SQLITE_OPEN_READWRITE | (apsw.SQLITE_OPEN_CREATE if create else 0)
    try:
        connection = apsw.Connection(str(path), flags=flags, vfs=vfs, statementcachesize=256)
        connection.set_busy_timeout(_BUSY_MILLISECONDS)
        if key:
            connection.pragma("cipher", "chacha20")
            connection.pragma("key", "raw:" + key.hex())
        connection.execute(
            f"""
            PRAGMA locking_mode = {"EXCLUSIVE" if alone else "NORMAL"};
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA secure_delete = ON;
            PRAGMA foreign_keys = ON;
            PRAGMA trusted_schema = OFF;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -{_CACHE_KIB};
            PRAGMA wal_autocheckpoint = {_LOG_PAGES};
            """
        ).fetchall()
    except apsw.Error as fault:
        raise translated(fault, str(path)) from None
    if fresh:
        path.chmod(0o600)
    return SqliteEngine(path, connection)
