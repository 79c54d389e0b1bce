"""A ticket opens as what it was issued as, until its time is over, and as nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.kernel.clock import SettableClock
from gestand.kernel.entropy import system_entropy
from gestand.kernel.errors import RefusedError
from gestand.kernel.tickets import Tickets

START = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def made(clock=None, root=bytes(32)) -> Tickets:
    return Tickets(root, clock or SettableClock(START), system_entropy)


@given(content=st.binary(max_size=200))
def test_what_goes_in_comes_out(content):
    tickets = made()
    opened = tickets.open("form", tickets.issue("form", content, lasting=MINUTE))
    assert (opened.content, opened.issued, opened.until) == (content, START, START + MINUTE)


def test_each_ticket_has_a_mark_of_its_own():
    tickets = made()
    marks = {tickets.open("form", tickets.issue("form", b"same", lasting=MINUTE)).mark for _ in range(20)}
    assert len(marks) == 20


def test_its_time_its_kind_and_its_key_are_its_own():
    clock = SettableClock(START)
    tickets = made(clock)
    text = tickets.issue("form", b"x", lasting=MINUTE)
    for wrong in (lambda: tickets.open("portal", text), lambda: made(clock, bytes(31) + b"1").open("form", text)):
        with pytest.raises(RefusedError):
            wrong()
    clock.advance(MINUTE)
    assert tickets.open("form", text)
    clock.advance(timedelta(seconds=1))
    with pytest.raises(RefusedError) as late:
        tickets.open("form", text)
    assert late.value.code == "ticket"


@given(at=st.integers(0, 200), other=st.characters(min_codepoint=33, max_codepoint=0x2FF))
def test_a_changed_ticket_is_refused(at, other):
    tickets = made()
    text = tickets.issue("form", b"content", lasting=MINUTE)
    at %= len(text) - 2  # the last character has bits that mean nothing
    if text[at] != other:
        with pytest.raises(RefusedError):
            tickets.open("form", text[:at] + other + text[at + 1 :])


@given(text=st.text(max_size=120))
def test_only_our_own_error_leaves_the_reader_of_tickets(text):
    with pytest.raises(RefusedError):
        made().open("form", text)


def test_the_key_does_not_show_itself():
    assert "\\x" not in repr(made().__dict__)


def test_what_was_issued_before_the_store_was_restored_opens_no_more():
    clock = SettableClock(START)
    text = made(clock).issue("form", b"x", lasting=MINUTE)
    since = Tickets(bytes(32), clock, system_entropy, since=START + timedelta(seconds=1))
    with pytest.raises(RefusedError):
        since.open("form", text)
    clock.advance(timedelta(seconds=1))
    assert since.open("form", since.issue("form", b"y", lasting=MINUTE)).content == b"y"
