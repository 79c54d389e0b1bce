"""The benchmark of outreach runs, judges as it made the people, and says what must be reached."""

from __future__ import annotations

from gestand.bench.outreach import measure


def test_the_benchmark_judges_rightly_and_says_what_must_be_reached():
    judging, speed = measure(size=400, rounds=1)
    assert judging.unit == "s"
    assert judging.reach == 0.04
    assert speed.ours > 0
