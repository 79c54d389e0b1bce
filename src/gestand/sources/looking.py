"""A look at the other systems between requests: does each answer as declared, and is who was erased there still absent.

A supplier who puts a backup back, or moves a system, tells nobody. What was erased is remembered as keyed digests alone (of which
row, and of what it said), so that the very same row is known again and nobody can be read from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from gestand.kernel.errors import Problem
from gestand.sources.model import SourcePlan


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at one system found: its faults, how many erased rows or files are back, how many were compared.

    ``back`` is None where it could not be looked, or where a system of its kind cannot be compared. ``uncompared``: places
    of a system that otherwise can.
    """

    source: str
    at: datetime
    problems: tuple[Problem, ...]
    back: int | None
    uncompared: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Say whether it answers as declared and nothing of who was erased is back."""
        return not self.problems and not self.back


@runtime_checkable
class Returning(Protocol):
    """A source in which a row that was erased can be known again."""

    def marks(self, plan: SourcePlan) -> tuple[str, ...]:
        """Return a keyed digest of each row (or file) that leaves or changes by a plan, and of what it says."""
        ...

    def returned(self, marks: Sequence[str]) -> int:
        """Return how many of these are there again.

        :raises GestandError: as a search.
        """
        ...

    def uncompared(self) -> tuple[str, ...]:
        """Return the places of which nothing can be known again, so that a person looks there."""
        ...
