"""Messages out, in forms that every mail program reads: mboxrd, .eml files, Maildir."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from gestand.archive.model import OpenedMessage
from gestand.kernel.errors import UsageError

_QUOTED = re.compile(rb"^(>*From )", re.MULTILINE)


def export_messages(messages: Iterable[OpenedMessage], into: Path, form: str) -> int:
    """Write messages to a new file or folder and return how many. ``form``: mbox, eml or maildir.

    Of eml and maildir the bytes are as they came; an mbox quotes lines that begin with "From " (mboxrd).

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
            return _mbox(messages, into)
        return _files(messages, into, maildir=form == "maildir")
    except OSError as fault:
        raise UsageError(
            "export-not-written", f"it cannot be written: {fault.strerror}", where=str(into), remedy="Make room for it."
        ) from None


def _mbox(messages: Iterable[OpenedMessage], into: Path) -> int:
    count = 0
    with into.open("xb") as file:
        into.chmod(0o600)
        for one in messages:
            moment = one.ways[0].received.strftime("%a %b %d %H:%M:%S %Y").encode()
            body = _QUOTED.sub(rb">\1", one.raw)
            file.write(b"From MAILER-DAEMON " + moment + b"\n" + body + (b"\n" if body.endswith(b"\n") else b"\n\n"))
            count += 1
    return count


def _files(messages: Iterable[OpenedMessage], into: Path, *, maildir: bool) -> int:
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    if maildir:
        for name in ("cur", "new", "tmp"):
            (into / name).mkdir(exist_ok=True, mode=0o700)
    count = 0
    for count, one in enumerate(messages, 1):  # noqa: B007 - the last is the answer
        moment = int(one.ways[0].received.timestamp())
        path = (
            into / "cur" / f"{moment}.{one.kept.message}.gestand:2,S" if maildir else into / f"{one.kept.message}.eml"
        )
        path.write_bytes(one.raw)
        path.chmod(0o600)
    return count
