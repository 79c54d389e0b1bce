"""What other programs tell of dossiers: each kind's own event begins its period, told twice it is one, an untrue one is said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gestand.kernel.ids import PurposeId
from gestand.register.happenings import Happening, record_happenings
from gestand.register.model import OWN_TRIGGER, DossierKind, Involved
from gestand.statement.policy import Trigger
from intake_house import OWNER

TODAY = date(2026, 12, 1)
REPAIR = PurposeId("repair")


def opened(house, kind, number, on=TODAY - timedelta(days=30)):
    anna = house.admit(contact__name="Anna de Vries")
    return house.register.open_dossier(kind, REPAIR, [Involved(anna, "customer")], number=number, on=on, actor=OWNER)


def told(house, *happenings, dry=False):
    return record_happenings(house.register, happenings, TODAY, actor=OWNER, dry=dry)


@pytest.mark.parametrize("kind", list(DossierKind))
def test_each_kind_is_told_of_by_its_number_and_told_twice_is_once(house, kind):
    dossier = opened(house, kind, "N-2026-0041")
    on = TODAY - timedelta(days=3)
    one = Happening(kind, "N-2026-0041", OWN_TRIGGER[kind], on, "told.csv", 2)
    assert told(house, one, dry=True).recorded == 1
    assert house.register.dossier(dossier.id).events == ()  # a dry run judges alone
    assert told(house, one).recorded == 1
    before = len(house.events("data.due"))
    assert (told(house, one).recorded, told(house, one).known) == (0, 1)
    assert len(house.events("data.due")) == before
    now = house.register.dossier(dossier.id)
    assert now.happened(OWN_TRIGGER[kind]) == on
    assert now.closed_on is None
    closing = Happening(kind, "N-2026-0041", None, on, "told.csv", 3)
    assert told(house, closing).recorded == 1
    assert house.register.dossier(dossier.id).closed_on == on
    assert told(house, closing).known == 1


def test_a_job_that_another_program_closed_dates_what_belongs_to_it(house):
    dossier = opened(house, DossierKind.JOB, "J-7")
    anna = dossier.people[0].subject
    house.intake.admit(anna, {"device.fault": "start niet"}, REPAIR, dossier=dossier.id, source="test", actor=OWNER)
    assert [h.due for h in house.vault.holdings(anna) if h.dossier == dossier.id] == [None]
    told(house, Happening(DossierKind.JOB, "J-7", None, TODAY, "planning"))
    assert all(h.due and h.due > TODAY for h in house.vault.holdings(anna) if h.dossier == dossier.id)


def test_what_cannot_be_true_is_said_with_its_place_and_keeps_nothing_else_from_being_recorded(house):
    opened(house, DossierKind.JOB, "J-8")
    found = told(
        house,
        Happening(DossierKind.JOB, "J-9", None, TODAY, "told.csv", 2),
        Happening(DossierKind.JOB, "", None, TODAY, "told.csv", 3),
        Happening(DossierKind.JOB, "J-8", Trigger.INVOICE_ISSUED, TODAY, "told.csv", 4),
        Happening(DossierKind.JOB, "J-8", None, TODAY + timedelta(days=1), "told.csv", 5),
        Happening(DossierKind.JOB, "J-8", None, TODAY - timedelta(days=31), "told.csv", 6),
        Happening(DossierKind.JOB, "Anna de Vries", None, TODAY, "told.csv", 7),
        Happening(DossierKind.JOB, "J-8", Trigger.JOB_CLOSED, TODAY, "told.csv", 8),
    )
    assert (found.read, found.recorded, found.known) == (7, 1, 0)
    assert [(one.line, one.code) for one in found.refused] == [
        (2, "dossier-unnumbered"), (3, "dossier-unnumbered"), (4, "dossier-event"), (5, "dossier-date"), (6, "dossier-date"),
        (7, "dossier-number"),
    ]  # fmt: skip
    assert all(one.remedy for one in found.refused)
