"""Deze week: what is due, what leaves, what is broken; nobody's name on it."""

from __future__ import annotations

from datetime import timedelta

from gestand.doors.running.due_work import Work
from gestand.doors.running.ticking import tick
from gestand.kernel.errors import GestandError
from gestand.kernel.ids import ActorId
from gestand.rights.model import Channel, Right
from gestand.statement.policy import Text


def test_a_request_whose_term_ends_is_on_the_page_and_a_late_one_is_marked(gestand, place):
    [*running] = [one for one in place.open().requests.all() if one.open]
    place.open().requests.receive(
        Right.ACCESS, contact="klant@example.org", channel=Channel.EMAIL, actor=ActorId("owner")
    )
    place.clock.advance(timedelta(days=40))
    week = gestand("week", "--json").document
    assert week["monday"] <= place.clock().date().isoformat()
    late = [one for one in week["due"] if "req_" in one["en"]]
    assert len(late) == len(running) + 1
    assert all(one["late"] for one in late)
    assert "klant" not in str(week)


def test_what_leaves_is_counted_by_day(gestand, place):
    place.clock.advance(timedelta(days=900))
    assert gestand("week", "--json").document["leaving"]


def test_the_page_needs_nothing_else_and_work_that_fails_is_on_it(gestand, place, tmp_path):
    def fail(_house):
        raise GestandError("no-luck", "it does not go", remedy="Mend it.")

    from gestand.doors.running import due_work

    first = due_work.WORK[0]
    tick(place.open(), work=(Work(first.name, Text(nl="x", en="x"), first.every, fail),))
    target = tmp_path / "week.html"
    assert gestand("week", "--html", str(target)).status == 0
    page = target.read_text("utf-8")
    assert "Deze week" in page
    assert "no-luck" in page
    for outside in ("http://", "https://", "<script", "src="):
        assert outside not in page
    assert "de Vries" not in page
