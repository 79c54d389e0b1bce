"""What was done to messages after a copy was made, done again to that copy: erased, held, restricted. For a restore."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from gestand.archive.model import MessageHold
from gestand.archive.sealing import thing_of
from gestand.archive.store import ArchiveStore
from gestand.archive.tables import seconds
from gestand.ledger.model import Event
from gestand.storage.engine import Engine
from gestand.vault.lockers import Lockers
from gestand.vault.place import day_number

REPLAYED = "replayed"
_TOGETHER = 500
_MARKS = frozenset({"message.restricted", "message.released", "hold.placed"})


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


def drop_closed(engine: Engine, lockers: Lockers) -> int:
    """Take messages out of a copy that no key opens, because the keys are of a later copy; return how many."""
    store, opened = ArchiveStore(engine), set(lockers.things())
    closed: list[int] = []
    numbers = list(store.numbers())
    for at in range(0, len(numbers), _TOGETHER):
        kept = store.kept(numbers[at : at + _TOGETHER])
        closed += [one.number for one, thing in kept if thing not in opened]
    with engine.transaction():
        store.delete(REPLAYED, closed)
    return len(closed)


def mark_again(engine: Engine, events: Iterable[Event]) -> int:
    """Place and lift again the legal holds and restrictions of ``events``, in their order; return how many messages they touch.

    A class that a person gave is not among them: its end counts from an arrival that the ledger does not hold.
    """
    store, touched = ArchiveStore(engine), 0
    for event in events:
        named = event.facts.get("ids")
        numbers = _numbers(store, named) if isinstance(named, tuple) else []
        reason, at = str(event.facts.get("reason") or ""), event.at
        with engine.transaction():
            if event.name == "message.restricted":
                store.holds.restrict(numbers, reason, event.actor, seconds(at))
            elif event.name == "message.released":
                store.holds.unrestrict(numbers)
            elif event.name == "hold.placed" and numbers:
                until = event.facts.get("until")
                end = date.fromisoformat(str(until)) if until else None
                hold = MessageHold(str(event.facts["hold"]), (), reason, event.actor, at, end)
                store.holds.again(hold, numbers, day_number(end))
            elif event.name == "hold.lifted":
                store.holds.lift(str(event.facts.get("hold")))
        touched += len(numbers) if event.name in _MARKS else 0
    return touched


def _numbers(store: ArchiveStore, messages: Iterable[object]) -> list[int]:
    return [kept.number for kept, _ in store.of_things([thing_of(str(message)) for message in messages])]
