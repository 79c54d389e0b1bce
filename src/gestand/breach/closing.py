"""A breach is closed when nothing is left to do; then the period of its file begins. A rehearsal ends with its minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gestand.breach.containing import lift_holds
from gestand.breach.desk import Desk
from gestand.breach.model import Breach, Case, Part
from gestand.breach.rules import left_to_do
from gestand.kernel.clock import local_date
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """How long each step took after the report, in minutes; None: not done."""

    contained: int | None
    counted: int | None
    assessed: int | None
    submitted: int | None
    told: int | None
    closed: int | None


def close(desk: Desk, breach_id: str, lessons: str, actor: ActorId) -> Breach:
    """Close a breach; see ``Breaches.close``."""
    breach = desk.running(breach_id)
    now = desk.clock()
    case = desk.store.case(breach)
    left = left_to_do(case, desk.policy.breach, now)
    if left and not breach.rehearsal:
        raise RefusedError(
            "breach-not-done",
            "it cannot be closed yet: " + "; ".join(one.en for one in left),
            where=breach.id,
            remedy="Do that first; 'gestand breach show' says how each stands.",
        )
    lift_holds(desk, breach, actor)
    with desk.engine.transaction():
        desk.page(breach, Part.CLOSING, lessons.strip() or "-", actor)
        closed = desk.change(breach, closed_at=now, closed_by=str(actor))
        desk.files.begin_period(closed, local_date(now), actor=actor)
        desk.stage("breach.closed", breach, actor, notified=bool(case.submissions))
        if breach.rehearsal:
            minutes = rehearsed(desk.store.case(closed))
            desk.stage("breach.rehearsed", breach, actor, minutes=minutes.closed or 0)
    return closed


def rehearsed(case: Case) -> Rehearsed:
    """Return how long each step took after the report."""
    start = case.breach.reported_at

    def after(*moments: datetime | None) -> int | None:
        there = [moment for moment in moments if moment is not None]
        return round((min(there) - start).total_seconds() / 60) if there else None

    return Rehearsed(
        contained=after(*(step.at for step in case.steps)),
        counted=after(*(page.at for page in case.pages if page.part is Part.LIST)),
        assessed=after(*(one.at for one in case.assessments)),
        submitted=after(*(one.recorded_at for one in case.submissions)),
        told=after(*(one.at for one in case.notices)),
        closed=after(case.breach.closed_at),
    )
