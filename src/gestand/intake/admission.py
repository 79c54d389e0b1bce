"""Judgements on data that come in one by one: are they needed, are they sound, which shelf. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from gestand.intake.mapping import check_purpose
from gestand.intake.model import Datum
from gestand.kernel.errors import InputError, Problem, RefusedError, UsageError
from gestand.kernel.ids import FieldPath, PurposeId
from gestand.reading.addresses import check_postcode
from gestand.reading.identifiers import check_field
from gestand.statement.policy import DataField, FieldKind, Policy


def judge_values(policy: Policy, values: Mapping[FieldPath, str], purpose: PurposeId, source: str) -> tuple[Datum, ...]:
    """Return the sound data for a purpose.

    :raises RefusedError: ``purpose-unknown``; ``field-without-purpose``, naming every field that the purpose does not
        need (Article 5(1)(c)); ``bsn`` (UAVG 46).
    :raises InputError: ``value-unsound``, with every value that is not what it should be.
    """
    check_purpose(policy, purpose)
    fields = _needed(policy, values, purpose)
    country = next((v for p, v in values.items() if fields[p].kind is FieldKind.COUNTRY), "")
    data: list[Datum] = []
    problems: list[Problem] = []
    for path, value in values.items():
        field = fields[path]
        if not value.strip():
            problems.append(Problem(source, 0, "value-unsound", f"{path} is empty", "Leave the field out."))
            continue
        postcode = field.kind is FieldKind.POSTCODE
        outcome = check_postcode(value, country) if postcode else check_field(field, value)
        if isinstance(outcome, str):
            data.append(Datum(path, outcome, purpose, path))
        else:
            problems.append(
                Problem(source, 0, "value-unsound", f"{path} {outcome.reason}", "Correct the value and give it again.")
            )
    if problems:
        raise InputError(tuple(problems))
    return tuple(data)


def day_collected(on: date | None, today: date) -> date:
    """Return the day of collection, today if none is named. A period that begins later would keep data beyond its promise.

    :raises UsageError: ``collected-later`` for a day after today.
    """
    if on is not None and on > today:
        raise UsageError(
            "collected-later",
            f"data cannot have been collected on {on.isoformat()}: that day is still to come",
            where="on",
            remedy=f"Name the day on which they came in, {today.isoformat()} at the latest; leave it out for today.",
        )
    return on or today


def _needed(policy: Policy, paths: Iterable[FieldPath], purpose: PurposeId) -> dict[FieldPath, DataField]:
    fields: dict[FieldPath, DataField] = {}
    unneeded: list[str] = []
    for path in paths:
        field = policy.field(path)
        if field is None or not policy.purposes[purpose].allows(path):
            unneeded.append(path)
        else:
            fields[path] = field
    if unneeded:
        others = {path: policy.purposes_of(path) for path in unneeded}
        known = "; ".join(f"{path} is needed for {', '.join(for_)}" for path, for_ in others.items() if for_)
        raise RefusedError(
            "field-without-purpose",
            f"the purpose '{purpose}' does not need {', '.join(unneeded)} (Article 5(1)(c) GDPR)",
            remedy=f"Leave it out{', or name its own purpose: ' + known if known else ''}.",
        )
    bsn = [path for path, field in fields.items() if field.kind is FieldKind.BSN and not field.statute]
    if bsn:
        raise RefusedError(
            "bsn",
            f"{', '.join(bsn)} is for a BSN, and the policy names no act that allows it (UAVG 46)",
            remedy="Leave it out.",
        )
    return fields
