"""How data go out: each judged in line with the read, and the opening in the ledger before a value leaves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from itertools import count, islice
from typing import NamedTuple, cast

from gestand.kernel.crypto import Sealer
from gestand.kernel.errors import DamagedError, GestandError, RefusedError
from gestand.kernel.ids import ActorId, ItemId, PurposeId, SubjectId, VersionId
from gestand.ledger.model import Event, Fact
from gestand.statement.model import Statement
from gestand.storage.engine import Row
from gestand.vault.holding import Late
from gestand.vault.model import Holding, OpenedItem, Opening, RefusedItem, Why
from gestand.vault.place import (
    REFERENCE,
    by_subject,
    day_number,
    day_of,
    item_id,
    key_missing,
    subject_bytes,
    unknown_item,
    unknown_subject,
)
from gestand.vault.ring import Ring
from gestand.vault.room import Judged, Room, refer
from gestand.vault.rows import RESTRICTED, SUBJECTS_TOGETHER, SubjectRow
from gestand.vault.rules import Standing, forbidding, judge, judge_field, reasoned
from gestand.vault.sealing import bound_number, bound_to
from gestand.vault.vanished import erased

_Columns = tuple[bytes, int, int, int, int, int, int | None, int | None, str | None, bytes | None, bytes]
_REQUEST_SIZE = 8
_NONE = frozenset[tuple[int, int]]()
_BATCH = 512  # subjects an entry, where many are opened at once


def open_one(
    room: Room,
    subject: SubjectId,
    purpose: PurposeId,
    *,
    actor: ActorId,
    reason: str,
    items: Collection[ItemId] | None,
    under: str = "",
) -> Opening:
    """Open one subject's data; see ``Vault.open``."""
    reasoned(reason)
    asked = _Asked(room, purpose)
    place = subject_bytes(subject)
    numbers = None if items is None else _numbers(place, items)
    read = asked.read_one(subject, place, numbers)
    if read.vanished:
        read = asked.read_again(subject, place, numbers)
    facts = _facts(purpose, reason, [read])
    if under:  # who it was about and why stand in the sealed record of that name
        facts = {"under": under, **{name: facts[name] for name in ("items", "refused", "subjects")}}
    entry = _record(room, actor, "" if under else refer(read.ring.reference_key() or b"", place), facts)
    return Opening(subject, purpose, tuple(read.opened), tuple(read.refused), entry)


def open_many(
    room: Room, subjects: Iterable[SubjectId], purpose: PurposeId, *, actor: ActorId, reason: str
) -> Iterator[Opening]:
    """Open the data of many subjects, one entry a batch; see ``Vault.open_many``."""
    reasoned(reason)
    asked = _Asked(room, purpose)
    waiting = iter(subjects)
    while batch := list(islice(waiting, _BATCH)):
        read = asked.read_many(batch)
        reference = refer(read[0].ring.reference_key() or b"", subject_bytes(batch[0])) if len(batch) == 1 else ""
        entry = _record(room, actor, reference, _facts(purpose, reason, read))
        if not reference:  # the entry names none of them: what was shown of each is kept beside, and dies with them
            day = day_number(room.today()) or 0
            counts = [(one.place, len(one.opened)) for one in read if one.opened]
            if counts:
                with room.store.engine.transaction():
                    room.store.show(room.entropy(_REQUEST_SIZE), day, purpose, counts)
        for subject, found in zip(batch, read, strict=True):
            yield Opening(subject, purpose, tuple(found.opened), tuple(found.refused), entry)


class _Read(NamedTuple):
    """What was judged and opened of one subject, not yet recorded, so not yet to be given."""

    place: bytes
    opened: list[OpenedItem]
    refused: list[RefusedItem]
    ring: Ring
    vanished: frozenset[tuple[int, int]]
    """Number and bucket of what has a row and no key; ``REFERENCE`` for the subject's own."""


