"""The statement as it stands at its live address: fetched as any visitor would, compared with the version in force.

The words count, not the mark-up: an owner may paste the text into a site of another make. What a reader sees must contain the whole statement, in order and without a gap.
"""

from __future__ import annotations

import http.client
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from gestand.kernel.egress import Egress
from gestand.kernel.errors import UsageError
from gestand.statement.model import StatementText
from gestand.statement.render import words_of

LARGEST = 4_000_000
SECONDS = 20.0
SHOWN = 5
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: its status and its bytes (at most 4 MB). ``moved``: where it sends the visitor instead."""

    status: int
    body: bytes
    moved: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether a page carries the statement; if not, the ids of the first clauses that it lacks or has otherwise."""

    same: bool
    lacking: tuple[str, ...] = ()


def fetch_page(url: str, egress: Egress) -> Fetched:
    """Fetch a page by GET, at the address that the gate granted; nothing of ours is sent along, no redirect is followed.

    :raises UsageError: if it is no web address, or it cannot be reached.
    :raises RefusedError: if the gate does not grant it.
    """
    parts = urlsplit(url)
    try:
        port = parts.port or DEFAULT_PORTS[parts.scheme]
    except (KeyError, ValueError):
        raise UsageError(
            "site-address", f"'{url}' is no web address", where="gestand.toml", remedy="Write https://host/path/."
        ) from None
    granted = egress.grant(parts.hostname or "", port)
    connection = _Pinned(granted.host, port, granted.address, tls=parts.scheme == "https")
    try:
        connection.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        answer = connection.getresponse()
        return Fetched(answer.status, answer.read(LARGEST), answer.headers.get("location", ""))
    except (OSError, http.client.HTTPException) as fault:
        raise UsageError(
            "site-unreachable", f"{url} does not answer: {fault}", where=url, remedy="Look whether the site is up."
        ) from None
    finally:
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was granted, under the host's own name (SNI, certificate, Host header)."""

    def __init__(self, host: str, port: int, address: str, *, tls: bool) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self._address = address
        self._tls = ssl.create_default_context() if tls else None

    def connect(self) -> None:
        name, self.host = self.host, self._address
        try:
            super().connect()
        finally:
            self.host = name
        if self._tls is not None:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=name)


def compare_live(body: bytes, text: StatementText) -> Comparison:
    """Tell whether a page's visible words contain the whole text."""
    page = _letters(_visible(body))
    if _letters(words_of(text)) in page:
        return Comparison(same=True)
    lacking = tuple(clause.id for clause in text.clauses if _letters(clause.text) not in page)
    return Comparison(same=False, lacking=lacking[:SHOWN])


def _visible(body: bytes) -> str:
    tree = LexborHTMLParser(body.decode("utf-8", "replace"))
    for node in tree.css("script, style, noscript, template"):
        node.decompose()
    return tree.body.text() if tree.body is not None else ""


def _letters(text: str) -> str:
    """Return the text without white space: where it breaks is the mark-up's business."""
    return "".join(text.split())
