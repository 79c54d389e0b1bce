"""How a message to a program leaves: what it says, its signature, and the one address it may go to.

Gestand-Signature: t=1767222000,v1=<hex of HMAC-SHA256(secret, "t.body")>
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from gestand.kernel.canonical import canonical
from gestand.kernel.egress import Egress
from gestand.kernel.errors import UsageError
from gestand.kernel.posting import post_to
from gestand.ledger.model import Entry

IDS = frozenset(
    {"request", "breach", "dossier", "device", "task", "backup", "version", "token", "webhook", "control", "run"}
)
"""Facts that go along: ids alone, no counts, no reasons."""
TRIAL = "webhook.trial"
"""What a message is called that tells of nothing: somebody tries whether it arrives."""


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


def post_signed(egress: Egress, url: str, body: bytes, signature: str) -> int:
    """Post a signed body to an address and return the status.

    :raises GestandError: ``webhook-silent``, and what the egress gate refuses.
    """
    try:
        return post_to(egress, url, body, {"Gestand-Signature": signature})
    except OSError as fault:
        raise UsageError(
            "webhook-silent", f"{url} does not answer: {type(fault).__name__}", where=url,
            remedy="It is tried again of itself.",
        ) from None  # fmt: skip
