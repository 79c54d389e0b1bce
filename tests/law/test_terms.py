from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.law import terms
from gestand.law.free_days import free_day
from gestand.law.terms import Extension, Pause

MOMENTS = st.datetimes(datetime(2018, 5, 26), datetime(2150, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def at(text):
    return datetime.fromisoformat(text)


def pauses(received, asked_after, answered_after):
    asked = received + timedelta(days=asked_after)
    return Pause(asked, asked + timedelta(days=answered_after), True, True)


@given(MOMENTS, st.integers(0, 120), st.booleans(), st.integers(0, 40), st.integers(0, 60))
@settings(max_examples=100)
def test_a_request_is_never_due_on_a_free_day_and_never_before_the_own_target(
    received, notice_after, extended, asked_after, answered_after
):
    extension = Extension(received + timedelta(days=notice_after)) if extended else None
    due = terms.rights_request_due(
        received, extension=extension, pauses=(pauses(received, asked_after, answered_after),)
    )
    assert free_day(due.expected.date()) is None
    assert due.conservative <= due.expected
    assert due.expected.isoformat()[11:19] == "23:59:59"
    plain = terms.rights_request_due(received)
    assert plain.expected <= due.expected
    assert plain.conservative <= due.conservative


@given(MOMENTS, st.sampled_from([terms.extension_notice_due, terms.refusal_notice_due, terms.petition_window,
                                 terms.consultation_due, terms.objection_confirmation_due]))  # fmt: skip
@settings(max_examples=100)
def test_no_term_of_months_or_weeks_ends_on_a_free_day(start, term):
    due = term(start)
    assert free_day(due.expected.date()) is None
    assert due.conservative.date() == due.unrolled <= due.expected.date()


def test_three_months_count_from_receipt_not_from_the_rolled_first_month():
    # 1 March 2025 is a Saturday; two months from the Monday after would be 5 May and roll to 6 May
    due = terms.rights_request_due(
        at("2025-02-01T12:00:00+01:00"), extension=Extension(at("2025-02-20T12:00:00+01:00"))
    )
    assert due.expected.date() == date(2025, 5, 1)


def test_a_notice_on_the_day_to_which_a_weekend_rolls_is_in_time_on_every_reading():
    # received 5 March 2025: the month ends on Saturday 5 April and rolls to Monday the 7th (1182/71, 3(4))
    due = terms.rights_request_due(date(2025, 3, 5), extension=Extension(date(2025, 4, 7)))
    assert due.expected.date() == due.conservative.date() == date(2025, 6, 5)


@pytest.mark.parametrize(
    ("received", "notice", "month_ends"),
    [
        (date(2026, 3, 3), date(2026, 4, 7), date(2026, 4, 3)),  # Good Friday, equated
        (date(2026, 4, 14), date(2026, 5, 18), date(2026, 5, 14)),  # 15 May 2026, equated by decree
        (date(2026, 4, 5), date(2026, 5, 6), date(2026, 5, 5)),  # the fifth of May
    ],
)
def test_a_notice_in_time_only_over_a_disputed_day_does_not_move_the_own_target(received, notice, month_ends):
    due = terms.rights_request_due(received, extension=Extension(notice))
    assert due.expected.date() > date(received.year, received.month + 2, 28)
    assert due.conservative.date() == month_ends


def test_a_late_or_groundless_extension_leaves_one_month():
    late = terms.rights_request_due(date(2025, 6, 10), extension=Extension(date(2025, 7, 11)))
    groundless = terms.rights_request_due(date(2025, 6, 10), extension=Extension(date(2025, 6, 20), reasoned=False))
    assert late.expected.date() == groundless.expected.date() == date(2025, 7, 10)
    assert "EXTENSION_DOES_NOT_COUNT" in late.flags


def test_a_question_never_answered_leaves_the_month_for_the_refusal():
    due = terms.rights_request_due(date(2025, 6, 10), pauses=(Pause(date(2025, 6, 12), None, True, True),))
    assert due.expected.date() == date(2025, 7, 10)
    assert "IDENTITY_OPEN" in due.flags


def test_a_question_put_after_the_month_stops_nothing():
    due = terms.rights_request_due(date(2025, 6, 10), pauses=(Pause(date(2025, 7, 20), date(2025, 8, 20), True, True),))
    assert due.expected.date() == date(2025, 7, 10)
    assert "PAUSE_DOES_NOT_COUNT" in due.flags


def test_days_that_two_questions_share_are_paused_once():
    both = (
        Pause(date(2025, 6, 12), date(2025, 6, 20), True, True),
        Pause(date(2025, 6, 14), date(2025, 6, 22), True, True),
    )
    assert terms.rights_request_due(date(2025, 6, 10), pauses=both).unrolled == date(2025, 7, 20)
    assert terms.rights_request_due(date(2025, 6, 10), pauses=both[::-1]).unrolled == date(2025, 7, 20)


def test_a_free_day_is_named_with_its_article_and_its_doubt():
    due = terms.rights_request_due(date(2026, 3, 3))
    assert due.rolled_over[0].name.startswith("Goede Vrijdag")
    assert due.debatable
    assert "Atw 3(2)" in due.articles
    assert not terms.petition_window(date(2026, 2, 20)).debatable  # six weeks on is Good Friday: Dutch law, no doubt


def test_the_first_of_three_limits_counts_for_data_from_elsewhere():
    had, told, given_on = (
        at("2025-02-10T09:00:00+01:00"),
        at("2025-02-20T11:00:00+01:00"),
        at("2025-02-14T10:00:00+01:00"),
    )
    assert terms.source_notice_due(had, first_communication=told, first_disclosure=given_on).expected == given_on
    late = terms.source_notice_due(had, first_communication=at("2025-04-01T11:00:00+02:00"))
    assert late.expected.date() == date(2025, 3, 10)
    rolled = terms.source_notice_due(date(2025, 3, 5), first_communication=at("2025-04-06T11:00:00+02:00"))
    assert rolled.expected == at("2025-04-06T11:00:00+02:00")
    assert rolled.conservative.date() == date(2025, 4, 5)
    assert terms.source_notice_due(had, first_communication=date(2025, 2, 20)).conservative == at(
        "2025-02-20T00:00+01:00"
    )


def test_without_an_answer_no_term_runs():
    assert terms.petition_without_answer().expected is None
