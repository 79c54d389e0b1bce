"""Setting a mailbox up: try to receive and to send with what was found, then write the settings; passwords stay out of them."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from gestand.archive.ways.imap import open_imap
from gestand.archive.ways.lines import trusting, why_lost
from gestand.archive.ways.model import Folder, FolderRole
from gestand.archive.ways.oauth import access_token, read_grant
from gestand.archive.ways.rules import to_read, with_roles
from gestand.archive.ways.service import mail_peers
from gestand.archive.ways.signin import imap_sign_in
from gestand.kernel.config_edit import Setting, write_settings
from gestand.kernel.config_mail import MailboxSettings, MailSettings, ServerSettings, SmtpSettings
from gestand.kernel.egress import Egress, Granted
from gestand.kernel.errors import GestandError, UsageError
from gestand.kernel.secret import read_secret

TIMEOUT = 30.0  # seconds
WHERE = "gestand.toml: mail.smtp"
Variable = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Tried:
    """What trying a mailbox showed: its folders and which of them are read, and whether a message could be sent."""

    folders: tuple[Folder, ...]
    read: tuple[Folder, ...]
    messages: int
    sent: bool


def try_receiving(settings: MailboxSettings, folder: Path, *, variable: Variable) -> Tried:
    """Sign in, list the folders and open INBOX, read-only.

    :raises GestandError: if it cannot be reached or does not let this program in.
    """
    egress = Egress(mail_peers(MailSettings((settings,))))
    where = f"gestand.toml: mail.mailboxes.{settings.name}"
    sign_in = imap_sign_in(settings.server, folder, variable=variable, egress=egress, where=where)
    mailbox = open_imap(settings, egress, sign_in)
    try:
        folders = with_roles(mailbox.folders(), settings)
        messages = mailbox.examine(Folder("INBOX", FolderRole.INBOX)).messages
    finally:
        mailbox.close()
    return Tried(folders, to_read(folders, settings), messages, sent=False)


def try_sending(settings: SmtpSettings, to: str, folder: Path, *, variable: Variable, at: datetime) -> None:
    """Send a message to the mailbox itself, to see that sending works.

    :raises UsageError: ``mail-sign-in``; ``mail-certificate``; ``mail-authority``. :raises GestandError: ``mail-connection``, ``mail-not-sent``.
    """
    server, where = settings.server, WHERE
    egress = Egress(mail_peers(MailSettings((), settings)))
    secret = read_secret(server.password, folder, variable=variable, where=where) if server.password else ""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = settings.sender, to
    message["Subject"] = "Gestand: proefbericht / test message"
    message["Date"] = format_datetime(at)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody answers it
    message.set_content("Dit bericht laat zien dat versturen werkt.\n\nThis message shows that sending works.\n")
    try:
        with _connected(server, egress.grant(server.host, server.port)) as client:
            if secret and server.oauth:
                token = access_token(server.oauth, read_grant(secret, where), egress=egress)
                client.auth("XOAUTH2", lambda _challenge=None: f"user={server.user}\1auth=Bearer {token}\1\1")
            elif secret:
                client.login(server.user, secret)
            client.send_message(message)
    except ssl.SSLCertVerificationError as fault:
        raise UsageError(
            "mail-certificate",
            f"the certificate of {server.host} is not trusted: {fault.verify_message}",
            where=where,
            remedy="Mend the server's name, or name the certificate of its own authority with ca.",
        ) from None
    except smtplib.SMTPAuthenticationError:
        raise UsageError(
            "mail-sign-in",
            f"{server.host} does not accept the user '{server.user}' with this password",
            where=where,
            remedy="Many providers ask for an app password: make one in the provider's settings, and put that there.",
        ) from None
    except smtplib.SMTPException as fault:
        code = getattr(fault, "smtp_code", "")
        raise GestandError(
            "mail-not-sent",
            f"{server.host} did not take the message: {type(fault).__name__} {code}".rstrip(),
            where=where,
            remedy="Ask your provider which server and port you may send through.",
        ) from None
    except OSError as fault:
        raise GestandError(
            "mail-connection",
            f"the connection with {server.host} failed: {why_lost(fault, server.port)}",
            where=where,
            remedy="Look whether the name and port are right, and the network is there.",
        ) from None


class _Granted(smtplib.SMTP):
    """Connects to the address that was granted."""

    def __init__(self, granted: Granted, context: ssl.SSLContext | None) -> None:
        self._granted = granted
        self._inside = context
        super().__init__(granted.host, granted.port, timeout=TIMEOUT)

    def _get_socket(self, _host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((self._granted.address, port), timeout)
        return plain if self._inside is None else self._inside.wrap_socket(plain, server_hostname=self._granted.host)


def _connected(server: ServerSettings, granted: Granted) -> smtplib.SMTP:
    context = trusting(server.ca, WHERE)
    client = _Granted(granted, context if server.tls == "tls" else None)
    if server.tls == "starttls":
        client.starttls(context=context)
    return client


def write_mailbox(folder: Path, settings: MailboxSettings, smtp: SmtpSettings | None) -> None:
    """Write the mailbox, and through which server is sent, to gestand.toml; what else stands there stays."""
    told: dict[str, Setting] = {"address": settings.address, **_told(settings.server)}
    told |= {
        key: value
        for key, value in (("sent", settings.sent), ("spam", settings.spam), ("trash", settings.trash))
        if value
    }
    write_settings(folder, told, section=f"mail.mailboxes.{settings.name}")
    if smtp is not None:
        write_settings(folder, {"from": smtp.sender, **_told(smtp.server)}, section="mail.smtp")


def _told(server: ServerSettings) -> dict[str, Setting]:
    told: dict[str, Setting] = {"host": server.host, "port": server.port, "tls": server.tls, "user": server.user}
    told |= {"password": server.password} if server.password else {}
    told |= {"oauth": server.oauth} if server.oauth else {}
    told |= {"ca": str(server.ca)} if server.ca else {}
    told |= {"near": True} if server.near else {}
    return told
