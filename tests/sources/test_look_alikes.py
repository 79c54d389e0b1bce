"""What looks alike is not the same: domains that differ in the DNS, telephone numbers of other countries. Nobody gets another's data."""

from __future__ import annotations

import pytest

from gestand.reading.normal import normal_form, spellings
from gestand.sources.knowing import Sought
from gestand.sources.mentions import Mentions
from gestand.sources.model import Known
from gestand.statement.policy import FieldKind

EMAIL, PHONE = FieldKind.EMAIL, FieldKind.PHONE


def sought(kind: FieldKind, value: str) -> Sought:
    return Sought({"one": (Known(kind, value),)})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anna@straße.de", "anna@strasse.de"),
        ("anna@café.example", "anna@cafe.example"),
        ("ａnna@example.nl", "anna@example.nl"),
        ("anna@exаmple.nl", "anna@example.nl"),  # a Cyrillic а
    ],
)
def test_addresses_that_look_alike_are_of_different_people(one: str, other: str):
    for held, asked in ((one, other), (other, one)):
        assert normal_form(EMAIL, held) != normal_form(EMAIL, asked)
        assert not sought(EMAIL, asked).having(EMAIL, held)
        assert not Mentions(sought(EMAIL, asked)).agreements(f"mail aan {held}, graag")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna@Straße.DE", "anna@xn--strae-oqa.de"),
        (" Anna@Example.NL", "anna@example.nl"),
        ("josé@example.nl", "jose\u0301@example.nl"),
    ],
)
def test_one_address_in_several_writings_is_one(one: str, other: str):
    assert normal_form(EMAIL, one) == normal_form(EMAIL, other)
    assert normal_form(EMAIL, normal_form(EMAIL, one)) == normal_form(EMAIL, one)
    for held, asked in ((one, other), (other, one)):
        assert sought(EMAIL, asked).having(EMAIL, held)
        assert {normal_form(EMAIL, form) for form in sought(EMAIL, asked).values(EMAIL)} == {normal_form(EMAIL, held)}


def test_an_address_is_mentioned_however_its_domain_is_written():
    for written in ("anna@straße.de", "anna@xn--strae-oqa.de"):
        assert Mentions(sought(EMAIL, "anna@straße.de")).agreements(f"mail aan {written}, graag")
    assert spellings("anna@xn--strae-oqa.de") == ("anna@xn--strae-oqa.de", "anna@straße.de")
    assert spellings("anna@xn--.de") == ("anna@xn--.de",)


DUTCH = (
    "0612345678",
    "06-12345678",
    "+31612345678",
    "+31 (0)6 12345678",
    "0031612345678",
    "+310612345678",
    "612345678",
)


@pytest.mark.parametrize("asked", DUTCH)
@pytest.mark.parametrize("held", DUTCH)
def test_a_dutch_number_is_known_in_every_notation(asked: str, held: str):
    assert sought(PHONE, asked).having(PHONE, held)
    if held != "612345678":  # without anything before it nine digits in a text are no telephone number
        assert Mentions(sought(PHONE, asked)).agreements(f"bel {held} even")


@pytest.mark.parametrize(("asked", "held"), [("+33687654321", "0687654321"), ("0687654321", "+33687654321")])
def test_a_number_of_another_country_is_of_somebody_else(asked: str, held: str):
    assert not sought(PHONE, asked).having(PHONE, held)
    assert not Mentions(sought(PHONE, asked)).agreements(f"bel {held} even")


def test_a_foreign_number_is_mentioned_as_it_is():
    mentions = Mentions(sought(PHONE, "+33687654321"))
    for written in ("+33687654321", "0033 687654321", "+33 6 87 65 43 21"):
        assert mentions.agreements(f"bel {written} even"), written
    assert not Mentions(sought(PHONE, "0687654321")).agreements("bel +33 (0)687654321 even")
