"""Receives journals by SMTP (RFC 5321) or LMTP (RFC 2033), and says 250 only when a message is durably sealed.

Only listed hosts and senders are let in; nothing is ever relayed. A message ends at CRLF.CRLF and nowhere else, and one with a
CR or LF alone is refused: that is how a second message is smuggled inside a first (CVE-2023-51764 and its kin). The peers'
addresses are written nowhere.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import re
import ssl
import threading
from collections.abc import Callable, Sequence
from typing import Any, AnyStr, Final

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from gestand.archive.model import Way
from gestand.archive.ways.contract import Archive
from gestand.archive.ways.group import Group
from gestand.archive.ways.journal import unwrapped
from gestand.kernel.clock import Clock
from gestand.kernel.config_mail import ReceiverSettings
from gestand.kernel.errors import GestandError, UsageError

CONNECTIONS: Final = 50
RECIPIENTS: Final = 1_000
LONGEST_LINE: Final = 1024 * 1024  # bytes; RFC 5321 says 1000, and mail with longer lines is sent all the same
SILENCE: Final = 300.0  # seconds without a command (RFC 5321 4.5.3.2)
PLACE: Final = "journal"
_ALONE = re.compile(rb"\r(?!\n)|(?<!\r)\n")
_OK = "250 2.0.0 sealed"
_LATER = "451 4.3.0 not sealed, send it again later"
_LOGGER = "mail.log"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class _Counted(SMTP):
    """SMTP with longer lines, for a bounded number of connections."""

    line_length_limit = LONGEST_LINE
    open: set[int]

    def connection_made(self, transport: Any) -> None:
        """Count a connection; hang up on one too many."""
        super().connection_made(transport)
        self.event_handler.connections.add(id(self))
        if len(self.event_handler.connections) > CONNECTIONS:
            transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        """Count it off."""
        self.event_handler.connections.discard(id(self))
        super().connection_lost(error)


class _CountedLmtp(_Counted, LMTP):
    """LMTP: after the data one answer for each recipient (RFC 2033 4.2)."""

    _recipients = 0

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd finds it by this name
        """Take the data."""
        try:
            await super().smtp_DATA(arg)
        finally:
            self._recipients = 0

    async def push(self, status: AnyStr) -> None:
        """Answer: once, or once for each recipient when the data have been sent."""
        for _ in range(max(self._recipients, 1)):
            await super().push(status)
        if "354" in str(status)[:5] and self.envelope is not None:
            self._recipients = len(self.envelope.rcpt_tos)


class Gate:
    """Who may hand in what; the hooks that aiosmtpd calls."""

    def __init__(self, settings: ReceiverSettings, group: Group, clock: Clock) -> None:
        self._hosts = networks(settings.hosts)
        self._senders = frozenset(settings.senders)
        self._group = group
        self._clock = clock
        self.connections: set[int] = set()

    async def handle_MAIL(  # noqa: N802 - the names and parameters that aiosmtpd calls
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: Sequence[str]
    ) -> str:
        """Let a sender in, or not."""
        if not self.admits_host(session.peer):
            return "550 5.7.1 this host does not deliver here"
        if not self.admits_sender(address):
            return "550 5.7.1 this sender does not deliver here"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: Sequence[str]
    ) -> str:
        """Note a recipient."""
        if len(envelope.rcpt_tos) >= RECIPIENTS:
            return "452 4.5.3 too many recipients"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Seal a message, and say so only when it is on stable storage."""
        raw = bytes(envelope.original_content or b"")
        if not raw.strip():
            return "550 5.6.0 a message of no bytes"
        if _ALONE.search(raw):
            return "550 5.6.11 a CR or LF stands alone"
        way = Way("smtp", PLACE, self._clock(), _bare(envelope.mail_from or ""), tuple(envelope.rcpt_tos))
        try:
            await asyncio.wrap_future(self._group.submit(*unwrapped(raw, way)))
        except GestandError:
            return _LATER
        return _OK

    async def handle_exception(self, _error: Exception) -> str:
        """Answer to what went wrong inside; what it was is nobody's business there."""
        return _LATER

    def admits_host(self, peer: object) -> bool:
        """Say whether a peer's address is listed."""
        try:
            address = ipaddress.ip_address(str(peer[0]).partition("%")[0])  # type: ignore[index]
        except (ValueError, TypeError, IndexError):
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in network for network in self._hosts)

    def admits_sender(self, address: str) -> bool:
        """Say whether a sender is listed, by address or by domain; ``<>`` is one like others."""
        if not self._senders:
            return True
        bare = _bare(address).casefold()
        return bare in self._senders or f"@{bare.rpartition('@')[2]}" in self._senders


