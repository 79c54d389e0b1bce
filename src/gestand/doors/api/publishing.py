"""The statement: every version, the draft with its problems and what it changes, publishing after a second look."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import ConfigDict, Field
from starlette.responses import Response

from gestand.doors.api.access import House, needs
from gestand.doors.api.bodies import Body, NamePath
from gestand.doors.api.second_look import ASKED, looked_at
from gestand.doors.drafting import Draft, draft_of, save_draft, typed
from gestand.evidence.registry import control_ids
from gestand.kernel.clock import local_date
from gestand.kernel.errors import InputError, UsageError
from gestand.staff.model import Act
from gestand.staff.programs import Program

routes = APIRouter(prefix="/statement", tags=["statement"])
Writer = Annotated[Program, Depends(needs("statement:write"))]


class DraftFile(Body):
    """A file of the draft, to the letter. ``save`` false: it is judged as if, and nothing is written."""

    model_config = ConfigDict(str_strip_whitespace=False)

    file: Annotated[str, Field(max_length=80, pattern=r"^[A-Za-z0-9._-]+$")]
    content: Annotated[str, Field(max_length=200_000, pattern=r"^[^\x00]*$")]
    save: bool = False


class Publishing(Body):
    """From which day on; today without it. ``digest``: that of the draft that was judged."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    start: date | None = None


@routes.get("/history")
def history(house: House) -> dict[str, Any]:
    """List every version with the day it came into force: public, as the page is."""
    found = sorted(house.publication.history(), key=lambda one: one.in_force_from, reverse=True)
    return {
        "versions": [
            {"version": one.version, "in_force_from": one.in_force_from.isoformat(), "digest": one.digest}
            for one in found
        ]
    }


@routes.get("/versions/{version}")
def version(house: House, version: NamePath) -> dict[str, Any]:
    """Return one version, clause by clause: public, as the page is."""
    found = house.publication.version(version)
    if found is None:
        raise UsageError("version-unknown", "there is no such version", remedy="See the history of the statement.")
    texts = {text.language: [{"id": one.id, "text": one.text} for one in text.clauses] for text in found.texts}
    return {"version": found.version, "digest": found.digest, "clauses": texts}


@routes.get("/draft")
def draft(house: House, program: Writer) -> dict[str, Any]:
    """Return the files of the draft, every problem of it, and what it changes in meaning."""
    del program
    found = draft_of(house)
    return {"files": {name: text.decode("utf-8", "replace") for name, text in found.files.items()}, **_judged(found)}


@routes.post("/draft")
def write(house: House, program: Writer, body: DraftFile) -> dict[str, Any]:
    """Judge the draft with one file as it is sent; with ``save``, write it: all of it, or nothing."""
    del program
    files = typed(house, body.file, body.content)
    if body.save:
        save_draft(house, body.file, files[body.file])
    return {"saved": body.save, **_judged(draft_of(house, files))}


@routes.post("/publish", responses=ASKED)
def publish(house: House, program: Writer, body: Publishing) -> Response:
    """Make the draft current from a day on, once a keeper has given exactly these words in the office."""
    found = draft_of(house)
    if found.read is None or found.errors:
        raise InputError(found.errors or found.problems)
    if found.read.digest != body.digest:
        raise UsageError(
            "draft-other",
            "the draft is not the one with this digest",
            remedy="Judge it again: GET /api/v1/statement/draft.",
        )
    read, start, publication = found.read, body.start or local_date(house.clock()), house.publication
    publication.publish(read, in_force_from=start, actor=program.actor, controls=control_ids(), dry_run=True)

    def do() -> dict[str, Any]:
        made = publication.publish(read, in_force_from=start, actor=program.actor, controls=control_ids())
        return {"version": made.version, "in_force_from": made.in_force_from.isoformat(), "digest": made.digest}

    return looked_at(house, program, Act.PUBLISH, read.digest, do)


def _judged(found: Draft) -> dict[str, Any]:
    return {
        "digest": found.read.digest if found.read else None,
        "problems": [
            {"file": one.file.rpartition("/")[2], "line": one.line, "code": one.code, "message": one.message, "remedy": one.remedy, "severity": one.severity}
            for one in found.problems
        ],
        "changes": [
            {"kind": str(one.kind), "what": one.what, "before": one.before, "after": one.after, "clauses": list(one.clauses)}
            for one in found.changes
        ],
    }  # fmt: skip
