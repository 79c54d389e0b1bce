"""Fetches a page as a visitor's browser would, without a socket: the whole way through the door, headers included."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.types import ASGIApp, Message

from gestand.evidence.model import Page


def visitor(app: ASGIApp) -> Callable[[str], Page]:
    """Return a function that fetches a path from ``app`` by GET."""

    def visit(path: str) -> Page:
        return asyncio.run(_get(app, path))

    return visit


async def _get(app: ASGIApp, path: str) -> Page:
    status = 500
    headers: tuple[tuple[str, str], ...] = ()
    body = bytearray()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = tuple((k.decode("latin-1").lower(), v.decode("latin-1")) for k, v in message["headers"])
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 0), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    await app(scope, receive, send)
    return Page(path, status, headers, bytes(body))
