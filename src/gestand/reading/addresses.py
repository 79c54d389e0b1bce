"""Addresses of all sorts: e-mail (RFC 5321, 6531), postcode, IP."""

from __future__ import annotations

import ipaddress
import re
from functools import cache

from gestand.reading.outcome import Outcome, Unsound

_ORDINARY = re.compile(
    r"([a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*)@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,24}))",
    re.IGNORECASE | re.ASCII,
)
_POSTCODE = re.compile(r"(?:NL[ -]?)?([1-9][0-9]{3})\s?([A-Z]{2})", re.ASCII)
_FOREIGN_POSTCODE = re.compile(r"[A-Z0-9](?:[A-Z0-9 -]{1,10})[A-Z0-9]", re.ASCII)
_NEVER_ISSUED = frozenset({"SA", "SD", "SS"})
_DUTCH = frozenset({"", "nl", "nld", "nederland", "the netherlands", "netherlands", "holland"})


def is_dutch(country: str) -> bool:
    """Say whether ``country``, as people write it, is the Netherlands; no country given is the Netherlands."""
    return country.strip().casefold() in _DUTCH


def check_postcode(value: str, country: str = "") -> Outcome:
    """Return a Dutch postcode as ``1234 AB``; of another ``country`` only the characters are judged."""
    text = value.strip().upper()
    if not is_dutch(country):
        if _FOREIGN_POSTCODE.fullmatch(text):
            return text
        return Unsound("postcode", "is no postcode: letters, digits and hyphens, 3 to 12 together")
    found = _POSTCODE.fullmatch(text)
    if found is None:
        return Unsound("postcode", "is no Dutch postcode (1234 AB); an address abroad needs a country beside it")
    if found[2] in _NEVER_ISSUED:
        return Unsound("postcode", "is no Dutch postcode: SA, SD and SS were never issued")
    return f"{found[1]} {found[2]}"


def check_email(value: str) -> Outcome:
    """Return the address with its domain in lower case. No question is put to the DNS."""
    text = value.strip()
    found = _ORDINARY.fullmatch(text)
    if found and len(text) <= 254 and len(found[1]) <= 64 and _ordinary_domain(found[2].lower(), found[3].lower()):
        return f"{found[1]}@{found[2].lower()}"
    from email_validator import EmailNotValidError, validate_email

    if text.lower().startswith("mailto:"):
        text = text[7:]
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as fault:
        return Unsound("email", f"is no e-mail address: {_without_value(str(fault))}")


def _ordinary_domain(domain: str, top: str) -> bool:
    return top not in _special_tops() and "--" not in domain and len(domain) <= 250


@cache
def _special_tops() -> frozenset[str]:
    from email_validator import SPECIAL_USE_DOMAIN_NAMES

    return frozenset(name.rsplit(".", 1)[-1] for name in SPECIAL_USE_DOMAIN_NAMES)


def _without_value(reason: str) -> str:
    """Return the first sentence of a library's reason, without what it quotes of the value."""
    first = reason.split(". ", 1)[0].split(": ", 1)[0].rstrip(".")
    return re.sub(r"['\"`].*['\"`]", "it", first)


def check_ip(value: str) -> Outcome:
    """Return an IPv4 or IPv6 address in its short form (RFC 5952)."""
    try:
        return str(ipaddress.ip_address(value.strip()))
    except ValueError:
        return Unsound("ip", "is no IP address")
