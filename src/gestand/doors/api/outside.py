"""What stands outside: other systems that hold copies, the outbox, the notice of a new version, the calendar of last days."""

from __future__ import annotations

import base64
from dataclasses import asdict
from datetime import date
from itertools import islice
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from fastapi.encoders import jsonable_encoder
from starlette.responses import Response

from gestand.doors.api.access import House, needs
from gestand.doors.api.bodies import Body, Language, Line, NamePath
from gestand.doors.api.requests import for_rights
from gestand.doors.api.second_look import ASKED, looked_at, named
from gestand.kernel.clock import local_date
from gestand.kernel.errors import GestandError, InputError, Problem
from gestand.post.model import Outgoing, State
from gestand.rights.calendar import calendar_of
from gestand.staff.model import Act
from gestand.staff.programs import Program

routes = APIRouter()
RequestReader = Annotated[Program, Depends(needs("requests:read"))]
PostReader = Annotated[Program, Depends(needs("post:read"))]
PostWriter = Annotated[Program, Depends(needs("post:write"))]
SourceReader = Annotated[Program, Depends(needs("sources:read"))]
Publisher = Annotated[Program, Depends(needs("statement:write"))]
ASKING = (State.IN_DOUBT, State.TO_PRINT, State.FAILED)
"""States of a message that wait for a person."""
MOST = 100


class Posted(Body):
    """On which day a letter was put in the post, and by whom, as the proof of sending says it."""

    by: Line
    on: date | None = None


class Settled(Body):
    """What became of a message in doubt."""

    outcome: Literal["arrived", "again"]


class Told(Body):
    """In which language who is concerned is told."""

    language: Language = "nl"


@routes.get("/calendar", tags=["requests"], response_class=Response,
            responses={200: {"content": {"text/calendar": {"schema": {"type": "string"}}}, "description": "RFC 5545."}})  # fmt: skip
def calendar(house: House, program: RequestReader) -> Response:
    """Return the last days of open requests as a calendar (RFC 5545); it names nobody."""
    del program
    running = list(house.requests.running())
    name = house.publication.in_force().policy.controller.name
    return Response(calendar_of(running, house.clock(), name), media_type="text/calendar; charset=utf-8")


@routes.get("/post", tags=["post"])
def post(house: House, program: PostReader) -> dict[str, Any]:
    """Count the outbox by state, and list what waits for a person; nothing is opened."""
    del program
    waiting = [one for state in ASKING for one in islice(house.post.all(state=state), MOST)]
    counts = {str(state): n for state, n in house.post.counts().items()}
    return {"counts": counts, "waiting": [_outgoing(one) for one in waiting], "reachable": house.post.reachable}


@routes.post("/post/deliver", tags=["post"])
def deliver(house: House, program: PostWriter) -> dict[str, Any]:
    """Send what waits now; one at a time does."""
    del program
    return {"counts": {str(state): n for state, n in house.post.deliver().counts.items()}}


@routes.post("/post/{message}/paper", tags=["post"])
def paper(house: House, program: PostWriter, message: NamePath) -> dict[str, Any]:
    """Open a letter on paper, as a PDF in base64, to be printed: its address and words are of a person who was answered."""
    for_rights(house, program)
    found = house.post.named(message)
    content = house.post.content(found.message_id, actor=program.actor, reason="printed")
    return {"file_name": f"{message}.pdf", "content": base64.b64encode(content).decode("ascii")}


@routes.post("/post/{message}/posted", tags=["post"])
def posted(house: House, program: PostWriter, message: NamePath, body: Posted) -> dict[str, Any]:
    """Record that a letter was put in the post."""
    for_rights(house, program)
    found, on = house.post.named(message), body.on or local_date(house.clock())
    return _outgoing(house.post.posted(found.message_id, on=on, by=body.by, actor=program.actor))


@routes.post("/post/{message}/settle", tags=["post"])
def settle(house: House, program: PostWriter, message: NamePath, body: Settled) -> dict[str, Any]:
    """Say that a message in doubt arrived, or let it go again under the same Message-ID."""
    for_rights(house, program)
    found = house.post.named(message)
    act = house.post.arrived if body.outcome == "arrived" else house.post.retry
    return _outgoing(act(found.message_id, actor=program.actor))


@routes.get("/sources", tags=["sources"])
def sources(house: House, program: SourceReader) -> dict[str, Any]:
    """List the systems that hold copies, as they are declared; nothing is connected to."""
    del program
    titles = house.sources.titles()
    return {"sources": [{"source": name, "nl": title.nl, "en": title.en} for name, title in titles.items()]}


@routes.post("/sources/{source}/test", tags=["sources"])
def test(house: House, program: SourceReader, source: NamePath) -> dict[str, Any]:
    """Connect to a source that is declared, compare it with what is there, and count what it holds."""
    del program
    found = house.sources.one(source)
    try:
        problems = found.test()
    except InputError as fault:
        problems = fault.problems
    except GestandError as fault:
        problems = (Problem(f"sources/{source}.toml", 0, fault.code, fault.message, fault.remedy),)
    told = [{"code": one.code, "message": one.message, "remedy": one.remedy} for one in problems]
    return {"source": source, "problems": told, "count": None if problems else found.count()}


@routes.post("/statement/versions/{version}/announce", tags=["statement"], responses=ASKED)
def announce(house: House, program: Publisher, version: NamePath, body: Told) -> Response:
    """Tell who is concerned of a new version, once a keeper has given it in the office."""
    house.announcing.announce(version, actor=program.actor, language=body.language, dry_run=True)

    def do() -> dict[str, Any]:
        made = house.announcing.announce(version, actor=program.actor, language=body.language)
        told: dict[str, Any] = jsonable_encoder(asdict(made))
        return told

    return looked_at(house, program, Act.PROGRAM, named(f"announce {version}", body), do)


def _outgoing(found: Outgoing) -> dict[str, Any]:
    return {
        "message": found.message_id.strip("<>").partition("@")[0], "kind": str(found.kind), "state": str(found.state),
    }  # fmt: skip
