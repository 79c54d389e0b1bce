"""A door that can be shut while a breach is contained: it answers 503 and nothing else, until it is opened again."""

from __future__ import annotations

from collections.abc import Callable, Collection

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SAID = (
    "Deze deur is even dicht. Probeer het later, of neem contact op per telefoon of post.\n"
    "This door is shut for now. Try later, or contact us by telephone or post.\n"
)
LATER = {"retry-after": "3600"}


class Closable:
    """Lets requests through to a door while it is open. ``shut``: the doors that are shut, asked at every request.

    ``refusal``: what is answered while it is shut; two lines of text by default.
    """

    def __init__(
        self, app: ASGIApp, door: str, shut: Callable[[], Collection[str]], refusal: ASGIApp | None = None
    ) -> None:
        self._app = app
        self._door = door
        self._shut = shut
        self._refusal = refusal or PlainTextResponse(SAID, status_code=503, headers=LATER)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or say that the door is shut."""
        if scope["type"] == "http" and self._door in self._shut():
            await self._refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)
