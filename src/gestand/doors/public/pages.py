"""The routes of the public pages. The language is in the path and is not remembered anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

from markupsafe import Markup
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from gestand.breach.notices import PublicNotice
from gestand.doors.headers import NothingStored
from gestand.doors.public.menu import Entry
from gestand.doors.public.site import Site
from gestand.doors.public.table import path_of
from gestand.doors.public.unsubscribe import unsubscribe_routes
from gestand.doors.web.limits import SmallBodies
from gestand.doors.web.templates import FONTS, environment, style
from gestand.kernel.errors import GestandError
from gestand.outreach.unsubscribing import Unsubscribing
from gestand.publication.service import Publication
from gestand.statement.model import Statement
from gestand.statement.render import render_html

FOLDER = Path(__file__).parent
LARGEST_BODY = 100_000
SCRIPT = (FOLDER / "static" / "portal.js").read_bytes()
STYLE = style(FOLDER / "static" / "style.css")
WORDS = {
    "nl": {
        "history": "Alle versies", "in_force": "Geldig sinds", "other": "English", "version": "Versie",
        "missing": "Deze pagina is er niet.", "back": "Naar de verklaring", "older": "Dit is een eerdere versie.",
        "coming": "Deze versie is aangekondigd en geldt nog niet.", "from": "Geldig vanaf",
        "current": "Lees de versie die nu geldt", "versions_path": "versies", "language": "Taal", "skip": "Naar de tekst",
        "demo": "Demonstratie met verzonnen klanten. Deze pagina hoort niet bij de genoemde onderneming.",
        "fingerprint": "Controlegetal (SHA-256)", "notices": "Berichten over een datalek",
        "no_notices": "Er is nu geen bericht.", "more": "Meer", "changed": "Wat veranderde",
        "feed": "Volg de wijzigingen (Atom)",
        "unsubscribe": "Afmelden",
    },
    "en": {
        "history": "All versions", "in_force": "In force since", "other": "Nederlands", "version": "Version",
        "missing": "There is no such page.", "back": "To the statement", "older": "This is an earlier version.",
        "coming": "This version is announced and not in force yet.", "from": "In force from",
        "current": "Read the version in force", "versions_path": "versions", "language": "Language", "skip": "To the text",
        "demo": "A demonstration with invented customers, not affiliated with the firm that is named.",
        "fingerprint": "Digest (SHA-256)", "notices": "Notices of a data breach", "no_notices": "There is no notice now.",
        "more": "More", "changed": "What changed", "feed": "Follow the changes (Atom)",
        "unsubscribe": "Unsubscribe",
    },
}  # fmt: skip


def public_pages(  # noqa: C901 - one small function a route
    publication: Publication,
    today: Callable[[], date],
    *,
    demonstration: bool = False,
    notices: Callable[[], Sequence[PublicNotice]] = tuple,
    more: Callable[[Site], Iterable[Route]] = lambda _site: (),
    menu: Callable[[], Sequence[Entry]] = tuple,
    unsubscribing: Unsubscribing | None = None,
) -> NothingStored:
    """Return the ASGI application of the public pages.

    ``demonstration`` marks every page as one; ``notices`` are the public notices of breaches (Article 34(3)(c));
    ``more`` makes further routes, ``menu`` what stands at the foot of every page.
    Answers are the same for every visitor: nothing of a request is read but its path, and what is typed into a form.
    """
    templates = environment(FOLDER / "templates")

    def page(template: str, language: str, status: int = 200, **values: object) -> Response:
        words = WORDS[language]
        other = "en" if language == "nl" else "nl"
        values.setdefault("firm", publication.in_force(today()).policy.controller.name)
        html = templates.get_template(template).render(
            language=language, other=other, w=words, demonstration=demonstration, menu=menu(), path_of=path_of, **values
        )
        return HTMLResponse(html, status_code=status, headers={"content-language": language})

    def statement_page(statement: Statement, language: str, *, current: bool) -> Response:
        body = Markup(render_html(statement.text(language)))  # noqa: S704 - made by statement.render, which escapes all text
        since = next((p.in_force_from for p in publication.history() if p.version == statement.version), None)
        return page(
            "statement.html", language, statement=statement, body=body, since=since, current=current,
            coming=since is not None and since > today(),
            firm=statement.policy.controller.name,
        )  # fmt: skip

    def in_force(request: Request) -> Response:
        return statement_page(publication.in_force(today()), _language(request), current=True)

    def versions(request: Request) -> Response:
        history = sorted(publication.history(), key=lambda p: p.in_force_from, reverse=True)
        return page(
            "versions.html",
            _language(request),
            history=history,
            today=today(),
            firm=publication.in_force(today()).policy.controller.name,
        )

    def version(request: Request) -> Response:
        wanted = request.path_params["version"]
        try:
            statement = publication.version(wanted)
        except GestandError:
            statement = None
        if statement is None:
            return missing(request)
        return statement_page(
            statement, _language(request), current=statement.version == publication.in_force(today()).version
        )

    def breaches(request: Request) -> Response:
        firm = publication.in_force(today()).policy.controller.name
        return page("notices.html", _language(request), notices=notices(), firm=firm)

    def missing(request: Request) -> Response:
        return page(
            "missing.html", _language(request), status=404, firm=publication.in_force(today()).policy.controller.name
        )

    async def not_found(request: Request, _fault: Exception) -> Response:
        return missing(request)

    def sheet(_request: Request) -> Response:
        return Response(STYLE, media_type="text/css")

    def font(request: Request) -> Response:
        return Response(FONTS[request.url.path.rpartition("/")[2]], media_type="font/woff2")

    def robots(_request: Request) -> Response:
        return PlainTextResponse("User-agent: *\nAllow: /\n")

    def no_icon(_request: Request) -> Response:
        """Answer that there is none: browsers keep icons past the clearing of everything else, and know people by them."""
        return Response(status_code=204)

    def script(_request: Request) -> Response:
        return Response(SCRIPT, media_type="text/javascript")

    app = Starlette(
        routes=[
            Route("/", lambda _request: RedirectResponse("/nl/", status_code=307)),
            Route("/nl/", in_force),
            Route("/en/", in_force),
            Route("/nl/versies/", versions),
            Route("/en/versions/", versions),
            Route("/nl/versies/{version}/", version),
            Route("/en/versions/{version}/", version),
            Route("/static/style.css", sheet),
            Route("/static/portal.js", script),
            *(Route(f"/static/{name}", font) for name in FONTS),
            *more(Site(page, publication, today, missing)),
            Route("/nl/datalekken/", breaches),
            Route("/en/breaches/", breaches),
            *(unsubscribe_routes(unsubscribing, page) if unsubscribing is not None else ()),
            Route("/robots.txt", robots),
            Route("/favicon.ico", no_icon),
        ],
        exception_handlers={404: not_found},
    )
    return NothingStored(SmallBodies(app, LARGEST_BODY))


def _language(request: Request) -> str:
    return "en" if request.url.path.startswith("/en/") else "nl"
