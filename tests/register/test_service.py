"""Dossiers move the due dates of their data; who leaves the vault leaves the register."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import FieldPath, PurposeId, SubjectId
from gestand.register.context import context_of
from gestand.register.model import DossierKind, Involved
from gestand.statement.policy import Trigger
from gestand.storage.tables import tables
from intake_house import OWNER, START

pytestmark = pytest.mark.on_both_engines

TODAY = date(2026, 12, 1)
REPAIR = PurposeId("repair")


def due(house, subject):
    return {h.field: h.due for h in house.vault.holdings(subject)}


def job_of(house, *subjects, kind=DossierKind.JOB, purpose=REPAIR, number=""):
    return house.register.open_dossier(
        kind, purpose, [Involved(one, "customer") for one in subjects], number=number, actor=OWNER
    )


def test_an_event_dates_the_data_of_its_dossier_in_one_transaction(house):
    anna = house.admit(contact__name="Anna de Vries")
    bram = house.admit(contact__name="Bram Jansen")
    job = job_of(house, anna)
    house.intake.admit(
        anna, {FieldPath("device.fault"): "start niet"}, REPAIR, dossier=job.id, source="counter", actor=OWNER
    )
    assert due(house, anna) == {"contact.name": None, "device.fault": None}  # while the job is open
    house.clock.advance(timedelta(days=10))
    closed = house.register.close(job.id, on=date(2026, 12, 8), actor=OWNER)
    assert (closed.state, closed.closed_on) == ("closed", date(2026, 12, 8))
    assert closed.happened(Trigger.JOB_CLOSED) == date(2026, 12, 8)
    assert due(house, anna) == {"contact.name": date(2028, 12, 9), "device.fault": date(2027, 1, 8)}
    assert due(house, bram) == {"contact.name": date(2028, 12, 2)}  # nobody else's
    assert len(house.events("dossier.event")) == 1
    assert house.events("dossier.event")[0]["on"] == "2026-12-08"


def test_a_failure_leaves_neither_event_nor_dates(house, monkeypatch):
    anna = house.admit(contact__name="Anna de Vries")
    job = job_of(house, anna)

    def fails(*_, **__):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(type(house.vault), "set_due", fails)
    with pytest.raises(RuntimeError):
        house.register.close(job.id, on=TODAY, actor=OWNER)
    assert house.register.dossier(job.id) == job
    assert house.events("dossier.closed") == []


def test_reported_twice_is_reported_once(house):
    anna = house.admit(contact__name="Anna de Vries")
    job = job_of(house, anna)
    first = house.register.record_event(job.id, Trigger.LAST_CONTACT, on=TODAY, actor=OWNER)
    assert house.register.record_event(job.id, Trigger.LAST_CONTACT, on=TODAY, actor=OWNER) == first
    assert len(house.events("dossier.event")) == 1


def test_an_invoice_keeps_its_own_data_seven_years_from_the_end_of_the_year(house):
    anna = house.admit(contact__name="Anna de Vries")
    books = PurposeId("administration")
    invoice = job_of(house, anna, kind=DossierKind.INVOICE, purpose=books, number="F2026-1")
    house.intake.admit(
        anna, {FieldPath("contact.name"): "Anna de Vries"}, books, dossier=invoice.id, source="invoice", actor=OWNER
    )
    house.register.record_event(invoice.id, Trigger.INVOICE_ISSUED, on=TODAY, actor=OWNER)
    dates = {h.shelf: h.due for h in house.vault.holdings(anna)}
    assert dates == {"customer": None, "administration": date(2034, 1, 1)}
    house.register.close(invoice.id, on=TODAY, actor=OWNER)
    assert {h.shelf: h.due for h in house.vault.holdings(anna)}["customer"] == date(2028, 12, 2)
    assert len(house.events("dossier.event")) == 1  # issued before, not once more by closing


def test_dossiers_are_found_by_person_id_and_all_together(house):
    anna, bram = house.admit(contact__name="Anna de Vries"), house.admit(contact__name="Bram Jansen")
    one, both = job_of(house, anna), job_of(house, anna, bram, number="J2")
    assert {d.id for d in house.register.dossiers_of(anna)} == {one.id, both.id}
    assert [d.id for d in house.register.dossiers_of(bram)] == [both.id]
    assert {d.id for d in house.register.all_dossiers()} == {one.id, both.id}
    assert house.register.dossier(both.id).purpose == REPAIR
    assert house.register.dossier("dos_none") is None


def test_who_is_forgotten_leaves_nothing_in_the_register(house):
    anna, bram = house.admit(contact__name="Anna de Vries"), house.admit(contact__name="Bram Jansen")
    firm = house.admit(contact__name="Bakkerij Smit")
    house.register.enter_firm(firm)
    house.register.represent(firm, anna, "owner", since=TODAY, actor=OWNER)
    alone, shared = job_of(house, anna), job_of(house, anna, bram)
    house.register.record_event(alone.id, Trigger.LAST_CONTACT, on=TODAY, actor=OWNER)
    gone = house.register.forget(anna)
    assert (gone.dossiers, gone.representations) == (1, 1)
    assert house.register.dossier(alone.id) is None
    assert [p.subject for p in house.register.dossier(shared.id).people] == [bram]
    own = [table.name for table in tables(house.engine) if table.name.startswith("register")]
    assert len(own) == 8
    for table in own:
        assert anna not in str(house.engine.execute("SELECT * FROM " + table))  # noqa: S608 - names of our own tables
        assert alone.id not in str(house.engine.execute("SELECT * FROM " + table))  # noqa: S608 - names of our own tables


def test_representation_runs_until_it_ends(house):
    firm, anna = house.admit(contact__name="Bakkerij Smit"), house.admit(contact__name="Anna de Vries")
    with pytest.raises(UsageError, match="no firm"):
        house.register.represent(firm, anna, "owner", since=TODAY, actor=OWNER)
    house.register.enter_firm(firm)
    house.register.represent(firm, anna, "owner", since=TODAY, actor=OWNER)
    assert house.register.party(firm).represented_by[0].person == anna
    assert house.register.party(anna).represents[0].until is None
    house.register.end_representation(firm, anna, until=TODAY, actor=OWNER)
    assert house.register.party(anna).represents[0].until == TODAY


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"purpose": PurposeId("profiling")}, "purpose-unknown"),
        ({"number": "de heer Jansen"}, "dossier-number"),
        ({"on": date(2027, 1, 1)}, "dossier-date"),
        ({"people": []}, "dossier-empty"),
        ({"people": [Involved(SubjectId("sub_aaaaaaaaaaaaaaaa"), "customer")]}, "subject-unknown"),
    ],
)
def test_what_cannot_be_opened(house, change, code):
    anna = house.admit(contact__name="Anna de Vries")
    wanted = {"purpose": REPAIR, "people": [Involved(anna, "customer")], **change}
    with pytest.raises((UsageError, RefusedError)) as refused:
        house.register.open_dossier(DossierKind.JOB, wanted.pop("purpose"), wanted.pop("people"), actor=OWNER, **wanted)
    assert refused.value.code == code


def test_a_number_is_used_once_for_its_kind(house):
    anna = house.admit(contact__name="Anna de Vries")
    job_of(house, anna, number="1")
    with pytest.raises(UsageError, match="already"):
        job_of(house, anna, number="1")
    job_of(house, anna, number="1", kind=DossierKind.QUOTE, purpose=PurposeId("quote"))


def test_the_context_of_a_datum_says_why_and_until_when(house):
    anna = house.admit(contact__email="anna@example.nl")
    (held,) = house.vault.holdings(anna)
    context = context_of(held, house.statements.in_force())
    assert context.reasons[0].title == "Levering van de dienst"
    assert context.reasons[0].why == "om afspraken te bevestigen en vragen te stellen"
    assert context.reasons[0].basis == "contract"
    assert context.erase_on == date(2028, 12, 2)
    assert context.source == "test"
    assert context.recipients
    assert START.date() == context.collected_on
    job_of(house, anna)
    (held,) = house.vault.holdings(anna)
    assert context_of(held, house.statements.in_force()).until == "2 jaar na 'last-contact'"


def test_a_datum_that_came_just_after_midnight_was_collected_on_the_day_it_was_here(house):
    night = datetime(2027, 3, 31, 22, 30, tzinfo=UTC)  # half past twelve at night in Amsterdam
    house.clock.advance(night - house.clock())
    anna = house.admit(contact__email="anna@example.nl")
    (held,) = house.vault.holdings(anna)
    assert context_of(held, house.statements.in_force()).collected_on == date(2027, 4, 1)
