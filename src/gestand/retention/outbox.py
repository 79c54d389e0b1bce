"""The outbox as a custodian: proof of sending leaves with the shelf it was sent for, and so does what never could be sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.ids import ActorId
from gestand.law.periods import keeping
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.post.model import Outgoing
from gestand.post.outbox import token_of
from gestand.post.service import Post
from gestand.retention.model import Due
from gestand.storage.engine import Engine
from gestand.vault.model import Statements


class OutboxCustodian:
    """Lets retention drive the outbox. The period counts from the day a message was settled, else from when it was queued."""

    name = "outbox"

    def __init__(self, post: Post, engine: Engine, ledger: Ledger, statements: Statements, clock: Clock) -> None:
        self._post = post
        self._engine = engine
        self._ledger = ledger
        self._statements = statements
        self._clock = clock

    def due(self, on: date) -> Iterator[Due]:
        """Yield the messages whose time is over, oldest first."""
        found = [due for one in self._post.all() if (due := self._due(one)).since <= on]
        yield from sorted(found, key=lambda due: due.since)

    def erase(self, keys: Sequence[str], *, ground: str, actor: ActorId) -> int:
        """Remove these messages; return how many are still there."""
        with self._engine.transaction():
            for key in keys:
                self._ledger.stage(
                    Event("mail.expired", self._clock(), actor, {"message": token_of(key), "ground": ground})
                )
        self._post.forget(keys)
        return self._post.there(keys)

    def move(self, due: Sequence[Due], *, actor: ActorId) -> None:  # noqa: ARG002 - of the protocol
        """Move nothing: what is due here leaves (``due`` never names a next shelf)."""
        assert not due

    def count(self) -> int:
        """Return how many messages are kept."""
        return sum(self._post.counts().values())

    def _due(self, one: Outgoing) -> Due:
        policy = self._statements.in_force().policy
        shelf_id = one.shelf if one.shelf in policy.shelves else policy.rights.shelf
        shelf = policy.shelves[shelf_id]
        ended = local_date(one.settled_at or one.queued_at)
        return Due(
            one.message_id, shelf_id, keeping(ended, shelf.period, shelf.counts_from).erase_from, trigger_on=ended
        )
