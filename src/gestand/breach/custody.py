"""The list of breaches as a custodian: a closed one leaves with all its rows when the period of its shelf is over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from gestand.breach.filing import BreachFiles, file_place
from gestand.breach.store import BreachStore
from gestand.kernel.clock import Clock, local_date
from gestand.kernel.ids import ActorId, BreachId
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.retention.model import Due
from gestand.storage.engine import Engine
from gestand.vault.model import Statements
from gestand.vault.service import Vault


class BreachCustodian:
    """Lets retention drive the list of breaches; the sealed files themselves are the vault's."""

    name = "breaches"

    def __init__(self, engine: Engine, vault: Vault, ledger: Ledger, statements: Statements, clock: Clock) -> None:
        self._store = BreachStore(engine)
        self._files = BreachFiles(vault, statements, clock)
        self._engine = engine
        self._ledger = ledger
        self._statements = statements
        self._clock = clock

    def due(self, on: date) -> Iterator[Due]:
        """Yield the breaches whose time is over, oldest first. One that still runs is never due."""
        for breach in self._store.ended(on):
            since = self._files.due_on(breach)
            if since is not None and since <= on and breach.closed_at is not None:
                shelf = file_place(self._statements.in_force().policy).shelf
                yield Due(breach.id, shelf, since, trigger_on=local_date(breach.closed_at))

    def erase(self, keys: Sequence[str], *, ground: str, actor: ActorId) -> int:
        """Remove these breaches with all their rows; return how many are still listed."""
        now = self._clock()
        with self._engine.transaction():
            for key in keys:
                self._store.delete(BreachId(key))
                self._ledger.stage(Event("breach.expired", now, actor, {"breach": key, "ground": ground}))
        return sum(self._store.one(key) is not None for key in keys)

    def move(self, due: Sequence[Due], *, actor: ActorId) -> None:  # noqa: ARG002 - of the protocol
        """Move nothing: what is due here leaves (``due`` never names a next shelf)."""
        assert not due

    def count(self) -> int:
        """Return how many breaches are listed, rehearsals included."""
        return self._store.count()
