"""Where a datum stands: its subject (10 random bytes) and its number within the subject, and the ids that name both.

An item's id carries its subject's, so that no index from item to subject is needed and everything about one subject
lies together. Neither id ever goes into the ledger: there only references under a key that dies with the subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from gestand.kernel.errors import DamagedError, UsageError
from gestand.kernel.ids import ItemId, SubjectId

SUBJECT_SIZE = 10
REFERENCE = 0  # the bucket number of a subject's reference key
_WORD = 16  # base-32 digits of a subject (RFC 4648, small letters)
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_DIGITS = str.maketrans(_ALPHABET + "0189", "0123456789abcdefghijklmnopqrstuv" + "----")
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_SHIFTS = range(70, -1, -10)
_EPOCH = date(1970, 1, 1)
_NUMBER_SIZE = 4
_ITEM = re.compile(rf"itm_([a-zA-Z2-7]{{{_WORD}}})_([0-9]{{1,9}})").fullmatch


def subject_bytes(subject: SubjectId) -> bytes:
    """Return the 10 bytes that ``sub_...`` stands for.

    :raises UsageError: if it is no subject id.
    """
    word = subject[4:].lower().translate(_DIGITS)
    if len(word) == _WORD and word.isalnum() and word.isascii() and subject.startswith("sub_"):
        return int(word, 32).to_bytes(SUBJECT_SIZE, "big")
    raise UsageError(
        "subject-unknown",
        f"'{subject}' is no subject id; one looks like sub_ and 16 letters and digits",
        remedy="Find the subject with 'gestand subject find'.",
    )


def subject_id(subject: bytes) -> SubjectId:
    """Return the id of the subject with these 10 bytes."""
    number, pairs = int.from_bytes(subject, "big"), _PAIRS
    return SubjectId("sub_" + "".join([pairs[number >> at & 1023] for at in _SHIFTS]))


def item_id(subject: SubjectId, number: int) -> ItemId:
    """Return the id of item ``number`` of ``subject``."""
    return ItemId(f"itm_{subject[4:]}_{number}")


def item_place(item: ItemId) -> tuple[bytes, int]:
    """Return the subject's bytes and the item's number.

    :raises UsageError: if it is no item id.
    """
    found = _ITEM(item)
    if found is None:
        raise unknown_item(item)
    word, number = found.groups()
    return int(word.lower().translate(_DIGITS), 32).to_bytes(SUBJECT_SIZE, "big"), int(number)


def unknown_item(item: ItemId) -> UsageError:
    """Return the error for an item that is not there."""
    return UsageError(
        "item-unknown",
        f"'{item}' is no item in the vault; it may have been erased",
        remedy="List what is held of the subject with 'gestand subject show'.",
    )


def unknown_subject(subject: SubjectId) -> UsageError:
    """Return the error for a subject that is not there."""
    return UsageError(
        "subject-unknown",
        f"there is no subject {subject}; all its data may have been erased",
        remedy="Find the subject with 'gestand subject find'.",
    )


def by_subject(items: Iterable[ItemId]) -> dict[bytes, list[int]]:
    """Group items by subject, each once, in order of number."""
    found: dict[bytes, set[int]] = {}
    for item in items:
        subject, number = item_place(item)
        if subject in found:
            found[subject].add(number)
        else:
            found[subject] = {number}
    return {subject: sorted(numbers) for subject, numbers in found.items()}


def pack(places: Iterable[tuple[bytes, int]]) -> bytes:
    """Return pairs of subject and number as bytes, 14 a pair."""
    return b"".join(subject + number.to_bytes(_NUMBER_SIZE, "big") for subject, number in places)


def unpack(packed: bytes) -> list[tuple[bytes, int]]:
    """Undo ``pack``."""
    size = SUBJECT_SIZE + _NUMBER_SIZE
    return [
        (packed[at : at + SUBJECT_SIZE], int.from_bytes(packed[at + SUBJECT_SIZE : at + size], "big"))
        for at in range(0, len(packed), size)
    ]


def day_number(day: date | None) -> int | None:
    """Return a date as the number of days since 1970-01-01, as it stands in a row."""
    return None if day is None else (day - _EPOCH).days


def day_of(number: int | None) -> date | None:
    """Undo ``day_number``."""
    return None if number is None else _EPOCH + timedelta(number)


def key_missing(where: str) -> DamagedError:
    """Return the error for data whose key is gone though nothing says that they were erased."""
    return DamagedError(
        "key-missing",
        "the key of a datum is gone though the datum was not erased",
        where=where,
        remedy="The key store was cut short (keys.db-wal) or is an older copy. Put the newest one back, or run "
        "'gestand restore' with data and keys of one backup; nothing was changed.",
    )
