"""Every letter in both languages: complete, tagged, and nothing that a value says is an instruction."""

from __future__ import annotations

from datetime import date

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.kernel.errors import UsageError
from gestand.post.letters import parts_of, placeholders, spoken, templates, typeset, write_letter
from intake_house import koper

CONTROLLER = koper().policy.controller
TODAY = date(2026, 12, 7)
ALL = {
    "access", "erasure", "correction", "restriction", "objection", "portability", "extension", "refusal", "receipt",
    "breach", "order-refusal", "statement-change", "consent", "circumstance", "code", "receipt-question", "reply", "move", "ready",
}  # fmt: skip


def words(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(page.get_textpage().get_text_bounded() for page in document)


def written(name: str, language: str, **changed: str):
    values = {key: f"waarde van {key}" for key in placeholders(name, language)} | changed
    return write_letter(name, language, values, CONTROLLER, TODAY, ("Anna de Vries", "Lindelaan 14"))


def test_there_is_a_letter_for_every_occasion():
    assert set(templates()) == ALL


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", sorted(ALL))
def test_a_letter_says_all_it_was_given_and_is_accessible(name: str, language: str):
    letter = written(name, language)
    pdf = typeset(letter, CONTROLLER)
    assert b"pdfuaid" in pdf
    assert b"StructTreeRoot" in pdf
    said = " ".join(words(pdf).split())
    for key in placeholders(name, language):
        assert f"waarde van {key}" in said
    assert "Anna de Vries" in said
    assert spoken(TODAY, language) in said
    assert "{" not in said
    assert placeholders(name, "nl") == placeholders(name, "en")


def test_the_same_letter_is_the_same_file():
    assert typeset(written("receipt", "nl"), CONTROLLER) == typeset(written("receipt", "nl"), CONTROLLER)


@pytest.mark.parametrize(
    "value", ['#panic("x")', '#import "@preview/x:1.0.0"', "$x$ *b* _i_ `c` <label> @ref", "{rights}", "= kop"]
)
def test_a_value_is_never_an_instruction(value: str):
    letter = written("breach", "nl", happened=value)
    assert value.split(maxsplit=1)[0] in words(typeset(letter, CONTROLLER)).replace("\r\n", " ")


def test_a_missing_or_extra_value_is_refused_by_name():
    with pytest.raises(UsageError) as refused:
        write_letter("consent", "nl", {"on": "x", "colour": "y"}, CONTROLLER, TODAY)
    assert refused.value.code == "letter-values"
    for word in ("purpose", "text", "withdraw", "colour"):
        assert word in refused.value.message
    with pytest.raises(UsageError, match="no letters"):
        write_letter("consent", "fr", {}, CONTROLLER, TODAY)
    with pytest.raises(UsageError, match="no letter 'love'"):
        write_letter("love", "nl", {}, CONTROLLER, TODAY)


def test_the_text_of_rights_becomes_terms_and_paragraphs():
    body = "Uw gegevens\n\nnaam: Anna\n    waarvoor: dienst\n    gaat weg op: nog geen datum\n\nUw rechten\nU mag.\n"
    kinds = [part["kind"] for part in parts_of(body)]
    assert kinds == ["text", "text", "terms", "text"]
    assert parts_of(body)[2]["items"] == [["waarvoor", "dienst"], ["gaat weg op", "nog geen datum"]]


@given(st.text(max_size=300))
def test_no_text_stops_the_parser(body: str):
    for part in parts_of(body):
        assert part["kind"] in {"text", "heading", "list", "terms"}
