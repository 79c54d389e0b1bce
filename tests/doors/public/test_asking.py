"""The request form: taken in at once, nothing told, machines and strangers' pages kept out, nobody lost."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from html import unescape

import pytest

from doors.public.visiting import Browser, link_of, ticket_of, typed_of, words
from gestand.doors.demonstration.place import Place
from gestand.doors.public.forms import Forms
from gestand.doors.public.table import path_of
from gestand.kernel.ids import ActorId
from gestand.ledger.receipt import verify_receipt
from gestand.register.device import Slip
from gestand.rights.model import Channel, State
from gestand.statement.policy import FieldKind
from gestand.storage.once import Once

FORM = "/nl/verzoek/"
GOOD = {"right": "access", "contact": "eva.smit@example.nl", "name": "Eva Smit", "words": "Wat weet u van mij?"}


@pytest.fixture
def browser(place: Place) -> Browser:
    return Browser(place)


def listed(browser: Browser) -> set[str]:
    return {request.id for request in browser.house.requests.all()}


def known_address(place: Place) -> str:
    """An address that is held already, by someone who is no stranger."""
    house = place.open()
    policy = house.publication.in_force().policy
    for subject in house.vault.subjects():
        held = [
            one
            for one in house.vault.holdings(subject)
            if one.field.endswith("email") and one.shelf != policy.rights.shelf
        ]
        if not held:
            continue
        opening = house.vault.open(
            subject, policy.rights.purpose, actor=ActorId("owner"), reason="a test", items=[held[0].item]
        )
        if opening.items and len(house.vault.find(policy.field(held[0].field).kind, opening.items[0].value)) == 1:
            return opening.items[0].value
    raise AssertionError("the worked example holds no address")


@pytest.mark.parametrize(("path", "said"), [(FORM, "Wij hebben uw verzoek"), ("/en/request/", "We have your request")])
def test_a_request_is_taken_in_with_its_clock_and_a_code_that_follows_it(browser: Browser, path: str, said: str):
    before = listed(browser)
    page = browser.form(path, GOOD)
    assert page.status == 200
    assert said in words(page)
    [new] = listed(browser) - before
    request = browser.house.requests.one(new)
    assert (request.channel, request.state, request.identity) == (Channel.WEB, State.RECEIVED, None)
    for code in (typed_of(page), link_of(page), typed_of(page).lower().replace("-", " ")):
        assert browser.house.portal.enter(code).request == new


def test_the_words_are_sealed_and_in_the_answer_never_in_the_ledger(browser: Browser, place: Place):
    browser.form(FORM, GOOD | {"words": "Het gaat om mijn zilveren fietsbel."})
    assert not [e for e in browser.house.ledger.entries() if b"fietsbel" in e.leaf]
    for path in (place.folder / "data").rglob("*"):
        if path.is_file():
            assert b"fietsbel" not in path.read_bytes(), path


def test_enumeration_the_answer_for_who_is_known_and_who_is_not_is_the_same(place: Place):
    browser = Browser(place)
    pages = []
    for contact in (known_address(place), "niemand.kent.mij@example.org"):
        page = browser.form(FORM, GOOD | {"contact": contact})
        code, link = typed_of(page), link_of(page)
        pages.append(
            (
                page.status,
                page.headers,
                re.sub(r'datetime="[^"]*T[^"]*"', "", page.body.decode()).replace(code, "CODE").replace(link, "LINK"),
            )
        )
    assert pages[0][0] == pages[1][0] == 200
    assert [h for h in pages[0][1] if h[0] != "content-length"] == [h for h in pages[1][1] if h[0] != "content-length"]
    assert pages[0][2] == pages[1][2]


def test_enumeration_no_answer_leaves_before_its_time(place: Place):
    browser = Browser(place, least=0.35)
    for contact in (known_address(place), "niemand.kent.mij@example.org"):
        ticket = ticket_of(browser.get(FORM))
        browser.wait(5)
        begun = time.monotonic()
        browser.post(FORM, GOOD | {"contact": contact, "ticket": ticket})
        assert time.monotonic() - begun >= 0.34


def test_a_machine_that_fills_the_hidden_field_is_told_the_same_and_nothing_is_kept(browser: Browser):
    before = listed(browser)
    page = browser.form(FORM, GOOD | {"website": "https://spam.example.org"})
    assert page.status == 200
    assert "Wij hebben uw verzoek" in words(page)
    assert typed_of(page)
    assert listed(browser) == before


def test_quicker_than_anyone_types_asks_to_send_again_and_keeps_what_was_typed(browser: Browser):
    before = listed(browser)
    ticket = ticket_of(browser.get(FORM))
    page = browser.post(FORM, GOOD | {"ticket": ticket})
    assert page.status == 400
    assert "drie tellen" in words(page)
    assert b"eva.smit@example.nl" in page.body
    assert listed(browser) == before


@pytest.mark.parametrize("ticket", ["", "x", "A" * 9000, "zoë", None])
def test_a_form_without_a_sound_ticket_is_not_taken(browser: Browser, ticket: str | None):
    before = listed(browser)
    if ticket is None:
        ticket = ticket_of(browser.get("/nl/datalek-melden/"))  # of another form
        browser.wait(5)
    assert browser.post(FORM, GOOD | {"ticket": ticket}).status == 400
    assert listed(browser) == before


def test_a_form_is_old_after_twelve_hours(browser: Browser):
    ticket = ticket_of(browser.get(FORM))
    browser.wait(12 * 3600 + 2)
    assert browser.post(FORM, GOOD | {"ticket": ticket}).status == 400


def test_a_form_that_is_sent_twice_is_one_request(browser: Browser):
    before = listed(browser)
    ticket = ticket_of(browser.get(FORM))
    browser.wait(5)
    assert browser.post(FORM, GOOD | {"ticket": ticket}).status == 200
    again = browser.post(FORM, GOOD | {"ticket": ticket})
    assert again.status == 409
    assert "al verstuurd" in words(again)
    assert len(listed(browser) - before) == 1


@pytest.mark.parametrize(
    ("lacking", "said"), [("contact", "hoe wij u kunnen bereiken"), ("right", "Kies wat u vraagt")]
)
def test_what_is_lacking_is_said_at_its_field(browser: Browser, lacking: str, said: str):
    page = browser.form(FORM, GOOD | {lacking: ""})
    assert page.status == 400
    assert said in words(page)
    assert f'id="{lacking}-fault"'.encode() in page.body


def test_what_is_typed_comes_back_as_text_and_never_as_markup(browser: Browser):
    page = browser.form(
        FORM, GOOD | {"right": "nothing", "contact": '"><script>alert(1)</script>', "words": "</textarea><img src=x>"}
    )
    assert page.status == 400
    assert b"<script" not in page.body
    assert b"<img" not in page.body


CSRF = {
    "another site": {"sec-fetch-site": "cross-site"},
    "another host of the site": {"sec-fetch-site": "same-site"},
    "an old browser elsewhere": {"sec-fetch-site": None, "origin": "https://evil.example.org"},
}


@pytest.mark.parametrize("how", CSRF)
def test_csrf_a_form_on_a_page_of_somebody_else_is_refused(place: Place, how: str):
    browser = Browser(place)
    before = listed(browser)
    page = send(browser, CSRF[how])
    assert page.status == 403
    assert listed(browser) == before


def test_origin_null_is_refused_and_an_old_browser_on_our_page_is_not(place: Place):
    assert send(Browser(place), {"sec-fetch-site": None, "origin": "null"}).status == 403
    assert send(Browser(place), {"sec-fetch-site": None, "origin": "https://privacy.example.nl"}).status == 200


def send(browser: Browser, headers):
    ticket = ticket_of(browser.get(FORM))
    browser.wait(5)
    shown = {"sec-fetch-site": "same-origin"} | headers
    kept = {name: value for name, value in shown.items() if value is not None}
    if "sec-fetch-site" not in kept:
        return browser.post_bare(FORM, GOOD | {"ticket": ticket}, kept)
    return browser.post(FORM, GOOD | {"ticket": ticket}, kept)


def test_flood_from_one_neighbourhood_waits_while_another_is_served(place: Place):
    browser = Browser(place)
    states = [browser.form(FORM, GOOD | {"contact": f"p{n}@example.nl"}).status for n in range(14)]
    assert states[:10] == [200] * 10
    assert 429 in states
    browser.address = "198.51.100.9"
    assert browser.form(FORM, GOOD | {"contact": "ander@example.nl"}).status == 200


def test_mail_bomb_one_contact_point_asks_three_times_an_hour(browser: Browser):
    states = []
    for n in range(5):
        browser.address = f"198.51.{n}.9"
        states.append(browser.form(FORM, GOOD).status)
    assert states == [200, 200, 200, 429, 429]


@pytest.mark.parametrize("body", [b"\xff\xfe" * 500, b"&" * 5000, b"a=1&" * 4000, b"%00%ff" * 100, b"{}"])
def test_a_body_of_anything_is_refused_without_a_fault_of_ours(browser: Browser, body: bytes):
    for path in (FORM, "/en/report-a-breach/", "/nl/ontvangstbewijs/", "/nl/portaal/"):
        assert 400 <= browser.post(path, {}, body=body).status < 500


def test_a_body_that_is_too_large_is_not_read(browser: Browser):
    assert browser.post(FORM, {}, body=b"a" * 200_000).status == 413


def test_a_report_of_a_breach_is_listed_at_once_with_nothing_but_what_was_said(browser: Browser):
    before = {case.breach.id for case in browser.house.breaches.all()}
    page = browser.form("/nl/datalek-melden/", {"what": "Een usb-stick met namen in de trein.", "contact": ""})
    assert page.status == 200
    assert "Uw melding is binnen" in words(page)
    assert len({case.breach.id for case in browser.house.breaches.all()} - before) == 1
    assert browser.form("/nl/datalek-melden/", {"what": " ", "contact": ""}).status == 400


def test_a_receipt_is_verified_and_a_changed_one_proves_nothing(browser: Browser):
    browser.house.ledger.checkpoint()
    text = browser.house.ledger.receipt(3).to_text()
    assert "Dit bewijs klopt" in words(browser.form("/nl/ontvangstbewijs/", {"receipt": text.replace("\n", "\r\n")}))
    bad = text.replace("index 3", "index 4")
    assert "Dit bewijst niets" in words(browser.form("/nl/ontvangstbewijs/", {"receipt": bad}))
    assert "Dit bewijst niets" in words(browser.form("/nl/ontvangstbewijs/", {"receipt": "hallo"}))


OWNER = ActorId("owner")


def test_the_code_of_a_certificate_is_checked_on_the_public_page_and_names_nobody(browser: Browser):
    house = browser.house
    [anna] = house.vault.find(FieldKind.EMAIL, "anna@example.nl")
    slip = Slip("Laptop ZX-1", "start niet", "lader", "alleen de map Administratie", "geheim-1234")
    device = house.devices.take_in(anna, slip, actor=OWNER)
    wiped = house.devices.wipe(device.id, actor=OWNER, method="tweemaal overschreven")
    returned = house.devices.give_back(device.id, actor=OWNER)
    assert path_of("certificate", "nl") in browser.get("/nl/").body.decode()
    for certificate, said in ((wiped, "kopieën vernietigd op"), (returned, "teruggegeven op")):
        page = browser.form("/nl/apparaat-bewijs/", {"code": f" {certificate.code} "})
        assert "Dit bewijs klopt" in words(page)
        assert said in words(page)
        receipt = unescape(re.search(r"<pre>(.*?)</pre>", page.body.decode(), re.DOTALL)[1])  # type: ignore[index]
        assert verify_receipt(receipt.strip() + "\n", house.ledger.key).event.name in {
            "device.wiped",
            "device.returned",
        }
        told = page.body.decode()
        assert [word for word in ("Anna", "ZX-1", "geheim-1234", certificate.code, anna) if word in told] == []
    assert "This certificate holds" in words(browser.form("/en/device-certificate/", {"code": wiped.code}))
    assert "Geen bewijs heeft deze code" in words(browser.form("/nl/apparaat-bewijs/", {"code": wiped.code[:-1]}))
    for code in ("", "x" * 101):
        assert browser.form("/nl/apparaat-bewijs/", {"code": code}).status == 400


def test_a_firm_without_devices_in_hand_has_no_page_for_their_certificates(browser: Browser, monkeypatch):
    statement = browser.house.publication.in_force()
    bare = replace(statement, policy=statement.policy.model_copy(update={"devices": None}))
    monkeypatch.setattr(type(browser.house.publication), "in_force", lambda _self, _day=None: bare)
    assert browser.get("/nl/apparaat-bewijs/").status == 404
    assert path_of("certificate", "nl") not in browser.get("/nl/").body.decode()


def test_a_mailbox_in_another_notation_is_the_same_mailbox(place):
    house = place.open()
    forms = Forms(house.tickets, Once(house.engine), house.clock, house.entropy)
    ways = (
        "klant0@straße.de",
        "Klant0@STRASSE.de".replace("SS", "ẞ"),
        "klant0@xn--strae-oqa.de ",
        "KLANT0@straße.de",
        "klant0@XN--STRAE-OQA.de",
    )
    assert [forms.mailbox_free(one) for one in ways] == [True, True, True, False, False]
    calls = ("0485-340101", "+31 485 340101", "(0485) 34 01 01", "0485 340 101")
    assert [forms.mailbox_free(one) for one in calls] == [True, True, True, False]
