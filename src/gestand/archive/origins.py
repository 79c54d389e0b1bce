"""Where messages lie besides: the mailbox at the provider, until they are taken out of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from gestand.archive.model import Origin
from gestand.archive.sealing import open_way, origin_token
from gestand.archive.workroom import Workroom
from gestand.kernel.ids import ActorId
from gestand.ledger.model import Event
from gestand.vault.place import day_number


def lying_there(room: Workroom, older_than: int) -> Iterator[Origin]:
    """Yield the messages that lie at their origin still; see ``Archive.origins``."""
    for number, sealed in room.store.origins(_day(room, older_than)):
        for kept, thing in room.store.kept([number]):
            key = room.lockers.open(thing)
            if key is not None:
                way = open_way(key, thing, sealed)
                yield Origin(kept.message, kept.received, way.place, way.folder, way.at_origin)


def count(room: Workroom, older_than: int) -> int:
    """Return how many lie there still; see ``Archive.origin_count``."""
    return room.store.origin_count(_day(room, older_than))


def emptied(room: Workroom, places: Iterable[tuple[str, str, str]], *, actor: ActorId) -> int:
    """Note that messages lie there no more; see ``Archive.emptied``."""
    tokens = [origin_token(room.content_key, *place) for place in places]
    with room.store.engine.transaction():
        gone = room.store.emptied(tokens, room.clock())
        if gone:
            room.ledger.stage(Event("message.emptied", room.clock(), actor, {"messages": gone}))
    return gone


def _day(room: Workroom, older_than: int) -> int:
    return day_number(room.today() - timedelta(days=older_than)) or 0
