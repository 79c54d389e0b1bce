"""Every form that a stranger may send, filled in with whatever may come: no fault of the program, nothing said back as markup, nothing told of anyone."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doors.public.test_portal import act, fetching
from doors.public.visiting import Browser, ticket_of, typed_of
from gestand.doors.demonstration.place import Place

SCRIPT = "<script>alert(7)</script>"
PORTAL = "/nl/portaal/"
FORMS: dict[str, tuple[str, ...]] = {
    "/nl/verzoek/": ("right", "contact", "name", "words"),
    "/en/request/": ("right", "contact", "name", "words"),
    "/nl/datalek-melden/": ("what", "contact"),
    "/nl/ontvangstbewijs/": ("receipt",),
    "/nl/apparaat-bewijs/": ("code",),
}
ACTS = ("status", "opened", "message", "ask", "stop", "stop-code", "fetch", "package", "waiting", "", "nothing")
BESIDE = ("words", "right", "code", "request")
ODD = ("", " ", "0", "access", "erasure", "objection", "anna@example.nl", "eva.smit@example.nl", "+31 485 340101", "x" * 330, "x" * 5_001, "é\u0301", "\u202e", "\ufeff",
       "a\x00b", "\r\nBcc: x@example.org", "../../etc/passwd", "{{ 7*7 }}", "%00%ff", "' OR 1=1 --", SCRIPT, "\U0001f4a9", "req_aaaaaaaaaaaaaaaa", "٣" * 16,
       "0" * 16, "A" * 43, '{"leaf": 1}', "[" * 3_000)  # fmt: skip
WORDS = st.sampled_from(ODD) | st.text(max_size=60)
NEIGHBOURS = count(1)
"""Each sends from a network of its own, so that the limit of one does not answer for all."""


def moved(browser: Browser) -> None:
    number = next(NEIGHBOURS)
    browser.address = f"10.{number >> 8 & 255}.{number & 255}.9"


def sound(page, sent: str = "") -> None:
    assert page.status < 500, page.status
    assert SCRIPT.encode() not in page.body
    assert not [name for name, _ in page.headers if name in {"set-cookie", "etag"}]
    assert b"Traceback" not in page.body
    assert b"anna@example.nl" not in page.body or "anna@example.nl" in sent


def fuzzed(tried, examples: int) -> None:
    settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )(tried)()


def fill_every_form(browser: Browser, examples: int) -> None:
    for path, names in FORMS.items():
        fill(browser, path, names, examples)


def fill(browser: Browser, path: str, names: tuple[str, ...], examples: int) -> None:
    @given(st.dictionaries(st.sampled_from([*names, "website", "ticket", "odd"]), WORDS, max_size=6), st.booleans())
    def tried(fields, fresh):
        moved(browser)
        if fresh:  # else without a ticket, or with one that was never made
            fields = {**fields, "ticket": ticket_of(browser.get(path))}
        browser.wait(5)
        sound(browser.post(path, fields), sent=" ".join(fields.values()))

    fuzzed(tried, examples)


def use_every_act(browser: Browser, code: str, examples: int) -> None:
    @given(st.sampled_from(ACTS), st.dictionaries(st.sampled_from(BESIDE), WORDS, max_size=4), WORDS)
    def tried(name, fields, made_up):
        moved(browser)
        browser.wait(301)
        entered = browser.post(PORTAL, {"code": code})
        if entered.status == 200:  # else the answer was fetched, and the request is closed with it
            sound(act(browser, entered, name, **fields), sent=" ".join(fields.values()))
        sound(browser.post(PORTAL, {"ticket": made_up, "act": name, **fields}))

    fuzzed(tried, examples)


def test_no_form_of_a_stranger_makes_the_program_fail(place: Place):
    fill_every_form(Browser(place), examples=12)


def test_no_act_behind_a_code_makes_the_program_fail(place: Place):
    browser = Browser(place)
    given_ = browser.form(
        "/nl/verzoek/", {"right": "access", "contact": "eva.smit@example.nl", "name": "", "words": "Wat weet u?"}
    )
    use_every_act(browser, typed_of(given_), examples=25)


@pytest.mark.long
def test_no_form_and_no_act_makes_the_program_fail_in_many_ways(place: Place):
    fill_every_form(Browser(place), examples=150)
    use_every_act(Browser(place), fetching(place).link, examples=150)


@pytest.mark.parametrize("path", ["/afmelden/{}", "/unsubscribe/{}"])
def test_whatever_is_unsubscribed_the_page_is_the_same_and_the_ledger_grows_by_nothing_of_it(place: Place, path: str):
    browser = Browser(place)
    before = browser.house.ledger.head().size
    tokens = ["x", "A" * 43, "a" * 2_000, "..%2f..", "%00", "' OR 1=1 --", "<b>", "é"]
    for method, body in (("GET", b""), ("POST", b"List-Unsubscribe=One-Click"), ("POST", b"\xff" * 3_000)):
        pages = [
            browser.get(path.format(one)) if method == "GET" else browser.post(path.format(one), {}, body=body)
            for one in tokens
        ]
        assert {(page.status, page.body) for page in pages if page.status != 404} == {(200, pages[0].body)}
    assert browser.house.ledger.head().size == before


def test_a_ticket_of_another_form_another_house_or_cut_short_is_told_as_one_that_is_old(place: Place):
    browser = Browser(place)
    good = {"right": "access", "contact": "eva.smit@example.nl", "name": "", "words": "x"}
    mine, other = ticket_of(browser.get("/nl/verzoek/")), ticket_of(browser.get("/nl/datalek-melden/"))
    browser.wait(5)
    answers = []
    for wrong in (other, mine[:-1], mine + "A", "", "A" * len(mine), mine.swapcase()):
        moved(browser)
        page = browser.post("/nl/verzoek/", {"ticket": wrong, "website": "", **good})
        answers.append((page.status, page.body.replace(ticket_of(page).encode(), b"")))
    assert set(answers) == {(400, answers[0][1])}
    assert b"De pagina stond te lang open" in answers[0][1]
