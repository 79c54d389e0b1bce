"""When a period begins: by the dossier's event, and never for want of one without end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.kernel.errors import UsageError
from gestand.kernel.ids import DossierId, PurposeId
from gestand.law.periods import Period, add, keeping
from gestand.register.model import OWN_TRIGGER, Dossier, DossierEvent, DossierKind
from gestand.register.rules import OPEN_ENDED, check_date, check_event, check_number, start_of
from gestand.statement.policy import Shelf, Text, Trigger

DAY = date(2026, 3, 2)
DATES = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def shelf(trigger: Trigger, period: str = "2 years", counts_from="event") -> Shelf:
    text = Text(nl="x", en="x")
    return Shelf(
        title=text, trigger=trigger, period=Period.parse(period), counts_from=counts_from, ground="x", why=text
    )


def dossier(kind=DossierKind.JOB, *events: date, closed: date | None = None, name: str = "dos_a") -> Dossier:
    happened = tuple(DossierEvent(OWN_TRIGGER[kind], on) for on in events)
    return Dossier(DossierId(name), "", kind, PurposeId("service"), DAY, closed, (), happened)


@pytest.mark.parametrize("kind", list(DossierKind))
def test_the_event_of_its_kind_begins_the_period(kind):
    trigger = OWN_TRIGGER[kind]
    own = dossier(kind, DAY + timedelta(days=9))
    start = start_of(shelf(trigger), collected=DAY, own=own, dossiers=(own,))
    assert start.trigger_on == DAY + timedelta(days=9)
    assert start.due == add(DAY + timedelta(days=9), Period.parse("2 years")) + timedelta(days=1)


def test_before_the_event_nothing_is_due():
    own = dossier()
    assert start_of(shelf(Trigger.JOB_CLOSED), collected=DAY, own=own, dossiers=(own,)) == OPEN_ENDED


def test_a_datum_of_no_dossier_waits_for_all_of_the_kind_then_counts_from_the_last():
    done, running = dossier(DossierKind.JOB, DAY), dossier(name="dos_b")
    closed = dossier(DossierKind.JOB, DAY + timedelta(days=30), name="dos_b")
    judged = shelf(Trigger.JOB_CLOSED)
    assert start_of(judged, collected=DAY, own=None, dossiers=(done, running)) == OPEN_ENDED
    assert start_of(judged, collected=DAY, own=None, dossiers=(done, closed)).trigger_on == DAY + timedelta(days=30)


def test_an_invoice_counts_from_the_end_of_its_year():
    own = dossier(DossierKind.INVOICE, DAY)
    judged = shelf(Trigger.INVOICE_ISSUED, "7 years", "year_end")
    assert start_of(judged, collected=DAY, own=own, dossiers=(own,)).due == date(2034, 1, 1)


def test_while_a_dossier_is_open_there_is_contact():
    judged = shelf(Trigger.LAST_CONTACT)
    assert start_of(judged, collected=DAY, own=None, dossiers=(dossier(),)) == OPEN_ENDED
    ended = dossier(closed=DAY + timedelta(days=5))
    assert start_of(judged, collected=DAY, own=None, dossiers=(ended,)).trigger_on == DAY + timedelta(days=5)
    assert start_of(judged, collected=DAY, own=None, dossiers=()).trigger_on == DAY


@given(st.sampled_from(sorted(Trigger)), DATES)
def test_without_any_dossier_a_period_always_begins_or_belongs_to_another_room(trigger, collected):
    start = start_of(shelf(trigger), collected=collected, own=None, dossiers=())
    others = {
        Trigger.CONSENT_WITHDRAWN, Trigger.OBJECTION, Trigger.REQUEST_CLOSED, Trigger.BREACH_CLOSED,
        Trigger.STAFF_LEFT,
    }  # fmt: skip
    if trigger in others:
        assert start == OPEN_ENDED
    else:
        assert start.trigger_on == collected
        assert start.due == keeping(collected, Period.parse("2 years"), "event").erase_from


@given(st.lists(DATES, min_size=1, max_size=5))
def test_a_later_event_never_makes_it_due_earlier(dates):
    judged = shelf(Trigger.JOB_CLOSED)
    before = dossier(DossierKind.JOB, *dates[:-1])
    after = dossier(DossierKind.JOB, *dates)
    first = start_of(judged, collected=DAY, own=before, dossiers=(before,))
    second = start_of(judged, collected=DAY, own=after, dossiers=(after,))
    assert first.due is None or (second.due is not None and second.due >= first.due)


@pytest.mark.parametrize("number", ["", "F2026-0041", "2026/17", "J1"])
def test_numbers(number):
    assert check_number(number) == number


@pytest.mark.parametrize("number", ["deVries1", "Anna", "offerte de Vries", "klant-Jansen-3", "é1", "1" * 40])
def test_what_can_name_somebody_is_no_number(number):
    with pytest.raises(UsageError):
        check_number(number)


def test_an_event_of_another_kind_or_time_is_refused():
    own = dossier()
    check_event(own, Trigger.JOB_CLOSED, DAY, DAY)
    check_event(own, Trigger.LAST_CONTACT, DAY, DAY)
    for trigger, on in (
        (Trigger.INVOICE_ISSUED, DAY),
        (Trigger.JOB_CLOSED, DAY + timedelta(days=1)),
        (Trigger.JOB_CLOSED, DAY - timedelta(days=1)),
    ):
        with pytest.raises(UsageError):
            check_event(own, trigger, on, DAY)


def test_a_period_that_ends_after_the_last_year_is_refused_in_words():
    with pytest.raises(UsageError) as refused:
        start_of(shelf(Trigger.COLLECTED, "8000 years"), collected=DAY, own=None, dossiers=())
    assert refused.value.code == "date-beyond"


def test_a_day_that_is_still_to_come_is_refused_without_a_range_that_has_none():
    with pytest.raises(UsageError) as refused:
        check_date(dossier(), DAY + timedelta(days=9), DAY - timedelta(days=9))
    assert refused.value.code == "dossier-date"
    assert (DAY - timedelta(days=9)).isoformat() in refused.value.remedy
    assert " to " not in refused.value.remedy
