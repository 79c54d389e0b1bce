"""The forms and the portal in a real browser: they work with scripts and without, leave nothing, and axe-core finds nothing."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gestand.doors.demonstration.place import Place
from gestand.doors.house import pages_of, world_of
from gestand.doors.public.table import TABLE
from gestand.evidence.service import prove
from gestand.kernel.clock import RunningClock, SettableClock
from gestand.kernel.ids import SYSTEM, ActorId
from gestand.rights.model import Channel, IdentityLevel, Right
from gestand.rights.portal.model import Given, Level
from gestand.system import System, open_system

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.slow
if not CHROMIUM.exists():
    if os.environ.get("CI"):
        raise RuntimeError(f"{CHROMIUM} is missing: without a browser the cookie proof proves nothing")
    pytest.skip(f"NOT PROVEN HERE: {CHROMIUM} is missing (install chromium)", allow_module_level=True)

from axe_playwright_python.sync_playwright import Axe  # noqa: E402 - only where there is a browser
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from .browsing import STORES, launch, look, served, stores_of_state  # noqa: E402

OWNER = ActorId("owner")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
NO_PAGES = {"home", "feed", "security", "gpc", "robots", "style", "font", "script", "icon"}
"""What no person opens; their headers are judged with those of every route (``doors/public/test_table.py``)."""


def pages_in(language: str) -> tuple[str, ...]:
    """Return every page of the table in a language, and one that is not there: a page that is added is visited too."""
    declared = [one.at(language) for one in TABLE if one.name not in NO_PAGES]
    filled = [path.replace("{version}", "2026-12-01").replace("{token}", "A" * 43) for path in declared]
    return (*filled, "/nowhere" if language == "nl" else "/en/nowhere")


NL, EN = pages_in("nl"), pages_in("en")


@dataclass(frozen=True, slots=True)
class Site:
    address: str
    house: System

    def given(self) -> Given:
        """A code that fetches, for someone whose data are held."""
        subject = next(one for one in self.house.vault.subjects() if len(self.house.vault.holdings(one)) > 3)
        request = self.house.requests.receive(
            Right.ACCESS, contact="eva.smit@example.nl", channel=Channel.WEB, actor=SYSTEM
        )
        self.house.requests.confirm(request.id, IdentityLevel.IN_PERSON, actor=OWNER, subject=subject)
        return self.house.portal.give(request.id, Level.FETCH, actor=OWNER)


def show_the_proof(place: Place) -> None:
    house = place.open()
    prove(world_of(house))
    house.showing.preview(actor=OWNER)
    house.showing.turn(on=True, actor=OWNER)
    place.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = launch(playwright)
        yield found
        found.close()


@pytest.fixture(scope="module")
def house(lived, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("portal")
    shutil.copytree(lived.folder.parent, folder, dirs_exist_ok=True)
    aside = threading.Thread(target=show_the_proof, args=(Place(folder / "koper", SettableClock(lived.until)),))
    aside.start()  # a browser's own loop runs in this thread
    aside.join()
    opened = open_system(folder / "koper", clock=RunningClock(lived.until))
    try:
        yield opened
    finally:
        opened.close()


@pytest.fixture
def site(house: System) -> Iterator[Site]:
    """Serve the pages anew for each test: how much one neighbourhood may ask is counted over a minute."""
    with served(pages_of(house, least=0.0)) as address:
        yield Site(address, house)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("path", [*NL, *EN])
def test_a_visit_leaves_nothing_and_asks_nobody_else(browser: Browser, site: Site, path: str, scripts: bool):
    traces = look(browser, site.address + path, scripts=scripts)
    assert traces.none, traces
    assert traces.status == (404 if "nowhere" in path else 200)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_request_to_answer_every_form_works_and_leaves_nothing(browser: Browser, site: Site, scripts: bool):
    context = browser.new_context(java_script_enabled=scripts, accept_downloads=True)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    try:
        page = context.new_page()
        page.goto(site.address + "/nl/verzoek/")
        page.get_by_label("Ik wil weten welke gegevens").check()
        page.get_by_label("Uw e-mailadres").fill("eva.smit@example.nl")
        page.wait_for_timeout(3100)
        page.get_by_role("button", name="Verzoek versturen").click()
        assert "Wij hebben uw verzoek" in page.inner_text("main")
        typed = page.locator(".code code").inner_text()
        if scripts:
            page.get_by_role("link", name="Uw verzoek volgen").click()
            page.wait_for_url("**/nl/portaal/", timeout=5000)  # the code is out of the address
            assert len(page.get_by_label("Uw code").input_value()) == 43
        else:
            page.goto(site.address + "/nl/portaal/")
            page.get_by_label("Uw code").fill(typed.lower())
        page.get_by_role("button", name="Bekijken").click()
        assert "In behandeling" in page.inner_text("main")
        page.get_by_text("Een bericht toevoegen").click()
        page.get_by_label("Uw bericht").fill("Ik ben verhuisd.")
        page.get_by_role("button", name="Toevoegen").click()
        assert "Uw bericht is toegevoegd" in page.inner_text("main")

        page.goto(site.address + "/nl/portaal/")
        page.get_by_label("Uw code").fill(site.given().typed)
        page.get_by_role("button", name="Bekijken").click()
        page.get_by_role("button", name="Wanneer zijn mijn gegevens geopend").click()
        assert "Namen van medewerkers noemen wij niet" in page.inner_text("main")
        page.get_by_role("button", name="Terug naar uw verzoek").click()
        page.get_by_role("button", name="Uw antwoord ophalen").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Nu ophalen").click()
        assert download.value.suggested_filename.startswith("req_")
        stores = page.evaluate(STORES) if scripts else stores_of_state(context.storage_state(indexed_db=True))
        assert not any(stores.values())
        assert context.cookies() == []
        assert not [url for url in asked if not url.startswith(site.address)]
        assert not [url for url in asked if typed in url or "#" in url]
    finally:
        context.close()


def behind_a_code(page: Page, site: Site, language: str) -> Iterator[str]:
    """Go through the pages that only a form leads to, and yield the name of each while it is shown."""
    nl = language == "nl"
    page.goto(site.address + ("/nl/verzoek/" if nl else "/en/request/"))
    page.locator("button").click()
    yield "request refused"
    page.locator("input[value=access]").check()
    page.locator("#contact").fill(f"eva.{page.evaluate('Math.random()')}@example.nl")
    page.wait_for_timeout(3100)
    page.locator("button").click()
    page.locator(".code code").wait_for()
    yield "received"
    page.goto(site.address + ("/nl/portaal/" if nl else "/en/portal/"))
    page.locator("#code").fill("0000")
    page.locator("button").click()
    yield "code refused"
    page.locator("#code").fill(site.given().typed)
    page.locator("button").click()
    for summary in page.locator("summary").all():
        summary.click()
    yield "standing"
    page.locator("textarea[name=words]").first.fill("Ik ben verhuisd.")
    page.locator("form:has(input[value=message]) button").click()
    yield "message added"
    page.locator("form:has(input[value=message])").locator("xpath=..").locator("summary").click()
    page.locator("form:has(input[value=message]) button").click()
    yield "empty message refused"
    for right in ("rectification", "objection"):
        page.locator("details:has(input[value=ask]) summary").click()
        page.locator(f"input[name=right][value={right}]").check()
        page.locator("#ask-words").fill("Mijn straat is anders geschreven.")
        page.locator("form:has(input[value=ask]) button").click()
        yield f"asked: {right}"
    page.locator("form:has(input[value=stop]) button").click()
    yield "offers stopped"
    page.locator("form:has(input[value=opened]) button").click()
    yield "opened"
    page.locator("form:has(input[value=status]) button").click()
    page.locator("form:has(input[value=fetch]) button").click()
    yield "fetch"
    page.goto(site.address + ("/nl/ontvangstbewijs/" if nl else "/en/receipt/"))
    page.locator("#receipt").fill(site.house.ledger.receipt(3).to_text())
    page.locator("button").click()
    yield "receipt checked"


def unjudged(page: Page, site: Site, language: str) -> Iterator[str]:
    """Go through what somebody sees of whom nobody judged yet who they are: offers stop by a code to the address that is held."""
    nl = language == "nl"
    page.goto(site.address + ("/nl/verzoek/" if nl else "/en/request/"))
    page.locator("input[value=access]").check()
    page.locator("#contact").fill(f"iemand.{page.evaluate('Math.random()')}@example.nl")
    page.wait_for_timeout(3100)
    page.locator("button").click()
    typed = page.locator(".code code").inner_text()
    page.goto(site.address + ("/nl/portaal/" if nl else "/en/portal/"))
    page.locator("#code").fill(typed)
    page.locator("button").click()
    page.locator("form:has(input[value=stop]) button").click()
    yield "a code is asked"
    page.locator("#code").fill("0000 0000")
    page.locator("form:has(input[value=stop-code]) button").click()
    yield "that code is wrong"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_axe_finds_nothing_on_any_page_and_each_fits_a_telephone(
    browser: Browser, site: Site, language: str, scheme: str
):
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1100, "height": 900})
    pictures = os.environ.get("GESTAND_PICTURES")
    found: list[str] = []

    def judge(page: Page, name: str) -> None:
        page.wait_for_load_state("load")  # with its styles: a page that a form gave has only begun
        violations = Axe().run(page, options=RULES).response["violations"]
        found.extend(f"{name}: {one['id']} {[node['html'][:120] for node in one['nodes'][:2]]}" for one in violations)
        if pictures:
            file = name.strip("/").replace("/", "-").replace(" ", "-") or "home"
            page.screenshot(path=Path(pictures) / f"{language}-{scheme}-{file}.png", full_page=True)
        page.set_viewport_size({"width": 320, "height": 700})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > 320:
            found.append(f"{name}: {wide} wide")
        page.set_viewport_size({"width": 1100, "height": 900})

    try:
        page = context.new_page()
        for path in NL if language == "nl" else EN:
            page.goto(site.address + path)
            judge(page, path)
        for way in (behind_a_code, unjudged):
            for name in way(page, site, language):
                judge(page, name)
        assert found == []
    finally:
        context.close()


def to(page: Page, selector: str, *, most: int = 40) -> None:
    """Go with the tabulator until the focus is on ``selector``, and see that it shows where it is."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            break
    else:
        raise AssertionError(f"the keyboard does not reach {selector}")
    shown = page.evaluate(
        "(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.outlineWidth })()"
    )
    assert not shown.startswith("none"), selector
    assert not shown.endswith("0px"), selector


