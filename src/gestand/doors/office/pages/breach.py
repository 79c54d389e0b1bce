"""One breach: contain first, state what is known, count who is affected, judge, close. Every step is in its sealed file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gestand.breach.affected import Reach
from gestand.breach.closing import Rehearsed
from gestand.breach.containing import DOORS, Pull
from gestand.breach.model import Lever, Outcome, Part
from gestand.breach.questions import QUESTIONS
from gestand.breach.words import AUDIENCES, LEVERS, REPORTERS
from gestand.doors.office.breach_words import OUTCOME, PART, RISK, STEPS, WRITTEN
from gestand.doors.office.pages.breaches import drawn, first_due, state_of
from gestand.doors.office.routes import BREACH, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, SubjectId
from gestand.statement.policy import Text

OUTCOMES: tuple[Outcome, ...] = ("done", "by-hand", "not-needed")
HIDDEN = frozenset({Part.LIST, Part.ASSESSMENT, Part.REACH})
"""Pages of the file that stand on the page in another form."""


def breach(visit: Visit) -> Answer:
    """Open the file of a breach, and show where it stands and what is to be done."""
    service = visit.house.breaches
    case = service.case(visit.params["breach"])
    due = service.due(case)
    pages = service.read(case.breach.id, actor=visit.actor)
    judged: Mapping[str, Any] = json.loads(service.judgement(case.breach.id, actor=visit.actor).text())
    written = {part: json.loads(one.text) for one in pages if (part := one.page.part) in {name for name, _ in WRITTEN}}
    return visit.page(
        "breach.html", visit.say("Oefening", "Rehearsal") if case.breach.rehearsal else visit.say("Datalek", "Breach"),
        case=case, one=case.breach, due=due, first=first_due(due), stands=state_of(case), left=service.left(case),
        drawn=drawn(visit, list(due)), judged=judged, facts=_plain(judged["facts"]), questions=QUESTIONS,
        pages=[one for one in pages if one.page.part not in HIDDEN and one.page.part not in written], written=written,
        levers=LEVERS, levers_left=case.left(), outcomes=OUTCOME, doors=DOORS, shut=service.shut_doors(), risks=RISK,
        reporters=REPORTERS, audiences=AUDIENCES, parts=PART, to_write=WRITTEN, people=visit.house.staff.active(),
        sources=visit.house.sources.titles(), minutes=_minutes(service.rehearsed(case.breach.id)) if case.breach.rehearsal else {},
        steps=STEPS,
    )  # fmt: skip


def _plain(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return facts as the form has them."""
    return {name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for name, value in facts.items()}  # fmt: skip


def _minutes(done: Rehearsed) -> dict[str, int | None]:
    return {name: getattr(done, name) for name in STEPS}


def contain(visit: Visit) -> Answer:
    """Pull a lever, record what was done by hand, or say why it is not needed."""
    lever = next((one for one in Lever if one == visit.form.get("lever")), None)
    outcome = next((one for one in OUTCOMES if one == visit.form.get("outcome")), None)
    if lever is None or outcome is None:
        raise UsageError("field-empty", "'lever' or 'outcome' is empty", remedy="Choose one.")
    pull = Pull(lever, outcome, visit.form.get("target", "").strip(), visit.form.get("note", "").strip())
    visit.house.breaches.contain(visit.params["breach"], pull, actor=visit.actor)
    return _back(visit, "contain")


def reopen(visit: Visit) -> Answer:
    """Open a door again that was shut."""
    visit.house.breaches.open_door(visit.params["breach"], visit.field("door"), actor=visit.actor)
    return _back(visit, "contain")


def aware(visit: Visit) -> Answer:
    """State since when it is certain enough, and why then."""
    at = visit.moment("at")
    if at is None:
        raise UsageError("field-empty", "'at' is empty", remedy="Fill in since when.")
    visit.house.breaches.state_aware(
        visit.params["breach"], at, visit.field("why"), actor=visit.actor, staff="staff" in visit.form
    )
    return _back(visit, "known")


