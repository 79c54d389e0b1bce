"""What other systems say happened to dossiers, gathered from all that say anything of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from gestand.kernel.errors import GestandError
from gestand.register.happenings import Happening
from gestand.sources.model import Source


@runtime_checkable
class Telling(Protocol):
    """A source that tells what happened to dossiers."""

    def happenings(self) -> tuple[Happening, ...]:
        """Return everything its tables tell, also what was told before. Changes nothing.

        :raises GestandError: as a search; ``source-date`` where a date cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class Heard:
    """What the systems that could be asked told; ``away``: those that could not, by name with why."""

    told: tuple[Happening, ...]
    away: tuple[tuple[str, GestandError], ...] = ()


def hear(sources: Iterable[Source]) -> Heard:
    """Ask every source that tells anything; one that is away stops no other."""
    told: list[Happening] = []
    away: list[tuple[str, GestandError]] = []
    for source in sources:
        if isinstance(source, Telling):
            try:
                told += source.happenings()
            except GestandError as fault:
                away.append((str(source.name), fault))
    return Heard(tuple(told), tuple(away))
