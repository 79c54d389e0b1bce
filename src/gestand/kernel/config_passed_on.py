"""Who may pass requests on for people, and where they may be told how these stand: the part of ``[rights]`` that is about others.

drp_business = "KOPER", drp_agents = ["AGENT_ID 64hexdigits"]
opendsr_domain = "privacy.example.nl", opendsr_key = "file:keys/opendsr.pem", opendsr_certificate = "opendsr.crt"
callbacks = ["AGENT_ID https://agent.example.org", "big-client https://client.example.com"], callbacks_near = false
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gestand.kernel.errors import UsageError
from gestand.kernel.posting import target_of

KNOWN: Final[dict[str, type]] = {
    "drp_business": str,
    "drp_agents": list,
    "opendsr_domain": str,
    "opendsr_key": str,
    "opendsr_certificate": str,
    "callbacks": list,
    "callbacks_near": bool,
}


@dataclass(frozen=True, slots=True)
class PassedOnSettings:
    """Who may pass requests on for people.

    Data Rights Protocol: this firm's id in the network (``business``), and ``agents`` by id, each with its public key (64
    hexadecimal digits). OpenDSR: the domain, the private key (``env:``, ``file:``, ``credential:``)
    and the certificate that answers are signed with; an empty one: this firm is no processor there. ``callbacks``: for an
    agent or a program by name, the origin that may be told how its requests stand; ``near``: it may lie in this network.
    """

    business: str = ""
    agents: tuple[tuple[str, str], ...] = ()
    domain: str = ""
    key: str = ""
    certificate: str = ""
    callbacks: tuple[tuple[str, str], ...] = ()
    near: bool = False


_AGENT = re.compile(r"([A-Z_]{1,40}) ([0-9A-Fa-f]{64})")


def passed_on_settings(section: dict[str, Any], path: Path) -> PassedOnSettings:
    """Read the part of ``[rights]`` that is about others.

    :raises UsageError: ``config-value``.
    """
    agents = [_AGENT.fullmatch(str(one)) for one in section.get("drp_agents", ())]
    if None in agents:
        raise UsageError(
            "config-value",
            "rights.drp_agents names an agent that is none",
            where=str(path),
            remedy='Write each as "AGENT_ID " and the 64 hexadecimal digits of its public key.',
        )
    near = section.get("callbacks_near", False)
    return PassedOnSettings(
        section.get("drp_business", ""),
        tuple((one[1], one[2].lower()) for one in agents if one is not None),
        section.get("opendsr_domain", ""),
        section.get("opendsr_key", ""),
        section.get("opendsr_certificate", ""),
        tuple(_callback(str(one), path, near=near) for one in section.get("callbacks", ())),
        near,
    )


def _callback(said: str, path: Path, *, near: bool) -> tuple[str, str]:
    name, _, url = said.partition(" ")
    target = target_of(url)
    if not name or target is None or target.path != "/" or not (target.scheme == "https" or near):
        raise UsageError(
            "config-value",
            "rights.callbacks names an origin that is none",
            where=str(path),
            remedy='Write each as "NAME https://host": the agent or the program, and where it may be told.',
        )
    return name, target.origin
