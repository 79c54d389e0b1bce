"""Delivery reports, as servers write them, and what is no report."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.doors.demonstration.mailserver import mail_server
from gestand.doors.demonstration.place import Place
from gestand.post.bounces import read_bounce
from gestand.post.model import Mail, State
from gestand.post.rules import never_answered

REPORT = """\
From: MAILER-DAEMON@mail.example.org
To: firma@example.nl
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org
{envelope}
Final-Recipient: rfc822; anna@example.nl
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: {kind}

From: firma@example.nl
Message-ID: {returned}
Subject: x

--b--
"""


def report(message_id: str, action="failed", status="5.1.1", kind="message/rfc822", envelope="") -> bytes:
    text = REPORT.format(returned=message_id, action=action, status=status, kind=kind, envelope=envelope)
    return text.replace("\n", "\r\n").encode()


def test_a_message_that_came_back_is_marked_and_its_address_known(place: Place):
    house = place.open()
    message_id = house.post.send(Mail("anna@example.nl", "x", "y"))
    with mail_server() as server:
        house.post.deliver(server.courier())
    assert house.post.note_bounce(report(message_id, "delayed", "4.4.1")) != ()
    assert house.post.one(message_id).state is State.SENT
    [bounce] = house.post.note_bounce(report(message_id))
    assert bounce.permanent
    assert house.post.one(message_id).state is State.BOUNCED
    assert house.post.returned("Anna@example.nl")
    assert not house.post.returned("bram@example.nl")
    assert house.post.note_bounce(report("<unknown@example.nl>")) != ()  # not ours: nothing changes
    assert house.post.note_bounce(b"From: anna@example.nl\r\n\r\nhallo") == ()


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_the_message_is_found_whole_or_by_its_headers(kind: str):
    assert read_bounce(report("<abc@example.nl>", kind=kind))[0].message_id == "<abc@example.nl>"


def test_the_envelope_id_serves_where_nothing_came_back():
    raw = report("", envelope="Original-Envelope-Id: abc@example.nl").replace(b"Message-ID: \r\n", b"")
    assert read_bounce(raw)[0].message_id == "<abc@example.nl>"


@given(st.binary(max_size=400))
def test_nothing_from_outside_stops_the_reader(raw: bytes):
    read_bounce(raw)
    read_bounce(report("<abc@example.nl>")[:400] + raw)


@pytest.mark.parametrize(
    ("headers", "path", "why"),
    [
        ([("From", "anna@example.nl")], None, ""),
        ([("From", "anna@example.nl"), ("Auto-Submitted", "no")], None, ""),
        ([("From", "anna@example.nl")], "", "null-sender"),
        ([("Return-Path", "<>")], None, "null-sender"),
        ([("Auto-Submitted", "auto-generated; owner=x")], None, "auto-submitted"),
        ([("List-Unsubscribe", "<mailto:x@example.org>")], None, "list"),
        ([("Precedence", "Bulk")], None, "precedence"),
        ([("X-Auto-Response-Suppress", "All")], None, "suppressed"),
        ([("From", "No Reply <noreply@example.org>")], None, "automatic-address"),
        ([("From", "MAILER-DAEMON@example.org")], None, "automatic-address"),
        ([("From", "x@example.org"), ("Content-Type", "multipart/report; report-type=x")], None, "report"),
    ],
)  # fmt: skip
def test_what_no_machine_may_answer(headers, path, why: str):
    assert never_answered(headers, path) == why


def test_what_is_nested_without_end_is_no_report_and_asks_for_nothing(place: Place):
    nested = b"From: a@example.nl\r\nSubject: x\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 2000 + b"\r\nhi\r\n"
    assert read_bounce(nested) == ()
    assert place.open().outreach.unsubscribing.by_mail(nested) is False
