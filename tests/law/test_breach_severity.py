import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.law.breach_questions import answer
from gestand.law.breach_severity import CB_LEVELS, EI_LEVELS, Band, context, score, severity

VECTORS = json.loads((Path(__file__).parent / "vectors" / "breach.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS["enisa_vectors"], ids=lambda vector: vector["id"])
def test_the_score_of_a_worked_example(vector):
    got = answer(vector)
    assert got["se"] == pytest.approx(vector["expected"]["se"])
    assert got["band"] == vector["expected"]["band"]
    assert got["needs_judgement"] is False


@pytest.mark.parametrize("example", VECTORS["enisa_dpc_examples"], ids=lambda example: example["desc"])
def test_the_context_of_a_category(example):
    assert context(example["category"], example["adjust"]) == example["expected_dpc"]
    assert answer({"id": 1} | example)["dpc"] == example["expected_dpc"]


@given(
    st.integers(1, 4),
    st.sampled_from(EI_LEVELS),
    st.sampled_from(CB_LEVELS),
    st.sampled_from(CB_LEVELS),
    st.sampled_from(CB_LEVELS),
    st.booleans(),
)
def test_more_harm_never_scores_lower(dpc, ei, c, i, a, malicious):
    found = severity(dpc, ei, confidentiality=c, integrity=i, availability=a, malicious=malicious)
    assert found.score == dpc * ei + c + i + a + 0.5 * malicious  # all levels are exact in binary
    worse = severity(min(4, dpc + 1), 1, confidentiality=0.5, integrity=0.5, availability=0.5, malicious=True)
    assert worse.score >= found.score
    assert found.wants_authority >= found.wants_people


@pytest.mark.parametrize(
    ("dpc", "cb", "band"), [(1, 0.5, Band.LOW), (2, 0, Band.MEDIUM), (3, 0, Band.HIGH), (4, 0, Band.VERY_HIGH)]
)
def test_a_band_begins_on_its_edge(dpc, cb, band):
    assert severity(dpc, 1, confidentiality=cb).band is band


@pytest.mark.parametrize(
    "wrong",
    [
        {"dpc": "two"},
        {"ei": 0.6},
        {"cb_c": 0.3},
        {"cb_a": True},
        {"malicious": 1},
        {"surprise": 1},
        {"ei": float("nan")},
    ],
)
def test_a_level_that_does_not_exist_is_not_rounded(wrong):
    whole = {"dpc": 1, "ei": 1, "cb_c": 0, "cb_i": 0, "cb_a": 0, "malicious": False}
    found = score(whole | wrong)
    assert found.severity is None
    assert found.unknown
    assert answer({"id": 1, "inputs": whole | wrong})["needs_judgement"] is True


def test_what_is_missing_is_named():
    found = score({"dpc": 2, "ei": 1})
    assert found.severity is None
    assert found.missing == ("cb_c", "cb_i", "cb_a", "malicious")


def test_flags_draw_attention_and_change_no_number():
    plain = severity(1, 1)
    flagged = severity(1, 1, people=101, unintelligible=True)
    assert flagged.score == plain.score
    assert len(flagged.flags) == 2
    assert severity(1, 1, people=100).flags == ()


def test_a_score_beside_facts_is_their_floor():
    small = next(case for case in VECTORS["edpb_01_2021_cases"] if case["facts"]["incident"] == "wrong_parcel")
    bad = {"dpc": 4, "ei": 1, "cb_c": 0.5, "cb_i": 0, "cb_a": 0, "malicious": True}
    got = answer(small | {"inputs": bad})
    assert got["notify_sa"] is True
    assert got["communicate_ds"] is True
    assert got["band"] == "very_high"
    unread = answer(small | {"inputs": bad | {"ei": 3}})
    assert unread["needs_judgement"] is True
    assert unread["unknown"]


def test_a_context_that_cannot_be_read_is_not_guessed():
    assert answer({"id": 1, "category": "secret", "adjust": 0})["needs_judgement"] is True
    assert answer({"id": 1, "category": "simple", "adjust": "more"})["needs_judgement"] is True
