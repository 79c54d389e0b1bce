"""Rows of the vault as they are read and written: a subject, an item, an erasure under way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

from gestand.kernel.ids import ActorId
from gestand.storage.engine import Row

T = TypeVar("T")
SUBJECTS_TOGETHER = 64  # subjects read by one statement
RESTRICTED = 1  # bits of an item's state
RECTIFIED = 2

KeyRow = tuple[bytes, int, str, int, int, bytes]
"""Subject, bucket, shelf, period, epoch, wrapped key: as it stands in the key store."""


class SubjectRow(NamedTuple):
    """A subject: counters that never run back, and the purposes objected and consented to, as bits."""

    subject: bytes
    kind: int
    added: int
    last_item: int
    last_bucket: int
    objected: int
    consented: int


class ItemRow(NamedTuple):
    """An item as it stands in its row."""

    subject: bytes
    number: int
    activity: int
    bucket: int
    state: int
    collected: int
    trigger_on: int | None
    due: int | None
    dossier: str | None
    token: bytes | None
    sealed: bytes


class Job(NamedTuple):
    """An erasure under way: what no longer opens, and the keys that may still exist.

    ``stage``: how many rows of a whole subject were cleared so far.
    """

    erasure: str
    actor: ActorId
    stage: int
    reference: str
    items: bytes
    keys: bytes


def padded(values: Sequence[T], length: int) -> list[T]:
    """Return the values, the first repeated to ``length``, so that one prepared statement serves any number."""
    return [*values, *[values[0]] * (length - len(values))]


def seconds(at: datetime) -> int:
    """Return an instant as it stands in a row."""
    return int(at.timestamp())


def instant(at: int) -> datetime:
    """Undo ``seconds``."""
    return datetime.fromtimestamp(at, UTC)


def subject_row(row: Row) -> SubjectRow:
    """Return a row of the store as a subject."""
    return SubjectRow._make(row)


def item_row(row: Row) -> ItemRow:
    """Return a row of the store as an item."""
    return ItemRow._make(row)
