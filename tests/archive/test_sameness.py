"""The same mail by journal, mailbox and mbox is one message, though each way wrote its own around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_house import OWNER, house, mail, way
from gestand.archive.sameness import essence

JOURNAL = mail()
IN_BOX = (
    b"Return-Path: <anna@example.nl>\r\nDelivered-To: info@example.org\r\nReceived: from a by b;\r\n\tMon, 30 Nov 2026 10:00:01 +0100\r\n"
    + mail()
)
IN_MBOX = b"X-Mozilla-Status: 0001\n" + IN_BOX.replace(b"\r\n", b"\n") + b"\n"


def test_what_servers_and_programs_write_around_a_message_makes_no_other_message():
    assert essence(JOURNAL) == essence(IN_BOX) == essence(IN_MBOX)
    assert essence(JOURNAL) != essence(mail(number=2))
    assert essence(JOURNAL) != essence(b"Bcc: bram@example.nl\r\n" + mail())
    assert essence(mail(body="a\nb\n")) != essence(mail(body="a\n\nb\n"))


@given(st.binary(max_size=200))
def test_any_bytes_have_an_essence(raw):
    assert essence(raw) == essence(raw.replace(b"\r\n", b"\n"))


@pytest.mark.on_both_engines
def test_one_message_with_its_ways_and_the_bytes_that_came_first(tmp_path):
    with house(tmp_path) as found:
        first = found.archive.admit(JOURNAL, way(kind="smtp", place="journal"))
        for _ in range(2):  # read anew, it is known by its own bytes
            for raw, how in (
                (IN_BOX, way(kind="imap", place="info", folder="INBOX", at_origin="1:7")),
                (IN_MBOX, way(kind="file", place="oud.mbox")),
            ):
                again = found.archive.admit(raw, how)
                assert (again.message, again.new) == (first.message, False)
        [(count,)] = found.engine.execute("SELECT count(*) FROM archive_message")
        [(ways,)] = found.engine.execute("SELECT count(*) FROM archive_way")
        assert (count, ways) == (1, 3)


def test_by_one_kind_of_way_other_bytes_are_another_message_and_each_comes_back_as_it_was(tmp_path):
    with house(tmp_path) as found:
        done = [found.archive.admit(raw, way()) for raw in (JOURNAL, IN_BOX, IN_MBOX)]
        assert len({one.message for one in done}) == 3
        opened = [found.archive.open(one.message, "mail-archive", actor=OWNER, reason="test").raw for one in done]
        assert opened == [JOURNAL, IN_BOX, IN_MBOX]


def test_nothing_of_a_variant_stays_when_its_message_is_erased(tmp_path):
    with house(tmp_path) as found:
        first = found.archive.admit(JOURNAL, way(kind="smtp"))
        found.archive.admit(IN_BOX, way(kind="imap"))
        found.archive.erase([first.message], ground="test", actor=OWNER)
        assert found.engine.execute("SELECT * FROM archive_variant") == []
        assert found.archive.admit(IN_BOX, way(kind="imap")).new
