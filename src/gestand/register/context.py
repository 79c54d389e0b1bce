"""Why a datum is held: what Article 15(1) GDPR asks beside the value, read from the version it was collected under. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from gestand.kernel.clock import local_date
from gestand.kernel.ids import FieldPath, ItemId
from gestand.statement.model import Statement
from gestand.statement.policy import Policy
from gestand.vault.model import Holding


@dataclass(frozen=True, slots=True)
class Reason:
    """A purpose for which a datum is held (Article 15(1)(a)), why it needs the field, and its lawful basis."""

    purpose: str
    title: str
    why: str
    basis: str
    ground: str


@dataclass(frozen=True, slots=True)
class DatumContext:
    """The context of one datum. ``erase_on`` None: until ``awaits`` happens; ``until`` says it in words."""

    item: ItemId
    field: FieldPath
    title: str
    reasons: tuple[Reason, ...]
    recipients: tuple[str, ...]
    source: str
    collected_on: date
    version: str
    erase_on: date | None
    until: str
    restricted: bool
    dossier: str


def context_of(holding: Holding, statement: Statement, language: Literal["nl", "en"] = "nl") -> DatumContext:
    """Return why a datum is held, under ``statement``: the version it was collected under."""
    policy = statement.policy
    field = policy.field(holding.field)
    purposes = [p for p in holding.purposes or policy.purposes_of(holding.field) if p in policy.purposes]
    reasons = tuple(_reason(policy, purpose, holding.field, language) for purpose in purposes)
    named = dict.fromkeys(r for purpose in purposes for r in policy.purposes[purpose].recipients)
    recipients = [policy.recipients[name] for name in named if name in policy.recipients]
    return DatumContext(
        item=holding.item,
        field=holding.field,
        title=field.title.into(language) if field else holding.field,
        reasons=reasons,
        recipients=tuple(r.title.into(language) for r in recipients if not r.needs or holding.field in r.needs),
        source=holding.source,
        collected_on=local_date(holding.collected_at),
        version=holding.version,
        erase_on=holding.due,
        until=_until(policy, holding, language),
        restricted=holding.restricted,
        dossier=holding.dossier,
    )


def _reason(policy: Policy, purpose: str, path: str, language: str) -> Reason:
    found = policy.purposes[purpose]
    why = found.needs.get(path) or found.needs.get("*")
    return Reason(
        purpose, found.title.into(language), why.into(language) if why else "", str(found.basis), found.ground
    )


def _until(policy: Policy, holding: Holding, language: str) -> str:
    if holding.due is not None:
        return holding.due.isoformat()
    shelf = policy.shelves.get(holding.shelf)
    if shelf is None:
        return holding.shelf
    period = shelf.period.spoken(language)
    return f"{period} na '{shelf.trigger}'" if language == "nl" else f"{period} after '{shelf.trigger}'"
