"""A run erases what is due and nothing else, keeps what is held and says why, and leaves a certificate in the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pytest

from gestand.doors.demonstration.place import Place
from gestand.kernel.clock import local_date
from gestand.kernel.entropy import system_entropy
from gestand.kernel.errors import DamagedError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, SubjectId
from gestand.register.model import DossierKind, Involved
from gestand.retention.model import Due
from gestand.retention.service import Retention, certificate_of
from gestand.statement.policy import FieldKind
from gestand.system import System

OWNER = ActorId("owner")


def someone(house: System) -> SubjectId:
    values = {FieldPath("contact.name"): "Hugo Bos", FieldPath("contact.email"): "hugo@example.org"}
    return house.intake.admit(None, values, PurposeId("service"), source="counter", actor=OWNER)


def due_on(house: System, subject: SubjectId, on: date) -> None:
    changes = [(h.item, h.trigger_on, on) for h in house.vault.holdings(subject)]
    house.vault.set_due(changes, trigger="collected", actor=OWNER)


def test_nothing_leaves_a_day_early_and_all_of_it_on_the_day_with_the_register(place: Place):
    house = place.open()
    today = local_date(place.clock())
    subject = someone(house)
    job = house.register.open_dossier(
        DossierKind.QUESTION, PurposeId("service"), [Involved(subject, "customer")], actor=OWNER
    )
    house.register.close(job.id, on=today, actor=OWNER)
    due_on(house, subject, today + timedelta(days=1))
    assert house.retention.run(actor=OWNER).erased == 0
    assert house.vault.exists(subject)
    assert len(house.retention.plan(today + timedelta(days=1)).leaving) >= 2
    place.clock.advance(timedelta(days=1))
    run = house.retention.run(actor=OWNER)
    assert run.erased >= 2
    assert run.found_afterwards == 0
    assert not house.vault.exists(subject)
    assert house.vault.find(FieldKind.EMAIL, "hugo@example.org") == ()
    assert house.register.dossier(job.id) is None


def test_what_is_held_stays_with_its_reason_until_the_hold_ends(place: Place):
    house = place.open()
    today = local_date(place.clock())
    subject = someone(house)
    due_on(house, subject, today)
    [first, second] = house.vault.holdings(subject)
    house.vault.place_hold([first.item], reason="geschil", until=today + timedelta(days=3), actor=OWNER)
    run = house.retention.run(actor=OWNER)
    assert ("geschil", today + timedelta(days=3)) in {(s.why, s.until) for s in run.staying}
    assert house.vault.item(first.item) is not None
    assert house.vault.item(second.item) is None
    place.clock.advance(timedelta(days=4))
    house.retention.run(actor=OWNER)
    assert not house.vault.exists(subject)


def test_a_certificate_can_be_made_again_from_the_plan_and_stands_in_the_ledger(place: Place):
    house = place.open()
    due_on(house, someone(house), local_date(place.clock()))
    plan = house.retention.plan()
    run = house.retention.run(actor=OWNER)
    assert run.certificate == certificate_of(run.id, plan)
    [entry] = house.ledger.entries(run.entry, run.entry)
    assert (entry.event.name, entry.event.facts["certificate"]) == ("retention.run", run.certificate)


def test_more_than_one_entry_of_the_ledger_can_name_leaves_in_one_run(place: Place):
    house = place.open()
    subject = someone(house)
    for number in range(470):
        note = {FieldPath("service.notes"): f"note {number}"}
        house.intake.admit(subject, note, PurposeId("service"), source="counter", actor=OWNER)
    due_on_batches(house, subject, local_date(place.clock()))
    assert house.retention.run(actor=OWNER).erased >= 472
    assert not house.vault.exists(subject)


def due_on_batches(house: System, subject: SubjectId, on: date) -> None:
    changes = [(h.item, h.trigger_on, on) for h in house.vault.holdings(subject)]
    for start in range(0, len(changes), 100):
        house.vault.set_due(changes[start : start + 100], trigger="collected", actor=OWNER)


def test_a_second_run_finds_nothing_left_to_do(place: Place):
    house = place.open()
    house.retention.run(actor=OWNER)
    assert house.retention.run(actor=OWNER).due == 0


class Stubborn:
    """A custodian whose erasure leaves something behind."""

    name = "stubborn"

    def due(self, on: date) -> Iterator[Due]:
        yield Due("one", "customer", on)

    def erase(self, keys: Sequence[str], *, ground: str, actor: ActorId) -> int:
        return len(keys)

    def move(self, due: Sequence[Due], *, actor: ActorId) -> None:
        raise AssertionError

    def count(self) -> int:
        return 1


def test_a_custodian_that_still_holds_what_it_erased_gets_no_certificate(place: Place):
    house = place.open()
    retention = Retention([Stubborn()], house.engine, house.ledger, place.clock, system_entropy)
    before = sum(entry.event.name == "retention.run" for entry in house.ledger.entries())
    with pytest.raises(DamagedError) as damaged:
        retention.run(actor=OWNER)
    assert damaged.value.code == "erasure-incomplete"
    assert sum(entry.event.name == "retention.run" for entry in house.ledger.entries()) == before


def test_every_room_that_keeps_personal_data_is_driven(place: Place):
    house = place.open()
    assert {"vault", "requests", "outbox", "outreach", "sharing"} <= set(house.retention._custodians)
    counted = {name: custodian.count() for name, custodian in house.retention._custodians.items()}
    assert counted["vault"] == house.vault.counts().items
    assert counted["requests"] == len(list(house.requests.all()))
    assert counted["outbox"] == sum(house.post.counts().values())
    assert counted["outreach"] > 0


def test_what_waits_for_an_event_that_never_came_is_told_with_the_event(place: Place):
    house = place.open()
    before = house.vault.waiting()
    subject = someone(house)
    job = house.register.open_dossier(
        DossierKind.QUESTION, PurposeId("service"), [Involved(subject, "customer")], actor=OWNER
    )
    shelf = house.vault.holdings(subject)[0].shelf
    count, since = house.vault.waiting()[shelf]
    assert count == before.get(shelf, (0, since))[0] + len(house.vault.holdings(subject))
    assert since <= local_date(place.clock())
    house.register.close(job.id, on=local_date(place.clock()), actor=OWNER)
    assert house.vault.waiting() == before
