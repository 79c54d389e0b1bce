"""What the DNS says of the domain that mail is sent from: who may send for it, who signs, what becomes of the rest.

Sources: RFC 7208 (SPF) 3.1, 3.2, 4.5, 5.1; RFC 6376 (DKIM) 3.6.1; RFC 7489 (DMARC) 6.3, 6.6.3. Pure: records in, faults out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

GUARDED: Final = ("quarantine", "reject")


@dataclass(frozen=True, slots=True)
class DomainRecords:
    """The TXT records of a domain, of ``_dmarc`` below it, and of each DKIM selector; a selector without record has ()."""

    domain: str
    spf: tuple[str, ...]
    dmarc: tuple[str, ...]
    dkim: Mapping[str, tuple[str, ...]]


def faults_of(records: DomainRecords) -> tuple[str, ...]:
    """Return what keeps strangers from being refused who send in this domain's name; empty if nothing does."""
    return (*_spf(records.spf), *_dkim(records.dkim), *_dmarc(records.dmarc))


def _spf(texts: Sequence[str]) -> list[str]:
    found = [text.split() for text in texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]
    if not found:
        return ["SPF: there is no record"]
    if len(found) > 1:
        return ["SPF: there is more than one record, so receivers use none"]
    terms = [term.lower() for term in found[0][1:]]
    if any(term in {"-all", "~all"} for term in terms) or any(term.startswith("redirect=") for term in terms):
        return []
    return ["SPF: the record does not end with -all or ~all, so anyone may send"]


def _dkim(selectors: Mapping[str, Sequence[str]]) -> list[str]:
    if not selectors:
        return ["DKIM: gestand.toml names no selector"]
    return [f"DKIM: selector {name} {why}" for name, texts in selectors.items() if (why := _key_fault(texts))]


def _key_fault(texts: Sequence[str]) -> str:
    keys = [_tags(text) for text in texts]
    keys = [tags for tags in keys if "p" in tags and tags.get("v", "DKIM1") == "DKIM1"]
    if not keys:
        return "has no key"
    if not keys[0]["p"]:
        return "was revoked"
    return "is only being tried (t=y)" if "y" in keys[0].get("t", "").split(":") else ""


def _dmarc(texts: Sequence[str]) -> list[str]:
    found = [tags for text in texts if (tags := _tags(text)).get("v") == "DMARC1"]
    if len(found) != 1:
        return ["DMARC: there is no record" if not found else "DMARC: there is more than one record"]
    policy = found[0].get("p", "none").lower()
    if policy not in GUARDED:
        return [f"DMARC: p={policy} only watches"]
    return [] if found[0].get("pct", "100") == "100" else ["DMARC: pct is below 100, so part gets through"]


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, sign, value in pairs if sign}
