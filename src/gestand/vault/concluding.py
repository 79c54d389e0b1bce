"""How an erasure is concluded: the ledger says that its keys are destroyed once that is on stable storage, for many at once.

From the moment that an erasure returns nothing of the program finds or opens what it was about, and its job stands in the
store until it is concluded: within a second, before anybody reads the ledger, before a copy is made and at the close. A
power cut between brings the job back, and with it whatever step was undone: ``resuming`` takes it again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from gestand.kernel.errors import GestandError
from gestand.ledger.model import Event, Fact
from gestand.vault.keys import KeyStore
from gestand.vault.model import Recorder
from gestand.vault.rows import Job
from gestand.vault.store import Store


class Done(NamedTuple):
    """An erasure of which every step was taken: how many items and keys it was, what was found afterwards, and when."""

    job: Job
    items: int
    keys: int
    found: int
    at: datetime


class Concluding:
    """The erasures of this process that are still to be told. Threads may share it."""

    def __init__(self, store: Store, keys: KeyStore, ledger: Recorder, failpoint: Callable[[str], None]) -> None:
        self._store = store
        self._keys = keys
        self._ledger = ledger
        self._failpoint = failpoint
        self._waiting: dict[str, Done] = {}
        self._turn = threading.Lock()
        self._telling = threading.RLock()
        self._refused = False
        ledger.beforehand(self._before_reading)

    def add(self, done: Done) -> None:
        """Let an erasure be told with the next ``conclude``."""
        with self._turn:
            self._waiting[done.job.erasure] = done

    def conclude(self) -> None:
        """Tell the ledger what was erased, each exactly once, whichever process took the last step."""
        if self._store.engine.in_transaction():
            self._conclude()
            return
        with self._telling:  # to the moment that it stands in the ledger: who comes second finds it there
            try:
                self._conclude()
            except BaseException:
                self._refused = True  # readers do not each wait for a store that is busy or away
                raise
            self._refused = False

    def _conclude(self) -> None:
        with self._turn:
            waiting = list(self._waiting.values())
        if not waiting:
            return
        self._keys.harden()
        engine = self._store.engine
        with engine.transaction(durable=False):
            # a job that is gone was told by another process that opened the store meanwhile
            found = [(one, self._store.delete_erasure(one.job.erasure)) for one in waiting]
            told = [(one, cleared) for one, cleared in found if cleared is not None]
            if told:
                epoch = self._keys.current.number
                self._ledger.stage(*(event for one, cleared in told for event in _events(one, epoch, cleared)))
            self._failpoint("erase.concluded")
            engine.after_commit(lambda: self._forget(waiting))

    def close(self) -> None:
        """Let readers alone from here on: what still waits is told when the store is opened again."""
        with self._turn:
            self._waiting.clear()

    def _forget(self, told: list[Done]) -> None:
        with self._turn:
            for one in told:
                self._waiting.pop(one.job.erasure, None)

    def _wanted(self) -> bool:
        return bool(self._waiting) and not self._refused

    def _before_reading(self) -> None:
        if self._store.engine.in_transaction() or not self._wanted():
            return
        with self._telling:
            if not self._wanted():  # any more: another told it, or was refused, meanwhile
                return
            try:
                self.conclude()
            except GestandError:
                return  # the jobs stand in the store, and the next cut of the logs says what is wrong


def _events(one: Done, epoch: int, cleared: int) -> tuple[Event, Event]:
    """Return what is told; ``cleared``: the rows of a whole subject, whichever processes cleared them."""
    job = one.job
    gone: dict[str, Fact] = {"erasure": job.erasure, "keys": one.keys, "epoch": epoch}
    done: dict[str, Fact] = {"erasure": job.erasure, "items": cleared or one.items, "absent": one.found == 0}
    return (
        Event("key.destroyed", one.at, job.actor, gone, job.reference),
        Event("erasure.done", one.at, job.actor, done, job.reference),
    )
