"""The keys of one subject, for the length of one call.

A bucket whose rows were sealed again has an *heir*: the next key is made from the last by a step that cannot be undone, so
that rows may be sealed under it before the key store has heard of it. ``kin`` says which bucket comes from which, for as
long as the key store may still hold the older one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from gestand.kernel.crypto import KEY_SIZE, Sealer, mac
from gestand.vault.place import REFERENCE
from gestand.vault.rows import KeyRow
from gestand.vault.unwrapping import Unwrapping

Kin = Callable[[Sequence[bytes]], dict[bytes, dict[int, int]]]
"""Tells of subjects from which bucket each comes of which the key store may have only an ancestor."""


class Heir(NamedTuple):
    """A key made from that of ``parent``, to take its place.

    ``line``: the numbers under which the key store may have what it is made from, the parent's first: another thread or
    process may file an ancestor's heir at any moment.
    """

    subject: bytes
    bucket: int
    parent: int
    line: tuple[int, ...]
    shelf: str
    period: int
    key: bytes


def heir_key(key: bytes) -> bytes:
    """Return the key that follows ``key``: HMAC-SHA256, so that nobody gets from the later to the earlier one."""
    return mac(key, b"gestand/heir/1\x00", KEY_SIZE)


class Ring:
    """The keys of one subject, unwrapped one by one as they are asked for."""

    __slots__ = ("_keys", "_kin", "_lines", "_open", "_rows", "_subject", "_unwrapping")

    def __init__(
        self,
        subject: bytes,
        rows: dict[int, KeyRow],
        unwrapping: Unwrapping,
        kin: Callable[[], dict[bytes, dict[int, int]]],
    ) -> None:
        self._subject = subject
        self._rows = rows
        self._unwrapping = unwrapping
        self._kin = kin
        self._open: dict[int, Sealer] = {}
        self._keys: dict[int, bytes] = {}
        self._lines: dict[int, tuple[int, ...]] = {}

    def sealer(self, bucket: int) -> Sealer | None:
        """Return the data key of a bucket, or None once it is destroyed."""
        found = self._open.get(bucket)
        if found is None:
            row = self._rows.get(bucket)
            if row is not None and bucket not in self._keys:
                found = self._unwrapping.sealer(row)
            elif (key := self.key(bucket)) is not None:
                found = Sealer(key)
            else:
                return None
            self._open[bucket] = found
        return found

    def key(self, bucket: int) -> bytes | None:
        """Return the bytes of a data key, to make its heir from; None once it is destroyed."""
        found = self._keys.get(bucket)
        if found is not None:
            return found
        row = self._rows.get(bucket)
        if row is not None:
            return self._unwrapping.key(row)
        return self._descend(bucket)

    def line(self, bucket: int) -> tuple[int, ...]:
        """Return the numbers under which the key store may have this bucket's key or an ancestor's, its own first."""
        if bucket not in self._rows:
            self.key(bucket)
        return (bucket, *self._lines.get(bucket, ()))

    def place(self, bucket: int) -> tuple[str, int] | None:
        """Return shelf and period of a bucket, None once it is destroyed."""
        row = next((self._rows[number] for number in self.line(bucket) if number in self._rows), None)
        return (row[2], row[3]) if row else None

    def places(self, living: Collection[int]) -> Iterator[tuple[tuple[str, int], int]]:
        """Yield shelf and period, and number, of those buckets of ``living`` that have a key; in order of number."""
        for bucket in sorted(living):
            found = self.place(bucket)
            if found is not None and bucket != REFERENCE:
                yield found, bucket

    def last(self) -> int:
        """Return the highest number under which the key store has a key, also one whose rows were rolled back; or 0."""
        return max(self._rows, default=0)

    def has(self, bucket: int) -> bool:
        """Say whether the key store has a key of this number."""
        return bucket in self._rows

    def reference_key(self) -> bytes | None:
        """Return the key of the subject's ledger reference, or None once it is destroyed."""
        row = self._rows.get(REFERENCE)
        return self._unwrapping.key(row) if row else None

    def inherit(self, heir: Heir) -> None:
        """Take an heir into account that the key store does not have yet, if its ancestor is still there."""
        row = next((self._rows[number] for number in heir.line if number in self._rows), None)
        if row is not None and heir.bucket not in self._rows:
            self._rows[heir.bucket] = row
            self._keys[heir.bucket], self._lines[heir.bucket] = heir.key, heir.line

    def _descend(self, bucket: int) -> bytes | None:
        """Make the key of a bucket from that of an ancestor which the key store still has."""
        kin = self._kin().get(self._subject, {})
        line, at = list[int](), bucket
        while at not in self._rows and at in kin and len(line) <= len(kin):
            at = kin[at]
            line.append(at)
        row = self._rows.get(at)
        if row is None or not line:
            return None
        key = self._keys.get(at) or self._unwrapping.key(row)
        for _ in line:
            key = heir_key(key)
        self._keys[bucket], self._lines[bucket] = key, (*line, *self._lines.get(at, ()))
        return key
