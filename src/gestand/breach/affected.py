"""Whom a breach touches: where it could reach, each person and message found there, and their number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gestand.kernel.ids import ActorId, FieldPath, SubjectId


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the breach could reach, as a question to ledger, vault and archive. What is named adds up.

    ``opened_by`` with ``first`` and ``last``: what that actor opened between two moments. ``shelves``, ``dossiers``: what lay
    there by ``last``; ``sources``: what came from there by then, and what lies in that system now. ``backup``: what was in a
    backup when it was made. ``everything``: the whole vault and archive. ``mailbox``: the messages of the archive that lay
    there between the moments, whenever they came. ``subjects``: people named by hand; ``others``: people of whom nothing is
    held, counted by hand.
    """

    opened_by: ActorId | None = None
    first: datetime | None = None
    last: datetime | None = None
    shelves: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    dossiers: tuple[str, ...] = ()
    backup: str = ""
    everything: bool = False
    mailbox: str = ""
    subjects: tuple[SubjectId, ...] = ()
    others: int = 0

    @property
    def empty(self) -> bool:
        """Say whether it names nothing to look at."""
        named = (self.opened_by, self.shelves, self.sources, self.dossiers, self.backup, self.mailbox, self.subjects)
        return not (any(named) or self.everything or self.others)

    @property
    def whole(self) -> bool:
        """Say whether it means all that is held: everything, or a backup of which no part is named."""
        return self.everything or bool(self.backup and not (self.shelves or self.sources or self.dossiers))


@dataclass(frozen=True, slots=True)
class Touched:
    """One affected person, and how many records of each field of theirs were in reach."""

    subject: SubjectId
    counts: tuple[tuple[FieldPath, int], ...]

    @property
    def fields(self) -> tuple[FieldPath, ...]:
        """Return the fields of theirs that were in reach."""
        return tuple(path for path, _ in self.counts)


@dataclass(frozen=True, slots=True)
class TouchedMessage:
    """A message in reach. ``message`` empty: erased since; ``strangers``: addresses of people whom the register does not know.

    ``certain`` false: whether it was in reach, or whose it is, nobody can tell any more.
    """

    message: str
    people: tuple[SubjectId, ...]
    strangers: tuple[str, ...]
    certain: bool


@dataclass(frozen=True, slots=True)
class Copies:
    """Whose data lie in another system. ``others``: rows of nobody whom the register knows; ``why_not``: not (wholly) searched."""

    touched: tuple[Touched, ...] = ()
    others: int = 0
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Affected:
    """Who is affected, in numbers. ``unlisted``: counted, but nobody can say who (nothing is held of them, or erased since).

    ``estimated``: it is an upper bound, for the ledger names no single persons where many were opened at once.
    ``fields``: how many records of each field; ``special``: a category of Article 9 or 10 is among them.
    """

    people: int
    unlisted: int
    records: int
    fields: tuple[tuple[FieldPath, int], ...]
    special: bool
    estimated: bool

    @property
    def all_people(self) -> int:
        """Return the number of people, listed or not."""
        return self.people + self.unlisted
