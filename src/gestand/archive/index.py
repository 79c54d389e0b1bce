"""The index: a sealed file of its own, made from the messages, never in a backup, built anew with one command.

Words in FTS5 without content (``detail=column``: which column, not which place), people and threads as blind tokens. A
message leaves it by its own words: FTS5 takes them out of its pages (``secure-delete``), then the log is cut. Numbers only
ascend, for a smaller one makes FTS5 write out what it has gathered. It is emptied where it lies: a file that is put in its
place, for one that is damaged, is noticed by who has the old one open.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, cast

from gestand.archive.words import COLUMNS, VERSION, Entry
from gestand.kernel.errors import DamagedError, GestandError
from gestand.storage.engine import Value
from gestand.storage.sqlite import SqliteEngine, open_sqlite

FILE: Final = "archive-index.db"
LEAF: Final = 3_980
"""Bytes of a leaf of FTS5, so that it fits a page beside the page's seal: one byte more than fits costs a page more."""
_COLUMN_NAMES = ", ".join(COLUMNS)
MIGRATIONS = (
    f"""
    CREATE VIRTUAL TABLE archive_words USING fts5(
        {_COLUMN_NAMES}, content='', detail=column, tokenize='unicode61 remove_diacritics 2'
    );
    INSERT INTO archive_words (archive_words, rank) VALUES ('secure-delete', 1);
    CREATE VIRTUAL TABLE archive_vocabulary USING fts5vocab('archive_words', 'row');
    CREATE TABLE archive_entry (number INTEGER PRIMARY KEY, day INTEGER NOT NULL);
    CREATE TABLE archive_token (token INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (token, number)) WITHOUT ROWID;
    CREATE TABLE archive_index (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL);
    """,  # noqa: S608 - column names only
    f"INSERT INTO archive_words (archive_words, rank) VALUES ('pgsz', {LEAF})",  # noqa: S608 - a number
)
_PLACES = ", ".join("?" * (len(COLUMNS) + 1))
ADD = f"INSERT INTO archive_words (rowid, {_COLUMN_NAMES}) VALUES ({_PLACES})"  # noqa: S608 - column names only
REMOVE = f"INSERT INTO archive_words (archive_words, rowid, {_COLUMN_NAMES}) VALUES ('delete', {_PLACES})"  # noqa: S608 - a fixed text
ADD_ENTRY = "INSERT INTO archive_entry VALUES (?, ?)"
REMOVE_ENTRY = "DELETE FROM archive_entry WHERE number = ?"
ADD_TOKEN = "INSERT INTO archive_token VALUES (?, ?) ON CONFLICT DO NOTHING"  # noqa: S105 - a blind token, no secret
REMOVE_TOKEN = "DELETE FROM archive_token WHERE token = ? AND number = ?"  # noqa: S105 - a blind token, no secret
MATCH = "SELECT rowid FROM archive_words WHERE archive_words MATCH ? ORDER BY rowid DESC"
BY_TOKEN = "SELECT number FROM archive_token WHERE token = ?"  # noqa: S105 - a blind token, no secret
BETWEEN = "SELECT number FROM archive_entry WHERE day BETWEEN ? AND ?"
ALL = "SELECT number FROM archive_entry ORDER BY number DESC"
AMONG = "SELECT number FROM archive_entry WHERE number BETWEEN ? AND ?"
THERE = "SELECT 1 FROM archive_entry WHERE number = ?"
ANY = "SELECT 1 FROM archive_entry LIMIT 1"
COUNT = "SELECT count(*) FROM archive_entry"
LAST = "SELECT coalesce(max(number), 0) FROM archive_entry"
TERMS = "SELECT term FROM archive_vocabulary WHERE term >= ? AND term < ? LIMIT ?"
GET = "SELECT value FROM archive_index WHERE name = ?"
SET = "INSERT INTO archive_index VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
EMPTY = (
    "INSERT INTO archive_words (archive_words) VALUES ('delete-all')",
    "DELETE FROM archive_entry",
    "DELETE FROM archive_token",
)
TERMS_LIMIT: Final = 5_000


