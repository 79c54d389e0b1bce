"""Every way in is declared, with its methods and for whom; nothing else answers; unknown paths and methods are refused plainly."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from doors.public.visiting import Browser, words
from gestand.doors.demonstration.place import Place
from gestand.doors.house import pages_of
from gestand.doors.public import pages as public
from gestand.doors.public.export import export_site
from gestand.doors.public.table import TABLE
from gestand.evidence.controls.pages import look_at


@pytest.fixture
def routes(place: Place, monkeypatch: pytest.MonkeyPatch) -> list[Route]:
    made: list[Route] = []

    def kept(*, routes, **more):
        made.extend(routes)
        return Starlette(routes=routes, **more)

    monkeypatch.setattr(public, "Starlette", kept)
    pages_of(place.open())
    return made


def test_every_route_is_declared_with_its_methods_and_every_declared_one_is_there(routes: list[Route]):
    declared = {path: set(one.methods) for one in TABLE for path in (one.nl, one.en)}
    assert {route.path: set(route.methods or ()) | {"HEAD"} for route in routes} == declared
    assert all(one.audience and one.what for one in TABLE)
    assert len({one.name for one in TABLE}) == len(TABLE)


def paths() -> list[str]:
    found = {
        path.replace("{version}", "2026-12-01").replace("{token}", "x" * 43)
        for one in TABLE
        for path in (one.nl, one.en)
    }
    return sorted(found)


def test_no_page_carries_a_trace_but_the_portals_own_script(place: Place):
    browser = Browser(place)
    place.open().showing.turn(on=False, actor="owner")
    for path in paths():
        page = browser.get(path)
        assert page.status in {200, 204, 307} or path in {"/nl/bewijs/", "/en/proof/"}, path
        faults = [fault for fault in look_at(page) if not path.startswith("/static/")]
        assert faults == ([f"{path}: carries a script"] if path in {"/nl/portaal/", "/en/portal/"} else []), path
        assert [value for name, value in page.headers if name == "cache-control"] == ["no-store"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"])
def test_other_methods_are_refused(place: Place, method: str):
    browser = Browser(place)
    for path in paths():
        assert browser.get(path, method).status == 405, path


def test_each_page_links_its_twin_and_the_twin_is_there(place: Place):
    browser = Browser(place)
    for one in TABLE:
        if one.name in {
            "statement",
            "versions",
            "difference",
            "contact",
            "request",
            "report",
            "receipt",
            "portal",
            "notices",
        }:
            nl, en = (path.replace("{version}", "2026-12-01") for path in (one.nl, one.en))
            assert f'href="{en}"' in browser.get(nl).body.decode(), nl
            assert f'href="{nl}"' in browser.get(en).body.decode(), en


def test_every_link_leads_somewhere(place: Place):
    browser = Browser(place)
    met, waiting = {"/nl/", "/en/"}, ["/nl/", "/en/"]
    while waiting:
        path = waiting.pop()
        page = browser.get(path)
        assert page.status == 200, path
        for link in re.findall(r'(?:href|src|action)="(/[^"#?]*)', page.body.decode()):
            if link not in met:
                met.add(link)
                waiting.append(link)
    assert {"/nl/verzoek/", "/en/portal/", "/nl/wijzigingen.atom"} <= met


def test_as_plain_files_the_forms_say_how_to_mail_and_write(place: Place, tmp_path):
    files = {str(file.relative_to(tmp_path)) for file in export_site(pages_of(place.open(), answers=False), tmp_path)}
    assert {"nl/verzoek/index.html", "en/request/index.html", "nl/datalek-melden/index.html", "nl/contact/index.html",
            "nl/wijzigingen.atom", ".well-known/security.txt", ".well-known/gpc.json"} <= files  # fmt: skip
    for file in files:
        if file.endswith(".html"):
            assert "<form" not in (tmp_path / file).read_text("utf-8"), file
    contacts = place.open().publication.in_force().policy.controller.contacts
    written = (tmp_path / "nl/verzoek/index.html").read_text("utf-8")
    assert all(contact.value in written for contact in contacts if contact.rights)


def test_a_door_that_a_breach_shut_takes_no_request_either(place: Place, monkeypatch):
    browser = Browser(place)
    browser.app = pages_of(shut(browser.house, monkeypatch), least=0.0)
    for path in ("/nl/", "/nl/verzoek/", "/nl/portaal/"):
        assert browser.get(path).status == 503
    assert "dicht" in words(browser.get("/nl/"))


def shut(house, monkeypatch):
    monkeypatch.setattr(type(house.breaches), "shut_doors", lambda _self: frozenset({"public"}))
    return house
