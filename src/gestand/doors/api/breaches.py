"""Breaches: report, contain, count, judge, close. The file's own words open under ``breaches:write``, into the ledger."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from fastapi.encoders import jsonable_encoder
from pydantic import AwareDatetime, Field
from starlette.responses import Response

from gestand.breach.affected import Reach
from gestand.breach.containing import DOORS, Pull
from gestand.breach.filing import file_place
from gestand.breach.model import Case, Lever, Outcome, Reporter
from gestand.breach.notices import DueNotice
from gestand.breach.registering import as_json as register_document
from gestand.doors.api.access import House, needs
from gestand.doors.api.bodies import After, Body, BreachPath, Limit, Line, SubjectRef, Words
from gestand.doors.api.once import Key, once
from gestand.doors.api.paging import page
from gestand.doors.api.second_look import ASKED, looked_at, named
from gestand.kernel.ids import ActorId, SubjectId
from gestand.staff.model import Act
from gestand.staff.programs import Program
from gestand.system import System

routes = APIRouter(prefix="/breaches", tags=["breaches"])
Reader = Annotated[Program, Depends(needs("breaches:read"))]
Reporting = Annotated[Program, Depends(needs("breaches:report"))]
Scoped = Annotated[Program, Depends(needs("breaches:write"))]


def for_breaches(house: House, program: Scoped) -> Program:
    """Return a program that may also act for the purpose under which files of breaches are kept, as in the office.

    :raises RefusedError: ``token-purpose``.
    """
    program.allow_purpose(file_place(house.publication.in_force().policy).purpose)
    return program


Writer = Annotated[Program, Depends(for_breaches)]
Fact = bool | int | float | str | None


class NewBreach(Body):
    """A report of what may be a data breach."""

    what: Words
    contact: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] = ""
    reporter: Reporter = Reporter.OUTSIDER
    rehearsal: bool = False


class Aware(Body):
    """Since when there was reasonable certainty, and why then; ``staff``: those in charge knew later."""

    at: AwareDatetime
    why: Line
    staff: bool = False


class Facts(Body):
    """Facts in the vocabulary of ``gestand law breach``; null withdraws one."""

    facts: Annotated[dict[Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")], Fact | list[Fact]], Field(max_length=60)]


class Lifted(Body):
    """A lever: pulled here, by hand, or not needed. ``target``: a door, a source or a person; ``note``: what, or why not."""

    lever: Lever
    outcome: Outcome = "done"
    target: Annotated[str, Field(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    note: Annotated[str, Field(max_length=1000, pattern=r"^[^\x00]*$")] = ""


class Door(Body):
    """A door that is opened again."""

    door: Literal["public", "portal", "office", "api"]


class Reached(Body):
    """Where the breach could reach; what is named adds up. ``replace``: instead of what was counted before."""

    opened_by: Annotated[str, Field(max_length=80)] = ""
    first: AwareDatetime | None = None
    last: AwareDatetime | None = None
    shelves: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    sources: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    dossiers: Annotated[tuple[Line, ...], Field(max_length=200)] = ()
    backup: Annotated[str, Field(max_length=40)] = ""
    everything: bool = False
    mailbox: Annotated[str, Field(max_length=200)] = ""
    subjects: Annotated[tuple[SubjectRef, ...], Field(max_length=1000)] = ()
    others: Annotated[int, Field(ge=0, le=100_000_000)] = 0
    replace: bool = False


class Confirmed(Body):
    """Why a duty may fall."""

    why: Line


class Closed(Body):
    """What was learnt."""

    lessons: Words


@routes.post("", status_code=201)
def report(house: House, program: Reporting, body: NewBreach, key: Key = None) -> Response:
    """Report what may be a data breach; its clock runs."""

    def do() -> dict[str, Any]:
        found = house.breaches.report(
            body.what, reporter=body.reporter, actor=program.actor, contact=body.contact, rehearsal=body.rehearsal
        )
        return {"breach": found.id, "reported_at": found.reported_at.isoformat()}

    return once(house, program, key, ("breaches", body), do)


@routes.get("")
def breaches(house: House, program: Reader, limit: Limit = 50, after: After = "") -> dict[str, Any]:
    """List breaches with their clocks; what was written about them opens under another scope."""
    del program
    found, following = page(house.breaches.all(), lambda case: case.breach.id, limit, after)
    return {"breaches": [_listed(one) for one in found], "next": following}


@routes.post("/register")
def register(house: House, program: Writer) -> dict[str, Any]:
    """Open the register of Article 33(5): every breach, notified or not; no rehearsals."""
    lines = house.breaches.register(actor=program.actor)
    return register_document(lines, house.publication.in_force().policy.controller.name, house.clock())


@routes.get("/{breach}")
def one(house: House, program: Reader, breach: BreachPath) -> dict[str, Any]:
    """Return one breach: what is owed to whom and by when, which levers are left, what must be done before it closes."""
    del program
    return case_of(house, breach)


@routes.post("/{breach}/read")
def read(house: House, program: Writer, breach: BreachPath) -> dict[str, Any]:
    """Open the whole file."""
    pages = house.breaches.read(breach, actor=program.actor)
    return {
        "pages": [
            {"part": str(one.page.part), "at": one.page.at.isoformat(), "by": one.page.actor, "text": one.text}
            for one in pages
        ]
    }


@routes.post("/{breach}/aware")
def aware(house: House, program: Writer, breach: BreachPath, body: Aware) -> dict[str, Any]:
    """State since when there was reasonable certainty."""
    house.breaches.state_aware(breach, body.at, body.why, actor=program.actor, staff=body.staff)
    return case_of(house, breach)


@routes.post("/{breach}/facts")
def facts(house: House, program: Writer, breach: BreachPath, body: Facts) -> dict[str, Any]:
    """State facts, and judge anew; what cannot be read counts as a risk."""
    house.breaches.state_facts(breach, body.facts, actor=program.actor)
    return case_of(house, breach)


@routes.post("/{breach}/contain")
def contain(house: House, program: Writer, breach: BreachPath, body: Lifted) -> dict[str, Any]:
    """Pull a lever, record what was done by hand, or say why it is not needed."""
    pull = Pull(body.lever, body.outcome, body.target, body.note)
    step = house.breaches.contain(breach, pull, actor=program.actor)
    return {"lever": str(step.lever), "outcome": step.outcome, "count": step.count}


@routes.post("/{breach}/doors/open", responses=ASKED)
def open_door(house: House, program: Writer, breach: BreachPath, body: Door) -> Response:
    """Open a door again that was shut, once a keeper has given it in the office."""
    house.breaches.case(breach)

    def do() -> dict[str, Any]:
        house.breaches.open_door(breach, body.door, actor=program.actor)
        return {"open": [door for door in DOORS if door not in house.breaches.shut_doors()]}

    return looked_at(house, program, Act.PROGRAM, named(f"open {body.door} {breach}", body), do)


@routes.post("/{breach}/people")
def people(house: House, program: Writer, breach: BreachPath, body: Reached) -> dict[str, Any]:
    """Compute who was in reach from the ledger, the vault and the archive; the list is sealed."""
    reach = Reach(
        opened_by=ActorId(body.opened_by) if body.opened_by else None, first=body.first, last=body.last,
        shelves=body.shelves, sources=body.sources, dossiers=body.dossiers, backup=body.backup,
        everything=body.everything, mailbox=body.mailbox, subjects=tuple(map(SubjectId, body.subjects)),
        others=body.others,
    )  # fmt: skip
    found = house.breaches.count_people(breach, reach, actor=program.actor, replace=body.replace)
    return {**jsonable_encoder(asdict(found)), "fields": dict(found.fields)}


@routes.post("/{breach}/people/list")
def listed(house: House, program: Writer, breach: BreachPath) -> dict[str, Any]:
    """Open the sealed list of who is affected."""
    found = house.breaches.listed(breach, actor=program.actor)
    return {"people": [{"subject": one.subject, "fields": dict(one.counts)} for one in found]}


@routes.post("/{breach}/assess")
def assess(house: House, program: Writer, breach: BreachPath) -> dict[str, Any]:
    """Judge what is known by now, and write the judgement down with its reasons."""
    house.breaches.assess(breach, actor=program.actor)
    law = house.breaches.judgement(breach, actor=program.actor).assessment
    return {
        **case_of(house, breach),
        "reasons": list(law.reasons),
        "articles": list(law.articles),
        "missing": list(law.missing),
    }


@routes.post("/{breach}/confirm", responses=ASKED)
def confirm(house: House, program: Writer, breach: BreachPath, body: Confirmed) -> Response:
    """Confirm what lets a duty fall: a person does. Asked here, given in the office, then done."""
    house.breaches.case(breach)

    def do() -> dict[str, Any]:
        house.breaches.confirm(breach, body.why, actor=program.actor)
        return case_of(house, breach)

    return looked_at(house, program, Act.PROGRAM, named(f"confirm {breach}", body), do)


@routes.post("/{breach}/close")
def close(house: House, program: Writer, breach: BreachPath, body: Closed) -> dict[str, Any]:
    """Close it, with what was learnt; refused while something is left to do."""
    house.breaches.close(breach, lessons=body.lessons, actor=program.actor)
    return case_of(house, breach)


def case_of(house: System, breach: str) -> dict[str, Any]:
    """Return what is known of a breach without opening its file."""
    case = house.breaches.case(breach)
    judged = case.assessed
    return {
        **_listed(case),
        "due": [_due(one) for one in house.breaches.due(case)],
        "left": [one.en for one in house.breaches.left(case)],
        "levers": [str(lever) for lever in case.left()],
        "people": case.affected.all_people if case.affected else None,
        "listed": case.listed,
        "told": case.told,
        "judged": jsonable_encoder(asdict(judged)) if judged else None,
    }


def _listed(case: Case) -> dict[str, Any]:
    return {
        "breach": case.breach.id, "reporter": str(case.breach.reporter), "rehearsal": case.breach.rehearsal,
        "reported_at": case.breach.reported_at.isoformat(), "clock_from": case.breach.counted_from.isoformat(),
        "open": case.breach.open,
    }  # fmt: skip


def _due(found: DueNotice) -> dict[str, Any]:
    return {
        "to": str(found.audience), "owed": found.owed, "due": found.due.isoformat() if found.due else None,
        "done_at": found.done_at.isoformat() if found.done_at else None, "late": found.late,
        "why": {"nl": found.why.nl, "en": found.why.en}, "articles": list(found.articles),
    }  # fmt: skip
