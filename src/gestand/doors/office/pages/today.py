"""Today: what is due, what is broken, which clocks run."""

from __future__ import annotations

from gestand.doors.office.routes import NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.statement.policy import Text


def today(visit: Visit) -> Answer:
    """Show what asks for somebody now."""
    return visit.page("today.html", visit.say("Vandaag", "Today"))


PAGE = Page(
    "today",
    Text(nl="Vandaag", en="Today"),
    (Route("today", "GET", "staff", NONE, today), Route("", "GET", "staff", NONE, today)),
)
