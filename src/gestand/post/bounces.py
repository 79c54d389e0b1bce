"""Delivery reports: which of our messages came back, and why (RFC 3464 with 3462, 3463 and 3461). Pure."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import Message

from gestand.post.model import Bounce
from gestand.reading.mailfaults import MAIL_FAULTS

LARGEST = 1_000_000  # bytes: a report is short; what comes after is the message that came back
_ID = re.compile(r"<[^\s<>@]{1,200}@[^\s<>@]{1,200}>")
_STATUS = re.compile(r"\b([245]\.[0-9]{1,3}\.[0-9]{1,3})\b")


def read_bounce(raw: bytes) -> tuple[Bounce, ...]:
    """Return what a delivery report says, one for each recipient; nothing if ``raw`` is no such report.

    Never raises: a report comes from outside, and one that says nothing that can be read says nothing.
    """
    try:
        return _read(raw[:LARGEST])
    except MAIL_FAULTS:
        return ()


def _read(raw: bytes) -> tuple[Bounce, ...]:
    message = message_from_bytes(raw)
    if message.get_content_type() != "multipart/report" or not message.is_multipart():
        return ()
    parts = list(message.walk())
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if status is None:
        return ()
    blocks = [block for block in (status.get_payload() or ()) if isinstance(block, Message)]
    returned = _returned_id(parts) or (_envelope_id(blocks[0]) if blocks else "")
    if not returned:
        return ()
    found = []
    for block in blocks:
        action = _word(block, "Action").lower()
        code = _STATUS.search(_word(block, "Status"))
        if action in {"failed", "delayed", "delivered", "relayed", "expanded"} and code is not None:
            found.append(Bounce(returned, action, code[1]))
    return tuple(found)


def _returned_id(parts: list[Message]) -> str:
    """Return the Message-ID of the message that came back, whole or as headers alone."""
    for part in parts:
        kind = part.get_content_type()
        inner: Message | None = None
        if kind == "message/rfc822":
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload and isinstance(payload[0], Message) else None
        elif kind == "text/rfc822-headers":
            body = part.get_payload(decode=True)
            inner = message_from_bytes(body) if isinstance(body, bytes) else None
        if inner is not None and (match := _ID.search(_word(inner, "Message-ID"))):
            return match[0]
    return ""


def _envelope_id(block: Message) -> str:
    """Return the Message-ID that we gave as envelope id, where the server gives it back."""
    match = _ID.search(f"<{_word(block, 'Original-Envelope-Id').strip('<> ')}>")
    return match[0] if match else ""


def _word(part: Message, name: str) -> str:
    return str(part.get(name, ""))
