"""How an item leaves its key. Whatever leaves a bucket, the bucket dies: its other items are sealed again under a new key.

Otherwise an old copy of the store would still hold, under a key that lives on with the siblings, what has left: a wrong
value that was rectified, a datum that was erased from the shelf it had moved to.

Who stays on the same shelf and in the same period is sealed under the *heir* of their key (``ring``), which needs no key on
stable storage before the rows are; who goes to a place without a key gets a fresh one, that does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gestand.kernel.crypto import NONCE_SIZE, Sealer
from gestand.kernel.errors import DamagedError
from gestand.storage.engine import Value
from gestand.vault.place import day_of, item_id, key_missing, subject_id
from gestand.vault.ring import Heir, Ring, heir_key
from gestand.vault.room import Room
from gestand.vault.rows import ItemRow, SubjectRow
from gestand.vault.sealing import bound_number, bound_to
from gestand.vault.wrapping import OPEN, Bucket


@dataclass(frozen=True, slots=True)
class Affected:
    """One subject: as it stands, with its keys; what changes of it, and what leaves.

    ``changed``: rows by number, shelf and due date as they shall be; ``values``: new values by number; ``leaving``: numbers.
    """

    owner: SubjectRow
    rows: Sequence[ItemRow]
    ring: Ring
    changed: Mapping[int, ItemRow] = field(default_factory=dict)
    values: Mapping[int, bytes] = field(default_factory=dict)
    leaving: Collection[int] = ()


@dataclass(slots=True)
class Resealed:
    """What sealing again came to: the heirs that take the place of keys, the keys that must die, an unsettled change."""

    heirs: list[Heir] = field(default_factory=list)
    doomed: list[tuple[bytes, int]] = field(default_factory=list)
    change: int | None = None


@dataclass(slots=True)
class _Work:
    """What has to be done: rows before and after, new value, bucket; keys that are there; fresh ones to be made."""

    todo: list[tuple[ItemRow, ItemRow, bytes | None, int]] = field(default_factory=list)
    sealers: dict[tuple[bytes, int], Sealer | None] = field(default_factory=dict)
    fresh: list[Bucket] = field(default_factory=list)
    heirs: list[Heir] = field(default_factory=list)
    doomed: list[tuple[bytes, int]] = field(default_factory=list)
    uncovered: bool = False  # a key dies that has no heir though it sealed something that stays


def affected(room: Room, subject: bytes) -> Affected:
    """Return a subject as it stands, with nothing that changes."""
    return Affected(room.known(subject), room.store.items(subject), room.keys.ring(subject))


def reseal(room: Room, subjects: Iterable[Affected]) -> Resealed:
    """Seal again what shares a key with what changes or leaves, inside the open transaction of the main store.

    Fresh keys are on stable storage when this returns, and ``change`` is then to be settled when ``doomed`` is destroyed.
    Heirs are to be handed to ``KeyStore.inherit`` once the transaction is on stable storage.
    """
    work = _Work()
    for one in subjects:
        _plan(room, one, work)
    change = None
    if work.fresh or work.uncovered:
        rows_of_keys, keys = room.keys.wrap(work.fresh)
        change = room.keys.add(rows_of_keys, {subject for subject, _ in work.doomed})
        work.sealers |= {(b.subject, b.number): Sealer(key) for b, key in zip(work.fresh, keys, strict=True)}
    room.failpoint("reseal.keys")
    room.store.put_heirs((heir.subject, heir.bucket, heir.parent) for heir in work.heirs)
    _seal_again(room, work)
    return Resealed(work.heirs, work.doomed, change)


def _plan(room: Room, one: Affected, work: _Work) -> None:
    """Give each row that stays and loses its key another bucket: a living one, an heir, or a fresh one."""
    subject, ring = one.owner.subject, one.ring
    last = max(one.owner.last_bucket, ring.last())  # an heir takes no number under which another key stands
    touched = {*one.changed, *one.leaving}
    dying = {row.bucket for row in one.rows if row.number in touched}
    work.doomed.extend((subject, bucket) for bucket in sorted(dying))
    survivors = [row for row in one.rows if row.bucket in dying and row.number not in one.leaving]
    if not survivors:
        return
    kept = dict(ring.places({row.bucket for row in one.rows} - dying))
    for bucket in [*dying, *kept.values()]:
        work.sealers[subject, bucket] = ring.sealer(bucket)
    inherited: set[int] = set()
    places: dict[tuple[int, int | None], tuple[str, int]] = {}
    for before in survivors:
        after = one.changed.get(before.number, before)
        alike = (after.activity, after.due)
        place = places.get(alike)
        if place is None:
            due = day_of(after.due)
            place = places[alike] = (str(room.catalogue.activity(after.activity).shelf), due.year if due else OPEN)
        number = kept.get(place)
        if number is None:
            last += 1
            number = kept[place] = last
            key = ring.key(before.bucket) if ring.place(before.bucket) == place else None
            if key is None or before.bucket in inherited:
                work.fresh.append(Bucket(subject, number, *place))
            else:
                inherited.add(before.bucket)
                heir = Heir(subject, number, before.bucket, ring.line(before.bucket), *place, heir_key(key))
                work.heirs.append(heir)
                work.sealers[subject, number] = Sealer(heir.key)
        work.todo.append((before, after, one.values.get(before.number), number))
    work.uncovered = work.uncovered or bool({row.bucket for row in survivors} - inherited)
    if last != one.owner.last_bucket:
        room.store.set_last_bucket(subject, last)


def _seal_again(room: Room, work: _Work) -> None:
    """Seal the rows under their new keys and write them: whole where a date or a shelf changed, else only what differs."""
    drawn = room.entropy(NONCE_SIZE * len(work.todo))
    moved: list[ItemRow] = []
    stayed: list[tuple[Value, ...]] = []
    beside: list[tuple[Value, ...]] = []
    ends: dict[int, bytes] = {}
    sealers = work.sealers
    for at, (before, after, value, bucket) in zip(range(0, len(drawn), NONCE_SIZE), work.todo, strict=True):
        subject, number, activity, old, *_ = before
        head, end = bound_to(subject), ends.get(activity)
        if end is None:
            end = ends[activity] = room.catalogue.activity(activity).field.encode()
        if value is None:
            value = _opened(before, sealers.get((subject, old)), head + bound_number(number, old) + end)  # noqa: PLW2901 - what stays as it was
        key = sealers[subject, bucket]
        assert key is not None
        sealed = key.seal(value, head + bound_number(number, bucket) + end, drawn[at : at + NONCE_SIZE])
        if before is after:
            beside.append((bucket, sealed, subject, number))
        elif _filed(before) == _filed(after):
            stayed.append((bucket, after.state, after.token, sealed, subject, number))
        else:
            moved.append(after._replace(bucket=bucket, sealed=sealed))
    room.store.change_items(moved)
    room.store.seal_items(stayed)
    room.store.reseal_items(beside)


def _filed(row: ItemRow) -> tuple[int, int | None, int | None]:
    """Return where and until when an item is kept: a row of which this changes is written whole, its indexes too."""
    return row.activity, row.trigger_on, row.due


def _opened(row: ItemRow, sealer: Sealer | None, bound: bytes) -> bytes:
    if sealer is None:
        raise key_missing(item_id(subject_id(row.subject), row.number))
    try:
        return sealer.open(row.sealed, bound, "")
    except DamagedError as fault:
        fault.where = item_id(subject_id(row.subject), row.number)
        raise
