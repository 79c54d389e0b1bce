"""What a door did, in numbers: how many requests, how they ended, how long they took. Never who, from where, or which page."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gestand.system import System
from gestand.vault.model import VaultCounts

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper bounds of the time a request takes, in seconds."""

COUNTED_FOR = timedelta(minutes=10)


class Tally:
    """Counts by door: ``(door, class of status)``, and the times by bound."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self.ended: Counter[tuple[str, str]] = Counter()
        self.times: dict[str, list[int]] = {}
        self.seconds: Counter[str] = Counter()
        self.running = 0

    def add(self, door: str, status: int, seconds: float) -> None:
        """Count one request that ended."""
        with self._turn:
            self.ended[door, f"{status // 100}xx"] += 1
            self.times.setdefault(door, [0] * (len(BOUNDS) + 1))[bisect_left(BOUNDS, seconds)] += 1
            self.seconds[door] += seconds  # type: ignore[assignment]  # a Counter adds any number

    def step(self, by: int) -> None:
        """Count requests that are being answered."""
        with self._turn:
            self.running += by


class Stock:
    """How much is in the vault: counted again once what was counted is old, for a count of millions is no work for every look."""

    def __init__(self, house: System) -> None:
        self._house = house
        self._turn = threading.Lock()
        self._known: tuple[datetime, VaultCounts] | None = None

    def counts(self) -> tuple[VaultCounts, datetime]:
        """Return the counts, and when they were made: at most ``COUNTED_FOR`` ago."""
        with self._turn:
            now = self._house.clock()
            if self._known is None or not now - COUNTED_FOR < self._known[0] <= now:
                self._known = now, self._house.vault.counts()
            at, found = self._known
        return found, at


class Counted:
    """Counts every request of an application. ``door``: the name of the door from a path."""

    def __init__(self, app: ASGIApp, tally: Tally, door: Callable[[str], str]) -> None:
        self._app = app
        self._tally = tally
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and count it when it ends."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = 500, perf_counter()

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._tally.step(1)
        try:
            await self._app(scope, receive, seen)
        finally:
            self._tally.step(-1)
            self._tally.add(self._door(scope["path"]), status, perf_counter() - began)


def door_of(path: str) -> str:
    """Return the door that a path leads to."""
    for name in ("office", "api", "portal"):
        if path == f"/{name}" or path.startswith(f"/{name}/"):
            return name
    return "probe" if path in {"/health", "/ready", "/metrics"} else "public"
