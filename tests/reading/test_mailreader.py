"""The child that reads mail is replaced now and then; what is being asked of it is not lost with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gestand.reading import mailreader
from gestand.reading.mailreader import MailReader

PLAIN = b"From: anna@example.nl\r\nSubject: Vraag\r\n\r\ngewone woorden\r\n"
CODED = PLAIN[:-18] + b"Content-Transfer-Encoding: base64\r\n\r\nem9tZXJrYW5hcmll\r\n"


@pytest.fixture
def reader() -> Iterator[MailReader]:
    made = MailReader()
    yield made
    made.close()


@pytest.mark.parametrize("before", range(4))
def test_a_search_by_a_child_that_is_about_to_be_replaced_finds_what_is_there_and_nothing_else(
    reader, monkeypatch, before
):
    monkeypatch.setattr(mailreader, "MESSAGES", 3)
    reader.read([PLAIN] * before)
    assert reader.find("zomerkanarie", [PLAIN, CODED, PLAIN, PLAIN]).result() == [False, True, False, False]
    assert reader.find("gewone", [PLAIN]).result() == [True]


def test_a_child_that_is_gone_when_it_is_asked_leaves_the_bytes_to_be_searched(reader, monkeypatch):
    def gone(*_: object, **__: object) -> Iterator[None]:
        return iter((None,))

    monkeypatch.setattr(reader, "_ask", gone)
    assert reader.find("gewone", [PLAIN, CODED]).result() == [True, False]
