"""How a letter begins: with the name that is surely there, and with no guess at whether somebody is a man or a woman."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.post.salutation import closing, opening

NEUTRAL = "Geachte heer of mevrouw,"


@pytest.mark.parametrize(
    ("name", "nl", "en"),
    [
        ("Anna de Vries", "Geachte heer of mevrouw De Vries,", "Dear Anna de Vries,"),
        ("A. de Vries", "Geachte heer of mevrouw De Vries,", "Dear A. de Vries,"),
        ("Vries, Anna de", "Geachte heer of mevrouw De Vries,", "Dear Anna de Vries,"),
        ("J.P. Jansen", "Geachte heer of mevrouw Jansen,", "Dear J.P. Jansen,"),
        ("Bram Jansen-Bakker", "Geachte heer of mevrouw Jansen-Bakker,", "Dear Bram Jansen-Bakker,"),
        ("Willem van 't Hof", "Geachte heer of mevrouw Van 't Hof,", "Dear Willem van 't Hof,"),
        ("Mevr. A. de Vries", "Geachte mevrouw De Vries,", "Dear A. de Vries,"),
        ("de heer dr. B. Jansen", "Geachte heer Jansen,", "Dear B. Jansen,"),
        ("María García López", "Geachte heer of mevrouw María García López,", "Dear María García López,"),
        ("Anna", NEUTRAL, "Dear Sir or Madam,"),
        ("", NEUTRAL, "Dear Sir or Madam,"),
        ("Bakkerij De Vries B.V.", NEUTRAL, "Dear Sir or Madam,"),
        ("Jansen & Zonen", NEUTRAL, "Dear Sir or Madam,"),
        ("Stichting Het Plein", NEUTRAL, "Dear Sir or Madam,"),
        ("Piet de Heer", "Geachte heer of mevrouw De Heer,", "Dear Piet de Heer,"),
        ("Heer, P. de", "Geachte heer of mevrouw De Heer,", "Dear P. de Heer,"),
        ("Vries, mevr. A. de", "Geachte mevrouw De Vries,", "Dear A. de Vries,"),
        ("De heer Jansen", "Geachte heer Jansen,", "Dear Sir or Madam,"),
        ("mevrouw de Vries", "Geachte mevrouw De Vries,", "Dear de Vries,"),
        ("A. Jansen MSc", "Geachte heer of mevrouw Jansen,", "Dear A. Jansen,"),
        ("Anna Maria Ba", "Geachte heer of mevrouw Anna Maria Ba,", "Dear Anna Maria Ba,"),
        ("Anna Jansen - de Boer", "Geachte heer of mevrouw Anna Jansen - de Boer,", "Dear Anna Jansen - de Boer,"),
        ("Jansen A.", NEUTRAL, "Dear Sir or Madam,"),
        ("Anna de Vries en Bram Jansen", NEUTRAL, "Dear Sir or Madam,"),
        ("klant 1042", NEUTRAL, "Dear Sir or Madam,"),
    ],
)
def test_a_name_is_used_where_it_is_sure_and_else_nobody_is_named(name: str, nl: str, en: str) -> None:
    assert (opening(name, "nl"), opening(name, "en")) == (nl, en)


@given(st.text(max_size=60))
def test_whatever_stands_for_a_name_it_is_one_line_that_ends_with_a_comma(name: str) -> None:
    for language in ("nl", "en"):
        said = opening(name, language)
        assert said.endswith(",")
        assert said.splitlines() == [said]


def test_a_letter_ends_with_who_sent_it() -> None:
    assert closing("Koper", "nl") == "Met vriendelijke groet,\n\nKoper"
