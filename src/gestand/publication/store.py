"""The SQL of published versions: one row a version, written once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from gestand.statement.model import PublishedVersion
from gestand.storage.engine import Engine, Row

ROOM: Final = "publication"
MIGRATIONS: Final = (
    """
    CREATE TABLE publication_version (
        version       TEXT PRIMARY KEY,
        digest        TEXT NOT NULL,
        in_force_from TEXT NOT NULL,
        published_at  TEXT NOT NULL,
        place         TEXT NOT NULL
    )
    """,
)

_COLUMNS: Final = "version, digest, in_force_from, published_at, place"
_INSERT: Final = f"INSERT INTO publication_version ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)"  # noqa: S608 - constants only
_ALL: Final = f"SELECT {_COLUMNS} FROM publication_version ORDER BY in_force_from, version"  # noqa: S608
_ONE: Final = f"SELECT {_COLUMNS} FROM publication_version WHERE version = ?"  # noqa: S608
_IN_FORCE: Final = f"""
    SELECT {_COLUMNS} FROM publication_version
    WHERE in_force_from <= ? ORDER BY in_force_from DESC, version DESC LIMIT 1
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Kept:
    """A published version and the folder of its files, relative to the organisation's."""

    published: PublishedVersion
    place: str


class PublicationStore:
    """The rows of the versions."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        engine.migrate(ROOM, MIGRATIONS)

    def add(self, kept: Kept) -> None:
        """Write the row of a version."""
        new = kept.published
        row = (new.version, new.digest, new.in_force_from.isoformat(), new.published_at, kept.place)
        self._engine.execute(_INSERT, row)

    def all(self) -> tuple[Kept, ...]:
        """Return all versions in the order in which they came into force."""
        return tuple(map(_kept, self._engine.execute(_ALL)))

    def one(self, version: str) -> Kept | None:
        """Return the version of that name, or None."""
        return next(map(_kept, self._engine.execute(_ONE, (version,))), None)

    def in_force(self, on: date) -> Kept | None:
        """Return the version in force on a day, or None."""
        return next(map(_kept, self._engine.execute(_IN_FORCE, (on.isoformat(),))), None)


def _kept(row: Row) -> Kept:
    version, digest, in_force_from, published_at, place = map(str, row)
    return Kept(PublishedVersion(version, digest, date.fromisoformat(in_force_from), published_at), place)
