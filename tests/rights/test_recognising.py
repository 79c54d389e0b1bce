"""What a mail asks, on labelled mails: precision and recall as stated; a machine proposes, and does nothing else."""

from __future__ import annotations

import time
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.rights.cues import Asked
from gestand.rights.recognising import LONGEST, recognise

MAILS: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "mails.toml").read_text("utf-8"))["mail"]
HELD = [mail for mail in MAILS if mail.get("held")]


def said(mail: dict[str, Any]) -> str:
    found = recognise(mail.get("subject", ""), mail["body"])
    return str(found.asked) if found else ""


def figures(mails: list[dict[str, Any]]) -> tuple[float, float]:
    """Return precision and recall over everything but plain questions and nothing."""
    counted: Counter[str] = Counter()
    plain = {"", str(Asked.QUESTION)}
    for mail in mails:
        right, got = mail["asks"], said(mail)
        counted["found"] += got not in plain
        counted["there"] += right not in plain
        counted["right"] += got == right and right not in plain
    return counted["right"] / counted["found"], counted["right"] / counted["there"]


def test_there_are_enough_mails_of_every_kind() -> None:
    kinds = Counter(mail["asks"] for mail in MAILS)
    assert len(MAILS) >= 60
    assert len(HELD) >= 20
    assert min(kinds[str(asked)] for asked in Asked) >= 5


@pytest.mark.parametrize("mails", [MAILS, HELD], ids=["all", "held"])
def test_precision_and_recall_are_at_least_what_is_stated(mails: list[dict[str, Any]]) -> None:
    precision, recall = figures(mails)
    assert precision >= 0.95
    assert recall >= 0.95


def test_hardly_any_of_these_mails_says_the_word() -> None:
    asking = [mail for mail in MAILS if mail["asks"] not in {"", "question", "complaint"}]
    assert sum("persoonsgegevens" in mail["body"].lower() for mail in asking) == 0


def test_what_is_quoted_of_an_earlier_mail_is_not_asked_again() -> None:
    body = "Bedankt, tot morgen.\n\n> Verwijder alstublieft mijn gegevens.\n> Groet, Anna"
    assert recognise("Re: gegevens", body) is None
    assert recognise("", "Dank u.\n\n----- Oorspronkelijk bericht -----\nVerwijder mijn gegevens") is None


def test_a_complaint_with_a_right_in_it_is_the_right_with_its_term() -> None:
    found = recognise("Klacht", "Ik ben ontevreden. Verwijder mijn gegevens.")
    assert found is not None
    assert found.asked is Asked.ERASURE
    assert Asked.COMPLAINT in found.also
    assert found.cues


def test_two_rights_at_once_are_both_named_and_less_sure() -> None:
    one = recognise("", "Welke gegevens heeft u van mij?")
    both = recognise("", "Welke gegevens heeft u van mij? Verwijder daarna mijn gegevens.")
    assert one is not None
    assert both is not None
    assert {both.asked, *both.also} >= {Asked.ACCESS, Asked.ERASURE}
    assert both.confidence < one.confidence


def test_a_line_break_in_a_sentence_hides_nothing() -> None:
    found = recognise("", "Welke gegevens\r\nheeft u\nvan mij?")
    assert found is not None
    assert found.asked is Asked.ACCESS


@given(st.text(max_size=400), st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_a_proposal_with_reasons_or_none(subject: str, body: str) -> None:
    found = recognise(subject, body)
    if found is not None:
        assert 0 < found.confidence <= 1
        assert found.cues
        assert found.asked not in found.also


@pytest.mark.parametrize(
    "piece", ["wat mijn gegevens van ", "verwijder ", "niet ", "mijn a ", "\n", "a" * 61 + " mijn "]
)
def test_a_long_hostile_mail_is_read_quickly(piece: str) -> None:
    begun = time.perf_counter()
    recognise("", piece * (2 * LONGEST // len(piece)))
    assert time.perf_counter() - begun < 5
