"""When work is due, what was missed, when a failure is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.doors.running.timing import DAILY, LONGEST_RETRY, WEEKLY, Every, missed, next_after, retry_at
from gestand.kernel.clock import local_date

MOMENTS = st.integers(1_577_836_800, 2_051_222_400).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
TURNS = st.sampled_from([DAILY, WEEKLY, Every(minutes=15), Every(minutes=60), Every(days=3)])


def test_a_day_begins_at_midnight_here_also_when_clocks_change():
    assert next_after(DAILY, datetime(2026, 3, 28, 22, 30, tzinfo=UTC)) == datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    assert next_after(DAILY, datetime(2026, 3, 29, 10, 0, tzinfo=UTC)) == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)


def test_a_week_begins_on_monday():
    due = next_after(WEEKLY, datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
    assert (local_date(due).weekday(), local_date(due).isoformat()) == (0, "2026-11-23")


def test_what_was_slept_through_is_counted():
    done = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    assert missed(DAILY, done, done + timedelta(hours=3)) == 0
    assert missed(DAILY, done, datetime(2026, 11, 21, 8, 0, tzinfo=UTC)) == 0  # its own day, not late
    assert missed(DAILY, done, datetime(2026, 11, 24, 8, 0, tzinfo=UTC)) == 3
    assert missed(Every(minutes=15), done, done + timedelta(minutes=50)) == 2


@settings(max_examples=80)
@given(TURNS, MOMENTS, st.timedeltas(timedelta(0), timedelta(days=60)))
def test_work_is_due_after_it_was_done_and_never_missed_before_it_is_due(every, done, later):
    due = next_after(every, done)
    assert due > done
    count = missed(every, done, done + later)
    assert count >= 0
    if done + later < due:
        assert count == 0


@given(MOMENTS, st.integers(1, 200))
def test_a_failure_is_tried_again_soon_and_never_rests_longer_than_six_hours(tried, failures):
    wait = retry_at(tried, failures) - tried
    assert timedelta(minutes=15) <= wait <= LONGEST_RETRY
    assert retry_at(tried, failures + 1) - tried >= wait
