"""Turning the key-encryption key. Afterwards an older copy of the key store holds only noise (SECURITY.md 2.4).

1. the new epoch's key is put on stable storage;
2. every key is wrapped anew under it, checked, committed; the old wrappings are taken out of the file and its log;
3. one transaction of the main store: every blind token mapped under the new epoch, ``epoch.opened`` and ``epoch.closed``;
4. the keys of older epochs are overwritten and removed.

Killed anywhere, there are two epoch files: ``resume`` takes the steps that are left.
"""

from __future__ import annotations

from gestand.kernel.crypto import permute, unpermute
from gestand.kernel.ids import SYSTEM, ActorId
from gestand.ledger.model import Event
from gestand.vault.model import Rotation
from gestand.vault.room import Room
from gestand.vault.sealing import TOKEN_SIZE


def rotate(room: Room, *, actor: ActorId) -> Rotation:
    """Turn the key; see ``Vault.rotate``."""
    if len(room.keys.epochs()) == 1:
        room.keys.open_epoch()
        room.failpoint("rotate.opened")
    return _turn(room, actor)


def resume(room: Room) -> None:
    """Take the steps that are left of a rotation that was interrupted."""
    if len(room.keys.epochs()) > 1:
        _turn(room, SYSTEM)


def _turn(room: Room, actor: ActorId) -> Rotation:
    epoch = room.keys.current
    with room.store.engine.transaction():  # while it is held no other process makes or wraps a key
        rewrapped = room.keys.rewrap()
        room.failpoint("rotate.rewrapped")
        before = room.store.tokens_epoch()
        if before != epoch.number:
            if before is not None:
                _map_tokens(room, room.keys.epoch(before).token_key, epoch.token_key)
            room.store.set_tokens_epoch(epoch.number)
            closed = epoch.number - 1 if before is None else before
            room.ledger.stage(Event("epoch.opened", room.clock(), actor, {"epoch": epoch.number}))
            room.ledger.stage(Event("epoch.closed", room.clock(), actor, {"epoch": closed, "rewrapped": rewrapped}))
        room.failpoint("rotate.tokens")
    room.failpoint("rotate.committed")
    room.store.engine.expunge()
    room.keys.close_epochs()
    room.failpoint("rotate.closed")
    return Rotation(epoch.number, rewrapped)


def _map_tokens(room: Room, old: bytes, new: bytes) -> None:
    for page in room.store.token_pages():
        mapped = permute(new, unpermute(old, b"".join(token for _, _, token in page)))
        room.store.replace_tokens(
            [
                (subject, number, token, mapped[at * TOKEN_SIZE : (at + 1) * TOKEN_SIZE])
                for at, (subject, number, token) in enumerate(page)
            ]
        )
