"""A name, however it is written, comes apart into the same parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.reading.names import PersonName, read_name
from gestand.reading.sound import fold, one_letter_off, skeleton, sound

words = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzéëüïöçñß'-. ,/"), max_size=40)


@pytest.mark.parametrize(
    "written",
    [
        "J.P. van der Berg",
        "JP van der Berg",
        "J.P.van der Berg",
        "J. P. v.d. Berg",
        "jp vd berg",
        "Berg, J.P. van der",
        "J.P. v/d Berg",
        "dhr. J.P. van der Berg",
        "Berg J.P.",
    ],
)
def test_initials_and_tussenvoegsels_are_read_however_they_are_written(written: str) -> None:
    assert read_name(written) == PersonName("", "jp", ("berg",))


@pytest.mark.parametrize(
    ("written", "families"),
    [
        ("Anna de Vries-Jansen", ("vries", "jansen", "vriesjansen")),
        ("Anna de Vries - Jansen", ("vries", "jansen", "vriesjansen")),
        ("Anna Jansen e/v De Vries", ("jansen", "vries")),
        ("Anna Jansen e.v. de Vries", ("jansen", "vries")),
        ("Anna de Vries, geb. Jansen", ("vries", "jansen")),
        ("Anna de Vries geboren Jansen", ("vries", "jansen")),
        ("Anna van Dijk-de Jong", ("dijk", "jong", "dijkjong")),
    ],
)
def test_both_names_of_someone_married_are_read(written: str, families: tuple[str, ...]) -> None:
    assert read_name(written) == PersonName("anna", "a", families)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("'t Hooft", PersonName("", "", ("hooft",))),
        ("Gerard ’t Hooft", PersonName("gerard", "g", ("hooft",))),
        ("mw. drs. A. in 't Veld", PersonName("", "a", ("veld",))),
        ("Jan-Pieter Müller", PersonName("jan", "jp", ("muller",))),
        ("Th. de Jong", PersonName("", "t", ("jong",))),
        ("IJ. de Boer", PersonName("", "y", ("boer",))),
        ("V.D. Jansen", PersonName("", "vd", ("jansen",))),
        ("v.d. berg", PersonName("", "", ("berg",))),
        ("M. d'Hondt", PersonName("", "m", ("hondt",))),
        ("JAN JANSEN", PersonName("jan", "j", ("jansen",))),
        ("Jansen", PersonName("", "", ("jansen",))),
        ("12", PersonName("", "", ())),
        ("", PersonName("", "", ())),
    ],
)
def test_names_as_the_dutch_write_them(written: str, read: PersonName) -> None:
    assert read_name(written) == read


@pytest.mark.parametrize(
    "alike",
    [
        ("Meijer", "Meyer", "Meier", "MEIJER"), ("Jansen", "Janssen", "Janse"), ("Dijk", "Dyk"), ("Smit", "Smid", "Smidt", "Schmidt"),
        ("Bosch", "Bos"), ("Cornelissen", "Kornelissen"), ("Claes", "Klaas"), ("Bouwman", "Bauman", "Bouman"), ("Huijsman", "Huysman", "Huisman"),
        ("Ligthart", "Lichthart"), ("Catharina", "Katharina"), ("Brandt", "Brand", "Brant"), ("Philips", "Filips"), ("Vermeer", "Fermeer"),
        ("Zijlstra", "Sijlstra", "Zeilstra"), ("Sannie", "Sanny"), ("Quist", "Kwist"),
    ],
)  # fmt: skip
def test_what_sounds_alike_has_one_sound(alike: tuple[str, ...]) -> None:
    assert len({sound(fold(name)) for name in alike}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Jansen", "Hansen"), ("Bakker", "Dekker"), ("Mulder", "Smulders"), ("Vos", "Bos")]
)
def test_what_sounds_otherwise_has_another(one: str, other: str) -> None:
    assert sound(fold(one)) != sound(fold(other))


@pytest.mark.parametrize("slip", ["Vreis", "Vires", "Veries", "Vrieas"])
def test_bones_bear_a_slip_in_the_vowels_and_two_letters_in_the_wrong_order(slip: str) -> None:
    assert skeleton(sound(fold(slip))) == skeleton(sound(fold("Vries")))


@pytest.mark.parametrize("slip", ["Jasen", "Jantsen", "Jamsen"])
def test_a_consonant_too_few_too_many_or_another_is_one_letter_off(slip: str) -> None:
    assert skeleton(sound(fold(slip))) in one_letter_off(skeleton(sound("jansen")))


@given(words)
def test_any_text_is_read_and_its_case_does_not_matter(text: str) -> None:
    name = read_name(text)
    assert all(part == fold(part) and part for part in name.families)
    assert fold(name.given) == name.given
    assert name.initials == fold(name.initials)
    for family in name.families:
        assert sound(family) == sound(fold(family.upper()))


@given(st.text("abcdefghijklmnoprstuvwyz", min_size=1, max_size=12))
def test_one_letter_off_goes_both_ways(word: str) -> None:
    bones = skeleton(sound(word))
    assert bones not in one_letter_off(bones)
    for off in one_letter_off(bones):
        assert bones in one_letter_off(off) or len(bones.strip("@")) == 0 or not off.strip("@")
