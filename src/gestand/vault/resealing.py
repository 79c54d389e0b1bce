"""How an item leaves its key. Whatever leaves a bucket, the bucket dies: its other items are sealed again under a new key.

Otherwise an old copy of the store would still hold, under a key that lives on with the siblings, what has left: a wrong
value that was rectified, a datum that was erased from the shelf it had moved to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from gestand.kernel.crypto import NONCE_SIZE, Sealer
from gestand.vault.keys import OPEN, Bucket
from gestand.vault.place import day_of, item_id, key_missing, subject_id
from gestand.vault.room import Room
from gestand.vault.rows import ItemRow
from gestand.vault.sealing import bound_value


@dataclass(slots=True)
class Resealed:
    """What sealing again came to: changed rows, the buckets to be made, and the keys that must die after it."""

    rows: list[ItemRow] = field(default_factory=list)
    doomed: list[tuple[bytes, int]] = field(default_factory=list)
    subjects: set[bytes] = field(default_factory=set)


def reseal(
    room: Room,
    affected: Mapping[bytes, tuple[Mapping[int, ItemRow], Mapping[int, bytes], Collection[int]]],
) -> tuple[Resealed, int]:
    """Seal again what shares a key with what changes or leaves, inside the open transaction of the main store.

    ``affected`` gives for each subject: the changed rows by number (shelf and due date as they shall be), new values by
    number, and the numbers that leave. New keys are on stable storage when this returns; the rows are changed in the
    open transaction. Returns also the unsettled change, to be settled when ``doomed`` is destroyed.
    """
    work = Resealed()
    todo: list[tuple[ItemRow, ItemRow, bytes | None, Bucket]] = []  # before, after, value, bucket
    wanted: dict[tuple[bytes, str, int], Bucket] = {}
    sealers: dict[tuple[bytes, int], Sealer] = {}
    for subject, (changed, values, leaving) in affected.items():
        rows = room.store.items(subject)
        dying = {row.bucket for row in rows if row.number in changed or row.number in leaving}
        work.doomed.extend((subject, bucket) for bucket in sorted(dying))
        work.subjects.add(subject)
        survivors = [row for row in rows if row.bucket in dying and row.number not in leaving]
        if not survivors:
            continue
        living = {row.bucket for row in rows} - dying
        kept: dict[tuple[str, int], int] = {}
        for place, number, sealer in room.keys.of_subject(subject):
            sealers[subject, number] = sealer
            if number in living:
                kept[place] = number
        last = room.known(subject).last_bucket
        for before in survivors:
            after = changed.get(before.number, before)
            due = day_of(after.due)
            place = (str(room.catalogue.activity(after.activity).shelf), due.year if due else OPEN)
            if place in kept:
                bucket = Bucket(subject, kept[place], *place)
            elif (subject, *place) in wanted:
                bucket = wanted[subject, *place]
            else:
                last += 1
                bucket = wanted[subject, *place] = Bucket(subject, last, *place)
            todo.append((before, after, values.get(before.number), bucket))
        room.store.set_last_bucket(subject, last)
    rows_of_keys, keys = room.keys.wrap(list(wanted.values()))
    change = room.keys.add(rows_of_keys, work.subjects)
    room.failpoint("reseal.keys")
    sealers |= {(b.subject, b.number): Sealer(key) for b, key in zip(wanted.values(), keys, strict=True)}
    work.rows = _sealed_again(room, todo, sealers)
    room.store.change_items(work.rows)
    return work, change


def _sealed_again(
    room: Room,
    todo: list[tuple[ItemRow, ItemRow, bytes | None, Bucket]],
    sealers: dict[tuple[bytes, int], Sealer],
) -> list[ItemRow]:
    drawn = room.entropy(NONCE_SIZE * len(todo))
    found = []
    for at, (before, after, new_value, bucket) in enumerate(todo):
        subject, number = before.subject, before.number
        field_path = room.catalogue.activity(before.activity).field
        value = new_value
        if value is None:
            sealer = sealers.get((subject, before.bucket))
            where = item_id(subject_id(subject), number)
            if sealer is None:
                raise key_missing(where)
            value = sealer.open(before.sealed, bound_value(subject, number, before.bucket, field_path), where)
        sealed = sealers[subject, bucket.number].seal(
            value,
            bound_value(subject, number, bucket.number, field_path),
            drawn[at * NONCE_SIZE : (at + 1) * NONCE_SIZE],
        )
        found.append(after._replace(bucket=bucket.number, sealed=sealed))
    return found
