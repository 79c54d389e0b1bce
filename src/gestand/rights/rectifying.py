"""A correction, everywhere (Article 16): in the vault, in every other system, and told to who got the data (Article 19).

What was issued or received is never rewritten: the correction lies beside it, and the right value is used from then on.
A new e-mail or postal address takes effect when the old one confirmed it (``moving``), or a person is sure by more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gestand.kernel.clock import local_date
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, ItemId, PurposeId, ShelfId
from gestand.reading.normal import normal_form
from gestand.rights.choices import Choices
from gestand.rights.desk import Desk
from gestand.rights.filing import field_for
from gestand.rights.model import IdentityLevel, Right, SubjectRequest
from gestand.rights.rules import issued_for
from gestand.rights.searching import known_as
from gestand.rights.words import day
from gestand.sources.model import NOBODY_SAID, Conflict, Corrected, Correction
from gestand.statement.policy import FieldKind, Text
from gestand.vault.model import Holding, NewItem, NewSubject

REACHES: Final = frozenset({FieldKind.EMAIL, FieldKind.STREET})
"""Kinds by which somebody is reached in writing: who changes one in another's name takes over what is sent there."""
ENOUGH: Final = frozenset({IdentityLevel.SECOND_FACT, IdentityLevel.IN_PERSON})
"""How sure a person must be where the old address is dead."""


@dataclass(frozen=True, slots=True)
class Rectified:
    """A correction carried out: what it came to in every other system, and who got the wrong value and is told.

    ``also``: other data of the person that said the same and were corrected with it. ``issued``: how many of them belong to
    what was issued, such as an invoice, and were not rewritten.
    """

    item: ItemId
    also: tuple[ItemId, ...] = ()
    issued: int = 0
    systems: tuple[Corrected, ...] = ()
    to_tell: tuple[Text, ...] = ()

    @property
    def conflicts(self) -> tuple[tuple[str, Conflict], ...]:
        """The places that say neither the wrong value nor the right one, each with its system: a person decides."""
        return tuple((one.source, conflict) for one in self.systems for conflict in one.conflicts)

    @property
    def beside(self) -> int:
        """How many issued or received documents keep what they said, with the correction beside them or in the file."""
        return self.issued + sum(one.attached + one.to_attach for one in self.systems)


def rectify(
    desk: Desk,
    choices: Choices,
    item: ItemId,
    value: str,
    *,
    actor: ActorId,
    reason: str,
    request: str = "",
    sure: IdentityLevel | None = None,
    everywhere: bool = True,
) -> Rectified:
    """Put the right value in place of a wrong one; see ``Requests.rectify``."""
    holding = desk.vault.item(item)
    if holding is None:
        raise UsageError("item-unknown", f"there is no item {item}", remedy="See 'gestand subject show'.")
    asked = _asked(desk, request, holding) if request else None
    if _issued(desk, holding):
        raise RefusedError(
            "item-issued",
            "this belongs to something that was issued, which is never rewritten",
            where=str(holding.field),
            remedy="Correct the same datum where it is used from now on; what was issued keeps what it said.",
        )
    wrong = _said_now(desk, holding, actor)
    if sure is None and _moves(desk, holding, wrong, value):
        raise RefusedError(
            "contact-unconfirmed",
            "a new address takes effect when the old one confirmed it",
            where=str(holding.field),
            remedy="Run 'gestand subject move', which asks there; is the old one dead, be sure by a second fact (--sure).",
        )
    value = choices.sound(item, value, reason)
    systems: tuple[Corrected, ...] = ()
    if everywhere and desk.sources.names():
        known = known_as(desk, (holding.subject,), reason=f"correction of {item}", actor=actor)
        judged = desk.sources.erasures.judged(asked.id) if asked is not None else NOBODY_SAID
        correction = Correction(str(holding.field), wrong, value)
        systems = desk.sources.rectify(known, [correction], note=_note(desk, holding), actor=actor, judged=judged)
    also, issued = _alike(desk, holding, wrong, actor)
    for one in (item, *also):
        choices.rectify(one, value, actor=actor, reason=reason)
    told = desk.disclosed.received(holding.subject, [holding.field]) if desk.disclosed is not None else ()
    done = Rectified(item, also, issued, systems, told)
    if asked is not None and (issued or any(one.to_attach for one in systems)):
        policy = desk.statements.in_force().policy
        note = NewItem(
            field=field_for(policy, None), value=_note(desk, holding), shelf=ShelfId(policy.rights.shelf), source="request",
            purposes=(PurposeId(policy.rights.purpose),),
        )  # fmt: skip
        desk.vault.add([NewSubject((note,), id=asked.filed_under)], actor=actor, reason=f"correction on {asked.id}")
    return done


