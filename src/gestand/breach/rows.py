"""Rows of breaches, read back as nouns."""

from __future__ import annotations

import json
from datetime import datetime
from typing import cast

from gestand.breach.affected import Affected
from gestand.breach.model import Assessed, Breach, Lever, Outcome, Page, Part, Reporter, Step
from gestand.breach.notices import Audience, Notice, Phase, Submission
from gestand.kernel.ids import ActorId, BreachId, FieldPath, ItemId, SubjectId
from gestand.law.breach_people import PeopleDuty
from gestand.storage.engine import Row


def moment_of(value: object) -> datetime | None:
    """Return a moment that may be empty."""
    return datetime.fromisoformat(str(value)) if value else None


def breach_of(row: Row) -> Breach:
    """Return a breach."""
    id_, file, reporter, reported, rehearsal, aware, staff_aware, closed, closed_by, first_aware = row
    return Breach(
        BreachId(str(id_)),
        SubjectId(str(file)),
        Reporter(str(reporter)),
        datetime.fromisoformat(str(reported)),
        bool(rehearsal),
        moment_of(aware),
        bool(staff_aware),
        moment_of(closed),
        str(closed_by),
        moment_of(first_aware),
    )


def page_of(row: Row) -> Page:
    """Return a page of its file, which is sealed in the vault."""
    item, part, at, actor = map(str, row)
    return Page(ItemId(item), Part(part), datetime.fromisoformat(at), ActorId(actor))


def step_of(row: Row) -> Step:
    """Return a step of its containment."""
    lever, outcome, at, actor, touched = row
    when = datetime.fromisoformat(str(at))
    return Step(Lever(str(lever)), cast("Outcome", str(outcome)), when, ActorId(str(actor)), int(str(touched)))


def affected_of(row: Row) -> Affected:
    """Return who is affected, in numbers."""
    people, unlisted, records, fields, special, estimated = row
    counted = tuple((FieldPath(path), int(n)) for path, n in json.loads(str(fields)).items())
    numbers = (int(str(people)), int(str(unlisted)), int(str(records)))
    return Affected(*numbers, counted, bool(special), bool(estimated))


def assessed_of(row: Row) -> Assessed:
    """Return a judgement."""
    (
        number,
        at,
        actor,
        is_breach,
        ours,
        risk,
        authority,
        people,
        controller,
        exception,
        to_confirm,
        carried,
        *confirmed,
    ) = row
    return Assessed(
        number=int(str(number)),
        at=datetime.fromisoformat(str(at)),
        actor=ActorId(str(actor)),
        is_breach=bool(is_breach),
        ours=bool(ours),
        risk=str(risk),
        authority=bool(authority),
        people=PeopleDuty(str(people)),
        controller=bool(controller),
        exception=str(exception),
        to_confirm=int(str(to_confirm)),
        carried_on=int(str(carried)),
        confirmed_at=moment_of(confirmed[0]),
        confirmed_by=str(confirmed[1]),
    )


def submission_of(row: Row) -> Submission:
    """Return what was handed in at the authority."""
    number, phase, submitted, recorded, actor, reference, missing, reasons = row
    return Submission(
        int(str(number)),
        Phase(str(phase)),
        datetime.fromisoformat(str(submitted)),
        datetime.fromisoformat(str(recorded)),
        ActorId(str(actor)),
        str(reference),
        tuple(str(missing).split()),
        bool(reasons),
    )


def notice_of(row: Row) -> Notice:
    """Return a notice that went out."""
    number, audience, at, actor, channel, people = row
    when = datetime.fromisoformat(str(at))
    return Notice(int(str(number)), Audience(str(audience)), when, ActorId(str(actor)), str(channel), int(str(people)))
