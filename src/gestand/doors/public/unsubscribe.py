"""The page behind the link in every newsletter: a GET shows a button, a POST unsubscribes (RFC 8058 3.2).

Mail programs and scanners follow links on their own, so that a GET changes nothing. The one click of a mail program posts
``List-Unsubscribe=One-Click`` to the same address; what stands in the body is not read. Both pages are the same for every
token, and nothing is stored on anyone's device.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gestand.outreach.unsubscribing import Unsubscribing

Page = Callable[..., Response]
PATHS = {"nl": "/afmelden/{token}", "en": "/unsubscribe/{token}"}


def unsubscribe_routes(unsubscribing: Unsubscribing, page: Page) -> list[Route]:
    """Return the routes; ``page`` renders a template in a language."""

    def shown(language: str) -> Route:
        def answer(request: Request) -> Response:
            if request.method == "POST":
                done = unsubscribing.unsubscribe(str(request.path_params["token"]))
                said, asks = done, False
            else:
                said, asks = unsubscribing.page(), True
            return page("unsubscribe.html", language, firm=said.controller, said=said.said.into(language), asks=asks)

        return Route(PATHS[language], answer, methods=["GET", "POST"])

    return [shown(language) for language in PATHS]
