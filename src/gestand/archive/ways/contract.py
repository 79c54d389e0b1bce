"""What the ways in ask of the archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from gestand.archive.model import Admitted, Origin, Way
from gestand.kernel.ids import ActorId


class Archive(Protocol):
    """The archive, seen from the ways in."""

    def admit(self, raw: bytes, way: Way) -> Admitted:
        """Seal a message; durable on return."""
        ...

    def admit_many(self, messages: Iterable[tuple[bytes, Way]]) -> Iterator[Admitted]:
        """Seal messages; each is durable when its answer comes."""
        ...

    def sent_at(self, raw: bytes) -> datetime | None:
        """Return when a message says that it was sent; None if it does not."""
        ...

    @property
    def origins(self) -> Origins:
        """Where messages lie besides."""
        ...


class Origins(Protocol):
    """The messages that lie at their origin still."""

    def lying(self) -> Iterator[Origin]:
        """Yield them, oldest first."""
        ...

    def emptied(self, places: Iterable[tuple[str, str, str]], *, actor: ActorId) -> int:
        """Note that messages lie no more where they came from: place, folder and ``at_origin`` of each."""
        ...
