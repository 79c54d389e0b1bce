"""Outgoing post in the office, and the first page that names what waits for somebody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gestand.breach.model import Reporter
from gestand.doors.demonstration.mailserver import mail_server
from gestand.doors.office.pages import post, retention, today
from gestand.doors.running.ticking import standing
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId
from gestand.post.model import Letter, Mail, State

OWNER = ActorId("owner")


def at_letter(visit):
    """Queue a letter on paper, and return the visit of its routes."""
    made = visit.house.post.print_letter(Letter(b"%PDF-1.7 verzonnen", "req_1"))
    return replace(visit, params={"message": made.strip("<>").partition("@")[0]})


def test_a_letter_is_printed_and_put_in_the_post(visit):
    at = at_letter(visit)
    name = at.params["message"]
    shown = post.post(visit).body.decode()
    assert f"post/{name}/paper" in shown
    assert "%PDF" not in shown  # a list opens nothing
    assert post.paper(at).body == b"%PDF-1.7 verzonnen"
    with pytest.raises(UsageError) as early:
        post.posted(replace(at, form={"on": (visit.today + timedelta(days=1)).isoformat()}))
    assert early.value.code == "post-date"
    post.posted(at)
    assert visit.house.post.named(name).state is State.POSTED
    assert f"post/{name}/paper" not in post.post(visit).body.decode()


def test_what_cannot_leave_says_why_in_the_language_of_the_page(visit):
    outbox = visit.house.post
    lost = outbox.send(Mail("anna@example.nl", "Uw vraag", "Hierbij.\n"))
    visit.house.vault.stores()[1].execute("DELETE FROM post_key WHERE message = ?", (lost,))
    with mail_server() as server:
        outbox.deliver(server.courier())
    assert "niemand kan het nog lezen" in post.post(visit).body.decode()
    assert "write it again" in post.post(replace(visit, language="en")).body.decode()


def test_the_first_page_names_what_waits(visit):
    visit.house.staff.person = lambda _id: visit.person
    quiet = today.today(visit).body.decode()
    at_letter(visit)
    task = visit.house.tasks.open("oude server", "twee mappen", visit.today + timedelta(days=3), actor=OWNER)
    visit.house.breaches.report("Er is iets mis.", reporter=Reporter.STAFF, actor=OWNER)
    busy = today.today(visit).body.decode()
    for said in ("brieven om te printen", "elders weg te halen", "datalekken lopen"):
        assert said not in quiet
        assert said in busy
    assert "oude server" in retention.retention(visit).body.decode()
    with pytest.raises(UsageError):
        retention.done(replace(visit, params={"task": task.id}, form={"shown": " "}))
    retention.done(replace(visit, params={"task": task.id}, form={"shown": "gewist, foto gezien"}))
    assert "oude server" not in retention.retention(visit).body.decode()
    assert standing(visit.house)
