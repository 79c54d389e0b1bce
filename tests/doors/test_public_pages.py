"""The public pages: what leaves the door, byte for byte; the words are the statement's; nothing is stored by anyone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gestand.doors.demonstration.place import Place
from gestand.doors.demonstration.story import IN_FORCE
from gestand.doors.headers import HEADERS, NothingStored
from gestand.doors.house import pages_of, world_of
from gestand.doors.public.export import export_site
from gestand.doors.public.pages import public_pages
from gestand.doors.public.server import serve
from gestand.doors.public.visit import visitor
from gestand.doors.web.templates import FONTS
from gestand.evidence.controls.pages import look_at
from gestand.evidence.model import Page
from gestand.evidence.reading import visible_text
from gestand.kernel.errors import UsageError

PATHS = (
    "/", "/nl/", "/en/", "/nl/versies/", "/en/versions/", "/nl/versies/2018-05-25/", "/en/versions/2018-05-25/",
    "/static/style.css", "/robots.txt", "/favicon.ico", "/nl", "/nowhere", "/en/nowhere", "/nl/versies/1999-01-01/", "/nl/versies/..%2f..%2fetc/",
)  # fmt: skip


@pytest.fixture
def visit(place: Place):
    return visitor(pages_of(place.open()))


def header(page: Page, name: str) -> list[str]:
    return [value for key, value in page.headers if key == name]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers_once_and_nothing_that_stores(visit, path: str):
    page = visit(path)
    for name, value in HEADERS:
        assert header(page, name.decode()) == [value.decode()]
    for name in ("set-cookie", "etag", "last-modified", "expires"):
        assert header(page, name) == []
    assert header(page, "cache-control") == ["no-store"]


def test_a_cookie_a_tag_and_a_cache_that_an_inner_application_sets_do_not_come_out():
    seen: list[str] = []

    def careless(request) -> Response:
        seen.append(request.headers.get("cookie", ""))
        answer = PlainTextResponse("hello", headers={"etag": '"who"', "cache-control": "public, max-age=31536000"})
        answer.set_cookie("session", "1")
        answer.headers["Content-Security-Policy"] = "default-src *"
        return answer

    page = visitor(NothingStored(Starlette(routes=[Route("/", careless)])))("/")
    assert (page.status, page.body) == (200, b"hello")
    assert header(page, "set-cookie") == header(page, "etag") == []
    assert header(page, "cache-control") == ["no-store"]
    assert len(header(page, "content-security-policy")) == 1
    assert "'none'" in header(page, "content-security-policy")[0]
    assert seen == [""]


def test_a_cookie_that_a_browser_sends_is_not_read():
    seen: list[list[tuple[bytes, bytes]]] = []

    async def inner(scope, receive, send) -> None:
        seen.append(scope["headers"])

    scope = {"type": "http", "headers": [(b"Cookie", b"a=1"), (b"cookie", b"b=2"), (b"host", b"x")]}
    asyncio.run(NothingStored(inner)(scope, None, None))  # type: ignore[arg-type]
    assert seen == [[(b"host", b"x")]]


@pytest.mark.parametrize(
    ("path", "language"), [("/nowhere", "nl"), ("/en/nowhere", "en"), ("/nl/versies/1999-01-01/", "nl")]
)
def test_what_is_not_there_is_said_in_the_language_of_the_path(visit, path: str, language: str):
    page = visit(path)
    assert page.status == 404
    assert header(page, "content-language") == [language]
    assert {"nl": "Deze pagina is er niet.", "en": "There is no such page."}[language] in visible_text(page.body)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_carries_every_clause_of_the_version_in_force_word_for_word(place: Place, visit, language: str):
    statement = place.open().publication.in_force()
    page = visit(f"/{language}/")
    words = visible_text(page.body)
    lacking = [c.id for c in statement.text(language).clauses if " ".join(c.text.split()) not in words]
    assert (page.status, lacking) == (200, [])
    assert statement.digest in words
    assert f'<html lang="{language}">' in page.body.decode()


def test_the_first_statement_stays_readable_and_says_that_it_is_no_longer_in_force(place: Place, visit):
    statement = place.open().publication.version("2018-05-25")
    assert statement is not None
    words = visible_text(visit("/nl/versies/2018-05-25/").body)
    assert all(" ".join(c.text.split()) in words for c in statement.texts[0].clauses)
    assert "Dit is een eerdere versie." in words


def test_a_version_that_is_announced_says_that_it_is_not_in_force_yet(place: Place):
    house = place.open()
    visit = visitor(public_pages(house.publication, lambda: IN_FORCE - timedelta(days=1)))
    words = visible_text(visit(f"/nl/versies/{IN_FORCE}/").body)
    assert "geldt nog niet" in words
    assert "eerdere versie" not in words
    assert f"Geldig vanaf {IN_FORCE}" in words
    assert f"Geldig vanaf {IN_FORCE}" in visible_text(visit("/nl/versies/").body)
    assert "2018-05-25" in visible_text(visit("/nl/").body)


@pytest.mark.parametrize(
    ("path", "twin"),
    [("/nl/", "/en/"), ("/en/", "/nl/"), ("/nl/versies/", "/en/versions/"), ("/en/versions/", "/nl/versies/"),
     ("/nl/versies/2018-05-25/", "/en/versions/2018-05-25/"), ("/en/versions/2018-05-25/", "/nl/versies/2018-05-25/")],
)  # fmt: skip
def test_every_page_has_its_twin_in_the_other_language(visit, path: str, twin: str):
    assert f'href="{twin}"' in visit(path).body.decode()
    assert visit(twin).status == 200


def test_the_demonstration_is_marked_on_every_page_and_a_real_site_is_not(place: Place):
    house = place.open()
    shown, real = visitor(pages_of(house, demonstration=True)), visitor(pages_of(house))
    for path in ("/nl/", "/nl/versies/", "/nowhere"):
        assert "Demonstratie met verzonnen klanten" in visible_text(shown(path).body)
        assert "Demonstratie" not in visible_text(real(path).body)


def test_the_answer_is_the_same_for_every_visitor(visit):
    assert visit("/nl/") == visit("/nl/")


BAD = {
    "a cookie": lambda page: replace(page, headers=(*page.headers, ("set-cookie", "a=1"))),
    "a script": lambda page: replace(page, body=page.body + b"<script>1</script>"),
    "a handler": lambda page: replace(page, body=page.body + b'<p onclick="x()">'),
    "storage": lambda page: replace(page, body=page.body + b"localStorage.x = 1"),
    "a foreign picture": lambda page: replace(page, body=page.body + b'<img src="//cdn.example.org/x.gif">'),
    "a frame": lambda page: replace(page, body=page.body + b"<iframe></iframe>"),
    "a foreign sheet": lambda page: replace(
        page, body=page.body + b'<link rel="x" href="https://fonts.example.org/f.css">'
    ),
    "no policy": lambda page: replace(page, headers=()),
}


@pytest.mark.parametrize("what", BAD)
def test_each_kind_of_trace_in_a_page_is_seen(visit, what: str):
    page = visit("/nl/")
    assert look_at(page) == []
    assert look_at(BAD[what](page))


@pytest.mark.parametrize(("host", "port"), [("203.0.113.7", 8470), ("127.0.0.1", 70000), ("no.such.host.invalid", 1)])
def test_an_address_that_cannot_be_had_is_named_with_a_remedy(place: Place, host: str, port: int):
    with pytest.raises(UsageError) as refused:
        serve(pages_of(place.open()), host, port)
    assert refused.value.code == "address-taken"
    assert str(port) in refused.value.message
    assert refused.value.remedy


def test_a_damaged_copy_is_no_blank_page_but_a_verdict(place: Place):
    [copy] = (place.folder / "published").rglob("statement.nl.md")
    copy.write_text(copy.read_text("utf-8") + "\nx\n", "utf-8")
    house = place.open()
    assert world_of(house).statement.version == "2026-12-01"


@pytest.mark.parametrize(
    "rule",
    ['url("//cdn.example.org/f.woff2")', "url(https://cdn.example.org/f.woff2)", 'url("../f.woff2")', 'url("data:font/woff2,x")',
     'url("\\\\2f\\\\2f cdn.example.org/f.woff2")', "url(f.woff2)"],
)  # fmt: skip
def test_a_font_of_another_place_is_noticed(visit, rule: str):
    sheet = visit("/static/style.css")
    assert b"@font-face" in sheet.body
    assert look_at(sheet) == []
    other = replace(sheet, body=sheet.body + f"@font-face {{ font-family: x; src: {rule} }}".encode())
    assert look_at(other) == ["/static/style.css: fetches from elsewhere"]


def test_the_own_font_is_served_and_goes_along_with_an_export(visit, place: Place, tmp_path):
    for name in FONTS:
        page = visit(f"/static/{name}")
        assert page.body.startswith(b"wOF2")
        assert header(page, "content-type") == ["font/woff2"]
    export_site(pages_of(place.open(), answers=False), tmp_path)
    assert {file.name for file in (tmp_path / "static").iterdir()} >= {"style.css", *FONTS}
