"""Finding the servers of a mailbox from its address: what the domain itself publishes, then what it most likely is.

RFC 6186 (SRV records), the autoconfig XML that providers serve (draft-ietf-mailmaint-autoconfig; Thunderbird's format), the domain's
MX for the two large hosts, and last ``imap.`` and ``mail.``. Only the domain is told to anyone, never the name before it; and nobody
but the domain is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from gestand.kernel.errors import GestandError, RefusedError, UsageError

Records = Callable[[str, str], Sequence[tuple[int, int, int, str]]]
"""Called with a name and ``SRV`` or ``MX``: (priority, weight, port, host) of each record, none if there are none."""
Fetch = Callable[[str], bytes | None]
"""Called with an https address: its content, or None."""
Reach = Callable[[str, int], bool]
"""Says whether a host listens at a port."""

_SOCKETS: Final = {"ssl": "tls", "starttls": "starttls"}
_LARGE: Final = {
    "protection.outlook.com": ("microsoft", "outlook.office365.com", "smtp.office365.com"),
    "google.com": ("google", "imap.gmail.com", "smtp.gmail.com"),
    "googlemail.com": ("google", "imap.gmail.com", "smtp.gmail.com"),
}
_DOMAINS: Final = {
    "gmail.com": "google.com", "googlemail.com": "google.com", "outlook.com": "protection.outlook.com",
    "hotmail.com": "protection.outlook.com", "live.nl": "protection.outlook.com", "hotmail.nl": "protection.outlook.com",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server listens and how: ``tls`` or ``starttls``."""

    host: str
    port: int
    tls: str


@dataclass(frozen=True, slots=True)
class Discovered:
    """The servers of a mailbox, the user's name there, and how it was found. ``oauth``: the provider wants that."""

    imap: Server
    smtp: Server | None
    user: str
    how: str
    oauth: str = ""


def discover(address: str, *, records: Records, fetch: Fetch, reach: Reach) -> Discovered:
    """Return the servers of a mailbox.

    :raises UsageError: ``mail-address`` if it is no address; ``mail-not-found`` if nothing answers.
    """
    local, at, domain = address.rpartition("@")
    domain = domain.strip().rstrip(".").lower()
    if not (local and at and "." in domain) or any(c.isspace() for c in address):
        raise UsageError("mail-address", f"'{address}' is no e-mail address", remedy="Write it as info@example.nl.")
    steps = (_large, _srv, _autoconfig, _guessed)
    for step in steps:
        found = step(address, domain, records, fetch, reach)
        if found is not None:
            return found
    raise UsageError(
        "mail-not-found",
        f"no mail server of {domain} was found",
        where=address,
        remedy="Ask your provider for the name of its IMAP server, and name it with --imap HOST.",
    )


def _large(address: str, domain: str, records: Records, _fetch: Fetch, _reach: Reach) -> Discovered | None:
    hosts = [host.rstrip(".").lower() for _, _, _, host in records(domain, "MX")]
    hosts += [_DOMAINS[domain]] if domain in _DOMAINS else []
    for ending, (oauth, imap, smtp) in _LARGE.items():
        if any(host == ending or host.endswith(f".{ending}") for host in hosts):
            return Discovered(Server(imap, 993, "tls"), Server(smtp, 587, "starttls"), address, "MX record", oauth)
    return None


def _srv(address: str, domain: str, records: Records, _fetch: Fetch, _reach: Reach) -> Discovered | None:
    imap = _best(domain, (("_imaps._tcp", "tls"), ("_imap._tcp", "starttls")), records)
    if imap is None:
        return None
    smtp = _best(domain, (("_submissions._tcp", "tls"), ("_submission._tcp", "starttls")), records)
    return Discovered(imap, smtp, address, "SRV record (RFC 6186)")


def _best(domain: str, names: Sequence[tuple[str, str]], records: Records) -> Server | None:
    """Return the first service that is offered; a host of ``.`` says that one is not (RFC 6186 section 3.4)."""
    for name, tls in names:
        offered = sorted((p, -w, port, host.rstrip(".")) for p, w, port, host in records(f"{name}.{domain}", "SRV"))
        for _, _, port, host in offered:
            if host:
                return Server(host.lower(), port, tls)
    return None


def _autoconfig(address: str, domain: str, _records: Records, fetch: Fetch, _reach: Reach) -> Discovered | None:
    for url in (
        f"https://autoconfig.{domain}/mail/config-v1.1.xml",
        f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
    ):
        content = fetch(url)
        found = read_autoconfig(content, address) if content else None
        if found is not None:
            return found
    return None


def read_autoconfig(content: bytes, address: str) -> Discovered | None:
    """Read autoconfig XML; None if it is none, or offers no IMAP within TLS."""
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        return None
    imap = _offered(root, "incomingServer", "imap", address)
    if imap is None:
        return None
    smtp = _offered(root, "outgoingServer", "smtp", address)
    return Discovered(imap[0], smtp[0] if smtp else None, imap[1], "autoconfig of the provider")


def _offered(root: Element, tag: str, kind: str, address: str) -> tuple[Server, str] | None:
    local, _, domain = address.rpartition("@")
    filled = {"%EMAILADDRESS%": address, "%EMAILLOCALPART%": local, "%EMAILDOMAIN%": domain}
    for one in root.iter(tag):
        told = {child.tag: (child.text or "").strip() for child in one}
        for mark, value in filled.items():
            told = {name: text.replace(mark, value) for name, text in told.items()}
        tls = _SOCKETS.get(told.get("socketType", "").lower())
        port = told.get("port", "")
        host = told.get("hostname", "")
        if one.get("type") == kind and tls and host and port.isdigit() and 0 < int(port) < 65536:
            return Server(host.lower(), int(port), tls), told.get("username") or address
    return None


def _guessed(address: str, domain: str, _records: Records, _fetch: Fetch, reach: Reach) -> Discovered | None:
    for host in (f"imap.{domain}", f"mail.{domain}"):
        if not reach(host, 993):
            continue
        smtp = next(
            (
                Server(name, port, tls)
                for name in (f"smtp.{domain}", host)
                for port, tls in ((465, "tls"), (587, "starttls"))
                if reach(name, port)
            ),
            None,
        )
        return Discovered(Server(host, 993, "tls"), smtp, address, "a guess that answers")
    return None


def quietly(fetch: Callable[[str], bytes]) -> Fetch:
    """Return a fetch that says None where a host is not there or does not answer."""

    def tried(url: str) -> bytes | None:
        try:
            return fetch(url)
        except (GestandError, RefusedError):
            return None

    return tried
