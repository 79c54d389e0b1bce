"""SQLite in one encrypted file: every page under ChaCha20-Poly1305, every commit on stable storage.

Write-ahead log, ``synchronous=FULL``, ``secure_delete=ON``. Deleted bytes stay in the log until it is folded into the file
and cut to nothing: ``expunge()`` does that and checks that it happened.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import cast

import apsw

from gestand.kernel.crypto import KEY_SIZE
from gestand.kernel.errors import GestandError, UsageError
from gestand.storage.engine import Question, Row, Value
from gestand.storage.faults import run_all, translated
from gestand.storage.migrating import bring_forward
from gestand.storage.sqlite_log import Blank, blank

_BUSY_MILLISECONDS = 10_000
_CACHE_KIB = 32_768
_LOG_PAGES = 8_192  # 32 MiB of log before it is folded in: a bulk import then rewrites a page once, not once a batch
_STREAM_ROWS = 256
_CUT = [(0, 0, 0)]  # nobody was in the way, no frame is in the log, none is left to fold in
_CUTS, _BETWEEN_CUTS = 20, 0.05
_WORTH_KEEPING, _MOST_KEPT = 1 << 18, 40 << 20  # bytes of a log that keeps its place where changes go on


class SqliteEngine:
    """An ``Engine`` over one SQLite file. Threads may share it; a transaction belongs to the thread that began it."""

    remote = False

    def __init__(self, path: Path, connection: apsw.Connection) -> None:
        self.path = path
        self._connection = connection
        self._lock = threading.RLock()
        self._depth = 0
        self._broken = False  # an inner block failed: the outer one may not commit, even if it caught the error
        self._afterwards: list[Callable[[], None]] = []

    def transaction(self, *, durable: bool = True, about: bytes = b"") -> AbstractContextManager[None]:  # noqa: ARG002 - a file has one writer at a time
        """Begin a transaction, or join the open one; see ``Engine``."""
        return _Transaction(self, durable=durable)

    def _begin(self, *, durable: bool) -> bool:
        """Begin a transaction and return true, or join the one of this thread; the lock stays held until ``_end``."""
        self._lock.acquire()
        try:
            if self._depth:
                self._depth += 1
                return False
            if not durable:  # the log is written in order, and synced with the next commit
                self.execute("PRAGMA synchronous = NORMAL")
            try:
                self.execute("BEGIN IMMEDIATE")
            except BaseException:
                if not durable:
                    self.execute("PRAGMA synchronous = FULL")
                raise
            self._depth, self._broken = 1, False
        except BaseException:
            self._lock.release()
            raise
        return True

    def _leave(self, *, well: bool) -> None:
        """Leave a block that joined a transaction."""
        self._broken = self._broken or not well
        self._depth -= 1
        self._lock.release()

    def _end(self, *, well: bool, durable: bool) -> None:
        """Commit, or roll back where it did not go well, and do what was to be done afterwards."""
        actions: list[Callable[[], None]] = []
        try:
            if well:
                self._refuse_broken()
                self.execute("COMMIT")
                actions, self._afterwards = self._afterwards, actions
        finally:
            self._depth = 0
            try:
                if self._afterwards:
                    self._afterwards.clear()
                if self._connection.in_transaction:
                    self.execute("ROLLBACK")
                if not durable:
                    self.execute("PRAGMA synchronous = FULL")
            finally:
                self._lock.release()
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

    def later(self, sql: str, parameters: Sequence[Value] = ()) -> Callable[[], list[Row]]:
        """Run one statement now; see ``Engine``."""
        rows = self.execute(sql, parameters)
        return lambda: rows

    def together(self, questions: Sequence[Question]) -> Callable[[], list[list[Row]]]:
        """Ask one after another; see ``Engine``."""
        found = [self.execute(*question) for question in questions]
        return lambda: found

    def in_turn(self, questions: Sequence[Question]) -> Iterator[list[Row]]:
        """Ask one after another, each when its turn comes; see ``Engine``."""
        return (self.execute(*question) for question in questions)

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

    def expunge(self, *, whole: bool = False, going_on: bool = False) -> None:  # noqa: ARG002 - deleted bytes are overwritten here as they go
        """Fold the write-ahead log into the file and cut it to nothing, so that deleted bytes are in neither.

        :raises GestandError: ``store-busy`` while another process reads or writes.
        """
        if going_on and _WORTH_KEEPING <= self._log_size() <= _MOST_KEPT:
            found = self._blanked()
            if found is Blank.DONE:
                return
            if found is Blank.BUSY:
                raise self._kept_open()
        for _ in range(1 if going_on else _CUTS):
            if self.execute("PRAGMA wal_checkpoint(TRUNCATE)") == _CUT:
                return
            time.sleep(_BETWEEN_CUTS)  # others at work let go of it a moment later
        raise self._kept_open()

    def _kept_open(self) -> GestandError:
        return GestandError(
            "store-busy",
            "deleted bytes still stand in the write-ahead log: another process keeps it open",
            where=f"{self.path}-wal",
            remedy="Stop the other process or wait for it, and do it again; an erasure resumes by itself.",
        )

    def _log_size(self) -> int:
        try:
            return os.stat(f"{self.path}-wal").st_size  # noqa: PTH116 - once a second, beside the writers
        except FileNotFoundError:
            return 0

    def _blanked(self) -> Blank:
        """Empty the log where it lies, and say what became of it; a disk that takes no zeros may still cut."""
        with suppress(OSError):
            descriptor = os.open(f"{self.path}-wal", os.O_RDWR | os.O_CLOEXEC)
            try:
                with self._lock:
                    done = blank(descriptor, self.execute)
                os.fdatasync(descriptor)
                return done
            finally:
                os.close(descriptor)
        return Blank.UNSURE

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


class _Transaction:
    """A block of statements that happen together."""

    __slots__ = ("_durable", "_engine", "_outermost")

    def __init__(self, engine: SqliteEngine, *, durable: bool) -> None:
        self._engine = engine
        self._durable = durable
        self._outermost = False

    def __enter__(self) -> None:
        self._outermost = self._engine._begin(durable=self._durable)  # noqa: SLF001 - the two halves of one thing

    def __exit__(self, kind: type[BaseException] | None, *_fault: object) -> None:
        if self._outermost:
            self._engine._end(well=kind is None, durable=self._durable)  # noqa: SLF001
        else:
            self._engine._leave(well=kind is None)  # noqa: SLF001


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
