"""The statement and its policy: read it, change the draft with the check and the meaning beside it, publish after a second look."""

from __future__ import annotations

from markupsafe import Markup

from gestand.doors.drafting import Draft, draft_of, save_draft, typed
from gestand.doors.dutch.telling import problem_in
from gestand.doors.office.routes import NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.doors.web.meaning import Meaning, meanings
from gestand.evidence.registry import control_ids
from gestand.kernel.errors import InputError, UsageError
from gestand.publication.rules import NOTICE_DAYS
from gestand.staff.model import Act
from gestand.statement.model import Statement
from gestand.statement.policy import Text
from gestand.statement.render import render_html


def statement(visit: Visit) -> Answer:
    """Show the version in force, in the language of the page."""
    current = visit.house.publication.in_force()
    return visit.page(
        "statement.html",
        statement=current,
        body=Markup(render_html(current.text(visit.language))),  # noqa: S704 - made by statement.render, which escapes all text
        history=sorted(visit.house.publication.history(), key=lambda one: one.in_force_from, reverse=True),
        findings={result.clause.id: result.finding for result in visit.memory.proof.clauses}
        if visit.memory.proof
        else {},
    )


def draft(visit: Visit) -> Answer:
    """Show the files of the draft, and what they would change."""
    found = draft_of(visit.house)
    name = visit.query.get("file", "policy.toml")
    if name not in found.files:
        raise UsageError("page-unknown", f"there is no {name}", remedy="Choose one of the files.")
    read = found.read
    wanted = visit.house.staff.approvals.of(Act.PUBLISH, read.digest, now=visit.now) if read else None
    return visit.page(
        "draft.html", visit.say("Ontwerp", "Draft"), files=sorted(found.files), file=name,
        content=found.files[name].decode("utf-8", "replace"), **_judged(visit, found), notice_days=NOTICE_DAYS,
        wanted=wanted, waiting=visit.house.config.waiting_minutes,
        published=bool(read and any(one.digest == read.digest for one in visit.house.publication.history())),
    )  # fmt: skip


def live(visit: Visit) -> Answer:
    """Judge the draft as it would be with what is typed; nothing is written."""
    found = draft_of(visit.house, typed(visit.house, visit.field("file"), visit.form.get("content", "")))
    return visit.page("draft_judged.html", "", **_judged(visit, found), notice_days=NOTICE_DAYS)


def save(visit: Visit) -> Answer:
    """Write a file of the draft: all of it, or nothing."""
    name = visit.field("file")
    save_draft(visit.house, name, typed(visit.house, name, visit.form.get("content", ""))[name])
    return visit.go(f"statement/draft?file={name}")


def ask(visit: Visit) -> Answer:
    """Ask for a second look at the draft exactly as it is now."""
    visit.house.staff.ask_approval(Act.PUBLISH, _sound(visit).digest, actor=visit.actor)
    return visit.go("statement/draft")


def publish(visit: Visit) -> Answer:
    """Make the draft current from a day on, with the approval that was given for exactly these words."""
    read = _sound(visit)
    start = visit.day("start", visit.today)
    publication, staff = visit.house.publication, visit.house.staff
    publication.publish(read, in_force_from=start, actor=visit.actor, controls=control_ids(), dry_run=True)
    staff.approvals.use(Act.PUBLISH, read.digest, actor=visit.actor, now=visit.now)
    publication.publish(read, in_force_from=start, actor=visit.actor, controls=control_ids())
    return visit.go("statement")


def _judged(visit: Visit, found: Draft) -> dict[str, object]:
    """Return what the check says and what changes in meaning, in the language of the page."""
    told: tuple[Meaning, ...] = ()
    if found.read is not None and found.changes:
        told = meanings(found.changes, visit.house.publication.in_force(), found.read, visit.language)
    return {
        "problems": [problem_in(one, visit.language) for one in found.problems], "wrong": bool(found.errors), "changes": told, "draft": found.read,
    }  # fmt: skip


def _sound(visit: Visit) -> Statement:
    found = draft_of(visit.house)
    if found.read is None or found.errors:
        raise InputError(found.errors or found.problems)
    return found.read


PAGE = Page(
    "statement",
    Text(nl="Verklaring", en="Statement"),
    (
        Route("statement", "GET", "staff", NONE, statement),
        Route("statement/draft", "GET", "staff", NONE, draft),
        Route("statement/live", "POST", "staff", NONE, live),
        Route("statement/save", "POST", "keeper", NONE, save),
        Route("statement/ask", "POST", "keeper", NONE, ask, fresh=True),
        Route("statement/publish", "POST", "keeper", NONE, publish, fresh=True),
    ),
    group="promise",
)
