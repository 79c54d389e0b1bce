"""A piece of post becomes what it is: its scan a message in the archive, what it asks a request, and a line in the book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

from gestand.archive.model import WayKind
from gestand.archive.ways import typed as writing
from gestand.archive.ways.typed import Typed
from gestand.kernel.clock import AMSTERDAM, local_date
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId
from gestand.rights.model import Channel, Right
from gestand.rights.postbook import Piece, What
from gestand.system import System


def enter_post(
    house: System,
    way: Channel,
    what: What,
    *,
    person: str,
    right: Right | None,
    scans: Sequence[Path],
    filed: str,
    on: date | None,
    actor: ActorId,
) -> Piece:
    """Enter a piece of post and return its line in the book.

    The scan is sealed first, then the request is recorded, then the line: killed in between, nothing that came in is lost.

    :raises UsageError: ``postbook-date``, ``postbook-filed``; ``request-contact`` if a request or scan names nobody.
    :raises InputError: ``letter-scan``.
    """
    now = house.clock()
    day = on or local_date(now)
    if day > local_date(now):
        raise UsageError("postbook-date", f"{day} has not come yet", where="--on", remedy="Give the day it came in.")
    at = now if day == local_date(now) else datetime.combine(day, time(12), AMSTERDAM)
    message = ""
    if scans:
        if not person.strip():
            raise UsageError(
                "request-contact", "a scan comes from somewhere", where="--from", remedy="Say who wrote it."
            )
        firm = next(
            (one.value for one in house.statements.in_force().policy.controller.contacts if one.kind == "email"), ""
        )
        kind: WayKind = "letter" if way is Channel.POST else "note"
        typed = Typed(kind, person, f"Post: {what}", "", at, attachments=writing.scans(scans))
        message = str(house.ways.note(typed, firm).message)
    request = ""
    if right is not None:
        request = house.requests.receive(right, contact=person, channel=way, actor=actor, received_at=at).id
    return house.post_book.add(way, what, filed=filed, actor=actor, received_on=day, request=request, message=message)
