"""Names of persons as other systems write them: ``Anna de Vries``, ``A. de Vries``, ``Vries, A. de``, ``ANNA DE VRIËS``. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+")
_BETWEEN = frozenset(
    ["de", "den", "der", "van", "von", "ter", "ten", "te", "het", "t", "s", "op", "in", "la", "le", "du", "el", "al", "bin", "di", "da", "dos", "e", "zu", "zur", "aan", "bij", "uit", "over", "onder", "d", "l"]
)  # fmt: skip
_TITLES = frozenset(
    ["dhr", "heer", "hr", "mevr", "mevrouw", "mw", "mr", "mrs", "ms", "dr", "drs", "ir", "ing", "prof", "fam", "familie", "erven", "sr", "jr", "bsc", "msc", "aan"]
)  # fmt: skip
_SINGLE = {"ß": "s", "ø": "o", "æ": "a", "œ": "o", "đ": "d", "ł": "l", "ı": "i", "ð": "d", "þ": "t"}
_MARKED = frozenset("aceinosuyzl")
"""Letters that may carry a mark; a database is asked for any character in their place."""


def fold(text: str) -> str:
    """Return ``text`` without case and marks."""
    return folded(text)[0]


def folded(text: str) -> tuple[str, Sequence[int]]:
    """Return ``text`` without case and marks, and for each of its characters the place it had."""
    if text.isascii():
        return text.lower(), range(len(text))
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for part in unicodedata.normalize("NFKD", letter.lower()):
            if not unicodedata.combining(part):
                letters.append(_SINGLE.get(part, part))
                places.append(place)
    return "".join(letters), places


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name taken apart: given names, and the words of the surname that carry it, all folded."""

    given: tuple[str, ...]
    surname: tuple[str, ...]

    @property
    def rarest(self) -> str:
        """The word to look for first: the longest of the surname."""
        return max(self.surname, key=len, default="")

    @property
    def pattern(self) -> str:
        """What a database compares with LIKE, in lower case: the rarest word, any character where a letter may be marked."""
        word = self.rarest.replace("ss", "%").replace("ae", "%").replace("oe", "%")
        return "%" + "".join("_" if letter in _MARKED else letter for letter in word) + "%"


def take_apart(name: str) -> PersonName:
    """Return the parts of a name, written either way round; a single word is a surname."""
    before, comma, after = name.partition(",")
    if comma and after.strip():
        given = [word for word in _words(after) if word not in _BETWEEN]
        return PersonName(tuple(given), tuple(_carrying(_words(before))))
    words = _words(name)
    first_between = next((at for at, word in enumerate(words) if word in _BETWEEN and 0 < at < len(words) - 1), None)
    at = first_between if first_between is not None else max(len(words) - 1, 0)
    return PersonName(tuple(words[:at]), tuple(_carrying(words[at:])))


def same_person(known: PersonName, said: str) -> bool:
    """Say whether ``said`` can be the name of the same person: the surname whole; the given name, its initial, or none."""
    if not known.surname:
        return False
    words = _words(said)
    if any(word not in words for word in known.surname):
        return False
    others = [word for word in words if word not in known.surname and word not in _BETWEEN]
    if not others or not known.given:
        return True
    first = known.given[0]
    if first in others or (len(first) == 1 and others[0].startswith(first)):
        return True
    initials = [word for word in others if len(word) == 1]
    if initials:
        return initials[0] == first[0]
    joined = next((word for word in others if len(word) <= 3 and not _vowelled(word)), "")
    return bool(joined) and joined[0] == first[0]


def words_of(text: str) -> frozenset[str]:
    """Return the words of a name, folded: a name can only be that of a person whose rarest word is among them."""
    return frozenset(_words(text))


def _vowelled(word: str) -> bool:
    return any(letter in "aeiouy" for letter in word[1:])


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(fold(text)) if word not in _TITLES or word == "aan"]


def _carrying(words: Sequence[str]) -> list[str]:
    return [word for word in words if word not in _BETWEEN] or list(words)
