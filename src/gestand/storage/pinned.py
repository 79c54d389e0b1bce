"""A store as it was at one moment, to be copied while others write: the encrypted file itself, or one made from PostgreSQL."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import IO, Final, Protocol

from gestand.storage.engine import Engine
from gestand.storage.scratch import scratch
from gestand.storage.snapshot import Pin
from gestand.storage.sqlite import open_sqlite

CARRIED: Final = ".carried"
"""The folder beside the keys in which rows of PostgreSQL become a file, for as long as that is copied."""


class Pinned(Protocol):
    """A moment that is kept until ``release``."""

    def copy(self, target: IO[bytes]) -> int:
        """Write the store to ``target`` as the bytes of an encrypted SQLite file, and return how many."""
        ...

    def release(self) -> None:
        """Let the store go on."""
        ...


class CarriedPin:
    """A store on PostgreSQL: its rows at one moment, carried into an SQLite file under ``key`` when copied."""

    def __init__(self, engine: Engine, key: bytes, beside: Path) -> None:
        from gestand.storage.postgres import PostgresEngine

        if not isinstance(engine, PostgresEngine):
            raise TypeError("only a store on PostgreSQL is carried")
        self._engine = PostgresEngine(engine.place)
        self._engine.pin()
        self._key = key
        self._beside = beside

    def copy(self, target: IO[bytes]) -> int:
        """Write the rows as an encrypted SQLite file; nothing of it stays beside."""
        from gestand.storage.moving import carry

        with scratch(self._beside / CARRIED) as folder:
            path = folder / "store.db"
            copy = open_sqlite(path, self._key, create=True)
            try:
                carry(self._engine, copy)
            finally:
                copy.close()
            with path.open("rb") as content:
                shutil.copyfileobj(content, target)
                return content.tell()

    def release(self) -> None:
        """Close the connections that kept the moment."""
        self._engine.close()


def pin(engine: Engine, path: Path, key: bytes) -> Pinned:
    """Return the moment of a store: of the file at ``path`` if ``engine`` is on it, or of its rows on PostgreSQL."""
    place = getattr(engine, "path", None)
    return Pin(path, key) if place is not None else CarriedPin(engine, key, path.parent)
