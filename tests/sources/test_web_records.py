"""What a service answers is taken for records only where it is what its file says; else nobody was looked for there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Response

from gestand.kernel.errors import GestandError
from gestand.sources.load import read_source
from gestand.sources.model import Known, Trace
from gestand.sources.web.service import HttpSource
from gestand.statement.policy import FieldKind
from postgres_server import free_port
from sources.shop import place, policy
from sources.test_web import serving

ANNA = (Known(FieldKind.EMAIL, "anna@example.nl"),)
DECLARED = """
format = 1
kind = "http"
title = { nl = "w", en = "w" }
url = "http://127.0.0.1:PORT"
near = true
[auth]
secret = "env:TOKEN"
[resources.cards]
find.email = { path = "/found", query = { q = "{value}" }, records = "data" }
export = { path = "/cards/{key}", records = "card" }
erase = { method = "DELETE", path = "/cards/{key}" }
[resources.cards.columns]
email = { field = "contact.email" }
"""
CARD = {"id": 7, "email": "anna@example.nl"}
NAMELESS = {"email": "anna@example.nl"}


class Desk:
    """A service that answers whatever it is told to."""

    def __init__(self) -> None:
        self.port = free_port()
        self.found: Any = {"data": [CARD]}
        self.card: Any = {"card": CARD}
        self.deleted: list[str] = []

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/found")
        def found() -> Any:
            return Response(status_code=204) if self.found is None else self.found

        @app.get("/cards/{key}")
        def card(key: str) -> Any:
            return self.card

        @app.delete("/cards/{key}")
        def gone(key: str) -> Response:
            self.deleted.append(key)
            return Response(status_code=404)

        return app


@pytest.fixture(scope="module")
def running() -> Iterator[Desk]:
    desk = Desk()
    with serving(desk.app(), desk.port):
        yield desk


@pytest.fixture
def desk(running: Desk) -> Desk:
    running.found, running.card, running.deleted = {"data": [CARD]}, {"card": CARD}, []
    return running


def source(desk: Desk, folder: Path, declared: str = DECLARED) -> HttpSource:
    text = declared.replace("PORT", str(desk.port)).encode()
    return HttpSource(read_source("desk", text, "sources/desk.toml", policy()), place(folder, {"TOKEN": "sesam"}))


@pytest.mark.parametrize(
    "record", [NAMELESS, {**CARD, "id": None}, {**CARD, "id": ""}, {**CARD, "id": [7]}, "anna@example.nl"]
)
def test_a_record_without_what_names_it_is_no_answer_and_nothing_is_erased(desk: Desk, record: Any, tmp_path: Path):
    desk.found = {"data": [record, record]}
    asked = source(desk, tmp_path)
    found = asked.find({"anna": ANNA})["anna"]
    assert found.traces == ()
    assert not found.complete
    assert "'data'" in found.searched[0].why_not
    assert "'id'" in found.searched[0].why_not
    [problem] = asked.test()
    assert problem.code == "source-failed"
    assert desk.deleted == []


@pytest.mark.parametrize("answer", [{"rows": [CARD]}, {}, [CARD], {"data": "none"}, {"data": 3}])
def test_an_answer_without_records_where_they_should_be_is_no_answer(desk: Desk, answer: Any, tmp_path: Path):
    desk.found = answer
    asked = source(desk, tmp_path)
    found = asked.find({"anna": ANNA})["anna"]
    assert not found.complete
    assert "/found" in found.searched[0].why_not
    assert "'data'" in found.searched[0].why_not
    assert [problem.code for problem in asked.test()] == ["source-failed"]


@pytest.mark.parametrize("answer", [{"data": []}, {"data": None}, None])
def test_nothing_is_an_answer_too(desk: Desk, answer: Any, tmp_path: Path):
    desk.found = answer
    asked = source(desk, tmp_path)
    assert asked.find({"anna": ANNA})["anna"].complete
    assert asked.test() == ()


def test_a_service_that_leaves_out_an_empty_list_can_be_declared_so(desk: Desk, tmp_path: Path):
    desk.found = {"total": 0}
    asked = source(desk, tmp_path, DECLARED.replace('records = "data" }', 'records = "data", optional = true }'))
    assert asked.find({"anna": ANNA})["anna"].complete
    assert asked.test() == ()


def test_an_object_that_only_wraps_the_records_is_not_taken_for_one(desk: Desk, tmp_path: Path):
    asked = source(desk, tmp_path, DECLARED.replace(', records = "data"', ""))
    assert not asked.find({"anna": ANNA})["anna"].complete
    assert [problem.code for problem in asked.test()] == ["source-failed"]


def exported(asked: HttpSource) -> list[Trace]:
    return list(asked.export(asked.find({"anna": ANNA})["anna"].traces))


@pytest.mark.parametrize("answer", [{"cards": CARD}, {"card": {**CARD, "id": 8}}, {"card": [CARD]}, {"card": {}}])
def test_a_copy_that_is_another_record_or_none_is_not_given(desk: Desk, answer: Any, tmp_path: Path):
    desk.card = answer
    with pytest.raises(GestandError) as refused:
        exported(source(desk, tmp_path))
    assert refused.value.code == "source-failed"


@pytest.mark.parametrize("answer", [{"card": CARD}, {"card": NAMELESS}])
def test_a_record_that_was_asked_for_by_its_key_need_not_repeat_it(desk: Desk, answer: Any, tmp_path: Path):
    desk.card = answer
    [trace] = exported(source(desk, tmp_path))
    assert trace.key == ("7",)
    assert [value.value for value in trace.values] == ["anna@example.nl"]
