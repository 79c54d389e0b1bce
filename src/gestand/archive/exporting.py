"""Messages out, in forms that every mail program reads: mboxrd, .eml files, Maildir."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formataddr
from pathlib import Path

from gestand.archive.model import OpenedMessage
from gestand.archive.ways.typed import NOBODY
from gestand.kernel.errors import UsageError
from gestand.reading.mail import Address, Mail
from gestand.reading.outlook import is_outlook

_CONTROL = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029\ud800-\udfff]+")
_QUOTED = re.compile(rb"^(>*From )", re.MULTILINE)


Read = Callable[[OpenedMessage], Mail]
"""Reads an opened message, in the child."""


def export_messages(messages: Iterable[OpenedMessage], into: Path, form: str, read: Read) -> int:
    """Write messages to a new file or folder and return how many. ``form``: mbox, eml or maildir.

    Of eml and maildir the bytes are as they came; an mbox quotes lines that begin with "From " (mboxrd). What Outlook saved
    as a .msg stays one beside the .eml files, and hangs on a message of its own where only mail can stand.

    :raises UsageError: ``export-not-empty``; ``export-not-written``.
    """
    if into.exists() and (into.is_file() or any(into.iterdir())):
        raise UsageError(
            "export-not-empty",
            "messages are exported into something new",
            where=str(into),
            remedy="Name another place.",
        )
    try:
        if form == "mbox":
            return _mbox(messages, into, read)
        return _files(messages, into, read, maildir=form == "maildir")
    except OSError as fault:
        raise UsageError(
            "export-not-written", f"it cannot be written: {fault.strerror}", where=str(into), remedy="Make room for it."
        ) from None


def _mbox(messages: Iterable[OpenedMessage], into: Path, read: Read) -> int:
    count = 0
    with open(into, "xb", opener=_own) as file:
        for one in messages:
            moment = one.ways[0].received.strftime("%a %b %d %H:%M:%S %Y").encode()
            body = _QUOTED.sub(rb">\1", _as_mail(one, read))
            file.write(b"From MAILER-DAEMON " + moment + b"\n" + body + (b"\n" if body.endswith(b"\n") else b"\n\n"))
            count += 1
    return count


def _files(messages: Iterable[OpenedMessage], into: Path, read: Read, *, maildir: bool) -> int:
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    if maildir:
        for name in ("cur", "new", "tmp"):
            (into / name).mkdir(exist_ok=True, mode=0o700)
    count = 0
    for count, one in enumerate(messages, 1):  # noqa: B007 - the last is the answer
        if maildir:
            moment = int(one.ways[0].received.timestamp())
            path, content = into / "cur" / f"{moment}.{one.kept.message}.gestand:2,S", _as_mail(one, read)
        else:
            ending = "msg" if is_outlook(one.raw) else "eml"
            path, content = into / f"{one.kept.message}.{ending}", one.raw
        with open(path, "xb", opener=_own) as file:
            file.write(content)
    return count


def _own(path: str, flags: int) -> int:
    """Open a new file that is its owner's alone from its first byte, and follow nothing that was put in its place."""
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)


def _as_mail(one: OpenedMessage, read: Read) -> bytes:
    """Return the bytes of a message as they came; a .msg as what hangs on a message with its subject, people and words."""
    if not is_outlook(one.raw):
        return one.raw
    mail = read(one)
    made = MIMEMultipart(boundary=f"=_{one.kept.message}")
    made["Subject"] = Header(_plain(mail.subject), "utf-8").encode()
    for name, value in (("From", _people(mail.sender)), ("To", _people(mail.recipients)), ("Date", _plain(mail.sent))):
        if value:
            made[name] = value
    made["Message-ID"] = f"<{one.kept.message}@{NOBODY}>"
    made.attach(MIMEText(mail.body, "plain", "utf-8"))
    original = MIMEApplication(one.raw, "vnd.ms-outlook")
    original.add_header("Content-Disposition", "attachment", filename=f"{one.kept.message}.msg")
    made.attach(original)
    return made.as_bytes()


def _people(people: Sequence[Address]) -> str:
    return ", ".join(formataddr((_plain(one.name), one.address)) for one in people if one.address.isascii())


def _plain(text: str) -> str:
    return _CONTROL.sub(" ", text)
