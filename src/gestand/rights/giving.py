"""What was given by hand is recorded: at the counter, by telephone, by a mail or letter that did not leave from the outbox."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from gestand.kernel.clock import local_date
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import SYSTEM, ActorId
from gestand.rights.desk import Desk
from gestand.rights.model import Channel, SubjectRequest


class Given(StrEnum):
    """What who asked was told: how it ended, or that it takes longer."""

    ANSWER = "answer"
    EXTENSION = "extension"


def give(desk: Desk, request_id: str, what: Given, way: Channel, *, on: date | None, actor: ActorId) -> SubjectRequest:
    """Record that who asked was given an answer, a refusal or a notice by hand; see ``Requests.given``."""
    request = desk.one(request_id)
    early = request.open if what is Given.ANSWER else not request.extended_because
    if early or actor == SYSTEM:
        raise RefusedError(
            "given-early",
            "only a person records what was given by hand"
            if actor == SYSTEM
            else f"there is no {what} yet that could have been given",
            where=request.id,
            remedy="Answer, refuse, close or extend the request first, and name yourself.",
        )
    today = local_date(desk.clock())
    day = on or today
    if not local_date(request.received_at) <= day <= today:
        raise UsageError(
            "given-date",
            f"{day} lies before the request came in, or has not come yet",
            where="--on",
            remedy="Give the day on which who asked was told.",
        )
    with desk.engine.transaction():
        desk.stage("request.given", request, actor, what=str(what), way=str(way), on=day.isoformat())
    return request
