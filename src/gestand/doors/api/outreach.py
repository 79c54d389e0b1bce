"""Campaigns: made, tried, sent to whom may get them, stopped; and calls, each judged at that moment."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.encoders import jsonable_encoder
from pydantic import Field
from starlette.responses import Response

from gestand.doors.api.access import House, needs
from gestand.doors.api.bodies import (
    After,
    Body,
    CampaignPath,
    Language,
    Limit,
    Line,
    Name,
    SubjectPath,
    SubjectRef,
)
from gestand.doors.api.once import Key, once
from gestand.doors.api.paging import page
from gestand.doors.api.people import known
from gestand.kernel.ids import SubjectId
from gestand.outreach.model import Campaign, CampaignKind, Outcome, Via
from gestand.staff.programs import Program
from gestand.system import System

routes = APIRouter(prefix="/campaigns", tags=["outreach"])
Reader = Annotated[Program, Depends(needs("outreach:read"))]
Writer = Annotated[Program, Depends(needs("outreach:write"))]


class NewCampaign(Body):
    """A newsletter, service message or offer. ``template``: Markdown, or the words for a call."""

    kind: CampaignKind
    via: Via = Via.MAIL
    purpose: Name
    title: Line
    template: Annotated[str, Field(min_length=1, max_length=50_000, pattern=r"^[^\x00]+$")]
    language: Language = "nl"
    own_similar: bool | None = None
    stop_at_collection: bool | None = None


class Trial(Body):
    """An address of the firm that gets a trial message."""

    to: Annotated[str, Field(min_length=3, max_length=254, pattern=r"^[^\x00-\x20\x7f]+$")]


class Called(Body):
    """How a call went, whether the right to object was offered, and whether they objected."""

    subject: SubjectRef
    outcome: Outcome
    offered: bool
    objected: bool = False


@routes.get("")
def campaigns(house: House, program: Reader, limit: Limit = 50, after: After = "") -> dict[str, Any]:
    """List campaigns."""
    del program
    found, following = page(house.outreach.all(), lambda one: one.id, limit, after)
    return {"campaigns": [_campaign(one) for one in found], "next": following}


@routes.post("", status_code=201)
def make(house: House, program: Writer, body: NewCampaign, key: Key = None) -> Response:
    """Make a campaign; nothing is sent yet."""
    purpose = program.allow_purpose(body.purpose)

    def do() -> dict[str, Any]:
        made = house.outreach.new(
            body.kind, body.via, purpose, title=body.title, template=body.template, language=body.language,
            own_similar=body.own_similar, stop_at_collection=body.stop_at_collection, actor=program.actor,
        )  # fmt: skip
        return {"campaign": made.id}

    return once(house, program, key, ("campaigns", body), do)


@routes.get("/{campaign}")
def one(house: House, program: Reader, campaign: CampaignPath) -> dict[str, Any]:
    """Return a campaign with its words and what became of its messages or calls."""
    del program
    found = house.outreach.status(campaign)
    return {
        **_campaign(found.campaign),
        "template": found.campaign.template,
        "finished": found.finished,
        "messages": {str(state): n for state, n in found.messages.items()},
        "calls": dict(found.calls),
    }


@routes.get("/{campaign}/audience")
def audience(house: House, program: Reader, campaign: CampaignPath) -> dict[str, Any]:
    """Count who may get it and who is left out, by reason."""
    del program
    found = house.outreach.audience(campaign)
    return {
        "allowed": {str(why): n for why, n in found.counts(allowed=True).items()},
        "left_out": {str(why): n for why, n in found.counts(allowed=False).items()},
    }


@routes.get("/{campaign}/why/{subject}")
def why(house: House, program: Reader, campaign: CampaignPath, subject: SubjectPath) -> dict[str, Any]:
    """Say whether one person may get it, why, and by which articles."""
    del program
    found = house.outreach.why(campaign, known(house, subject))
    return {
        "allowed": found.allowed, "why": str(found.why), "reasons": list(found.reasons),
        "articles": list(found.articles), "must_do": list(found.must_do),
    }  # fmt: skip


@routes.post("/{campaign}/trial")
def trial(house: House, program: Writer, campaign: CampaignPath, body: Trial) -> dict[str, Any]:
    """Queue a trial message with invented values."""
    found = _mine(house, program, campaign)
    return {"message": house.outreach.test(found.id, body.to, actor=program.actor)}


@routes.post("/{campaign}/start")
def start(house: House, program: Writer, campaign: CampaignPath) -> dict[str, Any]:
    """Queue a message for everyone who may get it; each is judged again just before it leaves."""
    found = house.outreach.send(_mine(house, program, campaign).id, actor=program.actor)
    return {"queued": len(found.allowed), "left_out": sum(found.counts(allowed=False).values())}


@routes.post("/{campaign}/stop")
def stop(house: House, program: Writer, campaign: CampaignPath) -> dict[str, Any]:
    """Stop a campaign: what has not left does not leave."""
    found = _mine(house, program, campaign)
    return {"taken_back": house.outreach.stop(found.id, actor=program.actor)}


@routes.post("/{campaign}/calls")
def calls(
    house: House, program: Writer, campaign: CampaignPath, limit: Annotated[int, Query(ge=1, le=100)] = 25
) -> dict[str, Any]:
    """Open the next people to call, judged at this moment, with their numbers."""
    found = house.outreach.calls(_mine(house, program, campaign).id, actor=program.actor, limit=limit)
    return {"calls": [jsonable_encoder(asdict(line)) for line in found]}


@routes.post("/{campaign}/calls/record", status_code=204)
def record(house: House, program: Writer, campaign: CampaignPath, body: Called) -> None:
    """Record how a call went; an objection works at once."""
    house.outreach.record(
        _mine(house, program, campaign).id, SubjectId(body.subject), body.outcome, offered=body.offered,
        objected=body.objected, actor=program.actor,
    )  # fmt: skip


def _mine(house: System, program: Program, campaign: str) -> Campaign:
    """Return a campaign whose purpose the program may act for."""
    found = house.outreach.one(campaign)
    program.allow_purpose(found.purpose)
    return found


def _campaign(found: Campaign) -> dict[str, Any]:
    made: dict[str, Any] = jsonable_encoder(asdict(found))
    made.pop("template")
    return {"campaign": made.pop("id"), **made}
