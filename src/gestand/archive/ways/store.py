"""Where each way in stopped. Folder names may name people, so they stand here as keyed digests only."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from gestand.archive.ways.model import FolderState
from gestand.kernel.crypto import mac
from gestand.storage.engine import Engine

MIGRATIONS = (
    """CREATE TABLE mail_folder (
        mailbox TEXT NOT NULL, folder TEXT NOT NULL, uidvalidity INTEGER NOT NULL, last_uid INTEGER NOT NULL,
        PRIMARY KEY (mailbox, folder))""",
    """CREATE TABLE mail_failure (
        mailbox TEXT NOT NULL, folder TEXT NOT NULL, uidvalidity INTEGER NOT NULL, uid INTEGER NOT NULL, why TEXT NOT NULL,
        since TEXT NOT NULL, PRIMARY KEY (mailbox, folder, uidvalidity, uid))""",
    "CREATE TABLE mail_read (mailbox TEXT PRIMARY KEY, read_at TEXT NOT NULL, told_at TEXT NOT NULL, oldest TEXT NOT NULL)",
    "CREATE TABLE mail_added (source TEXT PRIMARY KEY, done INTEGER NOT NULL, ended INTEGER NOT NULL, at TEXT NOT NULL)",
    "CREATE TABLE mail_frozen (mailbox TEXT PRIMARY KEY, reason TEXT NOT NULL, at TEXT NOT NULL)",
)
FOLDER = "SELECT uidvalidity, last_uid FROM mail_folder WHERE mailbox = ? AND folder = ?"
SET_FOLDER = (
    "INSERT INTO mail_folder (mailbox, folder, uidvalidity, last_uid) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (mailbox, folder) DO UPDATE SET uidvalidity = excluded.uidvalidity, last_uid = excluded.last_uid"
)
FAIL = (
    "INSERT INTO mail_failure (mailbox, folder, uidvalidity, uid, why, since) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (mailbox, folder, uidvalidity, uid) DO UPDATE SET why = excluded.why"
)
FAILED = "SELECT uid FROM mail_failure WHERE mailbox = ? AND folder = ? AND uidvalidity = ? ORDER BY uid"
MENDED = "DELETE FROM mail_failure WHERE mailbox = ? AND folder = ? AND uidvalidity = ? AND uid = ?"
OUTDATED = "DELETE FROM mail_failure WHERE mailbox = ? AND folder = ? AND uidvalidity <> ?"
FAILURES = "SELECT count(*) FROM mail_failure WHERE mailbox = ?"
READ = "SELECT read_at, told_at, oldest FROM mail_read WHERE mailbox = ?"
SET_READ = (
    "INSERT INTO mail_read (mailbox, read_at, told_at, oldest) VALUES (?, ?, ?, ?) ON CONFLICT (mailbox) "
    "DO UPDATE SET read_at = excluded.read_at, told_at = excluded.told_at, oldest = excluded.oldest"
)
ADDED = "SELECT done, ended FROM mail_added WHERE source = ?"
SET_ADDED = (
    "INSERT INTO mail_added (source, done, ended, at) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (source) DO UPDATE SET done = excluded.done, ended = excluded.ended, at = excluded.at"
)
FORGET_ADDED = "DELETE FROM mail_added WHERE at < ?"
FREEZE = "INSERT INTO mail_frozen (mailbox, reason, at) VALUES (?, ?, ?) ON CONFLICT (mailbox) DO NOTHING RETURNING 1"
RELEASE = "DELETE FROM mail_frozen WHERE mailbox = ? RETURNING mailbox"
FROZEN = "SELECT mailbox, reason FROM mail_frozen ORDER BY mailbox"
DIGEST_BYTES = 16


class WholeReading(NamedTuple):
    """A reading of a mailbox to its end: when, when one was last told the ledger, and the oldest message that lay there."""

    at: datetime
    told: datetime
    oldest: date | None


class WaysStore:
    """The rows of the ways in. ``key``: 32 bytes under which names of folders and files are digested."""

    def __init__(self, engine: Engine, key: bytes) -> None:
        engine.migrate("ways", MIGRATIONS)
        self._engine = engine
        self._key = key

    def digest(self, *names: str) -> str:
        """Return a keyed digest of names: 32 hexadecimal digits, the same for the same names."""
        return mac(self._key, "\0".join(names).encode("utf-8", "surrogatepass"), DIGEST_BYTES).hex()

    def freeze(self, mailbox: str, reason: str, at: datetime) -> bool:
        """Write that a mailbox is not to be opened from now on; False if that was so."""
        return bool(self._engine.execute(FREEZE, (mailbox, reason, at.isoformat())))

    def release(self, mailbox: str) -> bool:
        """Write that a mailbox may be opened again; False if it was not frozen."""
        return bool(self._engine.execute(RELEASE, (mailbox,)))

    def frozen(self) -> dict[str, str]:
        """Return the mailboxes that are not to be opened, each with the reason."""
        return {str(mailbox): str(reason) for mailbox, reason in self._engine.execute(FROZEN)}

    def folder(self, mailbox: str, folder: str) -> FolderState | None:
        """Return up to where a folder was read; None: never."""
        rows = self._engine.execute(FOLDER, (mailbox, self.digest(mailbox, folder)))
        return FolderState(int(rows[0][0] or 0), int(rows[0][1] or 0)) if rows else None

    def read_up_to(self, mailbox: str, folder: str, state: FolderState) -> None:
        """Write up to where a folder was read; failures under other numbers are forgotten."""
        name = self.digest(mailbox, folder)
        with self._engine.transaction():
            self._engine.execute(SET_FOLDER, (mailbox, name, state.uidvalidity, state.last_uid))
            self._engine.execute(OUTDATED, (mailbox, name, state.uidvalidity))

    def fail(self, mailbox: str, folder: str, uidvalidity: int, uid: int, *, why: str, at: datetime) -> None:
        """List a message that could not be read; it is tried again at the next reading."""
        row = (mailbox, self.digest(mailbox, folder), uidvalidity, uid, why, at.isoformat())
        self._engine.execute(FAIL, row)

    def failed(self, mailbox: str, folder: str, uidvalidity: int) -> list[int]:
        """Return the UIDs of a folder that could not be read."""
        rows = self._engine.execute(FAILED, (mailbox, self.digest(mailbox, folder), uidvalidity))
        return [int(row[0] or 0) for row in rows]

    def mended(self, mailbox: str, folder: str, uidvalidity: int, uid: int) -> None:
        """Forget a failure: the message was read after all, or is gone."""
        self._engine.execute(MENDED, (mailbox, self.digest(mailbox, folder), uidvalidity, uid))

    def failures(self, mailbox: str) -> int:
        """Return how many messages of a mailbox could not be read."""
        return int(self._engine.execute(FAILURES, (mailbox,))[0][0] or 0)

    def read(self, mailbox: str) -> WholeReading | None:
        """Return the last reading of a mailbox to its end; None: there was none."""
        rows = self._engine.execute(READ, (mailbox,))
        if not rows:
            return None
        at, told, oldest = (str(value) for value in rows[0])
        return WholeReading(
            datetime.fromisoformat(at), datetime.fromisoformat(told), date.fromisoformat(oldest) if oldest else None
        )

    def set_read(self, mailbox: str, reading: WholeReading) -> None:
        """Write that a mailbox was read whole."""
        oldest = reading.oldest.isoformat() if reading.oldest else ""
        self._engine.execute(SET_READ, (mailbox, reading.at.isoformat(), reading.told.isoformat(), oldest))

    def added(self, source: str) -> tuple[int, bool]:
        """Return how many messages of a source (a digest) were added, and whether it was read to its end."""
        rows = self._engine.execute(ADDED, (source,))
        return (int(rows[0][0] or 0), bool(rows[0][1])) if rows else (0, False)

    def set_added(self, source: str, done: int, at: datetime, *, ended: bool) -> None:
        """Write how far a source was added."""
        self._engine.execute(SET_ADDED, (source, done, int(ended), at.isoformat()))

    def forget_added(self, before: datetime) -> None:
        """Forget how far files were added before a moment: nobody resumes that."""
        self._engine.execute(FORGET_ADDED, (before.isoformat(),))
