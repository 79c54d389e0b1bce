"""The SQL of the archive. No column holds a word, name, address or mailbox: those are sealed under the message's key."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, cast

from gestand.archive.holdstore import HoldStore
from gestand.archive.model import Kept
from gestand.archive.sealing import message_id
from gestand.archive.several import MARKS, some
from gestand.archive.tables import MIGRATIONS, seconds
from gestand.kernel.ids import ActorId, PurposeId, ShelfId, VersionId
from gestand.storage.engine import Engine, Row
from gestand.vault.place import day_of

_COLUMNS = "number, thing, received, admitted, size, why, parsed, purpose, shelf, rule, version, due, corrected_by"
INSERT = f"INSERT INTO archive_message VALUES ({', '.join('?' * 14)})"  # noqa: S608 - placeholders only
INSERT_PART = "INSERT INTO archive_part VALUES (?, ?, ?)"
INSERT_WAY = (
    "INSERT INTO archive_way (number, way, later, kind, sealed, origin, origin_since) VALUES (?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (number, way) DO NOTHING"
)
BY_CONTENT = f"SELECT content, number FROM archive_message WHERE content IN ({MARKS})"  # noqa: S608 - placeholders only
BY_NUMBER = f"SELECT {_COLUMNS} FROM archive_message WHERE number IN ({MARKS}) ORDER BY number"  # noqa: S608 - a fixed text
SIZES = f"SELECT number, thing, size FROM archive_message WHERE number IN ({MARKS}) ORDER BY number"  # noqa: S608 - a fixed text
BY_THING = f"SELECT {_COLUMNS} FROM archive_message WHERE thing = ?"  # noqa: S608 - a fixed text
THINGS = f"SELECT thing FROM archive_message WHERE thing IN ({MARKS})"  # noqa: S608 - a fixed text
PARTS = "SELECT sealed FROM archive_part WHERE number = ? ORDER BY part"
PARTS_OF = f"SELECT number, part, sealed FROM archive_part WHERE number IN ({MARKS}) ORDER BY number, part"  # noqa: S608 - a fixed text
WAYS = "SELECT sealed FROM archive_way WHERE number = ? ORDER BY later, way"
LYING = "SELECT sealed, origin IS NOT NULL, emptied FROM archive_way WHERE number = ? ORDER BY later, way"
NUMBERS = "SELECT number FROM archive_message WHERE number > ? ORDER BY number"
COUNT = "SELECT count(*), coalesce(sum(size), 0) FROM archive_message"
HEARD = "SELECT number FROM archive_heard WHERE id = 1"
SET_HEARD = "UPDATE archive_heard SET number = ? WHERE id = 1"
SENT = f"SELECT number FROM archive_way WHERE number IN ({MARKS}) AND kind = 'sent'"  # noqa: S608 - placeholders only
LAST = "SELECT last FROM archive_counter WHERE id = 1"
SET_LAST = "UPDATE archive_counter SET last = ? WHERE id = 1"
STAYING = f"""
    SELECT number FROM archive_message WHERE number IN ({MARKS})
    AND NOT EXISTS (SELECT 1 FROM archive_leaving WHERE archive_leaving.number = archive_message.number)
"""  # noqa: S608 - placeholders only
BEGIN_ERASURE = "INSERT INTO archive_erasure VALUES (?, ?, ?)"
LEAVE = "INSERT INTO archive_leaving VALUES (?, ?)"
UNKNOWN_NOW = (
    "UPDATE archive_message SET content = thing WHERE number = ?",
    "DELETE FROM archive_variant WHERE number = ?",
)
ERASURES = "SELECT id, ground, actor FROM archive_erasure ORDER BY id"
LEAVING = "SELECT number FROM archive_leaving WHERE erasure = ? ORDER BY number"
BY_VARIANT = f"SELECT content, number FROM archive_variant WHERE content IN ({MARKS})"  # noqa: S608 - placeholders only
BY_ESSENCE = f"SELECT essence, number, kind FROM archive_variant WHERE essence IN ({MARKS})"  # noqa: S608 - a fixed text
INSERT_VARIANT = "INSERT INTO archive_variant VALUES (?, ?, ?, ?) ON CONFLICT (content) DO NOTHING"
DELETE = (
    "DELETE FROM archive_variant WHERE number = ?",
    "DELETE FROM archive_part WHERE number = ?",
    "DELETE FROM archive_way WHERE number = ?",
    "DELETE FROM archive_held WHERE number = ?",
    "DELETE FROM archive_restricted WHERE number = ?",
    "DELETE FROM archive_message WHERE number = ?",
)
END_ERASURE = ("DELETE FROM archive_leaving WHERE erasure = ?", "DELETE FROM archive_erasure WHERE id = ?")
DUE = f"SELECT {_COLUMNS} FROM archive_message WHERE due <= ? ORDER BY due, number"  # noqa: S608 - column names only
SET_CLASS = "UPDATE archive_message SET purpose = ?, shelf = ?, rule = ?, due = ?, corrected_by = ? WHERE number = ?"
ORIGINS = """
    SELECT number, way, sealed FROM archive_way WHERE origin IS NOT NULL AND origin_since <= ? ORDER BY origin_since, number
