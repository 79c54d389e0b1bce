"""One person planted under ten notations, in tables, free text, mail, a PDF and a spreadsheet: found ten times of ten; a namesake never."""

from __future__ import annotations

import imaplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import typst
from openpyxl import Workbook

from gestand.sources.files import FilesSource
from gestand.sources.knowing import Sought
from gestand.sources.load import read_source
from gestand.sources.mailbox import MailboxSource
from gestand.sources.mentions import Mentions, black_out
from gestand.sources.model import Confidence, Known
from gestand.statement.policy import FieldKind
from sources.dovecot_server import PASSWORD, USER, Mailbox, running_dovecot
from sources.shop import KINDS, Shop, place, policy

ZOE = (
    Known(FieldKind.NAME, "Zoë van den Brink"),
    Known(FieldKind.EMAIL, "zoe@example.nl"),
    Known(FieldKind.PHONE, "06-87654321"),
    Known(FieldKind.CUSTOMER_NUMBER, "K-2077"),
    Known(FieldKind.IBAN, "NL91ABNA0417164300"),
    Known(FieldKind.POSTCODE, "1234 AB"),
)
TABLES = """
CREATE TABLE contact (id INTEGER PRIMARY KEY, name VARCHAR(80), email VARCHAR(80), phone VARCHAR(40), number VARCHAR(20), iban VARCHAR(40), postcode VARCHAR(10));
CREATE TABLE visit (id INTEGER PRIMARY KEY, note TEXT);
"""
ROWS = """
INSERT INTO contact VALUES (1, 'iemand', '  ZOE@Example.NL ', NULL, NULL, NULL, NULL);
INSERT INTO contact VALUES (2, NULL, NULL, '+31 (0)6 87 65 43 21', NULL, NULL, NULL);
INSERT INTO contact VALUES (3, NULL, NULL, NULL, 'k 2077', NULL, NULL);
INSERT INTO contact VALUES (4, NULL, NULL, NULL, NULL, 'NL91 ABNA 0417 1643 00', NULL);
INSERT INTO contact VALUES (5, 'BRINK, Z. van den', NULL, NULL, NULL, NULL, '1234ab');
INSERT INTO contact VALUES (6, 'Zoe van den Brink', NULL, '0031687654321', NULL, NULL, NULL);
INSERT INTO contact VALUES (20, 'Zoë van den Brink', 'een.andere.zoe@example.org', '010-7654321', 'K-9', NULL, '9999 ZZ');
INSERT INTO contact VALUES (21, 'Bas van den Brink', 'bas@example.nl', NULL, NULL, NULL, '1234 AB');
INSERT INTO visit VALUES (7, 'Gebeld met Zoë van den Brink (06 8765 4321), printer werkt weer');
INSERT INTO visit VALUES (22, 'Bas van den Brink belde over zijn laptop, bas@example.nl');
"""
MAPPING = """
format = 1
kind = "sql"
title = {{ nl = "adressen", en = "addresses" }}
{place}
near = true
[tables.contact]
erase = "delete"
[tables.contact.columns]
name = {{ field = "contact.name" }}
email = {{ field = "contact.email" }}
phone = {{ field = "contact.phone" }}
number = {{ field = "contact.customer-number" }}
iban = {{ field = "payment.iban" }}
postcode = {{ field = "contact.postcode" }}
[tables.visit]
erase = "delete"
[tables.visit.columns]
note = {{ field = "service.notes", free_text = true }}
"""
SHARE = """
format = 1
kind = "files"
title = { nl = "schijf", en = "disk" }
folder = "schijf"
field = "correspondence.message"
erase = "black-out"
"""
BOX = """
format = 1
kind = "imap"
title = {{ nl = "postbus", en = "mailbox" }}
host = "127.0.0.1"
port = {port}
tls = "none"
near = true
user = "env:MAIL_USER"
password = "env:MAIL_PASSWORD"
folders = ["INBOX"]
field = "correspondence.message"
erase = "delete"
ground = "Article 17(3)(b)"
until = "2 years after receipt"
"""


