"""Who is meant by ``person:``, and everything that is known to identify them."""

from __future__ import annotations

from typing import Final

from gestand.archive.workroom import Workroom
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, PurposeId, SubjectId
from gestand.reading.kinds import guess_kind
from gestand.reading.normal import normal_form
from gestand.statement.policy import FieldKind

FOUND_IN_TEXT: Final = frozenset(
    {FieldKind.EMAIL, FieldKind.PHONE, FieldKind.IBAN, FieldKind.BSN, FieldKind.VAT, FieldKind.IP}
)
"""Kinds by which somebody is found in a message. A postcode or a name alone belongs to many; search for them as words."""


def identifiers_of(
    room: Workroom, person: str, purpose: PurposeId, *, actor: ActorId, reason: str
) -> list[tuple[FieldKind, str]]:
    """Return the identifiers of a person: a subject's id, or a value that identifies them and whoever has it.

    What the vault holds of a subject is opened for the purpose, as always; what it refuses is left out.

    :raises UsageError: ``archive-person`` if it is neither.
    """
    found: dict[tuple[FieldKind, str], None] = {}
    subjects: tuple[SubjectId, ...] = ()
    if person.startswith("sub_"):
        subjects = (SubjectId(person),)
    else:
        kind = guess_kind(person)
        if kind not in FOUND_IN_TEXT or kind is None:
            raise UsageError(
                "archive-person",
                f"'{person}' does not say who is meant",
                remedy='Give an id (sub_...), an e-mail address, telephone number or IBAN; look for a name as a "phrase".',
            )
        found[kind, normal_form(kind, person)] = None
        subjects = room.vault.find(kind, person)
    policy = room.statements.in_force().policy
    for subject in subjects:
        for item in room.vault.open(subject, purpose, actor=actor, reason=reason).items:
            field = policy.field(item.holding.field)
            if field is not None and field.kind in FOUND_IN_TEXT:
                found[field.kind, normal_form(field.kind, item.value)] = None
    return list(found)
