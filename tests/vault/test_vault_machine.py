"""Any order of verbs, clock jumps and reopenings leaves what a plain model says, on real files."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from vault_world import BOOK, EMAIL, JOB, MAIL, NAME, NOTE, OFFERS, OWNER, RIGHTS, SUPPORT, World

from engines import STORES, on_postgres, open_store
from gestand.kernel.clock import local_date
from gestand.kernel.errors import GestandError, RefusedError
from gestand.kernel.ids import FieldPath, ItemId, ShelfId, SubjectId
from gestand.statement.policy import FieldKind
from gestand.storage.postgres import PostgresEngine
from gestand.vault.model import NewItem, NewSubject, Where, Why
from gestand.vault.place import item_place
from gestand.vault.sealing import bound_value

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
            for name in STORES if on_postgres() else ():
                engine = open_store(self.world.folder / name, b"")
                assert isinstance(engine, PostgresEngine)
                engine.drop()
                engine.close()
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
            self.forget(subject, item)

    @rule(shelf=shelves, due_by=st.none() | st.sampled_from([date(2027, 1, 1), date(2030, 1, 1)]))
    def erase_a_set(self, shelf: ShelfId, due_by: date | None) -> None:
        chosen = [
            (subject, item, datum)
            for subject, data in self.model.items()
            for item, datum in data.items()
            if datum.shelf == shelf and (due_by is None or (datum.due is not None and datum.due <= due_by))
        ]
        free = [(subject, item) for subject, item, datum in chosen if not self.held(datum, self.today)]
        where = Where(shelf=shelf, due_by=due_by)
        expected = (len(free), len(chosen) - len(free))
        counted = self.world.vault.count_where(where)
        assert (counted.items - counted.held, counted.held) == expected
        done = self.world.vault.erase_where(where, ground="17", actor=OWNER)
        assert (done.items, done.held, done.found_afterwards) == (*expected, 0)
        for subject, item in free:
            self.forget(subject, item)

    @rule(number=st.integers(0, 9), mask=st.integers(1, 15), on=st.booleans())
    def restrict_a_set(self, number: int, mask: int, on: bool) -> None:
        subject = self.pick(number)
        if subject is not None:
            verb = self.world.vault.restrict_where if on else self.world.vault.release_where
            assert verb(Where(subjects=(subject,)), reason="contested", actor=OWNER).items == len(self.model[subject])
            for datum in self.model[subject].values():
                datum.restricted = on

    @rule(
        number=st.integers(0, 9),
        mask=st.integers(1, 15),
        at=st.integers(1, 6),
        verb=st.sampled_from(["erase", "rectify", "move", "whole"]),
    )
    def crash(self, number: int, mask: int, at: int, verb: str) -> None:  # noqa: C901 - four verbs, each with its outcome
        """Stop at the durable step of that number and open again: what was asked happened wholly or not at all."""
        if (picked := self.pick_items(number, mask)) is None:
            return
        subject, items = picked
        if verb == "whole":
            items = list(self.model[subject])
        if verb in {"erase", "whole"} and any(self.held(self.model[subject][item], self.today) for item in items):
            return
        seen = [0]

        def stop(_step: str) -> None:
            seen[0] += 1
            if seen[0] == at:
                raise GestandError("store-full", "the disk is full")

        vault = self.world.vault
        self.written += 1
        value = f"Na de val {self.written}@example.nl"
        verbs = {
            "erase": lambda: vault.erase(items, ground="17", actor=OWNER),
            "whole": lambda: vault.erase_subject(subject, ground="17", actor=OWNER),
            "rectify": lambda: vault.rectify(items[0], value, actor=OWNER, reason="asked"),
            "move": lambda: vault.move(items, BOOK, None, None, actor=OWNER, reason="grew"),
        }
        self.world.failpoint = stop
        with suppress(GestandError):
            verbs[verb]()
        self.world.failpoint = lambda _: None
        vault = self.world.again()
        there = [item for item in items if vault.item(item) is not None]
        if verb in {"erase", "whole"}:
            assert there in ([], items)
            for item in items if not there else ():
                self.forget(subject, item)
            return
        assert there == items
        if verb == "move":
            found = [held for held in vault.holdings(subject) if held.item in items]
            before = [self.model[subject][held.item] for held in found]
            done = all((held.shelf, held.due) == (BOOK, None) for held in found)
            assert done or [(held.shelf, held.due) for held in found] == [(d.shelf, d.due) for d in before]
            for datum in before if done else ():
                datum.shelf, datum.due = BOOK, None
        else:
            held = next(held for held in vault.holdings(subject) if held.item == items[0])
            if held.rectified_at is not None:
                self.model[subject][items[0]].value = self.read(
                    subject, items[0], (value, self.model[subject][items[0]].value)
                )

    def read(self, subject: SubjectId, item: ItemId, either: tuple[str, str]) -> str:
        """Return the value of an item, which is one of two."""
        opening = self.world.vault.open(subject, RIGHTS, actor=OWNER, reason="check", items=[item])
        found = opening.items[0].value if opening.items else self.under_its_seal(item)
        assert found in either
        return found

    def under_its_seal(self, item: ItemId) -> str:
        """What stands in a row that may not be opened now and may be later."""
        room = self.world.vault._room
        row = room.store.item(*item_place(item))
        assert row is not None
        sealer = room.keys.ring(row.subject).sealer(row.bucket)
        assert sealer is not None
        field = room.catalogue.activity(row.activity).field
        return sealer.open(row.sealed, bound_value(row.subject, row.number, row.bucket, field), "row").decode()

    def forget(self, subject: SubjectId, item: ItemId) -> None:
        gone = self.model[subject].pop(item)
        borne = {hold for data in self.model.values() for datum in data.values() for hold in datum.holds}
        for hold in gone.holds - borne:  # a hold whose day has passed leaves with the last datum that it kept
            self.holds.pop(hold, None)
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
            if datum.due and datum.due <= self.today and not datum.restricted and not self.held(datum, self.today)
        }
        assert {line.item for line in self.world.vault.restricted_due(self.today)} == {
            item
            for data in self.model.values()
            for item, datum in data.items()
            if datum.due and datum.due <= self.today and datum.restricted and not self.held(datum, self.today)
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
        stays = purpose == RIGHTS and (datum.restricted or self.held(datum, self.today))
        if datum.due and datum.due <= self.today and not stays:
            return Why.PAST_SHELF
        if purpose == OFFERS and datum.field == NOTE:
            return Why.NOT_NEEDED
        if datum.restricted and purpose != RIGHTS:
            return Why.RESTRICTED
        return Why.OBJECTED if purpose == OFFERS and subject in self.objected else None


@pytest.mark.on_both_engines
@pytest.mark.parametrize("run", ["ordinary", pytest.param("long", marks=pytest.mark.long)])
def test_any_order_of_verbs_clock_jumps_and_crashes_leaves_what_a_plain_model_says(run: str) -> None:
    examples, steps = (3, 10) if on_postgres() else (15, 15)
    if run == "long":
        examples, steps = (60, 30) if on_postgres() else (600, 50)
    run_state_machine_as_test(
        VaultMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
