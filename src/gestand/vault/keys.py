"""The key store: ``keys.db``, a file of its own, one row for each bucket of a subject.

root key -> key-encryption key of the epoch -> data key of subject x shelf x due period -> value. Bucket 0 of a subject is
no data key: it makes the subject's reference in the ledger, and dies with the last item.

Keys are on stable storage before the rows sealed under them, or can be made from one that is (``ring``: heirs), and new
ones are only written while the write lock of the main store is held. ``unsettled`` names the subjects of a change whose
two commits may not both have happened; after a crash their keys are compared with their rows, and what no row uses is
destroyed. An heir takes its parent's place in one statement, that finds nothing if the parent was destroyed meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from typing import cast

from gestand.kernel.crypto import KEY_SIZE, NONCE_SIZE
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError
from gestand.storage.engine import Engine, Row
from gestand.vault.epochs import Epoch, EpochFiles
from gestand.vault.lockers import Lockers
from gestand.vault.place import SUBJECT_SIZE
from gestand.vault.ring import REFERENCE, Heir, Kin, Ring
from gestand.vault.rows import KeyRow, padded
from gestand.vault.sealing import bound_key
from gestand.vault.unwrapping import Unwrapping

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
_RING = "SELECT * FROM vault_key WHERE subject = ?"
_TOGETHER = 64  # subjects read by one statement
_RINGS = f"SELECT * FROM vault_key WHERE subject IN ({', '.join('?' * _TOGETHER)})"  # noqa: S608 - placeholders only
_ONE = "SELECT * FROM vault_key WHERE subject = ? AND bucket = ?"
_REFERENCES = f"SELECT * FROM vault_key WHERE bucket = {REFERENCE} AND subject IN ({', '.join('?' * _TOGETHER)})"  # noqa: S608
_VERY_FEW = 2  # keys that are looked for one by one
_THERE = "SELECT 1 FROM vault_key WHERE subject = ? AND bucket = ?"
_FILED = f"""
    SELECT subject, bucket FROM vault_key WHERE (subject, bucket) IN (VALUES {", ".join(["(?, ?)"] * _TOGETHER)})
"""  # noqa: S608 - placeholders only
_BUCKETS = "SELECT bucket FROM vault_key WHERE subject = ?"
_ADD = """
    INSERT INTO vault_key VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (subject, bucket) DO UPDATE SET shelf = excluded.shelf, period = excluded.period,
        epoch = excluded.epoch, wrapped = excluded.wrapped
