"""Pages that only say something: what changed, the proof without a figure, the feed, security.txt, gpc.json."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pyrage
import pytest

from doors.public.visiting import Browser, words
from gestand.breach.affected import Reach
from gestand.breach.containing import Pull
from gestand.breach.model import Lever, Reporter
from gestand.doors.demonstration.place import Place
from gestand.doors.house import world_of
from gestand.evidence.controls import breach
from gestand.evidence.service import prove
from gestand.evidence.showing import SECRET
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, RecipientId
from gestand.sharing.model import Demand
from gestand.statement.policy import FieldKind

OWNER = ActorId("owner")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def browser(place: Place) -> Browser:
    return Browser(place)


@pytest.fixture
def proven(browser: Browser):
    return prove(world_of(browser.house))


def shown(browser: Browser, path: str = "/nl/bewijs/"):
    browser.house.showing.preview(actor=OWNER)
    browser.house.showing.turn(on=True, actor=OWNER)
    return browser.get(path)


def test_the_proof_page_is_off_until_the_owner_looked_at_it(browser: Browser, proven):
    assert browser.get("/nl/bewijs/").status == 404
    with pytest.raises(RefusedError) as refused:
        browser.house.showing.turn(on=True, actor=OWNER)
    assert refused.value.code == "proof-page-unseen"
    assert b"/nl/bewijs/" not in browser.get("/nl/").body
    assert shown(browser).status == 200
    assert b"/nl/bewijs/" in browser.get("/nl/").body
    browser.house.showing.turn(on=False, actor=OWNER)
    assert browser.get("/nl/bewijs/").status == 404


def test_what_was_looked_at_is_named_once_however_many_controls_looked(browser: Browser, proven):
    assert proven
    told = re.findall(r"Gekeken naar: (.*?)</p>", shown(browser).body.decode())
    assert told
    for line in told:
        parts = line.split("; ")
        assert len(parts) == len(set(parts)), line


def test_nothing_is_shown_before_anything_was_proven(place: Place):
    house = place.open()
    house.engine.execute("DELETE FROM proof_shown")
    with pytest.raises(RefusedError) as refused:
        house.showing.preview(actor=OWNER)
    assert refused.value.code == "proof-page-empty"


@pytest.mark.parametrize(("path", "language"), [("/nl/bewijs/", "nl"), ("/en/proof/", "en")])
def test_every_clause_stands_there_in_its_own_words_with_its_verdict(
    browser: Browser, proven, path: str, language: str
):
    said = words(shown(browser, path))
    text = browser.house.publication.in_force().text(language)
    assert [c.id for c in text.clauses if " ".join(c.text.split()) not in said] == []
    assert {"nl": "Nagegaan: geen afwijking gevonden", "en": "Checked: no deviation found"}[language] in said
    assert "compliant" not in said


def test_no_figure_no_evidence_and_no_incident_is_told(browser: Browser, proven):
    shown(browser)
    [row] = browser.house.engine.execute("SELECT said FROM proof_shown WHERE name = 'run'")
    kept = json.loads(str(row[0]))
    assert set(kept) == {"version", "at", "entry", "reference", "clauses"}
    assert {key for clause in kept["clauses"] for key in clause} == {"id", "finding", "proof", "controls"}
    private = {control.id for control in breach.CONTROLS} | SECRET
    about = {r.clause.id for r in proven.clauses if private & {c.id for c in r.controls}}
    assert about
    assert {clause["id"] for clause in kept["clauses"] if clause["finding"] == "private"} == about
    body = browser.get("/nl/bewijs/").body.decode()
    for why in {
        c.verdict.why.nl for r in proven.clauses for c in r.controls if any(map(str.isdigit, c.verdict.why.nl))
    }:
        assert why not in body


REFERENCE = re.compile(r"prf_[a-z0-9]+")


def seen_by_an_attacker(browser: Browser) -> list[str]:
    """Return what a stranger sees of the firm just after a proof, but for the reference of the run: it is drawn anew."""
    run = prove(world_of(browser.house))
    assert run.clauses
    browser.house.showing.preview(actor=OWNER)
    paths = ["/nl/", "/nl/bewijs/", "/en/proof/", "/nl/datalekken/", "/nl/versies/", "/nl/contact/", "/nl/wijzigingen.atom",
             "/.well-known/security.txt", "/nl/portaal/", "/nl/ontvangstbewijs/"]  # fmt: skip
    return [TICKET.sub("", REFERENCE.sub("", browser.get(path).body.decode())) for path in paths]


TICKET = re.compile(r'name="ticket" value="[^"]+"')


def test_a_stranger_sees_nothing_of_an_open_breach(browser: Browser, proven):
    """With a breach that was reported, is not contained, is late, and has people on its list: the same bytes."""
    shown(browser)
    before = seen_by_an_attacker(browser)
    house = browser.house
    [anna] = house.vault.find(FieldKind.EMAIL, "anna@example.nl")
    longest = house.clock() - timedelta(days=9)
    one = house.breaches.report("Een laptop is weg.", reporter=Reporter.STAFF, reported_at=longest, actor=OWNER)
    assert seen_by_an_attacker(browser) == before  # its clock ran out, and its verdicts are broken
    assert any(r.finding == "broken" for r in prove(world_of(house)).clauses)
    house.breaches.count_people(one.id, Reach(subjects=(anna,)), actor=OWNER)
    house.breaches.contain(one.id, Pull(Lever.HOLD_EVIDENCE), actor=OWNER)
    house.breaches.contain(one.id, Pull(Lever.ROTATE_KEYS), actor=OWNER)
    house.breaches.contain(one.id, Pull(Lever.REVOKE_ACCESS), actor=OWNER)
    assert seen_by_an_attacker(browser) == before


def test_a_stranger_sees_nothing_of_a_secret_order_even_one_that_went_wrong(browser: Browser, proven):
    """The secrecy ended weeks ago and nobody was told: a broken promise, for the keepers alone to see."""
    shown(browser)
    before = seen_by_an_attacker(browser)
    house = browser.house
    [anna] = house.vault.find(FieldKind.EMAIL, "anna@example.nl")
    demand = Demand(
        "public prosecutor", "126nd Sv", "name", "letter", house.clock(), RecipientId("authorities"), PurposeId("orders"),
        (FieldPath("contact.name"),), (anna,), {"written": True, "identity_checked": True}, secret=True,
    )  # fmt: skip
    order = house.sharing.receive_order(demand, actor=OWNER)
    assert seen_by_an_attacker(browser) == before
    browser.wait(3600 * 2)
    key = str(pyrage.x25519.Identity.generate().to_public())
    house.sharing.carry_out(order.id, actor=OWNER, proof=order.id, facts={}, sealed_to=key)
    clear = [TIME.sub("", page) for page in before]
    assert [TIME.sub("", page) for page in seen_by_an_attacker(browser)] == clear
    house.sharing.lift_secrecy(order.id, actor=OWNER, because="letter")
    browser.wait(3600 * 24 * 20)
    broken = {r.clause.id for r in prove(world_of(house)).clauses if {"orders-checked"} & {c.id for c in r.controls}}
    assert broken
    assert {c.finding for c in house.showing.last().clauses if c.id in broken} == {"private"}


TIME = re.compile(r"<time[^>]*>[^<]*</time>|\d{4}-\d{2}-\d{2}T[0-9:]+Z")


def test_the_reference_leads_to_the_run_in_the_ledger_and_tells_no_count(browser: Browser, proven):
    page = shown(browser)
    last = browser.house.showing.last()
    assert last.reference in words(page)
    named = [e.event for e in browser.house.ledger.entries() if e.event.name == "proof.named"]
    assert named[-1].facts == {"reference": last.reference, "entry": proven.entry}
    assert f">{proven.entry}<" not in page.body.decode()


def test_a_new_proof_is_shown_at_once_while_the_page_is_on_and_the_page_proves_nothing_itself(browser: Browser, proven):
    shown(browser)
    first = browser.house.showing.last()
    size = browser.house.ledger.head().size
    browser.get("/nl/bewijs/")
    assert browser.house.ledger.head().size == size
    browser.wait(3600)
    prove(world_of(browser.house))
    second = browser.house.showing.last()
    assert second.reference != first.reference
    assert second.reference in words(browser.get("/nl/bewijs/"))


def test_what_a_version_changed_is_told_by_its_weight_and_the_first_changed_nothing(browser: Browser):
    said = words(browser.get("/nl/versies/2026-12-01/wijzigingen/"))
    assert "Wat er veranderde in versie 2026-12-01" in said
    assert "Wij mogen minder, of beloven meer" in said
    assert browser.get("/nl/versies/2018-05-25/wijzigingen/").status == 404
    assert browser.get("/en/versions/1999-01-01/changes/").status == 404


def test_the_feed_is_atom_with_every_version(browser: Browser):
    for path in ("/nl/wijzigingen.atom", "/en/changes.atom"):
        page = browser.get(path)
        feed = ET.fromstring(page.body)  # noqa: S314 - our own
        entries = feed.findall(f"{ATOM}entry")
        assert len(entries) == len(browser.house.publication.history())
        for part in (feed, *entries):
            assert part.findtext(f"{ATOM}id", "").startswith("urn:sha256:")
            assert part.findtext(f"{ATOM}title")
            datetime.fromisoformat(part.findtext(f"{ATOM}updated", ""))
        assert ("content-type", "application/atom+xml") in [(k, v.split(";")[0]) for k, v in page.headers]


def test_security_txt_names_a_contact_and_a_day_within_a_year(browser: Browser):
    lines = dict(
        line.split(": ", 1)
        for line in browser.get("/.well-known/security.txt").body.decode().splitlines()
        if "mailto" in line or "tel:" not in line
    )
    assert lines["Contact"].startswith("mailto:")
    until = datetime.fromisoformat(lines["Expires"])
    now = browser.place.clock()
    assert now < until.astimezone(UTC) < now + timedelta(days=365)


def test_gpc_json_says_since_when(browser: Browser):
    assert json.loads(browser.get("/.well-known/gpc.json").body) == {"gpc": True, "lastUpdate": "2026-12-01"}


def test_the_contact_page_names_every_contact_point_and_the_authority(browser: Browser):
    said = words(browser.get("/en/contact/"))
    contacts = browser.house.publication.in_force().policy.controller.contacts
    assert all(contact.value in said for contact in contacts)
    assert "Autoriteit Persoonsgegevens" in said
