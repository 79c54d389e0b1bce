"""Journal reports as Exchange sends them: a report that tells the envelope, with the message itself inside.

"Journal report format" (learn.microsoft.com): ``multipart/mixed`` with the header ``X-MS-Journal-Report``; a text part of lines
such as ``Sender: anna@example.nl`` and ``Bcc: bram@example.nl``, and a part ``message/rfc822``. What is kept is the inner message,
byte for byte, with the sender and all recipients of the report as its envelope. Only bytes are looked at: no header is decoded.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from typing import Final

from gestand.archive.model import Way
from gestand.archive.ways.heads import fields_of, split_head

MARK: Final = "x-ms-journal-report"
MOST: Final = 10_000  # recipients
_BOUNDARY = re.compile(r"""boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))""", re.IGNORECASE)
_LINE = re.compile(r"^(Sender|On-Behalf-Of|To|Cc|Bcc|Recipient):\s*([^\r\n]+)", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"""[^\s<>,;:"]+@[^\s<>,;:"]+""")
_FORWARDED = re.compile(r",\s*(?:Forwarded|Expanded)\s*:", re.IGNORECASE)


def unwrapped(raw: bytes, way: Way) -> tuple[bytes, Way]:
    """Return the message inside a journal report, with the report's envelope; anything else as it is."""
    head, body = split_head(raw)
    fields = fields_of(head)
    if MARK not in fields:
        return raw, way
    boundary = _BOUNDARY.search(fields.get("content-type", ""))
    if boundary is None:
        return raw, way
    told, inner = b"", b""
    for part in _parts(body, (boundary[1] or boundary[2]).encode("latin-1")):
        part_head, content = split_head(part)
        kind = fields_of(part_head)
        if kind.get("content-type", "text/plain").lower().startswith("message/rfc822"):
            inner = inner or _decoded(content, kind)
        elif not told:
            told = _decoded(content, kind)
    if not inner:
        return raw, way
    sender, recipients = envelope(told.decode("utf-8", "replace"))
    return inner, replace(way, envelope_from=sender or way.envelope_from, envelope_to=recipients or way.envelope_to)


def envelope(report: str) -> tuple[str, tuple[str, ...]]:
    """Return the sender and every recipient that a report tells of, those of lists and blind copies too."""
    sender = ""
    recipients: dict[str, None] = {}
    for name, value in _LINE.findall(report):
        addresses = _ADDRESS.findall(_FORWARDED.split(value)[0])
        if name.lower() == "sender":
            sender = sender or (addresses[0] if addresses else "")
        elif name.lower() != "on-behalf-of":
            recipients |= dict.fromkeys(addresses)
    return sender, tuple(recipients)[:MOST]


def _parts(body: bytes, boundary: bytes) -> list[bytes]:
    """Return the parts between the boundaries, without the line break that belongs to each boundary (RFC 2046 5.1.1)."""
    marks = re.compile(rb"(?:^|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|$)")
    found: list[bytes] = []
    start = -1
    at = 0
    while True:
        mark = marks.search(body, at)
        if mark is None:
            return found if start < 0 else [*found, body[start:]]
        if start >= 0:
            found.append(body[start : mark.start()])
        if mark[1]:
            return found
        start = mark.end()
        at = max(mark.end() - 1, mark.start() + 1)


def _decoded(content: bytes, kind: dict[str, str]) -> bytes:
    """Undo a transfer encoding, where one stands; ``message/rfc822`` has none, and some gateways give it one."""
    how = kind.get("content-transfer-encoding", "").strip().lower()
    if how == "base64":
        try:
            return base64.b64decode(content)
        except (binascii.Error, ValueError):
            return content
    return binascii.a2b_qp(content) if how == "quoted-printable" else content
