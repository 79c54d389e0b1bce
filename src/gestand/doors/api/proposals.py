"""Mails that may ask something, and the book of what came by letter, telephone or counter."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.encoders import jsonable_encoder
from pydantic import Field
from starlette.responses import Response

from gestand.doors.api.access import House, needs
from gestand.doors.api.bodies import After, Body, Limit, ProposalPath
from gestand.doors.api.once import Key, once
from gestand.doors.api.paging import page
from gestand.doors.api.requests import for_rights
from gestand.doors.api.second_look import ASKED, looked_at, named
from gestand.rights.model import Channel, Right
from gestand.rights.postbook import What
from gestand.rights.proposal import Proposal
from gestand.staff.model import Act
from gestand.staff.programs import Program

routes = APIRouter(tags=["requests"])
Reader = Annotated[Program, Depends(needs("requests:read"))]
Writer = Annotated[Program, Depends(needs("requests:write"))]


class Accepted(Body):
    """What a mail asks, if not what was proposed; who wrote, if not the sender."""

    right: Right | None = None
    contact: Annotated[str, Field(max_length=1000, pattern=r"^[^\x00]*$")] = ""


class NewPiece(Body):
    """A piece of post. ``filed``: where the paper lies, in words that name nobody."""

    way: Channel
    what: What
    filed: Annotated[str, Field(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    received_on: date | None = None
    request: Annotated[str, Field(pattern=r"^(req_[a-z2-7]{16})?$")] = ""
    message: Annotated[str, Field(max_length=80, pattern=r"^(msg_[a-z2-7=]+)?$")] = ""


@routes.get("/proposals")
def proposals(house: House, program: Reader, limit: Limit = 50, after: After = "") -> dict[str, Any]:
    """List mails that may ask something, with the reasons and the clock of their receipt."""
    del program
    found, following = page(house.proposals.after(after, limit + 1), lambda one: one.id, limit, after, ordered=True)
    return {"proposals": [_proposal(one) for one in found], "next": following}


@routes.post("/proposals/look")
def look(house: House, program: Writer) -> dict[str, Any]:
    """Read what came into the archive since the last look, and propose what may be a request."""
    for_rights(house, program)
    return {"proposals": [_proposal(one) for one in house.proposals.look(actor=program.actor)]}


@routes.post("/proposals/{proposal}/accept")
def accept(house: House, program: Writer, proposal: ProposalPath, body: Accepted) -> dict[str, Any]:
    """Make a request of a proposal; its clock runs from the receipt of the mail."""
    for_rights(house, program)
    made = house.proposals.accept(proposal, right=body.right, contact=body.contact, actor=program.actor)
    return {"request": made.id, "due": made.due.isoformat(), "conservative": made.conservative.isoformat()}


@routes.post("/proposals/{proposal}/dismiss", responses=ASKED)
def dismiss(house: House, program: Writer, proposal: ProposalPath) -> Response:
    """Say that a mail asks nothing of this: only a person does. Asked here, given in the office, then done."""
    for_rights(house, program)
    house.proposals.one(proposal)

    def do() -> dict[str, Any]:
        return _proposal(house.proposals.dismiss(proposal, actor=program.actor))

    return looked_at(house, program, Act.PROGRAM, named(f"dismiss {proposal}"), do)


@routes.get("/postbook")
def book(house: House, program: Reader, limit: Limit = 50, after: After = "") -> dict[str, Any]:
    """List what came by letter, telephone or counter."""
    del program
    found, following = page(house.post_book.all(), lambda one: one.id, limit, after)
    return {"pieces": [jsonable_encoder(one) for one in found], "next": following}


@routes.post("/postbook", status_code=201)
def enter(house: House, program: Writer, body: NewPiece, key: Key = None) -> Response:
    """Enter a piece of post."""

    def do() -> dict[str, Any]:
        made = house.post_book.add(
            body.way, body.what, filed=body.filed, received_on=body.received_on, request=body.request,
            message=body.message, actor=program.actor,
        )  # fmt: skip
        return {"entry": made.id}

    return once(house, program, key, ("postbook", body), do)


def _proposal(found: Proposal) -> dict[str, Any]:
    made: dict[str, Any] = jsonable_encoder(found)
    return {"proposal": made.pop("id"), **made}
