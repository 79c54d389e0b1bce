"""The OpenAPI document against the API: generated requests, sound and unsound, on every route. No 5xx, nothing said back."""

from __future__ import annotations

import contextlib
import shutil
import socket
import threading
from unittest import SkipTest

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from doors.api.asking import token_for
from gestand.doors.api.app import api
from gestand.kernel.clock import RunningClock
from gestand.system import open_system

pytestmark = pytest.mark.slow
EXAMPLES, OF_ALL, PARTS = 3, 5, 8
"""In an ordinary run one route in five, with three examples; in a long one every route, with many more, in eight parts."""


@pytest.fixture(scope="module")
def served(lived, tmp_path_factory):
    folder = tmp_path_factory.mktemp("api")
    shutil.copytree(lived.folder.parent, folder, dirs_exist_ok=True)
    house = open_system(folder / "koper", clock=RunningClock(lived.until))
    door = api(house, burst=1_000_000)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(door, access_log=False, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    token = token_for(house, scopes=tuple(one for one in _scopes() if one != "proof:run"))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}", door.document(), token
    server.should_exit = True
    thread.join(20)
    listening.close()
    house.close()


def _scopes():
    from gestand.staff.programs import SCOPES

    return SCOPES


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
def test_one_route_in_five_answers_as_the_document_says(served, mode):
    assert faults_of(served, mode, examples=EXAMPLES, step=OF_ALL) == {}


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
def test_every_route_answers_as_the_document_says(served, mode, part):
    assert faults_of(served, mode, examples=12, first=part, step=PARTS) == {}


def faults_of(served, mode, *, examples, step, first=0):
    """Ask every ``step``-th route, each to its end, and return what was wrong by route."""
    address, document, token = served
    routes = [found.ok() for found in schemathesis.openapi.from_dict(document).get_all_operations()]
    assert len(routes) > 100
    wrong = {}
    for route in routes[first::step]:

        @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=route.as_strategy(generation_mode=mode))
        def asked(case):
            _holds(address, token, case)

        try:
            with contextlib.suppress(
                Unsatisfiable, SkipTest
            ):  # nothing unsound can be sent to a route without parameters
                asked()
        except (AssertionError, OSError) as fault:
            wrong[f"{route.method} {route.path}"] = str(fault)[:1000]
    return wrong


def _holds(address, token, case):
    answer = case.call(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=20)
    assert answer.status_code < 500 or answer.status_code == 503, (case.method, case.path, answer.status_code)
    documented = set(case.operation.definition.raw["responses"])
    assert str(answer.status_code) in documented, (answer.status_code, answer.text[:300])
    assert "set-cookie" not in answer.headers
    if answer.status_code < 400 or (answer.status_code == 403 and "/drp/v1/agent/" in case.path and not answer.content):
        return  # the Data Rights Protocol wants no body there
    assert answer.headers["content-type"] == ["application/problem+json"], (answer.status_code, answer.content[:200])
    told = answer.json()
    assert {"code", "remedy", "detail", "status", "title", "type"} <= set(told)
    for text in _texts([case.body, case.query, case.path_parameters, case.headers]):
        if len(text) >= 12:
            assert text not in answer.text, (case.path, text)


def _texts(sent):
    if isinstance(sent, str):
        yield sent
    elif isinstance(sent, dict):
        for value in sent.values():
            yield from _texts(value)
    elif isinstance(sent, list):
        for value in sent:
            yield from _texts(value)
