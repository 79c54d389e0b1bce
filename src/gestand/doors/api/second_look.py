"""What a program may ask and a person decides: it is asked once, and done when a keeper has given it in the office.

What gives somebody more than they had, what lifts a hold or opens a door that was shut, and what the law leaves to a person
(a rejection, Article 12(4)), no program does by itself. The rest it does where a scope and a purpose of its token allow
it, also what asks a fresh passkey of a person (docs/adr/0030).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from gestand.kernel.errors import RefusedError
from gestand.staff.model import Act
from gestand.staff.programs import Program
from gestand.system import System

LONGEST_NAME = 44
"""Characters of what is asked that a keeper sees; a mark of all that was sent follows."""
ASKED: dict[int | str, dict[str, Any]] = {
    202: {
        "description": "Asked. It is done when this is sent again after a keeper gave it in the office.",
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["approval", "waits_for"],
                    "properties": {"approval": {"type": "string"}, "waits_for": {"type": "string"}},
                }
            }
        },
    }
}


def looked_at(
    house: System,
    program: Program,
    act: Act,
    what: str,
    do: Callable[[], Mapping[str, Any] | None],
) -> Response:
    """Do something that was given in the office, and answer 200; else ask for it, and answer 202 with the approval.

    Using the approval up and the act are one transaction: what is refused uses nothing up.
    """
    now, approvals = house.clock(), house.staff.approvals
    try:
        with house.engine.transaction():
            approvals.use(act, what, actor=program.actor, now=now)
            done = do()
    except RefusedError as fault:
        if fault.code not in {"approval-missing", "approval-waiting"}:
            raise
    else:
        return JSONResponse(jsonable_encoder(done or {}))
    found = approvals.of(act, what, now=now) or house.staff.ask_approval(act, what, actor=program.actor)
    return waiting(house, found.id)


def waiting(house: System, approval: str) -> Response:
    """Answer 202 with what waits, and for whom."""
    found = next(one for one in house.staff.approvals.open(house.clock()) if one.id == approval)
    waits = "a keeper, in the office" if found.ready is None else found.ready.isoformat()
    return JSONResponse({"approval": found.id, "waits_for": waits}, 202)


def named(what: str, body: BaseModel | None = None) -> str:
    """Return what a keeper sees of an act: its name, and a mark that binds the approval to exactly what was sent."""
    sent = json.dumps([what, body.model_dump(mode="json") if body else None], sort_keys=True)
    return f"{what[:LONGEST_NAME]} {hashlib.sha256(sent.encode()).hexdigest()[:12]}"
