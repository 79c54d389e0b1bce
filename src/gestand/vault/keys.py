"""The key store: ``keys.db``, a file of its own, one row for each bucket of a subject.

root key -> key-encryption key of the epoch -> data key of subject x shelf x due period -> value. Bucket 0 of a subject is
no data key: it makes the subject's reference in the ledger, and dies with the last item.

Keys are on stable storage before the rows sealed under them, or can be made from one that is (``ring``: heirs), and new
ones are only written while the write lock of the main store is held, or that of their subject. ``unsettled`` names the
subjects of a change whose two commits may not both have happened; after a crash their keys are compared with their rows,
and what no row uses is destroyed. An heir takes its parent's place in one statement, that finds nothing if the parent
was destroyed meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial

from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError
from gestand.storage.engine import Engine
from gestand.vault.epochs import Epoch, EpochFiles
from gestand.vault.key_rows import KeyRows
from gestand.vault.lockers import Lockers
from gestand.vault.place import REFERENCE
from gestand.vault.ring import Heir, Kin, Ring
from gestand.vault.rows import SUBJECTS_TOGETHER, KeyRow
from gestand.vault.unwrapping import Unwrapping
from gestand.vault.wrapping import Bucket, Wrapping


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
        self._turn = threading.RLock()
        self._heirs: dict[bytes, tuple[Heir, ...]] = {}  # of each subject, in the order in which they were made
        self._filed: list[tuple[bytes, int]] = []  # heirs that took their place, on stable storage with the next commit
        self._known: list[tuple[bytes, int]] = []  # heirs that did so on stable storage
        self._soft = False  # something was changed that may not be on stable storage yet
        self._settled: list[int] = []
        self._engine = engine
        self._rows = KeyRows(engine)
        self._unwrapping = Unwrapping(self.epoch)
        self.lockers = Lockers(engine, self._newest, self.epoch, entropy)
        if not epochs.numbers() and (self._rows.any() or self.lockers.count()):
            raise DamagedError(
                "epoch-key-missing",
                "there are wrapped keys, but the key of no epoch",
                where="epochs",
                remedy="Put the folder epochs back from the escrow of keys; without it what was sealed cannot be opened.",
            )
        self._wrapping = Wrapping(epochs, entropy)

    @property
    def current(self) -> Epoch:
        """The newest epoch, under which new keys are wrapped."""
        return self._wrapping.current

    def epoch(self, number: int) -> Epoch:
        """Return an epoch whose key still exists."""
        return self._wrapping.epoch(number)

    def epochs(self) -> list[int]:
        """Return the epochs whose key exists, oldest first."""
        return self._wrapping.numbers()

    def reference_key(self, subject: bytes) -> bytes | None:
        """Return the key of the subject's ledger reference, or None once it is destroyed."""
        row = self._rows.reference(subject)
        return self._unwrapping.key(row) if row else None

    def references(self, subjects: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the key of each subject's ledger reference; who has none any more is left out. Not remembered."""
        if len(subjects) == 1:
            key = self.reference_key(subjects[0])
            return {} if key is None else {subjects[0]: key}
        return {row[0]: self._unwrapping.anew(row) for row in self._rows.references(subjects)}

    def filed(self, places: Sequence[tuple[bytes, int]]) -> set[tuple[bytes, int]]:
        """Return those of these subjects and buckets of which the store has a key of just that number."""
        return self._rows.there(places)

    def left(self, doomed: Sequence[tuple[bytes, int]]) -> set[tuple[bytes, int]]:
        """Return what is left of destroyed keys; of a subject whose reference was among them, any key."""
        whole = {subject for subject, bucket in doomed if bucket == REFERENCE}
        found = {(subject, bucket) for subject in whole for bucket in self._rows.buckets(subject)}
        return found | self.filed([place for place in doomed if place[0] not in whole])

    def unfiled(self, places: Sequence[tuple[bytes, int]]) -> set[tuple[bytes, int]]:
        """Return those of these buckets whose key the store has, if at all, under the number of an ancestor."""
        if not self._heirs and len(places) > 1 and not self._kin(sorted({subject for subject, _ in places})):
            return set()
        return set(places).difference(self.filed(places))

    def ring(self, subject: bytes) -> Ring:
        """Return the subject's keys, read at once and unwrapped one by one as they are asked for."""
        waiting = self._heirs.get(subject)  # before the rows: what is filed meanwhile is in them
        return self._ring(subject, {row[1]: row for row in self._rows.of(subject)}, waiting)

    def rings(self, subjects: Sequence[bytes]) -> dict[bytes, Ring]:
        """Return the keys of many subjects, unwrapped one by one as they are asked for."""
        found: dict[bytes, Ring] = {}
        for rings in self.rings_in_turn(subjects):
            found |= rings
        return found

    def rings_in_turn(self, subjects: Sequence[bytes]) -> Iterator[dict[bytes, Ring]]:
        """Ask, at the call, for the keys of many subjects; yields them by ``SUBJECTS_TOGETHER``. Read it to its end."""
        if len(subjects) == 1:
            return iter([{subjects[0]: self.ring(subjects[0])}])
        waiting = {subject: heirs for subject in subjects if (heirs := self._heirs.get(subject))} if self._heirs else {}
        coming = self._rows.of_many(subjects)
        kin = cache(partial(self._kin, subjects))  # of all of them by one question, if it is asked at all
        starts = range(0, len(subjects), SUBJECTS_TOGETHER)
        return (
            self._some_rings(subjects[at : at + SUBJECTS_TOGETHER], rows, waiting, kin)
            for at, rows in zip(starts, coming, strict=True)
        )

    def _some_rings(
        self,
        subjects: Sequence[bytes],
        rows: list[KeyRow],
        waiting: dict[bytes, tuple[Heir, ...]],
        kin: Callable[[], dict[bytes, dict[int, int]]],
    ) -> dict[bytes, Ring]:
        found: dict[bytes, dict[int, KeyRow]] = {subject: {} for subject in subjects}
        for row in rows:
            found[row[0]][row[1]] = row
        return {subject: self._ring(subject, keys, waiting.get(subject), kin) for subject, keys in found.items()}

    def numbers(self, subject: bytes) -> list[int]:
        """Return the bucket numbers of which a key exists, the reference's included."""
        if subject in self._heirs:
            self.file_heirs()
        return self._rows.buckets(subject)

    def wrap(self, buckets: Sequence[Bucket]) -> tuple[list[KeyRow], list[bytes]]:
        """Make a key for each bucket; return the rows to ``add`` and the keys."""
        return self._wrapping.fresh(buckets)

    def add(self, rows: Iterable[KeyRow], subjects: Iterable[bytes]) -> int:
        """Put wrapped keys on stable storage and return the number of the change, unsettled until ``settle``."""
        with self._turn:  # to its end: what another thread changes after the commit is not on stable storage by it
            with self._engine.transaction():
                self._rows.settle(self._settled)
                self._rows.put(rows)
                change = self._rows.unsettle(subjects)
            self._settled.clear()
            self._hardened()
        return change

    def settle(self, change: int) -> None:
        """Note that the rows of a change are on stable storage and use its keys; written with the next change."""
        self._settled.append(change)

    def unsettled(self) -> list[tuple[int, list[bytes]]]:
        """Return the changes that were not settled, each with its subjects."""
        return self._rows.unsettled()

    def inherit(self, heirs: Iterable[Heir]) -> None:
        """Let heirs take their parents' places: at once for who asks this store, in its file with the next change.

        The rows under them are on stable storage, with what ``kin`` says of them.
        """
        with self._turn:
            for heir in heirs:
                self._heirs[heir.subject] = (*self._heirs.get(heir.subject, ()), heir)

    def file_heirs(self) -> None:
        """Put in the file what ``inherit`` has said; ``kin`` lets it be done again."""
        with self._turn:
            if self._heirs:
                self.destroy((), durable=False)

    def filed_heirs(self) -> list[tuple[bytes, int]]:
        """Return, once, subject and number of heirs that are in the file on stable storage: ``kin`` may forget them."""
        with self._turn:
            found, self._known = self._known, []
        return found

    def destroy(self, places: Sequence[tuple[bytes, int]], *, settles: int | None = None, durable: bool = True) -> None:
        """Destroy keys: delete their rows, on stable storage. Their bytes leave the log with the next ``residue`` cut.

        Heirs that wait take their places first. Not ``durable``: only where ``settles``, ``kin`` or the job of an erasure
        lets ``resume`` do it again.
        """
        with self._turn:
            with self._engine.transaction(durable=durable):
                filed = self._file()
                self._rows.delete(places)
                again = [self._rows.unsettle(())] if durable else []  # so that there is something to be synced
                self._rows.settle([*self._settled, *([] if settles is None else [settles]), *again])
            self._settled.clear()
            self._heirs.clear()
            self._filed += [place for found, places in filed for place in places if found()]
            if durable:
                self._hardened()
            else:
                self._soft = True
            self._unwrapping.forget(places)

    def harden(self, *, of_all: bool = False) -> None:
        """Return once every change of this process so far is on stable storage, also those that were not ``durable``.

        ``of_all``: and every change that other processes have committed.
        """
        with self._turn:
            if of_all or self._soft:
                self.destroy(())

    def subjects(self) -> list[bytes]:
        """Return every subject that has a key."""
        return self._rows.subjects()

    def any(self) -> bool:
        """Say whether there is any key."""
        return self._rows.any()

    def count(self) -> int:
        """Return the number of data keys."""
        return self._rows.count()

    def open_epoch(self) -> Epoch:
        """Begin a new epoch: its key is on stable storage when this returns."""
        return self._wrapping.begin()

    def rewrap(self) -> int:
        """Wrap every key of an older epoch under the current one, check that each opens, and return how many."""
        self.file_heirs()
        self._unwrapping.clear()
        done = 0
        with self._engine.transaction():
            for rows in self._rows.older(self.current.number):
                self._rows.rewrap(list(self._wrapping.anew(rows, self._unwrapping.anew)))
                done += len(rows)
            done += self.lockers.rewrap()
        self._engine.expunge(whole=True)
        return done

    def close_epochs(self) -> list[int]:
        """Destroy the keys of all older epochs and return their numbers. Only after ``rewrap``."""
        return self._wrapping.close_older()

    @property
    def engine(self) -> Engine:
        """The engine of the file, for who cuts its log."""
        return self._engine

    def verify(self) -> None:
        """Read every page and check its seal."""
        self._engine.verify()

    def close(self) -> None:
        """Close the file, also where a store that is busy lets nothing be filed: ``resume`` files what waits."""
        try:
            self.file_heirs()
        finally:
            self._unwrapping.clear()
            self._engine.close()

    def _hardened(self) -> None:
        self._known += self._filed
        self._filed = []
        self._soft = False

    def _newest(self) -> Epoch:
        return self._wrapping.newest()

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

    def _file(self) -> list[tuple[Callable[[], bool], list[tuple[bytes, int]]]]:
        """Let the heirs that wait take their ancestors' places in the open transaction; return which, and what says if they did."""
        done: list[tuple[Callable[[], bool], list[tuple[bytes, int]]]] = []
        if not self._heirs:
            return done
        epoch = self._wrapping.newest()
        for subject, heirs in self._heirs.items():
            parents = {heir.parent: heir for heir in heirs}
            for last in (heir for heir in heirs if heir.bucket not in parents):  # only the last of a line is needed
                bucket = Bucket(subject, last.bucket, last.shelf, last.period)
                wrapped = self._wrapping.under(epoch, last.key, bucket)
                oldest_first = reversed(last.line)  # the store has one of them; what was made here since is not in it
                found = self._rows.inherit(subject, oldest_first, last.bucket, epoch.number, wrapped)
                done.append(
                    (found, [(subject, heir.bucket) for heir in heirs if heir is last or heir.bucket in last.line])
                )
                self._unwrapping.forget((subject, number) for number in last.line)
        return done
