"""When each piece of due work was done last, how it went, and which process is at it now. No personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gestand.storage.engine import Engine, Value

MIGRATIONS = (
    """CREATE TABLE due_work (
        name TEXT PRIMARY KEY, since TEXT NOT NULL, done TEXT NOT NULL, tried TEXT NOT NULL, failures INTEGER NOT NULL,
        fault TEXT NOT NULL, taken_by TEXT NOT NULL, taken_until TEXT NOT NULL)""",
    "ALTER TABLE due_work ADD COLUMN mark TEXT NOT NULL DEFAULT ''",
)
ENTER = """INSERT INTO due_work (name, since, done, tried, failures, fault, taken_by, taken_until)
    VALUES (?,?,'','',0,'','','') ON CONFLICT (name) DO NOTHING"""
ONE = "SELECT name, since, done, tried, failures, fault, taken_by, taken_until, mark FROM due_work WHERE name = ?"
TAKE = """UPDATE due_work SET taken_by = ?, taken_until = ?
    WHERE name = ? AND done = ? AND tried = ? AND (taken_by = '' OR taken_until < ?) RETURNING name"""
DONE = """UPDATE due_work SET done = ?, tried = ?, mark = ?, failures = 0, fault = '', taken_by = '', taken_until = ''
    WHERE name = ? AND taken_by = ?"""
RENEW = "UPDATE due_work SET taken_until = ? WHERE name = ? AND taken_by = ? RETURNING name"
FAILED = """UPDATE due_work SET tried = ?, failures = failures + 1, fault = ?, taken_by = '', taken_until = ''
    WHERE name = ? AND taken_by = ?"""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one piece of work. ``since``: when it was first seen; ``fault``: the code of its last failure.

    ``mark``: what it looked at when it was done last, as a digest; empty where it goes by time alone.
    """

    name: str
    since: datetime
    done: datetime | None
    tried: datetime | None
    failures: int
    fault: str
    taken_by: str
    taken_until: datetime | None
    mark: str


class DueStore:
    """Rows of due work."""

    def __init__(self, engine: Engine) -> None:
        engine.migrate("running", MIGRATIONS)
        self._engine = engine

    def record(self, name: str, now: datetime) -> Record:
        """Return what is known of a piece of work; it is entered the first time."""
        rows = self._engine.execute(ONE, (name,))
        if not rows:
            self._engine.execute(ENTER, (name, _text(now)))
            rows = self._engine.execute(ONE, (name,))
        found, since, done, tried, failures, fault, taken_by, until, mark = rows[0]
        return Record(
            str(found), datetime.fromisoformat(str(since)), _moment(done), _moment(tried), int(str(failures)), str(fault),
            str(taken_by), _moment(until), str(mark),
        )  # fmt: skip

    def take(self, record: Record, who: str, now: datetime, until: datetime) -> bool:
        """Take a piece of work for ``who``; False if another has it, or did it since ``record`` was read."""
        rows = self._engine.execute(
            TAKE, (who, _text(until), record.name, _text(record.done), _text(record.tried), _text(now))
        )
        return bool(rows)

    def renew(self, name: str, who: str, until: datetime) -> bool:
        """Keep a piece of work for longer; False if it is another's by now."""
        return bool(self._engine.execute(RENEW, (_text(until), name, who)))

    def done(self, name: str, who: str, at: datetime, mark: str = "") -> None:
        """Write that it was done, and what it looked at, and let go of it."""
        self._engine.execute(DONE, (_text(at), _text(at), mark, name, who))

    def failed(self, name: str, who: str, at: datetime, fault: str) -> None:
        """Write that it failed, with the code of the fault, and let go of it."""
        self._engine.execute(FAILED, (_text(at), fault, name, who))


def _text(moment: datetime | None) -> str:
    return moment.isoformat(timespec="microseconds") if moment is not None else ""


def _moment(value: Value) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None
