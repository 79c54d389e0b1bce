"""Offers: the table of the law by channel, addressee and date, and the objection that always wins."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.law.marketing import RULES, judge
from gestand.law.marketing_facts import Caller, Channel, read_marketing
from gestand.law.marketing_questions import answer

VECTORS = json.loads((Path(__file__).parent / "vectors" / "rights.json").read_text(encoding="utf-8"))[
    "marketing_vectors"
]
TODAY = date(2026, 11, 22)
CUSTOMER = {
    "recipient": "consumer",
    "customer": True,
    "own_similar": True,
    "optout_at_collection": True,
    "optout_in_mail": True,
}
CALL = {"recipient": "consumer", "consent": True, "verzet_offered": True}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_a_vector_of_the_law(vector):
    got = answer(vector)
    assert got["allowed"] is vector["expected"]["allowed"], got["reasons"]
    assert got["needs_judgement"] is False
    assert got["reasons"]
    assert got["articles"]
    if vector["debatable"] and not got["verified"]:
        assert got["not_verified"]


@pytest.mark.parametrize(
    ("channel", "facts", "on", "allowed"),
    [
        ("email", {"recipient": "consumer", "consent": False, "customer": False}, TODAY, False),
        ("email", CUSTOMER | {"objected": True}, TODAY, False),
        ("email", {"recipient": "consumer", "consent": True, "unsubscribe_link": False}, TODAY, False),
        ("email", {"recipient": "consumer", "consent": True}, TODAY, True),
        ("email", CUSTOMER | {"recipient": "prospect_quote_only"}, TODAY, False),
        ("email", {"recipient": "BV", "consent": False}, TODAY, False),
        ("email", {"type": "service_message", "contract": True, "offer_inside": True}, TODAY, False),
        ("email", {"purpose": "ask permission to mail", "consent": True}, TODAY, True),
        ("sms_whatsapp", {"recipient": "consumer", "consent": True}, TODAY, True),
        ("sms_whatsapp", CUSTOMER, TODAY, True),
        ("phone", CALL, TODAY, True),
        ("phone", CALL | {"verzet_offered": False}, TODAY, False),
        ("phone", {"recipient": "eenmanszaak", "consent": False}, TODAY, False),
        ("phone", {"recipient": "vof", "consent": False}, TODAY, False),
        ("phone", {"recipient": "BV", "consent": False}, TODAY, True),
        ("phone", {"recipient": "BV", "objected": True}, TODAY, False),
        (
            "phone",
            {"recipient": "consumer", "consent": False, "customer": True, "own_similar": True},
            date(2026, 6, 30),
            True,
        ),
        (
            "phone",
            {"recipient": "consumer", "consent": False, "customer": True, "own_similar": True},
            date(2026, 7, 1),
            False,
        ),
        ("phone", {"recipient": "consumer", "consent": False, "customer": False}, date(2021, 6, 30), True),
        ("phone", {"recipient": "consumer", "consent": False, "customer": False}, date(2021, 7, 1), False),
        ("phone", {"recipient": "consumer", "in_bel_me_niet_register": True}, date(2021, 6, 30), False),
        (
            "phone",
            {"recipient": "consumer", "customer": False, "ex_customer_years": 2, "own_similar": True},
            date(2023, 5, 1),
            True,
        ),
        (
            "phone",
            {"recipient": "consumer", "customer": False, "ex_customer_years": 2, "own_similar": True},
            TODAY,
            False,
        ),
        ("post", {"recipient": "consumer", "objected": True}, TODAY, False),
    ],
)
def test_the_table(channel, facts, on, allowed):
    got = answer({"id": 1, "channel": channel, "facts": facts, "date": on.isoformat()})
    assert got["allowed"] is allowed, got["reasons"]


def test_charities_may_still_call_their_own_donors_after_the_change():
    donor = {"recipient": "consumer", "consent": False, "customer": True, "own_similar": True}
    for caller in Caller:
        found = judge(Channel.PHONE, read_marketing(donor | {"caller": caller.value}), on=date(2026, 7, 1))
        assert found.allowed is (caller is not Caller.COMMERCIAL)
    stranger = read_marketing({"recipient": "consumer", "consent": False, "customer": False, "caller": "charity"})
    assert not judge(Channel.PHONE, stranger, on=TODAY).allowed


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "recipient": st.sampled_from(
            ["consumer", "eenmanszaak", "BV", "company_info_address_published_for_offers", "prospect_quote_only"]
        ),
        "consent": st.booleans(),
        "consent_kind": st.sampled_from(["explicit", "pre-ticked"]),
        "consent_proof": st.booleans(),
        "customer": st.booleans(),
        "ex_customer_years": st.integers(0, 9),
        "own_similar": st.booleans(),
        "optout_at_collection": st.booleans(),
        "optout_in_mail": st.booleans(),
        "unsubscribe_link": st.booleans(),
        "offer_inside": st.booleans(),
        "type": st.sampled_from(["service_message", "offer"]),
        "contract": st.booleans(),
        "number_hidden": st.booleans(),
        "verzet_offered": st.booleans(),
        "caller": st.sampled_from(["commercial", "charity"]),
        "purpose": st.just("ask permission to mail"),
    },
)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(Channel), FACTS, st.dates(date(2010, 1, 1), date(2030, 1, 1)))
def test_an_objection_never_allows_and_stops_every_offer(channel, facts, on):
    free = judge(channel, read_marketing(facts), on=on)
    objected = judge(channel, read_marketing(facts | {"objected": True}), on=on)
    assert objected.allowed <= free.allowed
    service = facts.get("type") == "service_message" and facts.get("offer_inside") is False and facts.get("contract")
    assert objected.allowed is bool(service)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(Channel),
    FACTS,
    st.dates(date(2010, 1, 1), date(2030, 1, 1)),
    st.sampled_from(
        [
            {"consent": False},
            {"consent_proof": False},
            {"consent_kind": "pre-ticked"},
            {"own_similar": False},
            {"unsubscribe_link": False},
            {"number_hidden": True},
            {"verzet_offered": False},
            {"offer_inside": True},
            {"odd": 1},
        ]
    ),
)
def test_a_worse_fact_never_allows(channel, facts, on, worse):
    before = judge(channel, read_marketing(facts), on=on)
    after = judge(channel, read_marketing(facts | worse), on=on)
    # What is called a service message and holds an offer is judged as the offer it is, and may have a ground of its own.
    if worse != {"offer_inside": True}:
        assert after.allowed <= before.allowed


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ({"channel": "email", "date": "2026-11-22", "facts": {"recipient": "martian"}}, ["recipient=martian"]),
        ({"channel": "email", "date": "2026-11-22", "facts": {"consent": True, "moon": "full"}}, ["moon"]),
        ({"channel": "pigeon", "date": "2026-11-22", "facts": {"consent": True}}, ["channel=pigeon"]),
        ({"channel": "email", "date": "soon", "facts": {"consent": True}}, ["date=soon"]),
        ({"channel": "email", "date": "2026-11-22", "facts": {"purpose": "world peace"}}, ["purpose=world peace"]),
    ],
)
def test_what_cannot_be_read_is_no_and_named(question, unknown):
    got = answer({"id": 1} | question)
    assert (got["allowed"], got["needs_judgement"], got["unknown"]) == (False, True, unknown)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ({"facts": {}}, ["channel", "date"]),
        ({"channel": "email", "date": "2026-11-22", "facts": {"recipient": "consumer"}}, ["consent"]),
        ({"channel": "phone", "date": "2026-11-22", "facts": {"recipient": "consumer"}}, ["consent"]),
        (
            {"channel": "email", "date": "2026-11-22", "facts": {"customer": True, "own_similar": True}},
            ["optout_at_collection"],
        ),
        (
            {"channel": "email", "date": "2026-11-22", "facts": {"type": "service_message"}},
            ["contract", "offer_inside"],
        ),
        ({"channel": "email", "date": "2005-01-01", "facts": {"consent": True}}, ["law before 2009-10-01"]),
    ],
)
def test_what_is_missing_is_no_and_named(question, missing):
    got = answer({"id": 1} | question)
    assert (got["allowed"], got["needs_judgement"], got["missing"]) == (False, True, missing)


def test_an_allowed_message_carries_its_conditions():
    found = judge(Channel.EMAIL, read_marketing({"recipient": "consumer", "consent": True}), on=TODAY)
    assert any("stop" in line for line in found.must_do)
    assert any("proof" in line for line in found.must_do)
    call = judge(Channel.PHONE, read_marketing(CALL), on=TODAY)
    assert any("right to object" in line for line in call.must_do)


def test_the_rules_change_hands_without_a_gap_or_an_overlap():
    def names(on: date) -> set[str]:
        return {rule.id.removeprefix("marketing-") for rule in RULES if rule.in_force(on)}

    assert "phone-register" in names(date(2021, 6, 30))
    assert "phone-register" not in names(date(2021, 7, 1))
    assert "phone-consent" in names(date(2021, 7, 1))
    assert "phone-customer" in names(date(2026, 6, 30))
    assert "phone-customer" not in names(date(2026, 7, 1))
    assert "phone-customer-ended" in names(date(2026, 7, 1))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(Channel), FACTS, st.dates(date(2010, 1, 1), date(2030, 1, 1)))
def test_no_rule_is_applied_outside_its_days(channel, facts, on):
    found = judge(channel, read_marketing(facts), on=on)
    assert found.rules
    assert all(rule.in_force(on) for rule in found.rules)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None)
@given(
    JSON,
    st.dictionaries(
        st.sampled_from(["recipient", "consent", "customer", "ex_customer_years", "purpose", "type", "x"]),
        JSON,
        max_size=4,
    )
    | JSON,
    JSON,
)
def test_no_value_whatever_breaks_the_answer(subject, facts, day):
    got = answer({"id": 1, "channel": subject, "facts": facts, "date": day})
    assert got["id"] == 1
    assert isinstance(got["allowed"], bool)


def test_the_answer_says_it_in_plain_dutch_too():
    assert "mag, als" in answer({"id": 1, "channel": "post", "date": "2026-11-22", "facts": {"objected": False}})["nl"]
    assert "mag niet" in answer({"id": 1, "channel": "post", "date": "2026-11-22", "facts": {"objected": True}})["nl"]
