"""How a letter begins and ends: with the family name where one is surely there, neutral where it is not.

Whether somebody is a man or a woman is not kept and not guessed: only a title that they gave themselves is used.
"""

from __future__ import annotations

import re
from typing import Final

_MEN: Final = frozenset({"dhr", "heer", "hr", "meneer", "sir"})  # "mr" is a degree in law, and says nothing
_WOMEN: Final = frozenset({"mevr", "mevrouw", "mw", "mrs", "ms", "madam"})
_DEGREES: Final = frozenset({"dr", "drs", "ing", "ir", "mr", "prof", "ds"})
_AFTER: Final = frozenset({"bsc", "msc", "ba", "ma", "llm"})
_PARTICLES: Final = frozenset({
    "de", "den", "der", "van", "het", "'t", "ten", "ter", "te", "tot", "op", "in", "aan", "bij", "onder", "over", "uit",
    "von", "zu", "zum", "la", "le", "les", "el", "al", "da", "do", "dos", "das", "di", "del", "della", "du", "des",
    "ben", "bin", "ibn", "'s", "d",
})  # fmt: skip
_FIRMS: Final = re.compile(
    r"[\d&@/]|\b(?:b\.?v|n\.?v|v\.?o\.?f|c\.?v|u\.?a|stichting|vereniging|holding|groep|bedrijf|winkel|zonen|gmbh|ltd|inc|llc|s\.?a|fam|familie|en|and)\b",
    re.IGNORECASE,
)
_INITIALS: Final = re.compile(r"(?:[^\W\d_]{1,3}\.)+|[^\W\d_]")
_OPENING: Final = {"nl": "Geachte heer of mevrouw,", "en": "Dear Sir or Madam,"}
_CLOSING: Final = {"nl": "Met vriendelijke groet,", "en": "Kind regards,"}


def opening(name: str, language: str) -> str:
    """Return the first words to somebody: ``Geachte heer of mevrouw De Vries,``; neutral for a firm, or where no family name is sure."""
    said = " ".join(name.split())
    title, words = _without_titles(_in_order(said.split()))
    family = _family(words, titled=bool(title))
    if not said or _FIRMS.search(said) or not family:
        return _OPENING[language]
    if language == "en":
        return f"Dear {' '.join(words)}," if len(words) > 1 else _OPENING[language]
    return f"Geachte {title or 'heer of mevrouw'} {family[0].upper()}{family[1:]},"


def closing(sender: str, language: str) -> str:
    """Return the last words of a letter, with its sender."""
    return f"{_CLOSING[language]}\n\n{sender}"


def _without_titles(spoken: list[str]) -> tuple[str, list[str]]:
    """Return the title that somebody gave themselves, and their name without it: Piet de Heer has none."""
    title, words = "", [*spoken]
    if [word.lower() for word in words[:2]] == ["de", "heer"]:
        words = words[1:]
    while len(words) > 1 and (plain := words[0].lower().strip(".,")) in _MEN | _WOMEN | _DEGREES:
        title = "heer" if plain in _MEN else "mevrouw" if plain in _WOMEN else title
        words = words[1:]
    while len(words) > 1 and words[-1].lower().strip(".,") in _AFTER and not words[-1].istitle():
        words = words[:-1]
    return title, words


def _in_order(words: list[str]) -> list[str]:
    """Return a name as it is spoken: ``Vries, Anna de`` is Anna de Vries, ``Vries, mevr. A. de`` is mevr. A. de Vries."""
    for number, word in enumerate(words):
        if word.endswith(","):
            return [*words[number + 1 :], *words[:number], word.rstrip(",")]
    return words


def _family(spoken: list[str], *, titled: bool) -> str:
    """Return the family name of a name as it is spoken; the whole where it is not sure which part that is, empty where none is."""
    last = spoken[-1] if spoken else ""
    if (len(spoken) < 2 and not titled) or _INITIALS.fullmatch(last) or last.lower() in _PARTICLES:
        return ""  # one name alone may be a given name, unless a title stands before it
    first = next((n for n, word in enumerate(spoken) if (n or titled) and word.lower() in _PARTICLES), None)
    if "-" in spoken:
        return " ".join(spoken)
    if first is not None:
        return " ".join(spoken[first:])
    given = [word for word in spoken[:-1] if not _INITIALS.fullmatch(word)]
    return last if len(given) <= 1 else " ".join(spoken)
