"""The key store: ``keys.db``, a file of its own, one row for each bucket of a subject.

root key -> key-encryption key of the epoch -> data key of subject x shelf x due period -> value. Bucket 0 of a subject is
no data key: it makes the subject's reference in the ledger, and dies with the last item.

Keys are on stable storage before the rows sealed under them, and are only written while the write lock of the main
store is held. ``unsettled`` names the subjects of a change whose two commits may not both have happened; after a crash
their keys are compared with their rows, and what no row uses is destroyed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from gestand.kernel.crypto import KEY_SIZE, NONCE_SIZE, Sealer
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError
from gestand.storage.engine import Engine, Row
from gestand.vault.epochs import Epoch, EpochFiles
from gestand.vault.lockers import Lockers
from gestand.vault.place import SUBJECT_SIZE
from gestand.vault.rows import padded
from gestand.vault.sealing import bound_key

REFERENCE = 0  # the bucket number of a subject's reference key
OPEN = 0  # the period of data without a due date yet

_SCHEMA = (
    """
    CREATE TABLE vault_key (
        subject BLOB NOT NULL,
        bucket INTEGER NOT NULL,
        shelf TEXT NOT NULL,
        period INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        wrapped BLOB NOT NULL,
        PRIMARY KEY (subject, bucket)
    ) WITHOUT ROWID;
    CREATE TABLE vault_unsettled (
        change INTEGER PRIMARY KEY AUTOINCREMENT,
        subjects BLOB NOT NULL
    );
    """,
)
_OF_SUBJECT = "SELECT * FROM vault_key WHERE subject = ? AND bucket > 0 ORDER BY bucket"
_RING = "SELECT * FROM vault_key WHERE subject = ?"
_TOGETHER = 64  # subjects read by one statement
_RINGS = f"SELECT * FROM vault_key WHERE subject IN ({', '.join('?' * _TOGETHER)})"  # noqa: S608 - placeholders only
_ONE = "SELECT * FROM vault_key WHERE subject = ? AND bucket = ?"
_BUCKETS = "SELECT bucket FROM vault_key WHERE subject = ?"
_ADD = """
    INSERT INTO vault_key VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (subject, bucket) DO UPDATE SET shelf = excluded.shelf, period = excluded.period,
        epoch = excluded.epoch, wrapped = excluded.wrapped
"""  # a row already there is an orphan of a rollback
_DELETE = "DELETE FROM vault_key WHERE subject = ? AND bucket = ?"
_ANY = "SELECT 1 FROM vault_key LIMIT 1"
_COUNT = "SELECT count(*) FROM vault_key WHERE bucket > 0"
_UNSETTLE = "INSERT INTO vault_unsettled (subjects) VALUES (?) RETURNING change"
_SETTLE = "DELETE FROM vault_unsettled WHERE change = ?"
_UNSETTLED = "SELECT change, subjects FROM vault_unsettled"
_OLDER = """
    SELECT * FROM vault_key
    WHERE epoch < ? AND (subject, bucket) > (?, ?) ORDER BY subject, bucket LIMIT 5000
"""
_REWRAP = "UPDATE vault_key SET epoch = ?, wrapped = ? WHERE subject = ? AND bucket = ?"


KeyRow = tuple[bytes, int, str, int, int, bytes]
"""Subject, bucket, shelf, period, epoch, wrapped key."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """What shares one data key: the data of a subject on one shelf that fall due in one year (0: no date yet)."""

    subject: bytes
    number: int
    shelf: str
    period: int


class Ring:
    """The keys of one subject, for the length of one call."""

    __slots__ = ("_open", "_rows", "_unwrap")

    def __init__(self, rows: dict[int, KeyRow], unwrap: Callable[[KeyRow], bytes]) -> None:
        self._rows = rows
        self._unwrap = unwrap
        self._open: dict[int, Sealer] = {}

    def sealer(self, bucket: int) -> Sealer | None:
        """Return the data key of a bucket, or None once it is destroyed."""
        found = self._open.get(bucket)
        if found is None and (row := self._rows.get(bucket)):
            found = self._open[bucket] = Sealer(self._unwrap(row))
        return found

    def has(self, bucket: int) -> bool:
        """Say whether there is a key of this number."""
        return bucket in self._rows

    def reference_key(self) -> bytes | None:
        """Return the key of the subject's ledger reference, or None once it is destroyed."""
        row = self._rows.get(REFERENCE)
        return self._unwrap(row) if row else None


