"""What is known of the persons that are looked for, arranged for look-up; and how sure a match makes. Pure.

Each kind of identifier weighs what it proves: an e-mail address or customer number 3, an account or telephone 2 (a household has
one), a name, postcode or street 1 (namesakes, housemates). From 3 it is certain, at 2 probable, at 1 doubtful: a person says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from gestand.reading.normal import normal_form, spellings
from gestand.sources.model import Confidence, Known, Person
from gestand.sources.names import PersonName, same_person, take_apart, words_of
from gestand.statement.policy import FieldKind

WEIGHTS: Mapping[FieldKind, int] = {
    FieldKind.EMAIL: 3,
    FieldKind.CUSTOMER_NUMBER: 3,
    FieldKind.BSN: 3,
    FieldKind.VAT: 3,
    FieldKind.IBAN: 2,
    FieldKind.PHONE: 2,
    FieldKind.NAME: 1,
    FieldKind.POSTCODE: 1,
    FieldKind.STREET: 1,
    FieldKind.IP: 1,
}
SUPPORTING = frozenset({FieldKind.POSTCODE, FieldKind.STREET})
"""Kinds that support another match and never make one."""
STRONG = frozenset({FieldKind.EMAIL, FieldKind.CUSTOMER_NUMBER, FieldKind.BSN})
"""Kinds of which another value in the same row speaks against a weaker match."""
CERTAIN, PROBABLE = 3, 2
PHONE_DIGITS = 9
"""Digits at the end of a Dutch number that are the same in every notation."""
WORDS: Mapping[FieldKind, str] = {
    FieldKind.EMAIL: "e-mail address",
    FieldKind.CUSTOMER_NUMBER: "customer number",
    FieldKind.BSN: "citizen service number",
    FieldKind.VAT: "VAT number",
    FieldKind.IBAN: "account number",
    FieldKind.PHONE: "telephone number",
    FieldKind.NAME: "name",
    FieldKind.POSTCODE: "postcode",
    FieldKind.STREET: "street",
    FieldKind.IP: "IP address",
}


class Cell(NamedTuple):
    """A value with the kind of its column."""

    kind: FieldKind
    text: str


COMPARED = frozenset({*WEIGHTS})
"""Kinds by which a row is judged; what it says beside them is shown and never compared."""


def cells_of(said: Iterable[tuple[FieldKind, str, str]]) -> list[Cell]:
    """Return what a row says (kind, part of a name, text) as cells: the parts of a name make one name."""
    cells: list[Cell] = []
    parts: dict[str, str] = {}
    for kind, part, text in said:
        if kind not in COMPARED or not text:
            continue
        if kind is FieldKind.NAME and part != "whole":
            parts[part] = text
        else:
            cells.append(Cell(kind, text))
    if parts:
        cells.append(Cell(FieldKind.NAME, " ".join(parts[p] for p in ("first", "middle", "last") if parts.get(p))))
    return cells


class Agreement(NamedTuple):
    """How far a row agrees with a person: how sure, and why."""

    confidence: Confidence
    why: str


def look_up(kind: FieldKind, text: str) -> str:
    """Return the form under which a value is looked up: its normal form; a Dutch telephone number however it is written.

    Beside the notations of ``normal_form``: a zero too many after the country code, and one lost from a column of numbers.
    """
    normal = normal_form(kind, text)
    if kind is not FieldKind.PHONE:
        return normal
    if normal.startswith("+310"):
        return "+31" + normal[4:]
    if len(normal) == PHONE_DIGITS + 1 and text.strip().isdigit():
        return "+31" + normal[1:]
    return normal


class Sought:
    """Several persons with what is known of them."""

    def __init__(self, people: Mapping[Person, Sequence[Known]]) -> None:
        self.people: dict[Person, tuple[Known, ...]] = {}
        self._exact: dict[FieldKind, dict[str, dict[Person, Known]]] = {}
        self._names: dict[str, list[tuple[Person, PersonName]]] = {}
        for person, knowns in people.items():
            self.add(person, knowns)

    def add(self, person: Person, knowns: Sequence[Known]) -> None:
        """Look for a person by these too."""
        self.people[person] = (*self.people.get(person, ()), *knowns)
        for known in knowns:
            if known.kind is FieldKind.NAME:
                name = take_apart(known.value)
                if name.rarest:
                    self._names.setdefault(name.rarest, []).append((person, name))
            else:
                form = look_up(known.kind, known.value)
                if form:
                    self._exact.setdefault(known.kind, {}).setdefault(form, {})[person] = known

    def values(self, kind: FieldKind) -> tuple[str, ...]:
        """Return by what a column of a kind is searched: of telephone numbers the last digits, which more than one may have.

        Of an e-mail address also the domain as people write it.
        """
        forms = self._exact.get(kind, ())
        if kind is FieldKind.PHONE:
            return tuple(dict.fromkeys(form.lstrip("+")[-PHONE_DIGITS:] for form in forms))
        if kind is FieldKind.EMAIL:
            return tuple(dict.fromkeys(spelling for form in forms for spelling in spellings(form)))
        return tuple(forms)

    def names(self) -> tuple[PersonName, ...]:
        """Return every name that is looked for."""
        return tuple(dict.fromkeys(name for found in self._names.values() for _, name in found))

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of identifiers that are looked for, as the certificate tells them."""
        found = {str(kind) for kind in self._exact} | ({str(FieldKind.NAME)} if self._names else set())
        return tuple(sorted(found))

    def having(self, kind: FieldKind, text: str) -> dict[Person, int]:
        """Return who has this value, with its weight."""
        if kind is FieldKind.NAME:
            return dict.fromkeys(self.named(text), 1)
        found = self._exact.get(kind, {}).get(look_up(kind, text))
        return {person: weight(known) for person, known in found.items()} if found else {}

    def named(self, text: str) -> Iterable[Person]:
        """Return who can have this name."""
        if not self._names:
            return ()
        return {
            person
            for word in words_of(text)
            for person, name in self._names.get(word, ())
            if same_person(name, text)
        }  # fmt: skip

    def knows(self, person: Person, kind: FieldKind) -> bool:
        """Say whether anything of this kind is known of a person."""
        return any(known.kind is kind for known in self.people[person])

    def agreements(self, cells: Sequence[Cell]) -> dict[Person, Agreement]:
        """Return with whom a row agrees, and how far."""
        found: dict[Person, dict[FieldKind, int]] = {}
        for kind, text in cells:
            for person, points in self.having(kind, text).items():
                kinds = found.setdefault(person, {})
                kinds[kind] = max(points, kinds.get(kind, 0))
        return {
            person: self._judged(person, kinds, cells)
            for person, kinds in found.items()
            if not SUPPORTING.issuperset(kinds)
        }

    def _judged(self, person: Person, kinds: Mapping[FieldKind, int], cells: Sequence[Cell]) -> Agreement:
        score = sum(kinds.values())
        why = "same " + ", ".join(WORDS.get(kind, str(kind)) for kind in kinds)
        against = [
            kind
            for kind in dict.fromkeys(cell.kind for cell in cells if cell.text.strip())
            if kind not in kinds and kind in {*STRONG, FieldKind.NAME} and self.knows(person, kind)
        ]
        if against:
            why += "; other " + ", ".join(WORDS[kind] for kind in against)
            strong = any(kind in STRONG and points >= CERTAIN for kind, points in kinds.items())
            return Agreement(Confidence.PROBABLE if strong else Confidence.DOUBTFUL, why)
        return Agreement(level(score), why)


def weight(known: Known) -> int:
    """Return what an identifier proves; one that others share proves little."""
    return 1 if known.shared else WEIGHTS.get(known.kind, 1)


def level(score: int) -> Confidence:
    """Return how sure a score makes."""
    if score >= CERTAIN:
        return Confidence.CERTAIN
    return Confidence.PROBABLE if score == PROBABLE else Confidence.DOUBTFUL


def learned_from(cells: Iterable[Cell], origin: str) -> tuple[Known, ...]:
    """Return the identifiers that a row of a person themself gives, to look for elsewhere."""
    return tuple(
        Known(kind, text, origin)
        for kind, text in cells
        if kind in LEARNED and text.strip() and look_up(kind, text)
    )  # fmt: skip


LEARNED = frozenset({FieldKind.EMAIL, FieldKind.CUSTOMER_NUMBER, FieldKind.PHONE, FieldKind.IBAN, FieldKind.NAME})
"""Kinds that widen the search when a row of the person themself gives them."""
