"""Any order of verbs, clock jumps and reopenings leaves what a plain model says, on real files."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from vault_world import BOOK, EMAIL, JOB, MAIL, NAME, NOTE, OFFERS, OWNER, RIGHTS, SUPPORT, World

from gestand.kernel.clock import local_date
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import FieldPath, ItemId, ShelfId, SubjectId
from gestand.statement.policy import FieldKind
from gestand.vault.model import NewItem, NewSubject, Why

FIELDS = (EMAIL, NAME, NOTE)
KINDS = {EMAIL: FieldKind.EMAIL, NAME: FieldKind.NAME}
dues = st.none() | st.sampled_from([date(2026, 9, 1), date(2027, 2, 1), date(2027, 11, 1), date(2033, 1, 1)])
shelves = st.sampled_from([MAIL, JOB, BOOK])


@dataclass
class Datum:
    field: FieldPath
    value: str
    shelf: ShelfId
    due: date | None
    restricted: bool = False
    holds: set[str] = field(default_factory=set)


class VaultMachine(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self.folder.name))
        self.model: dict[SubjectId, dict[ItemId, Datum]] = {}
        self.objected: set[SubjectId] = set()
        self.holds: dict[str, date | None] = {}
        self.written = 0

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.close()
            self.folder.cleanup()

    @property
    def today(self) -> date:
        return local_date(self.world.clock())

    def pick(self, number: int) -> SubjectId | None:
        return sorted(self.model)[number % len(self.model)] if self.model else None

    def pick_items(self, number: int, mask: int) -> tuple[SubjectId, list[ItemId]] | None:
        subject = self.pick(number)
        if subject is None:
            return None
        items = list(self.model[subject])
        return subject, [item for at, item in enumerate(items) if mask >> at & 1] or items[:1]

    def held(self, datum: Datum, on: date) -> bool:
        return any(until is None or until >= on for until in (self.holds[h] for h in datum.holds if h in self.holds))

    @rule(
        new=st.booleans(),
        number=st.integers(0, 9),
        fields=st.lists(st.tuples(st.sampled_from(FIELDS), shelves, dues), min_size=1, max_size=4),
    )
    def add(self, new: bool, number: int, fields: list[tuple[FieldPath, ShelfId, date | None]]) -> None:
        known = None if new else self.pick(number)
        data = []
        for path, shelf, due in fields:
            self.written += 1
            data.append(Datum(path, f"Waarde {self.written}@example.nl", shelf, due))
        items = tuple(NewItem(d.field, d.value, d.shelf, "customer", due=d.due) for d in data)
        (subject,) = self.world.vault.add([NewSubject(items, id=known)], actor=OWNER, reason="order")
        held = self.model.setdefault(subject, {})
        fresh = [h.item for h in self.world.vault.holdings(subject) if h.item not in held]
        held.update(zip(fresh, data, strict=True))

    @rule(number=st.integers(0, 9), mask=st.integers(1, 15))
    def erase(self, number: int, mask: int) -> None:
        if (picked := self.pick_items(number, mask)) is None:
            return
        subject, items = picked
        if any(self.held(self.model[subject][item], self.today) for item in items):
            with pytest.raises(RefusedError, match="legal hold"):
                self.world.vault.erase(items, ground="17", actor=OWNER)
            return
        erasure = self.world.vault.erase(items, ground="17", actor=OWNER)
        assert (erasure.items, erasure.found_afterwards) == (len(items), 0)
        for item in items:
            gone = self.model[subject].pop(item)
            if gone.field in KINDS:
                assert self.world.vault.find(KINDS[gone.field], gone.value) == ()
        if not self.model[subject]:
            del self.model[subject]
            self.objected.discard(subject)

    @rule(number=st.integers(0, 9), mask=st.integers(1, 15))
    def rectify(self, number: int, mask: int) -> None:
        if (picked := self.pick_items(number, mask)) is None:
            return
        subject, items = picked
        datum = self.model[subject][items[0]]
        self.written += 1
        old, datum.value = datum.value, f"Beter {self.written}@example.nl"
        self.world.vault.rectify(items[0], datum.value, actor=OWNER, reason="asked")
        if datum.field in KINDS:
            assert self.world.vault.find(KINDS[datum.field], old) == ()

    @rule(number=st.integers(0, 9), mask=st.integers(1, 15), due=dues)
    def set_due(self, number: int, mask: int, due: date | None) -> None:
        if picked := self.pick_items(number, mask):
            self.world.vault.set_due([(item, None, due) for item in picked[1]], trigger="job-closed", actor=OWNER)
            for item in picked[1]:
                self.model[picked[0]][item].due = due

    @rule(number=st.integers(0, 9), mask=st.integers(1, 15), shelf=shelves, due=dues)
    def move(self, number: int, mask: int, shelf: ShelfId, due: date | None) -> None:
        if picked := self.pick_items(number, mask):
            self.world.vault.move(picked[1], shelf, None, due, actor=OWNER, reason="grew")
            for item in picked[1]:
                self.model[picked[0]][item].due = due
                self.model[picked[0]][item].shelf = shelf

    @rule(number=st.integers(0, 9), mask=st.integers(1, 15), on=st.booleans())
    def restrict(self, number: int, mask: int, on: bool) -> None:
        if picked := self.pick_items(number, mask):
            verb = self.world.vault.restrict if on else self.world.vault.release
            verb(picked[1], reason="contested", actor=OWNER)
            for item in picked[1]:
                self.model[picked[0]][item].restricted = on

    @rule(number=st.integers(0, 9), on=st.booleans())
    def object(self, number: int, on: bool) -> None:
        if (subject := self.pick(number)) is None:
            return
        if on:
            self.world.vault.object_to(subject, [OFFERS], actor=OWNER, reason="asked")
            self.objected.add(subject)
        else:
            self.world.vault.withdraw_objection(subject, [OFFERS], actor=OWNER, reason="asked")
            self.objected.discard(subject)

    @rule(number=st.integers(0, 9), mask=st.integers(1, 15), days=st.none() | st.integers(1, 500))
    def hold(self, number: int, mask: int, days: int | None) -> None:
        if picked := self.pick_items(number, mask):
            until = None if days is None else self.today + timedelta(days)
            hold = self.world.vault.place_hold(picked[1], reason="claim", until=until, actor=OWNER)
            self.holds[hold.id] = until
            for item in picked[1]:
                self.model[picked[0]][item].holds.add(hold.id)

    @rule(number=st.integers(0, 9))
    def lift(self, number: int) -> None:
        if self.holds:
            hold = sorted(self.holds)[number % len(self.holds)]
            self.world.vault.lift_hold(hold, reason="settled", actor=OWNER)
            del self.holds[hold]

    @rule(days=st.integers(1, 400))
    def wait(self, days: int) -> None:
        self.world.clock.advance(timedelta(days=days))

    @rule(rotate=st.booleans())
    def reopen(self, rotate: bool) -> None:
        if rotate:
            self.world.vault.rotate(actor=OWNER)
        self.world.again()

    @rule()
    def list_due(self) -> None:
        listed = list(self.world.vault.due(self.today))
        assert [line.item for line in self.world.vault.due_items(self.today)] == [h.item for h in listed]
        assert [h.due for h in listed] == sorted(h.due for h in listed if h.due)
        assert {h.item for h in listed} == {
            item
            for data in self.model.values()
            for item, datum in data.items()
            if datum.due and datum.due <= self.today and not self.held(datum, self.today)
        }

    @invariant()
    def the_vault_says_what_the_model_says(self) -> None:
        if not hasattr(self, "world"):
            return
        vault = self.world.vault
        assert set(vault.subjects()) == set(self.model)
        for subject, data in self.model.items():
            for purpose in (SUPPORT, OFFERS, RIGHTS):
                opening = vault.open(subject, purpose, actor=OWNER, reason="call")
                assert {o.holding.item: o.value for o in opening.items} == {
                    item: datum.value for item, datum in data.items() if self.why(subject, datum, purpose) is None
                }
                assert {r.holding.item: r.why for r in opening.refused} == {
                    item: why for item, datum in data.items() if (why := self.why(subject, datum, purpose)) is not None
                }
            for datum in data.values():
                if datum.field in KINDS:
                    assert vault.find(KINDS[datum.field], datum.value.upper()) == (subject,)
        places = {(s, d.shelf, d.due.year if d.due else 0) for s, data in self.model.items() for d in data.values()}
        assert vault.counts().keys >= len(places)

    def why(self, subject: SubjectId, datum: Datum, purpose: str) -> Why | None:
        if datum.due and datum.due <= self.today and not (purpose == RIGHTS and self.held(datum, self.today)):
            return Why.PAST_SHELF
        if purpose == OFFERS and datum.field == NOTE:
            return Why.NOT_NEEDED
        if datum.restricted and purpose != RIGHTS:
            return Why.RESTRICTED
        return Why.OBJECTED if purpose == OFFERS and subject in self.objected else None


VaultMachine.TestCase.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
TestVault = VaultMachine.TestCase
