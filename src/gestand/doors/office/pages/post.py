"""What goes out: what waits, what is in doubt, what is to be printed. A list opens nothing; printing a letter opens it, recorded."""

from __future__ import annotations

from itertools import islice

from gestand.doors.dutch.telling import words_in
from gestand.doors.office.pages.outreach import SENT
from gestand.doors.office.routes import NONE, RIGHTS, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.post.model import State
from gestand.statement.policy import Text

MOST = 100
ASKING = (State.IN_DOUBT, State.TO_PRINT, State.FAILED)
"""States that wait for a person."""


def post(visit: Visit) -> Answer:
    """Show how many messages stand where, and those that wait for a person."""
    outbox = visit.house.post
    outbox.recover()
    waiting = [one for state in ASKING for one in islice(outbox.all(state=state), MOST)]
    return visit.page(
        "post.html",
        counts=outbox.counts(),
        waiting=waiting,
        states=SENT,
        reachable=outbox.reachable,
        answers={one.message_id: _said(one.answer, visit.language) for one in waiting},
    )


def _said(answer: str, language: str) -> str:
    """Return what was said of a message: a server in its own words, this program in the language of the page."""
    return words_in(answer.partition(":")[0], answer, language)


def paper(visit: Visit) -> Answer:
    """Open a letter on paper, to be printed."""
    found = visit.house.post.named(visit.params["message"])
    content = visit.house.post.content(found.message_id, actor=visit.actor, reason="printed")
    return visit.file(content, f"{visit.params['message']}.pdf", "application/pdf")


def posted(visit: Visit) -> Answer:
    """Record that a letter was put in the post, when and by whom."""
    found = visit.house.post.named(visit.params["message"])
    day = visit.day("on", visit.today)
    gone = visit.house.post.posted(found.message_id, on=day, by=visit.person.name, actor=visit.actor)
    visit.house.post_book.sent(gone, actor=visit.actor, on=day)
    return visit.go("post")


def settle(visit: Visit) -> Answer:
    """Say that a message in doubt arrived, or let it go again under the same Message-ID."""
    found = visit.house.post.named(visit.params["message"])
    act = visit.house.post.arrived if "arrived" in visit.form else visit.house.post.retry
    act(found.message_id, actor=visit.actor)
    return visit.go("post")


def deliver(visit: Visit) -> Answer:
    """Send what waits now."""
    visit.house.post.deliver()
    return visit.go("post")


PAGE = Page(
    "post",
    Text(nl="Uitgaande post", en="Outgoing post"),
    (
        Route("post", "GET", "staff", NONE, post),
        Route("post/deliver", "POST", "staff", NONE, deliver),
        Route("post/{message}/paper", "POST", "staff", RIGHTS, paper),
        Route("post/{message}/posted", "POST", "staff", RIGHTS, posted),
        Route("post/{message}/settle", "POST", "staff", RIGHTS, settle),
    ),
)
