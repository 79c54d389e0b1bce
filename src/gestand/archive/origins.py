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


class Origins:
    """The messages that lie at their origin still."""

    def __init__(self, room: Workroom) -> None:
        self._room = room

    def lying(self, *, older_than: int = 0) -> Iterator[Origin]:
        """Yield those received ``older_than`` days ago or longer, oldest first."""
        room = self._room
        for number, sealed in room.store.origins(self._day(older_than)):
            for kept, thing in room.store.kept([number]):
                key = room.lockers.open(thing)
                if key is not None:
                    way = open_way(key, thing, sealed)
                    yield Origin(kept.message, kept.received, way.place, way.folder, way.at_origin)

    def count(self, *, older_than: int = 0) -> int:
        """Return how many were received ``older_than`` days ago or longer."""
        return self._room.store.origin_count(self._day(older_than))

    def emptied(self, places: Iterable[tuple[str, str, str]], *, actor: ActorId) -> int:
        """Note that messages lie there no more; each by place, folder and ``at_origin`` of its way. Return how many did."""
        room = self._room
        tokens = [origin_token(room.content_key, *place) for place in places]
        with room.store.engine.transaction():
            gone = room.store.emptied(tokens, room.clock())
            if gone:
                room.ledger.stage(Event("message.emptied", room.clock(), actor, {"messages": gone}))
        return gone

    def _day(self, older_than: int) -> int:
        return day_number(self._room.today() - timedelta(days=older_than)) or 0
