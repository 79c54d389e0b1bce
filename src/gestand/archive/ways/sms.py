"""Text messages as SMS Backup & Restore writes them (XML): SMS, and MMS with its files."""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from gestand.archive.ways.talks import OCTETS, OWN, Said, by_day, unknown_chat
from gestand.archive.ways.typed import Attachment, Typed

_SENT: Final = "2"
"""1 is received, 2 is sent."""
_NOTHING: Final = {"", "null"}
"""How the file writes that there is none."""
_NOBODY: Final = _NOTHING | {"(Unknown)"}


def text_messages(path: Path, content: bytes) -> Iterator[Typed]:
    """Yield a message for each person and day.

    :raises UsageError: ``chat-format``.
    """
    talks: dict[str, list[Said]] = {}
    try:
        for _, element in iterparse(io.BytesIO(content), forbid_dtd=True):
            if element.tag in {"sms", "mms"}:
                who, said = _one(element)
                talks.setdefault(who, []).append(said)
                element.clear()
    except (ParseError, DefusedXmlException, ValueError, OverflowError, OSError) as fault:
        raise unknown_chat(path, f"it is no sound XML ({type(fault).__name__})") from None
    if not talks:
        raise unknown_chat(path, "there is no message in it")
    for who, talk in talks.items():
        yield from by_day("SMS", who, sorted(talk, key=lambda one: one.at))


def _one(element: Element) -> tuple[str, Said]:
    name, number = element.get("contact_name", ""), element.get("address", "")
    number = ", ".join(number.split("~"))  # of a group, all its numbers
    who = (number if name in _NOBODY else f"{name} {number}").strip()
    at = datetime.fromtimestamp(int(element.get("date", "0")) / 1000, UTC)
    sent = _SENT in {element.get("type"), element.get("msg_box")}
    texts, files = [element.get("body", "")], []
    for part in element.iter("part"):
        kind = part.get("ct", "")
        if kind == "text/plain":
            texts.append(part.get("text", ""))
        elif part.get("data"):
            try:
                raw = base64.b64decode(part.get("data", ""))
            except (binascii.Error, ValueError):
                texts.append(f"[{part.get('cl') or kind}]")
                continue
            named = part.get("cl", "")
            kind = kind if re.fullmatch(r"\w+/[\w.+-]+", kind) else OCTETS
            files.append(Attachment("file" if named in _NOTHING else named, kind, raw))
    what = "\n".join(text for text in texts if text not in _NOTHING)
    return who or "?", Said(at, OWN if sent else who, what, tuple(files))
