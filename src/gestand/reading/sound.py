"""How a Dutch word sounds, whoever spells it: ij and y, ei and ij, ch and g, c and k, ou and au, doubled letters.

Two codes. ``sound`` is the same for spellings that sound alike (Meijer, Meyer, Meier). ``skeleton`` is coarser: the
consonants of the sound in alphabetical order, so that a wrong or missing vowel and two letters in the wrong order make no
difference (Vries, Vreis, Vires). Both are our own rules, for finding people again; they prove nothing about a name.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "þ": "th", "đ": "d", "ł": "l", "ı": "i"})
_NOT_LETTER = re.compile(r"[^a-z]")
_VOWEL_START = "@"
_VOWELS = frozenset("aeiouyYUAE")
CONSONANTS = "bfghjklmnprstw"
"""Every consonant that a skeleton can hold."""

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (r"qu", "kw"),
        (r"uij|uy|ui", "U"),
        (r"[ae]?ij|ei|ey|ay|ai", "Y"),
        (r"(?<=[^aeiouU])(?:ie|y)$", "i"),
        (r"y", "Y"),
        (r"auw|ouw|au|ou", "A"),
        (r"eu", "E"),
        (r"oe", "u"),
        (r"ae", "a"),
        (r"sch(?![aeiouyYUAE])", "s"),
        (r"sch", "sg"),
        (r"ch|gh", "g"),
        (r"ck|kh|q", "k"),
        (r"c(?=[ei])(?!ee)", "s"),
        (r"c", "k"),
        (r"x", "ks"),
        (r"ph|v", "f"),
        (r"z", "s"),
        (r"dt|th|d$", "t"),
        (r"b$", "p"),
        (r"d", "t"),
        (r"(?<=[^aeiouYUAE])h", ""),
        (r"ie", "i"),
        (r"(.)\1+", r"\1"),
        (r"(?<=e)n$", ""),
    )
)


@lru_cache(maxsize=4096)
def fold(word: str) -> str:
    """Return the letters of a word without case, diacritics, apostrophes and hyphens: ``Müller-Öz`` is ``mulleroz``."""
    text = unicodedata.normalize("NFKD", word.casefold()).translate(_LETTERS)
    return _NOT_LETTER.sub("", text)


@lru_cache(maxsize=4096)
def sound(folded: str) -> str:
    """Return how a folded word sounds; the word itself where no rule applies."""
    for pattern, put in _RULES:
        folded = pattern.sub(put, folded)
    return folded


@lru_cache(maxsize=4096)
def skeleton(heard: str) -> str:
    """Return the consonants of a sound in alphabetical order, after a mark if it begins with a vowel."""
    first = _VOWEL_START if heard[:1] in _VOWELS else ""
    return first + "".join(sorted(letter for letter in heard if letter not in _VOWELS))


def one_letter_off(bones: str) -> tuple[str, ...]:
    """Return the skeletons that differ from one by a consonant: one missing, one too many, one that is another."""
    first = _VOWEL_START if bones.startswith(_VOWEL_START) else ""
    letters = bones[len(first) :]
    fewer = {letters[:at] + letters[at + 1 :] for at in range(len(letters))}
    more = {"".join(sorted(start + letter)) for start in (letters, *fewer) for letter in CONSONANTS}
    return tuple(sorted(first + found for found in (fewer | more) - {letters, ""}))
