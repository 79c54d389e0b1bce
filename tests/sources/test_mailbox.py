"""A mailbox on a real Dovecot: every message read, notations found, what the person wrote deleted, what others wrote kept with its ground."""

from __future__ import annotations

import imaplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from gestand.kernel.errors import GestandError
from gestand.sources.load import read_source
from gestand.sources.mailbox import MailboxSource
from gestand.sources.model import Confidence, Known
from gestand.statement.policy import FieldKind
from sources.dovecot_server import PASSWORD, USER, Mailbox, running_dovecot
from sources.shop import place, policy

ANNA = (
    Known(FieldKind.EMAIL, "anna@example.nl"),
    Known(FieldKind.NAME, "Anna de Vries"),
    Known(FieldKind.PHONE, "06-12345678"),
)
DECLARED = """
format = 1
kind = "imap"
title = {{ nl = "postbus", en = "mailbox" }}
host = "127.0.0.1"
port = {port}
tls = "none"
near = true
user = "env:MAIL_USER"
password = "env:MAIL_PASSWORD"
field = "correspondence.message"
erase = "delete"
{more}
"""
KEPT = 'ground = "AVG 17(3)(e)"\nuntil = "2 years after the message"'


def message(sender: str, to: str, subject: str, text: str, attached: bytes = b"") -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"], made["Message-ID"] = (
        sender,
        to,
        subject,
        f"<{abs(hash(subject))}@example.org>",
    )
    made.set_content(text, cte="base64")
    if attached:
        made.add_attachment(attached, maintype="text", subtype="csv", filename="lijst.csv")
    return made.as_bytes()


MESSAGES = (
    message("Anna de Vries <ANNA@Example.nl>", USER, "mijn printer", "hij doet het niet"),
    message(USER, "anna@example.nl", "Re: mijn printer", "wij komen langs"),
    message("bram@example.org", USER, "buurvrouw", "Anna de Vries heeft ook een laptop, bel +31 (0)6 12 34 56 78"),
    message("bram@example.org", USER, "de lijst", "zie bijlage", b"naam;telefoon\nVries, A. de;0612345678\n"),
    message("eva@example.org", USER, "iets anders", "Bram de Vries belde"),
)


@pytest.fixture(scope="module")
def server() -> Iterator[Mailbox]:
    with running_dovecot() as found:
        yield found


@pytest.fixture
def box(server: Mailbox) -> Iterator[imaplib.IMAP4]:
    client = imaplib.IMAP4("127.0.0.1", server.port)
    client.login(USER, PASSWORD)
    client.select("INBOX")
    client.store("1:*", "+FLAGS", "\\Deleted") if client.search(None, "ALL")[1][0] else None
    client.expunge()
    for one in MESSAGES:
        client.append("INBOX", None, None, one)
    yield client
    client.logout()


def source(server: Mailbox, folder: Path, more: str = KEPT, password: str = PASSWORD) -> MailboxSource:
    file = read_source(
        "postbus", DECLARED.format(port=server.port, more=more).encode(), "sources/postbus.toml", policy()
    )
    return MailboxSource(file, place(folder, {"MAIL_USER": USER, "MAIL_PASSWORD": password}))


def subjects(box: imaplib.IMAP4) -> list[str]:
    box.select("INBOX", readonly=True)
    return [
        box.fetch(number, "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1][0][1].decode().removeprefix("Subject: ").strip()
        for number in box.search(None, "ALL")[1][0].split()
    ]


def test_messages_are_found_in_every_notation_and_stay_unread(server: Mailbox, box: imaplib.IMAP4, tmp_path: Path):
    mine = source(server, tmp_path)
    assert mine.test() == ()
    assert mine.count() == 5
    found = mine.find({"anna": ANNA, "nobody": (Known(FieldKind.EMAIL, "niemand@example.nl"),)})
    sure = [trace for trace in found["anna"].traces if trace.confidence is not Confidence.DOUBTFUL]
    assert sorted(trace.why.split(":")[0] for trace in sure) == ["correspondent", "correspondent", "in text", "in text"]
    assert found["nobody"].traces == ()
    assert found["anna"].complete
    box.select("INBOX", readonly=True)
    assert box.search(None, "SEEN")[1] == [b""]


def test_what_the_person_wrote_or_got_goes_and_the_rest_stays_with_its_ground(
    server: Mailbox, box: imaplib.IMAP4, tmp_path: Path
):
    mine = source(server, tmp_path)
    plan = mine.plan(mine.find({"anna": ANNA})["anna"].traces, known=ANNA)
    removal = mine.erase(plan)
    assert (removal.removed, [(kept.rows, kept.ground) for kept in removal.retained]) == (2, [(2, "AVG 17(3)(e)")])
    assert subjects(box) == ["buurvrouw", "de lijst", "iets anders"]
    assert mine.plan(mine.find({"anna": ANNA})["anna"].traces).actionable == 0


def test_without_a_ground_messages_of_others_are_in_the_way(server: Mailbox, box: imaplib.IMAP4, tmp_path: Path):
    mine = source(server, tmp_path, more="")
    plan = mine.plan(mine.find({"anna": ANNA})["anna"].traces, known=ANNA)
    assert plan.conflicts
    with pytest.raises(GestandError):
        mine.erase(plan)
    assert len(subjects(box)) == 5


def test_a_restriction_is_a_label(server: Mailbox, box: imaplib.IMAP4, tmp_path: Path):
    mine = source(server, tmp_path)
    traces = mine.find({"anna": ANNA})["anna"].traces
    assert mine.restrict(traces, restricted=True) == 4
    box.select("INBOX", readonly=True)
    assert len(box.search(None, "KEYWORD", "GestandRestricted")[1][0].split()) == 4


def test_a_mailbox_that_cannot_be_reached_says_so_without_its_password(server: Mailbox, tmp_path: Path):
    file = read_source("postbus", DECLARED.format(port=1, more=KEPT).encode(), "sources/postbus.toml", policy())
    away = MailboxSource(file, place(tmp_path, {"MAIL_USER": USER, "MAIL_PASSWORD": "niet dit"}))
    [problem] = away.test()
    assert problem.code == "source-unreachable"
    assert "niet dit" not in str(problem)
