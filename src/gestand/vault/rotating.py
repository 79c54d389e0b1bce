"""Turning the key-encryption key. Afterwards an older copy of the key store holds only noise.

1. the new epoch's key is put on stable storage;
2. every key is wrapped anew under it, checked, committed; the old wrappings are taken out of the file and its log;
3. one transaction of the main store: every blind token mapped under the new epoch, ``epoch.opened`` and ``epoch.closed``;
4. the keys of older epochs are overwritten and removed.

Killed anywhere, there are two epoch files: ``resume`` takes the steps that are left.
"""

from __future__ import annotations

from gestand.kernel.crypto import Sealer, permute, unpermute
from gestand.kernel.ids import SYSTEM, ActorId, FieldPath
from gestand.ledger.model import Event
from gestand.statement.policy import DataField
from gestand.vault.likeness import tokens_of
from gestand.vault.model import Rotation
from gestand.vault.room import Room
from gestand.vault.rows import ItemRow
from gestand.vault.sealing import bound_value


def rotate(room: Room, *, actor: ActorId) -> Rotation:
    """Turn the key; see ``Vault.rotate``."""
    if len(room.keys.epochs()) == 1:
        room.keys.open_epoch()
        room.failpoint("rotate.opened")
    return _turn(room, actor)


def resume(room: Room) -> None:
    """Take the steps that are left of a rotation that was interrupted."""
    epochs = room.keys.epochs()
    tokens = room.store.tokens_epoch()
    if len(epochs) > 1:
        _turn(room, SYSTEM)
    elif tokens is not None and tokens < epochs[-1]:  # an older copy of the main store, its epoch's key destroyed since
        reindex(room, actor=SYSTEM)
    if room.store.tokens_are_old():  # written by an earlier release
        reindex(room, actor=SYSTEM)


def reindex(room: Room, *, actor: ActorId) -> int:
    """Make every blind token anew from the values; see ``Vault.reindex``."""
    policy, epoch = room.statements.in_force().policy, room.keys.current
    made = 0
    with room.store.engine.transaction():
        room.store.delete_all_tokens()
        for subject in room.store.subjects():
            ring = room.keys.ring(subject)
            rows = room.store.items(subject)
            fields = [room.catalogue.activity(row.activity).field for row in rows]
            bare = [
                _bare(room, row, ring.sealer(row.bucket), path, policy.field(path))
                for row, path in zip(rows, fields, strict=True)
            ]
            tokens = [permute(epoch.token_key, token) if token else None for token in bare]
            made_anew = [(token, subject, row.number) for token, row in zip(tokens, rows, strict=True)]
            room.store.set_tokens(made_anew)
            made += sum(1 for token in tokens if token)
        room.store.set_tokens_epoch(epoch.number)
        room.store.note_form()
        room.ledger.stage(Event("index.rebuilt", room.clock(), actor, {"tokens": made, "epoch": epoch.number}))
        room.failpoint("reindex.rows")
    room.store.engine.expunge(whole=True)
    room.failpoint("reindex.done")
    return made


def _bare(room: Room, row: ItemRow, sealer: Sealer | None, path: FieldPath, field: DataField | None) -> bytes:
    """Return the tokens of a datum before the epoch's mapping; none if it identifies nobody or is on its way out."""
    if sealer is None or field is None or not field.identifies:
        return b""
    bound = bound_value(row.subject, row.number, row.bucket, path)
    value = sealer.open(row.sealed, bound, "index").decode()
    return tokens_of(room.index_key, field.kind, value, row.subject, row.number)


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
    room.store.engine.expunge(whole=True)
    room.keys.close_epochs()
    room.failpoint("rotate.closed")
    return Rotation(epoch.number, rewrapped)


def _map_tokens(room: Room, old: bytes, new: bytes) -> None:
    room.store.delete_all_tokens()
    for page in room.store.token_pages():
        mapped = permute(new, unpermute(old, b"".join(tokens for _, _, tokens in page)))
        rows = []
        at = 0
        for subject, number, tokens in page:
            rows.append((mapped[at : at + len(tokens)], subject, number))
            at += len(tokens)
        room.store.set_tokens(rows)
