"""What came in is told to whoever must hear of it, once: that a letter came back, that someone wants no more newsletters.

kept in the archive -> opened for the purpose of rights (in the ledger) -> heard, and noted as heard in the same transaction.
Killed in between, it is heard again from the first message that was not noted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import islice
from typing import Final

from gestand.archive import opening
from gestand.archive.workroom import Workroom
from gestand.kernel.clock import local_date
from gestand.kernel.ids import SYSTEM, PurposeId

WINDOW: Final = timedelta(days=100)
"""How far back it is heard: what is older was imported, and somebody has acted on it long ago."""
TOGETHER: Final = 50
REASON: Final = "did a letter come back, does it ask to stop"

Listener = Callable[[bytes], object]
"""Called with the bytes of a message that came in; returns something true if it did anything upon that."""


def listen(room: Workroom, listeners: Sequence[Listener]) -> int:
    """Tell every listener what came in since the last time; return how many messages that were."""
    told, last = 0, room.store.heard()
    since = local_date(room.clock() - WINDOW)
    purpose = PurposeId(room.statements.in_force().policy.rights.purpose)
    numbers = room.store.numbers(last)
    while group := list(islice(numbers, TOGETHER)):
        ours = room.store.sent(group)
        fresh = [(k, thing) for k, thing in room.store.kept(group) if k.received >= since and k.number not in ours]
        wanted = opening.allowed(room, fresh, purpose)
        opened = opening.open_messages(room, wanted, purpose, actor=SYSTEM, reason=REASON) if wanted else []
        for one in opened:
            with room.store.engine.transaction():
                acted = [hear(one.raw) for hear in listeners]
                if any(acted):
                    room.store.set_heard(one.kept.number)
            room.failpoint("heard")
        room.store.set_heard(group[-1])
        told += len(opened)
    return told
