"""Nothing of the office is reachable that is not in its table, and every route says who may use it and what for."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path

import pytest

from gestand.doors.office import pages
from gestand.doors.office.app import STATIC, _Office
from gestand.doors.office.pages import PAGES
from gestand.doors.office.routes import BREACH, CHOSEN, NONE, RIGHTS
from gestand.doors.office.table import find, routes
from gestand.staff.passkeys import Site

FOLDER = Path(pages.__file__).parent
SITE = Site("http://localhost:8470", "localhost", "Koper")


def test_every_route_has_an_audience_a_method_and_a_purpose_and_is_alone():
    for route in routes():
        assert route.audience in {"staff", "keeper"}
        assert route.method in {"GET", "POST"}
        assert route.purpose in {NONE, CHOSEN, RIGHTS, BREACH}
        assert route.view.__doc__, route.path
    said = [(route.method, route.path) for route in routes()]
    assert len(set(said)) == len(said)


def test_every_module_beside_the_pages_is_a_page_in_the_table():
    modules = {file.stem for file in FOLDER.glob("*.py")} - {"__init__"}
    assert {page.routes[0].view.__module__.rpartition(".")[2] for page in PAGES} == modules


def test_every_function_that_takes_a_visit_and_gives_an_answer_is_in_the_table():
    """A view that somebody forgot to declare is noticed, and so is one that is reached without the table."""
    declared = {(route.view.__module__.rpartition(".")[2], route.view.__name__) for route in routes()}
    for file in FOLDER.glob("*.py"):
        for node in ast.parse(file.read_text("utf-8")).body:
            public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            if public and isinstance(node.returns, ast.Name) and node.returns.id == "Answer":
                assert (file.stem, node.name) in declared, f"{file.name}: {node.name} is no route"


def test_the_application_has_no_way_in_beside_gate_files_and_table(place):
    found = {route.path for route in _Office(place.open(), SITE, demonstration=False).app().routes}
    gate = {"sign-in/begin", "sign-in/finish", "sign-in/password", "enrol/begin", "enrol/finish", "enrol/password",
            "key/fresh", "key/again", "key/another", "key/add", "sign-out"}  # fmt: skip
    assert found == {"/office", "/office/", "/office/static/{name}", "/office/{language}/{path:path}"} | {
        f"/office/{verb}" for verb in gate
    }
    assert set(STATIC) == {"office.js", "worker.js", "office.css", "source-sans-3-400.woff2", "source-sans-3-600.woff2"}


@pytest.mark.parametrize(
    "path", ["people/../staff", "people/a b", "people/" + "x" * 81, "people/é", "nowhere", "people/sub_1/note/more"]
)
def test_a_path_that_is_in_no_route_is_no_page(path):
    assert find("GET", path) is None
    assert find("POST", path) is None


def test_acts_that_cannot_be_taken_back_ask_a_fresh_passkey():
    fresh = {route.path for route in routes() if route.fresh}
    assert {
        "requests/{request}/erase", "requests/{request}/answer", "requests/{request}/hand-over", "retention/run", "statement/publish", "staff/invite",
        "staff/{person}/revoke", "staff/{person}/roles", "people/{subject}/lift", "staff/approvals/{approval}/give",
        "breaches/{breach}/contain", "breaches/{breach}/publish", "breaches/{breach}/close", "sharing/give",
        "sharing/orders/{order}/carry-out", "evidence/public/turn", "requests/{request}/code", "requests/{request}/port",
    } <= fresh  # fmt: skip


async def _asked(app, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> tuple[int, dict[str, str]]:
    sent = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    coded = [(name.encode(), value.encode()) for name, value in {"host": "localhost:8470", **headers}.items()]
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
             "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": coded,
             "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8470)}  # fmt: skip
    await app(scope, receive, send)
    return sent[0]["status"], {k.decode(): v.decode() for k, v in sent[0]["headers"]}


def test_without_a_session_no_route_of_the_table_answers_anything(place):
    from gestand.doors.office.app import office

    app = office(place.open(), SITE)
    for route in routes():
        path = "/office/nl/" + route.path.replace("{", "").replace("}", "")
        headers = {"authorization": "DPoP nothing", "dpop": "x", "sec-fetch-site": "same-origin"}
        status, answered = asyncio.run(_asked(app, route.method, path, headers))
        assert (status, answered["office-code"]) == (401, "session"), path
        assert asyncio.run(_asked(app, route.method, path, {**headers, "sec-fetch-site": "cross-site"}))[0] == 403
        assert asyncio.run(_asked(app, route.method, path, {**headers, "host": "evil.example.org"}))[0] == 403


def test_the_gate_is_slow_for_who_tries_often_and_refuses_a_large_body(place):
    from gestand.doors.office.app import office

    app = office(place.open(), SITE)
    own = {"sec-fetch-site": "same-origin", "content-type": "application/json"}
    answers = [asyncio.run(_asked(app, "POST", "/office/enrol/begin", own, b"{}"))[0] for _ in range(22)]
    assert answers[:20] == [403] * 20
    assert answers[20:] == [429] * 2
    large = {**own, "content-length": "2000000"}
    assert asyncio.run(_asked(app, "POST", "/office/sign-in/begin", large))[0] == 413
    fresh = office(place.open(), SITE)
    assert asyncio.run(_asked(fresh, "POST", "/office/sign-in/begin", own, b"x" * 2_000_000))[0] == 413


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b'{"code": 7}', b"[" * 5000])
def test_a_body_that_is_none_is_refused_and_nothing_falls_over(place, body):
    from gestand.doors.office.app import office

    app = office(place.open(), SITE)
    own = {"sec-fetch-site": "same-origin"}
    for verb in ("sign-in/finish", "sign-in/password", "enrol/begin", "enrol/finish", "enrol/password", "key/again"):
        status, _ = asyncio.run(_asked(app, "POST", f"/office/{verb}", own, body))
        assert status in {401, 403, 422}, (verb, status)


@pytest.mark.parametrize(
    ("header", "body"),
    [
        (("set-cookie", "a=b"), b""),
        (("content-security-policy", "default-src 'self'"), b""),
        (("x", "y"), b"localStorage.setItem('a', 'b')"),
        (("x", "y"), b'<img src="//cdn.example.org/x.gif">'),
    ],
)
def test_the_proof_notices_an_office_that_stores_or_fetches(header, body):
    from gestand.doors.headers import OFFICE_POLICY
    from gestand.evidence.controls.pages import look_at_office
    from gestand.evidence.model import Page

    headers = {"content-security-policy": OFFICE_POLICY}
    assert look_at_office(Page("/office/nl/", 200, tuple(headers.items()), b"<p>x</p>")) == []
    changed = tuple({**headers, header[0]: header[1]}.items())
    assert look_at_office(Page("/office/nl/", 200, changed, body or b"<p>x</p>"))
