"""The post book: what came by letter, telephone or at the counter, and what left by post: when, what it is, where it is filed.

Who wrote and what it says stand where it was filed (a request's file, the archive); the book holds dates, kinds and numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, new_id
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.post.model import Outgoing
from gestand.post.outbox import token_of
from gestand.rights import case_store as sql
from gestand.rights.model import Channel
from gestand.storage.engine import Engine


class What(StrEnum):
    """What came in; ``sent``: what left."""

    REQUEST = "request"
    COMPLAINT = "complaint"
    ORDER = "order"  # of an authority
    BUSINESS = "business"  # invoices, agreements
    OTHER = "other"
    SENT = "sent"  # a letter of ours, put in the post


@dataclass(frozen=True, slots=True)
class Piece:
    """One entry of the book. ``request``, ``message``: what it became; ``filed``: in words of the firm, where the paper lies."""

    id: str
    received_on: date
    entered_at: datetime
    way: Channel
    what: What
    filed: str
    request: str
    message: str
    entered_by: ActorId


class PostBook:
    """The book; entries are added, and leave when their shelf's period is over."""

    def __init__(self, engine: Engine, ledger: Ledger, clock: Clock, entropy: Entropy) -> None:
        self._engine = engine
        self._ledger = ledger
        self._clock = clock
        self._entropy = entropy

    def add(
        self,
        way: Channel,
        what: What,
        *,
        filed: str,
        actor: ActorId,
        received_on: date | None = None,
        request: str = "",
        message: str = "",
    ) -> Piece:
        """Enter a piece; ``filed`` says where the paper lies, in a few words without names.

        :raises UsageError: ``postbook-date`` for a day that has not come; ``postbook-filed`` if it is filed nowhere.
        """
        now = self._clock()
        on = received_on or local_date(now)
        if on > local_date(now):
            raise UsageError("postbook-date", f"{on} has not come yet", where="--on", remedy="Give the day it came in.")
        if not (filed.strip() or request or message):
            raise UsageError(
                "postbook-filed", "it is filed nowhere", where="--filed", remedy="Say where the paper lies, or scan it."
            )
        piece = Piece(new_id("pst", self._entropy), on, now, way, what, filed.strip()[:120], request, message, actor)
        with self._engine.transaction():
            row = (piece.id, on.isoformat(), now.isoformat(), str(way), str(what), piece.filed, request, message, actor)
            self._engine.execute(sql.ADD_BOOK, row)
            facts = {"entry": piece.id, "way": str(way), "what": str(what), "on": on.isoformat()}
            self._ledger.stage(Event("postbook.entered", now, actor, facts))
        return piece

    def sent(self, outgoing: Outgoing, *, actor: ActorId, on: date) -> Piece:
        """Enter a letter that was put in the post on a day: its number in the outbox, and the request it belongs to."""
        request = outgoing.reference if outgoing.reference.startswith("req_") else ""
        number = token_of(outgoing.message_id)
        return self.add(Channel.POST, What.SENT, filed=number, actor=actor, received_on=on, request=request)

    def all(self) -> Iterator[Piece]:
        """Yield every entry, oldest first."""
        for row in self._engine.execute(sql.BOOK):
            text = [str(value) for value in row]
            yield Piece(
                text[0], date.fromisoformat(text[1]), datetime.fromisoformat(text[2]), Channel(text[3]), What(text[4]),
                text[5], text[6], text[7], ActorId(text[8]),
            )  # fmt: skip
