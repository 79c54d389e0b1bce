"""Erasing messages for real, resumable at every step.

1. noted, with the ledger's ``message.erasing``; the same bytes coming in from now on are another message; 2. their words and
people out of the index, by the very words with which they went in; 3. their keys destroyed, on stable storage; 4. every
row, with ``message.erased``; 5. the logs cut, and a renewed search. Killed anywhere, the next opening of the archive goes on.
"""

from __future__ import annotations

from collections.abc import Sequence

from gestand.archive.contents import entries_of
from gestand.archive.holds import Holds
from gestand.archive.indexing import reindex
from gestand.archive.model import Kept, MessageErasure
from gestand.archive.workroom import NAMED, Workroom
from gestand.kernel.errors import GestandError, RefusedError, UsageError
from gestand.kernel.ids import ActorId, new_id
from gestand.ledger.model import Event, Fact


def erase(room: Workroom, messages: Sequence[tuple[Kept, bytes]], *, ground: str, actor: ActorId) -> MessageErasure:
    """Erase messages; see ``Archive.erase``."""
    if room.store.engine.in_transaction():
        raise UsageError(
            "erasure-in-transaction",
            "an erasure cannot be part of a larger change: a destroyed key does not come back when that is undone",
            remedy="Erase after the change is committed.",
        )
    for kept, _ in messages:
        _refuse_held(room, kept)
    first, found = "", 0
    for at in range(0, len(messages), NAMED):
        group = messages[at : at + NAMED]
        erasure = new_id("era", room.entropy)
        first = first or erasure
        facts: dict[str, Fact] = {
            "erasure": erasure,
            "messages": len(group),
            "ground": ground,
            "ids": tuple(kept.message for kept, _ in group),
        }
        with room.store.engine.transaction():
            room.store.begin_erasure(erasure, ground, actor, [kept.number for kept, _ in group])
            room.ledger.stage(Event("message.erasing", room.clock(), actor, facts))
        room.failpoint("erase.begun")
        found += _finish(room, erasure, actor, [kept.number for kept, _ in group])
    return MessageErasure(first, len(messages), found)


def resume(room: Workroom) -> int:
    """Finish the erasures that were interrupted; return how many messages they were."""
    done = 0
    for erasure, _, actor, numbers in room.store.erasures():
        _finish(room, erasure, ActorId(actor), numbers)
        done += len(numbers)
    return done


def _finish(room: Workroom, erasure: str, actor: ActorId, numbers: Sequence[int]) -> int:
    things = [thing for _, thing in room.store.kept(numbers)]
    missing = set(room.index.missing(numbers))
    entries = entries_of(room, [number for number in numbers if number not in missing])
    sure = len(entries) == len(numbers) - len(missing) and all(same for _, same in entries) and room.index.current
    if sure:
        room.index.remove([entry for entry, _ in entries])
    room.failpoint("erase.index")
    room.lockers.destroy(things)
    room.failpoint("erase.keys")
    with room.store.engine.transaction():
        room.store.delete(erasure, numbers)
        facts: dict[str, Fact] = {"erasure": erasure, "messages": len(numbers), "absent": True}
        room.ledger.stage(Event("message.erased", room.clock(), actor, facts))
    room.failpoint("erase.rows")
    if not sure:  # it reads otherwise than when it came, so its words cannot be told: the index is made without it
        reindex(room, lambda _done: None)
    _cut(room)
    left = len(room.store.there(things)) + len(room.lockers.open_many(things))
    return left + len(numbers) - len(room.index.missing(numbers))


def _cut(room: Workroom) -> None:
    try:
        room.vault.cut_residue()
    except GestandError as fault:
        if fault.code != "store-busy":
            raise


def _refuse_held(room: Workroom, kept: Kept) -> None:
    held = Holds(room).of(kept, room.today())
    if held is not None:
        raise RefusedError(
            "message-held",
            f"a legal hold lies on it: {held[0]}",
            where=kept.message,
            remedy="Lift the hold first, if it may be lifted.",
        )
