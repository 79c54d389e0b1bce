"""The nouns of sources, and the one protocol that every system which holds copies is asked through.

A **trace** is what one row, message, file or record of another system says of one person. ``Found`` is the answer to a search:
the traces, what was learned about the person on the way, and for each place with what it was searched, when, and how many were
found, or why it could not be searched: the certificate of completeness.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, NewType, Protocol

from gestand.kernel.errors import Problem
from gestand.reading.normal import normal_form
from gestand.statement.policy import FieldKind, Text

SourceName = NewType("SourceName", str)
"""The name of a source: that of its file in ``sources/``, without ``.toml``."""

Person = str
"""Whom a search is for: any name of the caller's choosing that keeps several persons apart in one pass."""


class Verb(StrEnum):
    """What may be asked of a source; each may have a database role of its own."""

    FIND = "find"
    EXPORT = "export"
    RECTIFY = "rectify"
    RESTRICT = "restrict"
    ERASE = "erase"


class Confidence(StrEnum):
    """How sure it is that a trace is of the person. What is doubtful is neither given, changed nor erased until a person says so."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Known:
    """One identifier of a person. ``shared``: others have it too, such as the telephone of a household, so it proves less.

    ``origin`` says how it came to be known: ``register``, or the source and place where it was found.
    """

    kind: FieldKind
    value: str
    origin: str = "register"
    shared: bool = False
    normal: str = field(init=False, default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "normal", normal_form(self.kind, self.value))


class TraceValue(NamedTuple):
    """One value of a trace: the column (or part) it stands in, the field of the policy it is, and the value as text."""

    column: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Trace:
    """What one row, message or file says of a person. ``key``: how the system itself names it, values as it gives them.

    ``id`` is a keyed digest of source, place and key: it names the trace in judgements without naming the person.
    """

    id: str
    source: str
    place: str
    key: tuple[object, ...]
    values: tuple[TraceValue, ...]
    confidence: Confidence
    why: str
    version: str = ""  # a keyed digest of the values: what is erased is what was shown

    def __repr__(self) -> str:
        return f"Trace({self.source}/{self.place}, {len(self.values)} values, {self.confidence})"


@dataclass(frozen=True, slots=True)
class Search:
    """One line of the certificate: a place, with what kinds of identifier it was searched, when, how many were found.

    ``why_not``: why it could not be searched (whole); empty where it could.
    """

    source: str
    place: str
    kinds: tuple[str, ...]
    at: datetime
    found: int
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found of one person, what it learned of them, and the certificate of where it looked."""

    traces: tuple[Trace, ...] = ()
    learned: tuple[Known, ...] = ()
    searched: tuple[Search, ...] = ()

    @property
    def complete(self) -> bool:
        """Say whether every place could be searched."""
        return all(not search.why_not for search in self.searched)


class Act(StrEnum):
    """What happens to rows when a person is erased."""

    DELETE = "delete"
    CHANGE = "change"  # columns are emptied or replaced; the row stays
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class PlannedRows:
    """What an erasure does in one place: how many rows, and for those that stay the ground and until when."""

    place: str
    act: Act
    rows: int
    columns: tuple[str, ...] = ()
    ground: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """The erasure of one person in one source, tried out. ``digest`` binds what is done to what was shown.

    ``conflicts``: constraints, or rows of others, that stand in the way; a plan with one is not carried out.
    """

    source: str
    rows: tuple[PlannedRows, ...]
    traces: tuple[Trace, ...]
    digest: str
    conflicts: tuple[str, ...] = ()
    doubtful: int = 0
    known: tuple[Known, ...] = ()  # by what the person is recognised in texts of others

    @property
    def actionable(self) -> int:
        """How many rows leave or change."""
        return sum(row.rows for row in self.rows if row.act is not Act.KEEP)

    @property
    def kept(self) -> int:
        """How many rows stay, each with its ground."""
        return sum(row.rows for row in self.rows if row.act is Act.KEEP)


@dataclass(frozen=True, slots=True)
class Retained:
    """What stayed in one place after an erasure, and why (Article 17(3))."""

    place: str
    rows: int
    ground: str
    until: str


@dataclass(frozen=True, slots=True)
class Removal:
    """An erasure carried out in one source: how many rows left or changed, and what was retained with its reason.

    ``title``: the source as people call it, where somebody is told of it.
    """

    source: str
    removed: int
    retained: tuple[Retained, ...] = ()
    title: Text | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A right value in place of a wrong one, for one field of the policy (Article 16)."""

    field: str
    wrong: str
    right: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place that says neither the wrong value nor the right one: a person decides."""

    place: str
    field: str
    says: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction carried out in one source.

    ``attached``: issued documents that were not rewritten and have the correction beside them; ``to_attach``: those that
    have no place for one, so that the correction stays in the file of the request.
    """

    source: str
    changed: int
    attached: int = 0
    to_attach: int = 0
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person said of doubtful traces, by their ids: it is them (``yes``), or someone else (``no``)."""

    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()


NOBODY_SAID = Judged()


class Source(Protocol):
    """A system that holds copies. What ``gestand.sources.conformance`` asks of it is what it must do.

    Every method may raise :class:`gestand.kernel.errors.GestandError`, and nothing else on purpose.
    """

    @property
    def name(self) -> SourceName:
        """Its name."""
        ...

    @property
    def whole(self) -> bool:
        """Say whether an erasure is one transaction. Where it is not, one that was killed goes on with what is left."""
        ...

    def test(self) -> tuple[Problem, ...]:
        """Connect and compare what is declared with what is there; return every fault. Changes nothing."""
        ...

    def find(self, people: Mapping[Person, Sequence[Known]], *, judged: Judged = NOBODY_SAID) -> Mapping[Person, Found]:
        """Search for several persons in one pass; each gets an answer, also where nothing was found."""
        ...

    def export(self, traces: Iterable[Trace]) -> Iterator[Trace]:
        """Yield the traces as they stand now, whole: the copy of Article 15(3). What is gone is left out."""
        ...

    def plan(self, traces: Sequence[Trace], *, known: Sequence[Known] = (), rehearse: bool = True) -> SourcePlan:
        """Say to the row what an erasure would do, tried against every constraint. Changes nothing.

        ``known``: the person's identifiers, to black out where texts of others speak of them. ``rehearse`` false: only
        compared with what was planned, not tried.
        """
        ...

    def erase(self, plan: SourcePlan) -> Removal:
        """Carry out a plan: all of it or nothing.

        :raises RefusedError: ``source-changed`` if what is there is not what was planned; ``source-conflict``.
        """
        ...

    def rectify(self, traces: Sequence[Trace], corrections: Sequence[Correction], *, note: str) -> Corrected:
        """Put right values in place of wrong ones; issued documents are not rewritten, ``note`` is attached to them."""
        ...

    def restrict(self, traces: Sequence[Trace], *, restricted: bool) -> int:
        """Mark what must not be used (Article 18), or lift the mark; return how many.

        :raises RefusedError: ``source-cannot-restrict`` if the system has no place for the mark.
        """
        ...

    def count(self) -> int:
        """Return how many rows, messages or files it holds in the places that are declared."""
        ...
