"""What leaves, what moves on, what stays: everything due stands in exactly one of them."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.retention.model import Due
from gestand.retention.rules import kept_in_groups, plan_retention
from gestand.retention.service import certificate_of

ON = date(2026, 12, 7)
DAYS = st.dates(ON - timedelta(days=400), ON + timedelta(days=400))
THINGS = st.lists(
    st.builds(
        Due, st.uuids().map(str), st.just("customer"), DAYS, st.none() | st.just("archive"), st.none() | DAYS,
        st.sampled_from(["", "geschil"]), st.none() | DAYS,
    ),
    max_size=20, unique_by=lambda due: due.key,
)  # fmt: skip


@settings(max_examples=100)
@given(THINGS, THINGS)
def test_everything_due_stands_in_exactly_one_list_and_nothing_else_does(vault, requests):
    plan = plan_retention(ON, {"vault": vault, "requests": requests})
    listed = [(one.custodian, one.due.key) for one in (*plan.leaving, *plan.moving, *plan.staying)]
    due = [
        (name, thing.key)
        for name, many in (("vault", vault), ("requests", requests))
        for thing in many
        if thing.since <= ON
    ]
    assert sorted(listed) == sorted(due)


@settings(max_examples=100)
@given(THINGS)
def test_a_hold_that_stands_outranks_all_and_one_that_ended_keeps_nothing(things):
    plan = plan_retention(ON, {"vault": things})
    for one in plan.staying:
        assert one.why
        assert one.until is None or one.until >= ON
    for one in (*plan.leaving, *plan.moving):
        assert not one.due.hold or (one.due.hold_until is not None and one.due.hold_until < ON)
    assert all(one.due.then is None for one in plan.leaving)
    assert all(one.due.then is not None for one in plan.moving)
    assert sum(n for _, _, n in kept_in_groups(plan.staying)) == len(plan.staying)


@settings(max_examples=50)
@given(THINGS, st.randoms(use_true_random=False))
def test_a_certificate_is_over_what_left_whatever_the_order_and_differs_when_one_more_does(things, random):
    shuffled = things[:]
    random.shuffle(shuffled)

    def certificate(of: list[Due]) -> str:
        return certificate_of("run_x", plan_retention(ON, {"vault": of}))

    assert certificate(things) == certificate(shuffled)
    assert certificate([*things, Due("one-more", "customer", ON)]) != certificate(things)
