"""Violations by time passing: nobody did what was due."""

from __future__ import annotations

from datetime import timedelta

from gestand.evidence.breaks.model import Break
from gestand.evidence.model import World
from gestand.evidence.sandbox import Sandbox
from gestand.law.periods import Period, Unit, add


def nobody_tidied(sandbox: Sandbox) -> World:
    """For three days mail was read, and nothing else that fell due was done."""
    sandbox.clock.advance(timedelta(days=3))
    sandbox.read_mail()
    return sandbox.world()


def nobody_answered(sandbox: Sandbox) -> World:
    """A request lay unanswered past its date, while everything else was done."""
    for request in sandbox.world().requests.all():
        if request.open:
            sandbox.clock.move_to(request.conservative + timedelta(hours=1))
            break
    sandbox.clear()
    return sandbox.world()


def nobody_read_the_law(sandbox: Sandbox) -> World:
    """More than a year went by since anyone read the law's rules against their sources."""
    reviewed = sandbox.world().law_reviewed
    late = add(reviewed, Period(12, Unit.MONTHS)) + timedelta(days=2)
    sandbox.tidy()
    while sandbox.clock().date() < late:
        sandbox.clock.advance(timedelta(days=1))
    sandbox.tidy()
    return sandbox.world()


BREAKS = (
    Break("retention-run-on-time", nobody_tidied.__doc__ or "", nobody_tidied),
    Break("requests-answered-in-time", nobody_answered.__doc__ or "", nobody_answered),
    Break("law-profile-reviewed", nobody_read_the_law.__doc__ or "", nobody_read_the_law),
)
