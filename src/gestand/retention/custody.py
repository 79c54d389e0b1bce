"""The vault as a custodian: what is due in it, with its holds, and how it leaves or moves on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from gestand.kernel.ids import ActorId, ItemId, ShelfId
from gestand.law.periods import keeping
from gestand.retention.model import Due
from gestand.vault.model import DueItem, Statements
from gestand.vault.service import Vault


class VaultCustodian:
    """Lets retention drive the vault. The shelf's rule is that of the statement under which the datum was collected."""

    name = "vault"

    def __init__(self, vault: Vault, statements: Statements) -> None:
        self._vault = vault
        self._statements = statements

    def due(self, on: date) -> Iterator[Due]:
        """Yield items whose due date is on or before ``on``, those on hold and those restricted too.

        A next shelf that the statement in force no longer has is no place to keep anything: such an item leaves.
        """
        nexts: dict[tuple[str, str], str | None] = {}
        for one in self._vault.due_items(on):
            yield self._line(one, nexts)
        for holding in self._vault.held_due(on):
            assert holding.due is not None
            hold = self._vault.hold_of(holding.item)
            yield Due(
                key=holding.item,
                shelf=holding.shelf,
                since=holding.due,
                then=self._next(holding.version, holding.shelf),
                trigger_on=holding.trigger_on,
                hold=hold.reason if hold else "",
                hold_until=hold.until if hold else None,
            )
        for one in self._vault.restricted_due(on):
            yield replace(self._line(one, nexts), restricted=True)

    def _line(self, one: DueItem, nexts: dict[tuple[str, str], str | None]) -> Due:
        """Return what a sweep says of an item; ``nexts``: the shelf that follows each, as far as it was asked."""
        place = (one.version, one.shelf)
        if place not in nexts:
            nexts[place] = self._next(*place)
        return Due(one.item, one.shelf, one.due, nexts[place], one.trigger_on)

    def _next(self, version: str, shelf: str) -> str | None:
        """Return the shelf that follows one of a version, if the statement in force still has it."""
        now = self._statements.in_force()
        then = self._statements.version(version) or now
        found = then.policy.shelves.get(shelf)
        return found.then if found and found.then in now.policy.shelves else None

    def erase(self, keys: Sequence[str], *, ground: str, actor: ActorId) -> int:
        """Erase these items; return how many a renewed search still finds."""
        return self._vault.erase([ItemId(key) for key in keys], ground=ground, actor=actor).found_afterwards

    def move(self, due: Sequence[Due], *, actor: ActorId) -> None:
        """Move items to the shelf that follows; the next period counts from the same event."""
        groups: defaultdict[tuple[str, date], list[ItemId]] = defaultdict(list)
        for one in due:
            assert one.then is not None
            groups[one.then, one.trigger_on or one.since].append(ItemId(one.key))
        shelves = self._statements.in_force().policy.shelves
        for (then, trigger), items in groups.items():
            shelf = shelves[then]
            until = keeping(trigger, shelf.period, shelf.counts_from)
            self._vault.move(
                items, ShelfId(then), trigger, until.erase_from, actor=actor, reason=f"shelf {then} follows"
            )

    def count(self) -> int:
        """Return the number of items in the vault."""
        return self._vault.counts().items
