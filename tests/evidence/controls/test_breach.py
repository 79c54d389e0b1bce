"""What a person changes in a breach after its hour has passed does not make it on time."""

from __future__ import annotations

from datetime import timedelta

from gestand.breach.affected import Reach
from gestand.breach.model import Reporter
from gestand.doors.demonstration.sandbox import DemonstrationSandbox
from gestand.evidence.breaks.by_breach import MISSENT, STOLEN
from gestand.evidence.model import Finding, World
from gestand.evidence.registry import controls
from gestand.evidence.service import run_control
from gestand.kernel.ids import ActorId

OWNER = ActorId("owner")


def finding(world: World, name: str) -> Finding:
    return run_control(controls()[name], world).verdict.finding


def reported(world: World, days_ago: int) -> str:
    at = world.clock() - timedelta(days=days_ago)
    breach = world.breaches.report("Een brief ging verkeerd.", reporter=Reporter.STAFF, actor=OWNER, reported_at=at)
    world.breaches.state_aware(breach.id, at, "de ontvanger belde", actor=OWNER)
    world.breaches.state_facts(breach.id, MISSENT, actor=OWNER)
    return breach.id


def test_a_late_notification_stays_late_when_awareness_is_stated_again(sandbox: DemonstrationSandbox):
    world = sandbox.world()
    assert finding(world, "breach-clock-kept") is Finding.KEPT
    breach = reported(world, 14)
    assert finding(world, "breach-clock-kept") is Finding.BROKEN
    world.breaches.state_aware(breach, world.clock(), "toen hebben wij het pas besproken", actor=OWNER)
    assert finding(world, "breach-clock-kept") is Finding.BROKEN
    world.breaches.submit(breach, reference="2026-9", reasons="vakantie", actor=OWNER)
    assert finding(world, "breach-clock-kept") is Finding.BROKEN


def test_the_ledger_knows_the_earliest_moment_also_where_the_row_was_changed(sandbox: DemonstrationSandbox):
    world = sandbox.world()
    breach = reported(world, 14)
    with world.engine.transaction():
        now = world.clock().isoformat()
        world.engine.execute("UPDATE breach SET aware_at = ?, first_aware = ? WHERE id = ?", (now, now, breach))
    assert finding(world, "breach-clock-kept") is Finding.BROKEN


def test_awareness_corrected_within_its_own_minute_is_not_taken_for_an_earlier_one(sandbox: DemonstrationSandbox):
    world = sandbox.world()
    sandbox.clock.advance(timedelta(seconds=59))
    breach = reported(world, 3)
    world.breaches.submit(breach, reference="2026-3", actor=OWNER)
    assert finding(world, "breach-clock-kept") is Finding.KEPT


def test_people_who_heard_nothing_for_ten_days_were_not_told_whatever_is_judged_since(sandbox: DemonstrationSandbox):
    world = sandbox.world()
    breach = reported(world, 0)
    world.breaches.count_people(breach, Reach(subjects=(sandbox.known.customer,)), actor=OWNER)
    world.breaches.state_facts(breach, STOLEN, actor=OWNER)
    sandbox.clock.advance(timedelta(days=10))
    sandbox.clear()
    world = sandbox.world()
    for facts in ({}, MISSENT | {"national_id": False}, STOLEN):
        if facts:
            world.breaches.state_facts(breach, facts, actor=OWNER)
        assert finding(world, "breach-people-told") is Finding.BROKEN
