"""The form to the authority, after a person submitted it: in phases, a late one with its reasons. Article 33 GDPR."""

from __future__ import annotations

import json
from datetime import datetime

from gestand.breach.desk import Desk
from gestand.breach.model import Part
from gestand.breach.notices import Audience, Phase, Submission
from gestand.breach.rules import due_notices, missing_parts
from gestand.breach.telling import moment_of
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId


def submit(  # noqa: PLR0917 - what a person has after submitting a form
    desk: Desk,
    breach_id: str,
    reference: str,
    submitted_at: datetime | None,
    reasons: str,
    phase: Phase | None,
    actor: ActorId,
) -> Submission:
    """Record that a person submitted the form; see ``Breaches.submit``."""
    breach = desk.running(breach_id)
    case = desk.store.case(breach)
    at = moment_of(desk, breach, submitted_at)
    if not reference.strip():
        raise UsageError(
            "breach-no-reference",
            "the authority's reference is not stated",
            where=breach.id,
            remedy="Give the number on its confirmation; 'mail' and the date where it gave none.",
        )
    [due] = [one for one in due_notices(case, desk.policy.breach, at) if one.audience is Audience.AUTHORITY]
    assert due.due is not None
    late = not case.submissions and at > due.due
    if late and not reasons.strip():
        raise RefusedError(
            "breach-late-without-reasons",
            f"it was due on {due.due.isoformat(timespec='minutes')}; the reasons for the delay go with it (Article 33(1))",
            where=breach.id,
            remedy="State them with --reasons: what took so long, and why.",
        )
    meant = phase or (Phase.ADDITION if case.submissions else Phase.FIRST)
    done = Submission(
        number=len(case.submissions) + 1,
        phase=meant,
        submitted_at=at,
        recorded_at=desk.clock(),
        actor=actor,
        reference=reference.strip(),
        missing=() if meant is Phase.WITHDRAWAL else missing_parts(case),
        reasons_for_delay=bool(reasons.strip()),
    )
    with desk.engine.transaction():
        desk.page(breach, Part.SUBMISSION, json.dumps({"reference": done.reference, "reasons": reasons.strip()}), actor)
        desk.store.add_submission(breach.id, done)
        desk.stage(
            "breach.submitted",
            breach,
            actor,
            number=done.number,
            phase=str(meant),
            missing=len(done.missing),
            late=late,
        )
    return done
