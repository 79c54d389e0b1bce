"""What keeps the vault sound: what a crash interrupted is finished, keys turn, seals are checked, an older copy catches up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from gestand.kernel.ids import ActorId, SubjectId
from gestand.ledger.model import Event
from gestand.storage.engine import Engine
from gestand.vault import replaying, resuming, rotating
from gestand.vault.model import (
    Rotation,
)
from gestand.vault.outlived import Outlived, drop_outlived
from gestand.vault.replaying import Replay
from gestand.vault.room import Room


class Upkeep:
    """The part of the vault that an owner runs, not a purpose."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def cut_residue(self) -> None:
        """Take what was deleted out of the logs of both stores now; it would leave them within a second.

        :raises GestandError: ``store-busy`` while another process reads or writes.
        """
        self._room.residue.cut()

    def resume(self) -> int:
        """Finish erasures and changes that a crash interrupted; return how many erasures that were."""
        finished = resuming.resume(self._room)
        rotating.resume(self._room)
        return finished

    def keep_beside(self, leave: Callable[[Sequence[SubjectId]], None]) -> None:
        """Let ``leave`` remove what is kept beside subjects of whom an erasure leaves nothing, in the transaction that does so.

        So nothing of them stays behind, wherever the erasure is killed. A restore tells them apart (``Replay.emptied``).
        """
        self._room.beside.append(leave)

    def rotate(self, *, actor: ActorId) -> Rotation:
        """Turn the key-encryption key: what was erased before is unreadable in every older copy of the key store."""
        return rotating.rotate(self._room, actor=actor)

    def reindex(self, *, actor: ActorId) -> int:
        """Make every blind token anew from the values, and return how many; no value leaves the vault.

        For a statement that makes other fields identifying, and for an older copy of the main store whose epoch's key was
        destroyed since (``resume`` sees that by itself).
        """
        return rotating.reindex(self._room, actor=actor)

    def epochs(self) -> tuple[int, ...]:
        """Return the epochs whose key exists, oldest first: one, or two while the key is being turned."""
        return tuple(self._room.keys.epochs())

    def verify(self) -> None:
        """Read every page of both files and check its seal.

        :raises DamagedError: if one does not verify.
        """
        self._room.store.engine.verify()
        self._room.keys.verify()

    def replay(self, events: Iterable[Event]) -> Replay:
        """Do again what the ledger says was done after this copy of the vault was made; see ``replaying``."""
        return replaying.replay(self._room, events)

    def referred(self, references: Collection[str]) -> dict[str, SubjectId]:
        """Return of those of these references of the ledger whose subject is here, which subject that is."""
        return replaying.referred(self._room, references)

    def drop_outlived(self, erased: Collection[str]) -> Outlived:
        """Delete what has no key in a later key store, and keys without a datum; see ``outlived``. Only for a restore."""
        return drop_outlived(self._room, erased)

    def erased_and_here(self, marks: Collection[str]) -> int:
        """Return how many of the items that stand in the ledger under ``marks`` are in the vault."""
        return len(replaying.places(self._room, marks))

    def verify_seals(self) -> int:
        """Check the seal of every datum and return how many there are; no value leaves.

        :raises DamagedError: at the first that does not open under its key.
        """
        return replaying.verify_seals(self._room)

    def stores(self) -> tuple[Engine, Engine]:
        """Return the stores of data and of keys, for who copies both at one moment."""
        return self._room.store.engine, self._room.keys.engine

    def close(self) -> None:
        """Take what was deleted out of the logs and close the key store; the main store belongs to the caller."""
        try:
            self._room.residue.close()
        finally:
            self._room.concluding.close()
            self._room.keys.close()
