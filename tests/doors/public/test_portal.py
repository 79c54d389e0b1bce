"""The portal: a code opens what it may and nothing else; scanners, replays, guesses and strangers get one answer."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest

from doors.public.visiting import Browser, link_of, ticket_of, typed_of, words
from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import SYSTEM, ActorId, PurposeId
from gestand.post.model import MailKind
from gestand.rights.model import Channel, IdentityLevel, Right, State
from gestand.rights.portal.model import Given, Level
from gestand.statement.policy import FieldKind
from rights.test_casework import Refusing

PORTAL = "/nl/portaal/"
OWNER = ActorId("owner")
NO = "Deze code opent niets, of niet meer."


@pytest.fixture
def browser(place: Place) -> Browser:
    return Browser(place)


@pytest.fixture
def received(browser: Browser):
    fields = {"right": "access", "contact": "eva.smit@example.nl", "name": "", "words": "Wat weet u?"}
    return browser.form("/nl/verzoek/", fields)


def known(place: Place) -> str:
    """A subject whose data were opened before."""
    house = place.open()
    return next(one for one in house.vault.subjects() if len(house.vault.holdings(one)) > 3)


def fetching(place: Place, right: Right = Right.ACCESS, level: IdentityLevel = IdentityLevel.SECOND_FACT) -> Given:
    house = place.open()
    request = house.requests.receive(right, contact="eva.smit@example.nl", channel=Channel.WEB, actor=SYSTEM)
    house.requests.confirm(request.id, level, actor=OWNER, subject=known(place))
    return house.portal.give(request.id, Level.FETCH, actor=OWNER)


def act(browser: Browser, page, name: str, at: int = 0, **fields: str):
    return browser.post(PORTAL, {"ticket": ticket_of(page, at), "act": name, **fields})


def test_a_code_shows_how_the_request_stands_and_nothing_of_anyone(browser: Browser, received):
    for code in (typed_of(received), link_of(received)):
        page = browser.post(PORTAL, {"code": code})
        assert page.status == 200
        assert "In behandeling" in words(page)
        assert "eva.smit" not in words(page)
        assert "Wanneer zijn mijn gegevens geopend" not in words(page)


def test_link_scanner_get_and_head_use_nothing_up_and_press_no_button(browser: Browser, received):
    code = link_of(received)
    for method in ("GET", "HEAD"):
        for _ in range(50):
            page = browser.get(PORTAL, method)
            assert page.status == 200
            assert code.encode() not in page.body
    assert browser.post(PORTAL, {"code": code}).status == 200
    assert browser.post(PORTAL, {"code": code}).status == 200, "a scanner that posts takes nothing away either"
    script = browser.get("/static/portal.js").body.decode()
    assert not [word for word in ("submit", "click", "fetch(", "XMLHttp", "sendBeacon") if word in script]


def test_one_answer_for_wrong_truncated_foreign_expired_and_worn_out_codes(browser: Browser, received, place: Place):
    typed, link = typed_of(received), link_of(received)
    other = "0" * 16 if typed.replace("-", "") != "0" * 16 else "1" * 16
    wrong = [other, typed[:-1], typed + "2", link[:-1], link[:-1] + ("A" if link[-1] != "A" else "B"), "", " ", "é" * 30, "x" * 5000,
             "req_abcdefgh", "'; DROP TABLE portal_code; --"]  # fmt: skip
    pages = [browser.post(PORTAL, {"code": code}) for code in wrong]
    browser.address = "198.51.100.3"
    guess = typed[:-4] + ("0000" if typed[-4:] != "0000" else "1111")
    pages += [browser.post(PORTAL, {"code": guess}) for _ in range(5)]
    pages.append(browser.post(PORTAL, {"code": typed}))  # right, but worn out by five guesses
    browser.wait(181 * 86400)
    pages.append(browser.post(PORTAL, {"code": link}))
    assert {(page.status, page.body) for page in pages} == {(403, pages[0].body)}
    assert NO in words(pages[0])


def test_a_code_is_tried_twenty_times_then_waits(browser: Browser):
    states = [browser.post(PORTAL, {"code": "0" * 16}).status for _ in range(22)]
    assert states == [403] * 20 + [429] * 2
    assert browser.post(PORTAL, {"code": "0" * 16}).status == 429


def test_no_code_lies_in_the_store_or_the_ledger(browser: Browser, received, place: Place):
    codes = [link_of(received).encode(), typed_of(received).encode(), typed_of(received).replace("-", "").encode()]
    rows = browser.house.engine.execute("SELECT mark, hashed FROM portal_code")
    assert len(rows) == 2
    for mark, hashed in rows:
        assert not [code for code in codes if code in f"{mark} {hashed}".encode()]
        assert len(str(mark)) == 64
        assert hashed == "" or str(hashed).startswith("$argon2id$")
    assert not [e for e in browser.house.ledger.entries() if any(code in e.leaf for code in codes)]


def test_replayed_code_a_page_that_changed_something_is_not_sent_twice(browser: Browser, received):
    page = browser.post(PORTAL, {"code": typed_of(received)})
    first = act(browser, page, "message", words="Ik ben verhuisd.")
    assert "Uw bericht is toegevoegd" in words(first)
    again = act(browser, page, "message", words="Ik ben verhuisd.")
    assert again.status == 403
    assert act(browser, first, "status").status == 200


def test_the_back_button_works_once_and_a_ticket_ends_after_a_quarter_of_an_hour(browser: Browser, received):
    page = browser.post(PORTAL, {"code": typed_of(received)})
    assert [act(browser, page, "status").status for _ in range(3)] == [200, 200, 403]
    page = browser.post(PORTAL, {"code": typed_of(received)})
    browser.wait(15 * 60 + 2)
    assert act(browser, page, "status").status == 403


@pytest.mark.parametrize("how", ["cross-site", "same-site"])
def test_csrf_another_page_cannot_use_a_ticket(browser: Browser, received, how: str):
    page = browser.post(PORTAL, {"code": typed_of(received)})
    fields = {"ticket": ticket_of(page), "act": "message", "words": "x"}
    assert browser.post(PORTAL, fields, {"sec-fetch-site": how}).status == 403
    assert browser.post(PORTAL, fields).status == 200


def test_a_message_and_a_request_beside_it_are_kept_with_their_own_clock(browser: Browser, received, place: Place):
    page = browser.post(PORTAL, {"code": typed_of(received)})
    before = {request.id for request in browser.house.requests.all()}
    after = act(browser, page, "ask", right="objection", words="Geen reclame meer.")
    assert "bezwaar" in words(after)
    [new] = {request.id for request in browser.house.requests.all()} - before
    request = browser.house.requests.one(new)
    assert (request.right, request.state, request.identity, request.channel) == (
        Right.OBJECTION,
        State.RECEIVED,
        None,
        Channel.WEB,
    )
    assert words(browser.post(PORTAL, {"code": typed_of(received)})).count("Ontvangen") == 2
    assert act(browser, after, "ask", right="everything").status == 400
    assert not [e for e in browser.house.ledger.entries() if b"reclame" in e.leaf]


def marketing(house) -> set[str]:
    return {name for name, one in house.statements.in_force().policy.purposes.items() if one.marketing}


def test_who_proves_the_address_by_a_code_stops_offers_in_the_same_second(browser: Browser, place: Place):
    house = browser.house
    house.post._courier = Refusing  # as the settings would, with a server named
    who = next(
        one
        for one in CAST
        if (held := house.vault.find(FieldKind.EMAIL, one.email)) and not house.vault.objections(held[0])
    )
    [eva] = house.vault.find(FieldKind.EMAIL, who.email)
    house.choices.consent(eva, PurposeId("newsletter"), channel="web", actor=OWNER)
    pages = []
    for contact in (who.email, "nadia@example.org"):
        received = browser.form("/nl/verzoek/", {"right": "access", "contact": contact, "name": "", "words": ""})
        pages.append(act(browser, browser.post(PORTAL, {"code": typed_of(received)}), "stop"))
    assert words(pages[0]) == words(pages[1]), "known and unknown see the same"
    assert house.vault.objections(eva) == ()
    [request] = [one for one in house.requests.of_subject(eva) if one.right is Right.OBJECTION and one.open]
    wrong = act(browser, pages[0], "stop-code", request=request.id, code="0000 0000")
    assert (wrong.status, house.vault.objections(eva)) == (403, ())
    stranger = next(
        one for one in house.requests.all() if one.open and one.right is Right.OBJECTION and one.matches == 0
    )
    assert act(browser, wrong, "stop-code", request=stranger.id, code=sent_code(house, stranger.id)).status == 403
    page = act(browser, browser.post(PORTAL, {"code": typed_of(received)}), "stop")
    assert page.status == 200
    again = act(browser, act(browser, wrong, "status"), "stop")
    done = act(browser, again, "stop-code", request=request.id, code=sent_code(house, request.id))
    assert "Dat is gestopt" in words(done)
    assert set(house.vault.objections(eva)) >= marketing(house)
    assert house.vault.consents(eva) == ()
    assert house.outreach.suppression.asks([(FieldKind.EMAIL, who.email)]) == (who.email,)
    assert house.requests.one(request.id).state is State.CLOSED


def test_who_was_judged_before_stops_offers_with_one_button(browser: Browser, place: Place):
    given = fetching(place)
    house = browser.house
    subject = house.requests.one(given.request).subject
    page = act(browser, browser.post(PORTAL, {"code": given.typed}), "stop")
    assert "Dat is gestopt" in words(page)
    assert set(house.vault.objections(subject)) >= marketing(house)


def sent_code(house, request: str) -> str:
    """The newest code that went out for a request."""
    newest = [one for one in house.post.all(reference=request) if one.kind is MailKind.CODE][-1]
    raw = house.post.content(newest.message_id, actor=OWNER, reason="test").decode("utf-8", "replace")
    return re.search(r"(\d{4} \d{4})", raw.partition("\r\n\r\n")[2])[1]


def test_a_code_that_follows_never_opens_what_is_for_who_was_judged(browser: Browser, received):
    for name in ("opened", "fetch"):
        page = browser.post(PORTAL, {"code": typed_of(received)})
        answer = act(browser, page, name)
        assert (answer.status, NO in words(answer)) == (403, True)
    page = browser.post(PORTAL, {"code": typed_of(received)})
    assert act(browser, page, "package").status == 403, "a ticket of another kind"


def test_what_was_opened_is_shown_by_day_role_and_purpose_and_never_by_name(browser: Browser, place: Place):
    given = fetching(place)
    page = act(browser, browser.post(PORTAL, {"code": given.typed}), "opened")
    said = words(page)
    assert "een medewerker" in said or "het programma zelf" in said
    assert "owner" not in said
    assert page.body.count(b"<tr>") > 1
    assert act(browser, page, "status").status == 200


def test_the_answer_is_fetched_once_within_a_minute_and_closes_the_request(browser: Browser, place: Place):
    given = fetching(place)
    page = act(browser, browser.post(PORTAL, {"code": given.link}), "fetch")
    browser.wait(61)
    assert act(browser, page, "package").status == 403
    page = act(browser, browser.post(PORTAL, {"code": given.link}), "fetch")
    tickets = ticket_of(page)
    got = browser.post(PORTAL, {"ticket": tickets, "act": "package"})
    assert got.status == 200
    assert ("content-disposition", f'attachment; filename="{given.request}.zip"') in got.headers
    with zipfile.ZipFile(io.BytesIO(got.body)) as archive:
        assert {"answer.json", "answer.html", "answer.csv", "answer.nl.pdf", "receipt.tlog-proof"} <= set(
            archive.namelist()
        )
        assert json.loads(archive.read("answer.json"))["data"]
    assert browser.house.requests.one(given.request).state is State.CLOSED
    assert browser.post(PORTAL, {"ticket": tickets, "act": "package"}).status == 403
    shown = browser.post(PORTAL, {"code": given.typed})
    assert "Afgehandeld" in words(shown)
    assert act(browser, act(browser, shown, "fetch"), "package").status == 403
    browser.wait(15 * 60 + 1)
    assert browser.post(PORTAL, {"code": given.typed}).status == 403


def test_a_copy_to_take_along_is_fetched_the_same_way(browser: Browser, place: Place):
    given = fetching(place, Right.PORTABILITY)
    page = act(browser, browser.post(PORTAL, {"code": given.typed}), "fetch")
    got = act(browser, page, "package")
    with zipfile.ZipFile(io.BytesIO(got.body)) as archive:
        assert "data.json" in archive.namelist()


def test_an_answer_that_waits_is_fetched_with_its_own_code_once_and_then_gone(browser: Browser):
    house = browser.house
    request = house.requests.receive(Right.ERASURE, contact="x@example.nl", channel=Channel.EMAIL, actor=OWNER)
    code = house.parcels.put(request.id, {"letter.nl.txt": b"Beste Nadia"}, actor=OWNER)
    for wrong in (code[:-1] + ("0" if code[-1] != "0" else "1"), "AAAA" + code[4:]):
        assert browser.post(PORTAL, {"code": wrong}).status == 403
    page = browser.post(PORTAL, {"code": code.lower().replace("-", " ")})
    assert page.status == 200
    assert "Beste" not in words(page)
    assert house.parcels.waiting(request.id)
    once = ticket_of(page)
    got = browser.post(PORTAL, {"ticket": once, "act": "waiting"})
    with zipfile.ZipFile(io.BytesIO(got.body)) as archive:
        assert archive.read("letter.nl.txt") == b"Beste Nadia"
    assert not house.parcels.waiting(request.id)
    assert browser.post(PORTAL, {"ticket": once, "act": "waiting"}).status == 403
    assert browser.post(PORTAL, {"code": code}).status == 403


def test_a_code_that_fetches_takes_a_person_who_was_sure(place: Place):
    house = place.open()
    with pytest.raises(RefusedError) as refused:
        fetching(place, level=IdentityLevel.CONTACT_POINT)
    assert refused.value.code == "identity-not-judged"
    given = fetching(place)
    with pytest.raises(RefusedError):
        house.portal.give(given.request, Level.FETCH, actor=SYSTEM)
    erasure = house.requests.receive(Right.ERASURE, contact="x@example.nl", channel=Channel.EMAIL, actor=OWNER)
    with pytest.raises(UsageError) as wrong:
        house.portal.give(erasure.id, Level.FETCH, actor=OWNER)
    assert wrong.value.code == "request-right"


def test_codes_that_open_nothing_leave_with_the_next_run_of_retention(browser: Browser, received):
    house = browser.house
    assert len(house.engine.execute("SELECT mark FROM portal_code")) == 2
    browser.wait(182 * 86400)
    house.retention.run(actor=OWNER)
    assert house.engine.execute("SELECT mark FROM portal_code") == []
