"""The office as an ASGI application: the shell, its two scripts, the gate, and the pages of the table."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route as Way
from starlette.types import ASGIApp

from gestand.breach.filing import file_place
from gestand.doors.closing import Closable
from gestand.doors.headers import OFFICE_POLICY, NothingStored
from gestand.doors.office.memory import Memory
from gestand.doors.office.refusals import refusal_page, status_of, told
from gestand.doors.office.routes import BREACH, RIGHTS, Route
from gestand.doors.office.sign_in import Gate
from gestand.doors.office.table import find, menu, place_of
from gestand.doors.office.visit import Answer, Visit
from gestand.doors.web.limits import Buckets, SmallBodies, neighbourhood
from gestand.doors.web.origin import from_own_page
from gestand.doors.web.templates import FONTS, environment, style
from gestand.kernel.errors import GestandError, RefusedError, UsageError
from gestand.staff.model import Person, Session
from gestand.staff.passkeys import Site
from gestand.system import System

FOLDER = Path(__file__).parent
STATIC = {
    "office.js": ((FOLDER / "static" / "office.js").read_bytes(), "text/javascript"),
    "worker.js": ((FOLDER / "static" / "worker.js").read_bytes(), "text/javascript"),
    "office.css": (style(FOLDER / "static" / "office.css"), "text/css"),
    **{name: (content, "font/woff2") for name, content in FONTS.items()},
}
LANGUAGES = ("nl", "en")
MOST_FIELDS = 300


def office(house: System, site: Site, *, demonstration: bool = False) -> ASGIApp:
    """Return the office of an organisation at ``site``."""
    inside = SmallBodies(_Office(house, site, demonstration=demonstration).app())
    return NothingStored(Closable(inside, "office", house.breaches.shut_doors), OFFICE_POLICY)


class _Office:
    def __init__(self, house: System, site: Site, *, demonstration: bool) -> None:
        self._house = house
        self._site = site
        self._templates = environment(FOLDER / "templates")
        self._templates.globals.update(menu=menu, demonstration=demonstration)
        self._memory = Memory(house)
        self._gate = Gate(house, site)
        self._tries = Buckets(house.clock, house.entropy, size=20, seconds=6)
        self._one_at_a_time = threading.Lock()
        self._host = site.origin.partition("://")[2]

    def app(self) -> ASGIApp:
        """Return the application. Every route of the table goes through ``_page``."""
        return Starlette(
            routes=[
                Way("/office", self._home),
                Way("/office/", self._home),
                Way("/office/static/{name}", self._static),
                *(Way(f"/office/{verb}", self._open_verb, methods=["POST"]) for verb in self._gate.open_verbs),
                *(Way(f"/office/{verb}", self._session_verb, methods=["POST"]) for verb in self._gate.session_verbs),
                Way("/office/{language}/{path:path}", self._page, methods=["GET", "POST"]),
            ]
        )

    # What needs no session

    async def _home(self, _request: Request) -> Response:
        return RedirectResponse(f"{self._site.origin}/office/nl/", status_code=307)

    async def _static(self, request: Request) -> Response:
        found = STATIC.get(request.path_params["name"])
        return Response(status_code=404) if found is None else Response(found[0], media_type=found[1])

    def _shell(self, language: str) -> Response:
        firm = self._site.firm
        html = self._templates.get_template("shell.html").render(language=language, firm=firm, site=self._site)
        return Response(html, media_type="text/html", headers={"content-language": language})

    async def _open_verb(self, request: Request) -> Response:
        who = neighbourhood(request.client.host if request.client else "")
        if not self._tries.take("gate", who):
            slow = RefusedError("too-often", "this was tried very often", remedy="Wait a minute.")
            return self._told(request, slow, 429)
        verb = self._gate.open_verbs[request.url.path.removeprefix("/office/")]
        try:
            body = await self._body(request)
            proof = request.headers.get("dpop", "")
            return JSONResponse(await run_in_threadpool(self._alone, verb, body, proof, self._address(request)))
        except GestandError as fault:
            return self._told(request, fault)

    def _alone(self, verb: Any, *arguments: Any) -> Any:
        with self._one_at_a_time:
            return verb(*arguments)

    async def _session_verb(self, request: Request) -> Response:
        verb = self._gate.session_verbs[request.url.path.removeprefix("/office/")]
        try:
            body = await self._body(request)
            session, person = await run_in_threadpool(self._session, request)
            return JSONResponse(await run_in_threadpool(self._alone, verb, body, session, person))
        except GestandError as fault:
            return self._told(request, fault)

    async def _body(self, request: Request) -> Mapping[str, Any]:
        self._own(request)
        try:
            found = json.loads(await request.body() or b"{}")
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise UsageError("body", "this is no JSON object", remedy="Send one.")
        return found

    # What needs one

    async def _page(self, request: Request) -> Response:
        language, path = request.path_params["language"], request.path_params["path"]
        if language not in LANGUAGES:
            return Response(status_code=404)
        if request.method == "GET" and "authorization" not in request.headers:
            if request.headers.get("host", "") != self._host:
                return RedirectResponse(f"{self._site.origin}/office/{language}/", status_code=307)
            return self._shell(language)
        try:
            self._own(request)
            session, person = await run_in_threadpool(self._session, request)
            found = find(request.method, path)
            if found is None:
                raise UsageError("page-unknown", "there is no such page", remedy="Go back to Today.")
            visit = await self._visit(request, language, path, session, person, found[1])
            answer = await run_in_threadpool(self._answer, found[0], visit)
        except GestandError as fault:
            return self._refused(language, fault)
        return _response(answer)

    def _answer(self, route: Route, visit: Visit) -> Answer:
        if route.audience == "keeper" and not visit.person.keeper:
            raise RefusedError("not-keeper", "this is for keepers", remedy="Ask one.")
        if route.purpose == RIGHTS:
            visit.purpose(visit.policy.rights.purpose)
        if route.purpose == BREACH:
            visit.purpose(file_place(visit.policy).purpose)
        if route.fresh:
            visit.fresh()
        if route.method == "GET" or route.long:
            return route.view(visit)
        with self._one_at_a_time:
            return route.view(visit)

    async def _visit(  # noqa: PLR0917 - what a request brings
        self, request: Request, language: str, path: str, session: Session, person: Person, params: Mapping[str, str]
    ) -> Visit:
        form: dict[str, str] = {}
        many: dict[str, list[str]] = {}
        files: dict[str, bytes] = {}
        if request.method == "POST":
            async with request.form(max_files=5, max_fields=MOST_FIELDS, max_part_size=262_144) as sent:
                for name, value in sent.multi_items():
                    if isinstance(value, UploadFile):
                        files[name] = await value.read()
                    else:
                        form[name] = value
                        many.setdefault(name, []).append(value)
        return Visit(
            self._house, self._memory, self._site, self._templates, language, person, session, path, params, dict(request.query_params),
            form, files, {name: tuple(values) for name, values in many.items()}, place_of(path),
        )  # fmt: skip

    def _session(self, request: Request) -> tuple[Session, Person]:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "DPoP":
            raise RefusedError("session", "this session is over", remedy="Sign in again.")
        return self._house.staff.session(
            token, request.headers.get("dpop", ""), method=request.method, address=self._address(request)
        )

    def _own(self, request: Request) -> None:
        if request.headers.get("host", "") != self._host or not from_own_page(request, self._site.origin):
            raise RefusedError(
                "foreign-page", "only pages of the office itself may ask this", remedy="Open the office."
            )

    def _address(self, request: Request) -> str:
        return self._site.origin + request.url.path

    # Refusals

    def _told(self, request: Request, fault: GestandError, status: int = 0) -> Response:
        language = "en" if request.headers.get("accept-language", "nl").startswith("en") else "nl"
        return JSONResponse(
            {"error": told(fault, language), "code": fault.code}, status_code=status or status_of(fault)
        )

    def _refused(self, language: str, fault: GestandError) -> Response:
        html = refusal_page(self._templates, fault, language)
        headers = {"office-code": fault.code}
        if fault.code == "page-unknown":
            return Response(html, 404, headers, "text/html")
        return Response(html, status_of(fault), headers, "text/html")


def _response(answer: Answer) -> Response:
    headers = {"office-title": quote(answer.title)}
    if answer.location:
        headers["office-location"] = answer.location
    if answer.filename:
        headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(answer.filename)}"
    return Response(answer.body, answer.status, headers, answer.media)
