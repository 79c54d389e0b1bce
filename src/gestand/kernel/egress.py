"""The one gate for outgoing connections: an allow-list of host and port, resolved once, connected to what was resolved.

Against server-side request forgery (OWASP SSRF Prevention, case 1; ASVS 5.0.0 1.3.6, 13.2.4, 15.3.2): a host that is not on
the list is refused; a listed name that resolves to a private, loopback, link-local, multicast or reserved address is refused
unless that address, or the name itself with ``near``, is listed as such; the caller connects to the address it is given, so
that a second look-up cannot lead elsewhere. Every client asks here first.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from gestand.kernel.errors import RefusedError, UsageError

Resolve = Callable[[str, int], Sequence[str]]
"""Return the addresses of a host, as text. :raises OSError: if there are none."""
LARGEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Peer:
    """A host and port that may be reached. ``near``: it may lie on this machine or in a private network."""

    host: str
    port: int
    near: bool = False


@dataclass(frozen=True, slots=True)
class Granted:
    """A connection that may be made: to ``address``, under the name ``host`` (SNI, Host header, certificate)."""

    host: str
    port: int
    address: str


def lookup(host: str, port: int) -> tuple[str, ...]:
    """Resolve by the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class Egress:
    """Grants connections to the listed peers, and to no others."""

    def __init__(self, peers: Collection[Peer] = (), *, resolve: Resolve = lookup) -> None:
        self._peers = {(peer.host.lower().rstrip("."), peer.port): peer for peer in peers}
        self._resolve = resolve

    def grant(self, host: str, port: int) -> Granted:
        """Return the address to connect to.

        :raises RefusedError: if host and port are not listed, or the name leads to an address that is not.
        :raises UsageError: if the name cannot be resolved.
        """
        peer = self._peers.get((host.lower().rstrip("."), port))
        if peer is None:
            raise RefusedError(
                "egress-unlisted",
                f"this organisation does not connect to {host}:{port}",
                where="gestand.toml",
                remedy="Name the server in gestand.toml or in the source's file, if it is really meant.",
            )
        try:
            addresses = self._resolve(peer.host, port)
        except (OSError, UnicodeError) as fault:  # a label that is empty or too long is no name at all
            raise UsageError(
                "egress-unresolved",
                f"{host} cannot be found: {getattr(fault, 'strerror', None) or fault}",
                where=host,
                remedy="Mend the name, or try again when the network is there.",
            ) from None
        allowed = [address for address in addresses if peer.near or _far(address)]
        if not allowed:
            raise RefusedError(
                "egress-private",
                f"{host} leads to an address inside a private network, and is not listed as one that may",
                where="gestand.toml",
                remedy="Say near = true beside it, if the server really stands there.",
            )
        return Granted(peer.host, port, allowed[0])


def _far(address: str) -> bool:
    """Tell whether an address lies in the public internet (also when an IPv4 address hides in an IPv6 one)."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if any(found in network for network in _NEVER_FAR):
            return False
        translated = ipaddress.IPv4Address(found.packed[-4:]) if found in _NAT64 else None
        inner = translated or found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if inner is not None:
            return found.is_global and inner.is_global and not inner.is_multicast
    return found.is_global and not found.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""A translator sends what goes there to the IPv4 address in its last 32 bits (RFC 6052)."""
_NEVER_FAR = tuple(map(ipaddress.IPv6Network, ("fec0::/10", "::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48")))
"""Site-local (RFC 3879), IPv4-compatible (RFC 4291, 2.5.5.1), IPv4-translated (RFC 2765) and local translators (RFC 8215)."""
