"""A conversation that WhatsApp exported: every telephone's way, and nothing of it left out."""

from __future__ import annotations

import email
import random
import time
import unicodedata
import zipfile
from datetime import UTC, date, datetime, timedelta
from email.policy import compat32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.archive.ways.chats import chat_messages
from gestand.archive.ways.typed import composed
from gestand.archive.ways.whatsapp import _in_order
from gestand.kernel.errors import UsageError

FIRM = "info@example.org"


def text_of(raw: bytes) -> str:
    found = email.message_from_bytes(raw, policy=compat32)
    part = found.get_payload(0) if found.is_multipart() else found
    return part.get_payload(decode=True).decode("utf-8")


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


def written(tmp_path, text: str, name: str = "_chat.txt") -> list:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return list(chat_messages(path))


MOMENTS = """12-11-2026 09:58 - Berichten zijn end-to-end versleuteld.
12-11-2026 10:01 - Koper: Deze momenten:
1-12-2026 14:00 bij u thuis
02-12-2031 09:30 - in de winkel: Kerkstraat 1
[12-11-2026 08:00] niet zo
31-31-2026 10:00 - geen dag
3-2-2020 10:00 - lang geleden
Laat maar weten!
05-12-2026 10:03 - Anna: <Media weggelaten>
"""


def test_a_line_that_begins_with_a_date_goes_on_a_message_unless_it_can_be_one_itself(tmp_path):
    first, second = written(tmp_path, MOMENTS)
    assert [one.at.date().isoformat() for one in (first, second)] == ["2026-11-12", "2026-12-05"]
    said = MOMENTS.splitlines()
    for line in said[2:8]:
        assert line in first.text
    assert "10:03 Anna: <Media weggelaten>" in second.text


def test_what_the_telephone_itself_says_is_of_nobody(tmp_path):
    text = '01-11-2026 10:05 - Anna heeft het onderwerp gewijzigd van "Hulp: laptop" naar "Klaar"\n01-11-2026 10:06 - Anna: x\n'
    [day] = written(tmp_path, text)
    assert "10:05 -: Anna heeft" in day.text
    assert day.person == "Anna"


WORDS = st.text(st.sampled_from("ab 0123456789-./:[]\u200f\u00e9\n,"), max_size=60)


@given(st.lists(st.tuples(st.integers(0, 900), st.booleans(), WORDS), min_size=1, max_size=12))
def test_no_word_of_a_conversation_is_lost(tmp_path_factory, told):
    day = datetime(2025, 1, 1, 9, 0, tzinfo=UTC)
    lines = []
    for minutes, system, words in sorted(told, key=lambda one: one[0]):
        at = day + timedelta(minutes=minutes * 60)
        lines.append(f"{at:%d-%m-%Y %H:%M} - {'' if system else 'Anna: '}{words}")
    path = tmp_path_factory.mktemp("chat") / "_chat.txt"
    path.write_text("\n".join(lines), "utf-8")
    text = "\n".join(one.text for one in chat_messages(path))
    for _, _, words in told:
        for word in words.replace("\u200f", "").split():
            assert word in text


@given(st.lists(st.dates(date(2026, 1, 1), date(2026, 2, 1)), max_size=40))
def test_a_run_of_days_never_goes_back_and_is_the_longest(days):
    run = _in_order(days)
    assert sorted(run) == run
    assert [days[at] for at in run] == sorted(days[at] for at in run)
    best = []  # by the plain rule: the longest that ends here
    for at, day in enumerate(days):
        best.append(1 + max((best[other] for other in range(at) if days[other] <= day), default=0))
    assert len(run) == max(best, default=0)


def test_media_are_known_by_their_names_whatever_made_the_zip_and_none_is_lost(tmp_path):
    path = tmp_path / "WhatsApp Chat - Bram (1).zip"
    lines = (
        "[12-11-2026 10:00:00] Bram: \u200e<bijgevoegd: 13-Offerte caf\u00e9.pdf>\n[13-11-2026 10:00:00] Bram: dag\n"
    )
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("_chat.txt", lines)
        made.writestr(unicodedata.normalize("NFD", "13-Offerte caf\u00e9.pdf"), b"%PDF-1.4")
        made.writestr("99-AUDIO.opus", b"OggS")
        made.writestr("notitie.txt", b"ook een bestand")
        made.writestr("../weg.jpg", b"x")
    first, second = chat_messages(path)
    assert (first.person, [one.content for one in first.attachments]) == ("Bram", [b"%PDF-1.4"])
    assert [one.name for one in second.attachments] == ["99-AUDIO.opus", "notitie.txt"]
    assert "weg.jpg: " in second.text  # and why it could not be taken


def test_a_long_conversation_is_read_in_seconds(tmp_path):
    chosen = random.Random(7)
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    lines = [
        f"{begin + timedelta(minutes=37 * number):%d-%m-%Y %H:%M} - Anna: {chosen.random()} IMG-{number}.jpg (bestand bijgevoegd)"
        for number in range(20_000)
    ]
    before = time.process_time()
    assert len(written(tmp_path, "\n".join(lines))) > 400
    assert time.process_time() - before < 5


def test_what_a_telephone_dates_later_than_now_is_kept_all_the_same(tmp_path, place):
    house = place.open()
    path = tmp_path / "_chat.txt"
    path.write_text("01-01-2041 09:00 - Anna: van later\n", "utf-8")
    [kept] = house.ways.notes(chat_messages(path), FIRM)
    assert kept.new
    assert house.archive.kept(kept.message).received <= house.clock().date()
    assert [one.new for one in house.ways.notes(chat_messages(path), FIRM)] == [False]


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