def facts(visit: Visit) -> Answer:
    """State what is known by now; an answer that was emptied is taken back."""
    service, name = visit.house.breaches, visit.params["breach"]
    before = _plain(json.loads(service.judgement(name, actor=visit.actor).text())["facts"])
    stated: dict[str, Any] = {}
    for question in QUESTIONS:
        answer = visit.form.get(f"k:{question.fact}", "")
        if answer != before.get(question.fact, ""):
            stated[question.fact] = _value(answer) if answer else None
    for line in visit.form.get("more", "").splitlines():
        fact, equals, value = (part.strip() for part in line.partition("="))
        if equals and fact:
            stated[fact] = _value(value) if value else None
        elif line.strip():
            raise UsageError("breach-fact", f"'{line.strip()}' is no fact", remedy="Write NAME=VALUE, one a line.")
    if stated:
        service.state_facts(name, stated, actor=visit.actor)
    return _back(visit, "known")


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # no JSON: the words as they stand
        return text


def people(visit: Visit) -> Answer:
    """Compute who was in reach, from the ledger, the vault and the archive; the list is sealed."""
    opened_by = visit.form.get("opened_by", "").strip()
    reach = Reach(
        opened_by=ActorId(opened_by) if opened_by else None,
        first=visit.moment("first"),
        last=visit.moment("last"),
        shelves=visit.many.get("shelf", ()),
        sources=visit.many.get("source", ()),
        everything="everything" in visit.form,
        mailbox=visit.form.get("mailbox", "").strip(),
        subjects=tuple(map(SubjectId, visit.form.get("subjects", "").split())),
        others=visit.number("others"),
    )
    visit.house.breaches.count_people(visit.params["breach"], reach, actor=visit.actor, replace="replace" in visit.form)
    return _back(visit, "people")


def listed(visit: Visit) -> Answer:
    """Open the sealed list of who is affected."""
    found = visit.house.breaches.listed(visit.params["breach"], actor=visit.actor)
    return visit.page(
        "breach_people.html", visit.say("Wie het raakt", "Who is affected"), found=found, one=visit.params["breach"]
    )


def assess(visit: Visit) -> Answer:
    """Judge what is known by now, and write it down."""
    visit.house.breaches.assess(visit.params["breach"], actor=visit.actor)
    return _back(visit, "judgement")


def confirm(visit: Visit) -> Answer:
    """Confirm by name what lets a duty fall, and what shows it."""
    visit.house.breaches.confirm(visit.params["breach"], visit.field("why"), actor=visit.actor)
    return _back(visit, "judgement")


def write(visit: Visit) -> Answer:
    """Write in plain words what happened, what it may mean, and what was done."""
    for part, _ in WRITTEN:
        nl, en = (visit.form.get(f"{part}:{language}", "").strip() for language in ("nl", "en"))
        if nl:
            visit.house.breaches.write(visit.params["breach"], part, Text(nl=nl, en=en or nl), actor=visit.actor)
    return _back(visit, "words")


def close(visit: Visit) -> Answer:
    """Close it, with what was learnt, once nothing is left to do."""
    visit.house.breaches.close(visit.params["breach"], lessons=visit.field("lessons"), actor=visit.actor)
    return _back(visit)


def _back(visit: Visit, at: str = "") -> Answer:
    return visit.go(f"breaches/{visit.params['breach']}" + (f"#{at}" if at else ""))


PAGE = Page(
    "breach",
    None,
    (
        Route("breaches/{breach}", "GET", "staff", BREACH, breach),
        Route("breaches/{breach}/contain", "POST", "staff", BREACH, contain, fresh=True),
        Route("breaches/{breach}/reopen", "POST", "keeper", BREACH, reopen, fresh=True),
        Route("breaches/{breach}/aware", "POST", "staff", BREACH, aware),
        Route("breaches/{breach}/facts", "POST", "staff", BREACH, facts),
        Route("breaches/{breach}/people", "POST", "staff", BREACH, people),
        Route("breaches/{breach}/people", "GET", "staff", BREACH, listed),
        Route("breaches/{breach}/assess", "POST", "staff", BREACH, assess),
        Route("breaches/{breach}/confirm", "POST", "keeper", BREACH, confirm, fresh=True),
        Route("breaches/{breach}/write", "POST", "staff", BREACH, write),
        Route("breaches/{breach}/close", "POST", "keeper", BREACH, close, fresh=True),
    ),
)
