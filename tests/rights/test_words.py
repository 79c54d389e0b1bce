"""Words of letters: where a datum came from says something to the person it is about."""

from __future__ import annotations

from gestand.rights.words import source


def test_an_import_without_a_name_is_told_in_words_and_a_named_one_by_its_name() -> None:
    assert source("import imp_x42jbjn6eh6t4bu5").nl == "een lijst die wij invoerden"
    assert source("import imp_x42jbjn6eh6t4bu5").en == "a list that we imported"
    assert source("address list of 2018").nl == "address list of 2018"
    assert source("").en == "unknown"
