"""The words of 'gestand subject' that change something at a person's own choice."""

from __future__ import annotations

import io
import sys

import pytest

from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.kernel.ids import ActorId, PurposeId
from gestand.statement.policy import FieldKind


@pytest.fixture
def eva(place: Place) -> tuple[str, str]:
    """Eva's id, and that of her telephone number."""
    house = place.open()
    [who] = house.vault.find(FieldKind.EMAIL, CAST[4].email)
    return who, next(h.item for h in house.vault.holdings(who) if h.field == "contact.phone")


def test_a_value_is_corrected_from_the_command_line_or_from_standard_input(gestand, place, eva, monkeypatch):
    who, phone = eva
    assert gestand("subject", "rectify", phone, "0485-341111", "--reason", "own word", "--json").status == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO("0485-342222\n"))
    assert "is corrected" in gestand("subject", "rectify", phone, "-", "--reason", "own word").out
    opened = place.open().vault.open(who, PurposeId("service"), actor=ActorId("owner"), reason="test")
    [value] = [item.value for item in opened.items if item.holding.item == phone]
    assert value.endswith("485342222")


def test_data_are_restricted_and_released_by_field_or_all(gestand, place, eva):
    who, phone = eva
    ran = gestand("subject", "restrict", who, "--field", "contact.phone", "--reason", "contested", "--json")
    assert ran.document == {"subject": who, "restricted": 1, "messages": 0, "systems": []}
    assert place.open().vault.item(phone).restricted
    assert gestand("subject", "release", who, "--reason", "verified", "--json").document["released"] > 1
    assert not any(holding.restricted for holding in place.open().vault.holdings(who))


def test_an_objection_and_a_consent_are_recorded_and_taken_back(gestand, eva):
    who, _ = eva
    ran = gestand("subject", "object", who, "newsletter", "--reason", "own word", "--json")
    assert "newsletter" in ran.document["objections"]
    ran = gestand("subject", "object", who, "newsletter", "--reason", "own word", "--withdraw", "--json")
    assert "newsletter" not in ran.document["objections"]
    assert gestand("subject", "consent", who, "newsletter", "--channel", "web", "--json").document["consents"] == [
        "newsletter"
    ]
    ran = gestand("subject", "consent", who, "newsletter", "--channel", "web", "--withdraw")
    assert "consents to: nothing" in ran.out


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (("restrict", "sub_aaaaaaaaaaaaaaaa", "--reason", "x"), 2, "subject-unknown"),
        (("rectify", "itm_x", "value", "--reason", "x"), 2, "item-unknown"),
        (("object", "sub_aaaaaaaaaaaaaaaa", "newsletter", "--reason", "x"), 2, "subject-unknown"),
        (("consent", "EVA", "service", "--channel", "web"), 3, "consent-not-asked"),
        (("restrict", "EVA", "--field", "payment.iban", "--reason", "x"), 2, "field-not-held"),
        (("restrict", "EVA", "--reason", " "), 2, "reason"),
    ],
)
def test_faults_have_their_code(gestand, eva, words, status, code):
    ran = gestand("subject", *(eva[0] if word == "EVA" else word for word in words), "--json")
    assert (ran.status, ran.error["code"], ran.out) == (status, code, "")
