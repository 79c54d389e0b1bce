"""What the ways in ask of the archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from gestand.archive.model import Admitted, Way


class Archive(Protocol):
    """The archive, seen from the ways in."""

    def admit(self, raw: bytes, way: Way) -> Admitted:
        """Seal a message; durable on return."""
        ...

    def admit_many(self, messages: Iterable[tuple[bytes, Way]]) -> Iterator[Admitted]:
        """Seal messages; each is durable when its answer comes."""
        ...
