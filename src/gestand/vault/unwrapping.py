"""Unwrapped keys, remembered for a while: the same few subjects are asked for again and again.

A key is used only where the key store has just shown its row with the same bytes, so that what was destroyed, by whichever
process, opens nothing; who destroys one forgets it here at once. What opens and seals with it is made anew each time: it
takes 2.4 kB of memory, and making it less time than fetching it from there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from itertools import islice

from gestand.kernel.crypto import Sealer
from gestand.vault.epochs import Epoch
from gestand.vault.place import REFERENCE
from gestand.vault.rows import KeyRow
from gestand.vault.sealing import bound_key

_MOST = 16_384  # subjects, of some 800 bytes each
_OF_ONE = 15  # keys of one subject, beside the newest


class Unwrapping:
    """Opens wrapped keys, each once as long as it is remembered. Threads may share it."""

    def __init__(self, epoch: Callable[[int], Epoch]) -> None:
        self._epoch = epoch
        # Bucket, as wrapped, and the key: tuples, which the collector of garbage need not look through each time.
        self._known: dict[bytes, tuple[tuple[int, bytes, bytes], ...]] = {}
        self._turn = threading.Lock()

    def key(self, row: KeyRow) -> bytes:
        """Return the key of a row."""
        subject, bucket, wrapped = row[0], row[1], row[5]
        for number, was, key in self._known.get(subject, ()):
            if number == bucket and was == wrapped:
                return key
        key = self.anew(row)
        with self._turn:
            if len(self._known) >= _MOST and subject not in self._known:
                for old in list(islice(self._known, _MOST // 4)):
                    del self._known[old]
            self._known[subject] = (*self._others(subject, bucket)[-_OF_ONE:], (bucket, wrapped, key))
        return key

    def sealer(self, row: KeyRow) -> Sealer:
        """Return the key of a row, ready to seal and open."""
        return Sealer(self.key(row))

    def anew(self, row: KeyRow) -> bytes:
        """Return the key of a row, opened now and not remembered."""
        subject, bucket, shelf, period, epoch, wrapped = row
        bound = bound_key(subject, bucket, shelf, period, epoch)
        return self._epoch(epoch).wrapper.open(wrapped, bound, f"keys.db, bucket {bucket}")

    def forget(self, places: Iterable[tuple[bytes, int]]) -> None:
        """Forget the keys of these subjects and buckets; with that of a reference, all of its subject."""
        with self._turn:
            for subject, bucket in places:
                if bucket == REFERENCE:
                    self._known.pop(subject, None)
                elif subject in self._known:
                    self._known[subject] = self._others(subject, bucket)

    def _others(self, subject: bytes, bucket: int) -> tuple[tuple[int, bytes, bytes], ...]:
        return tuple([one for one in self._known.get(subject, ()) if one[0] != bucket])

    def clear(self) -> None:
        """Forget every key."""
        with self._turn:
            self._known.clear()
