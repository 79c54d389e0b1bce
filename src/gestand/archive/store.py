"""The SQL of the archive. No column holds a word, name, address or mailbox: those are sealed under the message's key."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple, cast

from gestand.archive.model import Kept
from gestand.archive.sealing import message_id
from gestand.kernel.ids import ActorId, PurposeId, ShelfId, VersionId
from gestand.storage.engine import Engine, Row, Value
from gestand.vault.place import day_of

MIGRATIONS = (
    """
    CREATE TABLE archive_message (
        number INTEGER NOT NULL PRIMARY KEY,
        thing BLOB NOT NULL UNIQUE,
        content BLOB NOT NULL UNIQUE,
        received INTEGER NOT NULL,
        admitted INTEGER NOT NULL,
        size INTEGER NOT NULL,
        why TEXT NOT NULL,
        parsed INTEGER NOT NULL,
        purpose TEXT NOT NULL,
        shelf TEXT NOT NULL,
        rule TEXT NOT NULL,
        version TEXT NOT NULL,
        due INTEGER,
        corrected_by TEXT
    );
    CREATE INDEX archive_message_due ON archive_message (due);
    CREATE TABLE archive_part (
        number INTEGER NOT NULL,
        part INTEGER NOT NULL,
        sealed BLOB NOT NULL,
        PRIMARY KEY (number, part)
    );
    CREATE TABLE archive_way (
        number INTEGER NOT NULL,
        way BLOB NOT NULL,
        kind TEXT NOT NULL,
        sealed BLOB NOT NULL,
        origin BLOB,
        origin_since INTEGER,
        PRIMARY KEY (number, way)
    ) WITHOUT ROWID;
    CREATE INDEX archive_way_origin ON archive_way (origin);
    CREATE TABLE archive_counter (id INTEGER NOT NULL PRIMARY KEY, last INTEGER NOT NULL);
    INSERT INTO archive_counter VALUES (1, 0);
    CREATE TABLE archive_erasure (id TEXT NOT NULL PRIMARY KEY, ground TEXT NOT NULL, actor TEXT NOT NULL, numbers BLOB NOT NULL);
    CREATE TABLE archive_hold (
        id TEXT NOT NULL PRIMARY KEY, reason TEXT NOT NULL, placed_by TEXT NOT NULL, placed_at INTEGER NOT NULL, until INTEGER
    );
    CREATE TABLE archive_held (hold TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (hold, number)) WITHOUT ROWID;
    CREATE INDEX archive_held_number ON archive_held (number);
    """,
)
_TOGETHER: Final = 64
_MARKS: Final = ", ".join("?" * _TOGETHER)
_COLUMNS = "number, thing, received, admitted, size, why, parsed, purpose, shelf, rule, version, due, corrected_by"
INSERT = f"INSERT INTO archive_message VALUES ({', '.join('?' * 14)})"  # noqa: S608 - placeholders only
INSERT_PART = "INSERT INTO archive_part VALUES (?, ?, ?)"
INSERT_WAY = "INSERT INTO archive_way VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (number, way) DO NOTHING"
BY_CONTENT = f"SELECT content, number FROM archive_message WHERE content IN ({_MARKS})"  # noqa: S608 - placeholders only
BY_NUMBER = f"SELECT {_COLUMNS} FROM archive_message WHERE number IN ({_MARKS}) ORDER BY number"  # noqa: S608
BY_THING = f"SELECT {_COLUMNS} FROM archive_message WHERE thing = ?"  # noqa: S608
THINGS = f"SELECT thing FROM archive_message WHERE thing IN ({_MARKS})"  # noqa: S608
PARTS = "SELECT sealed FROM archive_part WHERE number = ? ORDER BY part"
WAYS = "SELECT sealed FROM archive_way WHERE number = ? ORDER BY way"
NUMBERS = "SELECT number FROM archive_message WHERE number > ? ORDER BY number"
COUNT = "SELECT count(*), coalesce(sum(size), 0) FROM archive_message"
LAST = "SELECT last FROM archive_counter WHERE id = 1"
SET_LAST = "UPDATE archive_counter SET last = ? WHERE id = 1"


class NewMessage(NamedTuple):
    """A message to write: its row, in the order of the columns."""

    number: int
    thing: bytes
    content: bytes
    received: int
    admitted: int
    size: int
    why: str
    parsed: int
    purpose: str
    shelf: str
    rule: str
    version: str
    due: int | None
    corrected_by: str | None = None


class ArchiveStore:
    """Rows of the archive."""

    def __init__(self, engine: Engine) -> None:
        engine.migrate("archive", MIGRATIONS)
        self.engine = engine

    def last(self) -> int:
        """Return the highest number ever given; numbers ascend and are never given twice."""
        return cast("int", self.engine.execute(LAST)[0][0])

    def insert(
        self,
        messages: Sequence[NewMessage],
        parts: Iterable[tuple[int, int, bytes]],
        ways: Iterable[tuple[int, bytes, str, bytes, bytes | None, int | None]],
    ) -> None:
        """Write messages with their parts and ways; the caller's transaction."""
        if messages:
            self.engine.many(INSERT, messages)
            self.engine.many(INSERT_PART, parts)
            self.engine.execute(SET_LAST, (messages[-1].number,))
        self.engine.many(INSERT_WAY, ways)

    def by_content(self, contents: Sequence[bytes]) -> dict[bytes, int]:
        """Return the numbers of those contents that are here."""
        return {cast("bytes", c): cast("int", n) for c, n in self._some(BY_CONTENT, contents)}

    def kept(self, numbers: Sequence[int]) -> list[tuple[Kept, bytes]]:
        """Return what is held of messages, with the bytes of their ids, in order of number."""
        return [_kept(row) for row in self._some(BY_NUMBER, numbers)]

    def one(self, thing: bytes) -> Kept | None:
        """Return what is held of one message, or None."""
        rows = self.engine.execute(BY_THING, (thing,))
        return _kept(rows[0])[0] if rows else None

    def there(self, things: Collection[bytes]) -> set[bytes]:
        """Return those of some messages that are here."""
        return {cast("bytes", row[0]) for row in self._some(THINGS, list(things))}

    def parts(self, number: int) -> list[bytes]:
        """Return the sealed parts of a message."""
        return [cast("bytes", row[0]) for row in self.engine.execute(PARTS, (number,))]

    def ways(self, number: int) -> list[bytes]:
        """Return the sealed ways of a message."""
        return [cast("bytes", row[0]) for row in self.engine.execute(WAYS, (number,))]

    def numbers(self, after: int = 0) -> Iterator[int]:
        """Yield the numbers of all messages, ascending."""
        for row in self.engine.stream(NUMBERS, (after,)):
            yield cast("int", row[0])

    def counts(self) -> tuple[int, int]:
        """Return how many messages there are, and how many bytes they have as they came."""
        ((count, size),) = self.engine.execute(COUNT)
        return cast("int", count), int(cast("int", size))

    def _some(self, sql: str, values: Sequence[Value]) -> Iterator[Row]:
        for at in range(0, len(values), _TOGETHER):
            asked = list(values[at : at + _TOGETHER])
            asked += [asked[0]] * (_TOGETHER - len(asked))
            yield from self.engine.execute(sql, asked)


def seconds(instant: datetime) -> int:
    """Return an instant as it stands in a row."""
    return int(instant.timestamp())


def _kept(row: Row) -> tuple[Kept, bytes]:
    number, thing, received, admitted, size, why, parsed, purpose, shelf, rule, version, due, by = row
    assert isinstance(thing, bytes)
    kept = Kept(
        message=message_id(thing),
        number=cast("int", number),
        received=day_of(cast("int", received)) or datetime.fromtimestamp(cast("int", admitted), UTC).date(),
        admitted_at=datetime.fromtimestamp(cast("int", admitted), UTC),
        size=cast("int", size),
        parsed=bool(parsed),
        why=str(why),
        purpose=PurposeId(str(purpose)),
        shelf=ShelfId(str(shelf)),
        rule=str(rule),
        version=VersionId(str(version)),
        due=day_of(cast("int | None", due)),
        corrected_by=ActorId(str(by)) if by else None,
    )
    return kept, thing