def _asked(desk: Desk, request_id: str, holding: Holding) -> SubjectRequest:
    """Return the request that a correction answers: of somebody whose identity was judged, about their own data."""
    asked = desk.confirmed(request_id, Right.RECTIFICATION)
    if holding.subject not in {asked.subject, asked.filed_under}:
        raise RefusedError(
            "request-other-subject",
            f"{holding.item} is not about who asks",
            where=asked.id,
            remedy="Correct a datum of the person that the request is about; 'gestand request list' names them.",
        )
    return asked


def sure_of(text: str) -> IdentityLevel | None:
    """Return how a person is sure of a new address; None where nothing is said.

    :raises UsageError: ``sure-unknown`` for what is not enough.
    """
    if not text:
        return None
    found = next((level for level in ENOUGH if level == text), None)
    if found is None:
        raise UsageError(
            "sure-unknown", f"'{text}' is not enough for a new address", where="--sure",
            remedy="Say second-fact or in-person, once you are.",
        )  # fmt: skip
    return found


def _said_now(desk: Desk, holding: Holding, actor: ActorId) -> str:
    purpose = PurposeId(desk.statements.in_force().policy.rights.purpose)
    opening = desk.vault.open(
        holding.subject, purpose, actor=actor, reason=f"correction of {holding.item}", items=[holding.item]
    )
    return opening.items[0].value if opening.items else ""


def _issued(desk: Desk, holding: Holding) -> bool:
    policy = (desk.statements.version(holding.version) or desk.statements.in_force()).policy
    return issued_for(holding, policy) is not None


def _alike(desk: Desk, holding: Holding, wrong: str, actor: ActorId) -> tuple[tuple[ItemId, ...], int]:
    """Return the other data of the person of the same kind that say the same, and how many of those were issued."""
    policy = desk.statements.in_force().policy
    field = policy.field(holding.field)
    if field is None or not wrong:
        return (), 0
    kinds = {path for path in policy.field_paths() if (f := policy.field(path)) is not None and f.kind is field.kind}
    others = [
        one
        for one in desk.vault.holdings(holding.subject)
        if one.item != holding.item and one.field in kinds and not desk.files.is_file(one)
    ]
    if not others:
        return (), 0
    purpose = PurposeId(policy.rights.purpose)
    why = f"correction of {holding.item}"
    opening = desk.vault.open(holding.subject, purpose, actor=actor, reason=why, items=[one.item for one in others])
    same = normal_form(field.kind, wrong)
    alike = [one.holding for one in opening.items if normal_form(field.kind, one.value) == same]
    issued = [one for one in alike if _issued(desk, one)]
    return tuple(one.item for one in alike if one not in issued), len(issued)


def _moves(desk: Desk, holding: Holding, wrong: str, right: str) -> bool:
    field = desk.statements.in_force().policy.field(holding.field)
    if field is None or field.kind not in REACHES or not wrong:
        return False
    return normal_form(field.kind, wrong) != normal_form(field.kind, right)


def _note(desk: Desk, holding: Holding) -> str:
    field = desk.statements.in_force().policy.field(holding.field)
    title = field.title.nl if field is not None else str(holding.field)
    return f"Verbeterd op {day(local_date(desk.clock()), 'nl')}: {title}. Dit stuk is niet herschreven."
