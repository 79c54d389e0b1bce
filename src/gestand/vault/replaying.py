"""What the ledger says was done after a copy of the vault was made, done again to that copy. GDPR Articles 17, 18, 21, 7(3).

A ledger entry names subjects and items by marks under keys that lie in the copy, so that each is found without any list
of persons. Erasures are carried out anew and recorded as such; restrictions, objections, consents and holds are put as
the ledger says, whose entries stand already. A value that was corrected since is wrong again in the copy, and the
ledger does not hold the right one: it is restricted until someone has looked (Article 18(1)(a)).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from gestand.kernel.ids import SYSTEM, ItemId, PurposeId, SubjectId
from gestand.ledger.model import Event, Fact
from gestand.vault.changing import item_mark, one_reference, stage_marked
from gestand.vault.erasing import erase
from gestand.vault.marks import ConsentRow, HoldRow
from gestand.vault.place import REFERENCE, day_number, item_id, key_missing, subject_id
from gestand.vault.room import Room, refer
from gestand.vault.rows import RESTRICTED, ItemRow, seconds
from gestand.vault.sealing import bound_value

CORRECTED = "was corrected after this copy was made; ask for the right value"
_TOGETHER = 256  # items erased in one go

Place = tuple[bytes, int]


@dataclass(frozen=True, slots=True)
class Replay:
    """How much of the copy was changed by what the ledger says: items erased, restricted and so on.

    ``to_correct``: items that are restricted because their right value is not in the copy; ``emptied``: subjects of whom
    nothing is left.
    """

    erased: int = 0
    restrictions: int = 0
    objections: int = 0
    consents: int = 0
    holds: int = 0
    to_correct: int = 0
    emptied: tuple[SubjectId, ...] = ()

    @property
    def total(self) -> int:
        """Everything that was done again."""
        return self.erased + self.restrictions + self.objections + self.consents + self.holds + self.to_correct


@dataclass(slots=True)
class _Found:
    """The items and subjects of the copy that the events name."""

    items: dict[str, Place]
    subjects: dict[str, bytes]
    whole: dict[str, list[Place]] = field(default_factory=dict)
    erased: list[Place] = field(default_factory=list)
    corrected: list[Place] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)

    def of(self, event: Event) -> list[Place]:
        """Return the items of an event that are in the copy."""
        marks = marks_of(event)
        if event.subject and marks == (event.subject,):  # a subject as a whole
            return self.whole.get(event.subject, [])
        return [self.items[mark] for mark in marks if mark in self.items]

    def count(self, what: str, number: int = 1) -> None:
        """Note that something was done again."""
        self.counted[what] = self.counted.get(what, 0) + number


def replay(room: Room, events: Iterable[Event]) -> Replay:
    """Do again what ``events`` (in the order of the ledger) say was done after this copy was made; see ``Vault.replay``."""
    acts = list(events)
    wanted = {mark for event in acts for mark in marks_of(event)}
    found = _Found(places(room, wanted), _subjects(room, {event.subject for event in acts if event.subject}))
    for event in acts:
        if marks_of(event) == (event.subject,) and (subject := found.subjects.get(event.subject)) is not None:
            found.whole[event.subject] = [(subject, row.number) for row in room.store.items(subject)]
    sealed = sum(_whole(event.facts.get("items")) for event in acts if event.name in {"data.sealed", "subject.added"})
    with room.store.engine.transaction():
        room.store.skip_numbers(sealed)  # a number that the ledger knows may not come to mean another datum
        for event in acts:
            _again(room, event, found)
        gone = set(found.erased)
        corrected = [
            row for place in dict.fromkeys(found.corrected) if place not in gone for row in _rows(room, [place])
        ]
        if corrected:
            _restrict(room, corrected, Event("data.restricted", room.clock(), SYSTEM, {"reason": CORRECTED}))
            reference = one_reference(room, {row.subject for row in corrected})
            stage_marked(room, "data.restricted", SYSTEM, {"reason": CORRECTED}, corrected, reference=reference)
    erased = _erase(room, list(dict.fromkeys(found.erased)))
    emptied = tuple(subject_id(s) for s in {place[0] for place in found.erased} if room.store.subject(s) is None)
    return Replay(erased=erased, to_correct=len(corrected), emptied=emptied, **found.counted)


def marks_of(event: Event) -> tuple[str, ...]:
    """Return the marks of the items that an event is about."""
    marks = event.facts.get("marks")
    if isinstance(marks, tuple):
        return marks
    one = event.facts.get("item") if event.name == "data.rectified" else None
    return (one,) if isinstance(one, str) else ()


def places(room: Room, marks: Collection[str]) -> dict[str, Place]:
    """Return where the items lie that stand in the ledger under ``marks``; those that are not here are left out.

    A subject's reference among the marks stands for all its items.
    """
    wanted = marks if isinstance(marks, (set, frozenset)) else set(marks)
    if not wanted:
        return {}
    found: dict[str, Place] = {}
    for subject in room.store.subjects():
        key = room.keys.reference_key(subject) or b""
        whole = refer(key, subject) in wanted
        for row in room.store.items(subject):
            mark = item_mark(key, row.number)
            if whole or mark in wanted:
                found[mark] = (subject, row.number)
    return found


def verify_seals(room: Room) -> int:
    """Open every value under its key and forget it at once; see ``Vault.verify_seals``."""
    count = 0
    for subject in room.store.subjects():
        ring = room.keys.ring(subject)
        for row in room.store.items(subject):
            where = item_id(subject_id(subject), row.number)
            sealer = ring.sealer(row.bucket)
            if sealer is None or not ring.has(REFERENCE):
                raise key_missing(where)
            bound = bound_value(subject, row.number, row.bucket, room.catalogue.activity(row.activity).field)
            sealer.open(row.sealed, bound, where)
            count += 1
    return count


def _again(room: Room, event: Event, found: _Found) -> None:
    subject = found.subjects.get(event.subject)
    match event.name:
        case "erasure.begun":
            found.erased.extend(found.of(event))
        case "data.rectified":
            found.corrected.extend(found.of(event))
        case "data.restricted":
            rows = _rows(room, found.of(event))
            _restrict(room, rows, event)
            found.count("restrictions", len(rows))
        case "data.released":
            rows = _rows(room, found.of(event))
            room.store.set_states(rows, RESTRICTED, on=False)
            room.marks.delete_restrictions([(row.subject, row.number) for row in rows])
            found.count("restrictions", len(rows))
        case "hold.placed" | "hold.lifted":
            found.count("holds", _held(room, event, found.of(event)))
        case "objection.recorded" | "objection.withdrawn" if subject is not None:
            _object(room, event, subject)
            found.count("objections")
        case "consent.recorded" | "consent.withdrawn" if subject is not None:
            _consent(room, event, subject)
            found.count("consents")
        case _:
            pass


def _restrict(room: Room, rows: list[ItemRow], event: Event) -> None:
    room.store.set_states(rows, RESTRICTED, on=True)
    where = [(row.subject, row.number) for row in rows]
    room.marks.put_restrictions(where, str(event.facts.get("reason", "")), event.actor, seconds(event.at))


def _held(room: Room, event: Event, where: list[Place]) -> int:
    """Place a hold on what is here, or lift it; return how many holds that were."""
    name, reason, until = str(event.facts.get("hold")), str(event.facts.get("reason", "")), event.facts.get("until")
    known = room.marks.hold(name) is not None
    if event.name == "hold.lifted":
        if known:
            room.marks.lift_hold(name)
        return int(known)
    if known:
        room.marks.put_held(name, where)
    elif where:
        day = day_number(date.fromisoformat(until)) if isinstance(until, str) else None
        room.marks.put_hold(HoldRow(name, reason, event.actor, seconds(event.at), day), where)
    return int(bool(where))


def _object(room: Room, event: Event, subject: bytes) -> None:
    reason, at = str(event.facts.get("reason", "")), seconds(event.at)
    bits = sorted({room.catalogue.bit(purpose) for purpose in _purposes(event)})
    mask, before = sum(1 << bit for bit in bits), room.known(subject).objected
    if event.name == "objection.recorded":
        room.marks.put_objections([(subject, bit, reason, event.actor, at) for bit in bits])
        room.store.set_objected(subject, before | mask)
    else:
        room.marks.delete_objections([(subject, bit) for bit in bits])
        room.store.set_objected(subject, before & ~mask)


def _consent(room: Room, event: Event, subject: bytes) -> None:
    digest, channel = str(event.facts.get("text_digest", "")), str(event.facts.get("channel", ""))
    for purpose in _purposes(event):
        bit, before = room.catalogue.bit(purpose), room.known(subject).consented
        if event.name == "consent.recorded":
            room.marks.put_consent(ConsentRow(subject, bit, digest, channel, event.actor, seconds(event.at)))
            room.store.set_consented(subject, before | 1 << bit)
        else:
            room.marks.withdraw_consent(subject, bit, seconds(event.at))
            room.store.set_consented(subject, before & ~(1 << bit))


def _erase(room: Room, gone: list[Place]) -> int:
    items: list[ItemId] = [item_id(subject_id(subject), number) for subject, number in gone]
    ground = "erased before; a backup had it still"
    return sum(
        erase(room, items[at : at + _TOGETHER], ground=ground, actor=SYSTEM).items
        for at in range(0, len(items), _TOGETHER)
    )


def referred(room: Room, references: Collection[str]) -> dict[str, SubjectId]:
    """Return the subjects of references of the ledger; see ``Vault.referred``."""
    return {reference: subject_id(place) for reference, place in _subjects(room, set(references)).items()}


def _subjects(room: Room, references: set[str]) -> dict[str, bytes]:
    if not references:
        return {}
    found: dict[str, bytes] = {}
    for subject in room.store.subjects():
        key = room.keys.reference_key(subject)
        reference = refer(key, subject) if key is not None else ""
        if reference in references:
            found[reference] = subject
    return found


def _rows(room: Room, where: list[Place]) -> list[ItemRow]:
    return [row for place in where if (row := room.store.item(*place)) is not None]


def _purposes(event: Event) -> tuple[PurposeId, ...]:
    named = event.facts.get("purposes")
    return tuple(map(PurposeId, named)) if isinstance(named, tuple) else ()


def _whole(value: Fact) -> int:
    return value if isinstance(value, int) else 0