class Index:
    """Words and people, by number of message."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._opening = threading.Lock()
        self._opened, self._file = self._open()
        self.checked = (-1, -1)
        """The last numbers of store and index when they were last found to hold the same messages."""

    @property
    def _engine(self) -> SqliteEngine:
        """The file that lies there now: where another process put a new one for one that was damaged, that one."""
        with self._opening:
            if _file_at(self._path) != self._file:
                self._opened, self._file = self._open()
                self.checked = (-1, -1)
            return self._opened

    def _open(self) -> tuple[SqliteEngine, int]:
        """Open the file, or a new one where it is damaged: it holds nothing that cannot be made again."""
        try:
            return self._open_here()
        except DamagedError:
            with _alone(self._path):  # of several processes that find it so, one replaces it
                try:
                    return self._open_here()
                except DamagedError:
                    self._unlink()
                    return self._open_here()

    def _open_here(self) -> tuple[SqliteEngine, int]:
        """Open the file, and return with it by what it is told from one that comes in its place."""
        engine = open_sqlite(self._path, self._key, create=True)
        try:
            engine.migrate("archive.index", MIGRATIONS)
            if _version(engine) != VERSION and not engine.execute(ANY):
                engine.execute(SET, ("version", VERSION))
        except BaseException:
            engine.close()
            raise
        return engine, _file_at(self._path)

    def _replace(self) -> None:
        """Put an empty file in the place of this one, unless another process did so already."""
        with self._opening, _alone(self._path):
            if _file_at(self._path) == self._file:
                self._unlink()
            with suppress(GestandError):
                self._opened.close()
            self._opened, self._file = self._open_here()

    def _unlink(self) -> None:
        for ending in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)

    @property
    def current(self) -> bool:
        """Say whether all that is in it was read by this version of the program: it was when it was empty."""
        return _version(self._engine) == VERSION

    def add(self, entries: Sequence[Entry], staying: Callable[[Sequence[int]], Collection[int]]) -> None:
        """Add messages, in ascending order of number; those that another process added, and those that leave, are skipped.

        ``staying`` is asked while no other process can change the index: what is erased afterwards finds its words here.
        """
        if not entries:
            return
        engine = self._engine
        with engine.transaction(durable=False):
            wanted = set(staying([entry.number for entry in entries]))
            among = engine.execute(AMONG, (entries[0].number, entries[-1].number))
            wanted -= {cast("int", number) for (number,) in among}
            entries = [entry for entry in entries if entry.number in wanted]
            engine.many(ADD, [(entry.number, *entry.words) for entry in entries])
            engine.many(ADD_ENTRY, [(entry.number, entry.day) for entry in entries])
            tokens = sorted((token, entry.number) for entry in entries for token in entry.tokens)
            engine.many(ADD_TOKEN, tokens)

    def add_tokens(self, number: int, tokens: Iterable[int]) -> None:
        """Add tokens to a message that is there."""
        self._engine.many(ADD_TOKEN, [(token, number) for token in tokens])

    def remove(self, entries: Iterable[Entry]) -> None:
        """Take messages out, by the very words with which they went in, and cut the log."""
        engine = self._engine
        with engine.transaction(durable=False):  # the cut of the log makes it so
            for entry in entries:
                if not engine.execute(THERE, (entry.number,)):
                    continue
                engine.execute(REMOVE, (entry.number, *entry.words))
                engine.execute(REMOVE_ENTRY, (entry.number,))
                engine.many(REMOVE_TOKEN, [(token, entry.number) for token in entry.tokens])
        self.expunge()

    def expunge(self) -> None:
        """Cut the log; where another process keeps it open it is put on stable storage, and cut when that one is done."""
        engine = self._engine
        try:
            engine.expunge()
        except GestandError as fault:
            if fault.code != "store-busy":
                raise
            with engine.transaction():  # one that changes something
                engine.execute(SET, ("expunged", 0))

    def match(self, expression: str) -> Iterator[int]:
        """Yield the numbers that an FTS5 expression finds, newest first."""
        for row in self._engine.stream(MATCH, (expression,)):
            yield cast("int", row[0])

    def by_tokens(self, tokens: Iterable[int]) -> set[int]:
        """Return the numbers that have any of these tokens."""
        return {number for token in tokens for number in self._numbers(BY_TOKEN, (token,))}

    def between(self, first: int, last: int) -> set[int]:
        """Return the numbers of messages received on these days, both included."""
        return set(self._numbers(BETWEEN, (first, last)))

    def all(self) -> list[int]:
        """Return all numbers, newest first."""
        return self._numbers(ALL, ())

    def missing(self, numbers: Collection[int]) -> list[int]:
        """Return those of some numbers that are not in it."""
        return [number for number in numbers if not self._engine.execute(THERE, (number,))]

    def terms(self, prefix: str) -> list[str]:
        """Return the words that begin so, at most ``TERMS_LIMIT``."""
        rows = self._engine.execute(TERMS, (prefix, prefix + "\U0010ffff", TERMS_LIMIT))
        return [str(row[0]) for row in rows]

    def count(self) -> int:
        """Return how many messages are in it."""
        return cast("int", self._engine.execute(COUNT)[0][0])

    def surplus(self, stored: Callable[[], Iterable[int]]) -> list[int]:
        """Return the numbers in it that are not among those ``stored``; what leaves both meanwhile is none of them."""
        numbers = set(self.all()).difference(stored())
        return sorted(numbers.difference(self.missing(numbers)))

    def last(self) -> int:
        """Return the highest number in it."""
        return cast("int", self._engine.execute(LAST)[0][0])

    def clear(self) -> None:
        """Empty it where it lies: another process that has it open goes on in this file, and erases from it."""
        engine = self._engine
        try:
            with engine.transaction(durable=False):  # the cut of the log makes it so
                for sql in EMPTY:
                    engine.execute(sql)
                engine.execute(SET, ("version", VERSION))
        except DamagedError:
            self._replace()
        self.expunge()
        self.checked = (-1, -1)

    def close(self) -> None:
        """Close the file."""
        self._opened.close()

    def _numbers(self, sql: str, parameters: Sequence[Value]) -> list[int]:
        return [cast("int", row[0]) for row in self._engine.execute(sql, parameters)]


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let no other process replace a file meanwhile."""
    descriptor = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _file_at(path: Path) -> int:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0


def _version(engine: SqliteEngine) -> Value:
    rows = engine.execute(GET, ("version",))
    return rows[0][0] if rows else None
