"""The due work: done once, caught up after sleep, one failure stops no other, one of several processes does it."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from gestand.doors.cli.main import run
from gestand.doors.running.due_work import WORK, Work
from gestand.doors.running.lease import LEASE, Lease
from gestand.doors.running.store import DueStore
from gestand.doors.running.ticking import standing, tick
from gestand.doors.running.timing import DAILY, Every
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId
from gestand.statement.policy import Text
from gestand.system import open_system

OWNER = ActorId("owner")
TITLE = Text(nl="Proef", en="Trial")


def states(found):
    return {one.name: one.state for one in found}


def works(*made):
    return tuple(Work(name, TITLE, every, do) for name, every, do in made)


def test_what_is_due_is_done_once_and_again_the_next_day(place):
    house = place.open()
    calls = []
    table = works(("one", DAILY, lambda _house: calls.append("one") or {"n": len(calls)}))
    assert states(tick(house, work=table)) == {"one": "done"}
    assert states(tick(house, work=table)) == {"one": "not-due"}
    place.clock.advance(timedelta(days=1))
    [again] = tick(house, work=table)
    assert (again.state, again.missed, again.late_since, again.figures) == ("done", 0, None, {"n": 2})


def test_after_sleep_it_says_what_was_late(place):
    house = place.open()
    table = works(("one", DAILY, lambda _house: {}))
    tick(house, work=table)
    place.clock.advance(timedelta(days=9))
    [woken] = tick(house, work=table)
    assert (woken.state, woken.missed) == ("done", 8)
    assert woken.late_since < place.clock() - timedelta(days=7)
    assert states(tick(house, work=table)) == {"one": "not-due"}  # caught up once, not eight times


def test_a_failure_stops_no_other_and_rests_before_it_is_tried_again(place):
    house = place.open()
    called = []

    def refuse(_house):
        called.append(1)
        raise RefusedError("no-luck", "it does not go", remedy="Mend it.")

    def defect(_house):
        raise KeyError("anna@example.nl")

    def full(_house):
        raise OSError(28, "No space left on device")

    table = works(
        ("refused", Every(minutes=60), refuse), ("defect", DAILY, defect), ("full", DAILY, full), ("good", DAILY, lambda _: {})
    )  # fmt: skip
    found = {one.name: one for one in tick(house, work=table)}
    assert states(found.values()) == {"refused": "failed", "defect": "failed", "full": "failed", "good": "done"}
    assert (found["refused"].code, found["refused"].remedy) == ("no-luck", "Mend it.")
    assert "anna" not in repr(found["defect"])  # what a defect held in its hands is not told
    assert states(tick(house, work=table))["refused"] == "not-due"
    place.clock.advance(timedelta(minutes=16))
    assert states(tick(house, work=table))["refused"] == "failed"
    place.clock.advance(timedelta(minutes=16))
    assert states(tick(house, work=table))["refused"] == "not-due"  # the rest grows
    assert states(tick(house, now_too=["refused"], work=table))["refused"] == "failed"
    assert len(called) == 3
    [row] = [record for work, record, _, _ in standing(house, table) if work.name == "refused"]
    assert (row.failures, row.fault) == (3, "no-luck")


def test_settings_that_cannot_be_read_fail_their_own_work_and_no_other(place):
    house = place.open()

    def unreadable(_house):
        raise UsageError("source-field", "the policy has no such field", remedy="Add it.")

    def do(given):
        return {"n": len(unreadable(given))}

    table = (Work("sources", TITLE, DAILY, do, unreadable), *works(("good", DAILY, lambda _house: {})))
    assert [(one.name, one.code) for one in tick(house, work=table)] == [("sources", "source-field"), ("good", "")]
    assert [why for _, _, _, why in standing(house, table)] == ["", ""]


def test_only_one_of_several_processes_does_it_and_a_killed_one_is_taken_over(place):
    house = place.open()
    store = DueStore(house.engine)
    table = works(("one", DAILY, lambda _house: {}))
    seen = store.record("one", house.clock())
    assert store.take(seen, "other", house.clock(), house.clock() + LEASE.lasts)
    assert not store.take(seen, "third", house.clock(), house.clock() + LEASE.lasts)
    assert states(tick(house, work=table)) == {"one": "elsewhere"}
    place.clock.advance(LEASE.lasts + timedelta(minutes=1))
    assert states(tick(house, work=table)) == {"one": "done"}
    store.failed("one", "other", house.clock(), "late")  # the first one wakes: it has no say any more
    assert store.record("one", house.clock()).failures == 0
    assert not store.take(seen, "third", house.clock(), house.clock() + LEASE.lasts)  # what it read is old


def test_who_lives_keeps_its_work_however_long_it_takes(place):
    house = place.open()
    store, lease = DueStore(house.engine), Lease(timedelta(minutes=3), timedelta(milliseconds=10))
    taken = []

    def long_work(_house):
        for _ in range(4):
            place.clock.advance(timedelta(minutes=2))
            until = house.clock() + lease.lasts
            waited = time.monotonic() + 10
            while store.record("one", house.clock()).taken_until < until:  # a sign of life, in real time
                assert time.monotonic() < waited
                time.sleep(0.005)
            seen = store.record("one", house.clock())
            taken.append(store.take(seen, "other", house.clock(), house.clock() + lease.lasts))
        return {}

    assert states(tick(house, work=works(("one", DAILY, long_work)), lease=lease)) == {"one": "done"}
    assert taken == [False] * 4


def test_who_lost_its_work_while_it_slept_has_no_say_any_more(place):
    house = place.open()
    store = DueStore(house.engine)

    def sleeps(_house):
        place.clock.advance(timedelta(hours=9))
        seen = store.record("one", house.clock())
        assert store.take(seen, "other", house.clock(), house.clock() + LEASE.lasts)
        return {}

    tick(house, work=works(("one", DAILY, sleeps)))
    assert store.record("one", house.clock()).taken_by == "other"
    assert store.record("one", house.clock()).done is None


def test_before_a_statement_is_published_nothing_fails(tmp_path):
    assert run(["init", str(tmp_path / "firm")]) == 0
    with open_system(tmp_path / "firm") as house:
        found = tick(house)
    assert [(one.name, one.code) for one in found if one.state == "failed"] == []
    waiting = {one.name for one in found if one.message == "no statement is published yet"}
    assert waiting >= {"events", "proof", "retention", "sources"}


def test_an_unknown_name_is_refused(place):
    with pytest.raises(UsageError) as refused:
        tick(place.open(), now_too=["sleep"])
    assert refused.value.code == "work-unknown"


def test_the_command_does_the_real_work_and_says_what_came_of_it(gestand):
    first = gestand("tick", "--json")
    found = {one["name"]: one for one in first.document["work"]}
    assert set(found) == {one.name for one in WORK}
    assert found["proof"]["state"] == "done"
    assert found["proof"]["figures"]["kept"] > 20
    assert found["retention"]["state"] == "done"
    assert found["witnesses"] == found["witnesses"] | {"state": "not-set", "message": "[ledger] names no witness"}
    assert first.document["ok"] == (first.status == 0)
    second = gestand("tick", "--json").document["work"]
    assert {one["state"] for one in second} <= {"not-due", "not-set"}
    assert "proof: done" in gestand("tick", "--now", "proof").out
    shown = gestand("tick", "--dry-run", "--json").document["work"]
    assert not any(one["is_due"] for one in shown)
    assert "retention" in gestand("tick", "--dry-run").out
    assert gestand("tick", "--now", "sleep", "--json").error["code"] == "work-unknown"


def test_a_change_in_what_the_promises_rest_on_is_proven_at_once(place):
    house = place.open()
    table = tuple(one for one in WORK if one.name == "proof")
    assert states(tick(house, work=table)) == {"proof": "done"}
    assert states(tick(house, work=table)) == {"proof": "not-due"}
    policy = place.folder / "policy.toml"
    policy.write_text(policy.read_text("utf-8") + "\n# another word\n", "utf-8")
    [(_work, _record, due, _why)] = standing(house, work=table)
    assert due is not None
    assert due <= place.clock()
    assert states(tick(house, work=table)) == {"proof": "done"}
    house.measures.attest(next(iter(house.measures.declared)), evidence="seen", actor=OWNER)
    assert states(tick(house, work=table)) == {"proof": "done"}
    assert states(tick(house, work=table)) == {"proof": "not-due"}


def test_work_that_failed_waits_its_turn_even_if_something_changes(place):
    house = place.open()
    marks = ["a"]

    def refuse(_house):
        raise RefusedError("no-luck", "it does not go", remedy="Mend it.")

    table = (Work("one", TITLE, DAILY, refuse, looks_at=lambda _house: marks[-1]),)
    assert states(tick(house, work=table)) == {"one": "failed"}
    marks.append("b")
    assert states(tick(house, work=table)) == {"one": "not-due"}
