"""How a message to a program leaves: what it says, its signature, and the one address it may go to.

Gestand-Signature: t=1767222000,v1=<hex of HMAC-SHA256(secret, "t.body")>
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ssl
from datetime import datetime
from urllib.parse import urlsplit

from gestand.kernel.canonical import canonical
from gestand.kernel.egress import Egress
from gestand.kernel.errors import UsageError
from gestand.ledger.model import Entry

IDS = frozenset(
    {"request", "breach", "dossier", "device", "task", "backup", "version", "token", "webhook", "control", "run"}
)
"""Facts that go along: ids alone, no counts, no reasons."""
TRIAL = "webhook.trial"
"""What a message is called that tells of nothing: somebody tries whether it arrives."""
SECONDS = 10.0


def body_of(entry: Entry) -> bytes:
    """Return what is told of an entry: its number, name and moment, and the ids among its facts."""
    ids = {name: value for name, value in entry.event.facts.items() if name in IDS and isinstance(value, str)}
    return canonical({"entry": entry.index, "event": entry.event.name, "at": entry.event.at.isoformat(), "ids": ids})


def trial_body(webhook: str, at: datetime) -> bytes:
    """Return what is told by a message that tells of nothing; its number is null."""
    return canonical({"entry": None, "event": TRIAL, "at": at.isoformat(), "ids": {"webhook": webhook}})


def sign(secret: str, at: int, body: bytes) -> str:
    """Return the signature of a message sent at ``at`` (seconds since 1970)."""
    return f"t={at},v1={hmac.new(secret.encode(), f'{at}.'.encode() + body, hashlib.sha256).hexdigest()}"


def post_to(egress: Egress, url: str, body: bytes, signature: str) -> int:
    """Post a signed body to an address and return the status.

    :raises GestandError: ``webhook-silent``, and what the egress gate refuses.
    """
    parts = parts_of(url)
    assert parts is not None
    scheme, host, port, path = parts
    granted = egress.grant(host, port)
    connection = http.client.HTTPConnection(granted.address, granted.port, timeout=SECONDS)
    try:
        connection.connect()
        if scheme == "https":
            connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=granted.host)
        headers = {"Host": urlsplit(url).netloc, "Content-Type": "application/json", "Gestand-Signature": signature}
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as fault:
        raise UsageError(
            "webhook-silent", f"{granted.host} does not answer: {type(fault).__name__}", where=granted.host,
            remedy="It is tried again of itself.",
        ) from None  # fmt: skip
    finally:
        connection.close()


def parts_of(url: str) -> tuple[str, str, int, str] | None:
    """Return scheme, host, port and path with query of an address; None if it is none, or carries a name or password."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return None
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= 500
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None or not plain:
        return None
    return parts.scheme, parts.hostname, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
