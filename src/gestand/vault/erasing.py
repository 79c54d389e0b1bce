"""Erasure: unreadable at once, then unmade, then searched for again. Article 17 and 5(1)(e) GDPR.

1. one transaction: the job, ``erasure.begun``, siblings sealed under new keys, tokens gone. From its commit on the items
   neither open nor can be found;
2. the keys are destroyed, and their bytes are taken out of the key store and its log;
3. one transaction: ciphertext and every mark about it deleted, ``key.destroyed``; the log of the main store is cut;
4. a renewed search for rows, tokens and keys, and an attempt to open what was there; ``erasure.done`` says what it found.

Killed anywhere, the job is still there, and ``resume`` goes on from its last stage; each step may be taken twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from gestand.kernel.errors import DamagedError, RefusedError, UsageError
from gestand.kernel.ids import ActorId, ItemId, new_id
from gestand.ledger.model import Event, Fact
from gestand.vault.changing import stage_marked
from gestand.vault.keys import REFERENCE, Ring
from gestand.vault.model import Erasure
from gestand.vault.place import by_subject, day_number, item_id, pack, subject_id, unknown_item, unpack
from gestand.vault.resealing import going, reseal
from gestand.vault.room import Room
from gestand.vault.sealing import bound_value
from gestand.vault.store import ItemRow, Job

_GONE = 1  # the stage at which keys and rows are gone


def erase(room: Room, items: Collection[ItemId], *, ground: str, actor: ActorId) -> Erasure:
    """Erase items for real; see ``Vault.erase``."""
    if room.store.engine.in_transaction():
        raise UsageError(
            "erasure-in-transaction",
            "an erasure cannot be part of a larger change: a destroyed key does not come back when that is undone",
            remedy="Commit first, then erase.",
        )
    grouped = by_subject(items)
    if not grouped:
        return Erasure(new_id("era", room.entropy), 0, 0, 0)
    erasure = new_id("era", room.entropy)
    with room.store.engine.transaction():
        others = going(room)  # erasures that other threads or processes have under way
        leaving = {subject: _present(room, subject, numbers, others) for subject, numbers in grouped.items()}
        rows = [row for of_subject in leaving.values() for row in of_subject]
        reference = room.reference(next(iter(grouped))) if len(grouped) == 1 else ""
        work, change = reseal(room, {s: ({}, {}, {row.number for row in of}) for s, of in leaving.items()})
        already = Counter(subject for subject, _ in others)
        emptied = [s for s, of in leaving.items() if room.store.size(s) == len(of) + already[s]]
        doomed = [*work.doomed, *((subject, REFERENCE) for subject in emptied)]
        places = [(row.subject, row.number) for row in rows]
        room.store.delete_tokens((row.token, row.subject, row.number) for row in rows if row.token)
        room.store.delete_subjects(emptied)
        job = Job(erasure, actor, 0, reference, pack(places), pack(doomed))
        room.store.put_erasure(job)
        facts: dict[str, Fact] = {"erasure": erasure, "ground": ground}
        stage_marked(room, "erasure.begun", actor, facts, rows, reference=reference)
        room.failpoint("erase.begun")
    room.failpoint("erase.unreadable")
    return finish(room, job, settles=change)


def finish(room: Room, job: Job, *, settles: int | None = None) -> Erasure:
    """Take the steps that are left of an erasure. Each may be taken again after a crash."""
    places, doomed = unpack(job.items), unpack(job.keys)
    rows: list[ItemRow] = []
    if job.stage < _GONE:
        room.keys.destroy(doomed, settles=settles)
        room.failpoint("erase.destroyed")
        with room.store.engine.transaction():
            rows = _rows_of(room, places)
            room.store.delete_tokens((row.token, row.subject, row.number) for row in rows if row.token)
            room.store.delete_items(places)
            room.store.set_stage(job.erasure, _GONE)
            keys = sum(1 for _, bucket in doomed if bucket != REFERENCE)
            facts: dict[str, Fact] = {"erasure": job.erasure, "keys": keys, "epoch": room.keys.current.number}
            room.ledger.stage(Event("key.destroyed", room.clock(), job.actor, facts, job.reference))
            room.failpoint("erase.deleted")
    room.failpoint("erase.gone")
    room.store.engine.expunge()
    room.failpoint("erase.expunged")
    found = search(room, places, doomed, rows)
    with room.store.engine.transaction():
        room.store.delete_erasure(job.erasure)
        facts_done: dict[str, Fact] = {"erasure": job.erasure, "items": len(places), "absent": found == 0}
        room.ledger.stage(Event("erasure.done", room.clock(), job.actor, facts_done, job.reference))
        room.failpoint("erase.searched")
    room.failpoint("erase.done")
    return Erasure(job.erasure, len(places), sum(1 for _, bucket in doomed if bucket != REFERENCE), found)


def search(
    room: Room, places: Collection[tuple[bytes, int]], doomed: Collection[tuple[bytes, int]], rows: Collection[ItemRow]
) -> int:
    """Return how many traces are left: rows, tokens, keys, and saved ciphertext that still opens."""
    found = len(_rows_of(room, places))
    living = {subject: set(room.keys.numbers(subject)) for subject in {owner for owner, _ in doomed}}
    found += sum(1 for subject, bucket in doomed if bucket in living[subject])
    found += sum(1 for row in rows if row.token and room.store.has_token(row.token, row.subject, row.number))
    rings = {subject: room.keys.ring(subject) for subject in {row.subject for row in rows}}
    return found + sum(1 for row in rows if _opens(room, row, rings[row.subject]))


def resume(room: Room) -> int:
    """Finish what a crash interrupted; see ``Vault.resume``."""
    with room.store.engine.transaction():  # no other process is between its two commits while we hold this
        for change, subjects in room.keys.unsettled():
            stray: list[tuple[bytes, int]] = []
            for subject in subjects:
                used = room.store.buckets(subject) | ({REFERENCE} if room.store.subject(subject) else set())
                stray.extend((subject, number) for number in room.keys.numbers(subject) if number not in used)
            room.keys.destroy(stray, settles=change)
    jobs = room.store.erasures()
    for job in jobs:
        finish(room, job)
    return len(jobs)


def _present(room: Room, subject: bytes, numbers: list[int], others: Collection[tuple[bytes, int]]) -> list[ItemRow]:
    """Return the rows of the items to erase.

    :raises UsageError: if one is not there.
    :raises RefusedError: if one is held.
    """
    named = set(numbers)
    rows = [
        r for r in room.store.items(subject) if r.number in named and (not others or (subject, r.number) not in others)
    ]
    if len(rows) < len(named):
        gone = min(named - {row.number for row in rows})
        raise unknown_item(item_id(subject_id(subject), gone))
    held = room.marks.held_items(subject, day_number(room.today()) or 0)
    for number in numbers:
        if number in held:
            raise RefusedError(
                "item-held",
                f"a legal hold ({held[number]}) keeps this datum; it may not be erased while the hold stands",
                where=item_id(subject_id(subject), number),
                remedy="Lift the hold first, or leave the datum out.",
            )
    return rows


def _rows_of(room: Room, places: Iterable[tuple[bytes, int]]) -> list[ItemRow]:
    """Return what rows there are of items, read subject by subject."""
    wanted: dict[bytes, set[int]] = {}
    for subject, number in places:
        wanted.setdefault(subject, set()).add(number)
    return [row for subject, numbers in wanted.items() for row in room.store.items(subject) if row.number in numbers]


def _opens(room: Room, row: ItemRow, ring: Ring) -> bool:
    key = ring.sealer(row.bucket)
    if key is None:
        return False
    field = room.catalogue.activity(row.activity).field
    try:
        key.open(row.sealed, bound_value(row.subject, row.number, row.bucket, field), "renewed search")
    except DamagedError:
        return False
    return True
