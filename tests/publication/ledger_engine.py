"""A ledger that only remembers: the world below the publication."""

from __future__ import annotations

from gestand.ledger.model import Event
from gestand.storage.engine import Engine


class Memory:
    """A ledger that remembers what was staged with a transaction that committed."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.events: list[Event] = []

    def stage(self, event: Event) -> None:
        assert self.engine.in_transaction()
        self.engine.after_commit(lambda: self.events.append(event))
