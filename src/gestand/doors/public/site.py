"""How a public page is made: one template, one language, the same for every visitor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from gestand.publication.service import Publication


class Page(Protocol):
    """Renders a template in a language."""

    def __call__(self, template: str, language: str, status: int = 200, **values: object) -> Response:
        """Return the page."""
        ...


@dataclass(frozen=True, slots=True)
class Site:
    """What the makers of pages share."""

    page: Page
    publication: Publication
    today: Callable[[], date]
    missing: Callable[[Request], Response]


def language_of(request: Request) -> str:
    """Return the language of a path; it is not remembered anywhere."""
    return "en" if request.url.path.startswith("/en/") else "nl"
