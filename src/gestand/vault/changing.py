"""How a datum changes: its value (Article 16), its due date, its shelf. What it was sealed under before dies with it."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from gestand.kernel.crypto import permute
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, ItemId, ShelfId
from gestand.ledger.model import Event, Fact
from gestand.vault.admission import plain
from gestand.vault.likeness import tokens_of
from gestand.vault.place import day_number, day_of, item_id, item_place, subject_id, unknown_item, unknown_subject
from gestand.vault.resealing import Affected, affected, reseal
from gestand.vault.room import Room, refer
from gestand.vault.rows import RECTIFIED, ItemRow, item_row, seconds
from gestand.vault.rules import reasoned

_MARK = 32  # digits of a mark
_MARKS = 256  # of 32 digits each; a leaf holds 16 KiB


def rectify(room: Room, item: ItemId, value: str, *, actor: ActorId, reason: str) -> None:
    """Replace a value; see ``Vault.rectify``."""
    reasoned(reason)
    place = item_place(item)
    with room.store.engine.transaction(about=place[0]):
        here = _standing(room, place)
        row = next(row for row in here.rows if row.number == place[1])
        activity = room.catalogue.activity(row.activity)
        if not value:
            raise UsageError(
                "value-empty",
                "a datum without a value is nothing to keep",
                where=activity.field,
                remedy="Erase the datum instead.",
            )
        found = room.statements.in_force().policy.field(activity.field)
        token = row.token
        if row.token:
            room.store.delete_tokens([(row.token, row.subject, row.number)])
        if found is not None and found.identifies:
            bare = tokens_of(room.index_key, found.kind, value, row.subject, row.number)
            token = permute(room.token_key(), bare) if bare else None
        after = row._replace(state=row.state | RECTIFIED, token=token)
        if token:
            room.store.put_tokens([(token, row.subject, row.number)])
        room.marks.put_rectification(row, reason, actor, seconds(room.clock()))
        key = here.ring.reference_key()
        if key is None:
            raise unknown_subject(subject_id(row.subject))
        facts: dict[str, Fact] = {
            "item": item_mark(key, row.number),
            "field": str(activity.field),
            "reason": reason,
        }
        event = Event("data.rectified", room.clock(), actor, facts, refer(key, row.subject))
        number = row.number
        values = {number: plain(value, activity.field)}
        _seal_affected(room, [replace(here, changed={number: after}, values=values)])
        room.ledger.stage(event)
        room.failpoint("rectify.rows")
    room.failpoint("rectify.done")


def set_due(
    room: Room, changes: Sequence[tuple[ItemId, date | None, date | None]], *, trigger: str, actor: ActorId
) -> None:
    """Set trigger and due dates; see ``Vault.set_due``."""
    if not changes:
        return
    with room.store.engine.transaction():
        rows: list[ItemRow] = []
        again: list[ItemRow] = []
        for item, trigger_on, due in changes:
            before = present(room, item_place(item))
            after = before._replace(trigger_on=day_number(trigger_on), due=day_number(due))
            was = day_of(before.due)
            (again if (was and was.year) != (due and due.year) else rows).append(after)
        room.store.change_items(rows)
        if again:
            _reseal(room, again, {})
        subjects = {item_place(item)[0] for item, _, _ in changes}
        on = max((str(trigger_on) for _, trigger_on, _ in changes if trigger_on), default="")
        facts: dict[str, Fact] = {"items": len(changes), "trigger": trigger, "on": on}
        room.ledger.stage(Event("data.due", room.clock(), actor, facts, one_reference(room, subjects)))
        room.failpoint("due.rows")
    room.failpoint("due.done")


def move(
    room: Room,
    items: Collection[ItemId],
    shelf: ShelfId,
    trigger_on: date | None,
    due: date | None,
    *,
    actor: ActorId,
    reason: str,
) -> None:
    """Move items to another shelf; see ``Vault.move``."""
    policy = room.statements.in_force().policy
    if shelf not in policy.shelves:
        raise RefusedError(
            "shelf-unknown",
            f"the statement in force has no shelf '{shelf}'",
            remedy="Name one of: " + ", ".join(policy.shelves) + ".",
        )
    if not items:
        return
    with room.store.engine.transaction():
        rows = []
        for item in dict.fromkeys(items):
            row = present(room, item_place(item))
            activity = room.catalogue.number(room.catalogue.activity(row.activity)._replace(shelf=shelf))
            rows.append(row._replace(activity=activity, trigger_on=day_number(trigger_on), due=day_number(due)))
        reference = one_reference(room, {row.subject for row in rows})
        _reseal(room, rows, {})
        facts: dict[str, Fact] = {"items": len(rows), "shelf": str(shelf), "reason": reason}
        room.ledger.stage(Event("data.moved", room.clock(), actor, facts, reference))
        room.failpoint("move.rows")
    room.failpoint("move.done")


def present(room: Room, place: tuple[bytes, int]) -> ItemRow:
    """Return an item's row.

    :raises UsageError: if it is not there.
    """
    row = room.store.item(*place)
    if row is None or room.store.subject(place[0]) is None:
        raise unknown_item(item_id(subject_id(place[0]), place[1]))
    return row


def _standing(room: Room, place: tuple[bytes, int]) -> Affected:
    """Return the subject of an item as it stands.

    :raises UsageError: if the item is not there.
    """
    asked = room.store.owner_and_rows(place[0], None)
    ring = room.keys.ring(place[0])  # on a server while the rows are on their way
    owner, found = asked()
    rows = [item_row(row) for row in found]
    if owner is None or all(row.number != place[1] for row in rows):
        raise unknown_item(item_id(subject_id(place[0]), place[1]))
    return Affected(owner, rows, ring)


def one_reference(room: Room, subjects: Collection[bytes]) -> str:
    """Return the ledger reference of the one subject a change is about; empty if there are more."""
    return room.reference(next(iter(subjects))) if len(subjects) == 1 else ""


def item_reference(room: Room, row: ItemRow) -> str:
    """Return how an item stands in the ledger: under its subject's key, so that it dies with the subject."""
    return item_mark(room.keys.reference_key(row.subject) or b"", row.number)


