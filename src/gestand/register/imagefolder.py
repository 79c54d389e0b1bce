"""The folder of sealed disk images: which files nobody can read any more, and their removal. Retention drives it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from gestand.kernel.clock import Clock
from gestand.kernel.ids import ItemId
from gestand.register import store
from gestand.storage.engine import Engine
from gestand.vault.service import Vault

UNFINISHED = 86_400
"""Seconds after which a sealed file that no row knows is the rest of a copy that was never finished."""


class ImageFolder:
    """The sealed files of one organisation; the key of each is a datum in the vault."""

    def __init__(self, folder: Path, engine: Engine, vault: Vault, clock: Clock) -> None:
        self._folder = folder
        self._engine = engine
        self._vault = vault
        self._clock = clock

    def orphans(self, on: date | None = None) -> Iterator[str]:
        """Yield the files whose key is gone, or is due on ``on`` and neither held nor restricted: nobody reads them, or nobody may."""
        known = {str(name): ItemId(str(item)) for name, item in self._engine.execute(store.ALL_IMAGES)}
        for name, item in known.items():
            holding = self._vault.item(item)
            due = on is not None and holding is not None and holding.due is not None and holding.due <= on
            if holding is None or (due and not holding.restricted and self._vault.hold_of(holding.item) is None):
                yield name
        yesterday = self._clock().timestamp() - UNFINISHED
        for path in sorted(self._folder.iterdir()) if self._folder.is_dir() else ():
            if path.name not in known and path.stat().st_mtime < yesterday:  # a copy that a crash left half made
                yield path.name

    def remove(self, names: list[str]) -> int:
        """Remove sealed files; return how many are still there."""
        for name in names:
            (self._folder / name).unlink(missing_ok=True)
            with self._engine.transaction():
                self._engine.execute(store.DROP_IMAGE, (name,))
        return sum((self._folder / name).exists() for name in names)

    def count(self) -> int:
        """Return how many sealed files there are."""
        return sum(1 for _ in self._folder.iterdir()) if self._folder.is_dir() else 0
