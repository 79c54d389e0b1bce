"""An invoice or quote in UBL 2.1 into a dossier: the buyer found by their own identifiers or admitted, the document its dossier.

Only what the purpose needs is taken over (Article 5(1)(c) GDPR); the file itself stays where it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from gestand.intake.service import Intake
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, SubjectId
from gestand.reading.identifiers import check_field
from gestand.reading.ubl import UblDocument, UblParty
from gestand.register.model import Dossier, DossierKind, Involved
from gestand.register.service import Register
from gestand.statement.policy import FieldKind, Policy
from gestand.vault.service import Vault

_KINDS: Mapping[str, DossierKind] = {
    "invoice": DossierKind.INVOICE,
    "credit-note": DossierKind.INVOICE,
    "quote": DossierKind.QUOTE,
}
_FINDING = (FieldKind.CUSTOMER_NUMBER, FieldKind.EMAIL, FieldKind.VAT, FieldKind.COC)
"""Kinds by which a buyer is recognised, the surest first; a name alone recognises nobody."""


def admit_document(
    document: UblDocument,
    *,
    intake: Intake,
    register: Register,
    vault: Vault,
    policy: Policy,
    purpose: PurposeId,
    actor: ActorId,
) -> Dossier:
    """Open a dossier for the document and return it; its day is the day of issue.

    :raises RefusedError: ``ubl-ambiguous`` if several subjects are the buyer, or as ``Intake.admit``.
    :raises UsageError: as ``Register.open_dossier``, such as a number that is there already.
    """
    said = _said(document.buyer, document.buyer_number)
    subject = _found(vault, said)
    if subject is None:
        values = _needed(policy, purpose, said)
        kind: Literal["person", "firm"] = "firm" if document.buyer.coc or document.buyer.vat else "person"
        subject = intake.admit(None, values, purpose, source="invoice", actor=actor, kind=kind)
    return register.open_dossier(
        _KINDS[document.kind],
        purpose,
        [Involved(subject, "customer")],
        number=document.number,
        on=document.issued_on,
        actor=actor,
    )


def _said(buyer: UblParty, number: str) -> dict[FieldKind, str]:
    found = {
        FieldKind.NAME: buyer.contact or buyer.name,
        FieldKind.STREET: buyer.street,
        FieldKind.POSTCODE: buyer.postcode,
        FieldKind.TOWN: buyer.town,
        FieldKind.EMAIL: buyer.email,
        FieldKind.PHONE: buyer.phone,
        FieldKind.VAT: buyer.vat,
        FieldKind.COC: buyer.coc,
        FieldKind.CUSTOMER_NUMBER: number,
    }
    return {kind: value for kind, value in found.items() if value}


def _found(vault: Vault, said: Mapping[FieldKind, str]) -> SubjectId | None:
    for kind in _FINDING:
        if kind not in said:
            continue
        holders = vault.find(kind, said[kind])
        if len(holders) > 1:
            raise RefusedError(
                "ubl-ambiguous",
                f"{len(holders)} subjects have the buyer's {kind}",
                remedy="Open the dossier by hand, with 'gestand dossier add --subject'.",
            )
        if holders:
            return holders[0]
    return None


def _needed(policy: Policy, purpose: PurposeId, said: Mapping[FieldKind, str]) -> dict[FieldPath, str]:
    """Return the buyer's values for the fields that the purpose needs, the sound ones; what it does not need is left."""
    needed = policy.purposes.get(purpose)
    values: dict[FieldPath, str] = {}
    taken: set[FieldKind] = set()
    for path in policy.field_paths():
        field = policy.field(path)
        if field is None or needed is None or not needed.allows(path) or field.kind in taken or field.kind not in said:
            continue
        if isinstance(check_field(field, said[field.kind]), str):
            values[FieldPath(path)] = said[field.kind]
            taken.add(field.kind)
    return values
