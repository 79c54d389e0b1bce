"""What a person or the law says about data that stay: restriction, objection, consent, legal hold.

Articles 7, 18 and 21 GDPR; holds: 17(3)(e). All of it is judged when a datum is read, so that it works at once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, ItemId, PurposeId, SubjectId, new_id
from gestand.ledger.model import Event, Fact
from gestand.vault.changing import one_reference, present, stage_marked
from gestand.vault.marks import ConsentRow, HoldRow
from gestand.vault.model import Hold
from gestand.vault.place import day_number, day_of, item_id, item_place, subject_bytes, subject_id
from gestand.vault.room import Room
from gestand.vault.rows import RESTRICTED, ItemRow, instant, seconds
from gestand.vault.rules import reasoned


def restrict(room: Room, items: Collection[ItemId], *, actor: ActorId, reason: str) -> None:
    """Restrict items; see ``Vault.restrict``."""
    reasoned(reason)
    with room.store.engine.transaction():
        rows = _rows(room, items)
        room.store.set_states(rows, RESTRICTED, on=True)
        room.marks.put_restrictions(_places(rows), reason, actor, seconds(room.clock()))
        reference = one_reference(room, {row.subject for row in rows})
        stage_marked(room, "data.restricted", actor, {"reason": reason}, rows, reference=reference)


def release(room: Room, items: Collection[ItemId], *, actor: ActorId, reason: str) -> None:
    """Lift a restriction; see ``Vault.release``."""
    reasoned(reason)
    with room.store.engine.transaction():
        rows = _rows(room, items)
        room.store.set_states(rows, RESTRICTED, on=False)
        room.marks.delete_restrictions(_places(rows))
        reference = one_reference(room, {row.subject for row in rows})
        stage_marked(room, "data.released", actor, {"reason": reason}, rows, reference=reference)


def object_to(room: Room, subject: SubjectId, purposes: Sequence[PurposeId], *, actor: ActorId, reason: str) -> None:
    """Record an objection; see ``Vault.object_to``."""
    reasoned(reason)
    for purpose in purposes:
        _promised(room, purpose)
    with room.store.engine.transaction():
        row, reference = room.known_and_reference(subject_bytes(subject))
        bits = {room.catalogue.bit(purpose) for purpose in purposes}
        now = seconds(room.clock())
        room.marks.put_objections([(row.subject, bit, reason, actor, now) for bit in sorted(bits)])
        room.store.set_objected(row.subject, row.objected | _mask(bits))
        _stage_of(room, "objection.recorded", actor, {"purposes": tuple(purposes), "reason": reason}, reference)


def withdraw_objection(
    room: Room, subject: SubjectId, purposes: Sequence[PurposeId], *, actor: ActorId, reason: str
) -> None:
    """Take an objection back; see ``Vault.withdraw_objection``."""
    reasoned(reason)
    with room.store.engine.transaction():
        row, reference = room.known_and_reference(subject_bytes(subject))
        bits = {room.catalogue.bit(purpose) for purpose in purposes}
        room.marks.delete_objections([(row.subject, bit) for bit in sorted(bits)])
        room.store.set_objected(row.subject, row.objected & ~_mask(bits))
        _stage_of(room, "objection.withdrawn", actor, {"purposes": tuple(purposes), "reason": reason}, reference)


def consent(
    room: Room, subject: SubjectId, purpose: PurposeId, *, text_digest: str, channel: str, actor: ActorId
) -> None:
    """Record a consent; see ``Vault.consent``."""
    _promised(room, purpose)
    with room.store.engine.transaction():
        row, reference = room.known_and_reference(subject_bytes(subject))
        bit = room.catalogue.bit(purpose)
        room.marks.put_consent(ConsentRow(row.subject, bit, text_digest, channel, actor, seconds(room.clock())))
        room.store.set_consented(row.subject, row.consented | 1 << bit)
        facts: dict[str, Fact] = {"purposes": (purpose,), "text_digest": text_digest, "channel": channel}
        _stage_of(room, "consent.recorded", actor, facts, reference)


def withdraw_consent(room: Room, subject: SubjectId, purpose: PurposeId, *, channel: str, actor: ActorId) -> None:
    """Record a withdrawal; see ``Vault.withdraw_consent``."""
    with room.store.engine.transaction():
        row, reference = room.known_and_reference(subject_bytes(subject))
        bit = room.catalogue.bit(purpose)
        room.marks.withdraw_consent(row.subject, bit, seconds(room.clock()))
        room.store.set_consented(row.subject, row.consented & ~(1 << bit))
        _stage_of(room, "consent.withdrawn", actor, {"purposes": (purpose,), "channel": channel}, reference)


def place_hold(room: Room, items: Collection[ItemId], *, reason: str, until: date | None, actor: ActorId) -> Hold:
    """Place a hold; see ``Vault.place_hold``."""
    reasoned(reason)
    with room.store.engine.transaction():
        rows = _rows(room, items)
        hold = HoldRow(new_id("hld", room.entropy), reason, actor, seconds(room.clock()), day_number(until))
        room.marks.put_hold(hold, _places(rows))
        facts: dict[str, Fact] = {
            "hold": hold.hold,
            "reason": reason,
            "until": until.isoformat() if until else None,
        }
        reference = one_reference(room, {row.subject for row in rows})
        stage_marked(room, "hold.placed", actor, facts, rows, reference=reference)
        return _hold(room, hold)


def lift_hold(room: Room, hold_id: str, *, reason: str, actor: ActorId) -> None:
    """Lift a hold; see ``Vault.lift_hold``."""
    reasoned(reason)
    with room.store.engine.transaction():
        if room.marks.hold(hold_id) is None:
            raise UsageError(
                "hold-unknown",
                f"there is no hold '{hold_id}': it was lifted, or what it kept was erased after its day",
                remedy="List the holds of the subject with 'gestand subject show'.",
            )
        subjects = {subject for subject, _ in room.marks.held_by(hold_id) if room.store.subject(subject)}
        room.marks.lift_hold(hold_id)
        facts = {"hold": hold_id, "reason": reason}
        room.ledger.stage(Event("hold.lifted", room.clock(), actor, facts, one_reference(room, subjects)))


def holds(room: Room, subject: SubjectId) -> tuple[Hold, ...]:
    """Return the holds over a subject; see ``Vault.holds``."""
    found = map(room.marks.hold, room.marks.holds_of(subject_bytes(subject)))
    return tuple(_hold(room, row) for row in found if row is not None)


def hold_of(room: Room, item: ItemId) -> Hold | None:
    """Return a hold over an item today; see ``Vault.hold_of``."""
    subject, number = item_place(item)
    name = room.marks.held_items(subject, day_number(room.today()) or 0).get(number)
    row = room.marks.hold(name) if name else None
    return _hold(room, row) if row else None


def _hold(room: Room, row: HoldRow) -> Hold:
    items = tuple(item_id(subject_id(subject), number) for subject, number in room.marks.held_by(row.hold))
    return Hold(row.hold, items, row.reason, row.actor, instant(row.at), day_of(row.until))


def _rows(room: Room, items: Collection[ItemId]) -> list[ItemRow]:
    return [present(room, item_place(item)) for item in dict.fromkeys(items)]


def _places(rows: list[ItemRow]) -> list[tuple[bytes, int]]:
    return [(row.subject, row.number) for row in rows]


def _promised(room: Room, purpose: PurposeId) -> None:
    policy = room.statements.in_force().policy
    if purpose not in policy.purposes:
        raise RefusedError(
            "purpose-unknown",
            f"the statement in force names no purpose '{purpose}'",
            where="policy.toml: purposes",
            remedy="Name one of: " + ", ".join(policy.purposes) + ".",
        )


def _mask(bits: Collection[int]) -> int:
    return sum(1 << bit for bit in bits)


def _stage_of(room: Room, name: str, actor: ActorId, facts: dict[str, Fact], reference: str) -> None:
    room.ledger.stage(Event(name, room.clock(), actor, facts, reference))
