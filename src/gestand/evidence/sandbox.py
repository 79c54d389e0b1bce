"""A throw-away organisation, in which a promise may be broken to see that it is noticed.

Evidence asks for one; whoever stands above the rooms makes it (doors/demonstration).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from gestand.evidence.model import World
from gestand.kernel.clock import SettableClock
from gestand.kernel.ids import SubjectId


@dataclass(frozen=True, slots=True)
class Known:
    """Who is who in a sandbox: a customer with data, one who was erased on request, one with an open request."""

    customer: SubjectId
    erased: SubjectId
    asking: SubjectId


class Sandbox(Protocol):
    """A throw-away organisation, filled; ``clock`` moves it through time."""

    clock: SettableClock
    known: Known

    def world(self) -> World:
        """Return what controls look at now."""
        ...

    def closed(self) -> World:
        """Close every file and return the world as it was, so that files can be changed; ``world()`` opens again."""
        ...

    def tidy(self) -> None:
        """Do the due work of the day, as a diligent owner would: retention, and the answers that are due."""
        ...
