"""What stands beside requests as a custodian: settled proposals, the post book, answers that nobody fetched.

And by what a person is known again in other systems who was erased at once, without a request: as long as the file of a request is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.ids import ActorId
from gestand.law.periods import keeping
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.retention.model import Due
from gestand.rights import case_store as sql
from gestand.rights.moving import LASTS
from gestand.rights.proposal import proposals_in
from gestand.rights.searching import UNASKED
from gestand.sources.service import Sources
from gestand.storage.engine import Engine
from gestand.vault.model import Statements

DROPS = {"prp": sql.DROP_PROPOSAL, "pst": sql.DROP_BOOK, "req": sql.DROP_PARCEL, "mov": sql.DROP_MOVE}
"""How a row leaves, by the beginning of its key."""


class CaseCustodian:
    """Proposals and the post book obey the shelf of request files; an answer or a change of address that waits leaves on its last day."""

    name = "cases"

    def __init__(self, engine: Engine, ledger: Ledger, statements: Statements, clock: Clock, sources: Sources) -> None:
        self._engine = engine
        self._ledger = ledger
        self._statements = statements
        self._clock = clock
        self._sources = sources

    def due(self, on: date) -> Iterator[Due]:
        """Yield what is over; an open proposal never is."""
        policy = self._statements.in_force().policy
        name = policy.rights.shelf
        shelf = policy.shelves[name]
        dated = [
            (one.id, local_date(one.settled_at)) for one in proposals_in(self._engine) if one.settled_at is not None
        ]
        dated += [(str(row[0]), date.fromisoformat(str(row[1]))) for row in self._engine.execute(sql.BOOK)]
        dated += self._erased_at_once().items()
        for key, since in sorted(dated, key=lambda one: one[1]):
            leaves = keeping(since, shelf.period, shelf.counts_from).erase_from
            if leaves <= on:
                yield Due(key, name, leaves, trigger_on=since)
        for move, made in self._engine.execute(sql.MOVE_DAYS):
            last = local_date(datetime.fromisoformat(str(made)) + LASTS)
            if last <= on:
                yield Due(str(move), name, last, trigger_on=last)
        for request, expires in self._engine.execute(sql.PARCEL_DAYS):
            last = local_date(datetime.fromisoformat(str(expires)))
            if last <= on:
                yield Due(str(request), name, last, trigger_on=last)

    def erase(self, keys: Sequence[str], *, ground: str, actor: ActorId) -> int:
        """Remove these rows; return how many are still there."""
        with self._engine.transaction():
            for key in keys:
                if key.startswith(UNASKED):
                    self._sources.erasures.forget(key)
                else:
                    self._engine.execute(DROPS[key[:3]], (key,))
            if keys:
                facts: dict[str, Fact] = {"what": "case", "n": len(keys), "ground": ground}
                self._ledger.stage(Event("request.leftover", self._clock(), actor, facts))
        return len(self._there() & set(keys))

    def move(self, due: Sequence[Due], *, actor: ActorId) -> None:  # noqa: ARG002 - of the protocol
        """Move nothing: what is due here leaves."""
        assert not due

    def count(self) -> int:
        """Return how many rows there are."""
        return len(self._there())

    def _erased_at_once(self) -> Mapping[str, date]:
        known = self._sources.erasures.known_again()  # those of a request leave with it
        return {job: since for job, since in known.items() if job.startswith(UNASKED)}

    def _there(self) -> set[str]:
        rows = [*self._erased_at_once(), *(one.id for one in proposals_in(self._engine))]
        rows += [str(row[0]) for row in self._engine.execute(sql.BOOK)]
        rows += [str(row[0]) for row in self._engine.execute(sql.MOVE_DAYS)]
        return {*rows, *(str(row[0]) for row in self._engine.execute(sql.PARCEL_DAYS))}