"""
ORIGIN_COUNT = "SELECT count(*) FROM archive_way WHERE origin IS NOT NULL AND origin_since <= ?"
EMPTIED = "UPDATE archive_way SET origin = NULL, origin_since = NULL, emptied = ? WHERE origin = ?"
AT_ORIGIN = "SELECT 1 FROM archive_way WHERE origin = ?"


WayRow = tuple[int, bytes, int, str, bytes, bytes | None, int | None]
"""Number, token, whether it came by another way before, kind, sealed, token and day of its place at an origin."""


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
        self.holds = HoldStore(engine)

    def last(self) -> int:
        """Return the highest number ever given; numbers ascend and are never given twice."""
        return cast("int", self.engine.execute(LAST)[0][0])

    def heard(self) -> int:
        """Return up to which number it was told what came in."""
        return cast("int", self.engine.execute(HEARD)[0][0])

    def set_heard(self, number: int) -> None:
        """Note up to which number it was told."""
        self.engine.execute(SET_HEARD, (number,))

    def sent(self, numbers: Sequence[int]) -> set[int]:
        """Return those of some messages that the firm itself sent."""
        return {cast("int", row[0]) for row in some(self.engine, SENT, list(numbers))}

    def insert(
        self,
        messages: Sequence[NewMessage],
        parts: Iterable[tuple[int, int, bytes]],
        ways: Iterable[WayRow],
    ) -> None:
        """Write messages with their parts and ways; the caller's transaction."""
        if messages:
            self.engine.many(INSERT, messages)
            self.engine.many(INSERT_PART, parts)
            self.engine.execute(SET_LAST, (messages[-1].number,))
        self.engine.many(INSERT_WAY, ways)

    def by_content(self, contents: Sequence[bytes]) -> dict[bytes, int]:
        """Return the numbers of those contents that are here, as they were kept or as another way brought them."""
        found = {cast("bytes", c): cast("int", n) for c, n in some(self.engine, BY_CONTENT, contents)}
        others = [content for content in contents if content not in found]
        return found | {cast("bytes", c): cast("int", n) for c, n in some(self.engine, BY_VARIANT, others)}

    def by_essence(self, essences: Sequence[bytes]) -> dict[bytes, dict[int, set[str]]]:
        """Return for each essence that is here its messages, and by what kinds of way their bytes came."""
        found: dict[bytes, dict[int, set[str]]] = {}
        for essence, number, kind in some(self.engine, BY_ESSENCE, essences):
            found.setdefault(cast("bytes", essence), {}).setdefault(cast("int", number), set()).add(str(kind))
        return found

    def add_variants(self, variants: Iterable[tuple[bytes, int, bytes, str]]) -> None:
        """Write by which bytes messages are known: content, number, essence, kind of way."""
        self.engine.many(INSERT_VARIANT, variants)

    def kept(self, numbers: Sequence[int]) -> list[tuple[Kept, bytes]]:
        """Return what is held of messages, with the bytes of their ids, in order of number."""
        return [_kept(row) for row in some(self.engine, BY_NUMBER, numbers)]

    def sizes(self, numbers: Sequence[int]) -> list[tuple[int, bytes, int]]:
        """Return of messages their number, the bytes of their id, and how many bytes they have; in order of number."""
        return [
            (cast("int", number), cast("bytes", thing), cast("int", size))
            for number, thing, size in some(self.engine, SIZES, numbers)
        ]

    def one(self, thing: bytes) -> Kept | None:
        """Return what is held of one message, or None."""
        rows = self.engine.execute(BY_THING, (thing,))
        return _kept(rows[0])[0] if rows else None

    def there(self, things: Collection[bytes]) -> set[bytes]:
        """Return those of some messages that are here."""
        return {cast("bytes", row[0]) for row in some(self.engine, THINGS, list(things))}

    def parts(self, number: int) -> list[bytes]:
        """Return the sealed parts of a message."""
        return [cast("bytes", row[0]) for row in self.engine.execute(PARTS, (number,))]

    def parts_of(self, numbers: Sequence[int]) -> dict[int, list[bytes]]:
        """Return the sealed parts of messages."""
        found: dict[int, list[bytes]] = {}
        for number, _, sealed in some(self.engine, PARTS_OF, numbers):
            found.setdefault(cast("int", number), []).append(cast("bytes", sealed))
        return found

    def ways(self, number: int) -> list[bytes]:
        """Return the sealed ways of a message."""
        return [cast("bytes", row[0]) for row in self.engine.execute(WAYS, (number,))]

    def lying(self, number: int) -> list[tuple[bytes, bool, datetime | None]]:
        """Return the sealed ways of a message, whether it lies at each origin still, and when it was taken out there."""
        return [
            (cast("bytes", sealed), bool(lies), None if at is None else datetime.fromtimestamp(cast("int", at), UTC))
            for sealed, lies, at in self.engine.execute(LYING, (number,))
        ]

    def numbers(self, after: int = 0) -> Iterator[int]:
        """Yield the numbers of all messages, ascending."""
        for row in self.engine.stream(NUMBERS, (after,)):
            yield cast("int", row[0])

    def of_things(self, things: Sequence[bytes]) -> list[tuple[Kept, bytes]]:
        """Return what is held of messages by their ids, in that order; those not here are left out."""
        found = {thing: (kept, thing) for thing in things for kept in [self.one(thing)] if kept is not None}
        return [found[thing] for thing in things if thing in found]

    def counts(self) -> tuple[int, int]:
        """Return how many messages there are, and how many bytes they have as they came."""
        ((count, size),) = self.engine.execute(COUNT)
        return cast("int", count), int(cast("int", size))

    def staying(self, numbers: Sequence[int]) -> set[int]:
        """Return those of some messages that are here and not being erased."""
        return {cast("int", row[0]) for row in some(self.engine, STAYING, list(numbers))}

    def begin_erasure(self, erasure: str, ground: str, actor: str, numbers: Sequence[int]) -> None:
        """Note what is going to leave; the same bytes coming in now are another message."""
        self.engine.execute(BEGIN_ERASURE, (erasure, ground, actor))
        self.engine.many(LEAVE, [(number, erasure) for number in numbers])
        self.unknow(numbers)

    def unknow(self, numbers: Collection[int]) -> None:
        """Let messages be known by no bytes any more: the same bytes coming in are another message."""
        for sql in UNKNOWN_NOW if numbers else ():
            self.engine.many(sql, [(number,) for number in numbers])

    def erasures(self) -> list[tuple[str, str, str, list[int]]]:
        """Return the erasures under way: id, ground, actor, numbers."""
        return [
            (str(one), str(ground), str(actor), [cast("int", row[0]) for row in self.engine.execute(LEAVING, (one,))])
            for one, ground, actor in self.engine.execute(ERASURES)
        ]

    def delete(self, erasure: str, numbers: Sequence[int]) -> None:
        """Delete every row of messages, and the note that they leave."""
        for sql in DELETE:
            self.engine.many(sql, [(number,) for number in numbers])
        self.holds.forget_empty()
        for sql in END_ERASURE:
            self.engine.execute(sql, (erasure,))

    def due(self, day: int) -> list[Kept]:
        """Return what must be gone on a day, oldest first."""
        return [_kept(row)[0] for row in self.engine.execute(DUE, (day,))]

    def set_class(self, number: int, purpose: str, shelf: str, *, rule: str, due: int | None, by: str | None) -> None:
        """Write another class of a message."""
        self.engine.execute(SET_CLASS, (purpose, shelf, rule, due, by, number))

    def origins(self, day: int) -> list[tuple[int, bytes]]:
        """Return the messages that lie at their origin since a day or longer, with the sealed way; oldest first."""
        return [(cast("int", n), cast("bytes", sealed)) for n, _, sealed in self.engine.execute(ORIGINS, (day,))]

    def origin_count(self, day: int) -> int:
        """Return how many messages lie at their origin since a day or longer."""
        return cast("int", self.engine.execute(ORIGIN_COUNT, (day,))[0][0])

    def emptied(self, tokens: Sequence[bytes], at: datetime) -> int:
        """Note that messages lie at their origin no more since a moment; return how many did."""
        there = [token for token in tokens if self.engine.execute(AT_ORIGIN, (token,))]
        self.engine.many(EMPTIED, [(seconds(at), token) for token in there])
        return len(there)


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
