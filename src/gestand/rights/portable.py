"""Portability, pure: what a person provided under consent or a contract, in forms that other programs read (Article 20).

Provided is what the person gave or what was observed of them; what the firm made of it is not (WP242 rev.01, p. 10). Other
people's data and the files of requests stay out. The forms: JSON, CSV (RFC 4180), and a vCard (RFC 6350) of the contact data.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gestand.kernel.clock import local_date
from gestand.kernel.ids import RequestId
from gestand.statement.policy import FieldKind, LawfulBasis, Policy, Text
from gestand.vault.model import OpenedItem

BASES = frozenset({LawfulBasis.CONSENT, LawfulBasis.CONTRACT})
MADE_HERE = frozenset({"staff", "derived"})
"""Sources of what the firm itself made: an opinion, a profile. Not provided by the person."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")


@dataclass(frozen=True, slots=True)
class PortableDatum:
    """One datum to take along."""

    field: str
    title: Text
    kind: FieldKind
    value: str
    collected_on: date


@dataclass(frozen=True, slots=True)
class PortableCopy:
    """What a person takes along. ``digest`` is over the JSON file; ``salt`` keeps it from telling anything by itself."""

    request: RequestId
    controller: str
    made_on: date
    data: tuple[PortableDatum, ...]
    salt: str
    name: str = ""  # who is greeted in the letter beside it

    @property
    def files(self) -> Mapping[str, str]:
        """The files by name."""
        return {"data.json": to_json(self), "data.csv": to_csv(self.data), "contact.vcf": to_vcard(self.data)}

    @property
    def digest(self) -> str:
        """The SHA-256 of ``data.json``."""
        return hashlib.sha256(to_json(self).encode()).hexdigest()


def portable(items: Iterable[OpenedItem], policies: Mapping[str, Policy]) -> tuple[PortableDatum, ...]:
    """Return what of the opened data the person may take along, in the order of the policy's fields."""
    found: list[PortableDatum] = []
    for item in items:
        holding = item.holding
        policy = policies[holding.version]
        field = policy.field(holding.field)
        named = holding.purposes or policy.purposes_of(holding.field)
        bases = {policy.purposes[name].basis for name in named if name in policy.purposes}
        if field is None or holding.source in MADE_HERE or holding.shelf == policy.rights.shelf or not bases & BASES:
            continue
        found.append(
            PortableDatum(holding.field, field.title, field.kind, item.value, local_date(holding.collected_at))
        )
    return tuple(sorted(found, key=lambda datum: (datum.field, datum.collected_on, datum.value)))


def to_json(copy: PortableCopy) -> str:
    """Return the copy as JSON."""
    document = {
        "request": copy.request, "controller": copy.controller, "made_on": copy.made_on.isoformat(), "article": "20 GDPR",
        "data": [
            {"field": d.field, "title": {"nl": d.title.nl, "en": d.title.en}, "value": d.value, "collected_on": d.collected_on.isoformat()} for d in copy.data
        ],
        "salt": copy.salt,
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def to_csv(data: Sequence[PortableDatum]) -> str:
    """Return the data as CSV with a header; a value that a spreadsheet would run as a formula is told to be text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("field", "titel", "title", "value", "collected_on"))
    writer.writerows((d.field, d.title.nl, d.title.en, harmless(d.value), d.collected_on.isoformat()) for d in data)
    return out.getvalue()


def harmless(value: str) -> str:
    """Return a value that a spreadsheet shows as text, never runs as a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value


def to_vcard(data: Sequence[PortableDatum]) -> str:
    """Return the contact data as a vCard 3.0, which address books read; empty if there is nothing for one."""
    import vobject

    make: Any = vobject  # it ships no types

    first: dict[FieldKind, str] = {}
    for datum in data:
        first.setdefault(datum.kind, datum.value)
    if not first.keys() & {FieldKind.NAME, FieldKind.EMAIL, FieldKind.PHONE}:
        return ""
    card = make.vCard()
    name = first.get(FieldKind.NAME) or first.get(FieldKind.EMAIL) or first[FieldKind.PHONE]
    given, _, family = name.partition(" ")
    card.add("fn").value = name
    card.add("n").value = make.vcard.Name(family=family, given=given)
    for datum in data:
        if datum.kind is FieldKind.EMAIL:
            card.add("email").value = datum.value
        elif datum.kind is FieldKind.PHONE:
            card.add("tel").value = datum.value
    if first.keys() & {FieldKind.STREET, FieldKind.POSTCODE, FieldKind.TOWN}:
        card.add("adr").value = make.vcard.Address(
            street=first.get(FieldKind.STREET, ""), city=first.get(FieldKind.TOWN, ""),
            code=first.get(FieldKind.POSTCODE, ""), country=first.get(FieldKind.COUNTRY, ""),
        )  # fmt: skip
    return str(card.serialize())
