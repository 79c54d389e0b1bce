"""Severity of a personal data breach by ENISA's method of 2013: SE = DPC × EI + CB.

DPC (data processing context) is 1 to 4, EI (ease of identification) 0.25 to 1, CB the sum of what happened:
confidentiality, integrity, availability and malicious intent. The bands: below 2 low, below 3 medium, below 4 high,
from 4 very high. ENISA maps no band to Articles 33 and 34; here a band is a floor that may add a duty and never
takes one away, because the score misses duties that EDPB Guidelines 01/2021 find (loss of availability, for one).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from gestand.law.fact_reader import FactReader

DPC_BASE: Mapping[str, int] = MappingProxyType({"simple": 1, "behavioural": 2, "financial": 3, "sensitive": 4})
EI_LEVELS = (0.25, 0.5, 0.75, 1.0)
CB_LEVELS = (0.0, 0.25, 0.5)
MALICIOUS = Fraction(1, 2)
MANY_PEOPLE = 100
SCORE_NAMES = frozenset(
    {"dpc", "category", "adjust", "ei", "cb_c", "cb_i", "cb_a", "malicious", "individuals", "unintelligible"}
)


class Band(StrEnum):
    """How bad it is for a person, in ENISA's words."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"


@dataclass(frozen=True, slots=True)
class Severity:
    """A score with its band and ENISA's two flags, which draw attention and change no number."""

    score: float
    band: Band
    flags: tuple[str, ...] = ()

    @property
    def wants_authority(self) -> bool:
        """From medium on the floor adds the notice to the authority."""
        return self.band is not Band.LOW

    @property
    def wants_people(self) -> bool:
        """From high on the floor adds the notice to people."""
        return self.band in {Band.HIGH, Band.VERY_HIGH}


def context(category: str, adjust: int) -> int:
    """Return the DPC of a category of data after whole-step adjustment, held between 1 and 4.

    :raises KeyError: if ``category`` is not one of ``DPC_BASE``.
    """
    return min(4, max(1, DPC_BASE[category] + adjust))


def severity(
    dpc: int,
    ei: float,
    *,
    confidentiality: float = 0,
    integrity: float = 0,
    availability: float = 0,
    malicious: bool = False,
    people: int | None = None,
    unintelligible: bool = False,
) -> Severity:
    """Return the severity; the sum is exact, so that a score on the edge of a band falls in the higher one.

    ``dpc`` is held between 1 and 4; of several categories of data the highest counts.
    """
    exact = (
        min(4, max(1, dpc)) * Fraction(str(ei))
        + Fraction(str(confidentiality))
        + Fraction(str(integrity))
        + Fraction(str(availability))
        + (MALICIOUS if malicious else 0)
    )
    band = Band.LOW if exact < 2 else Band.MEDIUM if exact < 3 else Band.HIGH if exact < 4 else Band.VERY_HIGH
    flags = (("more than 100 people",) if people is not None and people > MANY_PEOPLE else ()) + (
        ("unintelligible data: it may weigh less, the score stays",) if unintelligible else ()
    )
    return Severity(float(exact), band, flags)


@dataclass(frozen=True, slots=True)
class Scoring:
    """What came of reading the inputs of a score: the severity, or what is missing and unknown."""

    severity: Severity | None
    missing: tuple[str, ...]
    unknown: tuple[str, ...]


def score(inputs: Mapping[str, Any]) -> Scoring:
    """Read ``dpc`` (or ``category`` and ``adjust``), ``ei``, ``cb_c``, ``cb_i``, ``cb_a`` and ``malicious``; score them.

    ``individuals`` and ``unintelligible`` only set flags. A level ENISA does not have is unknown, not rounded.
    """
    reader = FactReader(inputs)
    dpc = reader.count("dpc")
    adjust = reader.raw("adjust")
    category = reader.choice("category", {name: name for name in DPC_BASE})
    if adjust is not None and (not isinstance(adjust, int) or isinstance(adjust, bool)):
        reader.wrong("adjust", adjust)
        category = None
    if dpc is None and category is not None:
        dpc = context(category, adjust or 0)
    levels: dict[str, float | None] = {name: reader.number(name) for name in ("ei", "cb_c", "cb_i", "cb_a")}
    for name, level in levels.items():
        if level is not None and level not in (EI_LEVELS if name == "ei" else CB_LEVELS):
            reader.wrong(name, level)
            levels[name] = None
    malicious = reader.flag("malicious")
    people, unintelligible = reader.count("individuals"), reader.flag("unintelligible")
    unknown = reader.unknown()
    named = {entry.partition("=")[0] for entry in unknown}
    gaps = {"dpc": dpc, **levels, "malicious": malicious}
    missing = tuple(name for name, value in gaps.items() if value is None and name not in named)
    if unknown or missing:
        return Scoring(None, missing, unknown)
    found = severity(
        dpc or 0,
        levels["ei"] or 0,
        confidentiality=levels["cb_c"] or 0,
        integrity=levels["cb_i"] or 0,
        availability=levels["cb_a"] or 0,
        malicious=bool(malicious),
        people=people,
        unintelligible=bool(unintelligible),
    )
    return Scoring(found, (), ())
