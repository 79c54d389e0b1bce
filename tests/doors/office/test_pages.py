"""Every page of the office in a real browser: sound markup in both languages and themes, by keyboard, nothing left behind."""

from __future__ import annotations

import pytest

from doors.office.desk import come_in, sign_in, sit_down
from gestand.doors.office.pages import PAGES
from gestand.doors.office.table import routes
from gestand.kernel.ids import ActorId
from gestand.register.device import Slip
from gestand.rights.model import Channel, IdentityLevel, Right
from gestand.statement.policy import FieldKind

OWNER = ActorId("owner")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def pages(worked) -> list[str]:
    """Return the path of every page that can be opened, with real ids in it."""
    house = worked.office.house
    [anna] = house.vault.find(FieldKind.EMAIL, "anna@example.nl")
    running = [one for one in house.requests.all() if one.open and one.right is Right.ERASURE]
    if not running:
        made = house.requests.receive(Right.ERASURE, contact="eva@example.org", channel=Channel.EMAIL, actor=OWNER)
        running = [house.requests.confirm(made.id, IdentityLevel.CONTACT_POINT, actor=OWNER)]
    if not any(one.in_hand for one in house.devices.all()):
        [daan] = house.vault.find(FieldKind.EMAIL, "daan@example.nl")
        house.devices.take_in(daan, Slip("Laptop", "start niet", "", "niets"), actor=OWNER)
    ids = {
        "{subject}": str(anna),
        "{request}": str(running[0].id),
        "{breach}": next(case.breach.id for case in house.breaches.all()),
        "{order}": next(one.id for one in house.sharing.orders()),
        "{device}": next(one.id for one in house.devices.all()),
    }
    found = []
    for route in routes():
        path = route.path
        for name, value in ids.items():
            path = path.replace(name, value)
        if route.method == "GET" and "{" not in path and path not in {"", "sources/preset"}:
            found.append(path)
    message = next(house.archive.every()).message
    campaigns = [f"outreach/{one.id}" for one in house.outreach.all()]
    return [
        *found,
        f"people/{anna}?purpose=service&call=1",
        "people?for=service",
        "sharing/give?recipient=bookkeeper&purpose=administration",
        "sources/preset?preset=woocommerce",
        f"mail/{message}?purpose=mail-archive",
        *campaigns,
    ]


def visit(desk, worked, language: str, path: str) -> None:
    """Open a page as a link does, without signing in anew."""
    desk.page.evaluate(
        """(href) => { const a = document.createElement('a'); a.href = href; a.textContent = 'go';
          document.getElementById('office').append(a); window.before = document.querySelector('#office main'); a.click(); }""",
        f"/office/{language}/{path}",
    )
    for _ in range(100):
        if desk.page.evaluate("window.before !== document.querySelector('#office main')"):
            break
        desk.page.wait_for_timeout(50)
    else:
        raise AssertionError(f"{path} did not come: {desk.page.locator('#notice').inner_text()}")
    assert desk.page.locator("#notice").inner_text() == "", path


@pytest.mark.parametrize(
    ("language", "scheme"),
    [
        ("nl", "light"),
        ("en", "dark"),
        pytest.param("nl", "dark", marks=pytest.mark.long),
        pytest.param("en", "light", marks=pytest.mark.long),
    ],
)
def test_axe_finds_nothing_on_any_page(worked, browser, language, scheme):
    from axe_playwright_python.sync_playwright import Axe

    desk = sit_down(browser, worked.credentials, color_scheme=scheme, viewport={"width": 1100, "height": 800})
    desk.page.goto(worked.office.url(f"{language}/"))
    found = {"door": Axe().run(desk.page, options=RULES).response["violations"]}
    sign_in(desk, worked.office.url(f"{language}/today"))
    for path in pages(worked):
        visit(desk, worked, language, path)
        desk.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        found[path] = Axe().run(desk.page, options=RULES).response["violations"]
    desk.close()
    told = {
        path: [(v["id"], v["nodes"][0]["html"][:200], v["nodes"][0]["failureSummary"][:200]) for v in wrong]
        for path, wrong in found.items()
        if wrong
    }
    assert told == {}
    assert len(found) >= len(PAGES)
    assert desk.said == []


def test_every_page_fits_a_telephone(worked, browser):
    desk = sit_down(browser, worked.credentials, viewport={"width": 360, "height": 740})
    sign_in(desk, worked.office.url("nl/today"))
    wide = {}
    for path in pages(worked):
        visit(desk, worked, "nl", path)
        wide[path] = desk.page.evaluate("document.documentElement.scrollWidth")
    desk.close()
    assert {path: width for path, width in wide.items() if width > 360} == {}


