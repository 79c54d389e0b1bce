"""The e-mail archive answers requests like every other system: found, given, erased, kept by law, proven absent."""

from datetime import UTC, datetime

import pytest

from gestand.archive.model import Way
from gestand.doors.demonstration.cast import CAST
from gestand.kernel.ids import ActorId, PurposeId
from gestand.rights.access_letter import access_letter
from gestand.rights.letters import erasure_letter
from gestand.rights.model import Channel, IdentityLevel, Right
from gestand.rights.rules import HELD, HELD_BY

OWNER = ActorId("owner")
WHO = CAST[4]


def mail(sender, to, subject, text, number):
    return (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: Mon, 7 Dec 2026 09:0{number}:00 +0100\r\n"
        f"Message-ID: <{number}@copies.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


@pytest.fixture
def house(place):
    found = place.open()
    for number, raw in enumerate((
        mail(WHO.email, "info@kopercom.nl", "Mijn laptop", "Hij doet het niet meer. Kanariepiet.", 1),
        mail("info@kopercom.nl", WHO.email, "Re: Mijn laptop", "Wij kijken ernaar; Jan belt u. Zebravink.", 2),
        mail("ander@example.org", "info@kopercom.nl", "Iets anders", "Gaat nergens over.", 3),
    )):  # fmt: skip
        way = Way("imap", "info", datetime(2026, 12, 7, 9, number, tzinfo=UTC))
        assert found.archive.admit(raw, way).new
    return found


def ask(house, right):
    request = house.requests.receive(right, contact=WHO.email, channel=Channel.EMAIL, actor=OWNER)
    house.requests.confirm(request.id, IdentityLevel.SECOND_FACT, actor=OWNER)
    return request.id


def test_an_access_answer_tells_of_every_mail_and_gives_the_persons_own_words(house):
    letter = access_letter(house.requests.answer(ask(house, Right.ACCESS), actor=OWNER), "nl")
    assert "Kanariepiet" in letter  # their own words
    assert "Re: Mijn laptop" in letter
    assert "Zebravink" not in letter  # another's words: given after a person blacked out what is others'
    assert "Iets anders" not in letter
    assert "e-mailarchief" in letter


def test_an_erasure_takes_the_mails_and_a_renewed_search_finds_none(house):
    before = house.archive.counts()[0]
    request = ask(house, Right.ERASURE)
    plan = house.requests.plan(request, actor=OWNER)
    [copies] = [one for one in plan.copies if one.source == "mail-archive"]
    assert copies.actionable >= 2
    outcome = house.requests.erase(request, actor=OWNER)
    assert outcome.absence_proven
    assert house.archive.counts()[0] == before - copies.actionable
    found = house.archive.search("kanariepiet", PurposeId("rights"), actor=OWNER, reason="looked again")
    assert found == ()


def test_a_mail_on_hold_stays_and_the_reason_of_the_hold_is_not_told(house):
    [kept] = house.archive.search("kanariepiet", PurposeId("rights"), actor=OWNER, reason="claim")
    house.archive.holds.place([kept.message], reason="claim before the court", until=None, actor=OWNER)
    request = ask(house, Right.ERASURE)
    house.requests.plan(request, actor=OWNER)
    outcome = house.requests.erase(request, actor=OWNER)
    [removal] = [one for one in outcome.copies if one.source == "mail-archive"]
    assert removal.removed >= 1
    assert [(one.rows, one.ground) for one in removal.retained] == [(1, HELD_BY)]
    policy = house.statements.in_force().policy
    for language in ("nl", "en"):
        letter = erasure_letter(
            outcome, policy.controller, outcome.plan.on, language, request_shelf=policy.rights.shelf
        )
        assert HELD.into(language) in letter
        assert "claim before the court" not in letter
    assert house.archive.kept(kept.message)


def test_a_stranger_learns_nothing_of_anyones_mail(house):
    request = house.requests.receive(Right.ACCESS, contact="nobody@example.org", channel=Channel.EMAIL, actor=OWNER)
    house.requests.confirm(request.id, IdentityLevel.CONTACT_POINT, actor=OWNER)
    assert not house.requests.answer(request.id, actor=OWNER).copies
