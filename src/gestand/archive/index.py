"""The index: a sealed file of its own, made from the messages, never in a backup, built anew with one command.

Words in FTS5 without content (``detail=column``: which column, not which place), people and threads as blind tokens. A
message leaves it by its own words: FTS5 takes them out of its pages (``secure-delete``), then the log is cut. Numbers only
ascend, for a smaller one makes FTS5 write out what it has gathered.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
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
TERMS_LIMIT: Final = 5_000


class Index:
    """Words and people, by number of message."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._engine = self._open()
        self.checked = (-1, -1)
        """The last numbers of store and index when they were last found to hold the same messages."""

    def _open(self) -> SqliteEngine:
        try:
            engine = open_sqlite(self._path, self._key, create=True)
            engine.migrate("archive.index", MIGRATIONS)
        except DamagedError:  # it holds nothing that cannot be made again
            self._unlink()
            engine = open_sqlite(self._path, self._key, create=True)
            engine.migrate("archive.index", MIGRATIONS)
        if _version(engine) != VERSION and not engine.execute(ANY):
            engine.execute(SET, ("version", VERSION))
        return engine

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
        with self._engine.transaction(durable=False):
            wanted = set(staying([entry.number for entry in entries]))
            wanted -= set(self._numbers(AMONG, (entries[0].number, entries[-1].number)))
            entries = [entry for entry in entries if entry.number in wanted]
            self._engine.many(ADD, [(entry.number, *entry.words) for entry in entries])
            self._engine.many(ADD_ENTRY, [(entry.number, entry.day) for entry in entries])
            tokens = sorted((token, entry.number) for entry in entries for token in entry.tokens)
            self._engine.many(ADD_TOKEN, tokens)

    def add_tokens(self, number: int, tokens: Iterable[int]) -> None:
        """Add tokens to a message that is there."""
        self._engine.many(ADD_TOKEN, [(token, number) for token in tokens])

    def remove(self, entries: Iterable[Entry]) -> None:
        """Take messages out, by the very words with which they went in, and cut the log."""
        with self._engine.transaction(durable=False):  # the cut of the log makes it so
            for entry in entries:
                if not self._engine.execute(THERE, (entry.number,)):
                    continue
                self._engine.execute(REMOVE, (entry.number, *entry.words))
                self._engine.execute(REMOVE_ENTRY, (entry.number,))
                self._engine.many(REMOVE_TOKEN, [(token, entry.number) for token in entry.tokens])
        self.expunge()

    def expunge(self) -> None:
        """Cut the log; where another process keeps it open it is put on stable storage, and cut when that one is done."""
        try:
            self._engine.expunge()
        except GestandError as fault:
            if fault.code != "store-busy":
                raise
            with self._engine.transaction():  # one that changes something
                self._engine.execute(SET, ("expunged", 0))

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

    def last(self) -> int:
        """Return the highest number in it."""
        return cast("int", self._engine.execute(LAST)[0][0])

    def clear(self) -> None:
        """Throw it away and begin an empty one."""
        self._engine.close()
        self._unlink()
        self._engine = self._open()
        self.checked = (-1, -1)

    def close(self) -> None:
        """Close the file."""
        self._engine.close()

    def _unlink(self) -> None:
        for ending in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)

    def _numbers(self, sql: str, parameters: Sequence[Value]) -> list[int]:
        return [cast("int", row[0]) for row in self._engine.execute(sql, parameters)]


def _version(engine: SqliteEngine) -> Value:
    rows = engine.execute(GET, ("version",))
    return rows[0][0] if rows else None