class _Asked:
    """One purpose, judged against the version in force at this moment, over any number of subjects."""

    def __init__(self, room: Room, purpose: PurposeId) -> None:
        self._room = room
        self._purpose = purpose
        self._statement: Statement = room.statements.in_force()
        self._policy = self._statement.policy
        if purpose not in self._policy.purposes:
            clause, sentence = forbidding(self._statement, Why.NOT_COLLECTED_FOR)
            told = f"{clause}: '{sentence}'" if sentence else "Article 5(1)(b)"
            raise RefusedError(
                "purpose-unknown",
                f"the statement in force names no purpose '{purpose}'; nothing may be opened for it ({told})",
                where="policy.toml: purposes",
                remedy="Name one of: " + ", ".join(self._policy.purposes) + ".",
            )
        self._today: date = room.today()
        self._day = day_number(self._today) or 0
        judged = room.judged.get(purpose)
        if judged is None or judged.statement is not self._statement or judged.day != self._day:
            judged = room.judged[purpose] = Judged(self._statement, self._day)
        self._judged, self._fields, self._bound = judged, judged.fields, judged.bound
        self._sentences = judged.sentences
        self._mask = 0
        self._held: tuple[bytes, dict[int, str]] = (b"", {})  # of the subject that was looked at last

    def read_one(self, subject: SubjectId, place: bytes, numbers: set[int] | None, *, in_order: bool = False) -> _Read:
        """Judge and open the subject's items, or those with ``numbers``. ``in_order``: keys are asked for after the rows."""
        asked = self._room.store.owner_and_rows(place, numbers)
        if in_order:
            asked()
        ring = self._room.keys.ring(place)  # on a server while the rows are on their way
        row, rows = asked()
        self._mask = self._room.catalogue.mask(self._purpose, row.objected | row.consented) if row else 0
        if row is not None and numbers is not None and len(rows) < len(numbers):
            raise unknown_item(item_id(subject, min(numbers - {cast("int", item[1]) for item in rows})))
        return self._read(subject, row, rows, ring)

    def read_many(self, subjects: list[SubjectId]) -> list[_Read]:
        """Judge and open all items of each subject: rows and keys of all of them are asked for together."""
        places = [subject_bytes(subject) for subject in subjects]
        coming = self._room.store.subjects_and_items(places)
        ringing = self._room.keys.rings_in_turn(places)  # on a server while the rows are on their way
        found = []
        for at, (owners, items), rings in zip(count(0, SUBJECTS_TOGETHER), coming, ringing, strict=False):
            bits = 0
            for owner in owners.values():
                bits |= owner.objected | owner.consented
            self._mask = self._room.catalogue.mask(self._purpose, bits)
            for place, subject in zip(places[at : at + SUBJECTS_TOGETHER], subjects[at:], strict=False):
                read = self._read(subject, owners.get(place), items.get(place, []), rings[place])
                found.append(self.read_again(subject, place, None) if read.vanished else read)
        return found

    def read_again(self, subject: SubjectId, place: bytes, numbers: set[int] | None) -> _Read:
        """Judge and open once more what lacked a key: it was sealed again under another, or erased, between two reads.

        Rows leave before their keys die, and keys are there before a row names them: what is missing after the rows were
        read is dead. A row that still names a key which an earlier such read did not find is damage,
        unless the ledger says that the datum was erased: then an older copy of the rows lies here.

        :raises DamagedError: ``key-missing``.
        """
        missing: frozenset[tuple[int, int]] = frozenset()
        while True:
            read = self.read_one(subject, place, numbers, in_order=True)
            stayed = read.vanished & missing
            if stayed:
                numbered = {number for number, _ in stayed}
                if REFERENCE in numbered or not numbered <= erased(self._room, place, numbered):
                    raise key_missing(item_id(subject, min(numbered)) if REFERENCE not in numbered else subject)
            if read.vanished <= missing:
                return read
            missing = read.vanished

    def _read(self, subject: SubjectId, row: SubjectRow | None, rows: list[Row], ring: Ring) -> _Read:
        room, day = self._room, self._day
        if row is None:
            raise unknown_subject(subject)
        if not ring.has(REFERENCE):
            return _Read(row.subject, [], [], ring, frozenset({(REFERENCE, REFERENCE)}))
        place = row.subject
        mask = self._mask if row.objected or row.consented else 0
        objected, consented = bool(row.objected & mask), bool(row.consented & mask)
        late = Late(room, row, rows, subject)
        opened: list[OpenedItem] = []
        refused: list[RefusedItem] = []
        vanished: list[tuple[int, int]] = []
        usually, head = self._judged.usual.setdefault((objected, consented), {}), bound_to(place)
        holding, bounds, append = late.holding, self._bound, opened.append
        sealer: Sealer | None = None
        number = last = 0
        try:
            for item in cast("list[_Columns]", rows):  # the innermost loop of a purpose-wide read: looked up beforehand
                _, number, activity, bucket, state, _, _, due, _, _, sealed = item
                if activity in usually and not state & RESTRICTED and (due is None or due > day):
                    why = usually[activity]
                else:
                    why = self._unusual(item, usually, objected=objected, consented=consented)
                if why is None:
                    if bucket != last:  # no datum has the bucket of the reference
                        sealer, last = ring.sealer(bucket), bucket
                    if sealer is not None:
                        bound = head + bound_number(number, bucket) + bounds[activity]
                        append(OpenedItem(holding, sealer.open(sealed, bound, "").decode(), item))
                        continue
                    why = Why.KEY_DESTROYED
                    vanished.append((number, bucket))
                refused.append(self._refuse(holding(item), why))
        except DamagedError as fault:
            fault.where = item_id(subject, number)
            raise
        return _Read(place, opened, refused, ring, frozenset(vanished) if vanished else _NONE)

    def _unusual(
        self, item: _Columns, usually: dict[int, Why | None], *, objected: bool, consented: bool
    ) -> Why | None:
        """Judge what is past its time or restricted, or the first of its kind, which is then remembered."""
        place, number, activity, _, state, _, _, due, *_ = item
        restricted, past = state & RESTRICTED, due is not None and due <= self._day
        if past and self._held[0] != place:
            self._held = (place, self._room.marks.held_items(place, self._day))
        why = self._judge((activity, restricted, objected, consented), due, held=past and number in self._held[1])
        if not past and not restricted:
            usually[activity] = why
        return why

    def _judge(self, usual: tuple[int, int, bool, bool], due: int | None, *, held: bool) -> Why | None:
        number, restricted, objected, consented = usual
        if number not in self._fields:
            activity = self._room.catalogue.activity(number)
            self._bound[number] = activity.field.encode()
            then = self._then(activity.version)
            self._fields[number] = judge_field(
                self._policy, then.policy if then else None, self._purpose, activity.field, activity.purposes
            )
        standing = Standing(
            erasing=False,
            due=day_of(due),
            held=held,
            restricted=bool(restricted),
            objected=objected,
            consented=consented,
        )
        return judge(self._policy, self._purpose, self._fields[number], standing, self._today)

    def _then(self, version: VersionId) -> Statement | None:
        return self._statement if version == self._statement.version else self._room.statements.version(version)

    def _refuse(self, holding: Holding, why: Why) -> RefusedItem:
        key = (why, holding.shelf if why is Why.PAST_SHELF else "")
        found = self._sentences.get(key)
        if found is None:
            found = self._sentences[key] = forbidding(self._statement, why, purpose=self._purpose, shelf=key[1])
        return RefusedItem(holding, why, *found)


def _numbers(subject: bytes, items: Collection[ItemId]) -> set[int]:
    grouped = by_subject(items)
    others = [owner for owner in grouped if owner != subject]
    if others:
        raise unknown_item(next(item for item in items if subject not in by_subject([item])))
    return set(grouped.get(subject, ()))


def _facts(purpose: PurposeId, reason: str, read: list[_Read]) -> dict[str, Fact]:
    return {
        "purpose": purpose,
        "reason": reason,
        "items": sum(len(found.opened) for found in read),
        "refused": sum(len(found.refused) for found in read),
        "subjects": len(read),
    }


def _record(room: Room, actor: ActorId, reference: str, facts: dict[str, Fact]) -> Callable[[], int]:
    try:
        return room.ledger.record(Event("data.opened", room.clock(), actor, facts, reference))
    except DamagedError:
        raise
    except (GestandError, OSError) as fault:
        raise RefusedError(
            "opening-not-recorded",
            f"the ledger cannot record this opening, so no value is given: {fault}",
            where="ledger",
            remedy="Mend what the ledger reports (often a full or read-only disk) and try again.",
        ) from fault
