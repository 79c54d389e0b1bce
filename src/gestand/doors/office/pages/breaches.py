"""Breaches: report one at once, see which clocks run, rehearse, and the register of Article 33(5). A list opens no file."""

from __future__ import annotations

from gestand.breach.model import Case, Reporter
from gestand.breach.notices import Audience, DueNotice
from gestand.breach.registering import as_xlsx
from gestand.breach.words import AUDIENCES, REPORTERS
from gestand.doors.office.breach_words import RISK
from gestand.doors.office.routes import BREACH, NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.doors.web.pictures import HourClocks, hour_clocks
from gestand.kernel.errors import UsageError
from gestand.statement.policy import Text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MOST_LISTED = 100
"""Reports on the page, the newest; what is open is always there."""


def breaches(visit: Visit) -> Answer:
    """List what was reported, newest first, with the clocks that run."""
    service = visit.house.breaches
    cases = [(case, service.due(case)) for case in service.recent(MOST_LISTED)]
    running = [(case, due) for case, due in cases if case.breach.open]
    owed = [one for case, due in running if not case.breach.rehearsal for one in due]
    return visit.page(
        "breaches.html", cases=cases, running=running, drawn=drawn(visit, owed) if owed else None, risks=RISK,
        reporters=REPORTERS, audiences=AUDIENCES, shut=sorted(service.shut_doors()), authority=visit.policy.breach.authority,
    )  # fmt: skip


def drawn(visit: Visit, due: list[DueNotice]) -> HourClocks:
    """Return the clocks of notices as a picture."""
    said = [one for one in due if one.owed or one.late or one.audience is Audience.AUTHORITY]
    return hour_clocks(
        [(AUDIENCES[one.audience].into(visit.language), one.since, one.due, one.done_at) for one in said], visit.now
    )


def report(visit: Visit) -> Answer:
    """List a report at once: whoever saw it, whatever it will turn out to be."""
    by = next((one for one in Reporter if one == visit.form.get("by")), None)
    if by is None:
        raise UsageError("field-empty", "'by' is empty", remedy="Say who reported it.")
    made = visit.house.breaches.report(
        visit.field("what"), reporter=by, contact=visit.form.get("contact", "").strip(),
        reported_at=visit.moment("received"), actor=visit.actor, rehearsal="rehearsal" in visit.form,
    )  # fmt: skip
    return visit.go(f"breaches/{made.id}")


def register(visit: Visit) -> Answer:
    """Give the register of Article 33(5) as a workbook; every file is opened for it."""
    return visit.file(as_xlsx(visit.house.breaches.register(actor=visit.actor)), "register.xlsx", XLSX)


def first_due(due: tuple[DueNotice, ...]) -> DueNotice | None:
    """Return what is due first of all that waits."""
    waiting = [one for one in due if one.waiting and one.due is not None]
    return min(waiting, key=lambda one: one.due or one.since, default=None)


def state_of(case: Case) -> Text:
    """Return in a word where a breach stands."""
    if not case.breach.open:
        return Text(nl="afgesloten", en="closed")
    return Text(nl="loopt", en="running") if case.assessed else Text(nl="nog niet beoordeeld", en="not judged yet")


PAGE = Page(
    "breaches",
    Text(nl="Datalekken", en="Breaches"),
    (
        Route("breaches", "GET", "staff", NONE, breaches),
        Route("breaches/report", "POST", "staff", NONE, report),
        Route("breaches/register", "POST", "staff", BREACH, register, fresh=True),
    ),
)
