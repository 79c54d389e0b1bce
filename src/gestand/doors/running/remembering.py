"""Pages that are the same for everybody are made once a second, however many ask: a crowd before the statement costs nothing.

What is remembered is the answer alone, in memory, for the paths that are named; a new version, or a door that was shut, shows
within that second. While one request has the page made anew, the others get the one before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = 1.0
STATEMENT_PAGES = frozenset({"/nl/", "/en/", "/static/style.css"})


@dataclass(frozen=True, slots=True)
class _Answer:
    messages: tuple[Message, ...]
    until: float


class Remembered:
    """Answers GET of ``paths`` from memory while the answer is fresh. ``now``: seconds that only grow."""

    def __init__(
        self, app: ASGIApp, paths: Collection[str] = STATEMENT_PAGES, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._paths = frozenset(paths)
        self._now = now
        self._kept: dict[str, _Answer] = {}
        self._being_made: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or have the answer made and remember it if it is a page."""
        path = scope.get("path", "")
        if scope["type"] != "http" or path not in self._paths or scope["method"] != "GET" or scope["query_string"]:
            await self._app(scope, receive, send)
            return
        kept = self._kept.get(path)
        if kept is None or (kept.until <= self._now() and path not in self._being_made):
            kept = await self._made(scope, receive, path)
        for message in kept.messages:
            await send(message)

    async def _made(self, scope: Scope, receive: Receive, path: str) -> _Answer:
        messages: list[Message] = []

        async def hear(message: Message) -> None:
            messages.append(message)

        self._being_made.add(path)
        try:
            await self._app(scope, receive, hear)
        finally:
            self._being_made.discard(path)
        made = _Answer(tuple(messages), self._now() + SECONDS)
        if messages and messages[0].get("status") == 200:
            self._kept[path] = made
        else:
            self._kept.pop(path, None)
        return made
