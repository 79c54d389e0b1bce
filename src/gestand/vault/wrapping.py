"""What data keys are wrapped under: the epochs whose key exists, and the newest of them for what is new."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from gestand.kernel.crypto import KEY_SIZE, NONCE_SIZE
from gestand.kernel.entropy import Entropy
from gestand.vault.epochs import Epoch, EpochFiles
from gestand.vault.rows import KeyRow
from gestand.vault.sealing import bound_key

OPEN = 0  # the period of data without a due date yet


@dataclass(frozen=True, slots=True)
class Bucket:
    """What shares one data key: the data of a subject on one shelf that fall due in one year (0: no date yet)."""

    subject: bytes
    number: int
    shelf: str
    period: int


class Wrapping:
    """Wraps keys under the newest epoch, also when another process has turned the key since."""

    def __init__(self, files: EpochFiles, entropy: Entropy) -> None:
        self._files = files
        self._entropy = entropy
        self._open: dict[int, Epoch] = {}
        numbers = files.numbers()
        self._current = files.open(numbers[-1]) if numbers else files.make(1)
        self._open[self._current.number] = self._current

    @property
    def current(self) -> Epoch:
        """The newest epoch that this process has seen."""
        return self._current

    def newest(self) -> Epoch:
        """Return the newest epoch there is."""
        number = self._files.numbers()[-1]
        if number != self._current.number:
            self._current = self.epoch(number)
        return self._current

    def epoch(self, number: int) -> Epoch:
        """Return an epoch whose key still exists.

        :raises DamagedError: if its file is gone or damaged.
        """
        found = self._open.get(number)
        if found is None:
            found = self._open[number] = self._files.open(number)
        return found

    def numbers(self) -> list[int]:
        """Return the epochs whose key exists, oldest first."""
        return self._files.numbers()

    def begin(self) -> Epoch:
        """Begin a new epoch: its key is on stable storage when this returns."""
        self._current = self._files.make(self._files.numbers()[-1] + 1)
        self._open[self._current.number] = self._current
        return self._current

    def close_older(self) -> list[int]:
        """Destroy the keys of all older epochs and return their numbers. Only after everything was wrapped anew."""
        older = [number for number in self._files.numbers() if number < self._current.number]
        for number in older:
            self._files.destroy(number)
            self._open.pop(number, None)
        return older

    def fresh(self, buckets: Sequence[Bucket]) -> tuple[list[KeyRow], list[bytes]]:
        """Make a key for each bucket; return their rows and the keys."""
        current = self.newest()
        drawn = self._entropy((KEY_SIZE + NONCE_SIZE) * len(buckets))
        epoch, seal = current.number, current.wrapper.seal
        rows: list[KeyRow] = []
        keys: list[bytes] = []
        for at, bucket in zip(range(0, len(drawn), KEY_SIZE + NONCE_SIZE), buckets, strict=True):
            key, nonce = drawn[at : at + KEY_SIZE], drawn[at + KEY_SIZE : at + KEY_SIZE + NONCE_SIZE]
            bound = bound_key(bucket.subject, bucket.number, bucket.shelf, bucket.period, epoch)
            rows.append((bucket.subject, bucket.number, bucket.shelf, bucket.period, epoch, seal(key, bound, nonce)))
            keys.append(key)
        return rows, keys

    def under(self, epoch: Epoch, key: bytes, bucket: Bucket) -> bytes:
        """Wrap a key that is there already under an epoch."""
        bound = bound_key(bucket.subject, bucket.number, bucket.shelf, bucket.period, epoch.number)
        return epoch.wrapper.seal(key, bound, self._entropy(NONCE_SIZE))

    def anew(self, rows: Sequence[KeyRow], key_of: Callable[[KeyRow], bytes]) -> Iterator[KeyRow]:
        """Yield rows wrapped under the current epoch, each checked to open again."""
        number, wrapper = self._current.number, self._current.wrapper
        drawn = self._entropy(NONCE_SIZE * len(rows))
        for at, row in enumerate(rows):
            subject, bucket, shelf, period, *_ = row
            key = key_of(row)
            bound = bound_key(subject, bucket, shelf, period, number)
            again = wrapper.seal(key, bound, drawn[at * NONCE_SIZE : (at + 1) * NONCE_SIZE])
            if wrapper.open(again, bound, "keys.db") != key:
                raise AssertionError("a key does not survive being wrapped")
            yield subject, bucket, shelf, period, number, again
