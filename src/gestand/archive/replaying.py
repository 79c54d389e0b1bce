"""What left the archive after a copy of it was made, taken out of that copy: for a restore."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gestand.archive.sealing import thing_of
from gestand.archive.store import ArchiveStore
from gestand.ledger.model import Event
from gestand.storage.engine import Engine
from gestand.vault.lockers import Lockers

REPLAYED = "replayed"


def erased_messages(events: Iterable[Event]) -> Iterator[str]:
    """Yield the ids of every message that the ledger says was erased, or was going to be."""
    for event in events:
        ids = event.facts.get("ids") if event.name == "message.erasing" else None
        if isinstance(ids, tuple):
            yield from ids


def forget_messages(engine: Engine, lockers: Lockers, messages: Iterable[str]) -> int:
    """Erase messages from a copy; return how many were in it. The index is in no copy, so there is nothing to take out."""
    store = ArchiveStore(engine)
    things = [thing_of(message) for message in messages]
    numbers = [kept.number for kept, _ in store.of_things(things)]
    with engine.transaction():
        lockers.destroy(things)
        store.delete(REPLAYED, numbers)
    return len(numbers)
