"""Keeping the index in step with the store: what was added, what a crash left out, and all of it anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from gestand.archive.admitting import Batch
from gestand.archive.contents import entries_of
from gestand.archive.model import Coverage
from gestand.archive.words import entry_of, envelope_tokens
from gestand.archive.workroom import Workroom
from gestand.kernel.errors import GestandError
from gestand.vault.place import day_number

CATCH_UP: Final = 2_000
"""So many messages are put into the index before a search; more are left to ``gestand archive reindex``."""
TOGETHER: Final = 512


def add_batch(room: Workroom, batch: Batch) -> None:
    """Put a batch that is on stable storage into the index."""
    entries = [
        entry_of(one.number, day_number(one.received) or 0, one.mail, [one.way], room.index_key) for one in batch.fresh
    ]
    room.index.add(entries, room.store.staying)
    for number, way in batch.more_ways:
        room.index.add_tokens(number, envelope_tokens(way, room.index_key))
    room.failpoint("admit.index")


def coverage(room: Workroom) -> Coverage:
    """Return how many messages are in the store, and how many a search finds: none, in an index of another version."""
    return Coverage(room.store.counts()[0], room.index.count() if room.index.current else 0)


def catch_up(room: Workroom) -> None:
    """Put into the index what a crash left out; where it has what is kept no more, make it anew.

    :raises GestandError: ``archive-index-behind`` if that is much, or another version made it: rebuilding is for the owner to begin.
    """
    ends = (room.store.last(), room.index.last())
    if room.index.checked == ends:  # nothing came in since the last look: counting a large archive takes a while
        return
    stored, indexed = coverage(room)
    if stored == indexed:
        room.index.checked = ends
        return
    missing = room.index.missing(list(room.store.numbers())) if room.index.current else []
    leaving = {number for *_, numbers in room.store.erasures() for number in numbers}
    missing = [number for number in missing if number not in leaving]
    surplus = room.index.surplus(room.store.numbers) if room.index.current else []
    if surplus and stored <= CATCH_UP:  # whose words nobody knows any more, so that they cannot be taken out
        reindex(room, lambda _done: None)
        return
    if not room.index.current or surplus or len(missing) > CATCH_UP:
        raise GestandError(
            "archive-index-behind",
            f"{stored} messages are kept and {indexed} are in the index, so a search would miss some"
            + ("" if room.index.current else "; it was made by another version of the program, which read less")
            + (f"; {len(surplus)} in it are kept no more" if surplus else ""),
            where="data/archive-index.db",
            remedy="Run 'gestand archive reindex'.",
        )
    _add(room, missing, lambda _done: None)


def reindex(room: Workroom, told: Callable[[int], None]) -> int:
    """Build the index anew and return how many messages are in it; ``told`` is called with how many are done."""
    room.index.clear()
    _add(room, list(room.store.numbers()), told)
    return room.index.count()


def _add(room: Workroom, numbers: Sequence[int], told: Callable[[int], None]) -> None:
    for at in range(0, len(numbers), TOGETHER):
        entries = [entry for entry, _ in entries_of(room, numbers[at : at + TOGETHER])]
        room.index.add(entries, room.store.staying)
        told(min(at + TOGETHER, len(numbers)))
