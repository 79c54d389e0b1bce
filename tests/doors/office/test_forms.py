"""Every form of the office, filled in with whatever may come: no fault of the program, nothing said back as it was sent."""

from __future__ import annotations

import ast
import asyncio
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gestand.doors.dutch.telling import REFUSALS
from gestand.doors.office import pages
from gestand.doors.office.app import office
from gestand.doors.office.refusals import WORDS
from gestand.doors.office.table import routes
from gestand.kernel.ids import ActorId
from gestand.staff.model import How, Session
from gestand.staff.service import Staff
from gestand.statement.policy import FieldKind
from staff_house import keeper

from .conftest import SITE

FOLDER = Path(pages.__file__).parent
SCRIPT = "<script>alert(7)</script>"
OWNER = ActorId("owner")
ASKED = {"field", "day", "moment", "number", "choice", "get"}
"""The verbs of a visit that read what was filled in, by its name."""
WORKED_THROUGH = {"POST today/prove", "POST evidence/prove", "POST evidence/verify", "POST retention/run", "POST sources/test"}  # fmt: skip
"""What reads nothing of a form and works through everything that is held."""


def names_of(module: str) -> tuple[str, ...]:
    """Return the names of fields that a page reads, found in its text."""
    found = set()
    for node in ast.walk(ast.parse((FOLDER / f"{module}.py").read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ASKED:
            found |= {
                arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            }
        if isinstance(node, ast.Attribute) and node.attr == "letter":
            found.add("letter")
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Constant) and isinstance(node.left.value, str):
            found.add(node.left.value)
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.slice, ast.Constant)
            and isinstance(node.slice.value, str)
        ):
            found.add(node.slice.value)
    return tuple(sorted(found))


def words_of(house) -> list[str]:
    """Return what could be filled in: ids that are there and that are not, choices, days, numbers, and nonsense."""
    [anna] = house.vault.find(FieldKind.EMAIL, "anna@example.nl")
    policy = house.publication.in_force().policy
    there = [
        str(anna), *(str(one.item) for one in house.vault.holdings(anna)[:3]), *(str(one.id) for one in house.requests.all()),
        *(one.breach.id for one in house.breaches.all()), *(one.id for one in house.sharing.orders()), *(one.id for one in house.outreach.all()),
        *(one.id for one in house.register.dossiers_of(anna)), *policy.purposes, *policy.shelves, *policy.recipients, *policy.roles,
    ]  # fmt: skip
    chosen = [
        "access",
        "erasure",
        "email",
        "telephone",
        "post",
        "counter",
        "job",
        "question",
        "owner",
        "nl",
        "en",
        "consent",
        "object",
        "withdraw-consent",
    ]
    odd = ["", " ", "0", "-1", "9" * 9, "9" * 400, "1e400", "2026-12-01", "2026-13-45", "0001-01-01", "9999-12-31", "2026-12-01T09:30", "٣",
           "sub_", "sub_!", "sub_aaaaaaaaaaaaaaaa", "itm_x", "itm_aaaaaaaaaaaaaaaa_1", "req_aaaaaaaaaaaaaaaa", "x" * 5000, "é\u0301", "\u202e", "\ufeff",
           "a\x00b", "\r\nX: y", "../../etc/passwd", "{{ 7*7 }}", "%00", "' OR 1=1 --", SCRIPT, "anna@example.nl", "+31 485 340101"]  # fmt: skip
    return [*there, *chosen, *odd]


@pytest.fixture
def asked(place, monkeypatch):
    """Ask a route as a keeper who just showed a passkey, and return status and body."""
    house = place.open()
    person, now = keeper(house, "Koos Koper"), house.clock()
    session = Session("s" * 32, person.id, "t", How.PASSKEY, now, now, now)
    monkeypatch.setattr(
        Staff, "session", lambda _self, *_words, **_more: (replace(session, fresh=house.clock()), person)
    )
    app = office(house, SITE)

    def ask(route, path, fields):
        body = urlencode(fields, errors="surrogatepass").encode()
        query = body if route.method == "GET" else b""
        headers = {"host": "localhost:8470", "sec-fetch-site": "same-origin", "authorization": "DPoP x", "dpop": "x",
                   "content-type": "application/x-www-form-urlencoded", "content-length": str(len(body))}  # fmt: skip
        return asyncio.run(_sent(app, route.method, f"/office/nl/{path}", query, body, headers))

    return house, ask


async def _sent(app, method, path, query, body, headers):
    told = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        told.append(message)

    coded = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http", "path": path,
             "raw_path": path.encode(), "query_string": query, "root_path": "", "headers": coded, "client": ("127.0.0.1", 1),
             "server": ("127.0.0.1", 8470)}  # fmt: skip
    await app(scope, receive, send)
    return told[0]["status"], b"".join(one.get("body", b"") for one in told[1:])


def faults_of(asked, examples: int) -> dict[str, str]:
    """Fill every form in so many ways, and return the routes at which the program was at fault."""
    house, ask = asked
    words = words_of(house)
    wrong: dict[str, str] = {}
    for route in routes():
        if f"{route.method} {route.path}" in WORKED_THROUGH:
            continue
        try:
            tried_on(route, words, ask, examples)
        except Exception as fault:  # noqa: BLE001 - whatever a page let through is told by its route
            wrong[f"{route.method} {route.path}"] = f"{type(fault).__name__}: {str(fault)[:300]}"
    return wrong


def tried_on(route, words, ask, examples: int) -> None:
    """Fill one form in so many ways.

    :raises AssertionError: what the program was at fault in, beside whatever it raised itself.
    """
    names = names_of(route.view.__module__.rpartition(".")[2])
    fits = [word for word in words if route.pattern.fullmatch(filled_path(route.path, word))]
    values = st.sampled_from(words) | st.text(max_size=40)

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(
        fields=st.dictionaries(st.sampled_from([*names, "f:contact.email", "f:service.notes"]), values, max_size=8),
        id_=st.sampled_from(fits),
    )
    def tried(fields, id_):
        status, body = ask(route, filled_path(route.path, id_), fields)
        assert status < 500 or status == 503, (status, fields, id_)
        assert SCRIPT.encode() not in body, fields
        if status >= 400:
            [code] = re.findall(r"<code>([a-z0-9-]+)</code></p>\s*</div>", body.decode())
            assert code in REFUSALS or code in WORDS, code  # a page in Dutch refuses in Dutch

    tried()


def filled_path(path: str, word: str) -> str:
    return re.sub(r"\{\w+\}", lambda _found: word, path)


def test_no_form_of_the_office_makes_the_program_fail(asked):
    assert faults_of(asked, examples=3) == {}


@pytest.mark.long
def test_no_form_of_the_office_makes_the_program_fail_filled_in_many_ways(asked):
    assert faults_of(asked, examples=60) == {}


def test_the_names_of_fields_are_found():
    assert {"kind", "about", "number", "on", "purpose", "choice"} <= set(names_of("card"))
