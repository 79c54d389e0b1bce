"""The firm's own sites: what the last scan of each found, whether it changed since, and what its live statement says.

A scan is an entry of the ledger with the digest of its report; the report itself lies in the store, without a value of any cookie.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from gestand.evidence.scan.model import Judged, ScanOrder
from gestand.evidence.scan.shape import shape_of
from gestand.kernel.canonical import canonical
from gestand.kernel.clock import Clock
from gestand.kernel.config import SiteSettings
from gestand.kernel.egress import Egress, Peer, Resolve, lookup
from gestand.kernel.errors import GestandError
from gestand.kernel.ids import ActorId
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.publication.live import DEFAULT_PORTS, Comparison, compare_live, fetch_page
from gestand.publication.service import Publication
from gestand.storage.engine import Engine

MIGRATIONS = (
    """CREATE TABLE site_scan (
        site TEXT NOT NULL, at TEXT NOT NULL, pages INTEGER NOT NULL, deviations INTEGER NOT NULL, failed INTEGER NOT NULL,
        shape TEXT NOT NULL, digest TEXT NOT NULL, report TEXT NOT NULL, PRIMARY KEY (site, at))""",
    """CREATE TABLE site_watch (
        site TEXT NOT NULL, at TEXT NOT NULL, shape TEXT NOT NULL, version TEXT NOT NULL, same INTEGER NOT NULL,
        lacking TEXT NOT NULL, fault TEXT NOT NULL, PRIMARY KEY (site, at))""",
)
INSERT_SCAN = (
    "INSERT INTO site_scan (site, at, pages, deviations, failed, shape, digest, report) VALUES (?,?,?,?,?,?,?,?)"
)
LAST_SCAN = (
    "SELECT at, pages, deviations, failed, shape, digest, report FROM site_scan WHERE site = ? ORDER BY at DESC LIMIT 1"
)
INSERT_WATCH = "INSERT INTO site_watch (site, at, shape, version, same, lacking, fault) VALUES (?,?,?,?,?,?,?)"
LAST_WATCH = "SELECT at, shape, version, same, lacking, fault FROM site_watch WHERE site = ? ORDER BY at DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class ScanOnRecord:
    """The last scan of a site: counts, the shape of its first page then, and the digest of the report."""

    site: str
    at: datetime
    pages: int
    deviations: int
    failed: int
    shape: str
    digest: str
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """The last look at a site without a browser. ``version`` is empty where no statement was looked for."""

    site: str
    at: datetime
    shape: str
    version: str
    same: bool
    lacking: tuple[str, ...]
    fault: str


class Sites:
    """The sites of ``[sites]`` in gestand.toml."""

    def __init__(
        self,
        settings: SiteSettings,
        engine: Engine,
        ledger: Ledger,
        publication: Publication,
        clock: Clock,
        *,
        resolve: Resolve = lookup,
    ) -> None:
        engine.migrate("sites", MIGRATIONS)
        self.settings = settings
        self._engine = engine
        self._ledger = ledger
        self._publication = publication
        self._clock = clock
        self._egress = Egress([_peer(url, near=settings.near) for url in self._addresses()], resolve=resolve)

    def _addresses(self) -> tuple[str, ...]:
        named = (*self.settings.own, *((self.settings.statement,) if self.settings.statement else ()))
        return tuple(dict.fromkeys(named))

    def order(self, site: str) -> ScanOrder:
        """Return what a scan of one of the own sites visits."""
        own = tuple(dict.fromkeys(urlsplit(url).hostname or "" for url in self._addresses()))
        return ScanOrder((site,), own, pages=self.settings.pages, forms=self.settings.forms)

    def record(self, judged: Judged, *, actor: ActorId) -> ScanOnRecord:
        """Keep a scan of an own site, with an entry in the ledger; durable on return."""
        [site] = judged.scan.urls
        report = json.dumps([f"{one.page}: {one.nl}" for one in judged.deviations], ensure_ascii=False)
        digest = hashlib.sha256(canonical(judged.scan.document())).hexdigest()
        shape = next((page.shape for page in judged.scan.pages if page.url == site), "")
        pages, deviations, failed = len(judged.scan.pages), len(judged.deviations), len(judged.scan.failed)
        at = self._clock()
        with self._engine.transaction():
            self._engine.execute(
                INSERT_SCAN,
                (site, at.isoformat(timespec="microseconds"), pages, deviations, failed, shape, digest, report),
            )
            facts: dict[str, str | int] = {
                "site": _mark(site), "pages": pages, "deviations": deviations, "failed": failed, "digest": digest,
            }  # fmt: skip
            self._ledger.stage(Event("site.scanned", at, actor, facts))
        return ScanOnRecord(site, at, pages, deviations, failed, shape, digest, tuple(json.loads(report)))

    def last_scan(self, site: str) -> ScanOnRecord | None:
        """Return the last scan of a site, or None."""
        for at, pages, deviations, failed, shape, digest, report in self._engine.execute(LAST_SCAN, (site,)):
            return ScanOnRecord(
                site, datetime.fromisoformat(str(at)), int(str(pages)), int(str(deviations)), int(str(failed)), str(shape),
                str(digest), tuple(json.loads(str(report))),
            )  # fmt: skip
        return None

    def watch(self, *, actor: ActorId) -> tuple[Watch, ...]:
        """Look at every site once, without a browser: its shape, and at the statement's address its words.

        A site that does not answer is recorded as such, and stops nothing.
        """
        return tuple(self._watch(site, actor) for site in self._addresses())

    def _watch(self, site: str, actor: ActorId) -> Watch:
        statement = self._publication.in_force() if site == self.settings.statement else None
        shape, fault = "", ""
        found = Comparison(same=False)
        try:
            fetched = fetch_page(site, self._egress)
            if fetched.status == 200:
                shape = shape_of(fetched.body)
            else:
                fault = f"answers {fetched.status}" + (f", and points to {fetched.moved}" if fetched.moved else "")
            if statement is not None and not fault:
                compared = [compare_live(fetched.body, text) for text in statement.texts]
                found = next((one for one in compared if one.same), compared[0])
        except GestandError as error:
            fault = error.message
        version = statement.version if statement is not None else ""
        at = self._clock()
        with self._engine.transaction():
            self._engine.execute(
                INSERT_WATCH,
                (
                    site,
                    at.isoformat(timespec="microseconds"),
                    shape,
                    version,
                    int(found.same),
                    " ".join(found.lacking),
                    fault,
                ),
            )
            facts: dict[str, str | int] = {"site": _mark(site), "version": version, "same": int(found.same)}
            self._ledger.stage(Event("site.watched", at, actor, facts))
        return Watch(site, at, shape, version, found.same, found.lacking, fault)

    def last_watch(self, site: str) -> Watch | None:
        """Return the last look at a site, or None."""
        for at, shape, version, same, lacking, fault in self._engine.execute(LAST_WATCH, (site,)):
            return Watch(
                site, datetime.fromisoformat(str(at)), str(shape), str(version), bool(same), tuple(str(lacking).split()),
                str(fault),
            )  # fmt: skip
        return None


def _mark(site: str) -> str:
    """Return under what a site stands in the ledger: an address may be a number, and numbers of machines stay out of it."""
    return hashlib.sha256(site.encode()).hexdigest()[:16]


def _peer(url: str, *, near: bool) -> Peer:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = None
    return Peer(parts.hostname or "", port or DEFAULT_PORTS.get(parts.scheme, 443), near)
