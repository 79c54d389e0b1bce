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
from gestand.archive.model import OpenedMessage
from gestand.archive.workroom import Workroom
from gestand.kernel.clock import local_date
from gestand.kernel.errors import GestandError
from gestand.kernel.ids import SYSTEM, PurposeId

WINDOW: Final = timedelta(days=100)
"""How far back it is heard: what is older was imported, and somebody has acted on it long ago."""
TOGETHER: Final = 50
REASON: Final = "did a letter come back, does it ask to stop"

Listener = Callable[[bytes], object]
"""Called with the bytes of a message that came in; returns something true if it did anything upon that."""


def listen(room: Workroom, listeners: Sequence[Listener]) -> int:
    """Tell every listener what came in since the last time; return how many messages that were.

    :raises GestandError: ``mail-unheard`` once all are told, if a listener failed on some of them: those are passed over.
    """
    told, last = 0, room.store.heard()
    unheard: list[str] = []
    since = local_date(room.clock() - WINDOW)
    purpose = PurposeId(room.statements.in_force().policy.rights.purpose)
    numbers = room.store.numbers(last)
    while group := list(islice(numbers, TOGETHER)):
        ours = room.store.sent(group)
        fresh = [(k, thing) for k, thing in room.store.kept(group) if k.received >= since and k.number not in ours]
        keys = room.lockers.open_many([thing for _, thing in fresh])  # one that nobody can open holds up no other
        wanted = opening.allowed(room, [(k, thing) for k, thing in fresh if thing in keys], purpose)
        opened = opening.open_messages(room, wanted, purpose, actor=SYSTEM, reason=REASON) if wanted else []
        for one in opened:
            _tell(room, one, listeners, unheard)
            room.failpoint("heard")
        room.store.set_heard(group[-1])
        told += len(opened)
    if unheard:
        raise GestandError(
            "mail-unheard",
            f"what came in could not all be looked through for bounces and requests to stop: {', '.join(unheard)}",
            where="archive",
            remedy="Read these messages yourself; they are kept and are not looked through again. Report it: see SECURITY.md.",
        )
    return told


def _tell(room: Workroom, one: OpenedMessage, listeners: Sequence[Listener], unheard: list[str]) -> None:
    """Tell every listener a message, and note that it was heard if one of them did anything."""
    try:
        with room.store.engine.transaction():
            acted = [hear(one.raw) for hear in listeners]
            if any(acted):
                room.store.set_heard(one.kept.number)
    except GestandError:
        raise
    except Exception:  # noqa: BLE001 - anybody may send it: what a listener stumbles over, the next one hears all the same
        for hear in listeners:
            _tell_alone(room, one, hear, unheard)


def _tell_alone(room: Workroom, one: OpenedMessage, hear: Listener, unheard: list[str]) -> None:
    try:
        with room.store.engine.transaction():
            hear(one.raw)
    except GestandError:
        raise
    except Exception as fault:  # noqa: BLE001 - as above; it is told when all the others are
        unheard.append(f"{one.kept.message} ({type(fault).__name__})")
