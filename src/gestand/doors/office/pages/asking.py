"""Around a request: mails that may be one, codes by which somebody proves or follows, a pause while we must ask, a copy to take along."""

from __future__ import annotations

from gestand.doors.office.routes import RIGHTS, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.doors.public.table import path_of
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import SubjectId
from gestand.rights.calendar import calendar_of
from gestand.rights.model import Right
from gestand.rights.parcels import packed
from gestand.rights.portal.model import Level


def look(visit: Visit) -> Answer:
    """Read what came into the archive since, and propose what may be a request. Nothing happens by itself."""
    visit.house.proposals.look(actor=visit.actor)
    return visit.go("requests#proposals")


def accept(visit: Visit) -> Answer:
    """Make a request of a proposal; its clock runs from the receipt of the mail."""
    right = next((one for one in Right if one == visit.form.get("right")), None)
    made = visit.house.proposals.accept(
        visit.params["proposal"], right=right, contact=visit.form.get("contact", "").strip(), actor=visit.actor
    )
    return visit.go(f"requests/{made.id}")


def dismiss(visit: Visit) -> Answer:
    """Say that a mail asks nothing of this."""
    visit.house.proposals.dismiss(visit.params["proposal"], actor=visit.actor)
    return visit.go("requests#proposals")


def calendar(visit: Visit) -> Answer:
    """Give the last days of open requests as a calendar file; it names nobody."""
    running = list(visit.house.requests.running())
    made = calendar_of(running, visit.now, visit.policy.controller.name)
    return visit.file(made, "requests.ics", "text/calendar")


def code(visit: Visit) -> Answer:
    """Give a code for the portal, shown once: to follow the request, or (once identity is sure) also to fetch the answer."""
    level = Level.FETCH if visit.form.get("level") == "fetch" else Level.FOLLOW
    given = visit.house.portal.give(visit.params["request"], level, actor=visit.actor)
    return visit.page(
        "request_code.html", visit.say("Code voor het portaal", "Code for the portal"), given=given, fetches=level is Level.FETCH,
        portal={language: path_of("portal", language) for language in ("nl", "en")},
    )  # fmt: skip


def challenge(visit: Visit) -> Answer:
    """Send a one-time code to an address that is held of who asks; it works for ten minutes."""
    subject = visit.form.get("subject", "").strip()
    visit.house.requests.send_code(
        visit.params["request"], actor=visit.actor, subject=SubjectId(subject) if subject else None
    )
    return _back(visit)


def prove(visit: Visit) -> Answer:
    """Judge a code that somebody gave back; a right one settles who asks."""
    if not visit.house.requests.prove(visit.params["request"], visit.field("code"), actor=visit.actor):
        raise RefusedError(
            "identity-code",
            "this code proves nothing: it is wrong, older than ten minutes, used, or was tried too often",
            remedy="Send a new one.",
        )
    return _back(visit)


def pause(visit: Visit) -> Answer:
    """Record that you asked who it is, because you must; or that the question was answered."""
    act = visit.house.requests.resume if "answered" in visit.form else visit.house.requests.pause
    act(visit.params["request"], actor=visit.actor)
    return _back(visit)


def port(visit: Visit) -> Answer:
    """Give what the person provided, in forms that other programs read, and close the request (Article 20)."""
    request, requests = visit.params["request"], visit.house.requests
    packages = requests.letters.packages
    files: dict[str, bytes] = {}
    requests.port(request, actor=visit.actor, deliver=lambda copy: files.update(packages.of_copy(copy)))
    files.update(packages.receipt(request))
    return visit.file(packed(files), f"{request}.zip", "application/zip")


def _back(visit: Visit) -> Answer:
    return visit.go(f"requests/{visit.params['request']}")


PAGE = Page(
    "asking",
    None,
    (
        Route("requests/look", "POST", "staff", RIGHTS, look),
        Route("requests/calendar", "POST", "staff", RIGHTS, calendar),
        Route("requests/proposals/{proposal}/accept", "POST", "staff", RIGHTS, accept),
        Route("requests/proposals/{proposal}/dismiss", "POST", "staff", RIGHTS, dismiss),
        Route("requests/{request}/code", "POST", "staff", RIGHTS, code, fresh=True),
        Route("requests/{request}/challenge", "POST", "staff", RIGHTS, challenge),
        Route("requests/{request}/prove", "POST", "staff", RIGHTS, prove),
        Route("requests/{request}/pause", "POST", "staff", RIGHTS, pause),
        Route("requests/{request}/port", "POST", "staff", RIGHTS, port, fresh=True),
    ),
)
