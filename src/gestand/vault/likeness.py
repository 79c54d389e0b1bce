"""How a name can be found by one that is like it, without either standing anywhere.

Beside its exact token a name has, for each family name in it, three blocks of 16 bytes:

    by bones and initial   looked up where an initial is known
    by bones               looked up where none is; ``reading.sound.skeleton`` says what bones are
    a telling              five marks of 3 bytes (family name, its sound, given name, initials, first letter and how it is
                           written), covered by a pad of this one item: what makes two names alike is compared only
                           after they were found, and tells nobody which items share a given name

The first two stand in the index. All are mapped under the epoch's token key like the exact token (``sealing``), are
kept with the item and go when it goes. The confidence is our own measure, for a person who chooses; nothing rests on it.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import lru_cache

from gestand.reading.names import PersonName, read_name
from gestand.reading.sound import one_letter_off, skeleton, sound
from gestand.statement.policy import FieldKind
from gestand.vault.sealing import LIKE_LOOKED_UP, LIKE_SIZE, TOKEN_SIZE, bare_token

_MARK = 3
_FAMILY, _SOUND, _GIVEN, _INITIALS, _FIRST = range(5)
_MOST_FAMILIES = 4
_SHORT = 1  # consonant: too few for one more to say anything

WRITTEN, LETTERS, NONE = "written", "letters", "none"


@dataclass(frozen=True, slots=True)
class Likeness:
    """How sure it is that two names are of one person (0 to 1), and why, in words that hold no name."""

    confidence: float
    why: tuple[str, ...]


def tokens_of(index_key: bytes, kind: FieldKind, value: str, subject: bytes, number: int) -> bytes:
    """Return the blocks of one datum before the epoch's mapping: its exact token, and for a name those of its likeness.

    Empty where its normal form is empty.
    """
    exact = bare_token(index_key, kind, value)
    if exact is None:
        return b""
    if kind is not FieldKind.NAME:
        return exact
    pad = _hashed(index_key, b"pad\x00" + subject + number.to_bytes(4, "big"))
    return exact + b"".join(looked_up + _covered(telling, pad) for looked_up, telling in _of_name(index_key, value))


class Wanted:
    """A name that is looked for: where to look, and how like it a name is that was found there."""

    def __init__(self, index_key: bytes, text: str) -> None:
        self._key = index_key
        self._name = read_name(text)
        self._exact = bare_token(index_key, FieldKind.NAME, text) or b""
        self._sounds = [sound(family) for family in self._name.families]

    def exact(self) -> bytes:
        """Return the token of the very same writing, empty if the text holds no name."""
        return self._exact

    def near(self) -> list[bytes]:
        """Return the tokens of names with the same bones, before the epoch's mapping."""
        return self._at({skeleton(heard) for heard in self._sounds})

    def far(self) -> list[bytes]:
        """Return the tokens of names of which a consonant is missing, too many or another."""
        bones = {skeleton(heard) for heard in self._sounds}
        return self._at({off for one in bones if len(one) > _SHORT for off in one_letter_off(one)} - bones)

    def likeness(self, bare: bytes, subject: bytes, number: int) -> Likeness | None:
        """Return how like the name with these blocks (mapping undone) is; None if it is not."""
        if bare[:TOKEN_SIZE] == self._exact:
            return Likeness(1.0, ("the same writing",))
        pad = _hashed(self._key, b"pad\x00" + subject + number.to_bytes(4, "big"))
        tellings = [
            _covered(bare[at + LIKE_LOOKED_UP : at + LIKE_SIZE], pad) for at in range(TOKEN_SIZE, len(bare), LIKE_SIZE)
        ]
        found = [judged for telling in tellings if (judged := self._judge(telling)) is not None]
        return max(found, key=lambda one: one.confidence, default=None)

    def _at(self, bones: set[str]) -> list[bytes]:
        """Return the tokens to look up for some skeletons: with the initial and without any, or whatever the initial."""
        first = self._name.initials[:1]
        starts = ("i\x00" + first, "i\x00") if first else ("b",)
        return [_hashed(self._key, _bones(start, one)) for one in sorted(bones) if one for start in starts]

    def _judge(self, telling: bytes) -> Likeness | None:
        name = self._name
        families = {_marked(self._key, _FAMILY, family) for family in name.families}
        heard = {_marked(self._key, _SOUND, one) for one in self._sounds}
        if _part(telling, _FAMILY) in families:
            sure, why = 0.60, ["family name"]
        elif _part(telling, _SOUND) in heard:
            sure, why = 0.50, ["family name sounds alike"]
        else:
            sure, why = 0.30, ["family name is spelled almost alike"]
        if not name.initials:
            return Likeness(sure, (*why, "no given name to compare"))
        more, reason = self._given(telling)
        sure = round(sure + more, 2)
        return Likeness(sure, (*why, reason)) if reason else None

    def _given(self, telling: bytes) -> tuple[float, str]:
        """Return what given name and initials add to the confidence, and why; no reason if they speak against it."""
        name, first = self._name, _part(telling, _FIRST)
        states = {_marked(self._key, _FIRST, state + name.initials[:1]): state for state in (WRITTEN, LETTERS)}
        if first == _marked(self._key, _FIRST, NONE):
            return 0.05, "no given name to compare"
        if first not in states:
            return 0.0, ""
        same_letters = _part(telling, _INITIALS) == _marked(self._key, _INITIALS, name.initials)
        if name.given and states[first] == WRITTEN:
            if _part(telling, _GIVEN) == _marked(self._key, _GIVEN, sound(name.given)):
                return (0.38, "given name and initials") if same_letters else (0.33, "given name")
            return -0.15, "another given name with the same initial"
        return (0.28, "initials") if same_letters else (0.18, "first initial")


def _of_name(index_key: bytes, value: str) -> list[tuple[bytes, bytes]]:
    """Return for each family name its two blocks to look up, and its telling."""
    return _read(index_key, read_name(value))


@lru_cache(maxsize=1024)
def _read(index_key: bytes, name: PersonName) -> list[tuple[bytes, bytes]]:
    state = WRITTEN if name.given else LETTERS if name.initials else NONE
    rest = (
        _marked(index_key, _GIVEN, sound(name.given))
        + _marked(index_key, _INITIALS, name.initials)
        + _marked(index_key, _FIRST, state + name.initials[:1])
        + b"\x00"
    )
    found = []
    for family in name.families[:_MOST_FAMILIES]:
        heard = sound(family)
        bones = skeleton(heard)
        with_initial = _hashed(index_key, _bones("i\x00" + name.initials[:1], bones))
        telling = _marked(index_key, _FAMILY, family) + _marked(index_key, _SOUND, heard) + rest
        found.append((with_initial + _hashed(index_key, _bones("b", bones)), telling))
    return found


def _bones(start: str, bones: str) -> bytes:
    return f"{start}\x00{bones}".encode()


def _part(telling: bytes, mark: int) -> bytes:
    return telling[mark * _MARK : (mark + 1) * _MARK]


def _covered(telling: bytes, pad: bytes) -> bytes:
    return bytes(one ^ two for one, two in zip(telling, pad, strict=True))


@lru_cache(maxsize=8192)
def _marked(index_key: bytes, mark: int, text: str) -> bytes:
    return _hashed(index_key, b"mark\x00%d\x00" % mark + text.encode())[:_MARK]


def _hashed(index_key: bytes, message: bytes) -> bytes:
    """Return 16 bytes of HMAC-SHA256; no exact token begins like this, for no kind of field is called ``like``."""
    return hmac.digest(index_key, b"like\x00" + message, "sha256")[:TOKEN_SIZE]
