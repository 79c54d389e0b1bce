"""The file of a breach: everything written about it, sealed in the vault under a subject of its own.

It lies on the shelf whose period begins when a breach is closed, for the purpose that shelf serves. A statement that has no
such shelf has one for requests, which is no less a legal duty; a breach is recorded there rather than refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from gestand.breach.model import Breach, Page, Part, ReadPage
from gestand.kernel.clock import Clock, local_date
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId, FieldPath, ItemId, PurposeId, ShelfId, SubjectId
from gestand.law.periods import keeping
from gestand.statement.policy import FieldKind, Policy, Trigger
from gestand.vault.model import NewItem, NewSubject, Statements
from gestand.vault.service import Vault

SOURCE = "breach"


@dataclass(frozen=True, slots=True)
class FilePlace:
    """Where texts about breaches go: field, purpose and shelf of the statement in force."""

    field: FieldPath
    purpose: PurposeId
    shelf: ShelfId


def file_place(policy: Policy) -> FilePlace:
    """Return where texts about breaches go.

    :raises RefusedError: ``breach-no-field`` if no purpose for it has a field of text.
    """
    shelf = next((name for name, one in policy.shelves.items() if one.trigger is Trigger.BREACH_CLOSED), None)
    own = next((name for name, one in policy.purposes.items() if one.shelf == shelf), None)
    for purpose, on in ((own, shelf), (policy.rights.purpose, policy.rights.shelf)):
        field = _text_field(policy, purpose) if purpose and on else None
        if field and purpose and on:
            return FilePlace(field, PurposeId(purpose), ShelfId(on))
    raise RefusedError(
        "breach-no-field",
        "the statement in force has no field in which a report of a breach can be kept",
        where="policy.toml: purposes",
        remedy="Let the purpose of breach notices need a field of text, such as correspondence.message.",
    )


def _text_field(policy: Policy, purpose: str) -> FieldPath | None:
    needs = policy.purposes[purpose]
    texts = [
        path
        for path in policy.field_paths()
        if needs.allows(path)
        and (found := policy.field(path)) is not None
        and found.kind is FieldKind.TEXT
        and policy.purposes_of(path)
    ]
    named = [path for path in texts if path in needs.needs]
    return FieldPath((named or texts)[0]) if texts else None


class BreachFiles:
    """Writes and reads the pages of breaches in the vault."""

    def __init__(self, vault: Vault, statements: Statements, clock: Clock) -> None:
        self._vault = vault
        self._statements = statements
        self._clock = clock

    def purpose(self) -> PurposeId:
        """Return the purpose for which people are warned and files are kept."""
        return file_place(self._statements.in_force().policy).purpose

    def write(
        self, part: Part, text: str, *, actor: ActorId, file: SubjectId | None = None, at: datetime | None = None
    ) -> tuple[SubjectId, Page]:
        """Seal a page in ``file``, or in a new one, and return where it lies; joins the open transaction."""
        place = file_place(self._statements.in_force().policy)
        item = NewItem(place.field, f"{part}\n{text}", place.shelf, SOURCE, purposes=(place.purpose,))
        before = {holding.item for holding in self._vault.holdings(file)} if file else set()
        [subject] = self._vault.add(
            [NewSubject((item,), id=file)], actor=actor, reason="the file of a breach, Article 33(5)"
        )
        [fresh] = [holding.item for holding in self._vault.holdings(subject) if holding.item not in before]
        return subject, Page(fresh, part, at or self._clock(), actor)

    def read(self, breach: Breach, pages: Collection[Page], *, actor: ActorId) -> tuple[ReadPage, ...]:
        """Open pages of a breach, oldest first; the opening is in the ledger before they are returned."""
        if not pages:
            return ()
        wanted = {page.item: page for page in pages}
        opening = self._vault.open(
            breach.file, self.purpose(), actor=actor, reason=f"breach {breach.id}", items=list(wanted)
        )
        values = {ItemId(one.holding.item): one.value for one in opening.items}
        return tuple(ReadPage(page, values[page.item].partition("\n")[2]) for page in pages if page.item in values)

    def lost(self, pages: Collection[Page]) -> Iterator[Page]:
        """Yield the pages that are no longer in the vault; nothing is opened."""
        return (page for page in pages if self._vault.item(page.item) is None)

    def begin_period(self, breach: Breach, on: date, *, actor: ActorId) -> None:
        """Let the period of the file begin on ``on``, the day on which the breach was closed."""
        self._date(breach, on, actor)

    def wait(self, breach: Breach, *, actor: ActorId) -> None:
        """Let the file wait again: the breach was opened anew."""
        self._date(breach, None, actor)

    def _date(self, breach: Breach, on: date | None, actor: ActorId) -> None:
        changes: list[tuple[ItemId, date | None, date | None]] = []
        for holding in self._vault.holdings(breach.file):
            version = self._statements.version(holding.version) or self._statements.in_force()
            shelf = version.policy.shelves[holding.shelf]
            due = keeping(on, shelf.period, shelf.counts_from).erase_from if on else None
            if (holding.trigger_on, holding.due) != (on, due):
                changes.append((holding.item, on, due))
        if changes:
            self._vault.set_due(changes, trigger=str(Trigger.BREACH_CLOSED), actor=actor)

    def due_on(self, breach: Breach) -> date | None:
        """Return the first day on which the row of a closed breach must be gone: as its shelf has it."""
        if breach.closed_at is None:
            return None
        closed = local_date(breach.closed_at)
        policy = self._statements.in_force().policy
        shelf = policy.shelves[file_place(policy).shelf]
        return keeping(closed, shelf.period, shelf.counts_from).erase_from
