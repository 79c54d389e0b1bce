"""Given persons in free text: one pass of an automaton over the folded text, one over its digits without separators.

Not "any name in this text" but "this person's own identifiers": their e-mail address, telephone number in every notation, account,
customer number, name. A name alone is doubtful; with another identifier of the same person it counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import ahocorasick

from gestand.reading.normal import normal_form, spellings
from gestand.sources.knowing import PHONE_DIGITS, SUPPORTING, WORDS, Agreement, Sought, level, look_up, weight
from gestand.sources.model import Known, Person
from gestand.sources.names import folded, same_person, take_apart
from gestand.statement.policy import FieldKind

_SEPARATORS = frozenset(" -./()\u00a0\u2010\u2011\u2013+\t")
_DIGITS = frozenset({FieldKind.PHONE, FieldKind.BSN})
_CODES = frozenset({FieldKind.IBAN, FieldKind.VAT, FieldKind.POSTCODE})
_SHORTEST = 4
_WINDOW = 40
"""Characters on both sides of a surname in which the rest of the name stands."""
BLACKED = "[verwijderd]"
_DUTCH = re.compile(r"(?:00|\+)?310?$|0$")
_FOREIGN = re.compile(r"(?<!\d)(?:00)?$")
_OTHER_COUNTRY = re.compile(r"(?:\+|\b00)\s*(?!31)\d{1,3}[\s(.-]*$", re.ASCII)
_BEFORE = 12  # characters in which the code of a country stands


class Mention(NamedTuple):
    """A stretch of a text that is an identifier of a person."""

    kind: FieldKind
    start: int
    end: int


class _Wanted(NamedTuple):
    person: Person
    known: Known


class Mentions:
    """Looks for the identifiers of given persons in texts."""

    def __init__(self, sought: Sought) -> None:
        self._plain: dict[str, list[_Wanted]] = {}
        self._bare: dict[str, list[_Wanted]] = {}
        for person, knowns in sought.people.items():
            for known in knowns:
                self._want(_Wanted(person, known))
        self._automata = tuple(_automaton(words) for words in (self._plain, self._bare))

    def _want(self, wanted: _Wanted) -> None:
        known = wanted.known
        if known.kind is FieldKind.NAME:
            word = take_apart(known.value).rarest
            if len(word) >= 2:
                self._plain.setdefault(word, []).append(wanted)
        elif known.kind in _DIGITS | _CODES:
            word = _digits(known) if known.kind is FieldKind.PHONE else look_up(known.kind, known.value).lower()
            if len(word) >= _SHORTEST:
                self._bare.setdefault(word, []).append(wanted)
        elif known.kind in {FieldKind.EMAIL, FieldKind.CUSTOMER_NUMBER, FieldKind.IP, FieldKind.STREET}:
            written = spellings(known.normal) if known.kind is FieldKind.EMAIL else (known.value,)
            for word in {folded(one)[0].strip() for one in written}:
                if len(word) >= _SHORTEST:
                    self._plain.setdefault(word, []).append(wanted)

    def patterns(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the words looked for as they stand, and those looked for without separators."""
        return tuple(self._plain), tuple(self._bare)

    def in_text(self, text: str) -> Mapping[Person, Sequence[Mention]]:
        """Return for each person what of them stands in ``text``."""
        found: dict[Person, list[Mention]] = {}
        plain, bare = self._automata
        flat, places = folded(text)
        if plain is not None:
            for last, word in plain.iter(flat):
                start, end = last - len(word) + 1, last + 1
                for wanted in self._plain[word]:
                    mention = _plainly(wanted.known, flat, start, end)
                    if mention is not None and _same_address(wanted.known, text, _placed(mention, places)):
                        found.setdefault(wanted.person, []).append(_placed(mention, places))
        if bare is not None and any(letter.isdigit() for letter in flat):
            squeezed, inner = _squeezed(flat)
            for last, word in bare.iter(squeezed):
                start, end = last - len(word) + 1, last + 1
                for wanted in self._bare[word]:
                    mention = _barely(wanted.known, squeezed, start, end)
                    if mention is not None:
                        placed = _placed(
                            Mention(mention.kind, inner[mention.start], inner[mention.end - 1] + 1), places
                        )
                        if not _abroad(wanted.known, text, placed.start):
                            found.setdefault(wanted.person, []).append(placed)
        return found

    def agreements(self, text: str) -> dict[Person, tuple[Agreement, Sequence[Mention]]]:
        """Return who is mentioned in ``text``, how sure that is, and where."""
        judged: dict[Person, tuple[Agreement, Sequence[Mention]]] = {}
        for person, mentions in self.in_text(text).items():
            kinds = {mention.kind for mention in mentions}
            if kinds <= SUPPORTING:
                continue
            score = sum(self._weight(person, kind) for kind in kinds)
            why = "in text: " + ", ".join(sorted(WORDS.get(kind, str(kind)) for kind in kinds))
            judged[person] = Agreement(level(score), why), mentions
        return judged

    def _weight(self, person: Person, kind: FieldKind) -> int:
        wanted = (w for words in (self._plain, self._bare) for found in words.values() for w in found)
        return max((weight(w.known) for w in wanted if w.person == person and w.known.kind is kind), default=1)


