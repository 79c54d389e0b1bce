"""Erasure: unreadable at once, then searched for again, then out of the logs. Article 17 and 5(1)(e) GDPR.

1. one transaction: the job, ``erasure.begun``, siblings sealed under new keys; ciphertext, tokens and every mark deleted.
   From its commit on the items neither open nor can be found;
2. the keys are destroyed: what an older copy of the rows holds opens no more in this store. A power cut may undo this
   step alone: the job is still there, and it is taken again before anything opens;
3. a renewed search for rows, tokens and keys, and an attempt to open what was there;
4. within a second, for many erasures at once: the keys are gone on stable storage, ``key.destroyed`` and
   ``erasure.done`` say so and what the search found (``concluding``), and the bytes are cut out of the logs of both stores
   (``residue``).

A whole subject goes by its keys, however many its items: 1. the subject's row with what it objected and consented to, by
which everything of it is reached; 2. the keys; then its rows set by set, and 3. and 4. as above.

Killed anywhere, the job is still there, and ``resuming`` goes on; each step may be taken twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from gestand.kernel.errors import DamagedError, RefusedError, UsageError
from gestand.kernel.ids import ActorId, ItemId, SubjectId, new_id
from gestand.ledger.model import Event, Fact
from gestand.vault.changing import stage_marked
from gestand.vault.concluding import Done
from gestand.vault.model import Erasure
from gestand.vault.place import (
    REFERENCE,
    by_subject,
    day_number,
    item_id,
    pack,
    subject_bytes,
    subject_id,
    unknown_item,
    unpack,
)
from gestand.vault.resealing import Affected, Resealed, reseal
from gestand.vault.ring import Ring
from gestand.vault.room import Room, refer
from gestand.vault.rows import ItemRow, Job, SubjectRow, item_row
from gestand.vault.sealing import bound_value
from gestand.vault.set_rows import Bounds, SetRows

EVERY = 2**32 - 1
"""Stands in a job for all items of a subject; no item has this number."""
_FEW = 64  # items of one subject: with so few, all of it is read at once
_ANCESTOR = 2**31
"""Marks in a job a key from which a dying one is made: it dies too, and is not counted."""


def erase(room: Room, items: Collection[ItemId], *, ground: str, actor: ActorId) -> Erasure:
    """Erase items for real; see ``Vault.erase``."""
    _refuse_within(room)
    grouped = by_subject(items)
    erasure = new_id("era", room.entropy)
    if not grouped:
        return Erasure(erasure, 0, 0, 0)
    about = next(iter(grouped)) if len(grouped) == 1 and len(items) < _FEW else b""
    begun = about and _begin_erasing(room, erasure, grouped, about=about, beside=True, ground=ground, actor=actor)
    if not begun:
        begun = _begin_erasing(room, erasure, grouped, about=about, beside=False, ground=ground, actor=actor)
    assert begun
    room.failpoint("erase.unreadable")
    return finish(room, *begun)


def _begin_erasing(
    room: Room,
    erasure: str,
    grouped: Mapping[bytes, list[int]],
    *,
    about: bytes,
    beside: bool,
    ground: str,
    actor: ActorId,
) -> tuple[Job, Sequence[ItemRow], Resealed] | None:
    """Take the first step in a transaction. ``about``: the one subject of all items, if there are few.

    ``beside``: beside others who are about other subjects; None, and nothing is done, if it would touch what is theirs too.
    """
    with room.store.engine.transaction(about=about if beside else b""):
        alone = _read_alone(room, about) if about else None
        if alone is not None and beside and room.store.engine.remote and alone.touches_others(grouped[about]):
            return None
        references = room.keys.references(list(grouped)) if alone is None else alone.references()
        rows = _present(room, grouped, references, alone)
        held = room.marks.ask_any_hold()() if alone is None else alone.held
        if held:
            for subject, numbers in grouped.items():
                _refuse_held(room, subject, numbers)

        def delete() -> None:
            room.store.delete_tokens((row.token, row.subject, row.number) for row in rows if row.token)
            room.store.delete_items(rows, held=held)

        job, work = _begin(room, erasure, rows, references, delete, alone=alone, ground=ground, actor=actor)
    return job, rows, work


def erase_set(room: Room, part: Bounds, *, ground: str, actor: ActorId) -> tuple[Erasure, int]:
    """Erase what is in a part of a set; return also how many subjects that touched."""
    _refuse_within(room)
    erasure = new_id("era", room.entropy)
    sets = SetRows(room.store.engine)
    with room.store.engine.transaction():
        rows = sets.rows(part)
        owners = sorted({row.subject for row in rows})
        if not owners:
            return Erasure(erasure, 0, 0, 0), 0
        references = room.keys.references(owners)
        job, work = _begin(room, erasure, rows, references, lambda: sets.delete(part, rows), ground=ground, actor=actor)
    room.failpoint("erase.unreadable")
    return finish(room, job, rows, work), len(owners)


def _begin(
    room: Room,
    erasure: str,
    rows: Sequence[ItemRow],
    references: Mapping[bytes, bytes],
    delete: Callable[[], None],
    *,
    alone: _Alone | None = None,
    ground: str,
    actor: ActorId,
) -> tuple[Job, Resealed]:
    """Take the first step in the open transaction; ``delete`` removes ``rows`` with their tokens and marks.

    ``alone``: the one subject that they are of, where it was read already.
    """
    grouped: dict[bytes, list[int]] = {}
    for row in rows:
        grouped.setdefault(row.subject, []).append(row.number)
    if alone is None and len(grouped) == 1 and len(rows) < _FEW:
        alone = _read_alone(room, rows[0].subject)
    dying = sorted({(row.subject, row.bucket) for row in rows})
    delete()
    if alone is None:
        sharing = {subject for subject, _ in room.store.still_used(dying)}
        emptied = room.store.without_items(sorted(grouped))
        unfiled = room.keys.unfiled(dying)
        rings = room.keys.rings(sorted({*sharing, *(subject for subject, _ in unfiled)})) if sharing or unfiled else {}
        leaving = [_leaving(room, s, rows, grouped[s], rings[s]) for s in sorted(sharing)]
    else:
        subject = rows[0].subject
        staying = {row.bucket for row in alone.rows if row.number not in grouped[subject]}
        emptied, unfiled, rings = [] if staying else [subject], set(dying), {subject: alone.ring}
        leaving = [alone.leaving(grouped[subject])] if any(bucket in staying for _, bucket in dying) else []
    work = reseal(room, leaving) if leaving else Resealed()
    lines = {(subject, number) for subject, bucket in unfiled for number in rings[subject].line(bucket)}
    ancestors = [(subject, bucket | _ANCESTOR) for subject, bucket in sorted(lines.difference(dying))]
    doomed = [*dying, *((subject, REFERENCE) for subject in emptied), *ancestors]
    reference = refer(references.get(rows[0].subject, b""), rows[0].subject) if len(grouped) == 1 else ""
    places = [(row.subject, row.number) for row in rows]
    room.empty(emptied)
    job = Job(erasure, actor, 0, reference, pack(places), pack(doomed))
    room.store.put_erasure(job)
    facts: dict[str, Fact] = {"erasure": erasure, "ground": ground}
    stage_marked(room, "erasure.begun", actor, facts, rows, reference=reference, keys=references)
    room.failpoint("erase.begun")
    return job, work


@dataclass(frozen=True, slots=True)
class _Alone:
    """The one subject whose items leave: all of its rows, and its keys, read at once."""

    owner: SubjectRow | None
    rows: Sequence[ItemRow]
    ring: Ring
    held: bool
    """Whether there is any hold, over whomever."""

    def references(self) -> dict[bytes, bytes]:
        """Return the key of its ledger reference, if there is one."""
        key = self.ring.reference_key()
        return {} if key is None or self.owner is None else {self.owner.subject: key}

    def touches_others(self, numbers: Collection[int]) -> bool:
        """Say whether erasing these touches what is not of this subject alone: a hold, or what goes with the last datum."""
        return self.held or all(row.number in numbers for row in self.rows)

    def leaving(self, numbers: Collection[int]) -> Affected:
        """Return it as it stood, with what leaves."""
        assert self.owner is not None  # who is not there has no rows that leave
        return Affected(self.owner, self.rows, self.ring, leaving=frozenset(numbers))


def _read_alone(room: Room, subject: bytes) -> _Alone:
    asked = room.store.owner_and_rows(subject, None)
    any_hold = room.marks.ask_any_hold()
    ring = room.keys.ring(subject)  # on a server while the rows are on their way
    owner, found = asked()
    return _Alone(owner, [item_row(row) for row in found], ring, any_hold())


def _leaving(room: Room, subject: bytes, read: Sequence[ItemRow], numbers: Collection[int], ring: Ring) -> Affected:
    """Return a subject as it stood: what was read of it before the deletion, and what still is there."""
    rows = {row.number: row for row in [*read, *room.store.items(subject)] if row.subject == subject}
    return Affected(room.known(subject), [rows[at] for at in sorted(rows)], ring, leaving=frozenset(numbers))


def erase_subject(room: Room, subject: SubjectId, *, ground: str, actor: ActorId) -> Erasure:
    """Erase all that is held of a subject; see ``Vault.erase_subject``."""
    _refuse_within(room)
    place = subject_bytes(subject)
    erasure = new_id("era", room.entropy)
    with room.store.engine.transaction():
        room.known(place)
        _refuse_held(room, place, None)
        reference = room.reference(place)
        doomed = [(place, number) for number in room.keys.numbers(place)]
        room.empty([place])
        job = Job(erasure, actor, 0, reference, pack([(place, EVERY)]), pack(doomed))
        room.store.put_erasure(job)
        facts: dict[str, Fact] = {"erasure": erasure, "ground": ground, "marks": (reference,)}
        room.ledger.stage(Event("erasure.begun", room.clock(), actor, facts, reference))
        room.failpoint("erase.begun")
    room.failpoint("erase.unreadable")
    return finish(room, job, [])


def finish(room: Room, job: Job, rows: Sequence[ItemRow], work: Resealed | None = None) -> Erasure:
    """Take the steps that are left of an erasure. Each may be taken again after a crash."""
    places, named = unpack(job.items), unpack(job.keys)
    doomed = [(subject, bucket & ~_ANCESTOR) for subject, bucket in named]
    if work is not None:
        room.keys.inherit(work.heirs)
    room.keys.destroy(doomed, settles=work.change if work else None, durable=False)
    room.failpoint("erase.destroyed")
    items = job.stage
    for subject, number in places:
        if number == EVERY:
            items += _clear(room, job.erasure, subject)
    found = search(room, places, doomed, rows)
    keys = sum(1 for _, bucket in named if bucket != REFERENCE and not bucket & _ANCESTOR)
    items = items or len(places)
    room.failpoint("erase.searched")
    room.concluding.add(Done(job, items, keys, found, room.clock()))
    room.residue.left()
    room.failpoint("erase.done")
    return Erasure(job.erasure, items, keys, found)


def search(
    room: Room, places: Collection[tuple[bytes, int]], doomed: Sequence[tuple[bytes, int]], rows: Collection[ItemRow]
) -> int:
    """Return how many traces are left: rows, tokens, keys, and saved ciphertext that still opens."""
    owners = sorted({row.subject for row in rows})
    asked = room.store.ask_left([place for place in places if place[1] != EVERY], owners)
    left = room.keys.left(doomed)  # on a server while the rows are counted
    counted, kin = asked()
    found = counted + sum(room.store.size(subject) for subject, number in places if number == EVERY)
    found += len(left) + room.store.count_tokens((row.token, row.subject, row.number) for row in rows if row.token)
    suspect = {subject for subject, _ in left} | {row.subject for row in rows if row.bucket in kin.get(row.subject, ())}
    rings = room.keys.rings(sorted(suspect)) if suspect else {}  # with neither its key nor an ancestor's nothing opens
    return found + sum(1 for row in rows if row.subject in rings and _opens(room, row, rings[row.subject]))


def _clear(room: Room, erasure: str, subject: bytes) -> int:
    """Delete every row of a subject whose keys are gone, and return how many; set by set, so that others get a turn."""
    cleared = 0
    for first, last in room.store.spans(subject):
        with room.store.engine.transaction(durable=False):
            count = room.store.delete_span(subject, first, last)  # 0 where another process was first
            room.store.cleared(erasure, count)
            room.failpoint("erase.span")
        cleared += count
    return cleared


def _refuse_within(room: Room) -> None:
    if room.store.engine.in_transaction():
        raise UsageError(
            "erasure-in-transaction",
            "an erasure cannot be part of a larger change: a destroyed key does not come back when that is undone",
            remedy="Commit first, then erase.",
        )


def _present(
    room: Room, grouped: Mapping[bytes, list[int]], references: Mapping[bytes, bytes], alone: _Alone | None
) -> list[ItemRow]:
    """Return the rows of the items to erase; ``alone``: their one subject, if it was read.

    :raises UsageError: if one is not there.
    """
    if alone is None:
        found = room.store.items_at([(subject, number) for subject, numbers in grouped.items() for number in numbers])
    else:
        found = [row for row in alone.rows if row.number in grouped[row.subject]]
    there = {(row.subject, row.number) for row in found if row.subject in references}
    for subject, numbers in grouped.items():
        for number in numbers:
            if (subject, number) not in there:
                raise unknown_item(item_id(subject_id(subject), number))
    return found


def _refuse_held(room: Room, subject: bytes, numbers: Collection[int] | None) -> None:
    """Refuse if one of the numbers (None: any item of the subject) is held."""
    held = room.marks.held_items(subject, day_number(room.today()) or 0)
    for number in sorted(held):
        if numbers is None or number in numbers:
            raise RefusedError(
                "item-held",
                f"a legal hold ({held[number]}) keeps this datum; it may not be erased while the hold stands",
                where=item_id(subject_id(subject), number),
                remedy="Lift the hold first, or leave the datum out.",
            )


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
