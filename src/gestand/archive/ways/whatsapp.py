"""A conversation as WhatsApp exports it: a text, or a zip of it with its media.

Telephones write dates in many ways: what the day is and what the month is judged over the whole file. A message may go on
over more lines, and one of those may begin with a date too; it is no new message if it is not written as the others are, or
if it would go back in time. What can be placed nowhere goes with what stands before it: nothing is left out.
"""

from __future__ import annotations

import mimetypes
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from gestand.archive.ways.packed import FAULTS, zipped
from gestand.archive.ways.talks import OCTETS, Said, by_day, unknown_chat
from gestand.archive.ways.typed import Attachment, Typed
from gestand.kernel.clock import AMSTERDAM

LARGEST: Final = 512 * 1024 * 1024
_MARKS: Final = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202c\ufeff"))
_BEGINS: Final = re.compile(
    r"(?P<open>\[?)(?P<a>\d{1,4})(?P<by>[./-])(?P<b>\d{1,2})[./-](?P<c>\d{2,4})(?P<comma>,?)\s+(?:om\s+|at\s+)?"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?\s*(?P<half>[ap]\.?\s?m\.?)?(?P<close>\]?)\s*(?P<dash>(?:-\s+)?)"
    r"(?P<said>.*)",
    re.IGNORECASE,
)
_WHO: Final = re.compile(r"(?P<who>[^:\"\u201c\u201e]{1,80}): (?P<what>.*)")
_FILE: Final = re.compile(r"WhatsApp[ -]?chat (?:met|with|-) (.+?)(?: \(\d+\))?\.(?:txt|zip)", re.IGNORECASE)


def conversation(
    path: Path, text: str, person: str, media: Mapping[str, bytes], unread: Sequence[str] = ()
) -> Iterator[Typed]:
    """Yield a message for each day of a conversation. ``media``: the files that came with it, by their names.

    ``unread``: what of them could not be read, and why; it stands at the end of the text.

    :raises UsageError: ``chat-format``.
    """
    lines = text.translate(_MARKS).replace("\u202f", " ").replace("\xa0", " ").splitlines()
    begun = _begun(lines)
    if not begun:
        raise unknown_chat(path, "no line of it begins with a date and a time")
    said = _with_media(_said(lines, begun), media)
    said += [Said(said[-1].at, "", one) for one in unread]
    other = person or next((one.who for one in said if one.who), path.stem)
    yield from by_day("WhatsApp", other, said)


def zipped_conversation(path: Path, person: str) -> Iterator[Typed]:
    """Yield the messages of a zip with a conversation and its media.

    :raises UsageError: ``chat-format``.
    """
    texts: list[tuple[str, str]] = []
    media: dict[str, bytes] = {}
    unread: list[str] = []
    for entry in zipped(path):
        name = entry.name.rsplit("/", 1)[-1]
        if entry.stream is None:
            unread.append(f"{name}: {entry.why}")
            continue
        try:
            content = entry.stream.read(LARGEST)
        except FAULTS as fault:
            unread.append(f"{name}: it cannot be read ({type(fault).__name__})")
            continue
        if name.lower().endswith(".txt") and (name == "_chat.txt" or _FILE.fullmatch(name) or not texts):
            texts.append((name, text_of(content, path)))
        else:
            media[unicodedata.normalize("NFC", name)] = content
    if not texts:
        raise unknown_chat(path, "there is no .txt in it")
    for name, text in texts:
        who = person or named(path.name if name == "_chat.txt" else name)
        yield from conversation(path, text, who, media, unread)


def named(name: str) -> str:
    """Return with whom, as WhatsApp names its files: 'WhatsApp-chat met Anna.txt', 'WhatsApp Chat - Anna.zip'."""
    found = _FILE.fullmatch(name)
    return found[1].strip() if found else ""


def text_of(content: bytes, path: Path) -> str:
    """Return a file as text.

    :raises UsageError: ``chat-format``.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise unknown_chat(path, "it is not UTF-8") from None


def _begun(lines: Sequence[str]) -> dict[int, tuple[datetime, str]]:
    """Return the lines with which a message begins: when, and what stands behind that."""
    written = {at: found for at, line in enumerate(lines) if (found := _BEGINS.fullmatch(line))}
    shape = next(map(_shape, written.values()), None)
    padded = any(found[part].startswith("0") for found in written.values() for part in ("a", "b"))
    alike = {
        at: found
        for at, found in written.items()
        if _shape(found) == shape and not (padded and min(len(found["a"]), len(found["b"])) < 2)
    }
    day_first = _day_first(list(alike.values()))
    dated = [(at, when, one["said"]) for at, one in alike.items() if (when := _instant(one, day_first=day_first))]
    return {
        at: (when, words) for at, when, words in map(dated.__getitem__, _in_order([one[1].date() for one in dated]))
    }


def _shape(found: re.Match[str]) -> tuple[str | bool, ...]:
    """Return how a telephone writes its moments: one file has one way."""
    return (
        found["open"],
        found["close"],
        found["by"],
        found["comma"],
        bool(found["second"]),
        bool(found["half"]),
        bool(found["dash"]),
    )


def _in_order(days: Sequence[date]) -> list[int]:
    """Return the longest run of places at which no day lies before an earlier one of the run (patience sorting)."""
    last: list[date] = []
    at: list[int] = []
    before: list[int] = []
    for number, day in enumerate(days):
        length = bisect_right(last, day)
        before.append(at[length - 1] if length else -1)
        last[length : length + 1], at[length : length + 1] = [day], [number]
    run: list[int] = []
    number = at[-1] if at else -1
    while number >= 0:
        run.append(number)
        number = before[number]
    return run[::-1]


def _said(lines: Sequence[str], begun: Mapping[int, tuple[datetime, str]]) -> list[Said]:
    """Return what was said, each with the lines that go on it; what stands before the first goes with that."""
    first = min(begun)
    said: list[Said] = []
    for start, end in zip(sorted(begun), [*sorted(begun)[1:], len(lines)], strict=True):
        at, words = begun[start]
        found = _WHO.fullmatch(words)
        what = "\n".join([found["what"] if found else words, *lines[start + 1 : end]])
        said.append(Said(at, found["who"].strip() if found else "", what.rstrip("\n")))
    if ahead := "\n".join(lines[:first]).strip():
        said.insert(0, Said(said[0].at, "", ahead))
    return said


def _with_media(said: Sequence[Said], media: Mapping[str, bytes]) -> list[Said]:
    """Return what was said with its files; a file that nobody names goes with the last that was said."""
    ends = tuple({name.rpartition(".")[2] for name in media})
    left, done = set(media), list[Said]()
    for one in said:
        what = unicodedata.normalize("NFC", one.what)
        names = [name for name in media if name in what] if any(end in what for end in ends) else []
        left.difference_update(names)
        done.append(replace(one, attachments=tuple(_attachment(name, media[name]) for name in names)))
    if left:
        files = tuple(_attachment(name, media[name]) for name in sorted(left))
        done[-1] = replace(done[-1], attachments=done[-1].attachments + files)
    return done


def _attachment(name: str, content: bytes) -> Attachment:
    return Attachment(name, mimetypes.guess_type(name)[0] or OCTETS, content)


def _day_first(lines: Sequence[re.Match[str]]) -> bool:
    if any(len(one["a"]) == 4 for one in lines):
        return False
    if any(int(one["a"]) > 12 for one in lines):
        return True
    if any(int(one["b"]) > 12 for one in lines):
        return False
    return not any(one["half"] and one["by"] == "/" for one in lines)


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
