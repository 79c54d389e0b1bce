"""The record of processing as a Fideslang manifest (YAML): an organisation, one system, a declaration for each purpose."""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from gestand.evidence.ropa import Activity, RecordOfProcessing
from gestand.statement.policy import LawfulBasis

BASIS: Final = {
    LawfulBasis.CONSENT: "Consent",
    LawfulBasis.CONTRACT: "Contract",
    LawfulBasis.LEGAL_OBLIGATION: "Legal obligations",
    LawfulBasis.VITAL_INTERESTS: "Vital interests",
    LawfulBasis.PUBLIC_TASK: "Public interest",
    LawfulBasis.LEGITIMATE_INTERESTS: "Legitimate interests",
}
USE, DATA, PEOPLE = "essential.service", "user", "anonymous_user"
"""What stands where the policy names no term."""
SUBJECTS: Final = {"customer": "customer", "prospect": "prospect", "visitor": "anonymous_user", "employee": "employee"}
_NO_KEY: Final = re.compile(r"[^a-zA-Z0-9_.<>-]")


def manifest(record: RecordOfProcessing) -> str:
    """Return the manifest as YAML."""
    controller = record.policy.controller
    document: dict[str, Any] = {
        "organization": [
            {
                "fides_key": "default_organization",
                "name": controller.name,
                "controller": {"name": controller.name, "email": next((c.value for c in controller.contacts if c.kind == "email"), "")},
            }
        ],
        "system": [
            {
                "fides_key": key_of(controller.name),
                "organization_fides_key": "default_organization",
                "name": controller.name,
                "description": f"Statement {record.version}, record of {record.made_on.isoformat()}",
                "system_type": "Service",
                "administrating_department": controller.name,
                "privacy_declarations": [_declaration(record, one) for one in record.activities],
            }
        ],
    }  # fmt: skip
    written: str = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120)
    return written


def _declaration(record: RecordOfProcessing, one: Activity) -> dict[str, Any]:
    policy, purpose = record.policy, one.purpose
    data = [
        category.fideslang or DATA
        for name, category in policy.categories.items()
        if any(purpose.allows(f"{name}.{field}") for field in category.fields)
    ]
    recipients = [policy.recipients[name] for name in purpose.recipients if name in policy.recipients]
    return {
        "name": purpose.title.en,
        "data_categories": sorted(set(data)),
        "data_use": purpose.fideslang or USE,
        "data_subjects": sorted({SUBJECTS.get(who, "customer" if "customer" in purpose.subjects else PEOPLE) for who in purpose.subjects} or {PEOPLE}),
        "legal_basis_for_processing": BASIS[purpose.basis],
        "retention_period": one.period.en,
        "processes_special_category_data": bool(one.special),
        "data_shared_with_third_parties": bool(recipients),
        "third_parties": ", ".join(recipient.title.en for recipient in recipients),
        "impact_assessment_location": "",
    }  # fmt: skip


def key_of(name: str) -> str:
    """Return a name as a key of Fideslang: letters, digits, ``_``, ``.`` and ``-``."""
    return _NO_KEY.sub("_", name.lower()).strip("_") or "organisation"
