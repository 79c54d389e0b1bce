"""The list of requests as a custodian: a closed request and its decisions leave when the period of its shelf is over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId, RequestId
from gestand.law.periods import keeping
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.publication.service import Publication
from gestand.retention.model import Due
from gestand.rights.model import Right, SubjectRequest
from gestand.rights.store import RequestStore
from gestand.sources.service import Sources
from gestand.statement.policy import Policy, Trigger
from gestand.storage.engine import Engine


def shelf_of(policy: Policy, request: SubjectRequest) -> str:
    """Return the shelf of a request: that of rights, of a plain question that of questions where the policy has one."""
    if request.right is Right.QUESTION:
        asked = next((name for name, one in policy.shelves.items() if one.trigger is Trigger.QUESTION_ANSWERED), "")
        return asked or policy.rights.shelf
    return policy.rights.shelf


class RequestCustodian:
    """Lets retention drive the list of requests. The shelf is that of the statement in force on the day it closed."""

    name = "requests"

    def __init__(self, engine: Engine, ledger: Ledger, statements: Publication, clock: Clock, sources: Sources) -> None:
        self._store = RequestStore(engine)
        self._sources = sources
        self._engine = engine
        self._ledger = ledger
        self._statements = statements
        self._clock = clock

    def due(self, on: date) -> Iterator[Due]:
        """Yield the requests whose time is over, oldest first. An open one is never due."""
        for request in self._store.ended(on):
            assert request.closed_at is not None
            closed = local_date(request.closed_at)
            policy = self._policy(closed)
            name = shelf_of(policy, request)
            shelf = policy.shelves[name]
            since = keeping(closed, shelf.period, shelf.counts_from).erase_from
            if since <= on:
                yield Due(request.id, name, since, trigger_on=closed)

    def erase(self, keys: Sequence[str], *, ground: str, actor: ActorId) -> int:
        """Remove these requests with their decisions; return how many are still listed."""
        now = self._clock()
        with self._engine.transaction():
            for key in keys:
                self._store.delete(RequestId(key))
                self._sources.erasures.forget(key)
                self._ledger.stage(Event("request.expired", now, actor, {"request": key, "ground": ground}))
        return sum(self._store.one(key) is not None for key in keys)

    def move(self, due: Sequence[Due], *, actor: ActorId) -> None:  # noqa: ARG002 - of the protocol
        """Move nothing: what is due here leaves (``due`` never names a next shelf)."""
        assert not due

    def count(self) -> int:
        """Return how many requests are listed."""
        return self._store.count()

    def _policy(self, closed: date) -> Policy:
        try:
            return self._statements.in_force(closed).policy
        except RefusedError:  # closed before any version was in force here
            return self._statements.in_force().policy
