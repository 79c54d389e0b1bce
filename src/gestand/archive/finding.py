"""Finding messages: by a query, by a person, by identifiers, and by opening all of them, which needs no index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from itertools import islice
from typing import Final

from gestand.archive import indexing, opening, searching
from gestand.archive.contents import bytes_of_all, entries_of
from gestand.archive.model import Kept
from gestand.archive.people import whoever
from gestand.archive.query import read_query
from gestand.archive.workroom import Workroom
from gestand.kernel.ids import ActorId, PurposeId
from gestand.ledger.model import Event, Fact
from gestand.statement.policy import FieldKind
from gestand.vault.rules import reasoned

SHOWN: Final = 50


def search(
    room: Workroom, query: str, purpose: PurposeId, *, actor: ActorId, reason: str, stems: bool, limit: int
) -> tuple[Kept, ...]:
    """Return what a query finds; see ``Archive.search``."""
    reasoned(reason)
    opening.refuse_purpose(room.statements.in_force().policy, purpose)
    asked = read_query(query)
    indexing.catch_up(room)
    facts: dict[str, Fact] = {"purpose": purpose, "reason": reason, "people": len(asked.people)}
    room.ledger.append(Event("message.searched", room.clock(), actor, facts))
    numbers = searching.numbers_of(
        asked,
        room.index,
        room.index_key,
        texts=lambda some: [entry for entry, _ in reversed(entries_of(room, list(some)))],
        who=lambda person: whoever(room, person, purpose, actor=actor, reason=reason),
        stems=stems,
    )
    found: list[Kept] = []
    while len(found) < limit and (some := list(islice(numbers, SHOWN))):
        there = {kept.number: kept for kept, _ in opening.allowed(room, room.store.kept(some), purpose)}
        found += [there[number] for number in some if number in there]
    return tuple(found[:limit])


def of_person(room: Workroom, person: str, purpose: PurposeId, *, actor: ActorId, reason: str) -> tuple[Kept, ...]:
    """Return every message of a person; see ``Archive.of_person``."""
    reasoned(reason)
    indexing.catch_up(room)
    known = whoever(room, person, purpose, actor=actor, reason=reason)
    numbers = searching.person_numbers(known.identifiers, room.index, room.index_key)
    return tuple(kept for kept, _ in room.store.kept(sorted(numbers)))


def of_identifiers(
    room: Workroom, known: Sequence[tuple[FieldKind, str]], *, actor: ActorId, reason: str
) -> tuple[Kept, ...]:
    """Return every message with one of these identifiers; see ``Archive.of_identifiers``."""
    reasoned(reason)
    indexing.catch_up(room)
    purpose = room.statements.in_force().policy.rights.purpose
    facts: dict[str, Fact] = {"purpose": purpose, "reason": reason, "people": 1}
    room.ledger.append(Event("message.searched", room.clock(), actor, facts))
    numbers = searching.person_numbers(list(known), room.index, room.index_key)
    return tuple(kept for kept, _ in room.store.kept(sorted(numbers)))


def containing(room: Workroom, words: bytes) -> Iterator[Kept]:
    """Yield every message in which words stand; see ``Archive.containing``."""
    wanted = words.decode("ascii").casefold()
    before: tuple[list[int], Future[list[bool]]] | None = None
    for raws in bytes_of_all(room, list(room.store.numbers())):  # one group is opened while another is read
        following = (list(raws), room.reader.find(wanted, list(raws.values())))
        if before is not None:
            yield from _found(room, *before)
        before = following
    if before is not None:
        yield from _found(room, *before)


def _found(room: Workroom, numbers: Sequence[int], hits: Future[list[bool]]) -> Iterator[Kept]:
    there = [number for number, hit in zip(numbers, hits.result(), strict=True) if hit]
    return (kept for kept, _ in room.store.kept(there))
