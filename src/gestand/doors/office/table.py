"""Every way into the office, collected from its pages. What is not in here is not reachable."""

from __future__ import annotations

from functools import cache

from gestand.doors.office.pages import PAGES
from gestand.doors.office.routes import Page, Route
from gestand.doors.office.visit import Visit


@cache
def routes() -> tuple[Route, ...]:
    """Return every route of every page."""
    return tuple(route for page in PAGES for route in page.routes)


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """Return the route of a path (without language) with the ids in it, or None."""
    for route in routes():
        if route.method == method and (found := route.pattern.fullmatch(path)):
            return route, found.groupdict()
    return None


def known(path: str) -> bool:
    """Say whether a page can be opened at a path."""
    return find("GET", path) is not None


def place_of(path: str) -> Page:
    """Return the page of the menu under which a path lies."""
    first = path.partition("/")[0]
    return next(
        page for page in PAGES if page.title and any(route.path.split("/")[0] == first for route in page.routes)
    )


def menu(visit: Visit) -> tuple[tuple[Page, ...], ...]:
    """Return the menu in its groups: what whoever asks may open."""
    shown = [page for page in PAGES if page.title is not None and (page.audience == "staff" or visit.person.keeper)]
    groups = (tuple(page for page in shown if page.group == group) for group in ("work", "promise", "house"))
    return tuple(group for group in groups if group)
