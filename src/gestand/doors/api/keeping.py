"""The statement in force, retention, proof, measures, and the ledger's entries as JSON lines."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.encoders import jsonable_encoder
from starlette.responses import Response

from gestand.doors.api.access import House, needs
from gestand.doors.api.bodies import After, Body, Limit, Line, NamePath
from gestand.doors.api.paging import page
from gestand.evidence.model import ProofRun
from gestand.kernel.clock import local_date
from gestand.kernel.errors import UsageError
from gestand.retention.certificate import Certificate, certificate, certificates
from gestand.retention.rules import kept_in_groups
from gestand.retention.tasks import Task
from gestand.staff.programs import Program

routes = APIRouter()
Watcher = Annotated[Program, Depends(needs("retention:read"))]
Sweeper = Annotated[Program, Depends(needs("retention:run"))]
ProofReader = Annotated[Program, Depends(needs("proof:read"))]
Prover = Annotated[Program, Depends(needs("proof:run"))]
Attester = Annotated[Program, Depends(needs("proof:attest"))]
EventReader = Annotated[Program, Depends(needs("events:read"))]
FURTHEST = timedelta(days=366 * 10)
"""How far ahead may be looked."""


class NewTask(Body):
    """What a person must remove elsewhere: the system and the kind of data, and nobody's name."""

    system: Line
    what: Line
    due: date


class Evidence(Body):
    """What shows that something was done."""

    evidence: Line


class Seen(Body):
    """What was seen of a measure."""

    evidence: Line
    in_place: bool = True


class LastProof:
    """The last proof of this process; one at a time is made."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.run: ProofRun | None = None


@routes.get("/statement", tags=["statement"])
def statement(house: House) -> dict[str, Any]:
    """Return the statement in force, clause by clause: public, as the page is."""
    found = house.publication.in_force()
    since = next((one.in_force_from for one in house.publication.history() if one.version == found.version), None)
    return {
        "version": found.version,
        "digest": found.digest,
        "in_force_from": since.isoformat() if since else None,
        "controller": found.policy.controller.name,
        "clauses": {
            text.language: [{"id": one.id, "text": one.text} for one in text.clauses] for text in found.texts
        },
    }  # fmt: skip


@routes.get("/retention/plan", tags=["retention"])
def plan(house: House, program: Watcher, on: date | None = None) -> dict[str, Any]:
    """Say what is due on a day, what would leave, and what stays and why. Nothing changes."""
    del program
    found = house.retention.plan(_bounded(house, on) if on else None)
    return {
        "on": found.on.isoformat(), "leaving": len(found.leaving), "moving": len(found.moving),
        "kept": [{"why": why, "until": until.isoformat() if until else None, "n": n} for why, until, n in kept_in_groups(found.staying)],
    }  # fmt: skip


@routes.get("/retention/forecast", tags=["retention"])
def forecast(house: House, program: Watcher, until: date) -> dict[str, Any]:
    """Say what leaves, by shelf and month."""
    del program
    found = house.retention.forecast(_bounded(house, until))
    return {
        "on": found.on.isoformat(), "until": found.until.isoformat(),
        "months": [
            {"month": one.month.isoformat()[:7], "shelf": one.shelf, "leaving": one.leaving, "moving": one.moving, "held": one.held}
            for one in found.months
        ],
    }  # fmt: skip


@routes.post("/retention/run", tags=["retention"])
def run(house: House, program: Sweeper) -> dict[str, Any]:
    """Let what is due today leave; done again it does nothing."""
    done = house.retention.run(actor=program.actor)
    return {
        "due": done.due, "erased": done.erased, "moved": done.moved, "kept": len(done.staying),
        "found_afterwards": done.found_afterwards, "certificate": done.certificate, "ledger_entry": done.entry,
    }  # fmt: skip


@routes.get("/retention/certificates", tags=["retention"])
def runs(house: House, program: Watcher, limit: Limit = 50, after: After = "") -> dict[str, Any]:
    """List what left in each run on record."""
    del program
    found, following = page(certificates(house.engine), lambda one: one.run, limit, after)
    return {"certificates": [_certificate(one) for one in found], "next": following}


@routes.get("/retention/certificates/{name}", tags=["retention"])
def one_run(house: House, program: Watcher, name: NamePath) -> dict[str, Any]:
    """Return the certificate of a run, with the ledger's receipt for it."""
    del program
    found = certificate(house.engine, house.ledger, name)
    return {
        **_certificate(found),
        "receipt": found.receipt,
        "text": found.text(house.publication.in_force().policy.controller.name),
    }


@routes.get("/tasks", tags=["retention"])
def tasks(house: House, program: Watcher, limit: Limit = 50, after: After = "") -> dict[str, Any]:
    """List what people must remove elsewhere, and by when."""
    del program
    found, following = page(house.tasks.all(), lambda one: one.id, limit, after)
    return {"tasks": [_task(one) for one in found], "next": following}


@routes.post("/tasks", status_code=201, tags=["retention"])
def open_task(house: House, program: Sweeper, body: NewTask) -> dict[str, Any]:
    """Open a task; the same one that is open already is returned as it is."""
    return _task(house.tasks.open(body.system, body.what, body.due, actor=program.actor))


