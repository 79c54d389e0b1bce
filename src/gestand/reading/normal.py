"""Normal forms of identifiers: two writings of the same thing become the same text, for search and for blind indexes."""

from __future__ import annotations

import re
import unicodedata
from ipaddress import ip_address

import idna

from gestand.statement.policy import FieldKind

_E164 = re.compile(r"\+[0-9]+", re.ASCII)
_NOT_DIGIT = re.compile(r"[^0-9]")
_NOT_ALNUM = re.compile(r"[^0-9A-Z]")


def normal_form(kind: FieldKind, value: str) -> str:
    """Return the normal form of ``value`` for blind indexes and comparison; empty where nothing is left.

    Names: NFKC, case folded, white space folded. E-mail: lower case, the domain as it stands in the DNS (IDNA 2008, UTS 46
    without transitions: ``straße.de`` is not ``strasse.de``). Telephone: digits in E.164, a national Dutch number read
    as +31. IP addresses: as RFC 5952 writes them. IBAN, VAT, KvK, BSN, postcode, customer number: letters and digits, upper case.
    """
    if kind is FieldKind.EMAIL:
        return _email(value)
    text = unicodedata.normalize("NFKC", value).strip()
    if kind is FieldKind.PHONE:
        return text if _E164.fullmatch(text) else _telephone(text)
    if kind is FieldKind.IP:
        return _address(text)
    if kind in _CODES:
        return _NOT_ALNUM.sub("", text.upper())
    return " ".join(text.split()).casefold()


_CODES = frozenset(
    {FieldKind.IBAN, FieldKind.VAT, FieldKind.COC, FieldKind.BSN, FieldKind.POSTCODE, FieldKind.CUSTOMER_NUMBER}
)


def _email(value: str) -> str:
    """Return an e-mail address with its domain as the DNS has it; what looks alike and is another mailbox stays another."""
    text = " ".join(value.split()).lower()
    if text.isascii():
        return text
    local, at, domain = text.rpartition("@")
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True, transitional=False).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            domain = unicodedata.normalize("NFC", domain)
    return unicodedata.normalize("NFC", local) + at + domain


def spellings(email: str) -> tuple[str, ...]:
    """Return the ways in which a normal form of an e-mail address is written: its domain as in the DNS, and as people write it."""
    local, at, domain = email.rpartition("@")
    if "xn--" not in domain:
        return (email,)
    try:
        return (email, local + at + idna.decode(domain))
    except (idna.IDNAError, UnicodeError):
        return (email,)


def _address(text: str) -> str:
    """Return an IP address as RFC 5952 writes it; one of version 4 within version 6 as that of version 4."""
    try:
        found = ip_address(text)
    except ValueError:
        return text.casefold()
    return str(found.ipv4_mapped or found) if found.version == 6 else str(found)


def _telephone(text: str) -> str:
    international = text.lstrip("(").startswith("+")
    digits = text if text.isascii() and text.isdigit() else _NOT_DIGIT.sub("", text.replace("(0)", ""))
    if not digits:
        return ""
    if international:
        return "+" + digits
    if digits.startswith("00"):
        return "+" + digits[2:]
    return "+31" + digits[1:] if digits.startswith("0") else "+" + digits
