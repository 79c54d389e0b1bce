"""The tables of the vault in the main store, subject first: everything about one subject lies together.

Policy is never copied into a row: an item points at an *activity* (statement version, field, shelf, source, purposes),
a row that thousands share. Dates stand as days since 1970-01-01, instants as seconds, purposes as bits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar, cast

from gestand.kernel.ids import ActorId
from gestand.storage.engine import Engine, Row, Value

T = TypeVar("T")
RESTRICTED = 1  # bits of an item's state
RECTIFIED = 2
_PAGE = 500
_FEW = 8  # items that are read one by one
_RUN = 20_000  # items deleted in one transaction

SCHEMA = (
    """
    CREATE TABLE vault_subject (
        subject BLOB PRIMARY KEY, kind INTEGER NOT NULL, added INTEGER NOT NULL,
        last_item INTEGER NOT NULL, last_bucket INTEGER NOT NULL, objected INTEGER NOT NULL, consented INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE vault_item (
        subject BLOB NOT NULL, item INTEGER NOT NULL, activity INTEGER NOT NULL, bucket INTEGER NOT NULL,
        state INTEGER NOT NULL, collected INTEGER NOT NULL, trigger_on INTEGER, due INTEGER, dossier TEXT,
        token BLOB, sealed BLOB NOT NULL,
        PRIMARY KEY (subject, item)
    ) WITHOUT ROWID;
    CREATE INDEX vault_item_due ON vault_item (due) WHERE due IS NOT NULL;
    CREATE TABLE vault_token (
        token BLOB NOT NULL, subject BLOB NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (token, subject, item)
    ) WITHOUT ROWID;
    CREATE TABLE vault_activity (
        activity INTEGER PRIMARY KEY, version TEXT NOT NULL, field TEXT NOT NULL, shelf TEXT NOT NULL,
        source TEXT NOT NULL, purposes TEXT NOT NULL
    );
    CREATE TABLE vault_purpose (bit INTEGER PRIMARY KEY, purpose TEXT NOT NULL UNIQUE);
    CREATE TABLE vault_restriction (
        subject BLOB NOT NULL, item INTEGER NOT NULL, reason TEXT NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (subject, item)
    ) WITHOUT ROWID;
    CREATE TABLE vault_rectification (
        subject BLOB NOT NULL, item INTEGER NOT NULL, number INTEGER NOT NULL, reason TEXT NOT NULL,
        actor TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (subject, item, number)
    ) WITHOUT ROWID;
    CREATE TABLE vault_objection (
        subject BLOB NOT NULL, purpose INTEGER NOT NULL, reason TEXT NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (subject, purpose)
    ) WITHOUT ROWID;
    CREATE TABLE vault_consent (
        subject BLOB NOT NULL, purpose INTEGER NOT NULL, text_digest TEXT NOT NULL, channel TEXT NOT NULL,
        actor TEXT NOT NULL, at INTEGER NOT NULL, withdrawn INTEGER, PRIMARY KEY (subject, purpose)
    ) WITHOUT ROWID;
    CREATE TABLE vault_hold (
        hold TEXT PRIMARY KEY, reason TEXT NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER
    ) WITHOUT ROWID;
    CREATE TABLE vault_held (
        subject BLOB NOT NULL, item INTEGER NOT NULL, hold TEXT NOT NULL, PRIMARY KEY (subject, item, hold)
    ) WITHOUT ROWID;
    CREATE TABLE vault_erasure (
        erasure TEXT PRIMARY KEY, actor TEXT NOT NULL, stage INTEGER NOT NULL, reference TEXT NOT NULL,
        items BLOB NOT NULL, keys BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE vault_tokens_epoch (one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL);
    """,
    "CREATE INDEX vault_item_activity ON vault_item (activity)",
)

_SUBJECT = (
    "SELECT subject, kind, added, last_item, last_bucket, objected, consented FROM vault_subject WHERE subject = ?"
)
_SUBJECTS = "SELECT subject FROM vault_subject WHERE subject > ? ORDER BY subject LIMIT ?"
_PUT_SUBJECT = """
    INSERT INTO vault_subject VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (subject) DO UPDATE SET kind = excluded.kind, added = excluded.added, last_item = excluded.last_item,
        last_bucket = excluded.last_bucket, objected = excluded.objected, consented = excluded.consented
"""
_SET_OBJECTED = "UPDATE vault_subject SET objected = ? WHERE subject = ?"
_SET_CONSENTED = "UPDATE vault_subject SET consented = ? WHERE subject = ?"
_SKIP_NUMBERS = "UPDATE vault_subject SET last_item = last_item + ?, last_bucket = last_bucket + ?"
_SET_BUCKETS = "UPDATE vault_subject SET last_bucket = ? WHERE subject = ?"

DUE_BY_DAY = """
    SELECT due, count(*) FROM vault_item WHERE due IS NOT NULL AND due >= ? AND due <= ? GROUP BY due ORDER BY due
"""
_COLUMNS = "subject, item, activity, bucket, state, collected, trigger_on, due, dossier, token, sealed"
_ITEMS = f"SELECT {_COLUMNS} FROM vault_item WHERE subject = ? ORDER BY item"  # noqa: S608 - columns, no values
_SUBJECTS_TOGETHER = 64  # subjects read by one statement
_SUBJECTS_OF = _SUBJECT.removesuffix("= ?") + f"IN ({', '.join('?' * _SUBJECTS_TOGETHER)})"
_ITEMS_OF = _ITEMS.replace("= ? ORDER BY item", f"IN ({', '.join('?' * _SUBJECTS_TOGETHER)}) ORDER BY subject, item")
_SIZES = f"""
    SELECT subject, bucket, count(*) FROM vault_item WHERE subject IN ({", ".join("?" * _SUBJECTS_TOGETHER)})
    GROUP BY subject, bucket
"""  # noqa: S608 - placeholders only
_PLACES_TOGETHER = 100
_ITEMS_AT = (
    _ITEMS.removesuffix("subject = ? ORDER BY item")
    + f"(subject, item) IN (VALUES {', '.join(['(?, ?)'] * _PLACES_TOGETHER)}) ORDER BY subject, item"
)
_SPAN = "SELECT min(item), max(item), count(*) FROM (SELECT item FROM vault_item WHERE subject = ? AND item > ? ORDER BY item LIMIT ?) AS span"
_DELETE_SPAN = "DELETE FROM vault_item WHERE subject = ? AND item BETWEEN ? AND ?"
_TOKENS_OF_SPAN = (
    "SELECT token, subject, item FROM vault_item WHERE subject = ? AND item BETWEEN ? AND ? AND token IS NOT NULL"
)
_SIZE = "SELECT count(*) FROM vault_item WHERE subject = ?"
_ITEM = f"SELECT {_COLUMNS} FROM vault_item WHERE subject = ? AND item = ?"  # noqa: S608
_DUE = f"""
    SELECT {_COLUMNS} FROM vault_item
    WHERE due IS NOT NULL AND due <= ? AND (due, subject, item) > (?, ?, ?)
    AND NOT EXISTS (
        SELECT 1 FROM vault_held JOIN vault_hold USING (hold)
        WHERE vault_held.subject = vault_item.subject AND vault_held.item = vault_item.item
        AND (until IS NULL OR until >= ?)
    )
    ORDER BY due, subject, item LIMIT ?
"""  # noqa: S608
_DUE_PAGE = 5_000
_DUE_LINES = """
    SELECT subject, item, activity, trigger_on, due FROM vault_item
    WHERE due IS NOT NULL AND due <= ? AND (due, subject, item) > (?, ?, ?) ORDER BY due, subject, item LIMIT ?
"""
_PUT_ITEM = f"INSERT INTO vault_item ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_CHANGE_ITEM = """
    UPDATE vault_item SET activity = ?, bucket = ?, state = ?, trigger_on = ?, due = ?, token = ?, sealed = ?
    WHERE subject = ? AND item = ?
"""
_SET_STATE = "UPDATE vault_item SET state = ? WHERE subject = ? AND item = ?"
_DELETE_ITEM = "DELETE FROM vault_item WHERE subject = ? AND item = ?"
_BUCKETS = "SELECT DISTINCT bucket FROM vault_item WHERE subject = ?"

_COLLECTED = """
    SELECT subject FROM (SELECT DISTINCT subject FROM vault_item WHERE activity IN ({})) AS found
    WHERE EXISTS (SELECT 1 FROM vault_subject WHERE vault_subject.subject = found.subject)
"""

_FIND = """
    SELECT DISTINCT token, subject FROM vault_token WHERE token IN ({})
    AND EXISTS (SELECT 1 FROM vault_subject WHERE vault_subject.subject = vault_token.subject)
"""
_TOGETHER = 250  # tokens looked up by one statement
_PUT_TOKEN = "INSERT INTO vault_token VALUES (?, ?, ?) ON CONFLICT DO NOTHING"  # noqa: S105 - a blind token is no password
_DELETE_TOKEN = "DELETE FROM vault_token WHERE token = ? AND subject = ? AND item = ?"  # noqa: S105
_DELETE_ALL_TOKENS = "DELETE FROM vault_token"
_HAS_TOKEN = "SELECT 1 FROM vault_token WHERE token = ? AND subject = ? AND item = ?"  # noqa: S105
_TOKEN_PAGE = """
    SELECT subject, item, token FROM vault_item
    WHERE token IS NOT NULL AND (subject, item) > (?, ?) ORDER BY subject, item LIMIT ?
"""  # noqa: S105
_SET_TOKEN = "UPDATE vault_item SET token = ? WHERE subject = ? AND item = ?"  # noqa: S105
_TOKENS_EPOCH = "SELECT epoch FROM vault_tokens_epoch"
_SET_TOKENS_EPOCH = (
    "INSERT INTO vault_tokens_epoch VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET epoch = excluded.epoch"
)

_MARKED_TABLES = ("vault_restriction", "vault_rectification", "vault_held")
_DELETE_EMPTY_HOLDS = "DELETE FROM vault_hold WHERE hold NOT IN (SELECT hold FROM vault_held)"
_SUBJECT_TABLES = ("vault_subject", "vault_objection", "vault_consent")

_PUT_ERASURE = "INSERT INTO vault_erasure VALUES (?, ?, 0, ?, ?, ?)"
_ERASURES = "SELECT erasure, actor, stage, reference, items, keys FROM vault_erasure ORDER BY erasure"
_DELETE_ERASURE = "DELETE FROM vault_erasure WHERE erasure = ? RETURNING 1"
_COUNTS = "SELECT (SELECT count(*) FROM vault_subject), (SELECT count(*) FROM vault_item)"


class SubjectRow(NamedTuple):
    """A subject: counters that never run back, and the purposes objected and consented to, as bits."""

    subject: bytes
    kind: int
    added: int
    last_item: int
    last_bucket: int
    objected: int
    consented: int


class ItemRow(NamedTuple):
    """An item as it stands in its row."""

    subject: bytes
    number: int
    activity: int
    bucket: int
    state: int
    collected: int
    trigger_on: int | None
    due: int | None
    dossier: str | None
    token: bytes | None
    sealed: bytes


class Job(NamedTuple):
    """An erasure under way: what no longer opens, and the keys that may still exist."""

    erasure: str
    actor: ActorId
    stage: int
    reference: str
    items: bytes
    keys: bytes


class Store:
    """The vault's rows. Judges nothing, opens nothing."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        engine.migrate("vault", SCHEMA)

    def subject(self, subject: bytes) -> SubjectRow | None:
        """Return a subject's row, or None."""
        found = self.engine.execute(_SUBJECT, (subject,))
        return _subject(found[0]) if found else None

    def subjects(self) -> Iterator[bytes]:
        """Yield every subject, in pages, so that others may write meanwhile."""
        after = b""
        while page := self.engine.execute(_SUBJECTS, (after, _PAGE)):
            for row in page:
                after = cast("bytes", row[0])
                yield after

    def put_subjects(self, rows: Iterable[SubjectRow]) -> None:
        """Write subjects, new or changed."""
        self.engine.many(_PUT_SUBJECT, rows)

    def set_objected(self, subject: bytes, bits: int) -> None:
        """Set the purposes objected to."""
        self.engine.execute(_SET_OBJECTED, (bits, subject))

    def set_consented(self, subject: bytes, bits: int) -> None:
        """Set the purposes consented to."""
        self.engine.execute(_SET_CONSENTED, (bits, subject))

    def set_last_bucket(self, subject: bytes, number: int) -> None:
        """Set the highest bucket number given out."""
        self.engine.execute(_SET_BUCKETS, (number, subject))

    def skip_numbers(self, count: int) -> None:
        """Leave out numbers of items and buckets that a later state of this store may have given out."""
        self.engine.execute(_SKIP_NUMBERS, (count, count))

    def items(self, subject: bytes) -> list[ItemRow]:
        """Return the subject's items in order of number."""
        return [_item(row) for row in self.engine.execute(_ITEMS, (subject,))]

    def rows(self, subject: bytes, numbers: Collection[int] | None = None) -> list[Row]:
        """Return the subject's items, or those with ``numbers``, as bare rows: the columns of ``ItemRow``."""
        if numbers is None or len(numbers) > _FEW:
            found = self.engine.execute(_ITEMS, (subject,))
            return found if numbers is None else [row for row in found if row[1] in numbers]
        return [row for number in sorted(numbers) for row in self.engine.execute(_ITEM, (subject, number))]

    def subjects_and_items(self, subjects: Sequence[bytes]) -> tuple[dict[bytes, SubjectRow], dict[bytes, list[Row]]]:
        """Return the rows of many subjects and of their items, each subject's items in order of number."""
        owners: dict[bytes, SubjectRow] = {}
        items: dict[bytes, list[Row]] = {}
        for at in range(0, len(subjects), _SUBJECTS_TOGETHER):
            asked = padded(subjects[at : at + _SUBJECTS_TOGETHER], _SUBJECTS_TOGETHER)
            for row in self.engine.execute(_SUBJECTS_OF, asked):
                owners[cast("bytes", row[0])] = _subject(row)
            for row in self.engine.execute(_ITEMS_OF, asked):
                items.setdefault(cast("bytes", row[0]), []).append(row)
        return owners, items

    def item(self, subject: bytes, number: int) -> ItemRow | None:
        """Return one item, or None."""
        found = self.engine.execute(_ITEM, (subject, number))
        return _item(found[0]) if found else None

    def size(self, subject: bytes) -> int:
        """Return the number of the subject's items."""
        return cast("int", self.engine.execute(_SIZE, (subject,))[0][0])

    def sizes(self, subjects: Sequence[bytes]) -> dict[bytes, dict[int, int]]:
        """Return for each subject how many of its items each bucket holds."""
        found: dict[bytes, dict[int, int]] = {subject: {} for subject in subjects}
        for at in range(0, len(subjects), _SUBJECTS_TOGETHER):
            asked = padded(subjects[at : at + _SUBJECTS_TOGETHER], _SUBJECTS_TOGETHER)
            for subject, bucket, count in cast("list[tuple[bytes, int, int]]", self.engine.execute(_SIZES, asked)):
                found[subject][bucket] = count
        return found

    def items_at(self, places: Sequence[tuple[bytes, int]]) -> list[ItemRow]:
        """Return what rows there are of these items, in order of subject and number within each hundred."""
        if len(places) <= _FEW:
            return [row for place in places if (row := self.item(*place)) is not None]
        found: list[ItemRow] = []
        for at in range(0, len(places), _PLACES_TOGETHER):
            asked = padded(places[at : at + _PLACES_TOGETHER], _PLACES_TOGETHER)
            found += map(_item, self.engine.execute(_ITEMS_AT, [part for place in asked for part in place]))
        return found

    def spans(self, subject: bytes) -> Iterator[tuple[int, int, int]]:
        """Yield the subject's items as runs: first number, last number, how many; a run may be deleted once it is read."""
        after = -1
        while True:
            first, last, count = cast("tuple[int, int, int]", self.engine.execute(_SPAN, (subject, after, _RUN))[0])
            if not count:
                return
            yield first, last, count
            after = last

    def delete_span(self, subject: bytes, first: int, last: int) -> None:
        """Delete a run of a subject's items with their tokens and every mark about them."""
        tokens = self.engine.execute(_TOKENS_OF_SPAN, (subject, first, last))
        self.engine.many(_DELETE_TOKEN, sorted(tokens))
        self.engine.execute(_DELETE_SPAN, (subject, first, last))
        for table in _MARKED_TABLES:
            sql = f"DELETE FROM {table} WHERE subject = ? AND item BETWEEN ? AND ?"  # noqa: S608 - names above
            self.engine.execute(sql, (subject, first, last))
        self.engine.execute(_DELETE_EMPTY_HOLDS)

    def due(self, on: int) -> Iterator[ItemRow]:
        """Yield items due on or before ``on`` and not held then, in order of due, in pages."""
        after: tuple[Value, Value, Value] = (-1_000_000, b"", -1)
        while page := self.engine.execute(_DUE, (on, *after, on, _PAGE)):
            for row in page:
                found = _item(row)
                after = (found.due, found.subject, found.number)
                yield found

    def due_by_day(self, first: int, last: int) -> list[tuple[int, int]]:
        """Return for each day from ``first`` to ``last`` on which something is due how much that is."""
        return [(int(day or 0), int(n or 0)) for day, n in self.engine.execute(DUE_BY_DAY, (first, last))]

    def due_lines(self, on: int) -> Iterator[list[tuple[bytes, int, int, int | None, int]]]:
        """Yield pages of subject, number, activity, trigger and due of what is due on or before ``on``, held or not."""
        after: tuple[Value, Value, Value] = (-1_000_000, b"", -1)
        while page := self.engine.execute(_DUE_LINES, (on, *after, _DUE_PAGE)):
            after = (page[-1][4], page[-1][0], page[-1][1])
            yield cast("list[tuple[bytes, int, int, int | None, int]]", page)

    def put_items(self, rows: Iterable[tuple[Value, ...]]) -> None:
        """Write new items."""
        self.engine.many(_PUT_ITEM, rows)

    def change_items(self, rows: Iterable[ItemRow]) -> None:
        """Write changed items."""
        self.engine.many(
            _CHANGE_ITEM,
            [
                (r.activity, r.bucket, r.state, r.trigger_on, r.due, r.token, r.sealed, r.subject, r.number)
                for r in rows
            ],
        )

    def set_states(self, rows: Iterable[ItemRow], state: int, *, on: bool) -> None:
        """Switch a bit of the state of items on or off."""
        self.engine.many(
            _SET_STATE, [((r.state | state) if on else (r.state & ~state), r.subject, r.number) for r in rows]
        )

    def delete_items(self, places: Sequence[tuple[bytes, int]]) -> None:
        """Delete items with every mark about them."""
        self.engine.many(_DELETE_ITEM, places)
        held = False
        for table in _MARKED_TABLES:
            if self.engine.execute(f"SELECT 1 FROM {table} LIMIT 1"):  # noqa: S608 - names above
                self.engine.many(f"DELETE FROM {table} WHERE subject = ? AND item = ?", places)  # noqa: S608
                held = held or table == "vault_held"
        if held:
            self.engine.execute(_DELETE_EMPTY_HOLDS)

    def delete_subjects(self, subjects: Sequence[bytes]) -> None:
        """Delete subjects with their objections and consents."""
        for table in _SUBJECT_TABLES:
            self.engine.many(f"DELETE FROM {table} WHERE subject = ?", [(s,) for s in subjects])  # noqa: S608

    def buckets(self, subject: bytes) -> set[int]:
        """Return the buckets that the subject's items use."""
        return {cast("int", row[0]) for row in self.engine.execute(_BUCKETS, (subject,))}

    def collected(self, activities: Sequence[int]) -> Iterator[bytes]:
        """Yield the subjects of whom an item belongs to one of these activities, each once."""
        found: set[bytes] = set()
        for at in range(0, len(activities), _TOGETHER):
            some = activities[at : at + _TOGETHER]
            rows = self.engine.execute(_COLLECTED.format(", ".join("?" * len(some))), some)
            for (subject,) in cast("list[tuple[bytes]]", rows):
                if subject not in found:
                    found.add(subject)
                    yield subject

    def find_many(self, tokens: Sequence[bytes]) -> dict[bytes, list[bytes]]:
        """Return for each token that any item has the subjects of those items."""
        found: dict[bytes, list[bytes]] = {}
        for at in range(0, len(tokens), _TOGETHER):
            asked = tokens[at : at + _TOGETHER]
            asked = [*asked, *[asked[0]] * (_TOGETHER - len(asked))] if len(tokens) > 1 else asked
            sql = _FIND.format(", ".join("?" * len(asked)))
            for token, subject in self.engine.execute(sql, asked):
                found.setdefault(cast("bytes", token), []).append(cast("bytes", subject))
        return found

    def put_tokens(self, rows: Iterable[tuple[bytes, bytes, int]]) -> None:
        """Write tokens."""
        self.engine.many(_PUT_TOKEN, rows)

    def delete_tokens(self, rows: Iterable[tuple[bytes, bytes, int]]) -> None:
        """Delete tokens: (token, subject, number)."""
        self.engine.many(_DELETE_TOKEN, rows)

    def has_token(self, token: bytes, subject: bytes, number: int) -> bool:
        """Say whether a token of an item is still there."""
        return bool(self.engine.execute(_HAS_TOKEN, (token, subject, number)))

    def token_pages(self) -> Iterator[list[tuple[bytes, int, bytes]]]:
        """Yield the tokens of all items as pages of (subject, number, token); a page may be changed once it is read."""
        after: tuple[Value, Value] = (b"", -1)
        while page := self.engine.execute(_TOKEN_PAGE, (*after, _PAGE * 10)):
            after = (page[-1][0], page[-1][1])
            yield cast("list[tuple[bytes, int, bytes]]", page)

    def delete_all_tokens(self) -> None:
        """Delete every token; items keep theirs until ``set_tokens``."""
        self.engine.execute(_DELETE_ALL_TOKENS)

    def set_tokens(self, rows: Sequence[tuple[bytes | None, bytes, int]]) -> None:
        """Write the tokens of items, in their rows and in the index: (token, subject, number)."""
        self.engine.many(_SET_TOKEN, rows)
        self.put_tokens(sorted((token, subject, number) for token, subject, number in rows if token))

    def tokens_epoch(self) -> int | None:
        """Return the epoch under whose key the tokens stand, None before the first."""
        found = self.engine.execute(_TOKENS_EPOCH)
        return cast("int", found[0][0]) if found else None

    def set_tokens_epoch(self, epoch: int) -> None:
        """Note the epoch under whose key the tokens stand."""
        self.engine.execute(_SET_TOKENS_EPOCH, (epoch,))

    def put_erasure(self, job: Job) -> None:
        """Write an erasure that begins."""
        self.engine.execute(_PUT_ERASURE, (job.erasure, job.actor, job.reference, job.items, job.keys))

    def erasures(self) -> list[Job]:
        """Return the erasures under way."""
        return [
            Job._make(cast("tuple[str, ActorId, int, str, bytes, bytes]", row))
            for row in self.engine.execute(_ERASURES)
        ]

    def delete_erasure(self, erasure: str) -> bool:
        """Delete an erasure that is done, and say whether it was there."""
        return bool(self.engine.execute(_DELETE_ERASURE, (erasure,)))

    def counts(self) -> tuple[int, int]:
        """Return the number of subjects and of items."""
        return cast("tuple[int, int]", self.engine.execute(_COUNTS)[0])


def padded(values: Sequence[T], length: int) -> list[T]:
    """Return the values, the first repeated to ``length``, so that one prepared statement serves any number."""
    return [*values, *[values[0]] * (length - len(values))]


def seconds(at: datetime) -> int:
    """Return an instant as it stands in a row."""
    return int(at.timestamp())


def instant(at: int) -> datetime:
    """Undo ``seconds``."""
    return datetime.fromtimestamp(at, UTC)


def _subject(row: Row) -> SubjectRow:
    return SubjectRow._make(row)


def _item(row: Row) -> ItemRow:
    return ItemRow._make(row)
