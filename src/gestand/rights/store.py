"""The SQL of rights requests. Rows hold no personal data: who it is stands in the vault, under the subject's id."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import RequestId, SubjectId
from gestand.rights import case_store
from gestand.rights.model import Channel, IdentityLevel, Right, State, SubjectRequest
from gestand.storage.engine import Engine, Row

MIGRATIONS = (
    """CREATE TABLE request (
        id TEXT PRIMARY KEY, subject TEXT NOT NULL, filed_under TEXT NOT NULL, right_asked TEXT NOT NULL, channel TEXT NOT NULL,
        received_at TEXT NOT NULL, due TEXT NOT NULL, conservative TEXT NOT NULL, state TEXT NOT NULL,
        identity TEXT NOT NULL, confirmed_at TEXT NOT NULL, extended_because TEXT NOT NULL, ground TEXT NOT NULL,
        closed_at TEXT NOT NULL, outcome TEXT NOT NULL, matches INTEGER NOT NULL)""",
    "CREATE INDEX request_by_state ON request (state, closed_at)",
    "CREATE INDEX request_by_subject ON request (subject)",
    "CREATE INDEX request_by_file ON request (filed_under)",
    """CREATE TABLE request_decision (
        request TEXT NOT NULL, item TEXT NOT NULL, field TEXT NOT NULL, decision TEXT NOT NULL, ground TEXT NOT NULL,
        why_nl TEXT NOT NULL, why_en TEXT NOT NULL, until TEXT NOT NULL, PRIMARY KEY (request, item))""",
    *case_store.MIGRATIONS,
)
COLUMNS = (
    "id, filed_under, right_asked, channel, received_at, matches, subject, due, conservative, state, identity, "
    "confirmed_at, extended_because, ground, closed_at, outcome"
)
INSERT = f"INSERT INTO request ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"  # noqa: S608 - column names only
UPDATE = (
    "UPDATE request SET subject = ?, due = ?, conservative = ?, state = ?, identity = ?, confirmed_at = ?, "
    "extended_because = ?, ground = ?, closed_at = ?, outcome = ? WHERE id = ?"
)
CLOSE = f"{UPDATE} AND state NOT IN ('closed', 'rejected') RETURNING id"
ONE = f"SELECT {COLUMNS} FROM request WHERE id = ?"  # noqa: S608
ALL = f"SELECT {COLUMNS} FROM request ORDER BY received_at, id"  # noqa: S608
OF_SUBJECT = f"SELECT {COLUMNS} FROM request WHERE subject = ? OR filed_under = ? ORDER BY received_at, id"  # noqa: S608
ENDED = f"SELECT {COLUMNS} FROM request WHERE state IN ('closed', 'rejected') AND closed_at < ? ORDER BY closed_at, id"  # noqa: S608
RUNNING = f"SELECT {COLUMNS} FROM request WHERE state NOT IN ('closed', 'rejected') ORDER BY conservative, id LIMIT ? OFFSET ?"  # noqa: S608
COUNT_RUNNING = "SELECT COUNT(*) FROM request WHERE state NOT IN ('closed', 'rejected')"
OBJECTING = f"SELECT {COLUMNS} FROM request WHERE state NOT IN ('closed', 'rejected') AND right_asked = 'objection' ORDER BY received_at, id"  # noqa: S608
NEWEST_ENDED = f"SELECT {COLUMNS} FROM request WHERE closed_at <> '' ORDER BY closed_at DESC, id DESC LIMIT ?"  # noqa: S608
AFTER = f"SELECT {COLUMNS} FROM request WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608
COUNT = "SELECT COUNT(*) FROM request"
DELETE = "DELETE FROM request WHERE id = ?"
FORGET_DECISIONS = "DELETE FROM request_decision WHERE request = ?"
INSERT_DECISION = "INSERT INTO request_decision (request, item, field, decision, ground, why_nl, why_en, until) VALUES (?,?,?,?,?,?,?,?)"
DECISIONS = (
    "SELECT item, field, decision, ground, why_nl, why_en, until FROM request_decision WHERE request = ? ORDER BY item"
)


class RequestStore:
    """Requests and the decisions on them, as rows."""

    def __init__(self, engine: Engine) -> None:
        engine.migrate("rights", MIGRATIONS)
        self._engine = engine

    def insert(self, request: SubjectRequest) -> None:
        """Write a new request."""
        r = request
        first = (r.id, r.filed_under, str(r.right), str(r.channel), r.received_at.isoformat(), r.matches)
        self._engine.execute(INSERT, (*first, *_changing(r)))

    def update(self, request: SubjectRequest) -> None:
        """Write what changed of a request."""
        self._engine.execute(UPDATE, (*_changing(request), request.id))

    def close(self, request: SubjectRequest) -> None:
        """Write that a request ended: of two who end it at the same moment, the second is refused and has nothing.

        :raises RefusedError: ``request-closed``.
        """
        if not self._engine.execute(CLOSE, (*_changing(request), request.id)):
            raise RefusedError(
                "request-closed", "the request was closed meanwhile", where=request.id, remedy="Open a new one."
            )

    def one(self, request_id: str) -> SubjectRequest | None:
        """Return a request, or None."""
        rows = self._engine.execute(ONE, (request_id,))
        return _request(rows[0]) if rows else None

    def all(self) -> Iterator[SubjectRequest]:
        """Yield every request, oldest first."""
        for row in self._engine.execute(ALL):
            yield _request(row)

    def running(self, most: int, first: int) -> Iterator[SubjectRequest]:
        """Yield the requests whose clock runs, the earliest last day first: ``most`` of them after ``first``."""
        yield from map(_request, self._engine.execute(RUNNING, (most, first)))

    def objecting(self) -> Iterator[SubjectRequest]:
        """Yield the objections whose clock runs, oldest first."""
        yield from map(_request, self._engine.execute(OBJECTING))

    def count_running(self) -> int:
        """Return how many requests run."""
        [(number,)] = self._engine.execute(COUNT_RUNNING)
        assert isinstance(number, int)
        return number

    def newest_ended(self, most: int) -> Iterator[SubjectRequest]:
        """Yield the requests that were closed or rejected last, the newest first."""
        yield from map(_request, self._engine.execute(NEWEST_ENDED, (most,)))

    def after(self, request: str, most: int) -> Iterator[SubjectRequest]:
        """Yield requests in the order of their ids, from after one on."""
        yield from map(_request, self._engine.execute(AFTER, (request, most)))

    def of_subject(self, subject: SubjectId) -> list[SubjectRequest]:
        """Return the requests about a subject or filed under one, oldest first."""
        return [_request(row) for row in self._engine.execute(OF_SUBJECT, (subject, subject))]

    def ended(self, before: date) -> Iterator[SubjectRequest]:
        """Yield the requests that were closed or rejected before a date, oldest first."""
        for row in self._engine.execute(ENDED, (before.isoformat(),)):
            yield _request(row)

    def count(self) -> int:
        """Return how many requests are listed."""
        [(number,)] = self._engine.execute(COUNT)
        assert isinstance(number, int)
        return number

    def delete(self, request: RequestId) -> None:
        """Remove a request with its decisions and all that stands beside it."""
        for statement in case_store.FORGET:
            self._engine.execute(statement, (request,))
        self._engine.execute(FORGET_DECISIONS, (request,))
        self._engine.execute(DELETE, (request,))

    def decide(self, request: RequestId, rows: list[tuple[str, str, str, str, str, str, str]]) -> None:
        """Replace the decisions of a request: (item, field, decision, ground, why_nl, why_en, until)."""
        self._engine.execute(FORGET_DECISIONS, (request,))
        self._engine.many(INSERT_DECISION, [(request, *row) for row in rows])

    def decisions(self, request: str) -> list[tuple[str, ...]]:
        """Return the decisions of a request, as they were written."""
        return [tuple(str(value) for value in row) for row in self._engine.execute(DECISIONS, (request,))]


def _changing(r: SubjectRequest) -> tuple[str, ...]:
    return (
        r.subject,
        r.due.isoformat(),
        r.conservative.isoformat(),
        str(r.state),
        str(r.identity or ""),
        r.confirmed_at.isoformat() if r.confirmed_at else "",
        r.extended_because,
        r.ground,
        r.closed_at.isoformat() if r.closed_at else "",
        r.outcome,
    )


def _request(row: Row) -> SubjectRequest:
    text = [str(value) for value in row]
    return SubjectRequest(
        id=RequestId(text[0]),
        filed_under=SubjectId(text[1]),
        right=Right(text[2]),
        channel=Channel(text[3]),
        received_at=datetime.fromisoformat(text[4]),
        matches=int(text[5]),
        subject=SubjectId(text[6]),
        due=datetime.fromisoformat(text[7]),
        conservative=datetime.fromisoformat(text[8]),
        state=State(text[9]),
        identity=IdentityLevel(text[10]) if text[10] else None,
        confirmed_at=datetime.fromisoformat(text[11]) if text[11] else None,
        extended_because=text[12],
        ground=text[13],
        closed_at=datetime.fromisoformat(text[14]) if text[14] else None,
        outcome=text[15],
    )
