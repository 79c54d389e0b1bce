"""What the law asks of a policy, whatever its words: minimisation, bases and exceptions, processors, transfers, requests."""

from __future__ import annotations

from datetime import date

from gestand.statement.complaint import Complaints
from gestand.statement.policy import FieldKind, LawfulBasis, Policy, Purpose

EEA = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
"""The European Economic Area, ISO 3166-1: the 27 of the Union and Iceland, Liechtenstein and Norway."""


def check(policy: Policy, found: Complaints, today: date | None) -> None:
    """Add to ``found`` what the law asks and the policy lacks. ``today`` None: what expires is not judged."""
    _fields(policy, found)
    _purposes(policy, found)
    _recipients(policy, found, today)
    _rights(policy, found)


def _fields(policy: Policy, found: Complaints) -> None:
    """Minimisation: every field serves a purpose (Article 5(1)(c)); a BSN needs a statute (UAVG 46)."""
    for path in policy.field_paths():
        category, name = path.split(".", 1)
        place = ("categories", category, "fields", name)
        field = policy.categories[category].fields[name]
        if not policy.purposes_of(path):
            found.at(
                place,
                "field-without-purpose",
                f"no purpose needs the field '{path}'",
                f'Name it with its reason under the needs of a purpose ("{path}" = …), or take the field away.',
            )
        if field.kind is FieldKind.BSN and not field.statute.strip():
            found.at(
                place,
                "bsn-without-statute",
                f"'{path}' is a citizen service number, and no statute is named that allows it (UAVG 46)",
                'Name the act: statute = "…", or take the field away.',
            )


def _purposes(policy: Policy, found: Complaints) -> None:
    for name, purpose in policy.purposes.items():
        place = ("purposes", name)
        if not purpose.ground.strip():
            found.at(
                (*place, "ground"),
                "purpose-without-ground",
                f"the purpose '{name}' has no ground",
                "Name the article or statute.",
            )
        if not purpose.needs:
            found.at(
                (*place, "needs"),
                "purpose-without-needs",
                f"the purpose '{name}' needs no data",
                "List each field it needs and why, or take the purpose away.",
            )
        if purpose.basis is LawfulBasis.LEGITIMATE_INTERESTS and purpose.balancing is None:
            found.at(
                place,
                "interest-without-balancing",
                f"the purpose '{name}' rests on a legitimate interest, and no balancing test is written down (Article 6(1)(f))",
                f"Add [purposes.{name}.balancing] with interest, necessity, outcome and reviewed.",
            )
        if purpose.basis is LawfulBasis.CONSENT and purpose.consent_text is None:
            found.at(
                place,
                "consent-without-text",
                f"the purpose '{name}' rests on consent, and the words that are consented to are missing (Article 7)",
                "Add consent_text = { nl = …, en = … }.",
            )
        _exceptions(policy, name, purpose, found)
    for name, shelf in policy.shelves.items():
        if not shelf.ground.strip():
            found.at(
                ("shelves", name, "ground"),
                "shelf-without-ground",
                f"the shelf '{name}' has no ground",
                "Name the statute or the reason.",
            )


def _exceptions(policy: Policy, name: str, purpose: Purpose, found: Complaints) -> None:
    """Articles 9 and 10: forbidden unless an exception is named."""
    if purpose.special_ground.strip():
        return
    for path in purpose.needs:
        category = policy.categories.get(path.partition(".")[0])
        if category is None or not (category.special or category.criminal):
            continue
        what, law = ("special", "Article 9(2)") if category.special else ("criminal", "Article 10")
        found.at(
            ("purposes", name, "needs", path),
            "special-without-ground",
            f"the purpose '{name}' needs '{path}', which is {what} data, and names no exception of {law}",
            f'Add special_ground = "…" to [purposes.{name}], or leave the field out.',
        )


def _recipients(policy: Policy, found: Complaints, today: date | None) -> None:
    """Articles 28(3) and 44 to 49."""
    for name, recipient in policy.recipients.items():
        place = ("recipients", name)
        if recipient.role == "processor" and not recipient.agreement.strip():
            found.at(
                place,
                "agreement-missing",
                f"the processor '{name}' has no agreement (Article 28(3))",
                'Conclude one and name it: agreement = "…".',
            )
        if today is not None and recipient.agreement_expires is not None and recipient.agreement_expires < today:
            found.at(
                (*place, "agreement_expires"),
                "agreement-expired",
                f"the agreement with '{name}' ended on {recipient.agreement_expires.isoformat()}",
                "Renew it and write the new date, or stop sending data there.",
            )
        if recipient.country not in EEA and not recipient.transfer.strip():
            found.at(
                (*place, "country"),
                "transfer-without-ground",
                f"'{name}' is in {recipient.country}, outside the European Economic Area, and no ground for the transfer is named",
                'Name the adequacy decision or safeguard (Articles 45 to 49): transfer = "…".',
            )
    for name, service in policy.services.items():
        if service.role == "processor" and not service.agreement.strip():
            found.at(
                ("services", name),
                "agreement-missing",
                f"for the service '{name}' the firm is a processor, and no agreement is named (Article 28(3))",
                'Name what governs it: agreement = "…".',
            )


def _rights(policy: Policy, found: Complaints) -> None:
    """Ask that requests can be made and answered (Articles 12(2), 15), and that nothing else needs every field (5(1)(c))."""
    if not any(contact.rights for contact in policy.controller.contacts):
        found.at(
            ("controller", "contacts"),
            "rights-without-contact",
            "no contact point takes requests of data subjects (Article 12(2))",
            "Leave 'rights = false' out of one of them.",
        )
    for name, purpose in policy.purposes.items():
        answers = name == policy.rights.purpose
        if answers and "*" not in purpose.needs:
            found.at(
                ("purposes", name, "needs"),
                "rights-purpose-narrow",
                f"requests are answered under the purpose '{name}', which does not need every field (Article 15)",
                'Write needs = { "*" = { nl = …, en = … } }.',
            )
        if not answers and "*" in purpose.needs:
            found.at(
                ("purposes", name, "needs", "*"),
                "purpose-needs-everything",
                f"the purpose '{name}' needs every field, and only answering a data subject can (Article 5(1)(c))",
                "List each field it needs and why.",
            )
