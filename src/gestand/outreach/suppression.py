"""Who must never be approached, also after nothing else is known of them: a keyed hash of the address or number, no more.

It is made when someone objects, and when someone's data are erased. It keeps offers from them, makes an import ask,
never stands in the way of an agreement, and goes if the person wants that too (Articles 17(1)(c), 21(3) GDPR).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from gestand.kernel.clock import Clock
from gestand.kernel.ids import SYSTEM, PurposeId, SubjectId
from gestand.outreach.store import OutreachStore
from gestand.reading.kinds import guess_kind
from gestand.statement.policy import FieldKind, Policy, Shelf, Trigger
from gestand.storage.engine import Engine
from gestand.vault.model import Statements
from gestand.vault.service import Vault

EVERYTHING = ""
"""Stands for every purpose of marketing."""
CONTACT = (FieldKind.EMAIL, FieldKind.PHONE)


def shelf_of(policy: Policy) -> tuple[str, Shelf] | None:
    """Return the shelf on which a statement keeps who objected; None if it promises none: then nothing is kept."""
    return next(((name, s) for name, s in policy.shelves.items() if s.trigger is Trigger.OBJECTION), None)


class Suppression:
    """The list of marks."""

    def __init__(
        self, store: OutreachStore, engine: Engine, vault: Vault, statements: Statements, clock: Clock
    ) -> None:
        self._store = store
        self._engine = engine
        self._vault = vault
        self._statements = statements
        self._clock = clock

    def keep(self, subject: SubjectId, purposes: Sequence[PurposeId] = ()) -> int:
        """Keep marks of a person's addresses and numbers; ``purposes`` empty: nothing at all may reach them. Return how many.

        Called before an erasure, and with an objection. Only if the statement has a shelf for it, and marketing at all.
        """
        policy = self._statements.in_force().policy
        named = [p for p in purposes if p in policy.purposes and policy.purposes[p].marketing]
        marketing = any(purpose.marketing for purpose in policy.purposes.values())
        if shelf_of(policy) is None or not marketing or (purposes and not named):
            return 0
        kinds = {path: f.kind for path in policy.field_paths() if (f := policy.field(path)) and f.kind in CONTACT}
        items = [one.item for one in self._vault.holdings(subject) if one.field in kinds]
        if not items:
            return 0
        opening = self._vault.open(
            subject,
            PurposeId(policy.rights.purpose),
            actor=SYSTEM,
            reason="suppression after an objection",
            items=items,
        )
        found = (self._vault.bare_mark(kinds[one.holding.field], one.value) for one in opening.items)
        marks = {mark for mark in found if mark is not None}
        with self._engine.transaction():
            self._store.suppress(sorted(marks), [str(name) for name in named] or [EVERYTHING], self._clock())
        return len(marks)

    def asks(self, contacts: Iterable[tuple[FieldKind, str]]) -> tuple[str, ...]:
        """Return which of these addresses and numbers are those of someone who wants nothing: an import asks about them."""
        return tuple(value for kind, value in contacts if self.marked(kind, value))

    def marked(self, kind: FieldKind, value: str) -> Mapping[str, datetime]:
        """Return for what an address or number is suppressed, with since when."""
        mark = self._vault.bare_mark(kind, value)
        return self._store.marked(mark) if mark is not None else {}

    def people(self, purpose: PurposeId) -> dict[SubjectId, datetime]:
        """Return the people in the vault whom a purpose must pass over, each with since when."""
        marks = self._store.suppressed(purpose)
        if not marks:
            return {}
        found: dict[SubjectId, datetime] = {}
        for mark, subjects in self._vault.find_marks(marks).items():
            for subject in subjects:
                found[subject] = max(marks[mark], found.get(subject, marks[mark]))
        return found

    def forget(self, contact: str) -> bool:
        """Remove the marks of an address or number, at the person's own insistence; say whether there were any."""
        kind = guess_kind(contact)
        mark = self._vault.bare_mark(kind, contact) if kind is not None else None
        if mark is None or not self._store.marked(mark):
            return False
        with self._engine.transaction():
            self._store.unsuppress(mark)
        return True