def black_out(text: str, mentions: Sequence[Mention]) -> str:
    """Return ``text`` with each mention replaced by ``[verwijderd]``."""
    spans: list[list[int]] = []
    for mention in sorted(mentions, key=lambda m: m.start):
        if spans and mention.start <= spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], mention.end)
        else:
            spans.append([mention.start, mention.end])
    for start, end in reversed(spans):
        text = text[:start] + BLACKED + text[end:]
    return text


def passages(text: str, mentions: Sequence[Mention], around: int = 120, *, by_row: bool = False) -> str:
    """Return the stretches of ``text`` around the mentions: what is said of the person, not what is said of others.

    ``by_row``: each line is about somebody else, so that a stretch is the whole of its line and no more.
    """
    spans: list[list[int]] = []
    for mention in sorted(mentions, key=lambda m: m.start):
        start, end = max(0, mention.start - around), min(len(text), mention.end + around)
        if by_row:
            start, after = text.rfind("\n", 0, mention.start) + 1, text.find("\n", mention.end)
            end = after if after >= 0 else len(text)
        if spans and start <= spans[-1][1]:
            spans[-1][1] = max(end, spans[-1][1])
        else:
            spans.append([start, end])
    return " … ".join(" ".join(text[start:end].split()) for start, end in spans)


def _automaton(words: Mapping[str, object]) -> ahocorasick.Automaton | None:
    if not words:
        return None
    automaton = ahocorasick.Automaton()
    for word in words:
        automaton.add_word(word, word)
    automaton.make_automaton()
    return automaton


def _squeezed(text: str) -> tuple[str, Sequence[int]]:
    """Return ``text`` without the separators that stand between or before digits and code letters, and its places."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        if letter in _SEPARATORS:
            continue
        letters.append(letter)
        places.append(place)
    return "".join(letters), places


def _plainly(known: Known, text: str, start: int, end: int) -> Mention | None:
    before, after = text[start - 1 : start], text[end : end + 1]
    if known.kind is FieldKind.EMAIL:
        whole = not (before.isalnum() or (before and before in "._%+-")) and not (after.isalnum() or after == "-")
        return Mention(known.kind, start, end) if whole else None
    if before.isalnum() or after.isalnum():
        return None
    if known.kind is not FieldKind.NAME:
        return Mention(known.kind, start, end)
    return _name(known, text, start, end)


def _name(known: Known, text: str, start: int, end: int) -> Mention | None:
    """Return the longest stretch around a surname that can be the person's name; a surname alone is nobody's."""
    name = take_apart(known.value)
    before = text[max(0, start - _WINDOW) : start].rsplit("\n", maxsplit=1)[-1]
    after = text[end : end + _WINDOW].split("\n", maxsplit=1)[0]
    words = [m.span() for m in re.finditer(r"[^\s,;:()]+", before)]
    for at, _ in words[-4:]:
        said = before[at:] + text[start:end]
        if len(said.split()) > 1 and _whole(name.given, said) and same_person(name, said):
            return Mention(FieldKind.NAME, start - len(before) + at, end)
    turned = re.match(r",\s*(?:[a-z]\.\s?)*[\w'’.-]*(?:\s(?:van|de|der|den|ter|ten|te|het)\b)*", after)
    if turned and turned[0].strip(", ") and same_person(name, f"{turned[0].strip(', ')} {text[start:end]}"):
        return Mention(FieldKind.NAME, start, end + turned.end())
    return None


def _whole(given: Sequence[str], said: str) -> bool:
    """Say whether the first word of ``said`` is the given name or its initial."""
    words = re.findall(r"[^\W_]+", said)
    return (
        bool(given) and bool(words) and (words[0] == given[0] or (len(words[0]) == 1 and given[0].startswith(words[0])))
    )


def _barely(known: Known, text: str, start: int, end: int) -> Mention | None:
    if known.kind is FieldKind.PHONE:
        before = text[:start]
        dutch = look_up(known.kind, known.value).startswith("+31")
        head = (_DUTCH if dutch else _FOREIGN).search(before)
        if head is None:
            return None
        return Mention(known.kind, head.start(), end)
    before, after = text[start - 1 : start], text[end : end + 1]
    if known.kind is FieldKind.BSN and (before.isdigit() or after.isdigit()):
        return None
    if known.kind is FieldKind.IBAN and after.isdigit():
        return None
    return Mention(known.kind, start, end)


def _digits(known: Known) -> str:
    """Return the digits of a telephone number that stand in every notation: of a Dutch one without what stands before."""
    number = look_up(known.kind, known.value).removeprefix("+")
    return number[-PHONE_DIGITS:] if number.startswith("31") else number


def _abroad(known: Known, text: str, start: int) -> bool:
    """Say whether the code of another country stands before what looks like a Dutch telephone number."""
    dutch = known.kind is FieldKind.PHONE and look_up(known.kind, known.value).startswith("+31")
    return dutch and _OTHER_COUNTRY.search(text[max(0, start - _BEFORE) : start]) is not None


def _same_address(known: Known, text: str, mention: Mention) -> bool:
    """Say whether an e-mail address stands in a text as it is: two domains may be alike when folded and be different ones."""
    if known.kind is not FieldKind.EMAIL:
        return True
    return normal_form(known.kind, text[mention.start : mention.end]) == known.normal


def _placed(mention: Mention, places: Sequence[int]) -> Mention:
    return Mention(mention.kind, places[mention.start], places[mention.end - 1] + 1)
