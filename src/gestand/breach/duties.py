"""What is owed after a judgement, and how long it stood while judgements changed. Pure.

Who judges a risk lower after its hour has passed was late all the same. A duty that was lifted before its hour was never
late, and neither is one that stood for part of a day past it while facts were still being filled in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gestand.breach.model import Assessed, Case
from gestand.law.breach_people import PeopleDuty

SITTING = timedelta(hours=24)
"""A judgement that stood for less, from first to last, is one on the way to another: facts come in one by one."""


@dataclass(frozen=True, slots=True)
class Duties:
    """What is owed now, by us. ``provisional``: not judged yet, or what lets a duty fall is not confirmed."""

    register: bool
    authority: bool
    people: PeopleDuty
    controller: bool
    provisional: bool


@dataclass(frozen=True, slots=True)
class Stood:
    """A time in which one judgement after the other said that something is owed, until one said that it is not."""

    since: datetime
    until: datetime
    last: Assessed

    def past(self, hour: datetime) -> bool:
        """Say whether it stood past this hour, and long enough to count."""
        return self.until > hour and self.until - self.since >= SITTING


def duties_of(assessed: Assessed | None) -> Duties:
    """Return what is owed after the last judgement; without one, the notice to the authority, provisionally."""
    if assessed is None:
        return Duties(register=True, authority=True, people=PeopleDuty.NONE, controller=False, provisional=True)
    unconfirmed = assessed.to_confirm > 0 and assessed.confirmed_at is None
    authority = assessed.authority or (unconfirmed and assessed.risk == "unlikely")
    people = assessed.people
    if unconfirmed and assessed.exception and people is PeopleDuty.NONE:
        people = PeopleDuty.EACH
    ours = assessed.ours
    return Duties(
        register=assessed.is_breach or unconfirmed,
        authority=authority and ours,
        people=people if ours else PeopleDuty.NONE,
        controller=assessed.controller,
        provisional=unconfirmed,
    )


def tell_authority(assessed: Assessed) -> bool:
    """Say whether the judgement itself, and not what is unconfirmed in it, asks for a notice to the authority."""
    return assessed.authority and assessed.ours


def tell_people(assessed: Assessed) -> bool:
    """Say whether the judgement itself asks that people are told."""
    return assessed.people is not PeopleDuty.NONE and assessed.ours


def tell_controller(assessed: Assessed) -> bool:
    """Say whether the judgement asks that a controller is told."""
    return assessed.controller


def lifted(case: Case, owed: Callable[[Assessed], bool]) -> tuple[Stood, ...]:
    """Return the times in which a duty stood that a later judgement lifted."""
    found: list[Stood] = []
    since: datetime | None = None
    before: Assessed | None = None
    for assessed in case.assessments:
        if owed(assessed):
            since = since or assessed.at
        elif since is not None and before is not None:
            found.append(Stood(since, assessed.at, before))
            since = None
        before = assessed
    return tuple(found)


def risk_seen_at(case: Case, hours: int) -> datetime | None:
    """Return since when the judgements say, without a break, that people must be told; None if the last does not.

    A break shorter than the ``hours`` that were promised begins no new ones: those that had passed before it count.
    """
    since: datetime | None = None
    for assessed in case.assessments:
        owed = duties_of(assessed).people is not PeopleDuty.NONE
        since = (since or assessed.at) if owed else None
    if since is None:
        return None
    breaks = [stood for stood in lifted(case, tell_people) if stood.until <= since]
    at = since
    for stood in reversed(breaks):
        if at - stood.until >= timedelta(hours=hours):
            break
        at, since = stood.since, since - (stood.until - stood.since)
    return since
