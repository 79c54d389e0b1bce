"""The API of handing an answer over: a sealed parcel, whether it waits, and codes for the portal."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from gestand.doors.api.access import House
from gestand.doors.api.bodies import Body, RequestPath
from gestand.doors.api.requests import RequestReader, RequestWriter, for_rights
from gestand.doors.handing import hand_over
from gestand.rights.portal.model import Level

routes = APIRouter(tags=["requests"])


class CodeWanted(Body):
    """What a code for the portal opens."""

    level: Level = Level.FOLLOW


@routes.post("/requests/{request_id}/hand-over", status_code=201)
def hand_over_(house: House, program: RequestWriter, request_id: RequestPath) -> dict[str, Any]:
    """Answer access or portability into a sealed parcel; its code is given once, and who asked is told that it waits."""
    for_rights(house, program)
    handed = hand_over(house, request_id, actor=program.actor)
    return {
        "request": request_id, "code": handed.code, "until": handed.until.isoformat(),
        "sent": {"way": str(handed.sent.way), "message": handed.sent.message},
    }  # fmt: skip


@routes.get("/requests/{request_id}/parcel")
def parcel(house: House, program: RequestReader, request_id: RequestPath) -> dict[str, Any]:
    """Say whether an answer waits to be fetched, and until when."""
    del program
    until = house.parcels.expires(house.requests.one(request_id).id)
    return {"request": request_id, "waits": until is not None, "until": until.isoformat() if until else None}


@routes.post("/requests/{request_id}/code", status_code=201)
def code(house: House, program: RequestWriter, request_id: RequestPath, body: CodeWanted) -> dict[str, Any]:
    """Give a code for the portal, once: one that follows the request, or that fetches the answer too."""
    for_rights(house, program)
    given = house.portal.give(request_id, body.level, actor=program.actor)
    return {
        "request": request_id, "level": str(given.level), "typed": given.typed, "link": given.link,
        "until": given.until.isoformat(),
    }  # fmt: skip
