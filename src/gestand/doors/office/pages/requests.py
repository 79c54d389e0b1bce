"""Requests of data subjects: take one in, judge who it is, see the plan beside the law, answer, erase, extend, reject."""

from __future__ import annotations

from datetime import datetime, time

from gestand.doors.handing import hand_over
from gestand.doors.office.refusals import told
from gestand.doors.office.routes import NONE, RIGHTS, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.doors.office.words import CHANNEL, CLOSING, DECISION, IDENTITY, OUTCOME, RIGHT, STATE
from gestand.doors.web.pictures import clocks
from gestand.kernel.clock import AMSTERDAM, local_date
from gestand.kernel.errors import GestandError
from gestand.kernel.ids import SubjectId
from gestand.rights.giving import Given
from gestand.rights.model import Channel, Closing, ErasureOutcome, Exempt, IdentityLevel, Right, SubjectRequest
from gestand.rights.parcels import packed
from gestand.rights.sending import Sent
from gestand.statement.policy import Text

MOST_CLOSED = 50
MOST_PROPOSALS = 50
MOST_RUNNING, MOST_DRAWN = 50, 25
"""Running requests on one page, and in its picture."""


def requests(visit: Visit) -> Answer:
    """List them: running ones by their last day, then the newest closed ones."""
    service, first = visit.house.requests, visit.asked("first")
    shown = list(service.running(MOST_RUNNING, first))
    run, waiting, past = service.count_running(), visit.house.proposals.count_waiting(), visit.asked("proposals")
    timed = [
        (RIGHT[one.right].into(visit.language), visit.to(f"requests/{one.id}"), local_date(one.received_at), local_date(one.conservative))
        for one in shown[:MOST_DRAWN]
    ]  # fmt: skip
    return visit.page(
        "requests.html",
        running=[(one, (local_date(one.conservative) - visit.today).days) for one in shown],
        run=run,
        later=first + MOST_RUNNING if run > first + MOST_RUNNING else None,
        closed=list(service.newest_ended(MOST_CLOSED)),
        drawn=clocks(timed, visit.today) if timed else None,
        proposals=list(visit.house.proposals.waiting(MOST_PROPOSALS, past)),
        more=past + MOST_PROPOSALS if waiting > past + MOST_PROPOSALS else None,
        **_words(),
    )  # fmt: skip


def _words() -> dict[str, object]:
    return {
        "rights": RIGHT,
        "channels": CHANNEL,
        "states": STATE,
        "levels": IDENTITY,
        "closings": CLOSING,
        "outcomes": OUTCOME,
        "decisions_": DECISION,
    }


def receive(visit: Visit) -> Answer:
    """Take a request in: it counts from its receipt, whoever it is from."""
    day = visit.day("received", visit.today)
    at = visit.now if day == visit.today else datetime.combine(day, time(12), AMSTERDAM)
    made = visit.house.requests.receive(
        visit.choice("right", Right), contact=visit.field("contact"), channel=visit.choice("channel", Channel),
        actor=visit.actor, received_at=at,
    )  # fmt: skip
    return visit.go(f"requests/{made.id}")


def one(visit: Visit) -> Answer:
    """Show one request: its clock with the law, what was decided, and what can be done now."""
    house = visit.house
    found = house.requests.one(visit.params["request"])
    plan, cannot = None, ""
    if found.open and found.right is Right.ERASURE and found.identity is not None:
        try:
            plan = house.requests.preview(found.id)
        except GestandError as fault:
            cannot = told(fault, visit.language)
    begun, due = local_date(found.received_at), local_date(found.conservative)
    return visit.page(
        "request.html", RIGHT[found.right].into(visit.language), one=found, plan=plan, cannot=cannot,
        days=(due - visit.today).days, decisions=house.requests.decisions(found.id),
        drawn=clocks([(visit.say("antwoorden", "answer"), "", begun, due)], visit.today) if found.open else None,
        paused=house.requests.paused(found.id), there=house.vault.exists(found.subject), held=len(house.vault.holdings(found.subject)), **_words(),
    )  # fmt: skip


def confirm(visit: Visit) -> Answer:
    """Record how identity was judged."""
    subject = visit.form.get("subject", "").strip()
    visit.house.requests.confirm(
        visit.params["request"], visit.choice("level", IdentityLevel), actor=visit.actor,
        subject=SubjectId(subject) if subject else None,
    )  # fmt: skip
    return _back(visit)


