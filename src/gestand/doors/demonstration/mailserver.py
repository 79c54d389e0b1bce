"""A real mail server for the demonstration and the tests: on loopback, on any free port, it keeps what it is given.

Nothing goes further: it stands in for the firm's own server, which the demonstration must not use.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from gestand.kernel.config_mail import ServerSettings, SmtpSettings
from gestand.kernel.egress import Egress, Peer
from gestand.post.smtp import SmtpCourier

HOST = "127.0.0.1"
TAKEN = "250 2.0.0 Ok: queued"


@dataclass(frozen=True, slots=True)
class Received:
    """A message as the server got it: envelope and bytes."""

    sender: str
    recipient: str
    content: bytes


@dataclass  # no slots: aiosmtpd reads every attribute, and Python 3.11.2 cannot read __weakref__ of a class made so
class MailServer:
    """What came in, and how the server answers. ``answer``: called with the recipient and the number of the message."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    answer: Callable[[str, int], str] = lambda _recipient, _number: TAKEN
    refuse: Callable[[str], str] = lambda _recipient: ""

    def courier(self) -> SmtpCourier:
        """Return a courier to this server."""
        settings = SmtpSettings(ServerSettings(host=HOST, port=self.port, tls="none", near=True), "", 0)
        return SmtpCourier(settings, Egress((Peer(HOST, self.port, near=True),)), str)

    async def handle_RCPT(  # noqa: N802 - named by aiosmtpd
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient, or refuse one."""
        refused = self.refuse(address)
        if refused:
            return refused
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Take a message. An empty answer: the server dies at this moment, with the message taken."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        for recipient in envelope.rcpt_tos:
            self.received.append(Received(str(envelope.mail_from), recipient, content))
        said = self.answer(envelope.rcpt_tos[-1], len(self.received))
        if not said and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return said or TAKEN


@contextmanager
def mail_server(
    *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, password: str = "", port: int = 0
) -> Iterator[MailServer]:
    """Run a mail server in a thread; ``password``: only who signs in as ``gestand`` with it may send."""
    server = MailServer()

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and (given.login, given.password) == (b"gestand", password.encode())
        return AuthResult(success=right, handled=False)

    options: dict[str, Any] = {"hostname": HOST, "ident": "demonstration", "enable_SMTPUTF8": False}
    if starttls is not None:
        options |= {"tls_context": starttls, "require_starttls": True}
    if password:
        options |= {"authenticator": authenticate, "auth_required": True, "auth_require_tls": starttls is not None}
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    async def serve() -> asyncio.Server:
        return await loop.create_server(
            lambda: SMTP(server, loop=loop, **options), HOST, port, ssl=tls, reuse_address=True
        )

    listening = loop.run_until_complete(serve())
    server.port = listening.sockets[0].getsockname()[1]

    def run() -> None:
        loop.call_soon(ready.set)
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(_shut(listening), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        _end(loop)


async def _shut(listening: asyncio.Server) -> None:
    """Close on the loop's own thread: a client which leaves at that moment is counted off there too, and once."""
    listening.close()


def _end(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel what is still being said, and close the loop."""

    async def last() -> None:
        waiting = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    loop.run_until_complete(last())
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
