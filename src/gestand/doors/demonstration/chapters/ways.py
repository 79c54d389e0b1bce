"""The mailbox that the statement names is read. Here it lies as a Maildir on this machine; at a provider IMAP is spoken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from gestand.doors.demonstration.cast import CAST, Person
from gestand.doors.demonstration.place import Place
from gestand.kernel.config_edit import write_settings
from gestand.kernel.ids import SubjectId

MAILBOX = "info"
FOLDERS = ("new", "cur", "tmp", ".Verzonden/new", ".Verzonden/cur", ".Verzonden/tmp")
LETTERS = (
    (
        CAST[3],
        "Laptop trager geworden",
        "Goedemiddag, mijn laptop is trager geworden. Wanneer kan ik langskomen?",
        False,
    ),
    (CAST[3], "Re: Laptop trager geworden", "U kunt woensdag om tien uur langskomen.", True),
    (CAST[4], "Printer op zolder", "De printer op zolder doet het weer, dank u wel.", False),
)


def mailbox_read(place: Place, _customers: Mapping[str, SubjectId], tell: Callable[[str, str], None]) -> None:
    """Mail lies in the firm's mailbox; it is read, sealed, and the reading stands in the ledger."""
    own = place.open().publication.in_force().policy.controller.contacts[0].value
    box = place.folder.with_name(f"{place.folder.name}-postvak")
    for folder in FOLDERS:
        (box / folder).mkdir(parents=True)
    for number, (person, subject, text, sent) in enumerate(LETTERS, 1):
        at = place.clock() - timedelta(hours=6 - number)
        name = f"{int(at.timestamp())}.{number}.koper"
        path = box / (".Verzonden/cur" if sent else "new") / name
        path.write_bytes(_letter(person, own, subject, text, at=at, number=number, sent=sent))
    place.close()
    told: dict[str, str | int | bool | list[str]] = {
        "address": own,
        "maildir": f"../{box.name}",
        "sent": "Verzonden",
        "empty_after_days": 30,
    }
    write_settings(place.folder, told, section=f"mail.mailboxes.{MAILBOX}")
    read = place.open().ways.pull(MAILBOX)
    tell(
        "The mailbox is read",
        f"{own}: {read.new} messages of {read.folders} folders sealed, sent ones too. Here the mailbox is a folder on this machine; "
        "at a provider it is read by IMAP.",
    )


def _letter(person: Person, own: str, subject: str, text: str, *, at: datetime, number: int, sent: bool) -> bytes:
    message = EmailMessage(policy=SMTP)
    them = f'"{person.name}" <{person.email}>'
    message["From"], message["To"] = (own, them) if sent else (them, own)
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{number}@example.nl>"
    message.set_content(text)
    return message.as_bytes()
