"""What a browser said during a visit, gathered and then told apart: own or foreign, kept or gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from gestand.evidence.scan.model import By, CookieSeen, PageSeen, Scan, ScanOrder, Signal, StoreSeen, ThirdParty
from gestand.evidence.scan.rules import same_site

STORES = (
    "localStorage",
    "sessionStorage",
    "indexedDB",
    "cacheStorage",
    "fileSystem",
    "serviceWorker",
    "cache identifier",
)
BEACONS = ("sendBeacon", "ping", "pixel", "keepalive")
PRINTS = ("canvas", "webgl", "audio", "fonts", "webrtc")
WORKERS = ("service", "shared", "dedicated")


@dataclass(slots=True)
class Notes:
    """Filled while the browser visits. Hosts are without port: a port tells no parties apart."""

    order: ScanOrder
    page: str = ""
    quiet: bool = False  # while the scan itself looks into the stores
    pages: list[PageSeen] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    _set: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    _lifetimes: dict[tuple[str, str], int | None] = field(default_factory=dict)
    _jar: set[tuple[str, str]] = field(default_factory=set)
    _where: dict[object, str] = field(default_factory=dict)
    _stores: dict[tuple[str, str, str], bool] = field(default_factory=dict)
    _asked: dict[str, Counter[str]] = field(default_factory=dict)
    _signals: dict[tuple[str, str], str] = field(default_factory=dict)
    _embeds: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def own(self) -> tuple[str, ...]:
        """The site's own hosts."""
        return tuple(dict.fromkeys([*(host_of(url) for url in self.order.urls), *self.order.own]))

    def foreign(self, host: str) -> bool:
        """Tell whether a host is another party's."""
        return bool(host) and not same_site(host, self.own)

    def seen(self, kind: str, what: str, host: str) -> None:
        """Note what a hook in a frame of ``host`` reported."""
        if self.quiet and kind == "fileSystem":
            return
        if kind == "cookie":
            self._cookie(what, host, "script")
        elif kind in STORES:
            self._stores.setdefault((kind, what, host), False)
            self._where.setdefault((kind, what, host), self.page)
        else:
            self._signals.setdefault((kind, what), self.page)

    def header(self, url: str, line: str) -> None:
        """Note one Set-Cookie header of an answer (RFC 6265bis 5.6): its name and domain, not its value."""
        name, _, rest = line.partition("=")
        domain = next((part.strip()[7:] for part in rest.split(";") if part.strip().lower().startswith("domain=")), "")
        self._cookie(name.strip(), domain.lstrip(".").lower() or host_of(url), "http")

    def _cookie(self, name: str, host: str, by: str) -> None:
        self._set.setdefault((name, host), set()).add(by)
        self._where.setdefault((name, host), self.page)

    def asked(self, url: str, kind: str) -> None:
        """Note a request."""
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and self.foreign(host := host_of(url)):
            self._asked.setdefault(host, Counter())[kind] += 1
            self._where.setdefault(("host", host), self.page)
        if kind == "ping" and ("sendBeacon", url) not in self._signals:
            self._signals.setdefault(("ping", url), self.page)

    def stored(self, stores: Iterable[tuple[str, str]], host: str) -> None:
        """Note what lies in a frame's stores when its page has settled."""
        for kind, key in stores:
            self._stores[kind, str(key), host] = True
            self._where.setdefault((kind, str(key), host), self.page)

    def embedded(self, embeds: Iterable[tuple[str, str]], pixels: Iterable[str]) -> None:
        """Note what a page embeds of others: frames, scripts, hints; invisible pictures of anyone."""
        for kind, target in embeds:
            if kind == "ping" or self.foreign(host_of(target)):
                self._embeds.setdefault((kind, target), self.page)
        for pixel in pixels:
            self._signals.setdefault(("pixel", pixel), self.page)

    def jar(self, cookies: Iterable[Mapping[str, Any]], now: float) -> None:
        """Note the cookies that are there at the end; ``now`` in seconds since 1970."""
        for cookie in cookies:
            key = (str(cookie["name"]), str(cookie["domain"]).lstrip(".").lower())
            self._jar.add(key)
            expires = float(cookie.get("expires", -1))
            self._lifetimes[key] = None if expires < 0 else max(0, round(expires - now))
            self._set.setdefault(key, set())

    def scan(self, at: datetime, browser: str) -> Scan:
        """Return it all, told apart."""
        signals = [Signal(kind, target, page) for (kind, target), page in sorted(self._signals.items())]
        return Scan(
            urls=self.order.urls,
            own=self.own,
            at=at,
            browser=browser,
            pages=tuple(self.pages),
            cookies=tuple(self._cookies()),
            storage=tuple(
                StoreSeen(kind, key, host, kept, self._where.get((kind, key, host), ""))
                for (kind, key, host), kept in sorted(self._stores.items())
            ),
            third_parties=tuple(
                ThirdParty(host, tuple(sorted(kinds)), kinds.total(), self._where["host", host])
                for host, kinds in sorted(self._asked.items())
            ),
            beacons=tuple(s for s in signals if s.kind in BEACONS),
            fingerprinting=tuple(s for s in signals if s.kind in PRINTS),
            workers=tuple(s for s in signals if s.kind in WORKERS),
            embeds=tuple(Signal(kind, target, page) for (kind, target), page in sorted(self._embeds.items())),
            failed=tuple(self.failed),
        )

    def _cookies(self) -> Iterable[CookieSeen]:
        for (name, host), ways in sorted(self._set.items()):
            kept = (name, host) in self._jar
            by: By = "both" if len(ways) > 1 else "script" if ways == {"script"} else "http"
            yield CookieSeen(
                name,
                host,
                by,
                self.foreign(host),
                kept,
                self._where.get((name, host), ""),
                self._lifetimes.get((name, host)),
            )


def host_of(url: str) -> str:
    """Return the host of an address in lower case, without port; empty if there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
