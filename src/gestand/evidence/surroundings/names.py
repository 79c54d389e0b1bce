"""Questions to a nameserver, through the gate for outgoing connections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import dns.exception
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver

from gestand.evidence.surroundings.domain import DomainRecords
from gestand.kernel.config_surroundings import HostPort
from gestand.kernel.egress import Egress
from gestand.kernel.errors import UsageError

SECONDS: Final = 5.0

Ask = Callable[[str], tuple[str, ...]]
"""Return the TXT records of a name, each as one text; () if there are none. :raises UsageError: if nobody answers."""


def own_nameserver() -> HostPort:
    """Return the nameserver that this machine asks.

    :raises UsageError: if it has none.
    """
    try:
        servers = dns.resolver.Resolver(configure=True).nameservers
    except dns.exception.DNSException:
        servers = []
    if not servers:
        raise UsageError(
            "nameserver-none",
            "this machine names no nameserver",
            where="gestand.toml",
            remedy='Name one: [surroundings] nameserver = "192.0.2.53:53".',
        )
    return HostPort(str(servers[0]), 53)


def asker(server: HostPort, egress: Egress) -> Ask:
    """Return who asks ``server``; a long answer is asked for again over TCP."""

    def ask(name: str) -> tuple[str, ...]:
        granted = egress.grant(server.host, server.port)
        try:
            question = dns.message.make_query(dns.name.from_text(name), dns.rdatatype.TXT)
            answer, _ = dns.query.udp_with_fallback(question, granted.address, SECONDS, granted.port)
        except (dns.exception.DNSException, OSError, ValueError) as fault:
            raise UsageError(
                "nameserver-silent",
                f"the nameserver does not answer about {name}: {fault}",
                where=str(server),
                remedy="Try again when the network is there, or name another under [surroundings] nameserver.",
            ) from None
        if answer.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            raise UsageError(
                "nameserver-silent",
                f"the nameserver answers {dns.rcode.to_text(answer.rcode())} about {name}",
                where=str(server),
                remedy="Try again later, or name another under [surroundings] nameserver.",
            )
        records = [record for rrset in answer.answer if rrset.rdtype == dns.rdatatype.TXT for record in rrset]
        return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in records)

    return ask


def look_at_domain(domain: str, selectors: tuple[str, ...], ask: Ask) -> DomainRecords:
    """Return the records of ``domain`` that say who may send mail in its name.

    :raises UsageError: if the nameserver does not answer.
    """
    dkim = {selector: ask(f"{selector}._domainkey.{domain}") for selector in selectors}
    return DomainRecords(domain, ask(domain), ask(f"_dmarc.{domain}"), dkim)
