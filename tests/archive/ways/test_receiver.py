"""Journals over real SMTP and LMTP: acknowledged is durable, and only who is listed gets in."""

from __future__ import annotations

import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive_house import House, house, mail, way
from certificates import Authority
from gestand.archive.sealing import open_way, thing_of
from gestand.archive.ways.group import Group
from gestand.archive.ways.receiver import Gate, receive
from gestand.kernel.config_mail import ReceiverSettings
from gestand.kernel.errors import GestandError, UsageError
from gestand.post.bounces import read_bounce
from ways_house import stored

NESTED = b"From: a@example.nl\r\nSubject: x\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 2000 + b"\r\nhi\r\n"


@contextmanager
def receiving(folder: Path, **settings: object) -> Iterator[tuple[House, int]]:
    """Receive in a thread of its own; the archive is opened before and closed after."""
    with house(folder) as found:
        stop, ready, ports = threading.Event(), threading.Event(), []

        def told(port: int) -> None:
            ports.append(port)
            ready.set()

        chosen = ReceiverSettings(port=0, **settings)  # type: ignore[arg-type]
        thread = threading.Thread(
            target=receive, args=(chosen, found.archive), kwargs={"clock": found.clock, "stop": stop, "ready": told}
        )
        thread.start()
        assert ready.wait(10)
        try:
            yield found, ports[0]
        finally:
            stop.set()
            thread.join(10)
            assert not thread.is_alive()


def ways_of(found: House) -> list[tuple[str, str, tuple[str, ...]]]:
    rows = found.engine.execute(
        "SELECT thing, sealed FROM archive_way JOIN archive_message ON archive_message.number = archive_way.number "
        "ORDER BY archive_way.number"
    )
    told = [open_way(found.vault.lockers.open(thing), thing, sealed) for thing, sealed in rows]
    return [(one.kind, one.envelope_from, one.envelope_to) for one in told]


def test_a_message_is_sealed_with_its_envelope_also_a_blind_copy(tmp_path):
    with receiving(tmp_path) as (found, port), smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("anna@example.nl", ["info@example.org", "bcc@example.org"], mail())
        assert stored(found) == 1
        assert ways_of(found) == [("smtp", "anna@example.nl", ("info@example.org", "bcc@example.org"))]
        client.sendmail("anna@example.nl", ["info@example.org", "bcc@example.org"], mail())
        assert stored(found) == 1


def test_the_bytes_are_those_that_were_sent_long_lines_dots_and_all(tmp_path):
    odd = mail("Lang", "." + "x" * 20_000 + "\n..\n.\nÅÄÖ \x00 \x01\n", number=5)
    with receiving(tmp_path) as (found, port), smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("<>", ["journal@example.org"], odd)
        again = found.archive.admit(odd, way())
        assert (again.new, stored(found)) == (False, 1)


def test_lmtp_answers_once_for_each_recipient(tmp_path):
    with receiving(tmp_path, protocol="lmtp") as (found, port):
        with socket.create_connection(("127.0.0.1", port), 10) as line, line.makefile("rb") as answers:

            def say(words: str, lines: int = 1) -> list[bytes]:
                line.sendall(words.encode() + b"\r\n")
                return [answers.readline() for _ in range(lines)]

            answers.readline()
            greeting = say("LHLO here")
            while greeting[-1][3:4] == b"-":
                greeting.append(answers.readline())
            say("MAIL FROM:<anna@example.nl>")
            say("RCPT TO:<a@example.org>")
            say("RCPT TO:<b@example.org>")
            assert say("DATA")[0].startswith(b"354")
            told = say("Subject: Hallo\r\n\r\nTekst\r\n.", 2)
            assert all(answer.startswith(b"250") for answer in told)
            assert say("NOOP")[0].startswith(b"250")
        assert stored(found) == 1


@pytest.mark.parametrize("protocol", ["smtp", "lmtp"])
def test_hosts_and_senders_that_are_not_listed_are_refused(tmp_path, protocol):
    settings = {"hosts": ("192.0.2.0/24",), "protocol": protocol}
    kind = smtplib.SMTP if protocol == "smtp" else smtplib.LMTP
    with receiving(tmp_path / "a", **settings) as (found, port), kind("127.0.0.1", port) as client:
        with pytest.raises(smtplib.SMTPSenderRefused):
            client.sendmail("anna@example.nl", ["info@example.org"], mail())
        assert stored(found) == 0
    settings = {"senders": ("@example.org", "journal@example.com", ""), "protocol": protocol}
    with receiving(tmp_path / "b", **settings) as (found, port), kind("127.0.0.1", port) as client:
        with pytest.raises(smtplib.SMTPSenderRefused):
            client.sendmail("anna@example.nl", ["info@example.org"], mail())
        client.sendmail("Piet@Example.ORG", ["info@example.org"], mail())
        client.sendmail("<>", ["info@example.org"], mail(number=2))
        assert stored(found) == 2


def test_too_large_is_refused_and_the_connection_goes_on(tmp_path):
    with receiving(tmp_path, max_bytes=100_000) as (found, port), smtplib.SMTP("127.0.0.1", port) as client:
        with pytest.raises(smtplib.SMTPSenderRefused):  # by its declared size
            client.sendmail("a@example.nl", ["b@example.org"], mail(body="x\n" * 100_000))
        client.ehlo_or_helo_if_needed()
        client.mail("a@example.nl")
        client.rcpt("b@example.org")
        assert client.data(mail(body="x\n" * 100_000))[0] == 552
        client.sendmail("a@example.nl", ["b@example.org"], mail())
        assert stored(found) == 1


SMUGGLED = b"MAIL FROM:<b@example.nl>\r\nRCPT TO:<c@example.org>\r\nDATA\r\nSubject: second\r\n\r\nsmuggled\r\n.\r\n"


