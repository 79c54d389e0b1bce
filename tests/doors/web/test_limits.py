"""What anyone may ask is bounded, and who asked is not remembered beyond a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gestand.doors.web import limits
from gestand.doors.web.limits import Buckets, neighbourhood
from gestand.kernel.clock import SettableClock
from gestand.kernel.entropy import SeededEntropy

START = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)


def test_a_bucket_empties_fills_again_and_is_each_askers_own():
    clock = SettableClock(START)
    buckets = Buckets(clock, SeededEntropy("x"), size=3, seconds=10)
    assert [buckets.take("gate", "a") for _ in range(4)] == [True, True, True, False]
    assert buckets.take("gate", "b")
    assert buckets.take("form", "a")
    clock.advance(timedelta(seconds=10))
    assert [buckets.take("gate", "a") for _ in range(2)] == [True, False]


def test_no_address_is_remembered_and_the_key_lives_a_day():
    clock = SettableClock(START)
    buckets = Buckets(clock, SeededEntropy("x"), size=1, seconds=1e9)
    assert buckets.take("gate", "192.0.2.0/24")
    assert "192.0.2" not in repr(buckets.__dict__)
    assert not buckets.take("gate", "192.0.2.0/24")
    clock.advance(timedelta(days=1))
    assert buckets.take("gate", "192.0.2.0/24")
    assert len(buckets._left) == 1


def test_who_comes_with_many_names_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(limits, "MOST_REMEMBERED", 50)
    buckets = Buckets(SettableClock(START), SeededEntropy("x"), size=1, seconds=1)
    for at in range(500):
        buckets.take("gate", str(at))
    assert len(buckets._left) == 50


def test_neighbours_share_a_bucket():
    assert neighbourhood("192.0.2.7") == neighbourhood("192.0.2.200") == "192.0.2.0/24"
    assert neighbourhood("2001:db8:1:2::3") == neighbourhood("2001:db8:1:ff::9")
    assert neighbourhood("not an address") == "not an address"
