"""Sends forms to the public pages as a browser without scripts does, through the whole door."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message

from gestand.doors.demonstration.place import Place
from gestand.doors.house import pages_of
from gestand.evidence.model import Page
from gestand.evidence.reading import visible_text

HIDDEN = re.compile(r'name="ticket" value="([^"]*)"')
TYPED = re.compile(r"<code>([0-9A-Z-]{19})</code>")
LINKED = re.compile(r'#([A-Za-z0-9_-]{43})"')


class Browser:
    """A visitor with one address. ``place`` lends its clock."""

    def __init__(self, place: Place, *, least: float = 0.0, address: str = "192.0.2.7") -> None:
        self.place = place
        self.house = place.open()
        self.app: ASGIApp = pages_of(self.house, least=least)
        self.address = address

    def wait(self, seconds: float) -> None:
        self.place.clock.advance(timedelta(seconds=seconds))

    def get(self, path: str, method: str = "GET") -> Page:
        return asyncio.run(self._ask(method, path, b"", {}))

    def post(
        self, path: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Page:
        sent = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"} | dict(
            headers or {}
        )
        return asyncio.run(self._ask("POST", path, urlencode(fields).encode() if body is None else body, sent))

    def post_bare(self, path: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> Page:
        """Post as a browser that says nothing of where the page came from but what ``headers`` say."""
        sent = {"content-type": "application/x-www-form-urlencoded", **headers}
        return asyncio.run(self._ask("POST", path, urlencode(fields).encode(), sent))

    def form(self, path: str, fields: Mapping[str, str], **more) -> Page:
        """Open a form, take the time that people take, and send it."""
        ticket = ticket_of(self.get(path))
        self.wait(5)
        return self.post(path, {"ticket": ticket, "website": "", **fields}, **more)

    async def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Page:
        status, found, came = 500, (), bytearray()
        sent = False

        async def receive() -> Message:
            nonlocal sent
            if sent:
                return {"type": "http.disconnect"}
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status, found
            if message["type"] == "http.response.start":
                status = message["status"]
                found = tuple((k.decode("latin-1").lower(), v.decode("latin-1")) for k, v in message["headers"])
            elif message["type"] == "http.response.body":
                came.extend(message.get("body", b""))

        head = {"host": "privacy.example.nl", "content-length": str(len(body)), **headers}
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "https", "path": path,
            "raw_path": path.encode(), "query_string": b"", "root_path": "",
            "headers": [(k.encode(), v.encode("latin-1", "replace")) for k, v in head.items()],
            "client": (self.address, 4000), "server": ("127.0.0.1", 80),
        }  # fmt: skip
        await self.app(scope, receive, send)
        return Page(path, status, found, bytes(came))


def ticket_of(page: Page, at: int = 0) -> str:
    return unescape(HIDDEN.findall(page.body.decode())[at])


def typed_of(page: Page) -> str:
    return TYPED.findall(page.body.decode())[0]


def link_of(page: Page) -> str:
    return LINKED.findall(page.body.decode())[0]


def words(page: Page) -> str:
    return visible_text(page.body)
