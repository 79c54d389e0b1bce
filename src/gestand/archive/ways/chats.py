"""Exported chats: a conversation of WhatsApp (.txt, or .zip with its media), and SMS Backup & Restore (XML).

Each conversation becomes one message a day, so that each day has its own period; who said what and when stands in its text.
Phones write dates in many ways: what the day is and what the month is judged over the whole file.
"""

from __future__ import annotations

import base64
import binascii
import io
import mimetypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from gestand.archive.ways.packed import FAULTS, is_zip, zipped
from gestand.archive.ways.typed import Attachment, Typed
from gestand.kernel.clock import AMSTERDAM, local_date
from gestand.kernel.errors import UsageError

LARGEST: Final = 512 * 1024 * 1024
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202c\ufeff"))
_LINE = re.compile(
    r"\[?(?P<a>\d{1,4})[./-](?P<b>\d{1,2})[./-](?P<c>\d{2,4}),?\s+(?:om\s+|at\s+)?"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?\s*(?P<half>[ap]\.?\s?m\.?)?\]?\s*(?:-\s+)?"
    r"(?P<said>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WHO = re.compile(r"(?P<who>[^:]{1,80}): (?P<what>.*)", re.DOTALL)
_SENT: Final = "2"  # SMS Backup & Restore: 1 received, 2 sent


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a conversation."""

    at: datetime
    who: str
    what: str
    attachments: tuple[Attachment, ...] = ()


def chat_messages(path: Path, *, person: str = "") -> Iterator[Typed]:
    """Yield the messages of an exported chat, one for each conversation and day.

    ``person``: with whom, where the file does not say.

    :raises UsageError: ``chat-format`` if it is no chat that is known; ``path-missing``.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise _unknown(path, f"it is larger than {LARGEST} bytes")
        content = path.read_bytes()
    except OSError as fault:
        raise UsageError(
            "path-missing", f"it cannot be read: {fault.strerror}", where=str(path), remedy="Name the exported file."
        ) from None
    if is_zip(content[:8]):
        yield from _zipped(path, person)
    elif content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        yield from _sms(path, content)
    else:
        yield from _whatsapp(path, _text(content, path), person or _named(path.name), {})


def _zipped(path: Path, person: str) -> Iterator[Typed]:
    texts: list[tuple[str, str]] = []
    media: dict[str, bytes] = {}
    for entry in zipped(path):
        name = entry.name.rsplit("/", 1)[-1]
        if entry.stream is None:
            continue
        try:
            content = entry.stream.read(LARGEST)
        except FAULTS:
            continue
        if name.lower().endswith(".txt"):
            texts.append((name, _text(content, path)))
        else:
            media[name] = content
    if not texts:
        raise _unknown(path, "there is no .txt in it")
    for name, text in texts:
        yield from _whatsapp(path, text, person or _named(path.name if name == "_chat.txt" else name), media)


def _whatsapp(path: Path, text: str, person: str, media: dict[str, bytes]) -> Iterator[Typed]:
    begun = [found for line in _lines(text) if (found := _LINE.fullmatch(line))]
    if not begun:
        raise _unknown(path, "no line of it begins with a date and a time")
    day_first = _day_first(begun)
    said: list[Said] = []
    for found in begun:
        at = _instant(found, day_first=day_first)
        if at is None:
            raise _unknown(path, f"'{found[0][:20]}' is no date")
        who = _WHO.fullmatch(found["said"])
        what = who["what"] if who else found["said"]
        files = tuple(_attachment(name, content) for name, content in media.items() if name in what)
        said.append(Said(at, who["who"].strip() if who else "", what, files))
    other = person or next((one.who for one in said if one.who), path.stem)
    yield from _by_day("WhatsApp", other, said)


