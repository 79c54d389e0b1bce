"""One POST to another program: through the gate, to the address that was granted, without redirects or proxies; its answer is not read."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from gestand.kernel.egress import Egress

SECONDS = 10.0
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Target:
    """An address in its parts; ``path`` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Scheme, host and port, always written in the same way."""
        return f"{self.scheme}://{self.host}:{self.port}"


def target_of(url: str) -> Target | None:
    """Return an address in its parts; None if it is none, is over-long, or carries a name or password."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return None
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= _LONGEST
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None or not plain:
        return None
    return Target(parts.scheme, parts.hostname, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def post_to(egress: Egress, url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Post JSON to an address and return the status of the answer.

    :raises GestandError: as ``Egress.grant``. :raises OSError: if nobody answers, or not as HTTP has it.
    """
    target = target_of(url)
    assert target is not None
    granted = egress.grant(target.host, target.port)
    connection = http.client.HTTPConnection(granted.address, granted.port, timeout=SECONDS)
    try:
        connection.connect()
        if target.scheme == "https":
            connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=granted.host)
        said = {"Host": urlsplit(url).netloc, "Content-Type": "application/json", **headers}
        connection.request("POST", target.path, body, said)
        return connection.getresponse().status
    except http.client.HTTPException as fault:
        raise ConnectionError(type(fault).__name__) from None
    finally:
        connection.close()
