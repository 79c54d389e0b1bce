"""The file of a request: the contact point of someone whom the register does not know, kept on the request shelf.

Its period begins when the request closes (Articles 5(2) and 17(3)(e)); while a request of theirs is open it has no end.
"""

from __future__ import annotations

from datetime import date

from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId, FieldPath, ItemId, PurposeId, ShelfId, SubjectId
from gestand.law.periods import keeping
from gestand.statement.policy import FieldKind, Policy, Trigger
from gestand.vault.model import Holding, NewItem, NewSubject, Statements
from gestand.vault.service import Vault

QUESTION = "question"
"""The source of a contact point that is held for nothing but a plain question."""


class RequestFiles:
    """Keeps the contact points of requests in the vault."""

    def __init__(self, vault: Vault, statements: Statements) -> None:
        self._vault = vault
        self._statements = statements

    def known_beyond(self, subject: SubjectId) -> bool:
        """Say whether anything is held of a subject beside the files of requests."""
        return any(not self.is_file(holding) for holding in self._vault.holdings(subject))

    def is_file(self, holding: Holding) -> bool:
        """Say whether a datum belongs to the file of a request, by the version it was collected under."""
        version = self._statements.version(holding.version) or self._statements.in_force()
        return holding.shelf == version.policy.rights.shelf or holding.source == QUESTION

    def open_new(self, kind: FieldKind | None, contact: str, actor: ActorId, *, question: bool = False) -> SubjectId:
        """Keep a contact point under a subject of its own, and return that; of a plain question on the shelf of questions."""
        policy = self._statements.in_force().policy
        place = question_place(policy, kind) if question else None
        if place is not None:
            field, shelf, purpose = place
            asked = NewItem(field=field, value=contact.strip(), shelf=shelf, source=QUESTION, purposes=(purpose,))
            [subject] = self._vault.add(
                [NewSubject((asked,))], actor=actor, reason="a question by someone not yet known"
            )
            return subject
        item = NewItem(
            field=field_for(policy, kind),
            value=contact.strip(),
            shelf=ShelfId(policy.rights.shelf),
            source="request",
            purposes=(PurposeId(policy.rights.purpose),),
        )
        [subject] = self._vault.add([NewSubject((item,))], actor=actor, reason="a request by someone not yet known")
        return subject

    def reopen(self, subject: SubjectId, actor: ActorId) -> None:
        """Let the file of an earlier request wait again: the same person asks something new."""
        self._date(subject, None, actor)

    def close(self, subject: SubjectId, on: date, actor: ActorId) -> None:
        """Begin the period of a request's file, with the day on which its last request closed."""
        self._date(subject, on, actor)

    def _date(self, subject: SubjectId, on: date | None, actor: ActorId) -> None:
        changes: list[tuple[ItemId, date | None, date | None]] = []
        for holding in self._vault.holdings(subject):
            if not self.is_file(holding):
                continue
            version = self._statements.version(holding.version) or self._statements.in_force()
            shelf = version.policy.shelves[holding.shelf]
            due = keeping(on, shelf.period, shelf.counts_from).erase_from if on else None
            if (holding.trigger_on, holding.due) != (on, due):
                changes.append((holding.item, on, due))
        if changes:
            self._vault.set_due(changes, trigger=str(Trigger.REQUEST_CLOSED), actor=actor)


def question_place(policy: Policy, kind: FieldKind | None) -> tuple[FieldPath, ShelfId, PurposeId] | None:
    """Return where the contact point of a plain question is kept: field, shelf and purpose; None if the policy has none."""
    for shelf, one in policy.shelves.items():
        if one.trigger is not Trigger.QUESTION_ANSWERED:
            continue
        for name, purpose in policy.purposes.items():
            for path in policy.field_paths():
                field = policy.field(path)
                fits = field is not None and kind is not None and field.kind is kind
                if purpose.shelf == shelf and fits and path in purpose.needs:
                    return FieldPath(path), ShelfId(shelf), PurposeId(name)
    return None


def field_for(policy: Policy, kind: FieldKind | None) -> FieldPath:
    """Return the field in which a contact point is kept: one of its kind, else one for the request's own words.

    A letter without an e-mail address is a request too, and so is one that only says a name.

    :raises RefusedError: if the policy has no field for it at all.
    """
    purpose = policy.purposes[policy.rights.purpose]
    allowed = [path for path in policy.field_paths() if purpose.allows(path) and policy.purposes_of(path)]
    kinds = {path: field.kind for path in allowed if (field := policy.field(path)) is not None}
    own = [path for path in purpose.needs if kinds.get(path) is FieldKind.TEXT]
    texts = [path for path in allowed if kinds.get(path) is FieldKind.TEXT]
    alike = [path for path in allowed if kind is not None and kinds.get(path) is kind]
    for path in (*alike, *own, *texts):
        return FieldPath(path)
    raise RefusedError(
        "request-no-field",
        "the statement in force has no field in which a contact point of someone unknown can be kept",
        where="policy.toml: categories",
        remedy="Add a text field that the purpose of rights needs, such as choices.rights-request.",
    )
