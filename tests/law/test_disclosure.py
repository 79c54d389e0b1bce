"""Demands for data: who may ask what, in which form, how little is given, and that nothing unread opens anything."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.law.disclosure import judge
from gestand.law.disclosure_facts import Power, read_disclosure
from gestand.law.disclosure_questions import answer
from gestand.law.disclosure_rules import BY_ID, POWERS

VECTORS = json.loads((Path(__file__).parent / "vectors" / "rights.json").read_text(encoding="utf-8"))[
    "disclosure_vectors"
]
STORED = {"article": "126nd Sv", "written": True, "data": ["invoices"]}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_a_vector_of_the_law(vector):
    got = answer(vector)
    for name in ("disclose", "minimum", "confidential", "tell_customer", "record_period"):
        if name in vector["expected"]:
            assert got[name] == vector["expected"][name], got["reasons"]
    assert got["needs_judgement"] is False
    assert got["reasons"]


@pytest.mark.parametrize(
    ("authority", "facts", "disclose"),
    [
        ("police officer", STORED | {"signed_by": "police only"}, False),
        ("police officer", STORED, False),
        ("public prosecutor (OvJ)", STORED | {"signed_by": "police only"}, False),
        ("police by phone", {"article": None, "asks": "who called you yesterday?", "written": False}, False),
        ("police by phone", {"article": "126nc Sv", "data": ["name"], "written": False}, False),
        ("OvJ", {"article": "126nd Sv", "data": ["health remark"], "written": True}, False),
        ("OvJ", {"article": "126nd Sv", "data": ["photo of customer"], "written": True}, False),
        ("OvJ", {"article": "126nf Sv", "data": ["health remark"], "written": True}, False),
        ("OvJ", {"article": "126nf Sv", "data": ["health remark"], "machtiging_rc": False}, False),
        ("OvJ", {"article": "126nd Sv", "oral": True, "urgent": True}, True),
        ("OvJ", {"article": "126nd Sv", "oral": True, "urgent": False}, False),
        ("OvJ", {"article": "126nd Sv", "written": False}, False),
        ("OvJ", STORED | {"addressee_is_suspect": True}, False),
        ("tax inspector", {"article": None, "asks": "complete CRM export just to look"}, False),
        ("tax inspector", {"article": "47 AWR", "third_party_tax": True}, False),
        ("tax inspector", {"article": "53 AWR", "third_party_tax": True}, True),
        ("tax inspector", STORED, False),
        ("supervisor AP", {"article": None}, False),
        ("bailiff", {"article": "475g Rv", "about": "customer's invoices"}, False),
        ("municipality (bijstand)", {"article": "Participatiewet 64", "listed_body": False}, False),
        ("municipality (bijstand)", {"article": "Participatiewet 64", "listed_body": True}, True),
        ("foreign police", {"direct": True}, False),
        ("foreign police", {"direct": True, "article": "126nd Sv"}, False),
        ("lawyer of ex-partner", {"asks": "e-mail of customer"}, False),
        ("company itself reports crime", {"aangifte": True, "own_victim": True, "data": ["needed facts"]}, True),
        ("company itself reports crime", {"aangifte": True, "own_victim": False}, False),
        ("any authority", {"document": "pdf from gmail", "identity_checked": False}, False),
        ("public prosecutor (OvJ)", STORED | {"document": "pdf from gmail"}, False),
        ("public prosecutor (OvJ)", STORED | {"document": "pdf from gmail", "identity_checked": True}, True),
        ("public prosecutor (OvJ)", STORED | {"identity_checked": False}, False),
    ],
)
def test_the_table(authority, facts, disclose):
    got = answer({"id": 1, "authority": authority, "facts": facts})
    assert got["disclose"] is disclose, got["reasons"]
    assert bool(got["ask_for"] or got["must_do"])


def test_of_a_mixed_demand_only_what_the_article_reaches_is_given():
    stored = answer({"id": 1, "authority": "OvJ", "facts": STORED | {"data": ["invoices", "health remark"]}})
    assert (stored["give"], stored["withhold"]) == (["invoices"], ["health remark"])
    naming = {"article": "126nc Sv", "written": True, "data": ["name", "e-mail records", "customer number"]}
    named = answer({"id": 1, "authority": "police officer", "facts": naming})
    assert (named["give"], named["withhold"]) == (["name", "customer number"], ["e-mail records"])
    assert any("126nd" in line for line in named["ask_for"])


def test_refused_means_nothing_is_given():
    got = answer({"id": 1, "authority": "police officer", "facts": STORED})
    assert got["give"] == []
    assert got["withhold"] == ["invoices"]


@pytest.mark.parametrize(
    ("words", "weeks"), [("future data for 3 weeks", 3), ("future data for 12 weeks", 4), ("future data", 4)]
)
def test_later_data_are_given_for_four_weeks_at_most(words, weeks):
    got = answer({"id": 1, "authority": "OvJ", "facts": {"article": "126ne Sv", "data": words}})
    assert (got["record_period"], got["record_weeks"]) == (True, weeks)


@pytest.mark.parametrize("power", Power)
def test_a_criminal_demand_is_secret_also_when_refused(power):
    facts = read_disclosure("any authority", {"article": _article(power)})
    found = judge(facts)
    assert facts.power is power
    assert found.confidential is power.criminal
    assert found.tell_customer is (False if power.criminal else None)


def _article(power: Power) -> str:
    written = {
        Power.AWR_47: "47 AWR",
        Power.AWR_53: "53 AWR",
        Power.SUPERVISION: "Awb 5:16",
        Power.PW_64: "Participatiewet 64",
    }
    return written.get(power, f"{power.value} Sv")


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ({"authority": "the man next door", "facts": {"article": None}}, "authority=the man next door"),
        ({"facts": {"article": "126nd Sv"}}, "authority=None"),
        ({"authority": "OvJ", "facts": {"article": "126zz Sv"}}, "article=126zz Sv"),
        ({"authority": "OvJ", "facts": STORED | {"stamp": "red"}}, "stamp"),
    ],
)
def test_what_cannot_be_read_opens_nothing_and_is_named(question, unknown):
    got = answer({"id": 1} | question)
    assert got["disclose"] is False
    assert got["needs_judgement"] is True
    assert unknown in got["unknown"]


def test_every_refusal_is_listed_not_only_the_first():
    facts = STORED | {"written": False, "identity_checked": False, "signed_by": "police only"}
    got = answer({"id": 1, "authority": "police officer", "facts": facts})
    assert len(got["reasons"]) >= 3


WORSE = [
    {"written": False},
    {"identity_checked": False},
    {"signed_by": "police only"},
    {"addressee_is_suspect": True},
    {"article": None},
    {"machtiging_rc": False},
    {"listed_body": False},
    {"own_victim": False},
    {"odd": 1},
]
WHO = [vector["authority"] for vector in VECTORS]


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(WHO),
    st.fixed_dictionaries(
        {},
        optional={
            "article": st.sampled_from([_article(power) for power in Power]),
            "written": st.booleans(),
            "oral": st.booleans(),
            "urgent": st.booleans(),
            "machtiging_rc": st.booleans(),
            "identity_checked": st.booleans(),
            "listed_body": st.booleans(),
            "own_tax": st.booleans(),
            "aangifte": st.booleans(),
            "own_victim": st.booleans(),
            "data": st.lists(st.sampled_from(["name", "invoices", "health remark", "photo"]), max_size=3),
        },
    ),
    st.sampled_from(WORSE),
)
def test_a_worse_fact_never_opens_a_refused_demand(who, facts, worse):
    before, after = judge(read_disclosure(who, facts)), judge(read_disclosure(who, facts | worse))
    assert after.disclose <= before.disclose
    assert set(after.give) <= set(facts.get("data", []))


def test_every_power_has_its_rule():
    assert set(POWERS) == set(Power)
    assert all(f"disclosure-{row.rule}" in BY_ID for row in POWERS.values())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None)
@given(
    JSON,
    st.dictionaries(
        st.sampled_from(["article", "data", "asks", "about", "document", "signed_by", "written", "x"]), JSON, max_size=4
    )
    | JSON,
    JSON,
)
def test_no_value_whatever_breaks_the_answer(subject, facts, day):
    got = answer({"id": 1, "authority": subject, "facts": facts, "date": day})
    assert got["id"] == 1
    assert isinstance(got["disclose"], bool)


def test_the_answer_says_it_in_plain_dutch_too():
    assert (
        "Geef alleen" in answer({"id": 1, "authority": "OvJ", "facts": {"article": "126nd Sv", "written": True}})["nl"]
    )
    assert (
        "Geef niets" in answer({"id": 1, "authority": "OvJ", "facts": {"article": "126nd Sv", "written": False}})["nl"]
    )