@routes.post("/tasks/{name}/done", tags=["retention"])
def task_done(house: House, program: Sweeper, name: NamePath, body: Evidence) -> dict[str, Any]:
    """Record that a person did it, and what shows that."""
    return _task(house.tasks.done(name, body.evidence, actor=program.actor))


@routes.get("/measures", tags=["proof"])
def measures(house: House, program: ProofReader) -> dict[str, Any]:
    """List the measures that no machine can see, with who attested each last and until when that holds."""
    del program
    found = [(one, house.measures.last(one.id)) for one in house.measures.declared.values()]
    return {"measures": [{"measure": one.id, "last": jsonable_encoder(last)} for one, last in found]}


@routes.post("/measures/{name}/attest", tags=["proof"])
def attest(house: House, program: Attester, name: NamePath, body: Seen) -> dict[str, Any]:
    """Attest a measure: seen in place, or found lacking, and on what evidence."""
    made = house.measures.attest(name, evidence=body.evidence, actor=program.actor, in_place=body.in_place)
    told: dict[str, Any] = jsonable_encoder(made)
    return told


@routes.post("/ledger/verify", tags=["proof"])
def verify(request: Request, house: House, program: Prover) -> dict[str, Any]:
    """Verify the whole ledger; one at a time."""
    del program
    with request.app.state.proof.turn:
        head = house.ledger.verify()
    return {"size": head.size, "root": head.root.hex()}


@routes.post("/ledger/checkpoint", tags=["proof"])
def checkpoint(house: House, program: Prover) -> dict[str, Any]:
    """Sign the ledger as it stands."""
    del program
    return {"size": house.ledger.checkpoint().head.size, "signed": house.ledger.signed_text().decode("utf-8")}


@routes.get("/ledger/receipts/{entry}", tags=["events"])
def receipt(house: House, program: EventReader, entry: Annotated[int, Path(ge=0, le=2**53)]) -> dict[str, Any]:
    """Return the receipt of one entry: anybody verifies it offline with the public key."""
    del program
    if entry >= house.ledger.head().size:
        raise UsageError("entry-unknown", "there is no such entry", remedy="See the size of the ledger.")
    return {"entry": entry, "receipt": house.ledger.receipt(entry).to_text()}


@routes.get("/proof", tags=["proof"])
def proof(request: Request, program: ProofReader) -> dict[str, Any]:
    """Return the last proof: each clause with its verdict."""
    del program
    last: LastProof = request.app.state.proof
    if last.run is None:
        raise UsageError(
            "proof-unknown", "nothing was proven since the program began", remedy="POST to /api/v1/proof/run."
        )
    return _proof(last.run)


@routes.post("/proof/run", tags=["proof"])
def prove_now(request: Request, house: House, program: Prover) -> dict[str, Any]:
    """Run every control, and return each clause with its verdict."""
    from gestand.doors.house import world_of
    from gestand.evidence.service import prove

    del program
    last: LastProof = request.app.state.proof
    with last.turn:
        last.run = prove(world_of(house))
        return _proof(last.run)


@routes.get(
    "/events", tags=["events"],
    responses={200: {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}, "description": "Leaves, one a line."}},
    response_class=Response,
)  # fmt: skip
def events(
    house: House,
    program: EventReader,
    first: Annotated[int, Query(ge=0, le=2**53, description="The number of the first entry.")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> Response:
    """Return entries of the ledger as JSON lines: the exact leaf bytes, so that anyone can hash them (RFC 6962)."""
    del program
    size = house.ledger.head().size
    last = min(size, first + limit) - 1
    found = [entry.leaf for entry in islice(house.ledger.entries(first, last), limit)] if first < size else []
    following = first + len(found)
    return Response(
        b"".join(leaf + b"\n" for leaf in found), media_type="application/x-ndjson",
        headers={"gestand-next": str(following), "gestand-size": str(size)},
    )  # fmt: skip


def _certificate(found: Certificate) -> dict[str, Any]:
    return {
        "run": found.run, "at": found.at.isoformat(), "due": found.due, "erased": found.erased, "moved": found.moved,
        "kept": found.staying, "digest": found.digest,
    }  # fmt: skip


def _task(found: Task) -> dict[str, Any]:
    made: dict[str, Any] = jsonable_encoder(found)
    return {"task": made.pop("id"), **made}


def _bounded(house: House, day: date) -> date:
    today = local_date(house.clock())
    if not today - timedelta(days=366) <= day <= today + FURTHEST:
        raise UsageError("date", "this day lies too far away", remedy="Take a day from a year ago to ten years ahead.")
    return day


def _proof(found: ProofRun) -> dict[str, Any]:
    return {
        "statement": found.version,
        "at": found.at.isoformat(),
        "clauses": [
            {
                "id": one.clause.id, "verdict": str(one.finding),
                "controls": [
                    {"id": control.id, "verdict": str(control.verdict.finding), "proof": control.proof}
                    for control in one.controls
                ],
            }
            for one in found.clauses
        ],
        "ledger_entry": found.entry,
    }  # fmt: skip