def stage_marked(
    room: Room,
    name: str,
    actor: ActorId,
    facts: dict[str, Fact],
    rows: Sequence[ItemRow],
    *,
    reference: str,
    keys: Mapping[bytes, bytes] | None = None,
) -> None:
    """Record what was done to items with their marks, so that it can be held against what is there.

    A leaf holds so many marks and no more: what touches more items is several entries, each counting its own.
    """
    if keys is None:
        keys = {subject: room.keys.reference_key(subject) or b"" for subject in {row.subject for row in rows}}
    events = []
    for at in range(0, len(rows), _MARKS):
        some = rows[at : at + _MARKS]
        marks = tuple([item_mark(keys.get(row.subject, b""), row.number) for row in some])
        told: dict[str, Fact] = {**facts, "items": len(some), "marks": marks}
        events.append(Event(name, room.clock(), actor, told, reference))
    if events:
        room.ledger.stage(*events)


def item_mark(key: bytes, number: int) -> str:
    """Return how an item stands in the ledger: 32 hexadecimal digits of HMAC-SHA256 under its subject's reference key."""
    return hmac.digest(key, b"gestand/item/1\x00" + number.to_bytes(4, "big"), "sha256").hex()[:_MARK]


def reseal_changed(room: Room, rows: Iterable[ItemRow]) -> None:
    """Seal rows with other dates or shelves again, under the keys of their new place."""
    _reseal(room, rows, {})


def _reseal(room: Room, rows: Iterable[ItemRow], values: dict[tuple[bytes, int], bytes]) -> None:
    """Seal changed rows and what shares their keys again; the old keys die once that is on stable storage."""
    changed: dict[bytes, dict[int, ItemRow]] = {}
    for row in rows:
        changed.setdefault(row.subject, {})[row.number] = row
    _seal_affected(
        room,
        [
            replace(
                affected(room, subject),
                changed=of_subject,
                values={n: v for (owner, n), v in values.items() if owner == subject},
            )
            for subject, of_subject in changed.items()
        ],
    )


def _seal_affected(room: Room, subjects: Iterable[Affected]) -> None:
    work = reseal(room, subjects)

    def destroy() -> None:
        room.failpoint("reseal.committed")
        room.keys.inherit(work.heirs)  # the parents die within a second, with the next change of the key store
        covered = {(heir.subject, heir.parent) for heir in work.heirs}
        doomed = [place for place in work.doomed if place not in covered]
        if doomed or work.change is not None:  # undone by a power cut, ``resume`` does it again
            room.keys.destroy(doomed, settles=work.change, durable=False)
        room.failpoint("reseal.destroyed")
        room.residue.left()

    room.store.engine.after_commit(destroy)
