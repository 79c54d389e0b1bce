"""Whether a line to another machine is encrypted: a handshake, the certificate, the version of TLS.

Sources: RFC 8446 (TLS 1.3), RFC 8996 (1.0 and 1.1 are not to be used), RFC 9525 (the name in a certificate), RFC 3207 and RFC
9051 6.2.1 (STARTTLS for SMTP and IMAP).
"""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from gestand.kernel.egress import Egress
from gestand.kernel.errors import GestandError

SECONDS: Final = 10
SHORTEST_LEFT: Final = timedelta(days=7)

Start = Literal["tls", "smtp", "imap"]
"""How encryption begins: from the first byte, or after STARTTLS in the protocol that is named."""


@dataclass(frozen=True, slots=True)
class Line:
    """A host, its port, and how encryption begins there."""

    host: str
    port: int
    start: Start

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class LineSeen:
    """What a handshake showed: the version, until when the certificate counts, and what is wrong (empty: nothing)."""

    version: str = ""
    until: datetime | None = None
    fault: str = ""


def trust(ca: Path | None) -> ssl.SSLContext:
    """Return who is trusted: the authorities of this machine, or of the file ``ca`` alone. TLS 1.2 at least."""
    context = ssl.create_default_context(cafile=str(ca) if ca else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def look_at_line(line: Line, egress: Egress, context: ssl.SSLContext, now: datetime) -> LineSeen:
    """Shake hands once, say nothing else, and return what was seen; who does not answer is a fault, not an error."""
    try:
        version, certificate = _handshake(line, egress, context)
    except ssl.SSLCertVerificationError as fault:
        return LineSeen(fault=f"the certificate is not good: {fault.verify_message}")
    except OSError as fault:
        return LineSeen(fault=f"no encrypted line: {fault}")
    except GestandError as fault:
        return LineSeen(fault=fault.message)
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    left = until - now
    short = f"the certificate ends on {until:%Y-%m-%d}" if left < SHORTEST_LEFT else ""
    return LineSeen(version, until, short)


def _handshake(line: Line, egress: Egress, context: ssl.SSLContext) -> tuple[str, dict[str, object]]:
    granted = egress.grant(line.host, line.port)
    with socket.create_connection((granted.address, granted.port), SECONDS) as bare:
        if line.start == "smtp":
            _start_smtp(bare)
        elif line.start == "imap":
            _start_imap(bare)
        with context.wrap_socket(bare, server_hostname=granted.host) as sealed:
            return sealed.version() or "", dict(sealed.getpeercert() or {})


def _start_smtp(bare: socket.socket) -> None:
    with bare.makefile("rb") as answers:
        for command in (b"", b"EHLO localhost\r\n", b"STARTTLS\r\n"):
            bare.sendall(command)
            said = answers.readline(1000)
            while said[3:4] == b"-":
                said = answers.readline(1000)
            if said[:1] != b"2":
                raise ConnectionError("the server offers no STARTTLS")


def _start_imap(bare: socket.socket) -> None:
    with bare.makefile("rb") as answers:
        answers.readline(1000)
        bare.sendall(b"a STARTTLS\r\n")
        if not answers.readline(1000).upper().startswith(b"A OK"):
            raise ConnectionError("the server offers no STARTTLS")
