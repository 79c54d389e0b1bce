"""Today: what is due, what is broken, which clocks run."""

from __future__ import annotations

from datetime import date, timedelta

from gestand.doors.office.pages.breaches import drawn
from gestand.doors.office.pages.staff import awaited
from gestand.doors.office.routes import NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.doors.office.words import FINDING, RIGHT, STATE
from gestand.doors.running.ticking import standing
from gestand.doors.web.pictures import clocks
from gestand.evidence.model import ClauseFinding
from gestand.kernel.clock import local_date
from gestand.post.model import State
from gestand.statement.policy import Text

SOON = timedelta(days=30)
MOST_RUNNING, MOST_DRAWN = 25, 12
"""Requests on the page, and in its picture: those that are due first."""


def today(visit: Visit) -> Answer:
    """Show what asks for somebody now."""
    house, on = visit.house, visit.today
    running = list(house.requests.running(MOST_RUNNING))
    timed = [
        (f"{RIGHT[one.right].into(visit.language)}", visit.to(f"requests/{one.id}"), local_date(one.received_at), local_date(one.conservative))
        for one in running[:MOST_DRAWN]
    ]  # fmt: skip
    due = house.vault.due_by_day(date(1971, 1, 1), on + timedelta(days=7))
    proof = visit.memory.proof
    measures = [(measure, house.measures.last(measure.id)) for measure in house.measures.declared.values()]
    lapsing = [(measure, last) for measure, last in measures if last is None or last.expires <= on + SOON]
    open_breaches = [case for case in house.breaches.running() if not case.breach.rehearsal]
    owed = [one for case in open_breaches for one in house.breaches.due(case)]
    return visit.page(
        "today.html",
        breaches=open_breaches,
        breach_clocks=drawn(visit, owed) if owed else None,
        waiting=_waiting(visit),
        running=[(one, (local_date(one.conservative) - on).days) for one in running],
        run=house.requests.count_running(),
        clocks=clocks(timed, on) if timed else None,
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


def _waiting(visit: Visit) -> list[tuple[str, int, Text]]:
    """Return what else waits for somebody: where it is done, how many, and what."""
    house, on = visit.house, visit.today
    tasks = [task for task in house.tasks.undone() if task.due <= on + timedelta(days=7)]
    told = house.sharing.orders_to_tell() if visit.person.keeper else []
    posts = house.post.counts()
    failing = [record for _, record, _, _ in standing(house) if record.failures]
    found = [
        ("requests#proposals", house.proposals.count_waiting(), Text(nl="berichten die misschien een verzoek zijn", en="messages that may be a request")),
        ("retention#tasks", len(tasks), Text(nl="elders weg te halen", en="to be removed elsewhere")),
        ("sharing", len(house.sharing.to_tell()), Text(nl="wijzigingen die ontvangers moeten horen", en="changes that recipients must be told of")),
        ("sharing/orders", len(told), Text(nl="vorderingen die nu verteld mogen worden", en="orders that may be told of now")),
        ("post", posts.get(State.IN_DOUBT, 0), Text(nl="mails die misschien verzonden zijn, zoek het uit", en="mails that were perhaps sent, find out")),
        ("post", posts.get(State.TO_PRINT, 0), Text(nl="brieven om te printen", en="letters to print")),
        ("settings#work", len(failing) if visit.person.keeper else 0, Text(nl="dingen die vanzelf gaan en niet lukken", en="things that go by themselves and fail")),
    ]  # fmt: skip
    return [line for line in found if line[1]]


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
