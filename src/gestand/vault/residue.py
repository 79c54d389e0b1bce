"""What a deletion leaves in the files beside the rows: bytes in the write-ahead logs, until they are folded in and cut.

A destroyed key is gone from its row before an erasure returns; nothing of the program can open what was sealed under it,
and after a power cut it is destroyed anew before anything opens. Its bytes, and those of the ciphertext, may stand in the
logs for a moment longer.
Cutting a log costs several syncs however much is in it, so erasures share a cut: at the latest ``within`` seconds after
the first of them, when the vault is closed, before a backup, and when the vault is opened after a crash.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from gestand.kernel.errors import GestandError
from gestand.ledger.keeper import Keeper
from gestand.storage.engine import Engine

WITHIN = 1.0
"""Seconds that deleted bytes may stand in a log. 0: none at all, each deletion cuts the logs before it returns."""
_BUSY = "store-busy"
_PATIENCE = 30
"""So many times ``within`` others may keep a log from being cut; then the next erasure waits for it and says so."""


class Residue:
    """Takes deleted bytes out of the logs of some engines, soon."""

    def __init__(
        self, engines: Sequence[Engine], *, within: float = WITHIN, before: Callable[[], None] = lambda: None
    ) -> None:
        """``before`` is called before each cut: what still has to be deleted is deleted then."""
        self._engines = engines
        self._before = before
        self._within = within
        self._since: float | None = None
        self._times = 0
        self._keeper = Keeper("vault-residue", self._cut_if_possible, within)

    def left(self) -> None:
        """Note that deleted bytes stand in the logs.

        :raises GestandError: ``store-busy`` if another process has kept a log open for too long: nothing is lost, and
            the erasure is finished by the next ``resume``.
        """
        now = time.monotonic()
        self._times += 1
        if self._since is None:
            self._since = now
        if self._within <= 0 or now - self._since > self._within * _PATIENCE:
            self.cut()
        else:
            self._keeper.wake()

    def cut(self, *, going_on: bool = False) -> None:
        """Take deleted bytes out of every log now. ``going_on``: as ``Engine.expunge`` has it.

        :raises GestandError: ``store-busy`` while another process reads or writes.
        """
        before = self._times
        self._before()
        for engine in self._engines:
            engine.expunge(going_on=going_on)
        self._since = None if self._times == before else time.monotonic()

    def close(self) -> None:
        """End the thread and cut the logs; a log that another process keeps open is cut when that one leaves."""
        self._keeper.close()
        if self._since is not None:
            try:
                self.cut()
            except GestandError as fault:
                if fault.code != _BUSY:
                    raise

    def _cut_if_possible(self) -> None:
        if self._since is None:
            return
        try:
            self.cut(going_on=True)
        except GestandError:  # a store that is busy or away comes back; ``left`` says so if it takes too long
            self._keeper.wake()
