"""An invoice, credit note or quote in UBL 2.1 as Dutch programs exchange them (NLCIUS, SI-UBL 2.0): who, what, when, how much.

Read with ``defusedxml``: no entities, no references beyond the document.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from xml.etree.ElementTree import Element, ParseError

from gestand.kernel.errors import UsageError

_CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
_CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
_KINDS: dict[str, Literal["invoice", "credit-note", "quote"]] = {
    "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice": "invoice",
    "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote": "credit-note",
    "{urn:oasis:names:specification:ubl:schema:xsd:Quotation-2}Quotation": "quote",
}
LARGEST = 10_000_000


@dataclass(frozen=True, slots=True)
class UblParty:
    """Who sells or buys, as the document says it; empty where it says nothing."""

    name: str
    contact: str
    street: str
    postcode: str
    town: str
    country: str
    email: str
    phone: str
    vat: str
    coc: str


@dataclass(frozen=True, slots=True)
class UblDocument:
    """A document: ``lines`` are descriptions, ``total`` is what is to be paid, as written."""

    kind: Literal["invoice", "credit-note", "quote"]
    number: str
    issued_on: date
    seller: UblParty
    buyer: UblParty
    buyer_number: str
    lines: tuple[str, ...]
    total: str
    currency: str


def read_ubl(content: bytes, where: str) -> UblDocument:
    """Return the document.

    :raises UsageError: ``ubl-unreadable`` if it is no XML, ``ubl-other`` if it is no such document, ``ubl-incomplete``.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(content) > LARGEST:
        raise UsageError(
            "ubl-unreadable", f"it has more than {LARGEST} bytes", where=where, remedy="Give one document."
        )
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        raise UsageError(
            "ubl-unreadable", "it is no XML that may be read", where=where, remedy="Export it again as UBL."
        ) from None
    kind = _KINDS.get(root.tag)
    if kind is None:
        raise UsageError(
            "ubl-other",
            "it is no invoice, credit note or quotation in UBL 2.1",
            where=where,
            remedy="Export it as UBL 2.1.",
        )
    number, issued = _text(root, "cbc:ID"), _text(root, "cbc:IssueDate")
    try:
        issued_on = date.fromisoformat(issued)
    except ValueError:
        issued_on = None
    if not number or issued_on is None:
        raise UsageError("ubl-incomplete", "it has no number or no date", where=where, remedy="Export it again.")
    seller, buyer = (
        ("cac:SellerSupplierParty", "cac:OriginatorCustomerParty")
        if kind == "quote"
        else ("cac:AccountingSupplierParty", "cac:AccountingCustomerParty")
    )
    line = {"invoice": "InvoiceLine", "credit-note": "CreditNoteLine", "quote": "QuotationLine"}[kind]
    amount = _find(root, "cac:LegalMonetaryTotal/cbc:PayableAmount")
    if amount is None:
        amount = _find(root, "cac:QuotedMonetaryTotal/cbc:PayableAmount")
    return UblDocument(
        kind=kind,
        number=number,
        issued_on=issued_on,
        seller=_party(_find(root, f"{seller}/cac:Party")),
        buyer=_party(_find(root, f"{buyer}/cac:Party")),
        buyer_number=_text(root, f"{buyer}/cbc:SupplierAssignedAccountID"),
        lines=tuple(name for found in root.iter(_CAC + line) if (name := _line(found))),
        total=(amount.text or "").strip() if amount is not None else "",
        currency=str(amount.get("currencyID", "")) if amount is not None else "",
    )


def _line(line: Element) -> str:
    return _text(line, ".//cac:Item/cbc:Name") or _text(line, ".//cac:Item/cbc:Description")


def _party(party: Element | None) -> UblParty:
    def said(*paths: str) -> str:
        return next((text for path in paths if party is not None and (text := _text(party, path))), "")

    street = " ".join(
        filter(None, (said("cac:PostalAddress/cbc:StreetName"), said("cac:PostalAddress/cbc:BuildingNumber")))
    )
    return UblParty(
        name=said("cac:PartyName/cbc:Name", "cac:PartyLegalEntity/cbc:RegistrationName"),
        contact=said("cac:Contact/cbc:Name"),
        street=street,
        postcode=said("cac:PostalAddress/cbc:PostalZone"),
        town=said("cac:PostalAddress/cbc:CityName"),
        country=said("cac:PostalAddress/cac:Country/cbc:IdentificationCode"),
        email=said("cac:Contact/cbc:ElectronicMail"),
        phone=said("cac:Contact/cbc:Telephone"),
        vat=said("cac:PartyTaxScheme/cbc:CompanyID"),
        coc=said("cac:PartyLegalEntity/cbc:CompanyID"),
    )


def _find(node: Element, path: str) -> Element | None:
    return node.find(path.replace("cac:", _CAC).replace("cbc:", _CBC))


def _text(node: Element, path: str) -> str:
    found = _find(node, path)
    return (found.text or "").strip() if found is not None else ""
