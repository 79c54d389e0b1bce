"""A person's name taken apart, as the Dutch write it: given names or initials, tussenvoegsels, one family name or two.

``Jan Pieter van der Berg``, ``J.P. v.d. Berg``, ``JP vd Berg`` and ``Berg, J.P. van der`` give the same family name and the
same initials. ``De Vries-Jansen``, ``De Vries - Jansen``, ``Jansen e/v De Vries`` and ``De Vries geb. Jansen`` each give
both family names, for a person is looked for by either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from gestand.reading.sound import fold

_PARTICLES = frozenset(
    [
        "van",
        "von",
        "vom",
        "vande",
        "vander",
        "vanden",
        "vd",
        "v",
        "d",
        "de",
        "den",
        "der",
        "het",
        "'t",
        "t",
        "'s",
        "s",
        "te",
        "ter",
        "ten",
        "tot",
        "in",
        "op",
        "aan",
        "bij",
        "onder",
        "over",
        "uit",
        "uijt",
        "voor",
        "la",
        "le",
        "les",
        "du",
        "di",
        "del",
        "della",
        "dos",
        "des",
        "zu",
    ]
)
_NEVER_FIRST = frozenset(
    [
        "in",
        "op",
        "aan",
        "bij",
        "onder",
        "over",
        "uit",
        "uijt",
        "voor",
        "la",
        "le",
        "di",
        "del",
        "te",
        "tot",
        "d",
        "v",
        "t",
        "s",
    ]
)
"""Particles that, standing first with a capital, are more likely a given name or an initial."""
_TITLES = frozenset(
    [
        "dhr",
        "mevr",
        "mevrouw",
        "mw",
        "mej",
        "meneer",
        "heer",
        "drs",
        "ir",
        "ing",
        "dr",
        "prof",
        "mr",
        "msc",
        "bsc",
        "ma",
        "ba",
        "llm",
        "fam",
        "familie",
        "jr",
        "sr",
        "junior",
        "senior",
        "bv",
        "nv",
        "vof",
        "cv",
    ]
)
_JOINED = re.compile(
    r"(?<![^\W_])(?:e\s?/\s?v|e\.\s?v\.|w\s?/\s?v|w\.v\.|echtgenote?n? van|weduwe van|wed\. van|geboren|geb\.?|n[ée]e)(?![^\W_])",
    re.IGNORECASE,
)
_SHORT_PARTICLES = re.compile(r"v[./]?d[./]?[rn]?\.?|v\.|d\.")
_INITIALS = re.compile(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]?")
_GLUED = re.compile(r"\.(?=[^\W\d_]{2,}(?![\w.]))")  # J.P.Jansen
_CAPITALS = re.compile(r"[^\W\d_a-z]{2,4}")
_ELIDED = re.compile(r"(?<![^\s-])[dl]'(?=[^\W\d_])", re.IGNORECASE)
_VOWEL = re.compile(r"[aeiouy]")
_APOSTROPHES = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "`": "'", "\u00b4": "'", "\u2010": "-", "\u2011": "-", "\u2013": "-"}
)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name taken apart; every part folded (``sound.fold``).

    ``given``: the first given name if it is written out, else empty. ``initials``: the first letters of all given names.
    ``families``: each family name without tussenvoegsels; of a double name its parts and the whole.
    """

    given: str
    initials: str
    families: tuple[str, ...]


@lru_cache(maxsize=2048)
def read_name(text: str) -> PersonName:
    """Take a name apart; without any letter there are no families."""
    text = _GLUED.sub(". ", text.translate(_APOSTROPHES))
    segments = [found for part in _JOINED.split(text) if (found := part.strip(" ,()-"))]
    if not segments:
        return PersonName("", "", ())
    given, families = _segment(segments[0])
    for segment in segments[1:]:
        families += _segment(segment)[1]
    return PersonName(
        *_given(given, shouted=text.isupper()), tuple(dict.fromkeys(found for found in families if found))
    )


def _segment(text: str) -> tuple[list[str], list[str]]:
    """Return the words before the family name, and the family names."""
    last, comma, rest = text.partition(",")
    if comma and rest.strip():
        text = f"{rest.strip()} {last.strip()}"
    text = _ELIDED.sub("", re.sub(r"\s+-\s*|\s*-\s+", "-", text))
    words = [word for word in text.split() if fold(word) not in _TITLES] or text.split()
    if len(words) > 1 and _letters(words[-1]) and not comma and not _letters(words[0]) and "." in words[-1]:
        words = [words[-1], *words[:-1]]  # Jansen J.P.
    before: list[str] = []
    while words and (not _opens_family(words[0], first=not before) or len(words) == 1):
        before.append(words.pop(0))
    if not words:
        words = [before.pop()]
    return before, _families(
        [word for at, word in enumerate(words) if not _particle(word, first=False) or at == len(words) - 1]
    )


def _opens_family(word: str, *, first: bool) -> bool:
    """Say whether the family name begins with this word: with a particle, or as in ``Vries-de Jong``."""
    return _particle(word, first=first) or ("-" in word and _particle(word.rpartition("-")[2], first=False))


def _families(words: list[str]) -> list[str]:
    """Return the parts of a family name and the whole, of ``Vries-Jansen`` or ``Vries-de Jong``."""
    parts = [
        [inner for inner in part.split() if not _particle(inner, first=False)] or part.split()
        for part in " ".join(words).split("-")
    ]
    named = [fold("".join(part)) for part in parts if part]
    return [*named, "".join(named)] if len(named) > 1 else named


def _given(words: list[str], *, shouted: bool) -> tuple[str, str]:
    """Return the first given name that is written out, and all initials. ``shouted``: all is in capitals."""
    written, initials = "", ""
    for word in words:
        letters = _letters(word, shouted=shouted)
        if letters:
            initials += letters
            continue
        for part in word.split("-"):
            name = fold(part)
            written = written or ("" if initials else name)
            initials += name[:1]
    return written, initials


def _letters(word: str, *, shouted: bool = False) -> str:
    """Return the initials that a word is made of (``J.P.``, ``JP``, ``Th.``), or nothing."""
    bare = fold(word)
    if not bare:
        return ""
    if _INITIALS.fullmatch(word) and (len(bare) < 4 or word.count(".") > 1):
        return "".join("y" if part.lower() == "ij" else fold(part)[:1] for part in word.split(".") if fold(part))
    if len(bare) == 1:
        return bare
    if (_CAPITALS.fullmatch(word) and not shouted) or (len(bare) <= 3 and not _VOWEL.search(bare)):
        return bare
    return ""


def _particle(word: str, *, first: bool) -> bool:
    """Say whether a word stands before a family name: van, der, v.d., 't."""
    small = word.casefold()
    if first and (word[:1].isupper() and small.strip("'.") in _NEVER_FIRST):
        return False
    if _SHORT_PARTICLES.fullmatch(small):
        return not first or word == small
    return small in _PARTICLES
