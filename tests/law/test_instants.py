import re
from datetime import UTC, date, datetime

import pytest

from gestand.law.instants import (
    AMSTERDAM,
    UnclearTimeError,
    aware,
    earliest,
    local_day,
    next_full_hour,
    no_later,
    read_moment,
    wall_hours_after,
)


def test_a_time_in_utc_falls_on_the_dutch_day():
    assert local_day(read_moment("2025-01-31T23:30:00Z")) == date(2025, 2, 1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2025-03-30T02:30:00 Europe/Amsterdam (no offset)", "does not exist"),
        ("2025-03-30T02:30:00", "does not exist"),
        ("2025-10-26T02:30:00", "comes twice"),
        ("2025-10-26 02:30", "comes twice"),
        ("2025-06-10T12:00:00", "2025-06-10T12:00:00+02:00"),
        ("10-06-2025", "is no date"),
        ("2025-W10-1", "is no date"),
        ("2000010100", "is no date"),
        ("2025-02-30", "is no date"),
        ("yesterday", "is no date or time"),
        ("", "is no date or time"),
        ("0001-01-01T00:00:00+00:00", "lies outside"),
        ("9999-12-31T23:59:59-12:00", "is no date or time"),
    ],
)
def test_a_time_that_cannot_be_placed_is_refused_with_its_reason(text, told):
    with pytest.raises(UnclearTimeError, match=re.escape(told)):
        read_moment(text)


@pytest.mark.parametrize("value", [None, 5, 2.5, True, [], {}])
def test_what_is_no_text_is_no_time(value):
    with pytest.raises(UnclearTimeError):
        read_moment(value)


def test_a_time_without_an_offset_is_refused_also_from_code():
    with pytest.raises(UnclearTimeError, match="has no offset"):
        aware(datetime(2025, 6, 10, 12))  # noqa: DTZ001 - that is the point


def test_two_moments_of_the_repeated_hour_are_told_apart():
    first = datetime(2025, 10, 26, 2, 50, tzinfo=AMSTERDAM)
    second = datetime(2025, 10, 26, 2, 10, fold=1, tzinfo=AMSTERDAM)
    assert earliest(second, first) is first
    assert no_later(first, second)
    assert not no_later(second, first)


def test_the_wall_clock_over_a_missing_hour_is_read_with_the_offset_before_it():
    start = datetime(2025, 3, 27, 1, 30, tzinfo=UTC)  # 02:30 in the Netherlands
    assert wall_hours_after(start, 72) == datetime(2025, 3, 30, 1, 30, tzinfo=UTC)


def test_an_hour_that_has_just_begun_is_not_counted():
    assert next_full_hour(datetime(2025, 9, 1, 10, 0, tzinfo=UTC)) == datetime(2025, 9, 1, 11, tzinfo=UTC)
    assert next_full_hour(datetime(2025, 9, 1, 10, 59, 59, tzinfo=UTC)) == datetime(2025, 9, 1, 11, tzinfo=UTC)
