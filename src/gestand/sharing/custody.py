"""The records of sharing as a custodian: each leaves when the term of its purpose's shelf is over.

The term counts from the day on which data were given, or an order was closed. An open order has no end, nor has a telling
before that of its disclosure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from gestand.kernel.clock import local_date
from gestand.kernel.ids import ActorId
from gestand.retention.model import Due
from gestand.sharing.records import Records

SHELF = "sharing"
"""How retention calls what leaves here; the term itself is that of the shelf of each record's purpose."""


class SharingCustodian:
    """Lets retention drive the records of what was given."""

    name = "sharing"

    def __init__(self, records: Records) -> None:
        self._records = records

    def due(self, on: date) -> Iterator[Due]:
        """Yield the records whose time is over, oldest first."""
        for record, since in self._records.due(on):
            yield Due(record, SHELF, since)

    def foreseen(self, until: date) -> Iterator[Due]:
        """Yield of these what a forecast may tell: an order that is secret today, and what was given on it, is not counted."""
        secret = self._records.secret(local_date(self._records.clock()))
        return (one for one in self.due(until) if one.key not in secret)

    def erase(self, keys: Sequence[str], *, ground: str, actor: ActorId) -> int:  # noqa: ARG002 - the ledger's entry has one ground
        """Remove these records; return how many are still there."""
        self._records.leave(keys, actor=actor)
        return sum(self._records.store.one(key) is not None for key in keys)

    def move(self, due: Sequence[Due], *, actor: ActorId) -> None:  # noqa: ARG002 - of the protocol
        """Move nothing: what is due here leaves (``due`` never names a next shelf)."""
        assert not due

    def count(self) -> int:
        """Return how many records there are."""
        return self._records.store.count()
