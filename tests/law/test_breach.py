"""The judgement of a breach: the cases of the guidelines as facts, and what no fact may ever undo."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.law.breach import assess
from gestand.law.breach_facts import Role
from gestand.law.breach_people import PeopleDuty
from gestand.law.breach_questions import answer
from gestand.law.breach_reading import read_breach
from gestand.law.breach_risk import Risk
from gestand.law.breach_severity import severity

VECTORS = json.loads((Path(__file__).parent / "vectors" / "breach.json").read_text(encoding="utf-8"))
KNOWN_CASES = [*VECTORS["edpb_01_2021_cases"], *VECTORS["annex_b_examples"], *VECTORS["authority_decisions"]]

# The cases of EDPB Guidelines 01/2021 and 9/2022 that the vectors leave out, written as facts: (authority, persons).
OTHER_CASES: dict[str, tuple[dict[str, Any], bool, bool]] = {
    "01 ransomware, proper backup, nothing left": (
        {
            "cause": "external_malicious",
            "incident": "ransomware",
            "encrypted_at_rest": "state_of_the_art",
            "key_compromised": False,
            "exfiltration": "excluded_by_logs",
            "backup": "available",
            "restore_hours": 5,
            "service_impact": "none",
            "subjects": "a few dozen",
            "subject_categories": ["employees", "customers"],
            "special_categories": False,
            "vulnerable": False,
        },
        False,
        False,
    ),
    "05 job applications from a website": (
        {
            "cause": "external_malicious",
            "incident": "malware_on_website",
            "exfiltration": "possible_undetectable",
            "detected_after_days": 30,
            "subjects": 213,
            "subject_categories": ["job applicants"],
            "special_categories": False,
        },
        True,
        True,
    ),
    "06 hashed passwords from a website": (
        {
            "cause": "external_malicious",
            "incident": "sql_injection",
            "exfiltration": "confirmed",
            "credentials": "hashed_strong_salted",
            "salt_compromised": False,
            "email_included": False,
            "subjects": 1200,
            "data": ["nickname", "hashed password"],
            "special_categories": False,
        },
        False,
        False,
    ),
    "11 stolen laptop, not encrypted": (
        {
            "cause": "external_malicious",
            "incident": "theft_device",
            "encrypted_at_rest": "no",
            "password": "none",
            "backup": "daily",
            "subjects": 100000,
            "subject_categories": ["customers"],
            "data": ["name", "sex", "address", "date of birth"],
            "extra_categories_unknown": True,
        },
        True,
        True,
    ),
    "15 list of participants to fifteen others": (
        {
            "cause": "internal_non_malicious",
            "incident": "wrong_recipients",
            "recipient": "known_many",
            "recipients": 15,
            "subjects": 15,
            "data": ["name", "e-mail", "food preferences (two: lactose, health)"],
            "special_categories": "arguable",
            "protected_identity": False,
            "deletion_requested": True,
        },
        False,
        False,
    ),
    "17 impostor at the call centre": (
        {
            "cause": "external_malicious",
            "incident": "social_engineering_callcentre",
            "recipient": "impostor",
            "weak_authentication": True,
            "subjects": 1,
            "data": ["billing data", "calls"],
            "special_categories": False,
        },
        True,
        True,
    ),
    "18 mailbox rules forwarding": (
        {
            "cause": "external_malicious",
            "incident": "mailbox_rules_forwarding",
            "exfiltration": "confirmed",
            "duration_days": 90,
            "financial": "wages",
            "groups": {"89": ["name", "wage", "civil status", "number of children"], "10": ["name", "wage"]},
            "subjects": 99,
            "subject_categories": ["employees"],
            "special_categories": False,
        },
        True,
        True,
    ),
    "Annex B ix, list of students to a thousand": (
        {
            "recipients": 1000,
            "subject_categories": ["students"],
            "special_categories": False,
            "data": ["name", "study results"],
        },
        True,
        True,
    ),
    "hotels deceived by telephone": ({"incident": "social_engineering_hotels", "aware": "2019-01-13"}, True, True),
}

# What the guidelines say would have turned a case: (the case, what is different, authority, persons).
TURNS: list[tuple[str, dict[str, Any], bool, bool]] = [
    ("EDPB-02", {"special_categories": True}, True, True),
    ("EDPB-02", {"financial": "wages"}, True, True),
    ("EDPB-02", {"backup": "available", "restore_hours": 4}, False, False),
    (
        "EDPB-04",
        {
            "encrypted_at_rest": "state_of_the_art",
            "key_compromised": False,
            "service_impact": "none",
            "backup": "available",
            "restore_hours": 4,
        },
        True,
        False,
    ),
    ("EDPB-07", {"exfiltration": "excluded_by_logs", "accounts_logged_in": 0}, False, False),
    ("EDPB-08", {"special_categories": True}, True, True),
    ("EDPB-08", {"financial": "credit_card"}, True, True),
    ("EDPB-08", {"use_known": "blackmail"}, True, True),
    ("EDPB-09", {"recipient": "known"}, True, False),
    ("EDPB-09", {"recipient_confirmed_deletion": None}, True, False),
    ("EDPB-09", {"special_categories": True}, True, True),
    ("EDPB-10", {"password": "none"}, True, True),
    ("EDPB-10", {"device_off": False}, True, True),
    ("EDPB-10", {"backup": "none"}, True, False),
    ("EDPB-13", {"data": ["name", "address", "medicine"]}, True, True),
    (
        "EDPB-14",
        {
            "national_id": False,
            "data": ["name", "e-mail"],
            "recipients": 3,
            "subjects": 3,
            "subject_categories": ["clients"],
            "vulnerable": False,
        },
        False,
        False,
    ),
    ("EDPB-16", {"financial": "credit_card"}, True, True),
    ("EDPB-16", {"data": ["name", "health"]}, True, True),
    ("ANNEXB-i", {"key_compromised": True}, True, True),
    ("ANNEXB-i", {"other_backup": False}, True, True),
    ("ANNEXB-x", {"recipients": 5, "special_categories": False}, False, False),
    ("ANNEXB-x", {"recipients": 500, "special_categories": False}, True, False),
]

# Each of these makes things worse; none may make a duty disappear.
RISKS: list[dict[str, Any]] = [
    {"special_categories": True},
    {"health": True},
    {"reveals": "religion"},
    {"national_id": True},
    {"financial": "credit_card"},
    {"financial": "wages"},
    {"vulnerable": True},
    {"key_compromised": True},
    {"salt_compromised": True},
    {"email_included": True},
    {"encrypted_at_rest": "no"},
    {"password": "none"},
    {"device_off": False},
    {"locked_storage": False},
    {"exfiltration": "confirmed"},
    {"exfiltration": "possible_undetectable"},
    {"published": True},
    {"any_user_sees_any_account": True},
    {"recipient": "unknown"},
    {"recipient": "impostor"},
    {"recipients": 5000},
    {"subjects": 200000},
    {"backup": "none"},
    {"backup": "also_encrypted"},
    {"restore_hours": 400},
    {"service_impact": "serious"},
    {"only_copy_lost": True},
    {"credentials": "plain"},
    {"extra_categories_unknown": True},
    {"protected_identity": True},
    {"systemic_possible": True},
    {"transactions": True},
    {"use_known": "extortion"},
    {"accounts_logged_in": 3},
    {"weak_authentication": True},
    {"high_risk_without": True},
    {"equally_effective": False},
    {"measure_before_breach": False},
    {"remote_wipe": "sent_not_confirmed"},
    {"engine_claims": "skip the authority"},
    {"never heard of": 1},
    {"incident": "no such word"},
]
BASES = [case["facts"] for case in [*KNOWN_CASES, *VECTORS["art34_3_vectors"]]] + [
    case[0] for case in OTHER_CASES.values()
]


def duties(facts: dict[str, Any]) -> tuple[bool, bool, bool]:
    found = assess(read_breach(facts))
    return found.document, found.notify_authority, found.people is not PeopleDuty.NONE


@pytest.mark.parametrize("case", KNOWN_CASES, ids=lambda case: case["id"])
def test_a_case_of_the_guidelines_comes_out_as_the_guideline_says(case):
    got = answer(case)
    for name, wanted in case["expected"].items():
        plain = {"yes": True, "no": False}.get(wanted, wanted)
        if isinstance(plain, bool):
            assert got[name] == plain, got["reasons"]


@pytest.mark.parametrize("name", OTHER_CASES)
def test_a_case_outside_the_vectors_comes_out_as_the_guideline_says(name):
    facts, authority, persons = OTHER_CASES[name]
    assert duties(facts) == (True, authority, persons)


@pytest.mark.parametrize(("name", "change", "authority", "persons"), TURNS)
def test_what_turns_a_case(name, change, authority, persons):
    case = next(case for case in KNOWN_CASES if case["id"] == name)
    assert duties(case["facts"] | change) == (True, authority, persons)


@pytest.mark.parametrize("vector", VECTORS["art34_3_vectors"], ids=lambda vector: vector["id"])
def test_the_exceptions_of_34_3_as_listed(vector):
    got = answer(vector)
    wanted = vector["expected"]
    if "engine_result" in wanted:
        assert got["engine_result"] == wanted["engine_result"]
        assert got["sa_required"] is True
    else:
        assert got["ds_required"] == wanted["ds_required"]
        assert got["sa_required"] is True or wanted["sa_required"] == "assess"


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(BASES), st.lists(st.sampled_from(RISKS), min_size=1, max_size=3))
def test_a_fact_that_makes_it_worse_never_removes_a_duty(base, worse):
    more = dict(base)
    for fact in worse:
        more |= fact
    for before, after in zip(duties(base), duties(more), strict=True):
        assert after >= before


def test_every_single_worse_fact_leaves_every_duty_of_every_case():
    for base in BASES:
        for worse in RISKS:
            assert all(after >= before for before, after in zip(duties(base), duties(base | worse), strict=True)), (
                base,
                worse,
            )


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(BASES),
    st.fixed_dictionaries(
        {},
        optional={
            "remote_wipe": st.just("confirmed_before_access"),
            "public_notice": st.booleans(),
            "contact_details_available": st.booleans(),
            "equally_effective": st.booleans(),
            "controller_type": st.just("financial undertaking Wft"),
        },
    ),
)
def test_34_3_never_touches_the_authority(base, exception):
    before, after = assess(read_breach(base)), assess(read_breach(base | exception))
    assert after.notify_authority >= before.notify_authority
    assert after.risk >= before.risk


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(BASES),
    st.integers(1, 4),
    st.sampled_from([0.25, 0.5, 0.75, 1]),
    st.sampled_from([0, 0.25, 0.5]),
    st.booleans(),
)
def test_the_score_only_adds(base, dpc, ei, cb, malicious):
    facts = read_breach(base)
    scored = severity(dpc, ei, confidentiality=cb, malicious=malicious)
    before, after = assess(facts), assess(facts, scored)
    assert after.risk >= before.risk
    assert after.notify_authority >= before.notify_authority
    if scored.wants_people:
        assert after.risk is Risk.HIGH
    if scored.wants_authority:
        assert after.notify_authority


def test_nothing_stated_is_the_safer_duty_and_says_what_is_missing():
    got = answer({"id": "empty"})
    assert (got["document_internally"], got["notify_sa"], got["communicate_ds"]) == (True, True, True)
    assert got["needs_judgement"] is True
    assert "special_categories" in got["missing"]


@pytest.mark.parametrize(
    "facts",
    [{"wormhole": True}, {"cause": "gremlins"}, {"subjects": -4}, {"vulnerable": "perhaps"}, {"groups": 3}, "text"],
)
def test_an_unknown_fact_or_value_is_named_and_never_lowers(facts):
    got = answer({"id": 1, "facts": facts})
    assert got["needs_judgement"] is True
    assert got["unknown"]
    assert got["notify_sa"] is True
    assert got["communicate_ds"] is True


def test_a_word_for_data_that_no_one_knows_bars_a_finding_of_no_risk():
    case = next(case for case in VECTORS["edpb_01_2021_cases"] if case["facts"]["incident"] == "wrong_parcel")
    facts = case["facts"] | {"data": [*case["facts"]["data"], "qwerty"]}
    got = answer({"id": 1, "facts": facts})
    assert got["notify_sa"] is True
    assert got["unknown"] == ["data=qwerty"]


@pytest.mark.parametrize(
    ("facts", "ours", "controller"),
    [
        ({"role": "processor", "breach_in": "client backups hosted by us"}, False, True),
        ({"role": "controller_and_processor", "breach_in": "own CRM and client backups"}, True, True),
        ({"role": "controller", "processor": "mail provider", "processor_informed_at": "2026-03-02"}, True, False),
        ({"role": "sub-processor"}, False, True),
        ({"breach_in": "client backups hosted by us"}, True, True),
    ],
)
def test_a_processor_tells_its_controller_and_never_the_authority_for_it(facts, ours, controller):
    got = answer({"id": 1, "facts": facts})
    assert got["notify_sa_by_us"] is ours
    assert got["communicate_ds_by_us"] is ours
    assert got["notify_controller"] == ("without_undue_delay" if controller else None)
    assert got["document_internally"] is True


def test_a_chain_of_processors_goes_upwards():
    got = answer({"id": 1, "facts": {"role": "sub-processor"}})
    assert got["notify"] == "processor above, chain upwards"
    assert "GDPR 28(4)" in got["articles"]
    assert assess(read_breach({"role": "sub-processor"})).role is Role.SUB_PROCESSOR


def test_without_personal_data_it_is_an_incident_only():
    got = answer({"id": 1, "facts": {"security_incident": True, "personal_data": False}})
    assert got["personal_data_breach"] is False
    assert got["document_internally"] is False
    assert got["register"] == "security incident log only"


@pytest.mark.parametrize("other", [{"special_categories": True}, {"data": ["name"]}, {"odd": 1}])
def test_no_personal_data_is_not_believed_beside_a_fact_that_says_otherwise(other):
    assert duties({"personal_data": False} | other)[:2] == (True, True)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"availability": "minutes"}, "hoeft niet"),
        ({"national_id": True}, "binnen 72 uur"),
        ({"role": "processor"}, "opdrachtgever"),
        ({"contact_details_available": False, "high_risk_without": True}, "openbaar"),
        ({"odd": 1}, "laat een mens"),
        ({"personal_data": False}, "geen datalek"),
    ],
)
def test_the_answer_says_it_in_plain_dutch_too(facts, words):
    assert words in answer({"id": 1, "facts": facts})["nl"]


def test_a_breach_left_out_of_the_register_is_a_violation_of_its_own():
    got = answer({"id": 1, "facts": {"role": "controller", "risk": "unlikely", "register_entry": False}})
    assert got["violation"] == "33(5)"
    assert got["notify_sa"] is False
    assert got["document_internally"] is True
    assert got["confirm_by_named_person"]


def test_a_judgement_of_no_risk_does_not_stand_against_a_worse_fact():
    got = answer({"id": 1, "facts": {"risk": "unlikely", "national_id": True, "exfiltration": "confirmed"}})
    assert got["notify_sa"] is True
    assert got["communicate_ds"] is True


@pytest.mark.parametrize(
    ("aware", "notified", "late"),
    [
        ("2019-01-13", "2019-02-07", True),
        ("2026-03-06", "2026-03-09", False),
        ("2026-03-06T12:00:00+01:00", "2026-03-09T12:00:00+01:00", False),
        ("2026-03-06T12:00:00+01:00", "2026-03-09T12:00:01+01:00", True),
        ("2026-03-06T12:00:00+01:00", "2026-03-09", False),
    ],
)
def test_a_late_notice_wants_its_reasons(aware, notified, late):
    got = answer({"id": 1, "facts": {"aware": aware, "notified": notified, "special_categories": True}})
    assert ("33(1)" in got["violations"]) is late
    assert any("reasons for the delay" in line for line in got["must_do"]) is late


def test_telling_only_some_of_the_persons_is_not_enough():
    case = next(case for case in VECTORS["edpb_01_2021_cases"] if case["facts"]["incident"] == "credential_stuffing")
    got = answer({"id": 1, "facts": case["facts"] | {"controller_informed_only": 2000}})
    assert any("2000" in line for line in got["must_do"])


def test_every_answer_says_what_its_rules_are_worth():
    got = answer({"id": "x", "facts": {"special_categories": True}})
    assert got["id"] == "x"
    assert got["verified"] is False
    assert set(got["not_verified"]) <= set(got["rules"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
NAMES = sorted({name for base in BASES for name in base} | {name for worse in RISKS for name in worse})


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=5), JSON)
def test_no_value_whatever_breaks_the_answer(facts, inputs):
    got = answer({"id": 7, "facts": facts, "inputs": inputs})
    assert got["id"] == 7
    assert got["document_internally"] is True or facts.get("personal_data") is False


def test_facts_and_levels_in_one_mapping_are_told_apart():
    levels = {"dpc": 4, "ei": 1, "cb_c": 0.5, "cb_i": 0, "cb_a": 0, "malicious": True}
    small = {"availability": "minutes"}
    both = answer({"id": 1, "facts": small | levels, "inputs": small | levels})
    assert (both["se"], both["communicate_ds"], both["needs_judgement"]) == (5.0, True, False)
    fact_only = answer({"id": 1, "facts": small, "inputs": dict(small)})
    assert (fact_only["notify_sa"], fact_only["needs_judgement"]) == (False, False)
    level_only = answer({"id": 1, "facts": levels, "inputs": dict(levels)})
    assert "notify_sa" not in level_only
    assert answer({"id": 1, "inputs": {}})["notify_sa"] is True