def extend(visit: Visit) -> Answer:
    """Extend by two months, put the letter in the outbox, and show it."""
    made = visit.house.requests.extend(visit.params["request"], visit.field("why"), actor=visit.actor)
    said, letters = visit.letter, visit.house.requests.letters
    sent = letters.extended(made.id, actor=visit.actor, language=said)
    return _letter(visit, made, letters.extension(made.id, sent.name)[said], sent)


def reject(visit: Visit) -> Answer:
    """Reject with a ground, put the letter in the outbox, and show it."""
    exempt = visit.choice("exempt", Exempt) if visit.form.get("exempt") else None
    made = visit.house.requests.reject(visit.params["request"], visit.field("why"), actor=visit.actor, exempt=exempt)
    said, letters = visit.letter, visit.house.requests.letters
    sent = letters.rejected(made.id, actor=visit.actor, language=said)
    return _letter(visit, made, letters.rejection(made.id, sent.name)[said], sent)


def close(visit: Visit) -> Answer:
    """Close a request that was carried out on the data themselves, and tell who asked."""
    visit.house.requests.close(visit.params["request"], visit.choice("outcome", Closing), actor=visit.actor)
    visit.house.requests.letters.closed(visit.params["request"], actor=visit.actor)
    return _back(visit)


def given(visit: Visit) -> Answer:
    """Record that who asked was given an answer or a notice by hand."""
    visit.house.requests.given(
        visit.params["request"], visit.choice("what", Given), visit.choice("way", Channel), on=visit.day("on", visit.today),
        actor=visit.actor,
    )  # fmt: skip
    return _back(visit)


def plan(visit: Visit) -> Answer:
    """Record the plan of an erasure."""
    visit.house.requests.plan(visit.params["request"], actor=visit.actor)
    return _back(visit)


def erase(visit: Visit) -> Answer:
    """Carry out the plan, search again, put the letter in the outbox, and show it."""
    said, letters = visit.letter, visit.house.requests.letters
    told: list[tuple[str, Sent]] = []

    def deliver(outcome: ErasureOutcome) -> None:
        sent = letters.erased(outcome, actor=visit.actor, language=said)
        told.append((letters.erasure(outcome, actor=visit.actor)[said], sent))

    visit.house.requests.erase(visit.params["request"], actor=visit.actor, deliver=deliver)
    return _letter(visit, visit.house.requests.one(visit.params["request"]), *told[0])


def answer(visit: Visit) -> Answer:
    """Answer an access request: everything held with its context, as a file to hand over."""
    packages = visit.house.requests.letters.packages
    made: dict[str, bytes] = {}
    request = visit.params["request"]
    visit.house.requests.answer(
        request, actor=visit.actor, deliver=lambda found: made.update(packages.of_access(found))
    )
    return visit.file(packed({**made, **packages.receipt(request)}), f"{request}.zip", "application/zip")


def handed(visit: Visit) -> Answer:
    """Seal the answer under a code that is shown once, and tell who asked that it waits in the portal."""
    made = hand_over(visit.house, visit.params["request"], actor=visit.actor, language=visit.letter)
    one = visit.house.requests.one(visit.params["request"])
    return visit.page("handed.html", visit.say("Antwoord klaar", "Answer ready"), one=one, handed=made)


def _letter(visit: Visit, found: SubjectRequest, letter: str, sent: Sent) -> Answer:
    return visit.page("letter.html", visit.say("Brief", "Letter"), one=found, letter=letter, sent=sent)


def _back(visit: Visit) -> Answer:
    return visit.go(f"requests/{visit.params['request']}")


PAGE = Page(
    "requests",
    Text(nl="Verzoeken", en="Requests"),
    (
        Route("requests", "GET", "staff", NONE, requests),
        Route("requests/receive", "POST", "staff", RIGHTS, receive),
        Route("requests/{request}", "GET", "staff", RIGHTS, one),
        Route("requests/{request}/confirm", "POST", "staff", RIGHTS, confirm),
        Route("requests/{request}/extend", "POST", "staff", RIGHTS, extend),
        Route("requests/{request}/reject", "POST", "staff", RIGHTS, reject, fresh=True),
        Route("requests/{request}/close", "POST", "staff", RIGHTS, close),
        Route("requests/{request}/given", "POST", "staff", RIGHTS, given),
        Route("requests/{request}/plan", "POST", "staff", RIGHTS, plan),
        Route("requests/{request}/erase", "POST", "staff", RIGHTS, erase, fresh=True),
        Route("requests/{request}/answer", "POST", "staff", RIGHTS, answer, fresh=True),
        Route("requests/{request}/hand-over", "POST", "staff", RIGHTS, handed, fresh=True),
    ),
)