def networks(hosts: Sequence[str]) -> tuple[Network, ...]:
    """Return the networks that hosts stand for; this machine alone if there are none.

    :raises UsageError: ``receiver-host`` for one that is no address and no network.
    """
    found: list[Network] = []
    for host in hosts or ("127.0.0.0/8", "::1"):
        try:
            found.append(ipaddress.ip_network(host))
        except ValueError:
            raise UsageError(
                "receiver-host",
                f"'{host}' is no address and no network",
                where="gestand.toml: mail.receiver.hosts",
                remedy="Write 192.0.2.7 or 192.0.2.0/24.",
            ) from None
    return tuple(found)


def receive(
    settings: ReceiverSettings,
    archive: Archive,
    *,
    clock: Clock,
    stop: threading.Event,
    ready: Callable[[int], None],
    heard: Callable[[], object] = lambda: None,
) -> None:
    """Listen until ``stop`` is set; ``ready`` is called with the port. Sealing is done in the calling thread.

    ``heard`` is called there when messages were sealed and no more wait.

    :raises UsageError: ``receiver-listen`` if the port cannot be had; ``receiver-tls`` if the certificate cannot be read.
    """
    logging.getLogger(_LOGGER).setLevel(logging.CRITICAL + 1)
    group = Group(archive, heard)
    gate = Gate(settings, group, clock)
    context = _tls(settings)
    kind = _CountedLmtp if settings.protocol == "lmtp" else _Counted

    def connection() -> SMTP:
        return kind(
            gate,
            data_size_limit=settings.max_bytes,
            enable_SMTPUTF8=True,
            hostname="gestand",
            ident="receives, and relays nothing",
            tls_context=context if settings.tls != "tls" else None,
            require_starttls=settings.tls == "required",
            timeout=SILENCE,
            loop=asyncio.get_running_loop(),
        )

    fault: list[OSError] = []

    async def listen() -> None:
        loop = asyncio.get_running_loop()
        try:
            inside = context if settings.tls == "tls" else None
            server = await loop.create_server(connection, settings.host, settings.port, ssl=inside)
        except OSError as error:
            fault.append(error)
            return
        ready(int(server.sockets[0].getsockname()[1]))
        while not stop.is_set():  # noqa: ASYNC110 - the event is set by a signal, in another thread
            await asyncio.sleep(0.1)
        server.close()
        await server.wait_closed()

    def serve() -> None:
        try:
            asyncio.run(listen())
        finally:
            group.stop()

    thread = threading.Thread(target=serve, name="receiver")
    thread.start()
    try:
        group.run()
    finally:
        stop.set()
        thread.join()
    if fault:
        raise UsageError(
            "receiver-listen",
            f"{settings.host}:{settings.port} cannot be had: {fault[0].strerror or fault[0]}",
            where="gestand.toml: mail.receiver",
            remedy="Choose another port, or end the program that has this one.",
        )


def _tls(settings: ReceiverSettings) -> ssl.SSLContext | None:
    if settings.tls == "none":
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(str(settings.certificate), str(settings.key))
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            "receiver-tls",
            f"the certificate or its key cannot be read: {error}",
            where="gestand.toml: mail.receiver",
            remedy="Name the files of a certificate in PEM, readable to this program.",
        ) from None
    return context


def _bare(address: str) -> str:
    return "" if address == "<>" else address.strip("<>")
