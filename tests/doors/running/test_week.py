"""Deze week: what is due, what leaves, what is broken; nobody's name on it."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes

import pypdfium2

from gestand.doors.demonstration.mailserver import mail_server
from gestand.doors.running.due_work import Work
from gestand.doors.running.ticking import tick
from gestand.kernel.errors import GestandError
from gestand.kernel.ids import ActorId
from gestand.post.model import MailKind, State
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


def test_on_monday_it_is_a_sheet_and_a_mail_to_the_firm_itself_and_names_nobody(gestand, place, tmp_path):
    target = tmp_path / "week.pdf"
    place.clock.advance(timedelta(days=40))
    assert gestand("week", "--pdf", str(target), "--mail").status == 0
    assert target.read_bytes().startswith(b"%PDF-1.7")
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(target))
    assert "Deze week" in text
    assert "Te doen" in text
    house = place.open()
    [waiting] = [one for one in house.post.all(reference="week") if one.state is State.QUEUED]
    with mail_server() as server:
        house.post.deliver(server.courier())
    [received] = [one for one in server.received if one.recipient == house.post.sender]
    assert waiting.kind is MailKind.NOTICE
    said = message_from_bytes(received.content).get_payload(decode=True).decode()
    assert "2. Gaat weg (Leaves)" in said
    assert "de Vries" not in said + text