@pytest.mark.parametrize(
    "end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n", b"\n.\r", b"\r\n\x00.\r\n"]
)
def test_no_second_message_is_smuggled_in(tmp_path, end):
    """Every end of data that some server takes for one and this one does not (smuggling, SEC Consult 2023)."""
    with receiving(tmp_path) as (found, port), smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.ehlo()
        client.mail("a@example.nl")
        client.rcpt("b@example.org")
        assert client.docmd("DATA")[0] == 354
        client.send(b"Subject: first\r\n\r\ntext" + end + SMUGGLED)
        code, _ = client.getreply()
        client.sock.settimeout(0.3)
        with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):  # one answer, to one message
            client.getreply()
        assert code == (250 if end == b"\r\n\x00.\r\n" else 550)
        assert stored(found) == (1 if code == 250 else 0)
        if code == 250:
            assert "b@example.nl" not in str(ways_of(found))


def test_starttls_is_asked_for_and_tls_from_the_first_byte(tmp_path):
    import ssl

    authority = Authority(tmp_path)
    certificate, key = authority.issue("localhost", tmp_path)
    trust = ssl.create_default_context(cafile=str(authority.file))
    named = {"certificate": certificate, "key": key}
    with receiving(tmp_path / "a", tls="required", **named) as (found, port):
        with smtplib.SMTP("localhost", port) as client, pytest.raises(smtplib.SMTPException):
            client.sendmail("a@example.nl", ["b@example.org"], mail())
        with smtplib.SMTP("localhost", port) as client:
            client.starttls(context=trust)
            client.sendmail("a@example.nl", ["b@example.org"], mail())
        assert stored(found) == 1
    with receiving(tmp_path / "b", tls="tls", **named) as (found, port):
        with smtplib.SMTP_SSL("localhost", port, context=trust) as client:
            client.sendmail("a@example.nl", ["b@example.org"], mail())
        assert stored(found) == 1


def test_what_cannot_be_sealed_is_not_acknowledged(tmp_path, monkeypatch):
    with receiving(tmp_path) as (found, port), smtplib.SMTP("127.0.0.1", port) as client:
        whole = found.archive.admit_many

        def full(messages):
            messages = list(messages)
            if any(b"Vraag 7" in raw for raw, _ in messages):
                raise GestandError("store-full", "the disk is full")
            return whole(messages)

        monkeypatch.setattr(found.archive, "admit_many", full)
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail("a@example.nl", ["b@example.org"], mail("Vraag 7"))
        assert refused.value.smtp_code == 451
        client.sendmail("a@example.nl", ["b@example.org"], mail("Vraag 8"))
        assert stored(found) == 1


def test_one_mail_that_nobody_can_read_ends_no_receiving_and_no_hearing(tmp_path):
    """Nested two thousand deep, it makes Python's own parser fail."""
    heard = []

    def also(raw: bytes) -> bool:
        if raw == NESTED:
            raise RecursionError
        heard.append(raw)
        return True

    with receiving(tmp_path) as (found, port), smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("a@example.nl", ["b@example.org"], NESTED)
        client.sendmail("a@example.nl", ["b@example.org"], mail())
        with pytest.raises(GestandError, match=r"msg_\w+ \(RecursionError\)") as unheard:
            found.archive.tell((also, read_bounce))
        assert unheard.value.code == "mail-unheard"
        assert heard == [mail()]
        assert found.archive.tell((also, read_bounce)) == 0


def test_a_listener_that_stumbles_takes_nothing_from_the_next(tmp_path):
    told = []

    def stumbles(_raw: bytes) -> bool:
        with found.engine.transaction():
            found.engine.execute("UPDATE archive_heard SET number = 99 WHERE id = 1")
            raise RecursionError

    with house(tmp_path) as found:
        lost = found.archive.admit(mail(number=2), way()).message
        found.archive.admit(mail(), way())
        found.vault.lockers.destroy([thing_of(lost)])  # one that nobody can open is told to nobody
        with pytest.raises(GestandError, match="RecursionError"):
            found.archive.tell((stumbles, told.append))
        assert told == [mail()]
        assert found.archive.tell((stumbles, told.append)) == 0


def test_what_listening_or_sealing_stumbles_over_ends_no_receiving(tmp_path, monkeypatch):
    with house(tmp_path) as found:
        whole = found.archive.admit_many

        def stumbles(messages):
            messages = list(messages)
            if any(raw == NESTED for raw, _ in messages):
                raise RecursionError
            return whole(messages)

        def heard():
            raise RecursionError

        monkeypatch.setattr(found.archive, "admit_many", stumbles)
        group = Group(found.archive, heard)
        sealing = threading.Thread(target=group.run)
        sealing.start()
        gone, poison = group.submit(mail(), way()), group.submit(NESTED, way())
        assert not gone.cancel()  # who hangs up before the answer takes nothing back
        assert isinstance(poison.exception(30), RecursionError)
        assert group.submit(mail(number=2), way()).result(30).new
        group.stop()
        sealing.join(30)
        assert not sealing.is_alive()


def test_a_port_that_is_taken_and_a_host_that_is_none_are_said(tmp_path):
    with receiving(tmp_path / "a") as (_, port), house(tmp_path / "b") as other:
        with pytest.raises(UsageError) as taken:
            receive(ReceiverSettings(port=port), other.archive, clock=other.clock, stop=threading.Event(), ready=print)
        assert taken.value.code == "receiver-listen"
        with pytest.raises(UsageError) as wrong:
            Gate(ReceiverSettings(hosts=("mail.example.nl",)), None, other.clock)  # type: ignore[arg-type]
        assert wrong.value.code == "receiver-host"