"""  # a row already there is an orphan of a rollback
_INHERIT = "UPDATE vault_key SET bucket = ?, epoch = ?, wrapped = ? WHERE subject = ? AND bucket = ? RETURNING 1"
_DELETE = "DELETE FROM vault_key WHERE subject = ? AND bucket = ?"
_SUBJECTS = "SELECT DISTINCT subject FROM vault_key ORDER BY subject"
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


@dataclass(frozen=True, slots=True)
class Bucket:
    """What shares one data key: the data of a subject on one shelf that fall due in one year (0: no date yet)."""

    subject: bytes
    number: int
    shelf: str
    period: int


class KeyStore:
    """Data keys, wrapped under the epoch's key. Nothing else in the program holds one longer than a call."""

    def __init__(
        self,
        engine: Engine,
        epochs: EpochFiles,
        entropy: Entropy,
        *,
        kin: Kin = lambda _: {},
    ) -> None:
        """``kin`` tells, of subjects, which bucket's key is made from which, where that may not be in the store yet."""
        self._kin = kin
        self._unwrapping = Unwrapping(self.epoch)
        self._turn = threading.RLock()
        self._heirs: dict[bytes, tuple[Heir, ...]] = {}  # of each subject, in the order in which they were made
        self._filed: list[tuple[bytes, int]] = []  # heirs that took their place, on stable storage with the next commit
        self._known: list[tuple[bytes, int]] = []  # heirs that did so on stable storage
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
        return self._unwrapping.key(found[0]) if found else None

    def references(self, subjects: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the key of each subject's ledger reference; who has none any more is left out. Not remembered."""
        if len(subjects) == 1:
            key = self.reference_key(subjects[0])
            return {} if key is None else {subjects[0]: key}
        found: dict[bytes, bytes] = {}
        for at in range(0, len(subjects), _TOGETHER):
            asked = padded(subjects[at : at + _TOGETHER], _TOGETHER)
            for row in _key_rows(self._engine.execute(_REFERENCES, asked)):
                found[row[0]] = self._unwrapping.anew(row)
        return found

    def filed(self, places: Sequence[tuple[bytes, int]]) -> set[tuple[bytes, int]]:
        """Return those of these subjects and buckets of which the store has a key of just that number."""
        if len(places) <= _VERY_FEW:
            return {place for place in places if self._engine.execute(_THERE, place)}
        found: set[tuple[bytes, int]] = set()
        for at in range(0, len(places), _TOGETHER):
            asked = padded(places[at : at + _TOGETHER], _TOGETHER)
            found.update(
                cast("list[tuple[bytes, int]]", self._engine.execute(_FILED, list(chain.from_iterable(asked))))
            )
        return found

    def unfiled(self, places: Sequence[tuple[bytes, int]]) -> set[tuple[bytes, int]]:
        """Return those of these buckets whose key the store has, if at all, under the number of an ancestor."""
        if not self._heirs and len(places) > 1 and not self._kin(sorted({subject for subject, _ in places})):
            return set()
        return set(places).difference(self.filed(places))

    def descended(self, places: Collection[tuple[bytes, int]]) -> set[bytes]:
        """Return the subjects of those of these buckets whose key is made from that of another that may be there still."""
        kin = self._kin(sorted({subject for subject, _ in places})) if places else {}
        return {subject for subject, bucket in places if bucket in kin.get(subject, ())}

    def ring(self, subject: bytes) -> Ring:
        """Return the subject's keys, read at once and unwrapped one by one as they are asked for."""
        waiting = self._heirs.get(subject)  # before the rows: what is filed meanwhile is in them
        rows = _key_rows(self._engine.execute(_RING, (subject,)))
        return self._ring(subject, {row[1]: row for row in rows}, waiting)

    def rings(self, subjects: Sequence[bytes]) -> dict[bytes, Ring]:
        """Return the keys of many subjects, read at once and unwrapped one by one as they are asked for."""
        if len(subjects) == 1:
            return {subjects[0]: self.ring(subjects[0])}
        found: dict[bytes, dict[int, KeyRow]] = {subject: {} for subject in subjects}
        waiting = {subject: heirs for subject in subjects if (heirs := self._heirs.get(subject))} if self._heirs else {}
        for at in range(0, len(subjects), _TOGETHER):
            asked = padded(subjects[at : at + _TOGETHER], _TOGETHER)
            for row in _key_rows(self._engine.execute(_RINGS, asked)):
                found[row[0]][row[1]] = row
        kin = cache(partial(self._kin, subjects))  # of all of them by one question, if it is asked at all
        return {subject: self._ring(subject, rows, waiting.get(subject), kin) for subject, rows in found.items()}

    def _ring(
        self,
        subject: bytes,
        rows: dict[int, KeyRow],
        waiting: Sequence[Heir] | None,
        kin: Callable[[], dict[bytes, dict[int, int]]] | None = None,
    ) -> Ring:
        ring = Ring(subject, rows, self._unwrapping, kin or partial(self._kin, (subject,)))
        for heir in waiting or ():
            ring.inherit(heir)
        return ring

    def numbers(self, subject: bytes) -> list[int]:
        """Return the bucket numbers of which a key exists, the reference's included."""
        if subject in self._heirs:
            self.file_heirs()
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
        with self._turn:
            self._known += self._filed
            self._filed = []
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

    def inherit(self, heirs: Iterable[Heir]) -> None:
        """Let heirs take their parents' places: at once for who asks this store, in its file with the next change.

        The rows under them are on stable storage, with what ``kin`` says of them.
        """
        with self._turn:
            for heir in heirs:
                self._heirs[heir.subject] = (*self._heirs.get(heir.subject, ()), heir)

    def file_heirs(self, *, durable: bool = False) -> None:
        """Put in the file what ``inherit`` has said. Not ``durable``: ``kin`` lets it be done again."""
        with self._turn:
            if self._heirs or (durable and self._filed):
                self.destroy((), durable=durable)

    def filed_heirs(self) -> list[tuple[bytes, int]]:
        """Return, once, subject and number of heirs that are in the file on stable storage: ``kin`` may forget them."""
        found, self._known = self._known, []
        return found

    def destroy(self, places: Sequence[tuple[bytes, int]], *, settles: int | None = None, durable: bool = True) -> None:
        """Destroy keys: delete their rows, on stable storage. Their bytes leave the log with the next ``residue`` cut.

        Heirs that wait take their places first. Not ``durable``: only where ``settles`` or ``kin`` lets ``resume`` do
        it again.
        """
        with self._turn:
            with self._engine.transaction(durable=durable):
                filed = self._file()
                self._engine.many(_DELETE, places)
                if self._settled:
                    self._engine.many(_SETTLE, [(change,) for change in self._settled])
                if settles is not None:
                    self._engine.execute(_SETTLE, (settles,))
            self._settled.clear()
            self._heirs.clear()
            self._filed += filed
            if durable:
                self._known += self._filed
                self._filed = []
            self._unwrapping.forget(places)

    def _file(self) -> list[tuple[bytes, int]]:
        """Let the heirs that wait take their ancestors' places in the open transaction; return those that did."""
        done: list[tuple[bytes, int]] = []
        if self._heirs:
            self._keep_up()
        for subject, heirs in self._heirs.items():
            parents = {heir.parent: heir for heir in heirs}
            for last in (heir for heir in heirs if heir.bucket not in parents):  # only the last of a line is needed
                _, bucket, _, line, *_, key = last
                epoch, bound = (
                    self._current.number,
                    bound_key(subject, bucket, last.shelf, last.period, self._current.number),
                )
                wrapped = self._current.wrapper.seal(key, bound, self._entropy(NONCE_SIZE))
                if any(self._engine.execute(_INHERIT, (bucket, epoch, wrapped, subject, number)) for number in line):
                    done += [(subject, heir.bucket) for heir in heirs if heir is last or heir.bucket in line]
                self._unwrapping.forget((subject, number) for number in line)
        return done

    def subjects(self) -> list[bytes]:
        """Return every subject that has a key."""
        return [cast("bytes", row[0]) for row in self._engine.execute(_SUBJECTS)]

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
        self.file_heirs()
        self._unwrapping.clear()
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
            key = self._unwrapping.anew(row)
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
        self.file_heirs()
        self._unwrapping.clear()
        self._engine.close()


def _key_rows(rows: list[Row]) -> list[KeyRow]:
    return cast("list[KeyRow]", rows)
