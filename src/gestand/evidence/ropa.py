"""The record of processing (Articles 30(1) and 30(2) GDPR): what was declared, what is observed, and the difference.

Declared comes from the statement in force and the register of agreements; observed from the vault's context, the ledger and the
disclosures. Nothing is typed in twice, so that the record cannot be older than the promise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from gestand.evidence.model import World
from gestand.evidence.ropa_dpia import DpiaJudgement, judge_dpia
from gestand.evidence.ropa_observed import Observed, observe
from gestand.kernel.clock import local_date
from gestand.rights.words import rule_of
from gestand.sharing.agreements import Agreement, ends, judge_agreement
from gestand.statement.policy import Policy, Purpose, Recipient, Service, Text

Severity = Literal["deviation", "note"]


@dataclass(frozen=True, slots=True)
class Activity:
    """A processing activity of the controller: a purpose with everything Article 30(1)(b) to (f) asks about it."""

    id: str
    purpose: Purpose
    categories: tuple[tuple[Text, tuple[Text, ...]], ...]  # category -> fields
    special: tuple[Text, ...]
    period: Text
    ground: str
    dpia: DpiaJudgement


@dataclass(frozen=True, slots=True)
class RecipientLine:
    """A recipient with its agreement as it stands, and how often it got something."""

    id: str
    declared: Recipient
    agreement: Agreement | None
    ends: date | None
    against: tuple[str, ...]
    warnings: tuple[str, ...]
    disclosures: int


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure of Article 32(1) with the word of who attested it, or nothing yet."""

    title: Text
    outcome: str
    expires: date | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Where declared and observed differ. A ``deviation`` is something there that was not declared; a ``note`` the reverse."""

    severity: Severity
    kind: str
    name: str
    says: Text


@dataclass(frozen=True, slots=True)
class RecordOfProcessing:
    """The whole record on a day. ``processing_for``: the services in which the firm is processor (Article 30(2))."""

    version: str
    made_on: date
    policy: Policy
    activities: tuple[Activity, ...]
    processing_for: tuple[tuple[str, Service], ...]
    recipients: tuple[RecipientLine, ...]
    measures: tuple[MeasureLine, ...]
    observed: Observed
    differences: tuple[Difference, ...]

    @property
    def deviations(self) -> tuple[Difference, ...]:
        """What is there and was not declared."""
        return tuple(one for one in self.differences if one.severity == "deviation")


def record_of(world: World) -> RecordOfProcessing:
    """Make the record of today from the statement in force and from what is there."""
    policy, observed = world.policy, observe(world)
    today = local_date(world.clock())
    decide = (
        world.measures.last("measure-people-decide") if "measure-people-decide" in world.measures.declared else None
    )
    people_decide = decide is not None and decide.outcome == "in-place" and decide.expires >= today
    return RecordOfProcessing(
        version=world.statement.version,
        made_on=today,
        policy=policy,
        activities=tuple(_activity(policy, name, observed, people_decide=people_decide) for name in policy.purposes),
        processing_for=tuple((name, one) for name, one in policy.services.items() if one.role == "processor"),
        recipients=tuple(_recipients(world, today, observed)),
        measures=tuple(_measures(world)),
        observed=observed,
        differences=tuple(differences(policy, observed)),
    )


def _activity(policy: Policy, name: str, observed: Observed, *, people_decide: bool) -> Activity:
    purpose = policy.purposes[name]
    shelf = policy.shelves[purpose.shelf]
    categories = []
    for key, category in policy.categories.items():
        fields = tuple(field.title for at, field in category.fields.items() if purpose.allows(f"{key}.{at}"))
        if fields:
            categories.append((category.title, fields))
    special = tuple(
        c.title
        for key, c in policy.categories.items()
        if (c.special or c.criminal) and any(p.startswith(f"{key}.") for p in purpose.needs)
    )
    return Activity(
        id=name,
        purpose=purpose,
        categories=tuple(categories),
        special=special,
        period=rule_of(shelf),
        ground=shelf.ground,
        dpia=judge_dpia(policy, name, observed, people_decide=people_decide),
    )  # fmt: skip


def _recipients(world: World, today: date, observed: Observed) -> Iterator[RecipientLine]:
    for name, one in world.policy.recipients.items():
        agreement = world.sharing.agreements.get(name)
        against, warnings = judge_agreement(name, one, agreement, today, "")
        yield RecipientLine(
            name, one, agreement, ends(one, agreement), tuple(map(str, against)), warnings, observed.given.get(name, 0)
        )


def _measures(world: World) -> Iterator[MeasureLine]:
    for name, measure in world.measures.declared.items():
        last = world.measures.last(name)
        yield MeasureLine(measure.title, last.outcome if last else "", last.expires if last else None)


def differences(policy: Policy, observed: Observed) -> Iterator[Difference]:
    """Yield where what is there differs from what was declared: deviations first. Pure."""
    declared = {path for path in policy.field_paths() if policy.purposes_of(path)}
    yield from _beyond("field", sorted(observed.fields.keys() - declared), observed.fields)
    yield from _beyond("purpose", sorted(observed.opened.keys() - policy.purposes.keys()), observed.opened)
    yield from _beyond(
        "purpose", sorted(observed.collected_for.keys() - policy.purposes.keys()), observed.collected_for
    )
    yield from _beyond("shelf", sorted(observed.shelves.keys() - policy.shelves.keys()), observed.shelves)
    yield from _beyond("recipient", sorted(observed.given.keys() - policy.recipients.keys()), observed.given)
    unsaid = sorted({path for path, source in observed.sources if not source.strip()})
    yield from _beyond("source", unsaid, observed.fields)
    yield from _unused("field", sorted(declared - observed.fields.keys()))
    yield from _unused(
        "purpose", sorted(policy.purposes.keys() - observed.opened.keys() - observed.collected_for.keys())
    )
    yield from _unused("recipient", sorted(policy.recipients.keys() - observed.given.keys()))


_KIND = {
    "field": Text(nl="gegeven", en="field"),
    "purpose": Text(nl="doel", en="purpose"),
    "shelf": Text(nl="bewaartermijn", en="shelf"),
    "recipient": Text(nl="ontvanger", en="recipient"),
    "source": Text(nl="herkomst van", en="source of"),
}


def _beyond(kind: str, names: list[str], counts: Mapping[str, int]) -> Iterator[Difference]:
    for name in names:
        word, n = _KIND[kind], counts.get(name, 0)
        yield Difference("deviation", kind, name, Text(
            nl=f"{word.nl} '{name}' is er ({n}) en staat niet in de verklaring",
            en=f"{word.en} '{name}' is there ({n}) and is not declared",
        ))  # fmt: skip


def _unused(kind: str, names: list[str]) -> Iterator[Difference]:
    for name in names:
        word = _KIND[kind]
        yield Difference("note", kind, name, Text(
            nl=f"{word.nl} '{name}' staat in de verklaring en is nergens gezien",
            en=f"{word.en} '{name}' is declared and was seen nowhere",
        ))  # fmt: skip
