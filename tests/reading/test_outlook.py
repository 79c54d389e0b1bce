"""What Outlook saves: its people, words, attachments and messages within it are read; what is damaged is told, never a crash."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.reading import outlook
from gestand.reading.attachments import read_document
from gestand.reading.mail import Address, Found
from gestand.reading.mailparse import attachment_of, holds, html_of, read_mail
from gestand.reading.mailreader import MailReader
from gestand.reading.mailtree import SIZE_LIMIT
from gestand.reading.outlook import is_outlook, opened_outlook
from gestand.reading.rich import rich_of, text_of_rich
from outlook_file import Attachment, Letter, compound, written

# the two examples of [MS-OXRTFCP] 4.1 and 4.2
HELLO = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)
WXYZ = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
BRAM = Address("Bram Jansen", "bram@example.org")


def test_the_people_the_words_and_the_moment_are_read():
    mail = read_mail(written(Letter("Café", "Bel mij op 06-12345678.")))
    assert (mail.parsed, mail.why, mail.subject) == (True, "", "Café")
    assert mail.sender == (Address("Anna de Vries", "anna@example.nl"),)
    assert mail.recipients == (BRAM,)
    assert mail.sent == "Mon, 04 Mar 2024 09:30:00 +0000"
    assert mail.body == "Bel mij op 06-12345678."
    assert mail.found == (Found("phone", "+31612345678"),)
    assert mail.head == ("anna@example.nl", "bram@example.org")


def test_text_in_an_old_code_page_is_read():
    assert read_mail(written(Letter("Coördinatie", "privé", narrow=True))).subject == "Coördinatie"


def test_the_heads_with_which_it_came_in_count():
    headers = (
        "Received: from mx.example.org\r\nFrom: =?utf-8?q?Dirk_K=C3=B6ning?= <dirk@example.nl>\r\n"
        "Message-ID: <1@example.nl>\r\nReferences: <0@example.nl>\r\nDate: Tue, 5 Mar 2024 10:00:00 +0100\r\n"
    )
    mail = read_mail(written(Letter(headers=headers, sender=("", ""))))
    assert mail.sender == (Address("Dirk Köning", "dirk@example.nl"),)
    assert (mail.message_id, mail.references) == ("1@example.nl", ("0@example.nl",))
    assert mail.sent == "Tue, 5 Mar 2024 10:00:00 +0100"


def test_who_has_no_address_of_the_internet_is_found_by_name():
    mail = read_mail(
        written(Letter(recipients=[(1, "Chris Bakker", "/O=EX/CN=CHRIS"), (2, "Bram", "bram@example.org")]))
    )
    assert "Chris Bakker" in mail.body
    assert mail.recipients == (Address("Bram", "bram@example.org"),)


@pytest.mark.parametrize("size", [10, 100, 5_000, 700_000])
def test_attachments_of_every_size_come_out_as_they_were(size):
    content = bytes(one % 251 for one in range(size))
    raw = written(
        Letter(attachments=[Attachment("a.bin", "application/x-a", content), Attachment("b.txt", "", b"bijlagewoord")])
    )
    mail = read_mail(raw)
    assert [(one.name, one.size) for one in mail.attachments] == [("a.bin", size), ("b.txt", 12)]
    assert "bijlagewoord" in mail.attached
    assert attachment_of(raw, 0) == content


def test_html_is_there_to_be_sanitised_and_to_be_found():
    raw = written(Letter(body="", html="<p>één<b>woord</b><script>x</script></p>".encode()))
    assert html_of(raw).startswith("<p>één")
    assert "één" in read_mail(raw).body
    assert holds(raw, "éénwoord")
    assert not holds(raw, "tweewoord")


def test_a_message_within_a_message_is_read_too():
    deep = Letter("Binnenste", "diepwoord", ("Els", "els@example.nl"), recipients=())
    raw = written(Letter(within=[Letter("Binnen", "binnenwoord", ("Dirk", "dirk@example.nl"), within=[deep])]))
    mail = read_mail(raw)
    assert {one.address for one in mail.sender} == {"anna@example.nl", "dirk@example.nl", "els@example.nl"}
    assert mail.head == ("anna@example.nl", "bram@example.org")
    assert all(word in mail.body for word in ("binnenwoord", "Binnen", "diepwoord", "Binnenste"))


def test_a_message_within_more_than_ten_others_ends():
    letter = Letter("bodem")
    for _ in range(14):
        letter = Letter(within=[letter])
    assert "bodem" not in read_mail(written(letter)).body


@pytest.mark.parametrize(
    ("packed", "rich"),
    [(HELLO, b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"), (WXYZ, b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}")],
)
def test_packed_rich_text_is_unpacked(packed, rich):
    assert rich_of(packed) == rich
    assert rich.startswith(rich_of(packed[:-6]))


def test_a_body_that_is_only_there_as_rich_text_is_read():
    assert "hello world" in read_mail(written(Letter(body="", rich=HELLO))).body


def test_html_hidden_in_rich_text_gives_its_words_alone():
    rich = (
        b"{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag84 <b class=vet>}\\htmlrtf {\\b \\htmlrtf0 zomer"
        b"{\\*\\htmltag92 </b>}\\htmlrtf }\\htmlrtf0 kanarie}"
    )
    text = text_of_rich(rich)
    assert text.split() == ["zomer", "kanarie"]


@given(st.binary(max_size=200), st.integers(0, 2**32 - 1))
def test_whatever_is_said_to_be_packed_unpacks_to_no_more_than_it_says(content, size):
    packed = len(content).to_bytes(4, "little") + size.to_bytes(4, "little") + b"LZFu\0\0\0\0" + content
    assert len(rich_of(packed)) <= min(size, 9 * len(content) + 18)


WHOLE = written(Letter(attachments=[Attachment("a", "x/y", bytes(5_000))], within=[Letter()]))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=8), st.integers(0, 3)
)
def test_a_damaged_one_is_told_and_nothing_is_raised(changes, cut):
    broken = bytearray(WHOLE)
    for at, value in changes:
        broken[at] = value
    mail = read_mail(bytes(broken[: len(broken) * (4 - cut) // 4]))
    assert mail.parsed or mail.why


def test_one_whose_sectors_go_round_is_told():
    broken = bytearray(WHOLE)
    first = int.from_bytes(broken[48:52], "little")  # the directory: let its sector follow itself
    table = 512 * (int.from_bytes(broken[76:80], "little") + 1)
    broken[table + 4 * first : table + 4 * first + 4] = first.to_bytes(4, "little")
    tree = opened_outlook(bytes(broken), SIZE_LIMIT)
    assert tree.sound or tree.why == outlook.DAMAGED


def test_an_older_office_document_is_no_message():
    word = compound({"WordDocument": b"x" * 600})
    assert not is_outlook(word)
    assert read_document("a.doc", "application/msword", word) == ("", False)


def test_one_that_hangs_on_another_mail_gives_its_words():
    text, whole = read_document("a.msg", "", written(Letter("Onderwerp", "hangwoord")))
    assert "hangwoord" in text
    assert "anna@example.nl" in text
    assert whole
    assert not read_document("a.msg", "", WHOLE).whole


def test_one_that_is_larger_than_is_read_is_told():
    assert opened_outlook(WHOLE, len(WHOLE) - 1).why == outlook.TOO_LARGE


def test_without_the_extra_it_is_told_and_nothing_is_read(monkeypatch):
    monkeypatch.setattr(outlook, "readable", lambda: False)
    mail = read_mail(WHOLE)
    assert (mail.parsed, mail.why) == (False, outlook.MISSING)


def test_the_child_reads_it_after_it_can_open_no_file():
    reader = MailReader()
    try:
        [mail] = reader.read([written(Letter("Kind", "leest dit", sent=datetime(2025, 1, 2, tzinfo=UTC)))])
    finally:
        reader.close()
    assert (mail.subject, mail.body, mail.sent) == ("Kind", "leest dit", "Thu, 02 Jan 2025 00:00:00 +0000")


def test_one_that_hangs_on_another_mail_as_html_gives_its_words_and_not_its_marks():
    html = b"<style>p {}</style><p>hang&eacute;<b class=vet>n</b></p>"
    text, whole = read_document("a.msg", "", written(Letter(body="", html=html)))
    assert ("hangé" in text, whole) == (True, True)
    assert not {"<p>", "vet", "style"} & set(text.replace("=", " ").split())


@pytest.mark.parametrize("page", [1, 424242, 2**31])
def test_a_code_page_that_nobody_knows_is_read_as_far_as_it_goes(page):
    raw = written(Letter("Onderwerp", "", html=b"<p>paginawoord</p>", narrow=True, pages=(page, page)))
    assert read_mail(raw).subject == "Onderwerp"
    assert "paginawoord" in read_mail(raw).body
    assert "paginawoord" in read_document("a.msg", "", raw).text


def test_html_is_read_on_its_own_page_and_not_on_that_of_the_texts():
    raw = written(Letter(body="", html="<p>čeština</p>".encode("cp1250"), pages=(1252, 1250)))
    assert "čeština" in read_mail(raw).body


def test_a_moment_that_cannot_be_costs_no_words():
    mail = read_mail(written(Letter("Onderwerp", "tijdwoord", ticks=2**64 - 1)))
    assert (mail.parsed, mail.sent, mail.subject, "tijdwoord" in mail.body) == (True, "", "Onderwerp", True)
