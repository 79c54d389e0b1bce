"""The nouns of a scan: what was asked, what each page did, and the whole. No value of a cookie or a store is ever kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

By = Literal["http", "script", "both"]


@dataclass(frozen=True, slots=True)
class ScanOrder:
    """What to visit. ``own``: hosts that count as the site's own besides those of ``urls``; ``forms``: send forms too.

    ``pages`` and ``seconds`` (a page) are limits; links are followed on the site's own hosts only.
    """

    urls: tuple[str, ...]
    own: tuple[str, ...] = ()
    pages: int = 20
    seconds: float = 20.0
    forms: bool = False
    settle: float = 0.5


@dataclass(frozen=True, slots=True)
class CookieSeen:
    """A cookie that was set. ``kept`` False: it was gone again at the end. ``seconds``: its lifetime; None: the session's."""

    name: str
    host: str
    by: By
    third_party: bool
    kept: bool
    page: str
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class StoreSeen:
    """Something written on the device other than a cookie: ``kind`` tells where."""

    kind: str
    key: str
    host: str
    kept: bool
    page: str


@dataclass(frozen=True, slots=True)
class ThirdParty:
    """Requests to a host that is not the site's own: how many, for what, and from which page the first."""

    host: str
    kinds: tuple[str, ...]
    requests: int
    page: str


@dataclass(frozen=True, slots=True)
class Signal:
    """A beacon, an attempt at fingerprinting, a worker, or an embedding that tells another host of the visit."""

    kind: str
    target: str
    page: str


@dataclass(frozen=True, slots=True)
class PageSeen:
    """A page that was visited.

    ``digest`` is the SHA-256 of its bytes as the server sent them, ``shape`` that of what it loads and runs.
    """

    url: str
    status: int
    title: str
    digest: str
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """All that a visit left and tried. ``failed``: what could not be visited, with the reason."""

    urls: tuple[str, ...]
    own: tuple[str, ...]
    at: datetime
    browser: str
    pages: tuple[PageSeen, ...] = ()
    cookies: tuple[CookieSeen, ...] = ()
    storage: tuple[StoreSeen, ...] = ()
    third_parties: tuple[ThirdParty, ...] = ()
    beacons: tuple[Signal, ...] = ()
    fingerprinting: tuple[Signal, ...] = ()
    workers: tuple[Signal, ...] = ()
    embeds: tuple[Signal, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        found = asdict(self)
        return {
            **found,
            "at": self.at.isoformat(timespec="seconds"),
            "visited": found.pop("pages"),
            "pages": len(self.pages),
        }


@dataclass(frozen=True, slots=True)
class Deviation:
    """Something found that is not on the allow-list, in plain words for the owner."""

    kind: str
    what: str
    nl: str
    en: str
    page: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A scan beside an allow-list: what deviates, and what was found and is allowed."""

    scan: Scan
    allow: tuple[str, ...]
    deviations: tuple[Deviation, ...]
    allowed: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """No deviation was found, and there was something to find it on."""
        return not self.deviations and bool(self.scan.pages) and not self.scan.failed