def test_the_keyboard_alone_finds_somebody_and_takes_a_note(worked, browser):
    """Sign in, F2, a number, a note, sign out: no pointer is used."""
    desk = sit_down(browser, worked.credentials)
    page, press = desk.page, desk.page.keyboard.press

    def reach(what: str) -> None:
        """Press Tab until the element with the focus shows this text."""
        for _ in range(80):
            press("Tab")
            if page.evaluate("(document.activeElement.innerText || '').trim()").startswith(what):
                return
        raise AssertionError(f"Tab never came to {what!r}")

    page.goto(worked.office.url("nl/today"))
    press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").is_visible()
    reach("Aanmelden met sleutel")
    press("Enter")
    page.locator("#office main").wait_for()
    assert page.evaluate("document.activeElement.tagName") == "MAIN"
    press("F2")
    page.get_by_role("heading", level=1, name="Telefoon").wait_for()
    page.keyboard.type("0485 340101")
    press("Enter")
    page.get_by_role("heading", level=1, name="Persoon").wait_for()  # no dossier runs: the purpose is asked
    assert "anna@example.nl" not in page.content()
    reach("– kies een doel")
    page.keyboard.type("Lev")
    page.get_by_role("heading", level=1, name="Anna de Vries").wait_for()
    assert page.evaluate("document.activeElement.name").startswith("f:")  # the note
    page.keyboard.type("Belt over de printer")
    press("Enter")
    page.get_by_role("cell", name="Belt over de printer").wait_for()
    reach("Afmelden")
    press("Enter")
    page.get_by_text("U bent afgemeld.").wait_for()
    assert desk.context.cookies() == []
    assert desk.context.storage_state(indexed_db=True)["origins"] == []
    desk.close()
    opened = [e.event for e in worked.office.house.ledger.entries() if e.event.name == "data.opened"][-1]
    assert (opened.facts["purpose"], opened.facts["reason"]) == ("service", "call")
    assert opened.actor.startswith("stf_")


def test_the_draft_is_judged_while_it_is_typed_and_nothing_is_written(worked, browser):
    desk = sit_down(browser, worked.credentials)
    sign_in(desk, worked.office.url("nl/statement/draft"))
    page = desk.page
    before = (worked.office.house.config.folder / "policy.toml").read_bytes()
    text = page.locator("textarea").input_value()
    assert text == before.decode()
    page.locator("textarea").fill(text.replace('period = "2 years"', 'period = "9 years"', 1))
    page.locator("#judged").get_by_text("verruimt").first.wait_for()
    page.locator("textarea").fill(text + "\nnonsense = 1\n")
    page.locator("#judged .told.bad").wait_for()
    assert (worked.office.house.config.folder / "policy.toml").read_bytes() == before
    desk.close()


def test_a_file_comes_out_through_the_worker_and_the_request_closes(worked, browser):
    house = worked.office.house
    made = house.requests.receive(Right.ACCESS, contact="chaima@example.org", channel=Channel.EMAIL, actor=OWNER)
    house.requests.confirm(made.id, IdentityLevel.CONTACT_POINT, actor=OWNER)
    desk = sit_down(browser, worked.credentials, accept_downloads=True)
    sign_in(desk, worked.office.url(f"nl/requests/{made.id}"))
    desk.page.on("dialog", lambda dialog: dialog.accept())
    with desk.page.expect_download() as caught:
        desk.page.get_by_role("button", name="Maak het antwoord").click()
    assert caught.value.suggested_filename == f"{made.id}.zip"
    import zipfile

    with zipfile.ZipFile(caught.value.path()) as packed:
        assert b"chaima@example.org" in packed.read("answer.json")
        assert {
            "answer.json",
            "answer.html",
            "answer.csv",
            "answer.nl.pdf",
            "answer.en.pdf",
            "receipt.tlog-proof",
        } <= set(packed.namelist())
    assert not house.requests.one(made.id).open
    desk.close()


def test_what_a_request_is_refused_for_is_told_and_what_was_typed_stays(worked, browser):
    desk = sit_down(browser, worked.credentials)
    sign_in(desk, worked.office.url("nl/people?for=service"))
    page = desk.page
    page.get_by_label("e-mailadres").fill("geen adres")
    page.get_by_role("button", name="Opnemen").click()
    page.locator("#notice .told.bad").wait_for()
    assert page.get_by_label("e-mailadres").input_value() == "geen adres"
    desk.close()


def test_a_helper_sees_what_their_role_allows_and_no_more(worked, browser):
    office = worked.office
    policy = office.house.publication.in_force().policy
    narrow = policy.model_copy(
        update={
            "roles": {**policy.roles, "helper": policy.roles["owner"].model_copy(update={"purposes": ("service",)})}
        }
    )
    [keeper, *_] = office.house.staff.active()
    code = office.house.staff.invite(["helper"], keeper=False, policy=narrow, actor=keeper.id)
    desk = sit_down(browser)
    come_in(desk, office.url(f"nl/enrol#{code}"), "Hanna Helper")
    import gestand.doors.office.visit as module

    original = module.Visit.policy
    module.Visit.policy = property(lambda _self: narrow)  # as if the version in force had this role
    try:
        [anna] = office.house.vault.find(FieldKind.EMAIL, "anna@example.nl")
        visit(desk, worked, "nl", f"people/{anna}?purpose=service")
        assert "anna@example.nl" in desk.page.content()
        assert desk.page.locator("select[name=purpose] option").count() == 1
        assert desk.page.locator(".menu").get_by_role("link", name="Instellingen").count() == 0
        for path, said in (
            (f"people/{anna}?purpose=administration", "Uw rol mag niet voor dit doel werken"),
            ("settings", "Alleen een beheerder"),
            (f"requests/{next(iter(office.house.requests.all())).id}", "Uw rol mag niet voor dit doel werken"),
        ):
            desk.page.evaluate(
                "(href) => { const a = document.createElement('a'); a.href = href; document.getElementById('office').append(a); a.click(); }",
                f"/office/nl/{path}",
            )
            desk.page.get_by_text(said).first.wait_for()
    finally:
        module.Visit.policy = original
        desk.close()
        helper = next(person for person in office.house.staff.active() if person.name == "Hanna Helper")
        office.house.staff.revoke(helper.id, actor=keeper.id)
