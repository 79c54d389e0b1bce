"""The bytes of messages for use within the room: to make their words again, to check a phrase. They do not leave it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from gestand.archive.model import Kept, Way
from gestand.archive.sealing import open_message, open_way
from gestand.archive.words import Entry, entry_of
from gestand.archive.workroom import Workroom
from gestand.reading.mail import KILLED, Mail, unread
from gestand.vault.place import day_number

Row = TypeVar("Row")
TOGETHER = 192
BYTES = 64 * 1024 * 1024


def raw_of(room: Workroom, kept: Kept, thing: bytes, key: bytes) -> bytes:
    """Return the bytes of a message."""
    return open_message(key, thing, room.store.parts(kept.number), kept.size)


def raws_of(room: Workroom, group: Sequence[tuple[Kept, bytes]], keys: Mapping[bytes, bytes]) -> list[bytes]:
    """Return the bytes of messages, their parts read together."""
    parts = room.store.parts_of([kept.number for kept, _ in group])
    return [open_message(keys[thing], thing, parts.get(kept.number, []), kept.size) for kept, thing in group]


def bytes_of_all(room: Workroom, numbers: Sequence[int]) -> Iterator[dict[int, bytes]]:
    """Yield the bytes of messages by their numbers, some together; those whose key is destroyed are left out."""
    for group in bounded(room.store.sizes, numbers, lambda row: row[2]):
        keys = room.lockers.open_many([thing for _, thing, _ in group])
        there = [(number, thing, size) for number, thing, size in group if thing in keys]
        parts = room.store.parts_of([number for number, _, _ in there])
        yield {n: open_message(keys[thing], thing, parts.get(n, []), size) for n, thing, size in there}


def ways_of(room: Workroom, kept: Kept, thing: bytes, key: bytes) -> tuple[Way, ...]:
    """Return the ways of a message, the one it came by first."""
    found = [open_way(key, thing, sealed) for sealed in room.store.ways(kept.number)]
    return tuple(found)


def entries_of(room: Workroom, numbers: Sequence[int]) -> list[tuple[Entry, bool]]:
    """Return what of messages is in the index, read again; and whether they read as they did when they came.

    Those whose key is destroyed are left out.
    """
    found: list[tuple[Entry, bool]] = []
    for group in groups(room, numbers):
        keys = room.lockers.open_many([thing for _, thing in group])
        there = [(kept, thing, keys[thing]) for kept, thing in group if thing in keys]
        raws = raws_of(room, [(kept, thing) for kept, thing, _ in there], keys)
        mails = read_again(room, [kept for kept, _, _ in there], raws)
        for (kept, thing, key), mail in zip(there, mails, strict=True):
            ways = ways_of(room, kept, thing, key)
            entry = entry_of(kept.number, day_number(kept.received) or 0, mail, ways, room.index_key)
            found.append((entry, mail.why == kept.why))
    return found


def read_again(room: Workroom, kept: Sequence[Kept], raws: Sequence[bytes]) -> list[Mail]:
    """Read messages as they were read when they came: one that could not be is not tried again."""
    tried = [raw for one, raw in zip(kept, raws, strict=True) if one.parsed or one.why != KILLED]
    mails = iter(room.reader.read(tried))
    return [next(mails) if one.parsed or one.why != KILLED else unread(one.why) for one in kept]


def groups(room: Workroom, numbers: Sequence[int]) -> Iterator[list[tuple[Kept, bytes]]]:
    """Yield messages in groups of at most ``TOGETHER`` and, unless it is one alone, ``BYTES``."""
    return bounded(room.store.kept, numbers, lambda one: one[0].size)


def bounded(
    rows: Callable[[Sequence[int]], Iterable[Row]], numbers: Sequence[int], size_of: Callable[[Row], int]
) -> Iterator[list[Row]]:
    """Yield the rows of messages in such groups."""
    for at in range(0, len(numbers), TOGETHER):
        group: list[Row] = []
        size = 0
        for one in rows(numbers[at : at + TOGETHER]):
            if group and size + size_of(one) > BYTES:
                yield group
                group, size = [], 0
            group.append(one)
            size += size_of(one)
        if group:
            yield group
