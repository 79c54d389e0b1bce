"""Marks of pictures stand inside them, and say what the figures say."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gestand.doors.web.pictures import WIDE, bars, clocks, flow_map, hour_clocks, shortened
from gestand.doors.web.templates import environment

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(counts=st.lists(st.integers(0, 10**9), max_size=40))
def test_bars_stand_within_and_the_highest_is_the_most(counts):
    drawn = bars([(str(at), count) for at, count in enumerate(counts)])
    assert [bar.count for bar in drawn.bars] == counts
    for bar in drawn.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= WIDE + 0.2
        assert 0 <= bar.y <= drawn.base
        assert (bar.height > 0) == (bar.count > 0)
        assert bar.height <= max(other.height for other in drawn.bars)
    assert drawn.most == max(counts, default=0)


@given(begun=DAYS, length=st.integers(0, 900), today=DAYS)
def test_a_clock_is_done_as_far_as_today_and_late_after_its_day(begun, length, today):
    due = begun + timedelta(days=length)
    drawn = clocks([("x", "/x", begun, due)], today)
    [clock] = drawn.clocks
    assert clock.late == (due < today)
    assert 0 <= clock.done <= clock.length + 0.2
    assert 0 <= clock.start <= clock.start + clock.length <= WIDE + 3.2
    assert 0 <= drawn.now <= WIDE


def test_a_map_draws_a_line_for_each_and_keeps_its_boxes_apart():
    drawn = flow_map(
        [[("a", "A", "#1"), ("b", "B", "#2")], [("c", "C", "#3")], []],
        [((0, "a"), (1, "c"), "#4"), ((0, "b"), (1, "c"), "#5")],
    )
    assert [(flow.source.title, flow.target.title, flow.href) for flow in drawn.flows] == [
        ("A", "C", "#4"),
        ("B", "C", "#5"),
    ]
    first, second, _ = drawn.nodes
    assert second.y - first.y >= drawn.line
    assert all(0 <= node.y <= drawn.height - drawn.line for node in drawn.nodes)


def test_a_long_title_is_cut_and_says_so():
    assert shortened("kort") == "kort"
    assert shortened("x" * 40) == "x" * 29 + "…"


@given(
    begun=st.integers(0, 8000),
    length=st.integers(1, 400),
    since=st.integers(0, 900),
)
def test_a_clock_of_hours_stands_still_when_done_and_is_late_after_its_hour(begun, length, since):
    begun = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=begun)
    due, now = begun + timedelta(hours=length), begun + timedelta(hours=since)
    drawn = hour_clocks(
        [("x", begun, due, None), ("y", begun, due, begun + timedelta(hours=1)), ("z", begun, None, None)], now
    )
    running, done, endless = drawn.clocks
    assert running.late == (now > due)
    assert not done.late
    assert not endless.late
    assert done.done <= running.done + 0.2 or since < 1
    for clock in drawn.clocks:
        assert 0 <= clock.start <= clock.start + clock.length <= WIDE + 3.2
        assert 0 <= clock.done <= clock.length + 0.2
    assert 0 <= drawn.now <= WIDE
    assert len(drawn.ticks) <= 9


def test_what_a_clock_of_hours_draws_stands_in_words_in_its_table():
    """Who does not see the picture reads the same: to whom, since when, by when, and whether it was done in time."""
    begun = datetime(2026, 12, 7, 10, tzinfo=UTC)
    drawn = hour_clocks(
        [
            ("Autoriteit", begun, begun + timedelta(hours=72), begun + timedelta(hours=80)),
            ("Mensen", begun, None, None),
        ],
        begun + timedelta(hours=90),
    )
    source = (
        '{% import "pictures.html" as picture with context %}{{ picture.hours("c", "De klokken", drawn, "Aan wie") }}'
    )
    page = environment().from_string(source).render(drawn=drawn, language="nl")
    assert "de tijden staan in de tabel eronder" in page.split("<details>")[0]
    table = page.split("<details>")[1]
    rows = [re.sub(r"<[^>]+>", " ", row).split() for row in table.split("<tr>")[2:]]
    assert rows[0][0] == "Autoriteit"
    assert "10" in rows[0]
    assert rows[0][-2:] == ["(te", "laat)"]
    assert rows[1][0] == "Mensen"
    assert "zonder uitstel" in " ".join(rows[1])
