from __future__ import annotations

import pytest

from gestand.reading.kinds import guess_kind
from gestand.statement.policy import FieldKind


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("anna@example.nl", FieldKind.EMAIL),
        ("anna@", None),
        ("06-12345678", FieldKind.PHONE),
        ("+31 6 12345678", FieldKind.PHONE),
        ("(0485) 34 12 34", FieldKind.PHONE),
        ("K-1001", FieldKind.CUSTOMER_NUMBER),
        ("20261", FieldKind.CUSTOMER_NUMBER),
        ("123456782", FieldKind.CUSTOMER_NUMBER),  # passes the eleven-test; that alone is no BSN
        ("NL91 ABNA 0417 1643 00", FieldKind.IBAN),
        ("NL123456782B01", FieldKind.VAT),
        ("5854 GH", FieldKind.POSTCODE),
        ("192.0.2.7", FieldKind.IP),
        ("Anna de Vries", FieldKind.NAME),
        ("O'Brien", FieldKind.NAME),
        ("", None),
        ("?!", None),
    ],
)
def test_the_kind_is_told_by_the_form(value, kind):
    assert guess_kind(value) == kind
