"""The nouns of leaving: what is due, what stays and why, a plan, a run, and the protocol of whoever keeps data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from gestand.kernel.ids import ActorId


@dataclass(frozen=True, slots=True)
class Due:
    """Something whose time is over: the custodian's own key for it, its shelf, since when, and what keeps it.

    ``hold``: the reason of a legal hold, empty without one. ``restricted``: it may only be stored (Article 18(2)).
    """

    key: str
    shelf: str
    since: date
    then: str | None = None  # the shelf it moves to instead of leaving
    trigger_on: date | None = None
    hold: str = ""
    hold_until: date | None = None
    restricted: bool = False

    def held(self, on: date) -> bool:
        """Say whether a legal hold keeps it on a day."""
        return bool(self.hold) and (self.hold_until is None or self.hold_until >= on)

    def stays(self, on: date) -> bool:
        """Say whether anything keeps it on a day."""
        return self.restricted or self.held(on)


class Custodian(Protocol):
    """A room that keeps personal data and lets retention drive what leaves it. Every such room is one."""

    name: str

    def due(self, on: date) -> Iterator[Due]:
        """Yield what must be gone on ``on``, oldest first, with the holds and restrictions on it."""
        ...

    def erase(self, keys: Sequence[str], *, ground: str, actor: ActorId) -> int:
        """Erase these for good, and return how many a renewed search still finds (must be 0)."""
        ...

    def move(self, due: Sequence[Due], *, actor: ActorId) -> None:
        """Carry these over to the shelf that follows theirs."""
        ...

    def count(self) -> int:
        """Return how many things are kept."""
        ...


@runtime_checkable
class Reaching(Protocol):
    """A custodian of systems elsewhere, which may be out of reach."""

    @property
    def away(self) -> Sequence[str]:
        """The names of those that could not be asked when it was last asked what is due."""
        ...


@runtime_checkable
class Discreet(Protocol):
    """A custodian of which a forecast may not tell everything: what must stay secret leaves in time, and is not counted before."""

    def foreseen(self, until: date) -> Iterator[Due]:
        """Yield of what will be due on ``until`` that which a forecast may tell."""
        ...


@dataclass(frozen=True, slots=True)
class Leaving:
    """One thing that leaves, or moves on, with its custodian."""

    custodian: str
    due: Due


@dataclass(frozen=True, slots=True)
class Staying:
    """One thing whose time is over and that stays: why, and until when (None: until the reason ends)."""

    custodian: str
    due: Due
    why: str
    until: date | None


@dataclass(frozen=True, slots=True)
class RetentionPlan:
    """What is due on a date, judged: what leaves, what moves to a next shelf, what stays and why."""

    on: date
    leaving: tuple[Leaving, ...]
    moving: tuple[Leaving, ...]
    staying: tuple[Staying, ...]


@dataclass(frozen=True, slots=True)
class RetentionRun:
    """A plan carried out. ``certificate`` is its id; ``found_afterwards`` must be 0."""

    id: str
    at: datetime
    on: date
    due: int
    erased: int
    moved: int
    staying: tuple[Staying, ...]
    found_afterwards: int
    certificate: str
    entry: int
