"""Is this row about somebody who is known already. Pure.

A customer number is the firm's own word: who has it is meant. An e-mail address or a telephone number is shared in many
a household; it tells who is meant only where the names do not contradict each other. Two people taken for one would see
each other's data (Article 15(4) GDPR), so in doubt they stay apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from gestand.intake.model import Datum
from gestand.kernel.ids import FieldPath, SubjectId
from gestand.reading.normal import normal_form
from gestand.statement.policy import FieldKind, Policy

Key = tuple[FieldKind, str]
KEY_KINDS = frozenset({FieldKind.EMAIL, FieldKind.PHONE, FieldKind.CUSTOMER_NUMBER})
_NOT_LETTER = re.compile(r"[^a-z]+")
_PARTICLES = frozenset(
    [
        "van",
        "de",
        "der",
        "den",
        "het",
        "t",
        "te",
        "ter",
        "ten",
        "v",
        "d",
        "vd",
        "in",
        "op",
        "aan",
        "dhr",
        "mevr",
        "mw",
        "mevrouw",
        "heer",
        "mr",
        "mrs",
        "ms",
        "dr",
        "ir",
        "ing",
        "drs",
        "prof",
        "fam",
        "familie",
    ]
)


class Known:
    """Somebody a row may be about: in the vault (``subject``), or earlier in the same batch (None).

    ``added`` is what the batch brings, ``closed`` the fields that are held but may not be seen for the purpose.
    """

    __slots__ = ("_held", "added", "closed", "subject")

    def __init__(self, subject: SubjectId | None, added: Sequence[Datum] = ()) -> None:
        self.subject = subject
        self.added = list(added)
        self.closed: set[FieldPath] = set()
        self._held: list[tuple[FieldPath, str]] = []

    def hold(self, path: FieldPath, value: str) -> None:
        """Note a value that the vault holds."""
        self._held.append((path, value))

    def values(self, path: FieldPath) -> list[str]:
        """Return the values of a field, held or brought by the batch."""
        return [value for held, value in self._held if held == path] + [d.value for d in self.added if d.path == path]


@dataclass(frozen=True, slots=True)
class Match:
    """The judgement: whom the row is about, somebody new, or nobody can say."""

    outcome: Literal["known", "new", "apart", "ambiguous"]
    known: Known | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """What a row adds to somebody known, and which of its data contradict what is held."""

    missing: tuple[Datum, ...]
    conflicts: tuple[Datum, ...]


def identifying(policy: Policy) -> dict[FieldPath, FieldKind]:
    """Return the fields by which a duplicate is known."""
    fields = ((FieldPath(path), policy.field(path)) for path in policy.field_paths())
    return {path: found.kind for path, found in fields if found and found.identifies and found.kind in KEY_KINDS}


def keys_of(data: Sequence[Datum], fields: Mapping[FieldPath, FieldKind]) -> list[Key]:
    """Return what a row can be known by: kind and normal form."""
    return [(kind, _key_form(kind, value)) for path, value, _, _ in data if (kind := fields.get(path))]


def _key_form(kind: FieldKind, value: str) -> str:
    """Return the normal form of a sound value: a telephone number in E.164 has it already, an ASCII address but its case."""
    if kind is FieldKind.PHONE:
        return value
    return value.casefold() if kind is FieldKind.EMAIL and value.isascii() else normal_form(kind, value)


def judge(
    numbered: Sequence[Known], reached: Sequence[Known], names: Sequence[str], name_fields: Iterable[FieldPath]
) -> Match:
    """Return whom a row is about.

    ``numbered`` are those with its customer number, ``reached`` those with its e-mail or a telephone number, ``names``
    the names in the row.
    """
    fields = tuple(name_fields)
    if len(numbered) == 1:
        return Match("known", numbered[0])
    if len(numbered) > 1:
        return Match("ambiguous")
    agreeing = [known for known in reached if _agree(names, [n for f in fields for n in known.values(f)])]
    if len(agreeing) == 1:
        return Match("known", agreeing[0])
    if agreeing:
        return Match("ambiguous")
    return Match("apart" if reached else "new")


def merge(known: Known, data: Sequence[Datum], kinds: Mapping[FieldPath, FieldKind]) -> Merge:
    """Return what a row adds: fields that are not held are added; another value is a conflict and changes nothing."""
    missing, conflicts = [], []
    for datum in data:
        held = known.values(datum.path)
        if not held:
            if datum.path not in known.closed:
                missing.append(datum)
        elif not _held(kinds[datum.path], datum.value, held):
            conflicts.append(datum)
    return Merge(tuple(missing), tuple(conflicts))


def _held(kind: FieldKind, value: str, held: Sequence[str]) -> bool:
    form = normal_form(kind, value)
    return any(normal_form(kind, other) == form for other in held)


def _agree(names: Sequence[str], others: Sequence[str]) -> bool:
    return not names or not others or any(same_name(one, other) for one in names for other in others)


def same_name(one: str, other: str) -> bool:
    """Say whether two writings can be the name of one person: ``A. de Vries``, ``Anna de Vries``, ``Vries, Anna``."""
    a, b = _words(one), _words(other)
    if not a or not b or set(a) <= set(b) or set(b) <= set(a):
        return True
    long_a, long_b = {word for word in a if len(word) > 2}, {word for word in b if len(word) > 2}
    if not long_a & long_b:
        return False
    rest_a, rest_b = [w for w in a if w not in b], [w for w in b if w not in a]
    return any(x.startswith(y) or y.startswith(x) for x in rest_a for y in rest_b)


def _words(name: str) -> list[str]:
    text = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c for c in text if not unicodedata.combining(c))
    return [word for word in _NOT_LETTER.split(plain) if word and word not in _PARTICLES]
