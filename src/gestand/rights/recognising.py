"""Reads what a mail may ask, pure: a proposal with its reasons, for a person to confirm. It never acts by itself.

A request needs no form and no word "persoonsgegevens" (EDPB Guidelines 01/2022, 50-53: what counts is what is asked). So
this looks for what people write: ``rights.cues``. What the writer quotes of an earlier mail is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from gestand.rights.cues import CUES, Asked

LEAST: Final = 2.0
"""Below this sum of weights nothing but a plain question is proposed."""
LEAST_QUESTION: Final = 0.8
LONGEST: Final = 20_000
"""Characters that are read: what somebody asks stands at the beginning."""
_HALF: Final = 2.0
"""Each so much weight halves what is left to doubt."""
_QUOTED = re.compile(
    r"(?m)^[ \t]*>.*$|^-{2,} ?(?:original message|oorspronkelijk bericht|forwarded message|doorgestuurd bericht)(?s:.*)",
    re.IGNORECASE,
)
_LINES = re.compile(r"[ \t]*\r?\n(?![ \t]*\r?\n)[ \t]*")


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a mail may ask. ``confidence`` from 0 to 1; ``cues`` are the reasons; ``also`` what else it seems to ask."""

    asked: Asked
    confidence: float
    cues: tuple[str, ...]
    also: tuple[Asked, ...] = ()


def recognise(subject: str, body: str) -> Recognised | None:
    """Return what a mail may ask, or None if it seems to ask nothing."""
    text = _plain(f"{subject}.\n\n{body}"[:LONGEST])
    weights: defaultdict[Asked, float] = defaultdict(float)
    reasons: defaultdict[Asked, list[str]] = defaultdict(list)
    for cue in CUES:
        if cue.pattern.search(text):
            weights[cue.asked] += cue.weight
            reasons[cue.asked] += [cue.name] if cue.weight > 0 else []
    asks = [asked for asked in Asked if asked is not Asked.QUESTION and weights[asked] >= LEAST]
    if not asks:
        weight = weights[Asked.QUESTION]
        if weight < LEAST_QUESTION:
            return None
        return Recognised(Asked.QUESTION, _confidence(weight, 0), tuple(reasons[Asked.QUESTION]))
    # A right goes before a complaint: it has a term, and a complaint about the answer comes after it.
    asks.sort(key=lambda asked: (asked is Asked.COMPLAINT, -weights[asked]))
    first = asks[0]
    rival = max((weights[asked] for asked in asks[1:] if asked is not Asked.COMPLAINT), default=0.0)
    return Recognised(first, _confidence(weights[first], rival), tuple(reasons[first]), tuple(asks[1:]))


def _confidence(weight: float, rival: float) -> float:
    doubt = float(0.5 ** (weight / _HALF))
    return round((1 - doubt) * weight / (weight + rival / 2), 2)


def _plain(text: str) -> str:
    """Return text as the cues read it: lower case, no accents, no quoted lines, lines of a paragraph joined."""
    own = _LINES.sub(" ", _QUOTED.sub("", text))
    bare = unicodedata.normalize("NFKD", own.replace("’", "'")).casefold()
    return "".join(sign for sign in bare if not unicodedata.combining(sign))
