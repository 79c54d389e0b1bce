"""The doors for questions, against the published vectors and against whatever else a line can hold."""

import importlib.util
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.law import retention_questions, term_questions
from gestand.law.retention_kinds import KINDS, KNOWN_FACTS

ROOT = Path(__file__).parents[2]
VECTORS = Path(__file__).parent / "vectors"
ANSWERING = {"term": term_questions.answer, "retention": retention_questions.answer}


def checker():
    spec = importlib.util.spec_from_file_location("law_check", ROOT / "scripts/law_check.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CHECK = checker()


def vectors():
    for name in ("deadlines", "retention"):
        document = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
        for topic, _, vector, expected in CHECK.questions(document):
            yield pytest.param(topic, vector, expected, id=vector["id"])


@pytest.mark.parametrize(("topic", "vector", "expected"), list(vectors()))
def test_the_answer_is_the_published_one(topic, vector, expected):
    question = {key: value for key, value in vector.items() if key not in CHECK.EXPECTATIONS | CHECK.PROSE}
    answer = ANSWERING[topic](question)
    for key in CHECK.COMPARED[topic]:
        if key in expected and CHECK.comparable(key, expected[key]):
            assert CHECK.same(expected[key], answer[key]), key
        elif expected.get(key) is None and key.endswith("_deadline") and topic == "term":
            assert answer[key] is None, key


def section(name):
    text = (VECTORS / "VOCABULARY.md").read_text(encoding="utf-8")
    return text.partition(f"## {name}")[2].partition("\n## ")[0]


def test_every_kind_and_fact_of_the_vocabulary_is_known():
    rows = re.findall(r"^- `(\w+)`: (.*)$", section("retention"), re.MULTILINE)
    assert rows
    for kind, facts in rows:
        for fact in re.findall(r"`(\w+)` \(", facts):
            assert fact in {*KINDS[kind].facts, "hold_from", "hold_reason"} | KNOWN_FACTS
            answer = retention_questions.answer({"record_kind": kind, "on": "2026-11-22", "facts": {fact: None}})
            assert not any("not known" in lack for lack in answer["missing"])
            assert not answer.get("flags"), (kind, fact)


def test_every_event_and_fact_of_the_vocabulary_is_known():
    rows = re.findall(r"^- `(\w+)`: (.*)$", section("term"), re.MULTILINE)
    assert rows
    for event, facts in rows:
        assert event in term_questions.EVENTS
        assert set(re.findall(r"`(\w+)` \(", facts)) <= term_questions.FACTS


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
    | st.sampled_from(["2025-03-05", "2025-03-05T10:00:00+01:00", "2024-02-29", "9999-12-31", "0001-01-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(
    st.sampled_from(sorted(term_questions.EVENTS)) | ANYTHING,
    ANYTHING,
    st.dictionaries(st.sampled_from(sorted(term_questions.FACTS)), ANYTHING, max_size=4) | ANYTHING,
)
@settings(max_examples=300)
def test_a_question_on_a_term_is_answered_whatever_it_holds(event, start, inputs):
    answer = term_questions.answer({"id": "x", "event": event, "start": start, "inputs": inputs})
    json.dumps(answer)
    assert answer["id"] == "x"
    assert answer["needs_judgement"] == bool(answer["missing"])


@given(
    st.sampled_from(sorted(KINDS)) | ANYTHING,
    ANYTHING | st.just("2026-11-22"),
    st.dictionaries(st.sampled_from(sorted(KNOWN_FACTS)), ANYTHING, max_size=5) | ANYTHING,
    st.sampled_from(sorted(retention_questions.TRIGGERS)) | ANYTHING,
)
@settings(max_examples=300)
def test_a_question_on_retention_is_answered_whatever_it_holds(kind, on, facts, trigger):
    answer = retention_questions.answer({"id": "x", "record_kind": kind, "on": on, "facts": facts, "trigger": trigger})
    json.dumps(answer)
    assert answer["needs_judgement"] == bool(answer["missing"]) == (answer["decision"] is None)


def test_a_start_that_cannot_be_read_is_said_even_where_another_fact_sets_the_beginning():
    question = {"id": 1, "event": "art17_request_received_by_post", "inputs": {"delivered": "2025-03-05"}}
    assert term_questions.answer(question)["expected_deadline"] == "2025-04-07T23:59:59+02:00"
    for start in ([], "soon", "0001-01-01T00:00:00+14:00"):
        answer = term_questions.answer(question | {"start": start})
        assert answer["needs_judgement"]
        assert answer["missing"][0].startswith("start: ")


def test_what_is_not_known_is_left_to_a_person_and_said():
    unknown = term_questions.answer({"id": 1, "event": "full_moon", "start": "2025-03-05"})
    assert unknown["needs_judgement"]
    assert unknown["expected_deadline"] is None
    strange = term_questions.answer(
        {"id": 1, "event": "breach_aware", "start": "2025-03-05T10:00:00Z", "inputs": {"colour": "red"}}
    )
    assert strange["expected_deadline"] is None
    assert strange["without_what_is_unknown"]["expected_deadline"] == "2025-03-08T11:00:00+01:00"
    record = retention_questions.answer(
        {"record_kind": "sales_invoice", "on": "2026-11-22", "facts": {"invoice_date": "2022-06-15", "colour": "red"}}
    )
    assert record["decision"] is None
    assert record["without_what_is_unknown"]["until"] == "2029-12-31"


def term(event, start, **inputs):
    return term_questions.answer({"id": 1, "event": event, "start": start, "inputs": inputs})


def test_receipt_is_the_first_arrival_and_never_the_reading_or_the_posting():
    start = "2025-06-24T09:00:00+02:00"
    assert term("art15_request_received", start, arrived="2025-06-10T08:12:00+02:00")["unrolled_date"] == "2025-07-10"
    assert term("art15_request_received", start, first_read="2025-06-10")["unrolled_date"] == "2025-07-24"
    by_post = term("art17_request_received_by_post", "2025-06-05", posted="2025-06-05", delivered="2025-06-07")
    assert by_post["unrolled_date"] == "2025-07-07"


def test_an_identity_never_confirmed_leaves_the_month_for_the_refusal():
    asked = {"asked_at": "2025-06-12", "asked_without_undue_delay": True, "question_necessary": True}
    assert term("identity_never_confirmed", "2025-06-10", answered_at=None, **asked)["unrolled_date"] == "2025-07-10"


def test_facts_that_are_lacking_are_named():
    assert term("identity_or_scope_clarification", "2025-06-10")["missing"] == ["asked_at: when the question was put"]
    undecided = term("identity_or_scope_clarification", "2025-06-10", asked_at="2025-06-11", answered_at="2025-06-12")
    assert len(undecided["missing"]) == 2
    assert undecided["conservative_deadline"] == "2025-07-10T23:59:59+02:00"
    assert term("extended_request", "2025-06-10")["expected_deadline"] is None
    assert term("late_notification", "2025-06-10T10:00:00Z")["needs_judgement"]
    assert term("breach_aware", "2025-06-10")["missing"][0].startswith("start: the time of day")
    assert term("breach_aware", "2018-05-20T10:00:00Z")["needs_judgement"]
    assert term("config_digital_omnibus", "2026-11-22T12:00:00Z", law_profile="OMNIBUS")["expected_deadline"] is None
    assert term("processor_notifies_controller", "2026-11-22T12:00:00Z", contract_hours="24")["needs_judgement"]


def test_no_rule_looks_at_which_question_or_whose_it_is():
    ids = {vector["id"] for name in ("deadlines", "retention", "breach", "rights")
           for group in json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8")).values() if isinstance(group, list)
           for vector in group if isinstance(vector, dict) and "id" in vector}  # fmt: skip
    assert len(ids) > 100
    named = re.compile(rf"[\"'](?:{'|'.join(map(re.escape, sorted(ids)))})[\"']|koper", re.IGNORECASE)
    for path in sorted((ROOT / "src/gestand/law").glob("*.py")):
        found = named.search(path.read_text(encoding="utf-8"))
        assert found is None, f"{path.name}: {found}"


def test_facts_beside_the_question_are_read_too():
    beside = {
        "event": "extended_request",
        "start": "2025-06-10",
        "extension_notice_sent": "2025-07-01",
        "extension_valid": True,
    }
    assert term_questions.answer(beside)["unrolled_date"] == "2025-09-10"
    record = {"record_kind": "sales_invoice", "on": "2026-11-22", "invoice_date": "2022-06-15"}
    assert retention_questions.answer(record)["until"] == "2029-12-31"
