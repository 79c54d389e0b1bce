"""Randomness, handed in as an argument so that a demonstration or a test can repeat itself."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable

Entropy = Callable[[int], bytes]
"""Called with a number of bytes, returns that many random bytes."""

system_entropy: Entropy = os.urandom


class SeededEntropy:
    """Repeatable bytes for tests and the demonstration. Never for keys of a real organisation."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._drawn = 0

    def __call__(self, size: int) -> bytes:
        """Return ``size`` bytes: SHAKE-256 of the seed and the number of the draw."""
        self._drawn += 1
        return hashlib.shake_256(self._seed + self._drawn.to_bytes(8, "big")).digest(size)
