"""Unsubscribe tokens: 256 bits that say nothing, one for each person and purpose; only their hash is kept.

They are made under a key that only the program has (HMAC-SHA256), so that a message sent again carries the same one and
none need be kept in the clear. RFC 8058 2 and 3.1; RFC 2369 3.2.
"""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import quote

from gestand.kernel.crypto import derive, mac
from gestand.kernel.ids import PurposeId, SubjectId

SIZE = 32  # bytes
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
WORDS = ("afmelden", "uitschrijven", "unsubscribe", "stop")


class Tokens:
    """Makes tokens and recognises them by their hash."""

    def __init__(self, root_key: bytes, unsubscribe_url: str) -> None:
        self._key = derive(root_key, "unsubscribe tokens")
        self._url = unsubscribe_url.rstrip("/")

    def token(self, subject: SubjectId, purpose: PurposeId) -> str:
        """Return the token of one person for one purpose."""
        made = mac(self._key, f"gestand/unsubscribe/1\0{subject}\0{purpose}".encode(), SIZE)
        return base64.urlsafe_b64encode(made).decode("ascii").rstrip("=")

    def link(self, token: str) -> str:
        """Return the address of the page for a token; empty where the firm has no such page."""
        return f"{self._url}/{token}" if self._url else ""

    def headers(self, token: str, address: str) -> tuple[tuple[str, str], ...]:
        """Return the headers by which a mail program unsubscribes: one click where there is a page, by mail anyway."""
        by_mail = f"<mailto:{address}?subject={quote('afmelden ' + token)}>"
        link = self.link(token)
        if not link:
            return (("List-Unsubscribe", by_mail),)
        return (("List-Unsubscribe", f"<{link}>, {by_mail}"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))


def hash_of(token: str) -> bytes:
    """Return the hash under which a token is kept."""
    return hashlib.sha256(b"gestand/unsubscribe\0" + token.encode("utf-8", "surrogatepass")).digest()


def token_in(text: str) -> str:
    """Return the token in the subject or words of a mail; empty if there is none."""
    found = _TOKEN.search(text)
    return found[0] if found else ""


def asks_to_stop(text: str) -> bool:
    """Say whether a subject, or the first line someone wrote, asks to unsubscribe: the word stands at its head."""
    first = re.sub(r"^\s*((re|fw|fwd|antw)\s*:\s*)*", "", text.strip().lower())
    return first.startswith(WORDS)
