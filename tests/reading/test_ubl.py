"""Invoices and quotes in UBL 2.1: read whole, hostile XML refused, their buyers found or admitted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gestand.kernel.errors import UsageError
from gestand.reading.ubl import read_ubl

NAMES = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" '
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
PARTY = """<cac:Party><cac:PartyName><cbc:Name>{name}</cbc:Name></cac:PartyName><cac:PostalAddress><cbc:StreetName>Lindelaan</cbc:StreetName>
<cbc:BuildingNumber>14</cbc:BuildingNumber><cbc:CityName>Zandstad</cbc:CityName><cbc:PostalZone>1234 AB</cbc:PostalZone>
<cac:Country><cbc:IdentificationCode>NL</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:Contact><cbc:ElectronicMail>{mail}</cbc:ElectronicMail></cac:Contact></cac:Party>"""


def ubl(
    root: str = "Invoice", number: str = "F2026-0041", name: str = "Hugo Bos", mail: str = "hugo@example.org"
) -> bytes:
    seller, buyer = (
        ("SellerSupplierParty", "OriginatorCustomerParty")
        if root == "Quotation"
        else ("AccountingSupplierParty", "AccountingCustomerParty")
    )
    total = "QuotedMonetaryTotal" if root == "Quotation" else "LegalMonetaryTotal"
    return f"""<?xml version="1.0" encoding="UTF-8"?><{root} {NAMES.format(root=root)}>
<cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0</cbc:CustomizationID>
<cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-02-03</cbc:IssueDate>
<cac:{seller}>{PARTY.format(name="Koper Computer Support", mail="info@kopercom.nl")}</cac:{seller}>
<cac:{buyer}>{PARTY.format(name=name, mail=mail)}</cac:{buyer}>
<cac:{total}><cbc:PayableAmount currencyID="EUR">45.00</cbc:PayableAmount></cac:{total}>
<cac:{root}Line><cac:Item><cbc:Name>Reparatie laptop</cbc:Name></cac:Item></cac:{root}Line></{root}>""".encode()


@pytest.mark.parametrize(
    ("root", "kind"), [("Invoice", "invoice"), ("CreditNote", "credit-note"), ("Quotation", "quote")]
)
def test_a_document_is_read_whole(root: str, kind: str):
    found = read_ubl(ubl(root), "f.xml")
    assert (found.kind, found.number, found.issued_on) == (kind, "F2026-0041", date(2026, 2, 3))
    assert (found.buyer.name, found.buyer.street, found.buyer.postcode) == ("Hugo Bos", "Lindelaan 14", "1234 AB")
    assert (found.buyer.email, found.buyer.country, found.seller.name) == (
        "hugo@example.org",
        "NL",
        "Koper Computer Support",
    )
    assert (found.lines, found.total, found.currency) == (("Reparatie laptop",), "45.00", "EUR")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"geen xml", "ubl-unreadable"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "ubl-unreadable"),
        (b"<Order/>", "ubl-other"),
        (ubl().replace(b"2026-02-03", b"gisteren"), "ubl-incomplete"),
    ],
)
def test_what_is_no_sound_document_is_refused(content: bytes, code: str):
    with pytest.raises(UsageError) as refused:
        read_ubl(content, "f.xml")
    assert refused.value.code == code


@pytest.mark.slow
def test_invoices_open_dossiers_of_buyers_known_and_new(gestand: Callable[..., Any], tmp_path: Path):
    (tmp_path / "new.xml").write_bytes(ubl())
    (tmp_path / "known.xml").write_bytes(ubl(number="F2026-0042", name="A. de Vries", mail="anna@example.nl"))
    done = gestand(
        "dossier",
        "import",
        str(tmp_path / "new.xml"),
        str(tmp_path / "known.xml"),
        "--purpose",
        "administration",
        "--json",
    )
    assert done.status == 0, done.err
    new, known = done.document["dossiers"]
    assert (new["kind"], new["number"], new["opened_on"]) == ("invoice", "F2026-0041", "2026-02-03")
    [anna] = gestand("subject", "find", "anna@example.nl", "--json").document["subjects"]
    assert known["people"][0]["subject"] == (anna["subject"] if isinstance(anna, dict) else anna)
    again = gestand("dossier", "import", str(tmp_path / "new.xml"), "--purpose", "administration", "--json")
    assert again.status == 2
    assert again.error["code"] == "dossier-taken"
