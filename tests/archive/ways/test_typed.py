"""What is no e-mail becomes a message like others: notes, letters, forms, chats."""

from __future__ import annotations

import email
from datetime import UTC, datetime
from email.policy import compat32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_house import house
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
