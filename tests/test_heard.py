"""What comes in is heard once, by whatever way: letters that came back, who wants no more, requests. What goes out is kept."""

from __future__ import annotations

import os
import smtplib
import threading

import pytest

from dovecot_server import PASSWORD, running_dovecot
from gestand.archive.ways.receiver import receive
from gestand.doors.demonstration.mailserver import mail_server
from gestand.kernel.config_edit import write_settings
from gestand.kernel.config_mail import ReceiverSettings
from gestand.kernel.ids import ActorId, PurposeId
from gestand.post.model import Mail, MailKind, State
from gestand.rights.cues import Asked
from outreach.people import NEWSLETTER, OFFERS, PHONE, consenting, subject_of
from post.test_bounces import report

OWNER, RIGHTS = ActorId("owner"), PurposeId("rights")


@pytest.fixture
def mailbox(monkeypatch, place):
    """Give the organisation one mailbox, on a real server, and the server with the name of its user."""
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    server, user = running_dovecot(), f"noor{os.getpid()}{place.folder.parent.name}"
    place.close()
    told = {"address": "info@kopercom.nl", "host": "localhost", "port": server.port, "tls": "none", "near": True,
            "user": user, "password": "env:MAIL_PASSWORD"}  # fmt: skip
    path = place.folder / "gestand.toml"
    path.write_text(path.read_text("utf-8").partition("[mail.mailboxes.info]")[0], "utf-8")
    write_settings(place.folder, told, section="mail.mailboxes.info")
    return server, user


def written(subject: str, text: str, number: int) -> bytes:
    head = f"From: abonnee{number}@example.nl\nTo: info@kopercom.nl\nSubject: {subject}\nMessage-ID: <h{number}@example.nl>\n"
    return f"{head}\n{text}\n".replace("\n", "\r\n").encode()


def sent_letter(house) -> str:
    message_id = house.post.send(Mail("anna@example.nl", "Uw vraag", "Dit is het antwoord."))
    with mail_server() as server:
        house.post.deliver(server.courier())
    return message_id


def events(house, name):
    return [entry.event for entry in house.ledger.entries() if entry.event.name == name]


def test_mail_that_is_pulled_is_heard_once(mailbox, place):
    server, user = mailbox
    house = place.open()
    consenting(house, 2)
    letter = sent_letter(house)
    before = {one.id for one in house.proposals.all()}
    asking = "Op grond van artikel 15 AVG verzoek ik om inzage in mijn gegevens."
    server.put(user, [report(letter), written("Afmelden", "Graag.", 0), written("Verzoek om inzage", asking, 1)])
    assert house.ways.pull("info").new == 3
    assert house.post.one(letter).state is State.BOUNCED
    assert set(house.vault.objections(subject_of(house, 0))) == {NEWSLETTER, OFFERS, PHONE}
    assert house.vault.objections(subject_of(house, 1)) == ()
    proposed = [one.asked for one in house.proposals.all() if one.id not in before]
    assert proposed.count(Asked.ACCESS) == 1
    told = [len(events(house, name)) for name in ("mail.bounced", "outreach.unsubscribed", "request.proposed")]
    opened = len(events(house, "message.opened"))
    server.renumber(user)
    assert house.ways.pull("info").seen == 3
    house.ways.heard()
    assert [len(events(house, n)) for n in ("mail.bounced", "outreach.unsubscribed", "request.proposed")] == told
    assert len(events(house, "message.opened")) == opened  # nobody reads again what was heard


def test_mail_that_is_received_is_heard(place):
    house = place.open()
    consenting(house, 1)
    stop, port = threading.Event(), []
    settings = ReceiverSettings(port=0)

    def hand_in(number: int) -> None:
        port.append(number)
        threading.Thread(target=send).start()

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", port[0], timeout=20) as client:
            client.sendmail("abonnee0@example.nl", ["info@kopercom.nl"], written("Uitschrijven", "Dank.", 0))

    def heard() -> None:
        house.ways.heard()
        stop.set()

    receive(settings, house.archive, clock=house.clock, stop=stop, ready=hand_in, heard=heard)
    assert NEWSLETTER in house.vault.objections(subject_of(house, 0))


def test_a_crash_between_two_who_hear_loses_neither(place):
    house = place.open()
    consenting(house, 1)
    letter = sent_letter(house)
    house.archive.admit(written("Afmelden", "Graag.", 0), house_way(house))
    house.archive.admit(report(letter), house_way(house))

    class Killed(BaseException):
        pass

    def killed(_raw: bytes) -> bool:
        raise Killed

    with pytest.raises(Killed):
        house.archive.tell((house.outreach.unsubscribing.by_mail, killed))
    assert house.vault.objections(subject_of(house, 0)) == ()  # undone with the rest of it
    house.ways.heard()
    assert NEWSLETTER in house.vault.objections(subject_of(house, 0))
    assert house.post.one(letter).state is State.BOUNCED


def house_way(house):
    from gestand.archive.model import Way

    return Way("imap", "info", house.clock())


def test_what_is_sent_is_in_the_archive_once_with_its_envelope_and_stays_as_long_as_what_it_answers(mailbox, place):
    server, user = mailbox
    house = place.open()
    before = house.archive.counts()[0]
    with mail_server() as outside:
        house.post.send(Mail("anna@example.nl", "Uw toerako", "Dit is het antwoord."))
        house.post.send(Mail("anna@example.nl", "Uw code", "123456", kind=MailKind.CODE))
        house.post.deliver(outside.courier())
        left = {one.content for one in outside.received}
    assert house.archive.counts()[0] == before + 1  # of a one-time code no copy is kept
    [kept] = house.archive.search("toerako", RIGHTS, actor=OWNER, reason="t")
    opened = house.archive.open(kept.message, RIGHTS, actor=OWNER, reason="t")
    assert opened.raw in left
    [way] = opened.ways
    assert (way.kind, way.envelope_to, way.envelope_from) == ("sent", ("anna@example.nl",), house.post.sender)
    assert (kept.shelf, kept.purpose) == (house.publication.in_force().policy.rights.shelf, "rights")
    server.put(user, [opened.raw], "Verzonden")  # the provider keeps a copy of its own
    assert house.ways.pull("info").new == 0
    assert len(house.archive.open(kept.message, RIGHTS, actor=OWNER, reason="t").ways) == 2


def test_a_kill_between_sending_and_filing_files_it_afterwards_once(place):
    house = place.open()
    before = house.archive.counts()[0]
    house.post.send(Mail("anna@example.nl", "Uw toerako", "Dit is het antwoord."))

    class Killed(BaseException):
        pass

    def killed(step: str) -> None:
        if step == "sent":
            raise Killed

    with mail_server() as server, pytest.raises(Killed):
        house.post.deliver(server.courier(), failpoint=killed)
    place.close()
    house = place.open()
    house.post.recover()
    house.post.recover()
    assert house.archive.counts()[0] == before + 1
    assert len(house.archive.search("toerako", RIGHTS, actor=OWNER, reason="t")) == 1
