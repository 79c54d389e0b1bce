"""What stands around the program, as ``gestand.toml`` names it: the domain that mail is sent from, and addresses over TLS.

[surroundings]
    mail_domain = "example.nl"       whose SPF, DKIM and DMARC records are looked up
    dkim = ["default"]               the selectors that the mail server signs with
    tls = ["www.example.nl:443"]     hosts that must speak TLS from the first byte; the servers of [mail] are looked at too
    nameserver = "192.0.2.53:53"     empty: the nameserver of this machine
    ca = "ca.pem"                    a certificate authority of one's own; empty: those of this machine
    near = false                     the hosts may stand in a private network
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gestand.kernel.errors import UsageError

KNOWN: Final[dict[str, type]] = {
    "mail_domain": str,
    "dkim": list,
    "tls": list,
    "nameserver": str,
    "ca": str,
    "near": bool,
}
LARGEST_PORT: Final = 65535


@dataclass(frozen=True, slots=True)
class HostPort:
    """A host and its port, as in ``www.example.nl:443``."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class SurroundingsSettings:
    """The section ``[surroundings]``; everything empty where it is left out."""

    mail_domain: str = ""
    dkim: tuple[str, ...] = ()
    tls: tuple[HostPort, ...] = ()
    nameserver: HostPort | None = None
    ca: Path | None = None
    near: bool = False


def surroundings_settings(section: Mapping[str, Any], folder: Path, where: str) -> SurroundingsSettings:
    """Return the settings of the section, whose keys and kinds were checked already.

    :raises UsageError: ``config-value`` if an address is no host and port, or a domain no domain.
    """
    domain = str(section.get("mail_domain", ""))
    if domain and ("." not in domain or any(sign in domain for sign in " /@:")):
        raise _unsound(f"surroundings.mail_domain = {domain!r} is no domain", where, 'Write it as "example.nl".')
    ca = section.get("ca", "")
    return SurroundingsSettings(
        mail_domain=domain.lower().rstrip("."),
        dkim=tuple(section.get("dkim", ())),
        tls=tuple(_host_port(one, "surroundings.tls", where) for one in section.get("tls", ())),
        nameserver=_host_port(section["nameserver"], "surroundings.nameserver", where)
        if section.get("nameserver")
        else None,
        ca=(folder / ca).resolve() if ca else None,
        near=section.get("near", False),
    )


def _host_port(text: str, at: str, where: str) -> HostPort:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= LARGEST_PORT or "/" in host:
        raise _unsound(f"{at}: {text!r} is no host and port", where, 'Write it as "www.example.nl:443".')
    return HostPort(host, int(port))


def _unsound(message: str, where: str, remedy: str) -> UsageError:
    return UsageError("config-value", message, where=where, remedy=remedy)
