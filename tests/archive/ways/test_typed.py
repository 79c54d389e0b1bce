"""What is no e-mail becomes a message like others: notes, letters, forms, chats."""

from __future__ import annotations

import email
import zipfile
from datetime import UTC, datetime
from email.policy import compat32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_house import house
from gestand.archive.ways.chats import chat_messages
from gestand.archive.ways.typed import Typed, composed, from_form, scans
from gestand.kernel.errors import InputError, UsageError
from ways_house import stored

AT = datetime(2026, 11, 30, 14, 5, tzinfo=UTC)
FIRM = "info@example.org"


def read(raw: bytes):
    return email.message_from_bytes(raw, policy=compat32)


def text_of(raw: bytes) -> str:
    found = read(raw)
    part = found.get_payload(0) if found.is_multipart() else found
    return part.get_payload(decode=True).decode("utf-8")


def test_a_note_is_a_message_and_the_same_note_twice_is_one(tmp_path):
    typed = Typed("note", "Anna de Vries <anna@example.nl>", "Gebeld", "Vraagt naar de printer.", AT)
    raw, way = composed(typed, FIRM)
    found = read(raw)
    assert (found["From"], found["To"]) == ("Anna de Vries <anna@example.nl>", FIRM)
    assert way.kind == "note"
    assert way.received == AT
    assert text_of(raw).strip() == "Vraagt naar de printer."
    with house(tmp_path) as archive:
        assert archive.archive.admit(raw, way).new
        assert not archive.archive.admit(*composed(typed, FIRM)).new
        assert stored(archive) == 1


def test_who_has_no_address_is_named_all_the_same():
    raw, _ = composed(Typed("note", "Bram Jansen, 06-12345602", "Gebeld", "Terugbellen", AT, outgoing=True), FIRM)
    assert "Bram Jansen, 06-12345602" in str(read(raw)["To"])
    assert "nobody@gestand.invalid" in str(read(raw)["To"])


def test_a_letter_has_its_scan_and_what_was_typed_of_it(tmp_path):
    scan = tmp_path / "brief.pdf"
    scan.write_bytes(b"%PDF-1.4 scan")
    typed = Typed("letter", "Eva Ölçer", "Brief over de factuur", "Eva vraagt om uitstel.", AT, scans([scan]))
    raw, way = composed(typed, FIRM)
    parts = read(raw).get_payload()
    assert parts[1].get_payload(decode=True) == b"%PDF-1.4 scan"
    assert (parts[1].get_filename(), way.kind) == ("brief.pdf", "letter")
    assert composed(typed, FIRM)[0] == raw
    (tmp_path / "brief.exe").write_bytes(b"MZ")
    with pytest.raises(InputError) as refused:
        scans([tmp_path / "brief.exe", tmp_path / "weg.pdf"])
    assert len(refused.value.problems) == 2


TYPED = st.text(st.characters(exclude_categories=()), max_size=60)


@given(TYPED, TYPED, TYPED, TYPED)
def test_whatever_is_filled_in_makes_no_header_of_its_own(person, name, value, page):
    raw, way = (
        from_form(page, {name: value + "\r\nBcc: x@example.nl"}, person=person or "?", firm=FIRM, at=AT)
        if (person.strip())
        else from_form(page, {name: value}, person="Anna", firm=FIRM, at=AT)
    )
    found = read(raw)
    assert set(found.keys()) <= {
        "From", "To", "Subject", "Date", "X-Gestand-Way", "Content-Type", "Content-Transfer-Encoding", "MIME-Version", "Message-ID",
    }  # fmt: skip
    assert way.kind == "form"
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_nothing_typed_is_refused():
    for typed in (Typed("note", "", "x", "y", AT), Typed("note", "Anna", "x", " ", AT)):
        with pytest.raises(UsageError) as refused:
            composed(typed, FIRM)
        assert refused.value.code == "note-empty"


