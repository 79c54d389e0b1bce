"""Whose objection closes a message (Article 21): judged when it is read, by who stands in it.

An objection is a person's and a message has several people in it. So it is looked up at the moment of opening: whose
identifiers stand in the message, as correspondent or in its text, and does any of them object to this purpose. Where nobody
objects to a purpose at all, nothing is read for this.
"""

from __future__ import annotations

from collections.abc import Sequence

from gestand.archive.contents import raws_of, read_again
from gestand.archive.model import Kept
from gestand.archive.people import FOUND_IN_TEXT
from gestand.archive.workroom import Workroom
from gestand.kernel.ids import PurposeId
from gestand.reading.mail import Mail
from gestand.statement.policy import FieldKind
from gestand.vault.rules import may_be_objected


def objected(room: Workroom, messages: Sequence[tuple[Kept, bytes]], purpose: PurposeId) -> frozenset[int]:
    """Return the numbers of those messages in which somebody stands who objects to a purpose."""
    wanted = room.statements.in_force().policy.purposes[purpose]
    if not messages or not may_be_objected(wanted) or not room.vault.anyone_objects(purpose):
        return frozenset()
    keys = room.lockers.open_many([thing for _, thing in messages])
    there = [(kept, thing) for kept, thing in messages if thing in keys]
    mails = read_again(room, [kept for kept, _ in there], raws_of(room, there, keys))
    people = {kept.number: people_in(mail) for (kept, _), mail in zip(there, mails, strict=True)}
    known = room.vault.find_many({pair for pairs in people.values() for pair in pairs})
    against = {subject for found in known.values() for subject in found if purpose in room.vault.objections(subject)}
    return frozenset(
        number for number, pairs in people.items() if any(not against.isdisjoint(known[pair]) for pair in pairs)
    )


def people_in(mail: Mail) -> frozenset[tuple[FieldKind, str]]:
    """Return by what people are known who stand in a message: kind and normal form."""
    kinds = {kind.value: kind for kind in FOUND_IN_TEXT}
    found = {(kinds[one.kind], one.normal) for one in mail.found if one.kind in kinds}
    return frozenset(found | {(FieldKind.EMAIL, one.address) for one in (*mail.sender, *mail.recipients)})
