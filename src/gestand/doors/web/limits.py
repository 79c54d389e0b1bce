"""Bounds on what anyone may ask of a door: bytes in a body, and requests in a while.

Who asks is remembered as an HMAC under a key that lives in memory for a day, so that no address of a visitor is
kept, in a log or anywhere.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gestand.kernel.clock import Clock
from gestand.kernel.crypto import mac
from gestand.kernel.entropy import Entropy

MOST_REMEMBERED = 20_000
LARGEST_BODY = 1_048_576


class SmallBodies:
    """Refuses a body above ``most`` bytes with 413 as soon as it is seen to be, whatever its header said.

    ``refusal``: what is answered then; a line of text by default.
    """

    def __init__(self, app: ASGIApp, most: int = LARGEST_BODY, refusal: ASGIApp | None = None) -> None:
        self._app = app
        self._most = most
        self._refusal = refusal or _TOO_LARGE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counting."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = next((value for name, value in scope["headers"] if name.lower() == b"content-length"), b"0")
        if not told.isdigit() or int(told) > self._most:
            await self._refusal(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._most:
                raise HTTPException(413)  # more came than the header said
            return message

        await self._app(scope, counted, send)


_TOO_LARGE: ASGIApp = PlainTextResponse("too large\n", 413)


class Buckets:
    """Token buckets: ``size`` requests at once, one more every ``seconds`` seconds, for each asker."""

    def __init__(self, clock: Clock, entropy: Entropy, *, size: int, seconds: float) -> None:
        self._clock = clock
        self._entropy = entropy
        self._size = size
        self._seconds = seconds
        self._key = entropy(32)
        self._day = clock().date()
        self._left: OrderedDict[bytes, tuple[float, datetime]] = OrderedDict()

    def take(self, kind: str, who: str) -> bool:
        """Take one from a bucket and return True, or False where it is empty."""
        now = self._clock()
        if now.date() != self._day:
            self._key, self._day = self._entropy(32), now.date()
            self._left.clear()
        name = mac(self._key, f"{kind}\x00{who}".encode("utf-8", "surrogatepass"))
        left, since = self._left.pop(name, (float(self._size), now))
        left = min(float(self._size), left + max(0.0, (now - since).total_seconds()) / self._seconds)
        taken = left >= 1
        self._left[name] = (left - 1 if taken else left, now)
        while len(self._left) > MOST_REMEMBERED:
            self._left.popitem(last=False)
        return taken


def neighbourhood(address: str) -> str:
    """Return the network an address belongs to, as limits count it: a /24 or a /48; the text itself if it is none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{address}/{24 if found.version == 4 else 48}", strict=False))
