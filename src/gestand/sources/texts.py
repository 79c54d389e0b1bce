"""The text of a file in a share, read by ``reading`` in its child: what others made is hostile input."""

from __future__ import annotations

from pathlib import Path

from gestand.kernel.errors import GestandError
from gestand.reading.attachments import PLAIN
from gestand.reading.mail import Mail
from gestand.reading.mailreader import MailReader

READ = frozenset(
    {*PLAIN, ".eml", ".rtf", ".html", ".htm", ".pdf", ".xlsx", ".xlsm", ".docx", ".pptx", ".odt", ".ods", ".odp"}
)
"""File names whose text can be read."""


def text_of_file(path: Path, reader: MailReader, *, size_cap: int) -> str:
    """Return the text of a file.

    :raises GestandError: ``file-without-text`` for a kind that is not read, ``file-too-large``, ``file-damaged``.
    """
    kind = path.suffix.lower()
    if kind not in READ:
        raise _fault(
            "file-without-text", path.name, f"no text can be read from a file of this kind ({kind or 'no extension'})"
        )
    if path.stat().st_size > size_cap:
        raise _fault("file-too-large", path.name, f"it has more than {size_cap} bytes")
    content = path.read_bytes()
    if kind == ".eml":
        [mail] = reader.read([content])
        if not mail.parsed or mail.why or mail.textless:
            raise _fault("file-damaged", path.name, "it, or something attached to it, cannot be read as text")
        return text_of_mail(mail)
    read = reader.document(path.name, content)
    if not read.whole:
        raise _fault("file-damaged", path.name, "it is damaged, has a password, holds pictures of text or is too large")
    return read.text


def text_of_mail(mail: Mail) -> str:
    """Return everything that a message says: who, about what, its words, its attachments."""
    people = (f"{one.name} <{one.address}>" for one in (*mail.sender, *mail.recipients))
    named = (one.name for one in mail.attachments)
    return "\n".join([*people, mail.subject, mail.body, *named, mail.attached])


def _fault(code: str, name: str, message: str) -> GestandError:
    remedy = "Look at it by hand; leave its kind out with skip in the source's file, with the reason."
    return GestandError(code, message, where=name, remedy=remedy)
