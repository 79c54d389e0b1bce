"""An HTTP service, a real one on this machine: pages, links, corrections, an erasure that goes on, and what is refused."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
import uvicorn
from fastapi import FastAPI, Request, Response

from gestand.kernel.errors import GestandError, InputError, RefusedError
from gestand.sources.conformance import check
from gestand.sources.load import read_source
from gestand.sources.model import Correction, Known
from gestand.sources.web.service import HttpSource
from gestand.statement.policy import FieldKind
from postgres_server import free_port
from sources.shop import place, policy

GOOD, BAD = "sesam", "verkeerd"
ANNA = (Known(FieldKind.EMAIL, "anna@example.nl"),)
DECLARED = """
format = 1
kind = "http"
title = {{ nl = "boekhouding", en = "accounts" }}
url = "http://127.0.0.1:{port}/api"
near = true
[auth]
secret = "env:TOKEN"
[resources.contacts]
paging = {{ kind = "page", parameter = "page" }}
find.email = {{ path = "/contacts", query = {{ q = "{{value}}" }}, records = "data" }}
export = {{ path = "/contacts/{{key}}" }}
rectify = {{ method = "PATCH", path = "/contacts/{{key}}" }}
restrict = {{ method = "POST", path = "/contacts/{{key}}/archive" }}
release = {{ method = "DELETE", path = "/contacts/{{key}}/archive" }}
erase = {{ method = "DELETE", path = "/contacts/{{key}}" }}
count = {{ path = "/contacts/count", records = "n" }}
[resources.contacts.columns]
name = {{ field = "contact.name" }}
email = {{ field = "contact.email" }}
"address.street" = {{ field = "contact.street" }}
[resources.notes]
links = {{ contact = "contacts.id" }}
linked = {{ path = "/notes", query = {{ contact = "{{value}}" }} }}
erase = {{ method = "DELETE", path = "/notes/{{key}}" }}
restrict = {{ method = "POST", path = "/notes/{{key}}/archive" }}
release = {{ method = "DELETE", path = "/notes/{{key}}/archive" }}
[resources.notes.columns]
text = {{ field = "service.notes" }}
"""


class Service:
    """Contacts and notes in memory, behind a token."""

    def __init__(self) -> None:
        self.port = free_port()
        self.login = free_port()
        self.refill()

    def refill(self) -> None:
        self.contacts = {
            n: {"id": n, "name": f"Klant {n}", "email": f"k{n}@example.org", "address": {"street": "Dorp 1"}}
            for n in range(1, 6)
        }
        self.contacts[7] = {
            "id": 7,
            "name": "Anna de Vries",
            "email": "Anna@example.nl",
            "address": {"street": "Lindelaan 14"},
        }
        self.notes = {1: {"id": 1, "contact": 7, "text": "belt graag"}, 2: {"id": 2, "contact": 3, "text": "vip"}}
        self.archived: set[str] = set()
        self.asked: list[tuple[str, str]] = []
        self.sessions: dict[str, int] = {}
        self.lasts = 1000

    def app(self) -> FastAPI:  # noqa: C901 - a service has routes
        app = FastAPI()

        @app.middleware("http")
        async def token(request: Request, go_on):
            if request.headers["host"] not in {f"127.0.0.1:{self.port}", f"127.0.0.1:{self.login}"}:
                return Response(status_code=421)
            if request.url.path.endswith("/session") and request.method == "POST":
                return await go_on(request)
            shown = request.headers.get("authorization", "")
            if shown.removeprefix("Bearer ") != GOOD and not self.counts(shown):
                return Response(status_code=401)
            return await go_on(request)

        @app.post("/api/session")
        @app.post("/login/session")
        async def session(request: Request):
            kind = request.headers["content-type"]
            told = await request.body()
            sent = json.loads(told) if kind == "application/json" else dict(parse_qsl(told.decode()))
            self.asked.append((request.url.path, kind))
            if sent not in (
                {"accessToken": GOOD, "source": "Gestand"},
                {"client_id": GOOD, "grant_type": "client_credentials"},
            ):
                return Response("sesam was expected", status_code=401)
            token = f"session-{len(self.asked)}"
            self.sessions[token] = self.lasts
            return {"token": token, "deep": {"token": token}, "odd": "two\r\nlines"}

        @app.delete("/api/session")
        def ended(request: Request):
            self.sessions.pop(request.headers["authorization"], None)

        @app.get("/api/contacts/count")
        def count():
            return {"n": len(self.contacts)}

        @app.get("/api/contacts")
        def listed(q: str = "", page: int = 1):
            found = [c for c in self.contacts.values() if q.lower() in c["email"].lower()]
            return {"data": found[page - 1 : page]}

        @app.get("/api/contacts/{key}")
        def one(key: int):
            return self.contacts[key] if key in self.contacts else Response(status_code=404)

        @app.patch("/api/contacts/{key}")
        def change(key: int, said: dict):
            self.contacts[key]["address"]["street"] = said.pop(
                "address.street", self.contacts[key]["address"]["street"]
            )
            self.contacts[key].update(said)

        @app.delete("/api/contacts/{key}")
        def gone(key: int):
            return Response(status_code=204 if self.contacts.pop(key, None) else 404)

        @app.get("/api/notes")
        def notes(contact: int):
            return [note for note in self.notes.values() if note["contact"] == contact]

        @app.delete("/api/notes/{key}")
        def gone_note(key: int):
            return Response(status_code=204 if self.notes.pop(key, None) else 404)

        @app.post("/api/{kind}/{key}/archive")
        def archive(kind: str, key: int):
            self.archived.add(f"{kind}/{key}")

        @app.delete("/api/{kind}/{key}/archive")
        def unarchive(kind: str, key: int):
            self.archived.discard(f"{kind}/{key}")

        return app

    def counts(self, token: str) -> bool:
        left = self.sessions.get(token, 0)
        if token in self.sessions:
            self.sessions[token] = left - 1
        return left > 0


@contextmanager
def serving(app: FastAPI, port: int) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def running() -> Iterator[Service]:
    service = Service()
    app = service.app()
    with ExitStack() as stack:
        for port in (service.port, service.login):
            stack.enter_context(serving(app, port))
        yield service


@pytest.fixture
def service(running: Service) -> Service:
    running.refill()
    return running


SESSION = """prefix = ""
secret = "env:TOKEN"
[auth.session]
url = "/session"
body = {{ accessToken = "{{secret}}", source = "Gestand" }}
end = {{ method = "DELETE", path = "/session" }}
"""
"""As e-Boekhouden and others give a session: for a token of the settings, in the body."""


def in_session(**wanted: str) -> str:
    said = SESSION
    for was, now in wanted.items():
        assert was in said
        said = said.replace(was, now)
    return DECLARED.replace('secret = "env:TOKEN"\n', said)


def source(service: Service, folder: Path, *, token: str = GOOD, declared: str = DECLARED) -> HttpSource:
    file = read_source("boeken", declared.format(port=service.port).encode(), "sources/boeken.toml", policy())
    return HttpSource(file, place(folder, {"TOKEN": token}))


def test_it_does_what_a_source_must_do(service: Service, tmp_path: Path):
    assert check(source(service, tmp_path), person=ANNA, stranger=(Known(FieldKind.EMAIL, "niemand@example.nl"),)) == ()
    assert 7 not in service.contacts
    assert list(service.notes) == [2]


def test_a_correction_is_sent_and_a_conflict_told(service: Service, tmp_path: Path):
    books = source(service, tmp_path)
    done = books.rectify(
        books.find({"anna": ANNA})["anna"].traces,
        [
            Correction("contact.street", "Lindelaan 14", "Beukenlaan 2"),
            Correction("contact.name", "Annie", "Anna Smit"),
        ],
        note="",
    )
    assert (done.changed, [conflict.says for conflict in done.conflicts]) == (1, ["Anna de Vries"])
    assert service.contacts[7]["address"]["street"] == "Beukenlaan 2"


def test_a_wrong_token_is_not_nothing_found(service: Service, tmp_path: Path):
    found = source(service, tmp_path, token=BAD).find({"anna": ANNA})["anna"]
    assert found.traces == ()
    assert not found.complete
    assert "401" in found.searched[0].why_not
    assert "verkeerd" not in found.searched[0].why_not


def test_a_private_address_that_is_not_near_is_refused(service: Service, tmp_path: Path):
    far = source(service, tmp_path, declared=DECLARED.replace("near = true", "").replace("http://", "https://"))
    with pytest.raises(RefusedError) as refused:
        far.find({"anna": ANNA})
    assert refused.value.code == "egress-private"
    plain = source(service, tmp_path, declared=DECLARED.replace("near = true", ""))
    with pytest.raises(RefusedError) as refused:
        plain.find({"anna": ANNA})
    assert refused.value.code == "source-unencrypted"


def test_killed_between_two_records_it_goes_on_with_what_is_left(service: Service, tmp_path: Path):
    books = source(service, tmp_path)
    plan = books.plan(books.find({"anna": ANNA})["anna"].traces)
    service.notes.pop(1)  # done before it was killed
    again = books.plan(books.find({"anna": ANNA})["anna"].traces)
    assert (plan.actionable, again.actionable, books.whole) == (2, 1, False)
    assert books.erase(again).removed == 1


def test_an_answer_that_is_no_json_or_too_large_is_a_fault(service: Service, tmp_path: Path):
    small = source(service, tmp_path, declared=DECLARED.replace("near = true", "near = true\nsize_cap = 10"))
    assert "more than 10 bytes" in small.find({"anna": ANNA})["anna"].searched[0].why_not
    with pytest.raises(GestandError):
        list(small.export(source(service, tmp_path).find({"anna": ANNA})["anna"].traces))


def found_by(books: HttpSource) -> list[str]:
    return [f"{trace.place} {trace.key[0]}" for trace in books.find({"anna": ANNA})["anna"].traces]


def test_a_session_is_asked_for_once_used_and_ended(service: Service, tmp_path: Path):
    assert found_by(source(service, tmp_path, declared=in_session())) == ["contacts 7", "notes 1"]
    assert service.asked == [("/api/session", "application/json")]
    assert service.sessions == {}


def test_a_session_that_is_over_is_asked_for_anew_and_nothing_is_left_out(service: Service, tmp_path: Path):
    service.lasts = 2
    books = source(service, tmp_path, declared=in_session())
    assert found_by(books) == ["contacts 7", "notes 1"]
    assert len(service.asked) > 1
    assert check(books, person=ANNA, stranger=(Known(FieldKind.EMAIL, "niemand@example.nl"),)) == ()
    assert 7 not in service.contacts


def test_a_token_that_is_never_let_in_is_asked_for_twice_and_no_more(service: Service, tmp_path: Path):
    service.lasts = 0
    found = source(service, tmp_path, declared=in_session()).find({"anna": ANNA})["anna"]
    assert not found.complete
    assert "401" in found.searched[0].why_not
    assert len(service.asked) == 2


@pytest.mark.parametrize(
    ("token", "wanted", "said"),
    [
        (BAD, {}, "it gave no session: it answered 401"),
        (GOOD, {"body = {{ accessToken": 'field = "elsewhere"\nbody = {{ accessToken'}, "no token at 'elsewhere'"),
        (GOOD, {"body = {{ accessToken": 'field = "odd"\nbody = {{ accessToken'}, "no token at 'odd'"),
    ],
)
def test_no_session_is_not_nothing_found_and_tells_no_secret(
    service: Service, tmp_path: Path, token: str, wanted: dict[str, str], said: str
):
    books = source(service, tmp_path, token=token, declared=in_session(**wanted))
    found = books.find({"anna": ANNA})["anna"]
    assert (found.traces, found.complete) == ((), False)
    assert said in found.searched[0].why_not
    assert all(word not in found.searched[0].why_not for word in (GOOD, BAD))
    assert next(problem.code for problem in books.test()) == "source-failed"


def test_a_session_is_given_by_another_server_as_a_form_through_the_gate(service: Service, tmp_path: Path):
    told = {
        'url = "/session"': f'url = "http://127.0.0.1:{service.login}/login/session"\nform = true\nfield = "deep.token"',
        'accessToken = "{{secret}}", source = "Gestand"': 'grant_type = "client_credentials", client_id = "{{secret}}"',
        'end = {{ method = "DELETE", path = "/session" }}\n': "",
    }
    assert found_by(source(service, tmp_path, declared=in_session(**told))) == ["contacts 7", "notes 1"]
    assert service.asked == [("/login/session", "application/x-www-form-urlencoded")]


def test_a_server_of_sessions_that_the_gate_does_not_let_through_is_not_asked(service: Service, tmp_path: Path):
    there = {"books.example.org": "1.2.3.4", "login.example.org": "10.0.0.9"}
    wanted = {'url = "/session"': 'url = "https://login.example.org/session"'}
    declared = (
        in_session(**wanted)
        .replace("near = true\n", "")
        .replace("http://127.0.0.1:{port}", "https://books.example.org")
    )
    file = read_source("boeken", declared.format(port=0).encode(), "sources/boeken.toml", policy())
    around = replace(place(tmp_path, {"TOKEN": GOOD}), resolve=lambda host, _port: (there[host],))
    found = HttpSource(file, around).find({"anna": ANNA})["anna"]
    assert "login.example.org leads to an address inside a private network" in found.searched[0].why_not
    assert service.asked == []


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        ('"{{secret}}"', '"{{password}}"', "session-unknown"),
        ('"{{secret}}"', '"written out"', "session-open"),
        ('url = "/session"', 'url = "session"', "value-form"),
    ],
)
def test_a_session_that_cannot_be_asked_for_is_refused_when_it_is_read(
    service: Service, tmp_path: Path, was: str, now: str, code: str
):
    with pytest.raises(InputError) as refused:
        source(service, tmp_path, declared=in_session(**{was: now}))
    assert code in [problem.code for problem in refused.value.problems]
