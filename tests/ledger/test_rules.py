import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.kernel.canonical import canonical
from gestand.kernel.errors import DamagedError, RefusedError
from gestand.ledger.events import EVENTS
from gestand.ledger.model import Event
from gestand.ledger.rules import LONGEST_TEXT, entry_of, leaf_of
from ledger.world import BRAM, NOON, opening

TEXTS = st.text(st.characters(exclude_characters="@", exclude_categories=["Cc", "Cs"]), max_size=40).filter(
    lambda text: text.count(".") < 3
)
FACTS = st.one_of(TEXTS, st.integers(-(2**53), 2**53), st.booleans(), st.none(), st.lists(TEXTS, max_size=3).map(tuple))


@st.composite
def events(draw):
    name = draw(st.sampled_from(sorted(EVENTS)))
    names = draw(st.sets(st.sampled_from(EVENTS[name]))) if EVENTS[name] else set()
    return Event(
        name=name,
        at=draw(st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC))),  # noqa: DTZ001
        actor=draw(TEXTS),
        facts={fact: draw(FACTS) for fact in names},
        subject=draw(TEXTS),
    )


@given(events())
@settings(max_examples=100, deadline=None)
def test_a_leaf_is_the_canonical_json_of_the_event_and_reads_back(event):
    leaf = leaf_of(event)
    assert leaf == canonical(json.loads(leaf))
    assert entry_of(7, leaf).event == event
    assert b"\n" not in leaf


def test_the_bytes_of_a_leaf_are_fixed():
    assert leaf_of(opening(3)) == (
        b'{"actor":"staff-bram","at":"2026-03-02T12:00:00.000000Z","event":"data.opened",'
        b'"facts":{"items":3,"purpose":"support","reason":"call 3"},'
        b'"subject":"00000000000000000000000000000003","v":1}'
    )


def test_instants_are_recorded_in_utc():
    amsterdam = NOON.astimezone(timezone(timedelta(hours=1)))
    event = opening(3)
    assert leaf_of(Event(event.name, amsterdam, event.actor, event.facts, event.subject)) == leaf_of(event)


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (Event("data.leaked", NOON, BRAM), "ledger-unknown-event"),
        (opening(1, name="Anna de Vries"), "ledger-unknown-fact"),
        (opening(1, reason="mail of anna.devries@example.nl"), "ledger-personal"),
        (opening(1, reason="visit from 192.0.2.44"), "ledger-personal"),
        (opening(1, reason="two\nlines"), "ledger-personal"),
        (opening(1, reason="bel Daan 0612345678"), "ledger-personal"),
        (opening(1, reason="bel 06-12 34 56 78 terug"), "ledger-personal"),
        (opening(1, reason="BSN 123456782"), "ledger-personal"),
        (opening(1, reason="terug naar NL91 ABNA 0417 1643 00"), "ledger-personal"),
        (opening(1, reason="x" * (LONGEST_TEXT + 1)), "ledger-fact"),
        (opening(1, items=2**53 + 1), "ledger-fact"),
        (opening(1, items=1.5), "ledger-fact"),
        (opening(1, items=("a", 1)), "ledger-fact"),
        (opening(1, reason="\ud800"), "ledger-fact"),
        (opening(1, items=tuple("x" * 250 for _ in range(80))), "ledger-fact"),
        (Event("data.opened", NOON, BRAM, {}, subject="anna@example.nl"), "ledger-personal"),
        (Event("data.opened", NOON.replace(tzinfo=None), BRAM), "ledger-time"),
    ],
)
def test_what_may_not_be_recorded_is_refused_with_words(event, code):
    with pytest.raises(RefusedError) as refused:
        leaf_of(event)
    assert refused.value.code == code
    assert refused.value.remedy


def test_ordinary_texts_with_dots_and_accents_pass():
    assert b"2018.05.25.1" in leaf_of(opening(1, purpose="2018.05.25.1", reason="Zoë: e.g. i.e. a.b.c.d"))


@given(st.one_of(st.binary(max_size=60), st.recursive(FACTS, st.lists).map(lambda x: repr(x).encode())))
@settings(max_examples=80, deadline=None)
def test_bytes_that_are_no_leaf_are_damage(raw):
    with pytest.raises(DamagedError):
        entry_of(0, raw)


def test_a_leaf_of_a_later_format_is_not_guessed_at():
    with pytest.raises(DamagedError, match="format 1"):
        entry_of(4, leaf_of(opening(1)).replace(b'"v":1', b'"v":2'))


@pytest.mark.parametrize(
    "reason",
    [
        "request req_2345672345672345", "correction of itm_aaaaaaaaaaaaaaaa_12", "job F2026-0041", "factuur 123456782",
        "bezwaar van 06-11-2026 10:30", "sinds 2026-11-23T09:30:00+01:00", "0123456789abcdef" * 4, "123456782" + "0a" * 20,
        "ticket 20260041", "storing 12345",
    ],
)  # fmt: skip
def test_ids_dates_digests_and_numbers_of_cases_are_reasons(reason):
    assert leaf_of(opening(1, reason=reason))
