"""A lease on a piece of due work: held while the process that took it lives and works, free soon after it was killed.

It keeps several processes from doing the same work at the same time; it is no lock. A process that slept (a laptop, a
machine that was moved) may wake while another is at it: every piece of work bears being done twice (``due_work``).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from gestand.doors.running.store import DueStore
from gestand.kernel.clock import Clock
from gestand.kernel.errors import GestandError

LOG = logging.getLogger("gestand.running")


@dataclass(frozen=True, slots=True)
class Lease:
    """``lasts``: how long work stays taken without a sign of life; ``every``: how often one is given, well within that."""

    lasts: timedelta = timedelta(minutes=3)
    every: timedelta = timedelta(seconds=30)


LEASE = Lease()


@contextmanager
def held(store: DueStore, name: str, who: str, clock: Clock, lease: Lease) -> Iterator[None]:
    """Give a sign of life beside the work until it ends."""
    over = threading.Event()

    def live() -> None:
        while not over.wait(lease.every.total_seconds()):
            try:
                if not store.renew(name, who, clock() + lease.lasts):
                    LOG.warning("due work %s: another process took it up", name)
                    return
            except GestandError as fault:  # the store is busy with the work itself, or gone for a moment
                LOG.warning("due work %s: no sign of life (%s)", name, fault.code)

    thread = threading.Thread(target=live, name=f"lease of {name}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
