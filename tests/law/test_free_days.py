import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.law.free_days import Freedom, free_day, holidays_of, roll, working_days

CALENDAR = json.loads((Path(__file__).parent / "vectors/deadlines.json").read_text(encoding="utf-8"))["calendar"]
DAYS = st.dates(date(1990, 1, 1), date(2190, 12, 31))


@pytest.mark.parametrize("year", CALENDAR)
def test_every_year_has_exactly_the_days_of_the_act(year):
    wanted = CALENDAR[year]["designated"] | CALENDAR[year]["equated"]
    assert {free.day.isoformat(): free.name for free in holidays_of(int(year)).values()} == wanted
    for free in holidays_of(int(year)).values():
        group = "equated" if free.freedom is Freedom.EQUATED else "designated"
        assert free.day.isoformat() in CALENDAR[year][group]


def test_easter_is_the_one_the_holidays_library_has():
    from holidays.countries import Netherlands

    for year in range(2015, 2060):
        named = {name: day for day, name in Netherlands(years=year, language="nl").items()}
        easter_monday = next(free.day for free in holidays_of(year).values() if free.name == "Tweede Paasdag")
        assert named["Tweede paasdag"] == easter_monday


def test_kings_day_on_a_sunday_is_kept_on_saturday_and_monday_is_a_working_day():
    assert free_day(date(2025, 4, 26)).name == "Koningsdag"
    assert free_day(date(2025, 4, 28)) is None
    assert free_day(date(2013, 4, 30)).name == "Koninginnedag"


@given(DAYS)
@settings(max_examples=100)
def test_a_roll_ends_on_the_first_working_day_and_names_every_day_passed(day):
    ends, passed = roll(day)
    assert free_day(ends) is None
    assert [free.day for free in passed] == [day + timedelta(days=n) for n in range((ends - day).days)]
    strictly, _ = roll(day, over_equated=False)
    assert day <= strictly <= ends
    assert working_days(day, ends) == 1
