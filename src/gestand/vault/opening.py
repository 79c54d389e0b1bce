"""How data go out: each judged in line with the read, and the opening in the ledger before a value leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import islice

from gestand.kernel.crypto import Sealer
from gestand.kernel.errors import DamagedError, GestandError, RefusedError
from gestand.kernel.ids import ActorId, ItemId, PurposeId, SubjectId, VersionId
from gestand.ledger.model import Event, Fact
from gestand.statement.model import Statement
from gestand.vault.holding import Context, holding_of
from gestand.vault.model import Holding, OpenedItem, Opening, RefusedItem, Why
from gestand.vault.place import by_subject, day_number, day_of, item_id, subject_bytes, subject_id, unknown_item, unpack
from gestand.vault.room import Room
from gestand.vault.rules import Standing, forbidding, judge, judge_field
from gestand.vault.sealing import bound_value
from gestand.vault.store import RESTRICTED, ItemRow, SubjectRow

_BATCH = 256  # subjects an entry, where many are opened at once


def open_one(
    room: Room,
    subject: SubjectId,
    purpose: PurposeId,
    *,
    actor: ActorId,
    reason: str,
    items: Collection[ItemId] | None,
) -> Opening:
    """Open one subject's data; see ``Vault.open``."""
    asked = _Asked(room, purpose)
    place = subject_bytes(subject)
    row = room.known(place)
    numbers = None if items is None else _numbers(place, items)
    opened, refused = asked.read(row, numbers)
    entry = _record(room, actor, room.reference(place), _facts(purpose, reason, [(opened, refused)]))
    return Opening(subject, purpose, tuple(opened), tuple(refused), entry)


def open_many(
    room: Room, subjects: Iterable[SubjectId], purpose: PurposeId, *, actor: ActorId, reason: str
) -> Iterator[Opening]:
    """Open the data of many subjects, one entry a batch; see ``Vault.open_many``."""
    asked = _Asked(room, purpose)
    waiting = iter(subjects)
    while batch := list(islice(waiting, _BATCH)):
        read = [(subject, *asked.read(room.known(subject_bytes(subject)), None)) for subject in batch]
        reference = room.reference(subject_bytes(batch[0])) if len(batch) == 1 else ""
        entry = _record(room, actor, reference, _facts(purpose, reason, [(found, left) for _, found, left in read]))
        for subject, found, left in read:
            yield Opening(subject, purpose, tuple(found), tuple(left), entry)


class _Asked:
    """One purpose, judged against the version in force at this moment, over any number of subjects."""

    def __init__(self, room: Room, purpose: PurposeId) -> None:
        self._room = room
        self._purpose = purpose
        self._statement: Statement = room.statements.in_force()
        self._policy = self._statement.policy
        if purpose not in self._policy.purposes:
            raise RefusedError(
                "purpose-unknown",
                f"the statement in force names no purpose '{purpose}'; nothing may be opened for it (Article 5(1)(b))",
                where="policy.toml: purposes",
                remedy="Name one of: " + ", ".join(self._policy.purposes) + ".",
            )
        self._mask = room.catalogue.mask(purpose)
        self._today: date = room.today()
        self._day = day_number(self._today) or 0
        self._fields: dict[int, Why | None] = {}
        self._sentences: dict[Why, tuple[str, str]] = {}

    def read(self, row: SubjectRow, numbers: set[int] | None) -> tuple[list[OpenedItem], list[RefusedItem]]:
        """Judge and open the subject's items, or those with ``numbers``."""
        opened, refused, vanished = self._read(row, numbers)
        if vanished:  # sealed again under another key between the two reads: the second read has the new rows
            opened, refused, _ = self._read(row, numbers)
        return opened, refused

    def _read(self, row: SubjectRow, numbers: set[int] | None) -> tuple[list[OpenedItem], list[RefusedItem], bool]:
        room, subject = self._room, row.subject
        rows = room.store.items(subject)
        if numbers is not None:
            rows = [item for item in rows if item.number in numbers]
            if len(rows) < len(numbers):
                gone = min(numbers - {item.number for item in rows})
                raise unknown_item(item_id(subject_id(subject), gone))
        erasing = {n for job in room.store.erasures() for owner, n in unpack(job.items) if owner == subject}
        held = (
            room.store.held_items(subject, self._day)
            if any(r.due is not None and r.due <= self._day for r in rows)
            else {}
        )
        context = Context.of(room, row, rows)
        keys: dict[int, Sealer | None] = {}
        opened: list[OpenedItem] = []
        refused: list[RefusedItem] = []
        vanished = False
        for item in rows:
            holding = holding_of(item, context)
            why = self._judge(row, item, erasing=item.number in erasing, held=item.number in held)
            if why is None:
                if item.bucket not in keys:
                    keys[item.bucket] = room.keys.data_key(subject, item.bucket)
                sealer = keys[item.bucket]
                if sealer is not None:
                    bound = bound_value(subject, item.number, item.bucket, holding.field)
                    opened.append(OpenedItem(holding, sealer.open(item.sealed, bound, holding.item).decode()))
                    continue
                why, vanished = Why.KEY_DESTROYED, True
            refused.append(self._refuse(holding, why))
        return opened, refused, vanished

    def _judge(self, row: SubjectRow, item: ItemRow, *, erasing: bool, held: bool) -> Why | None:
        if item.activity not in self._fields:
            activity = self._room.catalogue.activity(item.activity)
            then = self._then(activity.version)
            self._fields[item.activity] = judge_field(
                self._policy, then.policy if then else None, self._purpose, activity.field, activity.purposes
            )
        standing = Standing(
            erasing=erasing,
            due=day_of(item.due),
            held=held,
            restricted=bool(item.state & RESTRICTED),
            objected=bool(row.objected & self._mask),
            consented=bool(row.consented & self._mask),
        )
        return judge(self._policy, self._purpose, self._fields[item.activity], standing, self._today)

    def _then(self, version: VersionId) -> Statement | None:
        return self._statement if version == self._statement.version else self._room.statements.version(version)

    def _refuse(self, holding: Holding, why: Why) -> RefusedItem:
        found = self._sentences.get(why)
        if found is None:
            found = self._sentences[why] = forbidding(self._statement, why)
        return RefusedItem(holding, why, *found)


def _numbers(subject: bytes, items: Collection[ItemId]) -> set[int]:
    grouped = by_subject(items)
    others = [owner for owner in grouped if owner != subject]
    if others:
        raise unknown_item(next(item for item in items if subject not in by_subject([item])))
    return set(grouped.get(subject, ()))


def _facts(purpose: PurposeId, reason: str, read: list[tuple[list[OpenedItem], list[RefusedItem]]]) -> dict[str, Fact]:
    return {
        "purpose": purpose,
        "reason": reason,
        "items": sum(len(opened) for opened, _ in read),
        "refused": sum(len(refused) for _, refused in read),
        "subjects": len(read),
    }


def _record(room: Room, actor: ActorId, reference: str, facts: dict[str, Fact]) -> int:
    try:
        return room.ledger.append(Event("data.opened", room.clock(), actor, facts, reference))
    except DamagedError:
        raise
    except (GestandError, OSError) as fault:
        raise RefusedError(
            "opening-not-recorded",
            f"the ledger cannot record this opening, so no value is given: {fault}",
            where="ledger",
            remedy="Mend what the ledger reports (often a full or read-only disk) and try again.",
        ) from fault
