"""What many people chose about one purpose, in one sweep, and the marks that outlive a person: for who may be written to.

Nothing is opened here: consents and objections are marks beside the data (Articles 7 and 21 GDPR), and a bare mark is a
blind token before its epoch's mapping, a keyed hash that stays the same while the index key does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import cast

from gestand.kernel.crypto import permute
from gestand.kernel.ids import FieldPath, PurposeId, SubjectId
from gestand.statement.policy import FieldKind
from gestand.vault.model import Choice, ConsentGiven
from gestand.vault.place import subject_bytes, subject_id
from gestand.vault.room import Room
from gestand.vault.rows import instant
from gestand.vault.sealing import TOKEN_SIZE, bare_token

_CONSENTS = "SELECT subject, text_digest, channel, at FROM vault_consent WHERE purpose = ? AND withdrawn IS NULL"
_CONSENT = f"{_CONSENTS} AND subject = ?"
_ANY_OBJECTION = "SELECT 1 FROM vault_objection WHERE purpose = ? LIMIT 1"
_OBJECTED = "SELECT subject FROM vault_subject WHERE (objected & ?) <> 0"


def choices(room: Room, purpose: PurposeId, fields: Collection[FieldPath]) -> Iterator[Choice]:
    """Yield what each person chose of whom one of ``fields`` was collected for a purpose."""
    mask = room.catalogue.mask(purpose)
    bit = mask.bit_length() - 1
    consents = {
        row[0]: ConsentGiven(cast("str", row[1]), cast("str", row[2]), instant(cast("int", row[3])))
        for row in (room.store.engine.execute(_CONSENTS, (bit,)) if mask else ())
    }
    objected = {row[0] for row in (room.store.engine.execute(_OBJECTED, (mask,)) if mask else ())}
    needed = room.statements.in_force().policy.purposes.get(purpose)
    activities = [
        number
        for number, activity in room.catalogue.numbers().items()
        if activity.field in fields
        and (purpose in activity.purposes or (not activity.purposes and needed and needed.allows(activity.field)))
    ]
    for place in room.store.collected(activities):
        yield Choice(subject_id(place), place in objected, consents.get(place))


def anyone_objects(room: Room, purpose: PurposeId) -> bool:
    """Say whether anybody objects to a purpose."""
    mask = room.catalogue.mask(purpose)
    return bool(mask and room.store.engine.execute(_ANY_OBJECTION, (mask.bit_length() - 1,)))


def choice(room: Room, subject: SubjectId, purpose: PurposeId) -> Choice | None:
    """Return what one person chose about a purpose; None if they are not in the vault."""
    place = subject_bytes(subject)
    row = room.store.subject(place)
    if row is None:
        return None
    mask = room.catalogue.mask(purpose) if row.objected or row.consented else 0
    given = None
    if row.consented & mask:
        found = room.store.engine.execute(_CONSENT, (mask.bit_length() - 1, place))
        if found:
            given = ConsentGiven(cast("str", found[0][1]), cast("str", found[0][2]), instant(cast("int", found[0][3])))
    return Choice(subject, bool(row.objected & mask), given)


def bare_mark(room: Room, kind: FieldKind, value: str) -> bytes | None:
    """Return the keyed hash of an identifier in its normal form; None where that is empty."""
    return bare_token(room.index_key, kind, value)


def find_marks(room: Room, marks: Iterable[bytes]) -> dict[bytes, tuple[SubjectId, ...]]:
    """Return for each bare mark the people in the vault who have that identifier."""
    asked = list(dict.fromkeys(marks))
    mapped = permute(room.token_key(), b"".join(asked))
    tokens = [mapped[at : at + TOKEN_SIZE] for at in range(0, len(mapped), TOKEN_SIZE)]
    found = room.store.find_many(tokens)
    return {mark: tuple(map(subject_id, found.get(token, ()))) for mark, token in zip(asked, tokens, strict=True)}


def alike(room: Room, subject: SubjectId) -> tuple[SubjectId, ...]:
    """Return the subjects of whom an identifier is the same as one of this subject, that one left out."""
    place = subject_bytes(subject)
    tokens = [row.token[:TOKEN_SIZE] for row in room.store.items(place) if row.token]
    others = {other for found in room.store.find_many(tokens).values() for other in found} - {place}
    return tuple(map(subject_id, sorted(others)))
