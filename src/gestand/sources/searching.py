"""A search over systems widens: what one says of a person is looked for in the others, until nothing new is learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gestand.kernel.clock import Clock
from gestand.kernel.errors import GestandError
from gestand.sources.model import (
    Found,
    Judged,
    Known,
    Person,
    Search,
    Source,
)
from gestand.statement.policy import FieldKind

ROUNDS = 50
"""How often the sources are asked again because one of them taught something about the person; each teaches something new, so it ends."""


def search(
    chosen: Mapping[str, Source], people: Mapping[Person, Sequence[Known]], *, judged: Judged, clock: Clock
) -> Mapping[Person, Found]:
    """Search for several persons in one pass over each source; a source that cannot be searched says why."""
    known = {person: distinct(values) for person, values in people.items()}
    found: dict[Person, dict[str, Found]] = {person: {} for person in people}
    seen: dict[str, set[_Mark]] = {}
    for _ in range(ROUNDS):
        waiting = [name for name in chosen if not _marks(known) <= seen.get(name, set())]
        if not waiting and seen:
            break
        for name in waiting or chosen:
            asked = _marks(known)
            for person, one in _search_one(name, chosen[name], known, judged, clock).items():
                found[person][name] = one
                known[person] = distinct((*known[person], *one.learned))
                asked |= _marks({person: one.learned})
            seen[name] = asked
    else:
        for name in chosen:
            if not _marks(known) <= seen.get(name, set()):
                unended = Search(
                    name, "", (), clock(), 0, "something new was learned each time; the search stopped there"
                )
                for by_source in found.values():
                    by_source[name] = replace(by_source[name], searched=(*by_source[name].searched, unended))
    return {
        person: Found(
            tuple(trace for one in by_source.values() for trace in one.traces),
            known[person][len(distinct(people[person])) :],
            tuple(search for one in by_source.values() for search in one.searched),
        )
        for person, by_source in found.items()
    }


def _search_one(
    name: str, source: Source, known: Mapping[Person, Sequence[Known]], judged: Judged, clock: Clock
) -> Mapping[Person, Found]:
    try:
        return source.find(known, judged=judged)
    except GestandError as fault:
        search = Search(name, "", (), clock(), 0, fault.message)
        return {person: Found(searched=(search,)) for person in known}


_Mark = tuple[Person, FieldKind, str]


def _marks(known: Mapping[Person, Sequence[Known]]) -> set[_Mark]:
    return {(person, one.kind, one.normal) for person, values in known.items() for one in values}


def distinct(known: Sequence[Known]) -> tuple[Known, ...]:
    """Return each identifier once, in its usual form."""
    found: dict[tuple[FieldKind, str], Known] = {}
    for one in known:
        if one.normal:
            found.setdefault((one.kind, one.normal), one)
    return tuple(found.values())


def searched_whole(found: Found) -> tuple[str, ...]:
    """Return the systems of which every place was searched."""
    not_whole = {search.source for search in found.searched if search.why_not}
    return tuple(sorted({search.source for search in found.searched} - not_whole))


def refuse_unsearched(found: Found) -> None:
    """Refuse to go on where a place could not be searched: what it holds is not known.

    :raises GestandError: ``source-unsearched``.
    """
    unsearched = [search for search in found.searched if search.why_not]
    if unsearched:
        first = unsearched[0]
        raise GestandError(
            "source-unsearched",
            f"{len(unsearched)} places could not be searched whole: {first.why_not}",
            where=f"{first.source} {first.place}".strip(),
            remedy="Mend that first; until then nobody can say that everything was found.",
        )
