"""The checkpoints of a ledger where they are kept: all of them beside the log, the last one also outside the data folder.

The remembered one is what a rollback is found by: who puts an older copy of the whole data folder back cannot put it back too.
"""

from __future__ import annotations

import os
from pathlib import Path

from gestand.kernel.errors import DamagedError
from gestand.ledger import audit, keys
from gestand.ledger.log import Log, writing
from gestand.ledger.model import Checkpoint
from gestand.ledger.note import VerifyKey, read_checkpoint
from gestand.ledger.torn import mend
from gestand.ledger.tree import Tree


class Signed:
    """The file of all checkpoints, and the file of the one that is remembered."""

    def __init__(self, log: Log, tree: Tree, key: VerifyKey, remembered: Path, checkpoints: Path) -> None:
        self._log = log
        self._tree = tree
        self._key = key
        self._remembered = remembered
        self._checkpoints = checkpoints

    def all(self) -> tuple[Checkpoint, ...]:
        """Return all checkpoints, the oldest first, their signatures verified.

        :raises DamagedError: ``ledger-checkpoint``.
        """
        return audit.read_checkpoints(self._checkpoints, self._key)

    def text(self) -> bytes:
        """Return the file of all checkpoints as it stands; empty if there is none. The caller is alone on the tree."""
        return self._checkpoints.read_bytes() if self._checkpoints.exists() else b""

    def last(self) -> Checkpoint | None:
        """Return the remembered checkpoint if the tree extends it. Read first, folded then: it may grow meanwhile.

        :raises DamagedError: ``ledger-not-remembered``, ``ledger-rollback``, ``ledger-checkpoint``.
        """
        note = keys.read_note(self._remembered)
        if note is None:
            if self._checkpoints.exists() and self._checkpoints.stat().st_size:
                raise DamagedError(
                    "ledger-not-remembered",
                    "the remembered checkpoint is gone, though this ledger has signed ones",
                    where=str(self._remembered),
                    remedy=f"Put it back from a backup, or, if you know why it is gone, put the last note of {self._checkpoints} there.",
                )
            return None
        kept = read_checkpoint(note, self._key)
        size = kept.head.size
        mark = self._tree.fold()
        if size > mark.size or self._tree.subtree(0, size) != kept.head.root:
            found = f"only {mark.size}" if size > mark.size else "others"
            raise DamagedError(
                "ledger-rollback",
                f"{size} entries were signed and remembered; the ledger holds {found}: an older or another history was put here",
                where=str(self._log.path),
                remedy="Put back the newest copy of the data folder. Do not remove the remembered checkpoint.",
            )
        return kept

    def mend(self) -> None:
        """Complete the list if a loss of power tore its last entry. The caller is alone on the tree.

        :raises DamagedError: ``ledger-checkpoint`` if what is remembered is no text.
        """
        note = keys.read_note(self._remembered)
        if note is not None:
            mend(self._checkpoints, note)

    def keep(self, checkpoint: Checkpoint) -> None:
        """Remember a checkpoint, then list it, both on stable storage. The caller is alone on the tree.

        :raises RefusedError: ``ledger-cannot-record``.
        """
        with writing(self._checkpoints, "the checkpoint could not be written"):
            self.mend()  # a disk that was full may have taken a part of the one before
            # Remembered first: killed in between, there is never a signed one that nothing remembers.
            keys.replace(self._remembered, checkpoint.text)
            with self._checkpoints.open("a", encoding="utf-8") as file:
                file.write(checkpoint.text + "\n")
                file.flush()
                os.fsync(file.fileno())
