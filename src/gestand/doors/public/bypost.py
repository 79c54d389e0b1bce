"""The forms where nobody answers them: on the firm's own site as plain files. They say how to ask by mail, telephone or post."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gestand.doors.public.asking import RIGHTS
from gestand.doors.public.site import Site, language_of
from gestand.doors.public.table import BY_NAME


@dataclass(frozen=True, slots=True)
class ByPost:
    """The pages in place of the request form and the report of a breach."""

    site: Site

    def routes(self) -> Iterable[Route]:
        """Return their routes."""
        for name in ("request", "report"):
            for path in (BY_NAME[name].nl, BY_NAME[name].en):
                yield Route(path, self._page(name), name=name)

    def _page(self, name: str) -> Callable[[Request], Response]:
        def page(request: Request) -> Response:
            controller = self.site.publication.in_force(self.site.today()).policy.controller
            contacts = tuple(contact for contact in controller.contacts if contact.rights)
            return self.site.page(
                f"{name}_by_post.html",
                language_of(request),
                contacts=contacts,
                rights=tuple(RIGHTS.values()),
                own=BY_NAME[name],
            )

        return page
