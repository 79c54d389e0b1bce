"""A second reader's cases: written from the texts of law and guidelines before the program was asked, then argued out.

Each stands in ``tests/law/lawyer`` in the shape of the vectors; ``why`` says what the answer rests on, and where the program
was right and the reader was not, why that is so. The comparison is that of ``scripts/law_check.py``.
"""

import importlib.util
import json
from pathlib import Path

import pytest

from gestand.law import (
    breach_questions,
    disclosure_questions,
    marketing_questions,
    retention_questions,
    term_questions,
)

HERE = Path(__file__).parent
_found = importlib.util.spec_from_file_location("law_check", HERE.parents[1] / "scripts" / "law_check.py")
law_check = importlib.util.module_from_spec(_found)
_found.loader.exec_module(law_check)

ANSWERING = {
    "term": term_questions.answer,
    "retention": retention_questions.answer,
    "breach": breach_questions.answer,
    "marketing": marketing_questions.answer,
    "disclosure": disclosure_questions.answer,
}


CASES = [
    pytest.param(topic, group, vector, expected, id=vector["id"])
    for path in sorted((HERE / "lawyer").glob("*.json"))
    for topic, group, vector, expected in law_check.questions(json.loads(path.read_text("utf-8")))
]


@pytest.mark.parametrize(("topic", "group", "vector", "expected"), CASES)
def test_the_program_and_the_second_reader_agree(topic, group, vector, expected):
    question = {k: v for k, v in vector.items() if k not in law_check.EXPECTATIONS | law_check.PROSE}
    answer = ANSWERING[topic](question | {"group": group})
    compared = {
        key: value
        for key, value in expected.items()
        if key in law_check.COMPARED[topic] and law_check.comparable(key, value)
    }
    wrong = {k: (v, answer.get(k)) for k, v in compared.items() if not law_check.same(v, answer.get(k))}
    assert not wrong, vector.get("why")
    assert answer["id"] == vector["id"]


def test_no_answer_hangs_on_the_name_of_a_case():
    for topic, _, vector, _ in (case.values for case in CASES):
        question = {k: v for k, v in vector.items() if k not in law_check.EXPECTATIONS | law_check.PROSE}
        named, nameless = ANSWERING[topic](question), ANSWERING[topic](question | {"id": "another", "group": "another"})
        assert {**named, "id": ""} == {**nameless, "id": ""}
