"""The courier: SMTP over a granted connection, with TLS and sign-in as the settings say (RFC 5321, 3207, 4954, 3461)."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from gestand.kernel.config_mail import SmtpSettings
from gestand.kernel.egress import Egress, Granted
from gestand.kernel.errors import GestandError, UsageError
from gestand.post.model import Accepted, LineLost, Rejected

TIMEOUT = 60.0  # seconds for one answer
_OK = range(200, 300)
_FOR_NOW = range(400, 500)
_GO_AHEAD = 354
_CLOSING = 421


class SmtpCourier:
    """Carries messages to the server of the settings. One line for as many messages as it stays up."""

    def __init__(
        self, settings: SmtpSettings, egress: Egress, password: Callable[[], str], *, timeout: float = TIMEOUT
    ) -> None:
        self._settings = settings
        self._egress = egress
        self._password = password
        self._timeout = timeout
        self._line: smtplib.SMTP | None = None

    def carry(self, recipient: str, content: bytes, envelope: str) -> Accepted | Rejected | LineLost:
        """Hand one message over; see ``model.Courier``."""
        content_sent = False
        try:
            line = self._connected()
            options = [f"ENVID={_xtext(envelope)}"] if line.has_extn("dsn") else []
            code, said = line.mail(self._settings.sender, options)
            if code not in _OK:
                return self._rejected(code, said)
            code, said = line.rcpt(recipient, ["NOTIFY=FAILURE"] if line.has_extn("dsn") else [])
            if code not in _OK:
                return self._rejected(code, said)
            code, said = line.docmd("DATA")
            if code != _GO_AHEAD:
                return self._rejected(code, said)
            content_sent = True  # from here on the server may have it, whatever becomes of the line
            code, said = self._give(line, content)
        except (smtplib.SMTPServerDisconnected, OSError) as fault:
            self._drop()
            return LineLost(type(fault).__name__, content_sent=content_sent)
        if code in _OK:
            return Accepted(f"{code} {said.decode('utf-8', 'replace')}")
        return self._rejected(code, said, content_sent=True)

    def close(self) -> None:
        """Say goodbye, if anyone is there."""
        line, self._line = self._line, None
        if line is not None:
            try:
                line.quit()
            except (smtplib.SMTPException, OSError):
                line.close()

    def _give(self, line: smtplib.SMTP, content: bytes) -> tuple[int, bytes]:
        """Send the content, dots doubled at the head of a line, and return the server's answer."""
        stuffed = content.replace(b"\r\n.", b"\r\n..")
        if stuffed.startswith(b"."):
            stuffed = b"." + stuffed
        line.send(stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        return line.getreply()

    def _rejected(self, code: int, said: bytes, *, content_sent: bool = False) -> Rejected | LineLost:
        """Read a refusal; one that ends the session (421) ends the line as well. What is no answer refuses nothing."""
        if code == _CLOSING or code < 0:
            self._drop()
            return LineLost(f"{code} {said.decode('utf-8', 'replace')}", content_sent=content_sent and code < 0)
        try:
            if self._line is not None:
                self._line.rset()
        except (smtplib.SMTPException, OSError):  # it said no, and hung up
            self._drop()
        return Rejected(f"{code} {said.decode('utf-8', 'replace')}", permanent=code not in _FOR_NOW)

    def _connected(self) -> smtplib.SMTP:
        if self._line is None:
            self._line = self._connect()
        return self._line

    def _connect(self) -> smtplib.SMTP:
        server = self._settings.server
        granted = self._egress.grant(server.host, server.port)
        try:
            with ExitStack() as unused:
                line = _line(granted, self._timeout, self._tls() if server.tls == "tls" else None)
                unused.callback(line.close)
                line.ehlo()
                if server.tls == "starttls":
                    line.starttls(context=self._tls())
                    line.ehlo()
                if server.password:
                    self._sign_in(line)
                unused.pop_all()
        except (smtplib.SMTPException, OSError) as fault:
            raise GestandError(
                "smtp-unreachable",
                f"the mail server {server.host}:{server.port} cannot be used: {_told(fault)}",
                where="gestand.toml: mail.smtp",
                remedy="Nothing was lost: what waits is sent when it can be. See host, port, tls, user and password.",
            ) from None
        return line

    def _sign_in(self, line: smtplib.SMTP) -> None:
        server = self._settings.server
        if server.tls == "none":
            raise UsageError(
                "smtp-open-password",
                "a password is not sent over an open line",
                where="gestand.toml: mail.smtp",
                remedy='Write tls = "starttls" or tls = "tls".',
            )
        if server.oauth:
            raise UsageError(
                "smtp-oauth",
                "sending does not sign in with a provider's token yet",
                where="gestand.toml: mail.smtp.oauth",
                remedy="Use a password for this program (an 'app password') of the same account.",
            )
        try:
            line.login(server.user, self._password())
        except UnicodeError:
            raise UsageError(
                "smtp-password",
                f"the user or password for {server.host} has a letter that is not ASCII: it cannot be sent",
                where="gestand.toml: mail.smtp",
                remedy="Nothing was lost. Take a password of plain letters, digits and signs, such as an 'app password'.",
            ) from None

    def _tls(self) -> ssl.SSLContext:
        ca = self._settings.server.ca
        context = ssl.create_default_context(cafile=str(ca) if ca else None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()


def _line(granted: Granted, timeout: float, tls: ssl.SSLContext | None) -> smtplib.SMTP:
    """Open a line to the granted address, under the name that was asked for."""

    class Line(smtplib.SMTP):
        """A line whose socket goes where it was granted to; smtplib would look the name up again."""

        def _get_socket(self, _host: str, _port: int, _timeout: Any) -> socket.socket:
            made = socket.create_connection((granted.address, granted.port), timeout)
            try:
                return tls.wrap_socket(made, server_hostname=granted.host) if tls is not None else made
            except OSError:
                made.close()
                raise

    return Line(granted.host, granted.port, local_hostname="[127.0.0.1]", timeout=timeout)


def _told(fault: Exception) -> str:
    if isinstance(fault, smtplib.SMTPResponseException):
        said = fault.smtp_error.decode("utf-8", "replace") if isinstance(fault.smtp_error, bytes) else fault.smtp_error
        return f"{fault.smtp_code} {said}"
    return str(fault) or type(fault).__name__


def _xtext(text: str) -> str:
    """Write a Message-ID as xtext (RFC 3461 4)."""
    return "".join(c if "!" <= c <= "~" and c not in "+=" else f"+{ord(c):02X}" for c in text.strip("<>"))
