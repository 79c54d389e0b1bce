"""What can be asked of the vault without opening anything: who is there, what is held of them, what is due."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from gestand.kernel.clock import local_date
from gestand.kernel.ids import FieldPath, ItemId, PurposeId, ShelfId, SubjectId
from gestand.statement.policy import FieldKind
from gestand.vault import changing, choosing, erasing, finding, holding, permitting
from gestand.vault.model import (
    Candidate,
    Choice,
    DueItem,
    Hold,
    Holding,
    VaultCounts,
)
from gestand.vault.place import day_number, day_of, item_id, item_place, subject_bytes, subject_id, unpack
from gestand.vault.room import Room
from gestand.vault.rows import ItemRow, instant


class Listing:
    """The part of the vault that tells and never opens."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def find(self, kind: FieldKind, value: str) -> tuple[SubjectId, ...]:
        """Return the subjects of whom an identifying field has this value, whatever its notation."""
        return self.find_many([(kind, value)])[kind, value]

    def find_many(self, pairs: Iterable[tuple[FieldKind, str]]) -> dict[tuple[FieldKind, str], tuple[SubjectId, ...]]:
        """Return for each kind and value the subjects of whom an identifying field has it."""
        return finding.find_many(self._room, pairs)

    def find_like(self, text: str, *, most: int = 50) -> tuple[Candidate, ...]:
        """Return the subjects whose name is like ``text``, the likeliest first, each with its confidence and why.

        Spelling, sound, initials, tussenvoegsels and maiden names are allowed for; nothing is opened, nobody is chosen. What
        it costs grows with what is alike, not with the store.

        :raises UsageError: if there is no name in the text.
        """
        return finding.find_like(self._room, text, most=most)

    def holdings(self, subject: SubjectId) -> tuple[Holding, ...]:
        """Return what is held about each datum of a subject, without values; empty if the subject is not there."""
        row, rows = self._room.store.owner_and_rows(subject_bytes(subject), None)()
        if row is None:
            return ()
        marked = [ItemRow._make(item) for item in rows if item[4]]
        return holding.holdings_of(rows, holding.Context.of(self._room, row, marked))

    def last_item(self, subject: SubjectId) -> ItemId:
        """Return the id of the datum that came in last of a subject; it may have left since.

        :raises UsageError: if the subject is not there.
        """
        return item_id(subject, self._room.known(subject_bytes(subject)).last_item)

    def item(self, item_id: ItemId) -> Holding | None:
        """Return what is held about one datum, or None."""
        subject, number = item_place(item_id)
        row, rows = self._room.store.owner_and_rows(subject, {number})()
        if row is None or not rows:
            return None
        found = ItemRow._make(rows[0])
        return holding.holding_of(found, holding.Context.of(self._room, row, [found]))

    def due(self, on: date) -> Iterator[Holding]:
        """Yield what is due on or before ``on``, not on hold then and not restricted, in order of due; others may write meanwhile."""
        context: holding.Context | None = None
        last = b""
        for row in self._room.store.due(day_number(on) or 0):
            if row.subject != last or row.state:  # data of one subject stand together, mostly without marks
                owner = self._room.store.subject(row.subject)
                context = holding.Context.of(self._room, owner, [row]) if owner else None
                last = row.subject
            if context is not None:
                yield holding.holding_of(row, context)

    def due_by_day(self, first: date, last: date) -> dict[date, int]:
        """Return how many data are due on each day from ``first`` to ``last``, held or not: for a calendar."""
        found = self._room.store.due_by_day(day_number(first) or 0, day_number(last) or 0)
        return {day: count for number, count in found if (day := day_of(number)) is not None}

    def waiting(self) -> dict[ShelfId, tuple[int, date]]:
        """Return for each shelf how many data wait for the event that starts their period, and since when the oldest lies there."""
        found: dict[ShelfId, tuple[int, date]] = {}
        for activity, count, collected in self._room.store.waiting():
            shelf, since = self._room.catalogue.activity(activity).shelf, local_date(instant(collected))
            known, oldest = found.get(shelf, (0, since))
            found[shelf] = known + count, min(oldest, since)
        return found

    def due_items(self, on: date) -> Iterator[DueItem]:
        """Yield what ``due`` yields, as short lines: for a sweep over millions."""
        day = day_number(on) or 0
        held = set(self._room.marks.held_due(day))
        going = {s for job in self._room.store.erasures() for s, n in unpack(job.items) if n == erasing.EVERY}
        activities = self._room.catalogue.numbers()
        days: dict[int, date] = {}
        last, subject = b"", SubjectId("")
        for page in self._room.store.due_lines(day):
            for place, number, activity, trigger_on, due in page:
                if (place, number) in held or place in going:
                    continue
                if place != last:
                    last, subject = place, subject_id(place)
                found = activities.get(activity) or self._room.catalogue.activity(activity)
                when = days.get(due) or days.setdefault(due, day_of(due) or on)
                yield DueItem(item_id(subject, number), found.shelf, found.version, day_of(trigger_on), when)

    def choices(self, purpose: PurposeId, fields: Collection[FieldPath]) -> Iterator[Choice]:
        """Yield what each person chose of whom one of ``fields`` was collected for a purpose; no value is opened."""
        return choosing.choices(self._room, purpose, fields)

    def choice(self, subject: SubjectId, purpose: PurposeId) -> Choice | None:
        """Return what one person chose about a purpose; None if they are not here."""
        return choosing.choice(self._room, subject, purpose)

    def bare_mark(self, kind: FieldKind, value: str) -> bytes | None:
        """Return the keyed hash of an identifier: it can be recognised when it comes back, and not be read."""
        return choosing.bare_mark(self._room, kind, value)

    def find_marks(self, marks: Iterable[bytes]) -> dict[bytes, tuple[SubjectId, ...]]:
        """Return for each bare mark the subjects who have that identifier now."""
        return choosing.find_marks(self._room, marks)

    def alike(self, subject: SubjectId) -> tuple[SubjectId, ...]:
        """Return the other subjects who have an identifier of this one, such as an address; nothing is opened."""
        return choosing.alike(self._room, subject)

    def held_due(self, on: date) -> Iterator[Holding]:
        """Yield what is due on or before ``on`` and stays because of a hold, in order of due."""
        for subject, number in self._room.marks.held_due(day_number(on) or 0):
            found = self.item(item_id(subject_id(subject), number))
            if found is not None:
                yield found

    def restricted_due(self, on: date) -> Iterator[DueItem]:
        """Yield what is due on or before ``on`` and stays because it is restricted (Article 18(2)) and not held as well."""
        day = day_number(on) or 0
        held = set(self._room.marks.held_due(day))
        activities = self._room.catalogue.numbers()
        for place, number, activity, trigger_on, due in self._room.marks.restricted_due(day):
            if (place, number) not in held:
                found = activities.get(activity) or self._room.catalogue.activity(activity)
                item = item_id(subject_id(place), number)
                yield DueItem(item, found.shelf, found.version, day_of(trigger_on), day_of(due) or on)

    def subjects(self) -> Iterator[SubjectId]:
        """Yield every subject; others may write meanwhile."""
        return map(subject_id, self._room.store.subjects())

    def collected_for(self, purpose: PurposeId) -> Iterator[SubjectId]:
        """Yield the subjects of whom something was collected for a purpose: named with it, or a field that it needs."""
        needed = self._room.statements.in_force().policy.purposes.get(purpose)
        activities = [
            number
            for number, activity in self._room.catalogue.numbers().items()
            if purpose in activity.purposes
            or (not activity.purposes and needed is not None and needed.allows(activity.field))
        ]
        return map(subject_id, self._room.store.collected(activities))

    def exists(self, subject: SubjectId) -> bool:
        """Say whether the subject is in the vault."""
        return self._room.store.subject(subject_bytes(subject)) is not None

    def counts(self) -> VaultCounts:
        """Return how much is in the vault."""
        subjects, items = self._room.store.counts()
        return VaultCounts(subjects, items, self._room.keys.count())

    def shown_among_many(self, subject: SubjectId) -> tuple[tuple[date, PurposeId, int], ...]:
        """Return when data of a subject were opened together with those of others: day, purpose, how many data.

        The ledger has one entry for many subjects there, and names none. What was opened of one alone is in the ledger.
        """
        found = self._room.store.shown(subject_bytes(subject))
        return tuple((day, PurposeId(purpose), items) for number, purpose, items in found if (day := day_of(number)))

    def reference(self, subject: SubjectId) -> str:
        """Return how the subject stands in the ledger: an HMAC under a key that dies with the subject's last item."""
        return self._room.reference(subject_bytes(subject))

    def mark(self, item: ItemId) -> str:
        """Return how an item stands in the ledger, or nothing if it is not there; it dies with its subject."""
        row = self._room.store.item(*item_place(item))
        return "" if row is None else changing.item_reference(self._room, row)

    def consents(self, subject: SubjectId) -> tuple[PurposeId, ...]:
        """Return the purposes that the subject's consent stands for now."""
        owner = self._room.known(subject_bytes(subject))
        return tuple(PurposeId(name) for name in self._room.catalogue.purposes(owner.consented))

    def objections(self, subject: SubjectId) -> tuple[PurposeId, ...]:
        """Return the purposes that the subject objects to now."""
        owner = self._room.known(subject_bytes(subject))
        return tuple(PurposeId(name) for name in self._room.catalogue.purposes(owner.objected))

    def anyone_objects(self, purpose: PurposeId) -> bool:
        """Say whether anybody objects to a purpose now."""
        return choosing.anyone_objects(self._room, purpose)

    def holds(self, subject: SubjectId) -> tuple[Hold, ...]:
        """Return the holds that touch a subject, also those whose end has passed."""
        return permitting.holds(self._room, subject)

    def hold_of(self, item: ItemId) -> Hold | None:
        """Return a hold that keeps the item today, or None."""
        return permitting.hold_of(self._room, item)
