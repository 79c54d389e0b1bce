"""The API as an ASGI application: routes and their document, behind bounds, headers, and a door that a breach can shut."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gestand.doors.api import (
    breaches,
    choosing,
    dossiers,
    drp,
    handing,
    keeping,
    mail,
    moves,
    notices,
    opendsr,
    outreach,
    outside,
    people,
    proposals,
    publishing,
    requests,
    sharing,
    staff,
    webhooks,
)
from gestand.doors.api.access import BURST, Access
from gestand.doors.api.problems import MEDIA, plain, refused, unsound
from gestand.doors.closing import LATER, Closable
from gestand.doors.headers import NothingStored
from gestand.doors.web.limits import SmallBodies
from gestand.kernel.errors import GestandError
from gestand.system import System

LARGEST_BODY = 262_144
PARTS = (
    outside, people, moves, choosing, dossiers, requests, handing, proposals, mail, outreach, sharing, breaches, notices, publishing, keeping, staff, webhooks,
)  # fmt: skip
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "remedy"],
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"},
        "code": {"type": "string"}, "remedy": {"type": "string"}, "clause": {"type": "string"}, "problems": {"type": "array"},
    },
}  # fmt: skip
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"description": said, "content": {MEDIA: {"schema": PROBLEM}}}
    for status, said in (
        (400, "No request of this API."), (401, "No token, or one that opens nothing."),
        (403, "The statement, the law or the token does not allow it."), (404, "It is not there."),
        (409, "Another request is at it, or the key was used for something else."), (413, "Too large."),
        (422, "Not what is asked."), (429, "Too often."), (503, "Not now."),
    )
}  # fmt: skip


class Api:
    """The API of one organisation: an ASGI application, and its OpenAPI 3.1 document."""

    def __init__(self, house: System, *, burst: int = BURST) -> None:
        self._app = _application(house, burst)
        bounded = SmallBodies(_Heard(self._app), LARGEST_BODY, _too_large())
        inside = Closable(NothingStored(bounded), "api", house.breaches.shut_doors, _shut())
        self._door = NothingStored(inside)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self._door(scope, receive, send)

    def document(self) -> dict[str, Any]:
        """Return the OpenAPI 3.1 document."""
        return self._app.openapi()


def api(house: System, *, burst: int = BURST) -> Api:
    """Return the API of an organisation. ``burst``: requests a token may make at once."""
    return Api(house, burst=burst)


def _application(house: System, burst: int) -> FastAPI:
    app = FastAPI(
        title="Gestand", version="1", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json", responses=REFUSALS,
        description="Keeps a privacy statement: what it does not allow is refused, with the clause that says so.",
        redirect_slashes=False,
    )  # fmt: skip
    app.state.house = house
    app.state.access = Access(house, burst=burst)
    app.state.proof = keeping.LastProof()
    for part in PARTS:
        app.include_router(part.routes, prefix="/api/v1")
    for part in (drp, opendsr):
        app.include_router(part.routes, prefix="/api")
    app.add_exception_handler(GestandError, refused)
    app.add_exception_handler(RequestValidationError, unsound)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _fault)
    _build(app)
    return app


def _build(app: FastAPI) -> None:
    """Have every route built now: FastAPI puts it off to the first request, and two of those in two threads trip over each other."""
    for route in app.router.routes:
        route.matches({"type": "http", "method": "GET", "path": "", "headers": []})


async def _http(_request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    code, detail, remedy = {
        404: ("path-unknown", "there is nothing at this address", "See /api/openapi.json."),
        405: ("method", "this address is asked in another way", "See /api/openapi.json."),
    }.get(fault.status_code, ("body", "this is no request of this API", "See /api/openapi.json."))
    answer = plain(fault.status_code, code, detail, remedy)
    if fault.headers and "Allow" in fault.headers:
        answer.headers["allow"] = fault.headers["Allow"]
    return answer


async def _fault(_request: Request, _fault: Exception) -> Response:
    return JSONResponse({"code": "internal"}, 500)


class _Heard:
    """Keeps what a request sent at hand, so that an error never says it back; the bytes are bounded before."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = bytearray()
        more = True
        while more:
            try:
                message = await receive()
            except HTTPException:  # more came than its header said
                await _too_large()(scope, receive, send)
                return
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
        scope.setdefault("state", {})["sent"] = sent_in(bytes(body))
        given = False

        async def again() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": bytes(body), "more_body": False}

        await self._app(scope, again, send)


def _shut() -> Response:
    answer = plain(503, "door-shut", "this door is shut for now", "Try later, or contact us by telephone or post.")
    answer.headers.update(LATER)
    return answer


def _too_large() -> Response:
    return plain(413, "too-large", "the request is too large", "Send less at once.")


def sent_in(body: bytes) -> object:
    """Return what a body holds, for comparison alone; None if it is no JSON."""
    import json

    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