def press(page: Page, selector: str, key: str) -> None:
    """Go to what ``selector`` names, press a key there, and wait for the page that comes of it."""
    to(page, selector)
    with page.expect_navigation():
        page.keyboard.press(key)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_adding_correcting_objecting_and_stopping_go_by_the_keyboard_alone(browser: Browser, site: Site, scripts: bool):
    context = browser.new_context(java_script_enabled=scripts)
    before = {one.id for one in site.house.requests.all()}
    given = site.given()
    try:
        page = context.new_page()
        page.goto(site.address + "/nl/portaal/")
        to(page, "#code")
        page.keyboard.type(given.typed)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        to(page, "summary")
        page.keyboard.press("Enter")
        to(page, "textarea[name=words]")
        page.keyboard.type("Ik ben verhuisd.")
        press(page, "form:has(input[value=message]) button", "Space")
        assert "Uw bericht is toegevoegd" in page.inner_text("main")
        for right in ("rectification", "objection"):
            to(page, "details:has(input[value=ask]) summary")
            page.keyboard.press("Space")
            to(page, "input[name=right]")
            page.keyboard.press("Space")
            while page.evaluate("document.activeElement.value") != right:
                page.keyboard.press("ArrowDown")
            to(page, "#ask-words")
            page.keyboard.type("Mijn straat is anders geschreven.")
            press(page, "form:has(input[value=ask]) button", "Enter")
            assert page.get_by_role("status").count() == 1
        press(page, "form:has(input[value=stop]) button", "Enter")
        assert "Dat is gestopt" in page.inner_text("main")
    finally:
        context.close()
    new = [one.right for one in site.house.requests.all() if one.id not in before]
    assert {Right.RECTIFICATION, Right.OBJECTION} <= set(new)
