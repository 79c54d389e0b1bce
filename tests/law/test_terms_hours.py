from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.law import terms_hours
from gestand.law.instants import UnclearTimeError

MOMENTS = st.datetimes(datetime(2018, 5, 26), datetime(2150, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
CLOCK_CHANGES = st.builds(
    lambda day, seconds: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=seconds),
    st.sampled_from([date(2025, 3, 27), date(2025, 3, 29), date(2025, 10, 23), date(2025, 10, 25), date(2025, 10, 26)]),
    st.integers(0, 200_000),
)


def at(text):
    return datetime.fromisoformat(text)


@given(st.one_of(MOMENTS, CLOCK_CHANGES))
@settings(max_examples=100)
def test_72_hours_pass_and_the_own_alarm_is_never_later(start):
    due = terms_hours.authority_notice_due(start)
    assert due.expected.astimezone(UTC) - start == timedelta(hours=72)
    assert due.expected.astimezone(UTC) - due.conservative.astimezone(UTC) in {timedelta(0), timedelta(hours=1)}
    outer = next(reading.ends for reading in due.readings if reading.name == "latest_deadline_reg1182")
    assert timedelta(0) < outer - due.expected.astimezone(UTC) <= timedelta(hours=1)


def test_being_late_by_a_second_is_late():
    due = terms_hours.authority_notice_due(
        at("2025-09-01T12:00:00+02:00"), notified_at=at("2025-09-04T12:00:01+02:00"), missing_items=("root_cause",)
    )
    assert due.flags == ("LATE", "REASONS_FOR_DELAY_REQUIRED", "FOLLOW_UP_OPEN")
    in_time = terms_hours.authority_notice_due(at("2025-09-01T12:00:00+02:00"), notified_at=at("2025-09-04T10:00:00Z"))
    assert in_time.flags == ("IN_TIME",)


def test_other_beginnings_are_shown_and_do_not_move_the_clock():
    aware, signal = at("2025-09-09T11:00:00+02:00"), at("2025-09-08T09:00:00+02:00")
    due = terms_hours.authority_notice_due(aware, first_signal=signal)
    assert due.expected == at("2025-09-12T11:00:00+02:00")
    assert ("alternative_deadline", at("2025-09-11T09:00:00+02:00")) in {(r.name, r.ends) for r in due.readings}
    assert due.debatable
    assert terms_hours.authority_notice_due(aware, processor_aware=signal).rule.status == "guideline"


def test_a_processor_keeps_to_its_contract_and_to_its_own_alarm():
    due = terms_hours.controller_notice_due(at("2025-09-01T08:00:00+02:00"), contract_hours=8)
    assert due.expected == due.conservative == at("2025-09-01T16:00:00+02:00")
    assert terms_hours.controller_notice_due(at("2025-09-01T08:00:00+02:00")).missing == ("contract_hours",)
    with pytest.raises(ValueError, match="above 0"):
        terms_hours.controller_notice_due(at("2025-09-01T08:00:00+02:00"), contract_hours=0)


def test_marketing_ends_before_the_next_message():
    letter, noon = at("2025-05-02T14:00:00+02:00"), at("2025-05-02T16:00:00+02:00")
    assert terms_hours.marketing_stop_due(letter, channel="post", next_send=noon).expected == noon
    assert terms_hours.marketing_stop_due(date(2025, 5, 2), channel="post").expected == at("2025-05-02T23:59:59+02:00")
    assert terms_hours.marketing_stop_due(letter, channel="click", next_send=noon).expected == letter
    before = at("2025-05-02T09:00:00+02:00")
    assert terms_hours.marketing_stop_due(letter, channel="post", next_send=before).flags == ()
    with pytest.raises(UnclearTimeError):
        terms_hours.marketing_stop_due(date(2025, 5, 2), channel="call")


def test_people_are_told_without_delay_and_the_day_is_an_own_alarm():
    due = terms_hours.subjects_notice_due(at("2025-03-29T12:00:00+01:00"))
    assert due.expected is None
    assert due.conservative == at("2025-03-30T12:00:00+02:00")
    assert due.rule.status == "policy"
