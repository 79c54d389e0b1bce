"""Verbs on sets: whatever is of these subjects, for a purpose, on a shelf, with a recipient, due by a day.

A set is counted first (``Reach``: the dry run), then carried out in parts of 256 subjects. Each part is one transaction, is
recorded in the ledger, and is whole or not at all; killed between two, the same call does what is left. Which recipient
got an item follows from the statement: from the purposes it was collected for, under the version of then or of now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId
from gestand.ledger.model import Event, Fact
from gestand.statement.policy import Policy
from gestand.vault.catalogue import Activity
from gestand.vault.changing import one_reference, reseal_changed, stage_marked
from gestand.vault.erasing import erase_set
from gestand.vault.model import Reach, Where
from gestand.vault.place import day_number, day_of, subject_bytes
from gestand.vault.room import Room
from gestand.vault.rows import seconds
from gestand.vault.set_rows import TOGETHER, Bounds, SetRows


def count(room: Room, where: Where) -> Reach:
    """Count a set; see ``Vault.count_where``."""
    sets = SetRows(room.store.engine)
    today = day_number(room.today()) or 0
    subjects = items = held = 0
    for bounds in _bounds(room, where):
        owners, all_items = sets.count(bounds)
        subjects, items = subjects + owners, items + all_items
        held += all_items - sets.count(bounds._replace(free_on=today))[1]
    return Reach(subjects, items, held)


def erase(room: Room, where: Where, *, ground: str, actor: ActorId) -> Reach:
    """Erase a set; see ``Vault.erase_where``."""
    sets = SetRows(room.store.engine)
    today = day_number(room.today()) or 0
    subjects = items = found = 0
    held = count(room, where).held
    for bounds in _bounds(room, where):
        for part in sets.batches(bounds._replace(free_on=today)):
            erasure, owners = erase_set(room, part, ground=ground, actor=actor)
            subjects, items, found = subjects + owners, items + erasure.items, found + erasure.found_afterwards
    return Reach(subjects, items, held, found)


def restrict(room: Room, where: Where, *, reason: str, actor: ActorId, on: bool) -> Reach:
    """Restrict a set, or lift its restriction; see ``Vault.restrict_where``."""
    sets = SetRows(room.store.engine)
    subjects = items = 0
    for part in _parts(room, sets, where):
        with room.store.engine.transaction():
            rows = sets.rows(part)
            owners = {row.subject for row in rows}
            if on:
                sets.restrict(part, reason, actor, seconds(room.clock()))
            else:
                sets.release(part)
            name = "data.restricted" if on else "data.released"
            stage_marked(room, name, actor, {"reason": reason}, rows, reference=one_reference(room, owners))
            room.failpoint("set.restricted")
        subjects, items = subjects + len(owners), items + len(rows)
    return Reach(subjects, items)


def set_due(
    room: Room, where: Where, trigger_on: date | None, due: date | None, *, trigger: str, actor: ActorId
) -> Reach:
    """Set the dates of a set; see ``Vault.set_due_where``."""
    sets = SetRows(room.store.engine)
    day, until = day_number(trigger_on), day_number(due)
    subjects = items = 0
    for part in _parts(room, sets, where):
        with room.store.engine.transaction():
            owners, size = sets.count(part)
            rows = [] if due is None else sets.rows(part)
            again = [row for row in rows if _year(row.due) != _year(until)]
            if due is None:
                again = [row for row in sets.rows(part) if row.due is not None]
                sets.set_due(part._replace(undated=True), day, None)
            else:
                same = (day_number(date(due.year, 1, 1)) or 0, day_number(date(due.year, 12, 31)) or 0)
                sets.set_due(part._replace(due_between=same), day, until)
            if again:
                reseal_changed(room, [row._replace(trigger_on=day, due=until) for row in again])
            facts: dict[str, Fact] = {"items": size, "trigger": trigger, "on": str(trigger_on or "")}
            known = set(part.subjects or ()) if owners == 1 else set()
            room.ledger.stage(Event("data.due", room.clock(), actor, facts, one_reference(room, known)))
            room.failpoint("set.due")
        subjects, items = subjects + owners, items + size
    return Reach(subjects, items)


def _parts(room: Room, sets: SetRows, where: Where) -> Iterator[Bounds]:
    for bounds in _bounds(room, where):
        yield from sets.batches(bounds)


def _bounds(room: Room, where: Where) -> list[Bounds]:
    """Return the set as the rows know it, in parts of so many subjects if they are named."""
    if not (where.subjects or where.purpose or where.shelf or where.recipient or where.due_by):
        raise UsageError(
            "set-without-bounds",
            "a set without any bound is everything there is",
            remedy="Say which subjects, purpose, shelf, recipient or due date it is about.",
        )
    activities = None
    if where.purpose or where.shelf or where.recipient:
        now = room.statements.in_force().policy
        policies: dict[str, Policy | None] = {}
        chosen = []
        for number, activity in room.catalogue.numbers().items():
            if activity.version not in policies:
                then = room.statements.version(activity.version)
                policies[activity.version] = then.policy if then else None
            if _belongs(activity, where, now, policies[activity.version]):
                chosen.append(number)
        if not chosen:
            _refuse_unknown(where, [now, *(policy for policy in policies.values() if policy)])
        activities = tuple(sorted(chosen))
    due_by = day_number(where.due_by)
    if not where.subjects:
        return [Bounds(None, activities, due_by)]
    places = list(dict.fromkeys(map(subject_bytes, where.subjects)))
    return [Bounds(tuple(places[at : at + TOGETHER]), activities, due_by) for at in range(0, len(places), TOGETHER)]


def _belongs(activity: Activity, where: Where, now: Policy, then: Policy | None) -> bool:
    if where.shelf and activity.shelf != where.shelf:
        return False
    policies = [now] if then is None or then is now else [now, then]
    if where.purpose and not any(where.purpose in _purposes(activity, policy) for policy in policies):
        return False
    return not where.recipient or any(_reaches(activity, where.recipient, policy) for policy in policies)


def _purposes(activity: Activity, policy: Policy) -> tuple[str, ...]:
    return activity.purposes or policy.purposes_of(activity.field)


def _reaches(activity: Activity, recipient: str, policy: Policy) -> bool:
    """Say whether, by the policy, the recipient gets what was collected in this way."""
    known = policy.recipients.get(recipient)
    if known is None or (known.needs and activity.field not in known.needs):
        return False
    purposes = (policy.purposes.get(name) for name in _purposes(activity, policy))
    return any(recipient in purpose.recipients for purpose in purposes if purpose)


def _refuse_unknown(where: Where, policies: list[Policy]) -> None:
    """Refuse a name that no version of the statement has: nothing would be found, and nobody would notice."""
    if where.purpose and not any(where.purpose in policy.purposes for policy in policies):
        raise UsageError(
            "purpose-unknown",
            f"no version of the statement under which something was collected has a purpose '{where.purpose}'",
            where="policy.toml: purposes",
            remedy=_one_of(name for policy in policies for name in policy.purposes),
        )
    if where.shelf and not any(where.shelf in policy.shelves for policy in policies):
        raise UsageError(
            "shelf-unknown",
            f"no version of the statement under which something was collected has a shelf '{where.shelf}'",
            where="policy.toml: shelves",
            remedy=_one_of(name for policy in policies for name in policy.shelves),
        )
    if where.recipient and not any(where.recipient in policy.recipients for policy in policies):
        raise UsageError(
            "recipient-unknown",
            f"no version of the statement under which something was collected has a recipient '{where.recipient}'",
            where="policy.toml: recipients",
            remedy=_one_of(name for policy in policies for name in policy.recipients),
        )


def _one_of(names: Iterable[str]) -> str:
    return f"Name one of: {', '.join(dict.fromkeys(names)) or 'none is there'}."


def _year(day: int | None) -> int | None:
    found = day_of(day)
    return found.year if found else None
