"""Journal reports: the message inside comes out byte for byte, with the envelope that the report tells."""

from __future__ import annotations

import base64
import smtplib

from hypothesis import given
from hypothesis import strategies as st

from archive.ways.test_receiver import receiving, ways_of
from archive_house import START, mail
from gestand.archive.model import Way
from gestand.archive.ways.journal import envelope, unwrapped

WAY = Way("smtp", "journal", START, "exchange@example.org", ("journal@example.org",))
TOLD = (
    b"Sender: anna@example.nl\r\nSubject: Vraag\r\nMessage-Id: <1@example.nl>\r\nTo: info@example.org\r\n"
    b"Cc: lijst@example.org, Expanded: bram@example.nl\r\nBcc: chaima@example.nl\r\nRecipient: daan@example.nl, Forwarded: eva@example.nl\r\n"
)


def report(inner: bytes, *, mark: bytes = b"X-MS-Journal-Report:\r\n", coding: bytes = b"") -> bytes:
    return (
        b"From: exchange@example.org\r\nTo: journal@example.org\r\n" + mark + b'Content-Type: multipart/mixed;\r\n boundary="_b_"\r\n'
        b"\r\n--_b_\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + TOLD + b"\r\n--_b_\r\nContent-Type: message/rfc822\r\n"
        + coding + b"\r\n" + inner + b"\r\n--_b_--\r\n"
    )  # fmt: skip


@given(st.binary(max_size=300).filter(lambda body: b"--_b_" not in body))
def test_the_inner_message_comes_out_byte_for_byte(body):
    inner = mail() + body
    raw, way = unwrapped(report(inner), WAY)
    assert raw == inner
    assert way.envelope_from == "anna@example.nl"
    assert way.envelope_to == ("info@example.org", "lijst@example.org", "chaima@example.nl", "daan@example.nl")


def test_a_transfer_encoding_is_undone():
    coded = base64.encodebytes(mail())
    assert unwrapped(report(coded, coding=b"Content-Transfer-Encoding: base64\r\n"), WAY)[0] == mail()


@given(st.binary(max_size=400))
def test_what_is_no_sound_report_stays_as_it_is(rubbish):
    assert unwrapped(rubbish, WAY) == (rubbish, WAY)
    for raw in (report(mail(), mark=b""), b"X-MS-Journal-Report: \r\nContent-Type: multipart/mixed\r\n\r\n" + rubbish):
        assert unwrapped(raw, WAY) == (raw, WAY)


def test_a_long_report_is_bounded():
    told = "".join(f"To: a{number}@example.nl\r\n" for number in range(20_000))
    assert len(envelope(told)[1]) == 10_000


def test_a_report_and_the_mail_itself_are_one_message(tmp_path):
    with receiving(tmp_path) as (found, port), smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("<>", ["journal@example.org"], report(mail()))
        assert ways_of(found)[0][1] == "anna@example.nl"
        again = found.archive.admit(mail(), Way("imap", "info", START, folder="INBOX", at_origin="1:1"))
        assert not again.new
