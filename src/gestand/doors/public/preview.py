"""The proof page as the owner sees it before anybody else does."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.routing import Route

from gestand.doors.public.pages import public_pages
from gestand.doors.public.reading import proof_page
from gestand.doors.public.site import Site, language_of
from gestand.doors.public.visit import visitor
from gestand.kernel.clock import local_date
from gestand.system import System


def preview_page(house: System, language: str = "nl") -> bytes:
    """Return the proof page of the last run as HTML, whether or not it is shown."""
    shown = house.showing.last()

    def only(site: Site) -> Iterable[Route]:
        if shown is not None:
            yield Route(f"/{language}/preview/", lambda request: proof_page(site, shown, language_of(request)))

    return visitor(public_pages(house.publication, lambda: local_date(house.clock()), more=only))(
        f"/{language}/preview/"
    ).body
