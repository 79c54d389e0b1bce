"""Who is meant by ``person:``, and everything that is known to identify them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from gestand.archive.words import folded, split
from gestand.archive.workroom import Workroom
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, PurposeId, SubjectId
from gestand.reading.discover import discover
from gestand.reading.kinds import guess_kind
from gestand.reading.normal import normal_form
from gestand.statement.policy import FieldKind

FOUND_IN_TEXT: Final = frozenset(
    {FieldKind.EMAIL, FieldKind.PHONE, FieldKind.IBAN, FieldKind.BSN, FieldKind.VAT, FieldKind.IP}
)
"""Kinds by which somebody is found in a message for sure. A postcode or a name alone belongs to many."""
SURE: Final = 0.95
"""From here on a name in the register is the one that was asked for, and not one that is like it."""


class Whoever(NamedTuple):
    """Who is looked for: kinds and normal forms of what identifies them, and every way their names are written."""

    identifiers: tuple[tuple[FieldKind, str], ...]
    names: tuple[tuple[str, ...], ...] = ()


def whoever(room: Workroom, person: str, purpose: PurposeId, *, actor: ActorId, reason: str) -> Whoever:
    """Return who is meant: a subject's id, a value that identifies them, or a name, and whoever in the register has it.

    What the vault holds of a subject is opened for the purpose, as always; what it refuses is left out.

    :raises UsageError: ``archive-person`` if it is none of these.
    """
    found: dict[tuple[FieldKind, str], None] = {}
    names: dict[tuple[str, ...], None] = {}
    subjects: tuple[SubjectId, ...] = ()
    if person.startswith("sub_"):
        subjects = (SubjectId(person),)
    elif (known := _identifier(person)) is not None:
        found[known] = None
        subjects = room.vault.find(*known)
    else:
        names.update(dict.fromkeys(written(person)))
        if not names:
            raise UsageError(
                "archive-person",
                f"'{person}' does not say who is meant",
                remedy='Give an id (sub_...), an e-mail address, telephone number, IBAN, or a "first and last name".',
            )
        subjects = tuple(one.subject for one in room.vault.find_like(person) if one.confidence >= SURE)
    policy = room.statements.in_force().policy
    for subject in subjects:
        for item in room.vault.open(subject, purpose, actor=actor, reason=reason).items:
            field = policy.field(item.holding.field)
            if field is not None and field.kind in FOUND_IN_TEXT:
                found[field.kind, normal_form(field.kind, item.value)] = None
            elif field is not None and field.kind is FieldKind.NAME:
                names.update(dict.fromkeys(written(item.value)))
    return Whoever(tuple(found), tuple(names))


def _identifier(person: str) -> tuple[FieldKind, str] | None:
    """Return the identifier that a text as a whole is, in whatever notation: kind and normal form; None if it is none."""
    kind = guess_kind(person)
    if kind is not None and kind in FOUND_IN_TEXT:
        return kind, normal_form(kind, person)
    for before in ("", "bsn "):  # nine digits alone say nothing; asked for as a person they are meant so
        [*spots] = discover(before + person)
        if len(spots) == 1 and (spots[0].start, spots[0].end) == (len(before), len(before + person)):
            return (spots[0].kind, spots[0].normal) if spots[0].kind in FOUND_IN_TEXT else None
    return None


def known_of(room: Workroom, subject: SubjectId, *, actor: ActorId) -> tuple[set[str], set[str]]:
    """Return the normal forms of what identifies a person, and their names: what stays readable in a copy for them."""
    policy = room.statements.in_force().policy
    own: set[str] = set()
    names: set[str] = set()
    reason = "a copy of a message, Article 15(4)"
    for item in room.vault.open(subject, PurposeId(policy.rights.purpose), actor=actor, reason=reason).items:
        field = policy.field(item.holding.field)
        if field is not None and field.kind is FieldKind.NAME:
            names.add(item.value)
        elif field is not None and field.identifies:
            own.add(normal_form(field.kind, item.value))
    return own, names


def written(name: str) -> Sequence[tuple[str, ...]]:
    """Return the ways in which a name of two words or more is written: in order, family name first, with an initial.

    One word alone is no person: it gives nothing.
    """
    words = tuple(folded(split(name)))
    if len(words) < 2:
        return ()
    turned = [words[at:] + words[:at] for at in range(len(words))]
    return tuple(dict.fromkeys([*turned, (words[0][0], *words[1:])]))
