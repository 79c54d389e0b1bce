"""The line to an IMAP server: to the address that was granted, with or without TLS; what goes wrong on it, in words."""

from __future__ import annotations

import imaplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import cast

from imap_tools.errors import ImapToolsError
from imap_tools.mailbox import BaseMailBox

from gestand.archive.ways.lines import trusting, why_lost
from gestand.kernel.config_mail import MailboxSettings
from gestand.kernel.egress import Egress, Granted
from gestand.kernel.errors import GestandError, UsageError

TIMEOUT = 60.0  # seconds without a byte
CONNECTION = "mail-connection"


class _Plain(imaplib.IMAP4):
    """Connects to the address that was granted, under the name that was asked."""

    def __init__(self, granted: Granted) -> None:
        self._granted = granted
        super().__init__(granted.host, granted.port, TIMEOUT)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return socket.create_connection((self._granted.address, self._granted.port), timeout)


class _Tls(imaplib.IMAP4_SSL):
    """The same, within TLS."""

    def __init__(self, granted: Granted, context: ssl.SSLContext) -> None:
        self._granted = granted
        super().__init__(granted.host, granted.port, ssl_context=context, timeout=TIMEOUT)

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        plain = socket.create_connection((self._granted.address, self._granted.port), timeout)
        return cast("ssl.SSLSocket", self.ssl_context.wrap_socket(plain, server_hostname=self._granted.host))


class Client(BaseMailBox):
    """The line to a server, with TLS as the settings say."""

    def __init__(self, granted: Granted, settings: MailboxSettings) -> None:
        self._granted = granted
        self._settings = settings
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        server = self._settings.server
        context = trusting(server.ca, f"gestand.toml: mail.mailboxes.{self._settings.name}")
        if server.tls == "tls":
            return _Tls(self._granted, context)
        client = _Plain(self._granted)
        if server.tls == "starttls":
            client.starttls(context)
        return client


def connect(settings: MailboxSettings, egress: Egress, sign_in: Callable[[BaseMailBox], None]) -> BaseMailBox:
    """Connect, after ``egress`` granted it, and sign in.

    :raises GestandError: ``mail-connection`` if the server cannot be reached or hangs up.
    :raises UsageError: ``mail-sign-in`` if it does not accept user and password; ``mail-certificate``.
    """
    granted = egress.grant(settings.server.host, settings.server.port)
    with translated(settings):
        client = Client(granted, settings)
    try:
        sign_in(client)
    except (imaplib.IMAP4.abort, OSError) as fault:
        hang_up(client)
        raise lost(settings, fault) from None
    except (imaplib.IMAP4.error, ImapToolsError):
        hang_up(client)
        raise UsageError(
            "mail-sign-in",
            f"{settings.server.host} does not accept the user '{settings.server.user}' with this password",
            where=f"gestand.toml: mail.mailboxes.{settings.name}",
            remedy="Many providers ask for an app password: make one in the provider's settings, and put that there.",
        ) from None
    return client


def hang_up(client: BaseMailBox) -> None:
    """Let go of a line without signing out."""
    with suppress(OSError):
        client.client.shutdown()


@contextmanager
def translated(settings: MailboxSettings, folder: str = "") -> Iterator[None]:
    """Say what went wrong in words; a message's own words are never among them."""
    try:
        yield
    except ssl.SSLCertVerificationError as fault:
        raise UsageError(
            "mail-certificate",
            f"the certificate of {settings.server.host} is not trusted: {fault.verify_message}",
            where=f"gestand.toml: mail.mailboxes.{settings.name}",
            remedy="Mend the server's name, or name the certificate of its own authority with ca.",
        ) from None
    except (imaplib.IMAP4.abort, OSError) as fault:
        raise lost(settings, fault) from None
    except (imaplib.IMAP4.error, ImapToolsError) as fault:
        raise refused(settings, folder, type(fault).__name__) from None


def refused(settings: MailboxSettings, folder: str, why: str) -> GestandError:
    """Return the error for what a server did not do; ``why`` in words of ours, never in its own."""
    return GestandError(
        "mail-refused",
        f"{settings.server.host} refused{f' the folder {folder!r}' if folder else ''}: {why}",
        where=f"mail.mailboxes.{settings.name}",
        remedy="Look at the mailbox with an ordinary mail program; the next reading tries again.",
    )


def lost(settings: MailboxSettings, fault: BaseException) -> GestandError:
    """Return the error for a line that broke."""
    return GestandError(
        "mail-connection",
        f"the connection with {settings.server.host} failed: {why_lost(fault, settings.server.port)}",
        where=f"mail.mailboxes.{settings.name}",
        remedy="What was read is kept; do it again when the server is there, and it goes on where it stopped.",
    )