ANDROID = """29-11-2026 23:58 - Berichten worden end-to-end versleuteld.
29-11-2026 23:59 - Anna de Vries: Bent u er nog?
30-11-2026 09:01 - Ik: Ja hoor.
Zegt u het maar.
30-11-2026 09:02 - Anna de Vries: IMG-1.jpg (bestand bijgevoegd)
"""
IPHONE = "[29-11-2026 23:59:00] Anna de Vries: Bent u er nog?\n\u200e[30-11-2026 09:01:10] Ik: Ja hoor.\n"
AMERICAN = "11/29/26, 11:59\u202fPM - Anna: Hello?\n11/30/26, 9:01\u202fAM - Me: Yes.\n"


def test_a_conversation_is_a_message_a_day(tmp_path):
    path = tmp_path / "WhatsApp-chat met Anna de Vries.txt"
    path.write_text(ANDROID, "utf-8")
    first, second = chat_messages(path)
    assert (first.person, first.at.date().isoformat()) == ("Anna de Vries", "2026-11-29")
    assert second.text == "09:01 Ik: Ja hoor.\nZegt u het maar.\n09:02 Anna de Vries: IMG-1.jpg (bestand bijgevoegd)"
    raw, way = composed(second, FIRM)
    assert (way.kind, "Zegt u het maar." in text_of(raw)) == ("chat", True)


@pytest.mark.parametrize("content", [IPHONE, AMERICAN])
def test_as_other_telephones_write_it(tmp_path, content):
    path = tmp_path / "_chat.txt"
    path.write_text(content, "utf-8")
    assert [typed.at.date().isoformat() for typed in chat_messages(path)] == ["2026-11-29", "2026-11-30"]


def test_media_go_with_the_day_they_were_sent(tmp_path):
    path = tmp_path / "WhatsApp Chat - Anna.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("_chat.txt", ANDROID)
        made.writestr("IMG-1.jpg", b"\xff\xd8beeld")
    first, second = chat_messages(path)
    assert (first.person, first.attachments) == ("Anna", ())
    assert [(one.name, one.kind, one.content) for one in second.attachments] == [
        ("IMG-1.jpg", "image/jpeg", b"\xff\xd8beeld")
    ]


SMS = """<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<smses count="3">
  <sms address="+31612345601" date="1796137200000" type="1" body="Bent u er?" contact_name="Anna de Vries" />
  <sms address="+31612345601" date="1796137260000" type="2" body="Ja." contact_name="Anna de Vries" />
  <mms address="+31612345602" date="1796137300000" msg_box="1" contact_name="(Unknown)"><parts>
    <part ct="text/plain" text="Kijk" /><part ct="image/jpeg" cl="foto.jpg" data="/9hiZWVsZA==" /></parts></mms>
</smses>"""


def test_text_messages_by_person_and_day(tmp_path):
    path = tmp_path / "sms.xml"
    path.write_text(SMS, "utf-8")
    first, second = chat_messages(path)
    assert first.person == "Anna de Vries +31612345601"
    assert "Bent u er?" in first.text
    assert "-: Ja." in first.text
    assert (second.person, second.attachments[0].content) == ("+31612345602", b"\xff\xd8beeld")


@pytest.mark.parametrize(
    "content",
    [b"zomaar tekst", b"\xff\xfe", b"<x/>", b"<smses>", b'<!DOCTYPE x [<!ENTITY a "b">]><smses><sms body="&a;"/></smses>',
     b"99-99-2026 09:00 - Anna: x", b"PK\x03\x04rest"],
)  # fmt: skip
def test_what_is_no_chat_is_said(tmp_path, content):
    path = tmp_path / "x.txt"
    path.write_bytes(content)
    with pytest.raises(UsageError) as refused:
        list(chat_messages(path))
    assert refused.value.code in {"chat-format", "archive-broken"}
    assert refused.value.remedy
