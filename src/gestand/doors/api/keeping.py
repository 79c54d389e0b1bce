"""The statement in force, retention, proof, and the ledger's entries as JSON lines."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from gestand.doors.api.access import House, needs
from gestand.evidence.model import ProofRun
from gestand.kernel.clock import local_date
from gestand.kernel.errors import UsageError
from gestand.retention.rules import kept_in_groups
from gestand.staff.programs import Program

routes = APIRouter()
Watcher = Annotated[Program, Depends(needs("retention:read"))]
Sweeper = Annotated[Program, Depends(needs("retention:run"))]
ProofReader = Annotated[Program, Depends(needs("proof:read"))]
Prover = Annotated[Program, Depends(needs("proof:run"))]
EventReader = Annotated[Program, Depends(needs("events:read"))]
FURTHEST = timedelta(days=366 * 10)
"""How far ahead may be looked."""


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
