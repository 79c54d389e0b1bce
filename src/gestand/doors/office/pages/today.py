"""Today: what is due, what is broken, which clocks run."""

from __future__ import annotations

from datetime import date, timedelta

from gestand.doors.office.pages.staff import awaited
from gestand.doors.office.routes import NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.doors.office.words import FINDING, RIGHT, STATE
from gestand.doors.web.pictures import clocks
from gestand.evidence.model import ClauseFinding
from gestand.kernel.clock import local_date
from gestand.statement.policy import Text

SOON = timedelta(days=30)


def today(visit: Visit) -> Answer:
    """Show what asks for somebody now."""
    house, on = visit.house, visit.today
    running = sorted((one for one in house.requests.all() if one.open), key=lambda one: one.conservative)
    timed = [
        (f"{RIGHT[one.right].into(visit.language)}", visit.to(f"requests/{one.id}"), local_date(one.received_at), local_date(one.conservative))
        for one in running
    ]  # fmt: skip
    due = house.vault.due_by_day(date.min.replace(year=1971), on + timedelta(days=7))
    proof = visit.memory.proof
    measures = [(measure, house.measures.last(measure.id)) for measure in house.measures.declared.values()]
    lapsing = [(measure, last) for measure, last in measures if last is None or last.expires <= on + SOON]
    return visit.page(
        "today.html",
        running=[(one, (local_date(one.conservative) - on).days) for one in running],
        drawn=clocks(timed, on) if timed else None,
        leaving=sum(count for day, count in due.items() if day <= on),
        leaving_soon=sum(count for day, count in due.items() if day > on),
        proof=proof,
        broken=[result for result in proof.clauses if result.finding is ClauseFinding.BROKEN] if proof else [],
        lapsing=lapsing,
        approvals=awaited(visit),
        coming=[one for one in house.publication.history() if one.in_force_from > on],
        rights=RIGHT,
        states=STATE,
        findings=FINDING,
        me=house.staff.person(visit.person.id),
    )


def prove(visit: Visit) -> Answer:
    """Run every control now."""
    visit.memory.prove()
    return visit.go("today")


PAGE = Page(
    "today",
    Text(nl="Vandaag", en="Today"),
    (
        Route("today", "GET", "staff", NONE, today),
        Route("", "GET", "staff", NONE, today),
        Route("today/prove", "POST", "staff", NONE, prove),
    ),
)
