"""The SQL of the outbox. A row names no address: content and addressee are sealed, and gone once the message was sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from gestand.kernel.ids import ShelfId, SubjectId
from gestand.post.model import MailKind, Outgoing, State
from gestand.storage.engine import Engine, Row, Value

MIGRATIONS = (
    """CREATE TABLE post_message (
        id TEXT PRIMARY KEY, number INTEGER NOT NULL, priority INTEGER NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
        reference TEXT NOT NULL, subject TEXT NOT NULL, shelf TEXT NOT NULL, queued_at TEXT NOT NULL,
        settled_at TEXT NOT NULL, retry_at TEXT NOT NULL, tries INTEGER NOT NULL, answer TEXT NOT NULL,
        posted_by TEXT NOT NULL, mark BLOB, sealed BLOB)""",
    "CREATE INDEX post_message_by_state ON post_message (state, priority, number)",
    "CREATE INDEX post_message_by_reference ON post_message (reference, state)",
    "CREATE INDEX post_message_by_number ON post_message (number)",
    "CREATE INDEX post_message_by_mark ON post_message (mark, kind)",
    "ALTER TABLE post_message ADD COLUMN letter TEXT NOT NULL DEFAULT ''",
)
COLUMNS = (
    "id, kind, state, reference, subject, shelf, queued_at, settled_at, retry_at, tries, answer, posted_by, letter"
)
_READ = f"SELECT {COLUMNS}, sealed IS NOT NULL FROM post_message"  # noqa: S608 - column names only
_INSERT = (
    "INSERT INTO post_message (id, number, priority, kind, state, reference, subject, shelf, queued_at, settled_at, "
    "retry_at, tries, answer, posted_by, mark, sealed, letter) VALUES (?,?,?,?,?,?,?,?,?,'','',0,'','',?,?,?)"
)
_LAST_NUMBER = "SELECT COALESCE(MAX(number), 0) FROM post_message"
_NEXT = (
    f"{_READ} WHERE (state = 'queued' OR (state = 'waiting' AND retry_at <= ?)) "
    "ORDER BY priority, number LIMIT 1"
)  # fmt: skip
_CLAIM = (
    "UPDATE post_message SET state = 'in-flight', retry_at = '' WHERE id = ? AND state IN ('queued', 'waiting') "
    "RETURNING id"
)
_SETTLE = "UPDATE post_message SET state = ?, settled_at = ?, retry_at = ?, tries = tries + ?, answer = ? WHERE id = ?"
_IN_DOUBT = "UPDATE post_message SET state = 'in-doubt' WHERE state = 'in-flight' RETURNING id"
_REQUEUE = (
    "UPDATE post_message SET state = 'queued', settled_at = '', retry_at = '' WHERE id = ? "
    "AND state IN ('in-doubt', 'failed', 'waiting', 'bounced')"
)
_POSTED = "UPDATE post_message SET state = 'posted', settled_at = ?, posted_by = ? WHERE id = ? AND state = 'to-print'"
_CANCEL = (
    "UPDATE post_message SET state = 'cancelled', settled_at = ? WHERE reference = ? "
    "AND state IN ('queued', 'waiting', 'to-print') RETURNING id"
)
_SEALED = "SELECT sealed FROM post_message WHERE id = ?"
_UNSEAL = "UPDATE post_message SET sealed = NULL WHERE id = ?"
_DONE_WITH = "SELECT id FROM post_message WHERE sealed IS NOT NULL AND state IN ('sent', 'posted', 'cancelled')"
_RECEIPTS = "SELECT COUNT(*) FROM post_message WHERE mark = ? AND kind = ? AND queued_at > ? AND state <> 'cancelled'"
_RETURNED = "SELECT 1 FROM post_message WHERE mark = ? AND state = 'bounced' LIMIT 1"
_WENT_TO = "SELECT 1 FROM post_message WHERE id = ? AND mark = ?"
_COUNTS = "SELECT state, COUNT(*) FROM post_message GROUP BY state"
_COUNTS_OF = "SELECT state, COUNT(*) FROM post_message WHERE reference = ? AND kind <> 'test' GROUP BY state"
_DELETE = "DELETE FROM post_message WHERE id = ?"
_HAS = "SELECT 1 FROM post_message WHERE id = ?"
_FILTERS = {"state": "state = ?", "reference": "reference = ?"}
_MARK = "UPDATE post_message SET mark = ? WHERE id = ?"


class OutboxStore:
    """Messages as rows. Judges nothing."""

    def __init__(self, engine: Engine) -> None:
        engine.migrate("post", MIGRATIONS)
        self._engine = engine

    def insert(
        self, rows: Iterable[tuple[str, int, MailKind, State, str, str, str, str, bytes | None, bytes | None, str]]
    ) -> None:
        """Add messages: id, priority, kind, state, reference, subject, shelf, queued_at, mark, sealed, letter."""
        [(last,)] = self._engine.execute(_LAST_NUMBER)
        assert isinstance(last, int)
        self._engine.many(
            _INSERT,
            [(row[0], number, *map(_plain, row[1:])) for number, row in enumerate(rows, last + 1)],
        )

    def next(self, now: datetime) -> Outgoing | None:
        """Return the message whose turn it is, or None."""
        rows = self._engine.execute(_NEXT, (now.isoformat(),))
        return _outgoing(rows[0]) if rows else None

    def claim(self, message_id: str) -> bool:
        """Note that a message is in flight, and say whether it was still to go."""
        return bool(self._engine.execute(_CLAIM, (message_id,)))

    def settle(  # noqa: PLR0917 - what is known when a try has ended
        self,
        message_id: str,
        state: State,
        now: datetime,
        answer: str = "",
        retry_at: datetime | None = None,
        tries: int = 1,
    ) -> None:
        """Note what a try came to."""
        settled = now.isoformat() if state.settled else ""
        retry = retry_at.isoformat() if retry_at else ""
        self._engine.execute(_SETTLE, (str(state), settled, retry, tries, answer, message_id))

    def mark(self, message_id: str, mark: bytes) -> None:
        """Note to which address, as its mark, a message of a bulk went."""
        self._engine.execute(_MARK, (mark, message_id))

    def doubt(self) -> list[str]:
        """Put in doubt what is in flight, and return which those are."""
        return [str(row[0]) for row in self._engine.execute(_IN_DOUBT)]

    def requeue(self, message_id: str) -> None:
        """Let a message go again, under its own id."""
        self._engine.execute(_REQUEUE, (message_id,))

    def posted(self, message_id: str, at: datetime, by: str) -> None:
        """Note that a letter was put in the post."""
        self._engine.execute(_POSTED, (at.isoformat(), by, message_id))

    def cancel(self, reference: str, now: datetime) -> list[str]:
        """Cancel what waits under a reference, and return which messages those are."""
        return [str(row[0]) for row in self._engine.execute(_CANCEL, (now.isoformat(), reference))]

    def one(self, message_id: str) -> Outgoing | None:
        """Return a message, or None."""
        rows = self._engine.execute(f"{_READ} WHERE id = ?", (message_id,))
        return _outgoing(rows[0]) if rows else None

    def all(self, **only: str) -> Iterator[Outgoing]:
        """Yield messages in the order they were queued; ``only``: state, reference."""
        asked = {name: value for name, value in only.items() if value}
        where = " AND ".join(_FILTERS[name] for name in asked)
        sql = f"{_READ} {'WHERE ' + where if where else ''} ORDER BY number, id"
        for row in self._engine.stream(sql, tuple(asked.values())):
            yield _outgoing(row)

    def sealed(self, message_id: str) -> bytes | None:
        """Return the sealed content of a message, if it is still there."""
        rows = self._engine.execute(_SEALED, (message_id,))
        found = rows[0][0] if rows else None
        assert found is None or isinstance(found, bytes)
        return found

    def unseal(self, message_id: str) -> None:
        """Remove the content of a message."""
        self._engine.execute(_UNSEAL, (message_id,))

    def done_with(self) -> list[str]:
        """Return the messages that are done and whose content is still there."""
        return [str(row[0]) for row in self._engine.execute(_DONE_WITH)]

    def sent_to(self, mark: bytes, kind: MailKind, since: datetime) -> int:
        """Return how many messages of a kind were queued for an address since a moment."""
        [(number,)] = self._engine.execute(_RECEIPTS, (mark, str(kind), since.isoformat()))
        assert isinstance(number, int)
        return number

    def returned(self, mark: bytes) -> bool:
        """Say whether a message to an address came back."""
        return bool(self._engine.execute(_RETURNED, (mark,)))

    def went_to(self, message_id: str, mark: bytes) -> bool:
        """Say whether a message is for the address with this mark."""
        return bool(self._engine.execute(_WENT_TO, (message_id, mark)))

    def counts(self, reference: str = "") -> dict[State, int]:
        """Return how many messages stand in each state; of one campaign (``reference``), trials apart."""
        rows = self._engine.execute(_COUNTS_OF, (reference,)) if reference else self._engine.execute(_COUNTS)
        return {State(str(state)): int(number) for state, number in rows if isinstance(number, int)}

    def delete(self, message_id: str) -> None:
        """Remove a row."""
        self._engine.execute(_DELETE, (message_id,))

    def there(self, message_id: str) -> bool:
        """Say whether there is such a row."""
        return bool(self._engine.execute(_HAS, (message_id,)))


def _plain(value: object) -> Value:
    assert value is None or isinstance(value, (str, int, bytes))
    return str(value) if isinstance(value, str) else value


def _moment(text: Value) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None


def _outgoing(row: Row) -> Outgoing:
    queued_at = _moment(row[6])
    assert queued_at is not None
    return Outgoing(
        message_id=str(row[0]),
        kind=MailKind(str(row[1])),
        state=State(str(row[2])),
        reference=str(row[3]),
        subject_id=SubjectId(str(row[4])) if row[4] else None,
        shelf=ShelfId(str(row[5])),
        queued_at=queued_at,
        settled_at=_moment(row[7]),
        retry_at=_moment(row[8]),
        tries=int(str(row[9])),
        answer=str(row[10]),
        posted_by=str(row[11]),
        letter=str(row[12]),
        waits=bool(row[13]),
    )
