"""In a real browser the public pages leave nothing behind and talk to nobody else; a page that does is caught."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from gestand.doors.demonstration.place import Place
from gestand.doors.house import pages_of
from gestand.kernel.clock import SettableClock

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.slow
if not CHROMIUM.exists():
    if os.environ.get("CI"):
        raise RuntimeError(f"{CHROMIUM} is missing: without a browser the cookie proof proves nothing")
    pytest.skip(f"NOT PROVEN HERE: {CHROMIUM} is missing (install chromium)", allow_module_level=True)

from playwright.sync_api import Browser, sync_playwright  # noqa: E402 - only where there is a browser

from .browsing import launch, look, served  # noqa: E402

PAGES = ("/", "/nl/", "/en/", "/nl/versies/", "/en/versions/", "/nl/versies/2018-05-25/", "/nowhere")

SCRIPTED = {
    "cookie": "document.cookie = 'seen=1; max-age=9999'",
    "localStorage": "localStorage.setItem('seen', '1')",
    "sessionStorage": "sessionStorage.setItem('seen', '1')",
    "indexedDB": "indexedDB.open('seen')",
    "caches": "caches.open('seen').then(c => c.put('/x', new Response('1')))",
    "workers": "navigator.serviceWorker.register('/worker.js')",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = launch(playwright)
        yield found
        found.close()


@pytest.fixture(scope="module")
def site(lived, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site") / "koper"
    shutil.copytree(lived.folder, folder)
    place = Place(folder, SettableClock(lived.until))
    try:
        house = place.open()
        house.publication.in_force()  # read before the server's thread asks
        with served(pages_of(house)) as address:
            yield address
    finally:
        place.close()


def violating(name: str) -> HTMLResponse:
    if name in SCRIPTED:
        return HTMLResponse(f"<!doctype html><title>x</title><script>{SCRIPTED[name]}</script>")
    if name == "header":
        answer = HTMLResponse("<!doctype html><title>x</title>")
        answer.set_cookie("seen", "1")
        return answer
    return HTMLResponse('<!doctype html><title>x</title><img src="http://cdn.example.org/pixel.gif">')


@pytest.fixture(scope="module")
def traps() -> Iterator[str]:
    app = Starlette(
        routes=[
            Route("/worker.js", lambda _request: Response("", media_type="text/javascript")),
            Route("/{name}", lambda request: violating(request.path_params["name"])),
        ]
    )
    with served(app) as address:
        yield address


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("path", PAGES)
def test_a_visit_leaves_nothing_behind_and_asks_nobody_else(browser: Browser, site: str, path: str, scripts: bool):
    traces = look(browser, site + path, scripts=scripts)
    assert traces.none, traces
    assert traces.status == (404 if path == "/nowhere" else 200)


@pytest.mark.parametrize("name", SCRIPTED)
def test_each_kind_of_trace_that_a_script_leaves_is_caught(browser: Browser, traps: str, name: str):
    traces = look(browser, f"{traps}/{name}", scripts=True)
    assert name in {*traces.stores, *(("cookie",) if traces.cookies else ())}


@pytest.mark.parametrize("scripts", [True, False])
def test_a_cookie_of_a_header_and_a_foreign_picture_are_caught_with_and_without_scripts(
    browser: Browser, traps: str, scripts: bool
):
    assert look(browser, f"{traps}/header", scripts=scripts).cookies == ("seen",)
    assert look(browser, f"{traps}/picture", scripts=scripts).elsewhere == ("cdn.example.org",)


@pytest.mark.parametrize("path", ["/nl/", "/en/versions/"])
def test_the_pages_fit_a_telephone_and_show_no_fault_to_the_browser(browser: Browser, site: str, path: str):
    context = browser.new_context(viewport={"width": 320, "height": 640})
    said: list[str] = []
    try:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.goto(site + path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, f"{path} is {wide} wide"
        assert said == []
    finally:
        context.close()
