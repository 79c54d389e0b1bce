"""A mail as it goes over the line: RFC 5322 through EmailMessage alone, so that no value can end a header."""

from __future__ import annotations

from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from gestand.kernel.clock import AMSTERDAM
from gestand.kernel.errors import RefusedError
from gestand.post.model import Mail, MailKind
from gestand.post.rules import check_header, check_line

_LINE = policy.SMTP.clone(cte_type="7bit")
_OUT = _LINE.clone(max_line_length=998)  # a token in a header is not folded into an encoded word (RFC 5322 2.1.1)
AUTOMATIC = {
    MailKind.RECEIPT: "auto-replied",
    MailKind.NOTICE: "auto-generated",
    MailKind.CODE: "auto-generated",
    MailKind.SERVICE: "auto-generated",
    MailKind.NEWSLETTER: "auto-generated",
    MailKind.OFFER: "auto-generated",
}
"""How a mail that no person wrote says so (RFC 3834 5), so that no other machine answers it."""


def address_of(text: str) -> str:
    """Return an address as it may stand in an envelope: one mailbox, in ASCII, its domain in lower case.

    :raises RefusedError: ``mail-address``.
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as fault:
        raise RefusedError(
            "mail-address", f"this is no e-mail address: {fault}", where="mail", remedy="Mend the address."
        ) from None
    if found.ascii_email is None:
        raise RefusedError(
            "mail-address",
            "the part before the @ has letters that mail servers here do not take (RFC 6531)",
            where="mail",
            remedy="Ask for another address, or send a letter.",
        )
    return found.ascii_email


def message_of(mail: Mail, message_id: str, *, sender: str, sender_name: str, at: datetime) -> EmailMessage:
    """Return the message of a mail: plain text first, HTML beside it, attachments after.

    :raises RefusedError: ``mail-header``, ``mail-address``.
    """
    message = EmailMessage(policy=_LINE)
    for name, value in (("Subject", mail.subject), ("From", sender_name)):
        check_line(name, value)
    local, _, domain = address_of(sender).rpartition("@")
    message["From"] = Address(sender_name, local, domain)
    message["To"] = address_of(mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at.astimezone(AMSTERDAM))
    message["Message-ID"] = message_id
    if mail.kind in AUTOMATIC:
        message["Auto-Submitted"] = AUTOMATIC[mail.kind]
    for name, value in mail.headers:
        check_header(name, value)
        message[name] = value
    message.set_content(_plain(mail.text), cte="quoted-printable")
    if mail.html:
        message.add_alternative(_plain(mail.html), subtype="html", cte="quoted-printable")
    for attachment in mail.attachments:
        check_line("the name of an attachment", attachment.name)
        main, _, sub = attachment.mime.partition("/")
        message.add_attachment(
            attachment.content, maintype=main, subtype=sub or "octet-stream", filename=attachment.name
        )
    return message


def _plain(text: str) -> str:
    """Return text whose lines end in LF alone: a bare CR reads as an end of line to some servers and not to others."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def on_the_line(message: EmailMessage) -> bytes:
    """Return a message as bytes: seven bits, lines ended by CR LF."""
    return message.as_bytes(policy=_OUT)
