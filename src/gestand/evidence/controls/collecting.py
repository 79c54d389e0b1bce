"""Controls of what came in: every datum has a purpose, a version, a dossier, and was needed."""

from __future__ import annotations

from datetime import date

from gestand.evidence.controls.common import every_holding, judged
from gestand.evidence.model import Control, Verdict, World
from gestand.kernel.clock import local_date
from gestand.statement.policy import Policy, Text


def _version(world: World, version: str) -> Policy | None:
    statement = world.publication.version(version)
    return statement.policy if statement else None


def fields_have_purpose(world: World) -> Verdict:
    """Every datum is a field that the statement it was collected under names for at least one purpose."""
    faults: list[str] = []
    seen = 0
    for holding in every_holding(world):
        seen += 1
        policy = _version(world, holding.version) or world.policy
        if policy.field(holding.field) is None:
            faults.append(f"item {holding.item}: '{holding.field}' is no field of statement {policy.version}")
        elif not any(purpose.allows(holding.field) for purpose in policy.purposes.values()):
            faults.append(f"item {holding.item}: no purpose needs '{holding.field}'")
    return judged(
        faults,
        seen,
        kept=Text(nl="Elk gegeven heeft een doel in de verklaring.", en="Every datum has a purpose in the statement."),
        broken=Text(nl="Er staan gegevens zonder doel.", en="Data without a purpose are held."),
    )


def minimal_fields_accepted(world: World) -> Verdict:
    """No datum is held for a purpose that does not need it."""
    faults: list[str] = []
    seen = 0
    for holding in every_holding(world):
        policy = _version(world, holding.version) or world.policy
        for name in holding.purposes:
            seen += 1
            purpose = policy.purposes.get(name)
            if purpose is not None and policy.field(holding.field) is not None and not purpose.allows(holding.field):
                faults.append(f"item {holding.item}: held for '{name}', which does not need '{holding.field}'")
    return judged(
        faults,
        seen,
        kept=Text(nl="Alleen wat nodig is, wordt bewaard.", en="Only what is needed is held."),
        broken=Text(
            nl="Er staan gegevens die voor hun doel niet nodig zijn.",
            en="Data are held that their purpose does not need.",
        ),
    )


def collected_under_statement(world: World) -> Verdict:
    """Every datum was collected under a version that was published, on or after the day it came into force."""
    in_force: dict[str, date] = {p.version: p.in_force_from for p in world.publication.history()}
    faults: list[str] = []
    seen = 0
    for holding in every_holding(world):
        seen += 1
        since = in_force.get(holding.version)
        if since is None:
            faults.append(f"item {holding.item}: version '{holding.version}' was never published")
        elif local_date(holding.collected_at) < since:
            faults.append(f"item {holding.item}: collected before version {holding.version} came into force")
    return judged(
        faults,
        seen,
        kept=Text(
            nl="Elk gegeven hoort bij een gepubliceerde verklaring.", en="Every datum belongs to a published statement."
        ),
        broken=Text(
            nl="Er staan gegevens zonder gepubliceerde verklaring.", en="Data are held under no published statement."
        ),
    )


def dossier_gives_purpose(world: World) -> Verdict:
    """A datum that belongs to a dossier belongs to one that exists and whose purpose the statement knows."""
    purposes = {str(d.id): d.purpose for d in world.register.all_dossiers()}
    faults: list[str] = []
    seen = 0
    for holding in every_holding(world):
        if not holding.dossier:
            continue
        seen += 1
        purpose = purposes.get(holding.dossier)
        policy = _version(world, holding.version) or world.policy
        if purpose is None:
            faults.append(f"item {holding.item}: dossier '{holding.dossier}' does not exist")
        elif purpose not in policy.purposes:
            faults.append(
                f"item {holding.item}: dossier '{holding.dossier}' has no purpose of statement {policy.version}"
            )
    return judged(
        faults,
        seen,
        kept=Text(nl="Elk dossier geeft zijn gegevens een doel.", en="Every dossier gives its data a purpose."),
        broken=Text(
            nl="Er staan gegevens bij een dossier dat er niet is.", en="Data belong to a dossier that does not exist."
        ),
        figures={"dossiers": len(purposes)},
    )


CONTROLS = (
    Control(
        "fields-have-purpose",
        Text(nl="Elk gegeven heeft een doel", en="Every datum has a purpose"),
        Text(nl="elk gegeven in de kluis", en="every datum in the vault"),
        "measured",
        fields_have_purpose,
        __name__,
        ("statement-history-kept",),
    ),
    Control(
        "minimal-fields-accepted",
        Text(nl="Niet meer dan nodig", en="No more than needed"),
        Text(nl="elk gegeven naast de doelen waarvoor het kwam", en="every datum beside the purposes it came for"),
        "measured",
        minimal_fields_accepted,
        __name__,
        ("statement-history-kept",),
    ),
    Control(
        "collected-under-statement",
        Text(nl="Verzameld onder een gepubliceerde verklaring", en="Collected under a published statement"),
        Text(nl="elk gegeven naast de geschiedenis van de verklaring", en="every datum beside the statement's history"),
        "measured",
        collected_under_statement,
        __name__,
    ),
    Control(
        "dossier-gives-purpose",
        Text(nl="Gegevens horen bij een dossier met een doel", en="Data belong to a dossier with a purpose"),
        Text(nl="elk gegeven met een dossier", en="every datum with a dossier"),
        "measured",
        dossier_gives_purpose,
        __name__,
        ("statement-history-kept",),
    ),
)
