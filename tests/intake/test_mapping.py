"""Names of columns, Dutch and English, to fields of the policy."""

from __future__ import annotations

import pytest

from gestand.intake.mapping import plan_columns, propose
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import PurposeId
from intake_house import SERVICE, koper


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Naam", "contact.name"),
        ("First name", "contact.name"),
        ("Achternaam", "contact.name"),
        ("Street address", "contact.street"),
        ("Huisnr.", "contact.street"),
        ("POSTCODE", "contact.postcode"),
        ("Zip code", "contact.postcode"),
        ("Woonplaats", "contact.town"),
        ("Tel.", "contact.phone"),
        ("Mobiel nummer", "contact.mobile"),
        ("GSM", "contact.mobile"),
        ("E-mailadres", "contact.email"),
        ("e-mail", "contact.email"),
        ("Klantnr", "contact.customer-number"),
        ("Customer ID", "contact.customer-number"),
        ("IBAN", "payment.iban"),
        ("Btw-nummer", "payment.vat"),
        ("KvK", "payment.coc"),
        ("contact.role", "contact.role"),
        ("Opmerkingen", "service.notes"),
    ],
)
def test_a_field_is_proposed_from_the_name(name, field):
    wish = propose(name, koper().policy, SERVICE, set())
    assert wish is not None
    assert wish.field == field


@pytest.mark.parametrize("name", ["Schoenmaat", "", "123", "Geboortedatum", "Saldo"])
def test_what_is_not_known_is_not_guessed(name):
    assert propose(name, koper().policy, SERVICE, set()) is None


def test_every_column_has_a_fate_and_each_refused_one_a_reason():
    header = ("Naam", "Mobiel", "Schoenmaat", "BSN", "Functie bij de klant", "")
    plan = plan_columns(header, koper().policy, SERVICE)
    assert [c.path for c in plan.mapped] == ["contact.name", "contact.mobile"]
    assert {c.name: c.code for c in plan.refused} == {
        "Schoenmaat": "no-purpose",
        "BSN": "bsn",
        "Functie bij de klant": "no-purpose",
    }
    assert all(c.reason for c in plan.refused)


def test_an_unknown_purpose_is_refused():
    with pytest.raises(RefusedError):
        plan_columns(("Naam",), koper().policy, PurposeId("profiling"))
