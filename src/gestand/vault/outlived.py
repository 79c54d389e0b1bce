"""Rows that outlived their keys: an older copy of the data beside a later key store. For a restore.

What was erased after the copy was made has no key any more, and so have the siblings that were sealed again then (6): the
copy holds them under a key that is gone. Both leave the copy; what is left opens. Keys of what the copy never held go too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from gestand.kernel.ids import FieldPath, SubjectId
from gestand.vault.changing import item_mark
from gestand.vault.place import REFERENCE, subject_id
from gestand.vault.ring import Ring
from gestand.vault.room import Room, refer
from gestand.vault.rows import ItemRow


@dataclass(frozen=True, slots=True)
class Outlived:
    """What left a copy because its key is gone: ``erased`` since, as the ledger says; ``sealed_again`` since, counted by field.

    ``emptied``: subjects of whom nothing is left.
    """

    erased: int = 0
    sealed_again: Mapping[FieldPath, int] = field(default_factory=dict)
    emptied: tuple[SubjectId, ...] = ()

    @property
    def total(self) -> int:
        """All data that left."""
        return self.erased + sum(self.sealed_again.values())


def drop_outlived(room: Room, erased: Collection[str]) -> Outlived:
    """Delete every row without a key, and every key without a row; ``erased``: the marks of what the ledger says was erased."""
    marks = frozenset(erased)
    gone, again, emptied = 0, Counter[FieldPath](), list[SubjectId]()
    with room.store.engine.transaction():
        for subject in list(room.store.subjects()):
            ring, rows = room.keys.ring(subject), room.store.items(subject)
            closed = [row for row in rows if not ring.has(REFERENCE) or ring.sealer(row.bucket) is None]
            for row in closed:
                if _erased(row, ring, marks):
                    gone += 1
                else:
                    again[room.catalogue.activity(row.activity).field] += 1
            room.store.delete_tokens((row.token, subject, row.number) for row in closed if row.token)
            room.store.delete_items(closed)
            if len(closed) == len(rows):
                room.store.delete_subjects([subject])
                emptied.append(subject_id(subject))
    _destroy_strays(room)
    return Outlived(gone, dict(again), tuple(emptied))


def _erased(row: ItemRow, ring: Ring, marks: frozenset[str]) -> bool:
    key = ring.reference_key()
    if key is None:  # it dies with a subject's last datum, and with nothing else
        return True
    return not marks.isdisjoint((item_mark(key, row.number), refer(key, row.subject)))


def _destroy_strays(room: Room) -> None:
    strays: list[tuple[bytes, int]] = []
    for subject in room.keys.subjects():
        there = room.store.subject(subject) is not None
        used = room.store.buckets(subject) | {REFERENCE} if there else set[int]()
        living = {number for bucket in used for number in room.keys.ring(subject).line(bucket)}
        strays += [(subject, number) for number in room.keys.numbers(subject) if number not in living]
    room.keys.destroy(strays)
