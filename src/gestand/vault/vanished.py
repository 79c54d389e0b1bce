"""A datum whose key is gone: erased, as the ledger says, or damaged. Rows leave the store before their keys are destroyed."""

from __future__ import annotations

from collections.abc import Collection

from gestand.vault.changing import item_mark
from gestand.vault.room import Room, refer


def erased(room: Room, subject: bytes, numbers: Collection[int]) -> set[int]:
    """Return those items of a subject of which the ledger says that they were erased."""
    key = room.keys.reference_key(subject)
    if key is None:
        return set()
    whole = refer(key, subject)
    by_mark = {item_mark(key, number): number for number in numbers}
    found: set[int] = set()
    for entry in room.ledger.entries():
        marks = entry.event.facts.get("marks") if entry.event.name == "erasure.begun" else None
        if isinstance(marks, tuple):
            found.update(numbers if whole in marks else (by_mark[mark] for mark in marks if mark in by_mark))
    return found
