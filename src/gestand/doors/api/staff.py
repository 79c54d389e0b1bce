"""Who may act: people, sessions, what waits for a second look. Nobody is let in by a program alone; anybody may be kept out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.encoders import jsonable_encoder
from pydantic import Field
from starlette.responses import JSONResponse, Response

from gestand.doors.api.access import House, needs
from gestand.doors.api.bodies import Body, Name, NamePath
from gestand.doors.api.second_look import ASKED, looked_at, named
from gestand.staff.model import Act, Over
from gestand.staff.programs import Program

routes = APIRouter(prefix="/staff", tags=["staff"])
Reader = Annotated[Program, Depends(needs("staff:read"))]
Writer = Annotated[Program, Depends(needs("staff:write"))]
Roles = Annotated[tuple[Name, ...], Field(min_length=1, max_length=20)]


class Invited(Body):
    """The roles of somebody new."""

    roles: Roles


class NewRoles(Body):
    """The roles of somebody from now on."""

    roles: Roles


@routes.get("")
def people(house: House, program: Reader) -> dict[str, Any]:
    """List who may act and who no longer may, by id and role; no names."""
    del program
    return {
        "people": [
            {
                "person": one.id, "roles": list(one.roles), "keeper": one.keeper, "joined": one.joined.isoformat(),
                "revoked": one.revoked.isoformat() if one.revoked else None, "passkeys": one.passkeys,
            }
            for one in house.staff.people()
        ]
    }  # fmt: skip


@routes.get("/sessions")
def sessions(house: House, program: Reader) -> dict[str, Any]:
    """List the sessions that run."""
    del program
    return {
        "sessions": [
            {"session": one.id, "person": one.person, "how": str(one.how), "began": one.began.isoformat(), "seen": one.seen.isoformat()}
            for one in house.staff.sessions.running()
        ]
    }  # fmt: skip


@routes.get("/approvals")
def approvals(house: House, program: Reader) -> dict[str, Any]:
    """List what waits for a second look, or stands. A keeper gives it in the office; no program does."""
    del program
    return {"approvals": [jsonable_encoder(asdict(one)) for one in house.staff.approvals.open(house.clock())]}


@routes.post("/sessions/{session}/end")
def end(house: House, program: Writer, session: NamePath) -> dict[str, Any]:
    """End one session."""
    ended = house.staff.sessions.end_where(
        lambda one: one.id == session, Over.ALL_ENDED, house.clock(), by=program.actor
    )
    return {"ended": ended}


@routes.post("/sessions/end-all")
def end_all(house: House, program: Writer) -> dict[str, Any]:
    """End every session of everybody."""
    return {"ended": house.staff.end_all(actor=program.actor)}


@routes.post("/invite", responses=ASKED)
def invite(house: House, program: Writer, body: Invited) -> Response:
    """Make a link for somebody new, who is no keeper, once a keeper has given it in the office."""
    policy = house.publication.in_force().policy

    def do() -> dict[str, Any]:
        return {"link_code": house.staff.invite(body.roles, keeper=False, policy=policy, actor=program.actor)}

    return looked_at(house, program, Act.PROGRAM, named("invite " + " ".join(body.roles), body), do)


@routes.post("/{person}/roles", responses=ASKED)
def roles(house: House, program: Writer, person: NamePath, body: NewRoles) -> Response:
    """Change somebody's roles, once a keeper has given it in the office; who is a keeper stays one."""
    there = house.staff.person(person)
    policy = house.publication.in_force().policy

    def do() -> dict[str, Any]:
        made = house.staff.set_roles(there.id, body.roles, keeper=there.keeper, policy=policy, actor=program.actor)
        return {"person": made.id, "roles": list(made.roles)}

    return looked_at(house, program, Act.PROGRAM, named(f"roles {there.id}", body), do)


@routes.post("/{person}/readmit", responses=ASKED)
def readmit(house: House, program: Writer, person: NamePath) -> Response:
    """Make a link for somebody who lost their keys, once a keeper has given it; their printed code is asked with it."""
    there = house.staff.person(person)

    def do() -> dict[str, Any]:
        return {"link_code": house.staff.readmit(there.id, actor=program.actor, asks_code=True)}

    return looked_at(house, program, Act.PROGRAM, named(f"readmit {there.id}"), do)


@routes.post("/{person}/revoke", responses=ASKED)
def revoke(house: House, program: Writer, person: NamePath) -> Response:
    """Let somebody act no more, and end their sessions; of a keeper only once a keeper has given it in the office."""
    there = house.staff.person(person)

    def do() -> dict[str, Any]:
        return {"person": person, "sessions_ended": house.staff.revoke(there.id, actor=program.actor)}

    if there.keeper:
        return looked_at(house, program, Act.STAFF, f"revoke {there.id}", do)
    return JSONResponse(do())
