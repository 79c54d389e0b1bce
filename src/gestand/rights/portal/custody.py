"""Portal codes as a custodian: a code that opens nothing any more leaves at the next run of retention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from gestand.kernel.clock import local_date
from gestand.kernel.ids import ActorId
from gestand.retention.model import Due
from gestand.rights.portal.store import CodeStore
from gestand.storage.engine import Engine

SHELF = "portal"


class CodeCustodian:
    """Lets retention drive the list of codes."""

    name = "portal"

    def __init__(self, engine: Engine) -> None:
        self._store = CodeStore(engine)
        self._engine = engine

    def due(self, on: date) -> Iterator[Due]:
        """Yield the codes whose time was over before ``on`` began, the longest past first."""
        before = datetime.combine(on, time(), UTC) - timedelta(hours=2)  # midnight in Amsterdam is never earlier
        for code in self._store.past(before):
            yield Due(code.mark, SHELF, local_date(code.until), trigger_on=local_date(code.until))

    def erase(self, keys: Sequence[str], *, ground: str, actor: ActorId) -> int:  # noqa: ARG002 - of the protocol
        """Remove these codes; return how many are still listed. The ledger has them in the run's own entry."""
        with self._engine.transaction():
            for key in keys:
                self._store.delete(key)
        return sum(self._store.one(key) is not None for key in keys)

    def move(self, due: Sequence[Due], *, actor: ActorId) -> None:  # noqa: ARG002 - of the protocol
        """Move nothing: what is due here leaves."""
        assert not due

    def count(self) -> int:
        """Return how many codes are listed."""
        return self._store.count()
