"""A stopwatch over the vault's steps, and medians."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


class Steps:
    """Notes when each durable step was taken; what ``open_vault`` calls a failpoint."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}

    def __call__(self, step: str) -> None:
        """Note the moment of a step, the first time it is taken."""
        self.at.setdefault(step, time.perf_counter())


def seconds(act: Callable[[], object]) -> float:
    """Return how long something takes; the collector of unused objects waits meanwhile."""
    gc.collect()
    gc.disable()
    try:
        started = time.perf_counter()
        act()
        return time.perf_counter() - started
    finally:
        gc.enable()
