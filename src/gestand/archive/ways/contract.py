"""What the ways in ask of the archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Kind = Literal["imap", "smtp", "file", "form", "chat", "note", "letter"]


@dataclass(frozen=True, slots=True)
class Way:
    """How a message came in: the kind of way, its place, when, the envelope, the folder, and where it still lies."""

    kind: Kind
    place: str
    received: datetime
    envelope_from: str = ""
    envelope_to: tuple[str, ...] = ()
    folder: str = ""
    at_origin: str = ""


class Admitted(Protocol):
    """What became of a message."""

    @property
    def message(self) -> str: ...
    @property
    def new(self) -> bool: ...
    @property
    def parsed(self) -> bool: ...
    @property
    def why(self) -> str: ...


class Archive(Protocol):
    """The archive, seen from the ways in."""

    def admit(self, raw: bytes, way: Way) -> Admitted:
        """Seal a message; durable on return."""
        ...

    def admit_many(self, messages: Iterable[tuple[bytes, Way]]) -> Iterator[Admitted]:
        """Seal messages; each is durable once the iterator has ended."""
        ...