class KeyStore:
    """Data keys, wrapped under the epoch's key. Nothing else in the program holds one longer than a call."""

    def __init__(self, engine: Engine, epochs: EpochFiles, entropy: Entropy) -> None:
        self._engine = engine
        self._epochs = epochs
        self._entropy = entropy
        self._open: dict[int, Epoch] = {}
        engine.migrate("vault.keys", _SCHEMA)
        self.lockers = Lockers(engine, self._newest, self.epoch, entropy)
        numbers = epochs.numbers()
        if not numbers and (engine.execute(_ANY) or self.lockers.count()):
            raise DamagedError(
                "epoch-key-missing",
                "there are wrapped keys, but the key of no epoch",
                where="epochs",
                remedy="Put the folder epochs back from the escrow of keys; without it what was sealed cannot be opened.",
            )
        self._current = epochs.open(numbers[-1]) if numbers else epochs.make(1)
        self._open[self._current.number] = self._current
        self._settled: list[int] = []

    @property
    def current(self) -> Epoch:
        """The newest epoch, under which new keys are wrapped."""
        return self._current

    def epoch(self, number: int) -> Epoch:
        """Return an epoch whose key still exists."""
        found = self._open.get(number)
        if found is None:
            found = self._open[number] = self._epochs.open(number)
        return found

    def reference_key(self, subject: bytes) -> bytes | None:
        """Return the key of the subject's ledger reference, or None once it is destroyed."""
        found = _key_rows(self._engine.execute(_ONE, (subject, REFERENCE)))
        return self._unwrap(found[0]) if found else None

    def ring(self, subject: bytes) -> Ring:
        """Return the subject's keys, read at once and unwrapped one by one as they are asked for."""
        rows = _key_rows(self._engine.execute(_RING, (subject,)))
        return Ring({row[1]: row for row in rows}, self._unwrap)

    def rings(self, subjects: Sequence[bytes]) -> dict[bytes, Ring]:
        """Return the keys of many subjects, read at once and unwrapped one by one as they are asked for."""
        found: dict[bytes, dict[int, KeyRow]] = {subject: {} for subject in subjects}
        for at in range(0, len(subjects), _TOGETHER):
            asked = padded(subjects[at : at + _TOGETHER], _TOGETHER)
            for row in _key_rows(self._engine.execute(_RINGS, asked)):
                found[row[0]][row[1]] = row
        return {subject: Ring(rows, self._unwrap) for subject, rows in found.items()}

    def of_subject(self, subject: bytes) -> list[tuple[tuple[str, int], int, Sealer]]:
        """Return the subject's data keys: shelf and period, bucket number, key; in order of number."""
        rows = _key_rows(self._engine.execute(_OF_SUBJECT, (subject,)))
        return [((row[2], row[3]), row[1], Sealer(self._unwrap(row))) for row in rows]

    def numbers(self, subject: bytes) -> list[int]:
        """Return the bucket numbers of which a key exists, the reference's included."""
        return [cast("int", row[0]) for row in self._engine.execute(_BUCKETS, (subject,))]

    def wrap(self, buckets: Sequence[Bucket]) -> tuple[list[KeyRow], list[bytes]]:
        """Make a key for each bucket; return the rows to ``add`` and the keys."""
        self._keep_up()
        drawn = self._entropy((KEY_SIZE + NONCE_SIZE) * len(buckets))
        epoch, seal = self._current.number, self._current.wrapper.seal
        rows: list[KeyRow] = []
        keys: list[bytes] = []
        for at, bucket in zip(range(0, len(drawn), KEY_SIZE + NONCE_SIZE), buckets, strict=True):
            key, nonce = drawn[at : at + KEY_SIZE], drawn[at + KEY_SIZE : at + KEY_SIZE + NONCE_SIZE]
            bound = bound_key(bucket.subject, bucket.number, bucket.shelf, bucket.period, epoch)
            rows.append((bucket.subject, bucket.number, bucket.shelf, bucket.period, epoch, seal(key, bound, nonce)))
            keys.append(key)
        return rows, keys

    def add(self, rows: Iterable[KeyRow], subjects: Iterable[bytes]) -> int:
        """Put wrapped keys on stable storage and return the number of the change, unsettled until ``settle``."""
        with self._engine.transaction():
            self._engine.many(_SETTLE, [(change,) for change in self._settled])
            self._engine.many(_ADD, rows)
            ((change,),) = self._engine.execute(_UNSETTLE, (b"".join(subjects),))
        self._settled.clear()
        return cast("int", change)

    def settle(self, change: int) -> None:
        """Note that the rows of a change are on stable storage and use its keys; written with the next change."""
        self._settled.append(change)

    def unsettled(self) -> list[tuple[int, list[bytes]]]:
        """Return the changes that were not settled, each with its subjects."""
        return [
            (cast("int", change), [joined[at : at + SUBJECT_SIZE] for at in range(0, len(joined), SUBJECT_SIZE)])
            for change, joined in self._engine.execute(_UNSETTLED)
            if isinstance(joined, bytes)
        ]

    def destroy(self, places: Sequence[tuple[bytes, int]], *, settles: int | None = None, durable: bool = True) -> None:
        """Destroy keys: delete their rows, on stable storage. Their bytes leave the log with the next ``residue`` cut.

        Not ``durable``: only where ``settles`` lets ``resume`` do it again.
        """
        with self._engine.transaction(durable=durable):
            self._engine.many(_DELETE, places)
            self._engine.many(_SETTLE, [(change,) for change in self._settled])
            if settles is not None:
                self._engine.execute(_SETTLE, (settles,))
        self._settled.clear()

    def any(self) -> bool:
        """Say whether there is any key."""
        return bool(self._engine.execute(_ANY))

    def count(self) -> int:
        """Return the number of data keys."""
        return cast("int", self._engine.execute(_COUNT)[0][0])

    def epochs(self) -> list[int]:
        """Return the epochs whose key exists, oldest first."""
        return self._epochs.numbers()

    def open_epoch(self) -> Epoch:
        """Begin a new epoch: its key is on stable storage when this returns."""
        self._current = self._epochs.make(self._epochs.numbers()[-1] + 1)
        self._open[self._current.number] = self._current
        return self._current

    def rewrap(self) -> int:
        """Wrap every key of an older epoch under the current one, check that each opens, and return how many."""
        done, after = 0, (b"", -1)
        with self._engine.transaction():
            while rows := _key_rows(self._engine.execute(_OLDER, (self._current.number, *after))):
                self._engine.many(_REWRAP, list(self._rewrapped(rows)))
                done, after = done + len(rows), rows[-1][:2]
            done += self.lockers.rewrap()
        self._engine.expunge(whole=True)
        return done

    def _rewrapped(self, rows: list[KeyRow]) -> Iterator[tuple[int, bytes, bytes, int]]:
        number, wrapper = self._current.number, self._current.wrapper
        drawn = self._entropy(NONCE_SIZE * len(rows))
        for at, row in enumerate(rows):
            subject, bucket, shelf, period, *_ = row
            key = self._unwrap(row)
            bound = bound_key(subject, bucket, shelf, period, number)
            again = wrapper.seal(key, bound, drawn[at * NONCE_SIZE : (at + 1) * NONCE_SIZE])
            if wrapper.open(again, bound, "keys.db") != key:
                raise AssertionError("a key does not survive being wrapped")
            yield number, again, subject, bucket

    def _keep_up(self) -> None:
        """Wrap under the newest epoch, also when another process has turned the key since."""
        newest = self._epochs.numbers()[-1]
        if newest != self._current.number:
            self._current = self.epoch(newest)

    def _newest(self) -> Epoch:
        self._keep_up()
        return self._current

    def close_epochs(self) -> list[int]:
        """Destroy the keys of all older epochs and return their numbers. Only after ``rewrap``."""
        older = [number for number in self._epochs.numbers() if number < self._current.number]
        for number in older:
            self._epochs.destroy(number)
            self._open.pop(number, None)
        return older

    @property
    def engine(self) -> Engine:
        """The engine of the file, for who cuts its log."""
        return self._engine

    def verify(self) -> None:
        """Read every page and check its seal."""
        self._engine.verify()

    def close(self) -> None:
        """Close the file."""
        self._engine.close()

    def _unwrap(self, row: KeyRow) -> bytes:
        subject, bucket, shelf, period, epoch, wrapped = row
        where = f"keys.db, bucket {bucket}"
        return self.epoch(epoch).wrapper.open(wrapped, bound_key(subject, bucket, shelf, period, epoch), where)


def _key_rows(rows: list[Row]) -> list[KeyRow]:
    return cast("list[KeyRow]", rows)
