"""Pages that only say something: contact points, what a version changed, the proof, the feed, and two well-known files."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from xml.sax.saxutils import escape, quoteattr

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gestand.doors.public.site import Site, language_of
from gestand.doors.public.table import BY_NAME, path_of
from gestand.doors.web.meaning import meanings
from gestand.evidence.registry import controls
from gestand.evidence.showing import Showing, Shown
from gestand.kernel.errors import GestandError
from gestand.publication.service import Publication
from gestand.statement.compare import compare
from gestand.statement.model import Change, PublishedVersion, Statement

WORDS = re.compile(r"\s+|[^\s]+")
EXPIRES = timedelta(days=180)
"""How long security.txt says it holds: RFC 9116 2.5.5 asks for less than a year."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The pages that only say something. ``showing`` None: there is no proof page here."""

    site: Site
    showing: Showing | None = None

    def routes(self) -> Iterable[Route]:
        """Return their routes."""
        pages: dict[str, Callable[[Request], Response]] = {
            "contact": self._contact, "difference": self._difference, "proof": self._proof, "feed": self._feed,
        }  # fmt: skip
        for name, page in pages.items():
            for path in (BY_NAME[name].nl, BY_NAME[name].en):
                yield Route(path, page, name=name)
        yield Route(BY_NAME["security"].nl, self._security, name="security")
        yield Route(BY_NAME["gpc"].nl, self._gpc, name="gpc")

    @property
    def _publication(self) -> Publication:
        return self.site.publication

    def _in_force(self) -> Statement:
        return self._publication.in_force(self.site.today())

    def _contact(self, request: Request) -> Response:
        policy = self._in_force().policy
        return self.site.page("contact.html", language_of(request), controller=policy.controller)

    # What a version changed

    def _difference(self, request: Request) -> Response:
        history = self._publication.history()
        wanted = request.path_params["version"]
        at = next((n for n, one in enumerate(history) if one.version == wanted), None)
        language = language_of(request)
        if not at:  # the first version changed nothing
            return self.site.missing(request)
        before, after = (self._publication.version(one.version) for one in (history[at - 1], history[at]))
        if before is None or after is None:
            return self.site.missing(request)
        other = "en" if language == "nl" else "nl"
        changes = [change for change in compare(before, after) if f"words ({other})" not in change.what]
        told = list(zip(meanings(changes, before, after, language), map(marked, changes), strict=True))
        kinds = {kind: [one for one in told if one[0].kind == kind] for kind in ("enlarging", "narrowing", "neutral")}
        return self.site.page(
            "difference.html", language, before=history[at - 1], after=history[at], kinds=kinds, soon=history[at].in_force_from > self.site.today(),
        )  # fmt: skip

    # The proof

    def _proof(self, request: Request) -> Response:
        shown = self.showing.public() if self.showing is not None else None
        if shown is None:
            return self.site.missing(request)
        return proof_page(self.site, shown, language_of(request))

    # For machines

    def _feed(self, request: Request) -> Response:
        language = language_of(request)
        firm = self._in_force().policy.controller.name
        history = sorted(self._publication.history(), key=lambda one: one.in_force_from, reverse=True)
        feed = atom(history, firm, language, self._told)
        return Response(feed, media_type="application/atom+xml", headers={"content-language": language})

    def _told(self, new: PublishedVersion) -> tuple[Change, ...]:
        history = self._publication.history()
        at = next(n for n, one in enumerate(history) if one.version == new.version)
        if at == 0:
            return ()
        before, after = self._publication.version(history[at - 1].version), self._publication.version(new.version)
        return compare(before, after) if before is not None and after is not None else ()

    def _security(self, _request: Request) -> Response:
        contacts = self._in_force().policy.controller.contacts
        lines = [f"Contact: mailto:{one.value}" for one in contacts if one.kind == "email"]
        lines += [f"Contact: tel:{re.sub('[^+0-9]', '', one.value)}" for one in contacts if one.kind == "telephone"]
        until = datetime.combine(self.site.today() + EXPIRES, time(), UTC)
        lines += [f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}", "Preferred-Languages: nl, en"]
        return Response("\n".join(lines) + "\n", media_type="text/plain; charset=utf-8")

    def _gpc(self, _request: Request) -> Response:
        since = max(one.in_force_from for one in self._publication.history() if one.in_force_from <= self.site.today())
        said = json.dumps({"gpc": True, "lastUpdate": since.isoformat()})
        return Response(said + "\n", media_type="application/json")


def proof_page(site: Site, shown: Shown, language: str) -> Response:
    """Return the page of a proof, as the public sees it."""
    statement = site.publication.version(shown.version)
    text = statement.text(language) if statement is not None else None
    clauses = [(one, text.clause(one.id) if text is not None else None) for one in shown.clauses]
    return site.page("proof.html", language, shown=shown, clauses=clauses, controls=controls())


def marked(change: Change) -> tuple[tuple[str, str], ...]:
    """Return what became of a sentence, word for word: (``same``, ``gone`` or ``new``, text)."""
    before, after = WORDS.findall(change.before), WORDS.findall(change.after)
    if "words" not in change.what:
        return ()
    found: list[tuple[str, str]] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", "".join(before[a:b])))
            continue
        found += [(name, "".join(words)) for name, words in (("gone", before[a:b]), ("new", after[c:d])) if words]
    return tuple(found)


def atom(
    history: Iterable[PublishedVersion], firm: str, language: str, told: Callable[[PublishedVersion], Iterable[Change]]
) -> str:
    """Return the versions as an Atom feed (RFC 4287); addresses are relative to where it was fetched."""
    versions = list(history)
    title = f"Privacyverklaring van {firm}" if language == "nl" else f"Privacy statement of {firm}"
    newest = max((one.published_at for one in versions), default="1970-01-01T00:00:00Z")
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">',
        f"<id>urn:sha256:{versions[-1].digest if versions else ''}</id>",
        f"<title>{escape(title)}</title><updated>{escape(newest)}</updated><author><name>{escape(firm)}</name></author>",
        f'<link rel="self" href={quoteattr(path_of("feed", language))}/><link href={quoteattr(path_of("statement", language))}/>',
    ]
    for one in versions:
        try:
            kinds = [change.kind for change in told(one)]
        except GestandError:
            kinds = []
        more, less = kinds.count("enlarging"), kinds.count("narrowing")
        if language == "nl":
            name, said = (
                f"Versie {one.version}",
                f"Geldig vanaf {one.in_force_from}. Meer toegestaan of minder beloofd: {more} keer. Minder toegestaan of meer beloofd: {less} keer.",
            )
        else:
            name, said = (
                f"Version {one.version}",
                f"In force from {one.in_force_from}. More allowed or less promised: {more} times. Less allowed or more promised: {less} times.",
            )
        address = path_of("version", language).replace("{version}", one.version)
        lines.append(
            f"<entry><id>urn:sha256:{one.digest}</id><title>{escape(name)}</title><updated>{escape(one.published_at)}</updated>"
            f"<link href={quoteattr(address)}/><summary>{escape(said)}</summary></entry>"
        )
    return "\n".join([*lines, "</feed>", ""])
