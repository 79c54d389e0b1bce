"""What a restriction marks in other systems (Article 18), and what has no room for the mark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from gestand.sources.model import Trace


@dataclass(frozen=True, slots=True)
class Unmarked:
    """What was left as it is in one place, because it has no room for the mark; ``keys``: of which rows, as the system names them."""

    place: str
    keys: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Restrained:
    """A restriction, or its end, in one source. ``why_not``: it has no place for the mark, so a person must see to it there.

    ``unmarked``: the places within it of which that holds, while the rest was marked.
    """

    source: str
    rows: int
    why_not: str = ""
    unmarked: tuple[Unmarked, ...] = ()


@runtime_checkable
class Marking(Protocol):
    """A source of which some places have room for the mark of a restriction and others have not."""

    def unmarkable(self, traces: Sequence[Trace], *, restricted: bool) -> tuple[Unmarked, ...]:
        """Return what of these has no room for the mark (or, not ``restricted``, for its end), place by place."""
        ...


def unmarked_of(traces: Iterable[Trace], why: Mapping[str, str]) -> tuple[Unmarked, ...]:
    """Return these traces as what stays unmarked, by place; ``why`` names the places that have no room."""
    keys: dict[str, list[str]] = {}
    for trace in traces:
        if trace.place in why:
            keys.setdefault(trace.place, []).append("/".join(str(part) for part in trace.key))
    return tuple(Unmarked(place, tuple(some), why[place]) for place, some in keys.items())
