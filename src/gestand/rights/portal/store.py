"""The SQL of portal codes. Rows hold no code and no datum: hashes, the request's id, days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from gestand.kernel.ids import RequestId
from gestand.rights.portal.model import Code, Level
from gestand.storage.engine import Engine, Row

MIGRATIONS = (
    """CREATE TABLE portal_code (
        mark TEXT PRIMARY KEY, request TEXT NOT NULL, level TEXT NOT NULL, until TEXT NOT NULL, hashed TEXT NOT NULL,
        tries INTEGER NOT NULL)""",
    "CREATE INDEX portal_code_by_request ON portal_code (request)",
    "CREATE TABLE portal_beside (beside TEXT PRIMARY KEY, request TEXT NOT NULL)",
    "CREATE INDEX portal_beside_by_request ON portal_beside (request)",
)
COLUMNS = "mark, request, level, until, hashed, tries"
INSERT = f"INSERT INTO portal_code ({COLUMNS}) VALUES (?,?,?,?,?,?)"  # noqa: S608 - column names only
ONE = f"SELECT {COLUMNS} FROM portal_code WHERE mark = ?"  # noqa: S608
PAST = f"SELECT {COLUMNS} FROM portal_code WHERE until < ? ORDER BY until, mark"  # noqa: S608
TRIED = "UPDATE portal_code SET tries = tries - 1 WHERE mark = ? AND tries > 0 RETURNING tries"
SHORTEN = "UPDATE portal_code SET until = ? WHERE request = ? AND level = ? AND until > ?"
DELETE = "DELETE FROM portal_code WHERE mark = ?"
COUNT = "SELECT COUNT(*) FROM portal_code"
BESIDE = "INSERT INTO portal_beside (beside, request) VALUES (?,?)"
OF_REQUEST = "SELECT beside FROM portal_beside WHERE request = ? ORDER BY beside"
FORGET_CODES = "DELETE FROM portal_code WHERE request = ?"
FORGET_BESIDE = "DELETE FROM portal_beside WHERE request = ? OR beside = ?"


class CodeStore:
    """Codes as rows, and which request was made beside which."""

    def __init__(self, engine: Engine) -> None:
        engine.migrate("portal", MIGRATIONS)
        self._engine = engine

    def insert(self, code: Code) -> None:
        """Write a new code."""
        row = (code.mark, code.request, str(code.level), code.until.isoformat(), code.hashed, code.tries)
        self._engine.execute(INSERT, row)

    def one(self, mark: str) -> Code | None:
        """Return the code with this mark, or None."""
        rows = self._engine.execute(ONE, (mark,))
        return _code(rows[0]) if rows else None

    def tried(self, mark: str) -> None:
        """Count a wrong try."""
        self._engine.execute(TRIED, (mark,))

    def shorten(self, request: RequestId, level: Level, until: datetime) -> None:
        """Let the codes of a level of a request end at ``until`` at the latest."""
        moment = until.isoformat()
        self._engine.execute(SHORTEN, (moment, request, str(level), moment))

    def past(self, before: datetime) -> Iterator[Code]:
        """Yield the codes that ended before a moment, the longest past first."""
        for row in self._engine.execute(PAST, (before.isoformat(),)):
            yield _code(row)

    def delete(self, mark: str) -> None:
        """Remove a code."""
        self._engine.execute(DELETE, (mark,))

    def count(self) -> int:
        """Return how many codes are kept."""
        [(number,)] = self._engine.execute(COUNT)
        assert isinstance(number, int)
        return number

    def set_beside(self, request: RequestId, beside: RequestId) -> None:
        """Remember that ``beside`` was asked by who follows ``request``."""
        self._engine.execute(BESIDE, (beside, request))

    def beside(self, request: RequestId) -> tuple[RequestId, ...]:
        """Return the requests that were made beside one."""
        return tuple(RequestId(str(row[0])) for row in self._engine.execute(OF_REQUEST, (request,)))

    def forget(self, request: RequestId) -> None:
        """Remove everything of a request that is no longer listed."""
        self._engine.execute(FORGET_CODES, (request,))
        self._engine.execute(FORGET_BESIDE, (request, request))


def _code(row: Row) -> Code:
    mark, request, level, until, hashed, tries = row
    return Code(
        str(mark),
        RequestId(str(request)),
        Level(str(level)),
        datetime.fromisoformat(str(until)),
        str(hashed),
        int(str(tries)),
    )
