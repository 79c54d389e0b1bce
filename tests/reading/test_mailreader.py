"""The child that reads mail is replaced now and then; what is being asked of it is not lost with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gestand.reading import mailreader
from gestand.reading.mailchild import FIND
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


def test_a_message_that_costs_the_child_its_life_is_asked_of_by_itself_and_so_is_each_beside_it(reader, monkeypatch):
    ask, asked = reader._ask, []

    def killed(what: int, messages: list[bytes], number: int = 0, **more: bool) -> Iterator[bytes | None]:
        asked.append((what, number))
        if what == FIND and number > 1:
            reader._ready().process.kill()
        return ask(what, messages, number, **more)

    monkeypatch.setattr(reader, "_ask", killed)
    assert reader.find("zomerkanarie", [PLAIN, CODED, PLAIN]).result() == [False, True, False]
    assert [number for what, number in asked if what == FIND] == [3, 1, 1, 1]


def test_many_messages_are_asked_of_in_bundles_and_answered_in_their_order(reader, monkeypatch):
    monkeypatch.setattr(mailreader, "BUNDLE_SIZE", 3 * len(PLAIN))
    messages = [CODED if number % 7 == 3 else PLAIN + b"." * number for number in range(40)]
    assert reader.find("zomerkanarie", messages).result() == [number % 7 == 3 for number in range(40)]
    assert [message for bundle in mailreader._bundles(messages) for message in bundle] == messages


def test_a_child_that_is_gone_when_it_is_asked_leaves_the_bytes_to_be_searched(reader, monkeypatch):
    def gone(*_: object, **__: object) -> Iterator[None]:
        return iter((None,))

    monkeypatch.setattr(reader, "_ask", gone)
    assert reader.find("gewone", [PLAIN, CODED]).result() == [True, False]
