"""What leaves when; work in systems out of reach; the certificate with its receipt; runs in parts; the alarm."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.doors.cli.main import run as command
from gestand.doors.house import world_of
from gestand.evidence.controls.keeping import retention_run_on_time
from gestand.evidence.model import Finding
from gestand.kernel.errors import GestandError
from gestand.kernel.ids import ActorId
from gestand.retention.certificate import certificate, certificates
from gestand.retention.forecast import as_calendar, as_picture, forecast
from gestand.retention.model import Due

OWNER = ActorId("owner")
ON, UNTIL = date(2026, 12, 7), date(2028, 12, 7)
DAYS = st.dates(date(2020, 1, 1), date(2032, 1, 1))
THINGS = st.lists(st.builds(Due, st.uuids().map(str), st.sampled_from(["a", "b"]), DAYS, st.sampled_from([None, "c"]), st.none(),
                            st.sampled_from(["", "claim"])), max_size=30)  # fmt: skip


@given(THINGS)
def test_every_thing_until_the_horizon_is_counted_once_and_nothing_beyond(things):
    found = forecast(ON, UNTIL, {"vault": things})
    assert found.total == sum(1 for thing in things if thing.since <= UNTIL)
    assert all(month.month >= ON.replace(day=1) for month in found.months)
    assert sum(month.held for month in found.months) == sum(1 for t in things if t.since <= UNTIL and t.hold)


def test_the_calendar_is_read_by_a_calendar_and_names_counts_alone():
    found = forecast(ON, UNTIL, {"vault": [Due("item_1", "customer", date(2027, 3, 4))] * 3})
    [event] = icalendar.Calendar.from_ical(
        as_calendar(found, {"customer": "Klantgegevens"}, datetime(2026, 12, 7, tzinfo=UTC))
    ).walk("VEVENT")
    assert event["summary"] == "3 gegevens gaan weg: Klantgegevens"
    assert event["dtstart"].dt == date(2027, 3, 1)
    assert b"item_1" not in as_calendar(found, {}, datetime(2026, 12, 7, tzinfo=UTC))


def test_the_picture_has_words_for_who_cannot_see_it_and_runs_no_value():
    found = forecast(ON, UNTIL, {"vault": [Due("i", "<b>", date(2027, 3, 4))]})
    picture = as_picture(found, {"<b>": "<script>x</script>"})
    assert 'role="img"' in picture
    assert "<desc" in picture
    assert "<script" not in picture


def test_a_run_in_parts_takes_the_longest_due_first_and_the_next_goes_on(place):
    house = place.open()
    place.clock.move_to(datetime(2040, 1, 1, tzinfo=UTC))
    due = len(house.retention.plan().leaving)
    assert due > 10
    first = house.retention.run(actor=OWNER, at_most=7)
    assert first.erased == 7
    left = house.retention.plan()
    assert len(left.leaving) + len(left.moving) == due - 7
    house.retention.run(actor=OWNER)
    assert not house.retention.plan().leaving


def test_the_alarm_counts_what_is_kept_too_long_and_falls_silent_after_the_run(place):
    house = place.open()
    assert house.retention.drift() == {}
    place.clock.move_to(datetime(2040, 1, 1, tzinfo=UTC))
    assert house.retention.drift()["vault"] > 10
    house.retention.run(actor=OWNER)
    assert house.retention.drift() == {}


def test_a_certificate_comes_with_a_receipt_that_verifies_offline(place, tmp_path, capsys):
    house = place.open()
    place.clock.move_to(datetime(2040, 1, 1, tzinfo=UTC))
    done = house.retention.run(actor=OWNER)
    found = certificate(house.engine, house.ledger, done.certificate)
    assert (found.run, found.erased) == (done.id, done.erased)
    receipt = tmp_path / "receipt.txt"
    receipt.write_text(found.receipt, "utf-8")
    assert command(["ledger", "verify", str(receipt), "--key", str(house.ledger.key)]) == 0
    assert str(done.erased) in found.text("Koper")
    assert done.id in {one.run for one in certificates(house.engine)}
    with pytest.raises(GestandError) as unknown:
        certificate(house.engine, house.ledger, "run_none")
    assert unknown.value.code == "run-unknown"


def test_a_task_past_its_day_breaks_the_promise_until_it_is_done(place):
    house = place.open()
    house.retention.run(actor=OWNER)
    assert retention_run_on_time(world_of(house)).finding is Finding.KEPT
    task = house.tasks.open("paper folder", "quotes of 2019", (place.clock() + timedelta(days=3)).date(), actor=OWNER)
    assert house.tasks.open("paper folder", "quotes of 2019", date(2030, 1, 1), actor=OWNER) == task
    place.clock.move_to(place.clock() + timedelta(days=5))
    house.retention.run(actor=OWNER)
    broken = retention_run_on_time(world_of(house))
    assert broken.finding is Finding.BROKEN
    assert "paper folder" in broken.evidence[0]
    house.tasks.done(task.id, "shredded, slip 12", actor=OWNER)
    assert retention_run_on_time(world_of(house)).finding is Finding.KEPT
    with pytest.raises(GestandError) as again:
        house.tasks.done(task.id, "twice", actor=OWNER)
    assert again.value.code == "task-done"


@pytest.mark.parametrize(("system", "what"), [("", "x"), ("x", ""), ("x", "anna@example.nl"), ("x" * 500, "y")])
def test_a_task_names_a_system_and_nobody(place, system, what):
    with pytest.raises(GestandError) as refused:
        place.open().tasks.open(system, what, ON, actor=OWNER)
    assert refused.value.code == "task-words"


def test_the_commands(gestand, tmp_path):
    told = gestand(
        "retention",
        "forecast",
        "--until",
        "2040-01-01",
        "--ics",
        str(tmp_path / "w.ics"),
        "--svg",
        str(tmp_path / "w.svg"),
        "--json",
    )
    assert told.document["total"] > 10
    assert (tmp_path / "w.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert (tmp_path / "w.svg").read_text("utf-8").startswith("<svg")
    [*_, last] = gestand("retention", "certificates", "--json").document
    assert gestand("retention", "certificate", last["run"], "--json").document["receipt"]
    opened = gestand(
        "retention", "task", "--system", "USB stick", "--what", "old backup", "--due", "2027-01-01", "--json"
    ).document
    assert gestand("retention", "tasks", "--done", opened["id"], "--evidence", "wiped", "--json").document[0]["done"]
    assert gestand("retention", "run", "--at-most", "1", "--json").status == 0
