"""Messages out of files: mbox, Maildir, .eml, .msg, and .zip and .tar of those. One that cannot be read is told, never in the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

from gestand.archive.ways.heads import looks_like_message
from gestand.archive.ways.maildir import PLACES, MaildirMailbox, messages_of, read_file
from gestand.archive.ways.mboxfile import Quoting, is_mbox, messages_in
from gestand.archive.ways.packed import FAULTS, Entry, is_tar, is_zip, tarred, zipped
from gestand.archive.ways.rules import LARGEST_FETCH
from gestand.kernel.errors import GestandError, UsageError
from gestand.reading.outlook import is_office_file, is_outlook, readable

_START: Final = 512
_PST: Final = b"!BDN"
_SIDE: Final = frozenset({"maildirfolder", "maildirsize", "subscriptions", "courierimapuiddb", "Thumbs.db"})
_NAMED: Final = (".eml", ".msg", ".raw", ".email", ".mime")
"""What messages are named: kept then, however they begin."""
_SCANNED: Final = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".gif")
_MSG = (
    "it is an Outlook .msg, and what reads those is not installed: 'pip install olefile' (the extra gestand[outlook]), and add "
    "it again; or save it as .eml (Outlook on the web: Download), and add that"
)
_OFFICE = "it is an older Office file, and no message"


@dataclass(frozen=True, slots=True)
class Found:
    """A message in a file, or what is in the way of one. ``place`` names the file, ``folder`` where in it."""

    place: str
    folder: str
    raw: bytes | None
    changed: datetime
    marked: datetime | None = None
    why: str = ""


def found_in(path: Path, *, quoting: Quoting = "rd") -> Iterator[Found]:
    """Yield every message of a file or folder, in an order that is the same each time.

    :raises UsageError: ``path-missing`` if it is not there.
    """
    if path.is_symlink() or not path.exists():
        raise UsageError(
            "path-missing",
            "there is nothing here" if not path.is_symlink() else "this is a link",
            where=str(path),
            remedy="Name a file or folder with mail.",
        )
    if path.is_dir():
        yield from _folder(path, path, quoting)
    else:
        yield from _file(path, "", quoting)


def _folder(path: Path, top: Path, quoting: Quoting) -> Iterator[Found]:
    if all((path / place).is_dir() for place in PLACES):
        yield from _maildir(path, top)
        return
    try:
        entries = sorted(os.scandir(path), key=lambda entry: entry.name)
    except OSError as fault:
        yield Found(path.name, "", None, _changed(path), why=f"it cannot be read: {fault.strerror}")
        return
    for entry in entries:
        below = Path(entry.path)
        if entry.is_symlink():
            yield Found(str(below.relative_to(top)), "", None, _changed(path), why="it is a link")
        elif entry.is_dir():
            yield from _folder(below, top, quoting)
        elif entry.is_file() and not _beside(entry.name):
            yield from _file(below, str(below.parent.relative_to(top)), quoting)


def _maildir(path: Path, top: Path) -> Iterator[Found]:
    for folder in MaildirMailbox(path).folders():
        here = path if folder.name == "INBOX" else path / f".{folder.name}"
        here = here if here.is_dir() else path / folder.name
        for file, status in sorted(messages_of(here), key=lambda one: one[0].name):
            raw, why = read_file(file)
            changed = datetime.fromtimestamp(status.st_mtime, UTC)
            yield Found(str(file.relative_to(top)), folder.name, raw, changed, why=why)


def _file(path: Path, folder: str, quoting: Quoting) -> Iterator[Found]:
    changed = _changed(path)
    name = path.name
    try:
        with path.open("rb") as file:
            start = file.read(_START)
            file.seek(0)
            if is_zip(start) or is_tar(start):
                yield from _packed(zipped(path) if is_zip(start) else tarred(path), name, changed, quoting)
            else:
                yield from _stream(file, start, name, folder or "", changed, quoting)
    except OSError as fault:
        yield Found(name, folder, None, changed, why=f"it cannot be read: {fault.strerror}")
    except GestandError as fault:
        yield Found(name, folder, None, changed, why=f"{fault.message} [{fault.code}]")


def _packed(entries: Iterator[Entry], name: str, changed: datetime, quoting: Quoting) -> Iterator[Found]:
    for entry in entries:
        place = f"{name}: {entry.name}"
        if entry.stream is None:
            yield Found(place, "", None, changed, why=entry.why)
            continue
        if _beside(entry.name.rsplit("/", 1)[-1]):
            continue
        try:
            buffered = entry.stream
            start = buffered.peek(_START)[:_START] if hasattr(buffered, "peek") else b""
            if is_zip(start) or is_tar(start):
                yield Found(place, "", None, changed, why="it is an archive inside an archive: unpack it, and add it")
                continue
            folder = entry.name.rpartition("/")[0]
            yield from _stream(buffered, start, place, folder, entry.changed or changed, quoting)
        except FAULTS as fault:
            yield Found(place, "", None, changed, why=f"it is damaged ({type(fault).__name__})")


def _stream(  # noqa: PLR0917 - what is known of a file
    stream: IO[bytes], start: bytes, place: str, folder: str, changed: datetime, quoting: Quoting
) -> Iterator[Found]:
    too_large = f"it is larger than {LARGEST_FETCH} bytes"
    if is_mbox(start):
        for number, posted in enumerate(messages_in(stream, largest=LARGEST_FETCH, quoting=quoting), 1):
            why = too_large if posted.raw is None else ""
            raw = posted.raw or None
            yield Found(f"{place}, message {number}", folder, raw, changed, posted.marked, why or "it is empty")
    elif start.startswith(_PST):
        yield Found(place, folder, None, changed, why="it is an Outlook .pst: 'readpst -r FILE' makes mbox files of it")
    elif not start:
        yield Found(place, folder, None, changed, why="it is empty")
    elif not (looks_like_message(start) or is_office_file(start) or place.lower().endswith(_NAMED)):
        yield Found(place, folder, None, changed, why=_no_message(place, start))
    else:
        raw = stream.read(LARGEST_FETCH + 1)
        why = too_large if len(raw) > LARGEST_FETCH else _in_the_way(raw)
        yield Found(place, folder, None if why else raw, changed, why=why)


def _no_message(place: str, start: bytes) -> str:
    """Say that a file is no message, and which command takes what it looks like."""
    name = place.rpartition(": ")[2].lower()
    if b"<smses" in start or name == "_chat.txt" or (name.startswith("whatsapp") and name.endswith(".txt")):
        return "it is no message; an exported chat goes in with 'gestand archive chat'"
    if name.endswith(_SCANNED):
        return "it is no message; a scanned letter goes in with 'gestand archive letter'"
    return "it is no message"


def _in_the_way(raw: bytes) -> str:
    """Return why an Office file cannot be added; empty for a message that can be read, also one of Outlook."""
    if not is_office_file(raw):
        return ""
    if not is_outlook(raw):
        return _OFFICE
    return "" if readable() else _MSG


def _beside(name: str) -> bool:
    """Say whether a file is what mail programs keep beside mail."""
    return name.startswith((".", "dovecot", "~$")) or name in _SIDE or name.endswith((".msf", ".lock"))


def _changed(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return datetime.fromtimestamp(0, UTC)
