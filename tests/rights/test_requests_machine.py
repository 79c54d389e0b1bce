"""Requests in any order, with holds, jumps of the clock, reopenings and crashes in the middle of an erasure, on both engines.

What a plain model says: no request is ever lost, what was erased stays away, what a hold keeps stays, an answer tells what is held."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from engines import on_postgres
from gestand.doors.demonstration.place import Place, make_place
from gestand.kernel.clock import local_date
from gestand.kernel.config_edit import write_settings
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId, FieldPath, ItemId, PurposeId, SubjectId
from gestand.rights.model import Channel, Decision, IdentityLevel, Right
from gestand.system import System
from postgres_server import running_server

OWNER = ActorId("owner")
PHONE = FieldPath("contact.phone")
STEPS = ("erase.begun", "erase.unreadable", "erase.destroyed", "erase.searched", "erase.done")


class KilledError(BaseException):
    """Not an error that the program knows."""


class RequestsMachine(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.place: Place = make_place(Path(self.folder.name) / "koper")
        if on_postgres():
            server = running_server()
            patch = pytest.MonkeyPatch()
            patch.setenv("GESTAND_DSN", server.dsn())
            patch.setenv("GESTAND_KEYS_DSN", server.keys_dsn)
            self.patch = patch
            where = {"dsn": "env:GESTAND_DSN", "keys_dsn": "env:GESTAND_KEYS_DSN", "schema": server.schema()}
            write_settings(self.place.folder, {"engine": "postgres", **where})
        self.house.publication.adopt(actor=OWNER)
        self.people: dict[SubjectId, str] = {}
        self.requests: dict[str, tuple[Right, SubjectId, bool]] = {}  # open, by its id
        self.gone: set[ItemId] = set()
        self.holds: dict[str, tuple[date | None, tuple[ItemId, ...]]] = {}

    def teardown(self) -> None:
        if hasattr(self, "place"):
            self.place.close()
            if hasattr(self, "patch"):
                self.patch.undo()
            self.folder.cleanup()

    @property
    def house(self) -> System:
        return self.place.open()

    def kept(self) -> set[ItemId]:
        today = local_date(self.place.clock())
        return {item for until, items in self.holds.values() if until is None or until >= today for item in items}

    def waiting(self, number: int, right: Right) -> str | None:
        found = sorted(one for one, (asked, _, is_open) in self.requests.items() if is_open and asked is right)
        return found[number % len(found)] if found else None

    @rule()
    def admit(self) -> None:
        number = len(self.people) + 1
        values = {
            FieldPath("contact.name"): f"Proef {number} Jansen",
            FieldPath("contact.email"): f"proef{number}@example.nl",
            PHONE: f"0485-34{number:04}",
        }
        subject = self.house.intake.admit(None, values, PurposeId("service"), source="counter", actor=OWNER)
        self.people[subject] = f"proef{number}@example.nl"

    @rule(number=st.integers(0, 9), right=st.sampled_from([Right.ERASURE, Right.ACCESS]))
    def ask(self, number: int, right: Right) -> None:
        present = [one for one in self.people if self.house.vault.exists(one)]
        if present:
            subject = present[number % len(present)]
            asked = self.house.requests.receive(right, contact=self.people[subject], channel=Channel.EMAIL, actor=OWNER)
            self.house.requests.confirm(asked.id, IdentityLevel.SECOND_FACT, actor=OWNER)
            self.requests[asked.id] = (right, subject, True)

    @rule(number=st.integers(0, 9))
    def answer(self, number: int) -> None:
        if (request := self.waiting(number, Right.ACCESS)) is not None:
            _, subject, _ = self.requests[request]
            held = self.house.vault.holdings(subject) if self.house.vault.exists(subject) else ()
            told = self.house.requests.answer(request, actor=OWNER)
            numbers = ["".join(filter(str.isdigit, one.value)) for one in told.data]
            assert sum(one.field == PHONE for one in held) <= sum("48534" in number for number in numbers)
            self.requests[request] = (Right.ACCESS, subject, False)

    @rule(number=st.integers(0, 9), step=st.none() | st.sampled_from(STEPS))
    def erase(self, number: int, step: str | None) -> None:
        if (request := self.waiting(number, Right.ERASURE)) is None:
            return
        plan = self.house.requests.plan(request, actor=OWNER)
        leaving = {one.holding.item for one in plan.having(Decision.ERASE)}
        assert not leaving & self.kept(), "what a hold keeps is not planned to leave"
        if step is not None and leaving:
            self.crash(request, step)
        try:
            outcome = self.house.requests.erase(request, actor=OWNER)
        except RefusedError:
            return  # what came after the plan stops it; it is planned anew
        assert outcome.absence_proven
        self.gone |= leaving
        right, subject, _ = self.requests[request]
        self.requests[request] = (right, subject, False)

    def crash(self, request: str, step: str) -> None:
        """Stop at a durable step as a kill would, and start again."""

        def die(reached: str) -> None:
            if reached == step:
                raise KilledError

        object.__setattr__(self.house.vault._room, "failpoint", die)
        with pytest.raises(KilledError):
            self.house.requests.erase(request, actor=OWNER)
        self.place.close()
        assert self.house.requests.one(request).open, "it never says done before it is"

    @rule(number=st.integers(0, 9), days=st.none() | st.integers(1, 400))
    def hold(self, number: int, days: int | None) -> None:
        present = [one for one in self.people if self.house.vault.exists(one)]
        if present:
            items = [held.item for held in self.house.vault.holdings(present[number % len(present)])][:2]
            until = None if days is None else local_date(self.place.clock()) + timedelta(days)
            placed = self.house.vault.place_hold(items, reason="geschil", until=until, actor=OWNER)
            self.holds[placed.id] = (until, tuple(items))

    @rule(number=st.integers(0, 9))
    def lift(self, number: int) -> None:
        if self.holds:
            hold = sorted(self.holds)[number % len(self.holds)]
            _, items = self.holds.pop(hold)
            if any(self.house.vault.item(item) is not None for item in items):
                self.house.vault.lift_hold(hold, reason="opgelost", actor=OWNER)

    @rule(days=st.integers(1, 200))
    def wait(self, days: int) -> None:
        self.place.clock.advance(timedelta(days=days))

    @rule(rotate=st.booleans())
    def reopen(self, rotate: bool) -> None:
        if rotate:
            self.house.vault.rotate(actor=OWNER)
        self.place.close()
        self.house.ledger.verify()
        self.house.vault.verify_seals()

    @invariant()
    def nothing_is_lost_and_nothing_returns(self) -> None:
        if not hasattr(self, "place"):
            return
        vault = self.house.vault
        assert all(vault.item(item) is None for item in self.gone)
        assert all(vault.item(item) is not None for item in self.kept())
        for request, (right, _, is_open) in self.requests.items():
            found = self.house.requests.one(request)
            assert (found.right, found.open) == (right, is_open)


@pytest.mark.on_both_engines
@pytest.mark.parametrize("run", ["ordinary", pytest.param("long", marks=pytest.mark.long)])
def test_requests_in_any_order_lose_nothing_and_bring_nothing_back(run: str) -> None:
    examples, steps = (1, 8) if on_postgres() else (3, 10)
    if run == "long":
        examples, steps = (10, 20) if on_postgres() else (80, 30)
    run_state_machine_as_test(
        RequestsMachine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.on_both_engines
def test_the_machine_does_what_it_says_it_does() -> None:
    """Few orders are drawn in an ordinary run: here each verb happens, and an erasure is cut off at each step."""
    machine = RequestsMachine()
    machine.begin()
    steps = (None, STEPS[1]) if on_postgres() else (None, *STEPS)
    try:
        for number, step in enumerate(steps):
            machine.admit()
            machine.ask(number, Right.ACCESS)
            machine.answer(0)
            machine.hold(number, None)
            machine.ask(number, Right.ERASURE)
            machine.lift(0)
            machine.erase(0, step)
            machine.reopen(rotate=True)
            machine.wait(5)
            machine.nothing_is_lost_and_nothing_returns()
        erased = [one for one in machine.requests.values() if one[0] is Right.ERASURE]
        assert len(erased) == len(steps)
        assert not any(is_open for _, _, is_open in erased)
        assert len(machine.gone) == 3 * len(erased)
    finally:
        machine.teardown()