def _lines(text: str) -> Iterator[str]:
    """Yield what was said, a line and those that go on it together."""
    held: list[str] = []
    for line in text.translate(_MARKS).replace("\u202f", " ").replace("\xa0", " ").splitlines():
        if _LINE.fullmatch(line) and held:
            yield "\n".join(held)
            held = []
        held.append(line)
    if held:
        yield "\n".join(held)


def _day_first(lines: Sequence[re.Match[str]]) -> bool:
    if any(len(one["a"]) == 4 for one in lines):
        return False
    if any(int(one["a"]) > 12 for one in lines):
        return True
    if any(int(one["b"]) > 12 for one in lines):
        return False
    return not any(one["half"] and "/" in one[0][:8] for one in lines)


def _instant(found: re.Match[str], *, day_first: bool) -> datetime | None:
    first, second, third = int(found["a"]), int(found["b"]), int(found["c"])
    if len(found["a"]) == 4:
        year, month, day = first, second, third
    else:
        day, month = (first, second) if day_first else (second, first)
        year = third if third > 99 else 2000 + third
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].lower().startswith("p") else 0)
    try:
        return datetime(year, month, day, hour, int(found["minute"]), int(found["second"] or 0), tzinfo=AMSTERDAM)
    except ValueError:
        return None


def _sms(path: Path, content: bytes) -> Iterator[Typed]:
    talks: dict[str, list[Said]] = {}
    try:
        for _, element in iterparse(io.BytesIO(content), forbid_dtd=True):
            if element.tag in {"sms", "mms"}:
                who, said = _one_sms(element)
                talks.setdefault(who, []).append(said)
                element.clear()
    except (ParseError, DefusedXmlException, ValueError, OverflowError) as fault:
        raise _unknown(path, f"it is no sound XML ({type(fault).__name__})") from None
    if not talks:
        raise _unknown(path, "there is no message in it")
    for who, talk in talks.items():
        yield from _by_day("SMS", who, sorted(talk, key=lambda one: one.at))


def _one_sms(element: Element) -> tuple[str, Said]:
    name, number = element.get("contact_name", ""), element.get("address", "")
    who = number if name in {"", "(Unknown)", "null"} else f"{name} {number}"
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
                continue
            files.append(
                Attachment(part.get("cl") or "file", kind if re.fullmatch(r"\w+/[\w.+-]+", kind) else _OCTETS, raw)
            )
    return who.strip() or "?", Said(at, "" if sent else who.strip(), "\n".join(filter(None, texts)), tuple(files))


def _by_day(service: str, person: str, said: Sequence[Said]) -> Iterator[Typed]:
    days: dict[date, list[Said]] = {}
    for one in said:
        days.setdefault(local_date(one.at), []).append(one)
    for day, lines in sorted(days.items()):
        text = "\n".join(f"{one.at.astimezone(AMSTERDAM):%H:%M} {one.who or '-'}: {one.what}" for one in lines)
        files = tuple({one.name: one for line in lines for one in line.attachments}.values())
        yield Typed("chat", person, f"{service} {person} {day.isoformat()}", text, lines[-1].at, files)


_OCTETS: Final = "application/octet-stream"


def _attachment(name: str, content: bytes) -> Attachment:
    return Attachment(name, mimetypes.guess_type(name)[0] or _OCTETS, content)


def _named(name: str) -> str:
    """Return with whom, as WhatsApp names its files: 'WhatsApp-chat met Anna.txt', 'WhatsApp Chat - Anna.zip'."""
    found = re.fullmatch(r"WhatsApp[ -]?chat (?:met|with|-) (.+?)\.(?:txt|zip)", name, re.IGNORECASE)
    return found[1].strip() if found else ""


def _text(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unknown(path, "it is not UTF-8") from None


def _unknown(path: Path, why: str) -> UsageError:
    return UsageError(
        "chat-format",
        f"this is no exported chat that is known: {why}",
        where=str(path),
        remedy="Export it from WhatsApp (Export chat, .txt or .zip) or with SMS Backup & Restore (.xml).",
    )
