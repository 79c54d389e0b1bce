"""The Data Rights Protocol 0.9 (Consumer Reports): an agent passes a request on for somebody, signed, and follows it.

    POST   /api/drp/v1/data-rights-request         exercise a right
    GET    /api/drp/v1/data-rights-request/{id}    how it stands
    DELETE /api/drp/v1/data-rights-request/{id}    take it back
    POST   /api/drp/v1/agent/{agent}               get a token, against a signature
    GET    /api/drp/v1/agent/{agent}               does the token still work

An agent acts for another: nothing is disclosed or changed before a person saw that it may. A ``status_callback`` is told of every change
where the settings list its origin for the agent (``rights/callbacks.py``).
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from gestand.doors.api.access import House, needs
from gestand.doors.api.bodies import RequestPath
from gestand.kernel.errors import GestandError, RefusedError, UsageError
from gestand.kernel.ids import SYSTEM
from gestand.rights.callbacks import Protocol, program_of
from gestand.rights.circumstances import Circumstance, Shown
from gestand.rights.model import Channel, Closing, SubjectRequest
from gestand.rights.outside import VERSION, VERSIONS, Signed, contact_in, open_bare, open_signed
from gestand.rights.protocols import RIGHTS, status_of
from gestand.staff.programs import Program
from gestand.system import System

routes = APIRouter(prefix="/drp/v1", tags=["data rights protocol"])
Agent = Annotated[Program, Depends(needs("requests:agent"))]
AgentPath = Annotated[str, Path(pattern=r"^[A-Z_]{1,40}$")]
DAYS = 90
LONGEST_SAID = 500
SIGNED: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "Base64 of an Ed25519 signature (64 bytes) and the JSON document it is over.",
        "content": {"text/plain": {"schema": {"type": "string", "maxLength": 65536}}},
    }
}


async def sent(request: Request) -> bytes:
    """Return the body as it was sent."""
    return await request.body()


Sent = Annotated[bytes, Depends(sent)]


@routes.post("/data-rights-request", openapi_extra=SIGNED, operation_id="exercise")
@routes.post("/data-rights-request/", openapi_extra=SIGNED, include_in_schema=False)
def exercise(house: House, program: Agent, body: Sent) -> dict[str, Any]:
    """List what somebody asks through an agent; its clock runs from now."""
    signed = _signed(house, program, body)
    content = signed.content
    right = RIGHTS.get(str(content.get("exercise")))
    if content.get("drp.version") not in VERSIONS or right is None:
        raise UsageError(
            "drp-exercise", "this version or exercise is not served", where="exercise",
            remedy=f"Send drp.version {VERSION} and one of: {', '.join(RIGHTS)}.",
        )  # fmt: skip
    contact = contact_in(content)
    theirs, callback = (_said(content.get(name)) for name in ("agent-request-id", "status_callback"))
    _once(house, signed)
    with house.engine.transaction():
        made = house.requests.receive(right, contact=contact, channel=Channel.WEB, actor=program.actor)
        house.outside.note(program.name, made.id, made.id, theirs=theirs)
        house.requests.judge(made.id, Circumstance.REPRESENTATIVE, Shown.NOTHING, actor=program.actor)
        house.callbacks.note(
            made.id, [callback] if callback else [], program=program.name, number=made.id, protocol=Protocol.DRP,
            known_as=signed.agent,
        )  # fmt: skip
    return _status(house, made)


@routes.get("/data-rights-request/{request_id}")
def standing(house: House, program: Agent, request_id: RequestPath) -> dict[str, Any]:
    """Say how a request stands that this agent passed on."""
    return _status(house, _own(house, program, request_id))


@routes.delete("/data-rights-request/{request_id}", openapi_extra=SIGNED)
def revoke(house: House, program: Agent, request_id: RequestPath, body: Sent) -> dict[str, Any]:
    """Take a request back, at the person's own word."""
    open_bare(body, _key(house, program))
    found = _own(house, program, request_id)
    return _status(house, house.requests.close(found.id, Closing.WITHDRAWN, actor=program.actor))


@routes.post("/agent/{agent}", openapi_extra=SIGNED, response_model=None)
def admit(house: House, agent: AgentPath, body: Sent) -> Response | dict[str, str]:
    """Give an agent of the settings its token, against its signature; the token before it ends."""
    named = dict(house.config.passed_on.agents).get(agent, "00" * 32)
    try:
        signed = open_signed(body, agent, named, _business(house), house.clock())
        if agent not in dict(house.config.passed_on.agents):
            raise RefusedError("drp-signature", "it is no agent here", remedy="Name it in the settings.")
        _once(house, signed)
    except GestandError:
        return Response(status_code=403)  # without a body, as the protocol has it
    name = program_of(agent)
    policy = house.publication.in_force().policy
    with house.engine.transaction():
        for old in house.programs.all():
            if old.name == name and old.revoked is None:
                house.programs.revoke(old.id, actor=SYSTEM)
        _, token = house.programs.admit(name, ["requests:agent"], [], days=DAYS, policy=policy, actor=SYSTEM)
    return {"agent-id": agent, "token": token}


@routes.get("/agent/{agent}")
def works(program: Agent, agent: AgentPath) -> dict[str, str]:
    """Say whether a token is this agent's and works."""
    if program.name != program_of(agent):
        raise RefusedError("token-scope", "this token is another agent's", remedy="Ask with your own.")
    return {}


def _said(value: object) -> str:
    """Return a text of an agent; empty for anything else, and for one so long that only a part of it could be kept."""
    return value if isinstance(value, str) and len(value) <= LONGEST_SAID else ""


def _signed(house: System, program: Program, body: bytes) -> Signed:
    agents = {program_of(agent): agent for agent, _ in house.config.passed_on.agents}
    return open_signed(body, agents.get(program.name, ""), _key(house, program), _business(house), house.clock())


def _key(house: System, program: Program) -> str:
    keys = {program_of(agent): key for agent, key in house.config.passed_on.agents}
    if program.name not in keys:
        raise RefusedError("drp-signature", "no agent of this name is in the settings", remedy="Name it there.")
    return keys[program.name]


def _business(house: System) -> str:
    return house.config.passed_on.business or "\0"  # nobody's while the settings name none


def _once(house: System, signed: Signed) -> None:
    """Let a signed message count once, in whatever base64 it comes again: a replay makes nothing."""
    mark = hashlib.sha256(repr(sorted(signed.content.items(), key=str)).encode()).digest()
    since = house.once.since()
    if (since is not None and signed.issued < since) or not house.once.spend(
        "drp", mark, now=house.clock(), until=signed.until
    ):
        raise RefusedError("drp-signature", "this message was used", remedy="Sign a new one.")


def _own(house: System, program: Program, request_id: str) -> SubjectRequest:
    found = house.outside.request_of(program.name, request_id)
    if found is None:
        raise RefusedError("token-scope", "this agent passed on no such request", remedy="Ask for your own.")
    return house.requests.one(found)


def _status(house: System, found: SubjectRequest) -> dict[str, Any]:
    judged = tuple(one.kind for one in house.requests.judgements(found.id))
    return status_of(found, judged, verify_at=house.config.portal_url, theirs=house.outside.theirs(found.id))
