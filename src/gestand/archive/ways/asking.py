"""How discovery asks the world: DNS by the system's resolvers, https and ports, each granted by egress first."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Any, cast

import dns.exception
import dns.resolver

from gestand.archive.ways.discovery import Discovered, discover, quietly
from gestand.archive.ways.https import HTTPS_PORT, ask
from gestand.kernel.egress import Egress, Peer
from gestand.kernel.errors import GestandError

DNS_PORT = 53
TIMEOUT = 5.0  # seconds
MAIL_PORTS = (993, 465, 587)


def discover_from(address: str) -> Discovered:
    """Find the servers of a mailbox; only hosts of its own domain, and the system's resolvers, are asked."""
    domain = address.rpartition("@")[2].strip().rstrip(".").lower()
    resolver = dns.resolver.Resolver()
    resolvers = tuple(str(server) for server in resolver.nameservers)
    egress = Egress(
        (
            *(Peer(server, DNS_PORT, near=True) for server in resolvers),
            *(Peer(host, HTTPS_PORT) for host in (f"autoconfig.{domain}", domain)),
            *(Peer(f"{name}.{domain}", port) for name in ("imap", "mail", "smtp") for port in MAIL_PORTS),
        )
    )

    def records(name: str, kind: str) -> Sequence[tuple[int, int, int, str]]:
        for server in resolvers:
            egress.grant(server, DNS_PORT)
        try:
            answer = resolver.resolve(name, kind, lifetime=TIMEOUT)
        except (dns.exception.DNSException, OSError):
            return ()
        found = [cast("Any", one) for one in answer]
        if kind == "MX":
            return [(one.preference, 0, 25, one.exchange.to_text()) for one in found]
        return [(one.priority, one.weight, one.port, one.target.to_text()) for one in found]

    def fetch(url: str) -> bytes:
        answer = ask(egress, url, timeout=TIMEOUT)
        return answer.body if answer.status == 200 else b""

    def reach(host: str, port: int) -> bool:
        try:
            granted = egress.grant(host, port)
            with socket.create_connection((granted.address, port), TIMEOUT):
                return True
        except (GestandError, OSError):
            return False

    return discover(address, records=records, fetch=quietly(fetch), reach=reach)