def letter(subject: str, words: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "bas@example.nl", USER, subject
    mail.set_content(words, cte="base64")
    return bytes(mail)


@pytest.fixture(scope="module")
def server() -> Iterator[Mailbox]:
    with running_dovecot() as found:
        client = imaplib.IMAP4("127.0.0.1", found.port)
        client.login(USER, PASSWORD)
        client.append("INBOX", None, None, letter("doorgeven", "Het adres van Zoe is zoe@example.nl"))
        client.append(
            "INBOX", None, None, letter("een ander", "Zoë van den Berg, zoe.vandenberg@example.org, 06-11111111")
        )
        client.logout()
        yield found


def mailbox(server: Mailbox, folder: Path) -> MailboxSource:
    file = read_source("postbus", BOX.format(port=server.port).encode(), "sources/postbus.toml", policy())
    return MailboxSource(file, place(folder, {"MAIL_USER": USER, "MAIL_PASSWORD": PASSWORD}))


def share(folder: Path) -> FilesSource:
    (folder / "schijf" / "offertes").mkdir(parents=True)
    pdf = folder / "schijf" / "offertes" / "offerte.pdf"
    source = folder / "offerte.typ"
    source.write_text("Offerte voor mevrouw Z. van den Brink \\ 1234 AB Zandstad \\ telefoon 06-8765 4321")
    typst.compile(str(source), output=str(pdf))
    book = Workbook()
    book.active.append(["klant", "mail"])
    book.active.append(["van den Brink, Zoë", "Zoe@example.nl"])
    book.active.append(["Bas van den Brink", "bas@example.nl"])
    book.save(folder / "schijf" / "lijst.xlsx")
    (folder / "schijf" / "ander.txt").write_text("Zoë van den Berg en Bas van den Brink kwamen langs.\n")
    return FilesSource(read_source("schijf", SHARE.encode(), "sources/schijf.toml", policy()), place(folder))


@pytest.mark.parametrize("kind", KINDS)
def test_ten_of_ten_and_no_namesake(kind: str, server: Mailbox, tmp_path: Path):
    shop = Shop(kind, tmp_path, MAPPING, TABLES, ROWS)
    found = [t for t in shop.find(ZOE).traces if t.confidence is not Confidence.DOUBTFUL]
    files = share(tmp_path).find({"zoe": ZOE})["zoe"]
    mails = mailbox(server, tmp_path).find({"zoe": ZOE})["zoe"]
    everything = (*found, *files.traces, *mails.traces)
    sure = {t.key[0] for t in everything if t.confidence is not Confidence.DOUBTFUL}
    assert sure == {1, 2, 3, 4, 5, 6, 7, "INBOX", "offertes/offerte.pdf", "lijst.xlsx"}
    assert len(everything) == len(sure) == 10
    assert mails.complete
    doubtful = {t.key[0]: t.why for t in shop.find(ZOE).traces if t.confidence is Confidence.DOUBTFUL}
    assert set(doubtful) == {20}
    assert "other" in doubtful[20]
    assert files.complete


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Zoë van den Brink, 06-87654321", "[verwijderd], [verwijderd]"),
        ("bel +31 6 87654321 of 010-7654321", "bel +[verwijderd] of 010-7654321"),
        ("rekening NL91 ABNA 0417 1643 00 en NL02ABNA0123456789", "rekening [verwijderd] en NL02ABNA0123456789"),
        ("Bas van den Brink", "Bas van den Brink"),
        ("mijnzoe@example.nl is iemand anders", "mijnzoe@example.nl is iemand anders"),
    ],
)
def test_only_what_is_of_the_person_is_blacked_out(text: str, left: str):
    mentions = Mentions(Sought({"zoe": ZOE}))
    assert black_out(text, [m for found in mentions.in_text(text).values() for m in found]) == left
