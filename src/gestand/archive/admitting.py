"""Taking messages in: known already or new, read, given shelf and period, sealed; one durable commit a batch.

Keys are on stable storage before the rows sealed under them; the ledger's event is staged in the same transaction. What
cannot be read is kept all the same. The same bytes by another way are the same message, with one way more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from gestand.archive.model import Admitted, Way
from gestand.archive.sameness import essence_token
from gestand.archive.sealing import (
    content_token,
    message_id,
    new_things,
    origin_token,
    seal_message,
    seal_way,
    way_token,
)
from gestand.archive.store import NewMessage, WayRow
from gestand.archive.tables import seconds
from gestand.archive.workroom import Workroom
from gestand.kernel.clock import local_date
from gestand.kernel.crypto import NONCE_SIZE
from gestand.kernel.ids import SYSTEM
from gestand.ledger.model import Event, Fact
from gestand.reading.mail import Mail
from gestand.vault.place import day_number

Message = tuple[bytes, Way]
BATCH: Final = 200
BATCH_BYTES: Final = 16 * 1024 * 1024


class Fresh(NamedTuple):
    """A message that was not here: its number, and what was read of it, for the index."""

    number: int
    thing: bytes
    mail: Mail
    way: Way
    received: date


@dataclass(slots=True)
class Batch:
    """What a batch came to: an answer for each message in its order, and what is new to the index."""

    admitted: list[Admitted]
    fresh: list[Fresh]
    more_ways: list[tuple[int, Way]]


def batches(messages: Iterator[Message], most: int = BATCH) -> Iterator[list[Message]]:
    """Cut a run of messages into batches of at most ``most``, or of one that is larger than ``BATCH_BYTES``."""
    batch: list[Message] = []
    size = 0
    for raw, way in messages:
        if batch and (len(batch) >= most or size + len(raw) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append((raw, way))
        size += len(raw)
    if batch:
        yield batch


class Digests(NamedTuple):
    """By what the messages of a batch are known again: their bytes, and, of those that are new, what the sender wrote."""

    contents: Sequence[bytes]
    essences: Mapping[int, bytes]


@dataclass(slots=True)
class _Place:
    """Where a message stands, or is going to stand. One whose key is destroyed is known no more (``erasing``)."""

    number: int
    thing: bytes
    key: bytes
    parsed: bool
    why: str


def admit_batch(room: Workroom, batch: Sequence[Message], mails: Sequence[Mail | None], digests: Digests) -> Batch:
    """Seal a batch, in one transaction. ``mails``: what was read of each; None for one that was known before.

    :raises RefusedError: ``archive-not-in-statement`` if no purpose of the statement in force covers an archive.
    """
    contents = digests.contents
    found = Batch([], [], [])
    with room.store.engine.transaction():
        places = _known(room, contents)
        fresh = {content: at for at, content in reversed(list(enumerate(contents))) if content not in places}
        made, change = _make(room, sorted(fresh.values()))
        rows: list[NewMessage] = []
        parts: list[tuple[int, int, bytes]] = []
        for at, (number, thing, key) in made.items():
            raw, way = batch[at]
            mail = mails[at] or room.reader.read([raw])[0]  # known when it was looked at, and gone since
            places[contents[at]] = _Place(number, thing, key, mail.parsed, mail.why)
            rows.append(_row(room, Fresh(number, thing, mail, way, local_date(way.received)), contents[at], len(raw)))
            sealed = seal_message(key, thing, raw, room.entropy)
            parts.extend((number, part, block) for part, block in enumerate(sealed))
            found.fresh.append(Fresh(number, thing, mail, way, local_date(way.received)))
        for at, (_, way) in enumerate(batch):
            place = places[contents[at]]
            found.admitted.append(Admitted(message_id(place.thing), at in made, place.parsed, place.why))
            if at not in made:
                found.more_ways.append((place.number, way))
        ways = [_way_row(room, places[contents[at]], way, later=at not in made) for at, (_, way) in enumerate(batch)]
        room.store.insert(rows, parts, ways)
        room.store.add_variants(
            (contents[at], number, _essence(room, digests, batch, at), batch[at][1].kind)
            for at, (number, _, _) in made.items()
        )
        room.failpoint("admit.rows")
        if rows:
            room.ledger.stage(Event("message.admitted", room.clock(), SYSTEM, _facts(rows, batch)))
        if change is not None:
            settled = change
            room.store.engine.after_commit(lambda: room.lockers.settle(settled))
    room.failpoint("admit.committed")
    return found


def _essence(room: Workroom, digests: Digests, batch: Sequence[Message], at: int) -> bytes:
    return digests.essences.get(at) or essence_token(room.content_key, batch[at][0])


def join_variants(room: Workroom, batch: Sequence[Message]) -> Digests:
    """Let messages be known by the bytes in which another kind of way now brings them (``sameness``)."""
    contents = [content_token(room.content_key, raw) for raw, _ in batch]
    known = room.store.by_content(contents)
    unknown = [at for at, content in enumerate(contents) if content not in known]
    essences = {at: essence_token(room.content_key, batch[at][0]) for at in unknown}
    alike = room.store.by_essence(list(essences.values()))
    joined = []
    for at, essence in essences.items():
        kind = batch[at][1].kind
        number = next((number for number, kinds in alike.get(essence, {}).items() if kind not in kinds), None)
        if number is not None:
            alike[essence][number].add(kind)
            joined.append((contents[at], number, essence, kind))
    if joined:
        room.store.add_variants(joined)
    return Digests(contents, essences)


def _known(room: Workroom, contents: Sequence[bytes]) -> dict[bytes, _Place]:
    """Return where those messages stand that are here already: not one that leaves, or that nobody can open."""
    numbers = room.store.by_content(contents)
    kept = {one.number: (one, thing) for one, thing in room.store.kept(sorted(set(numbers.values())))}
    staying = room.store.staying(sorted(kept))
    keys = room.lockers.open_many([thing for number, (_, thing) in kept.items() if number in staying])
    found: dict[bytes, _Place] = {}
    for content, number in numbers.items():
        one, thing = kept.get(number, (None, b""))
        if one is not None and thing in keys:
            found[content] = _Place(number, thing, keys[thing], one.parsed, one.why)
    room.store.unknow(set(numbers.values()).difference(place.number for place in found.values()))
    return found


def _make(room: Workroom, places: Sequence[int]) -> tuple[dict[int, tuple[int, bytes, bytes]], int | None]:
    """Give each place of the batch that is new a number, an id and a key on stable storage."""
    if not places:
        return {}, None
    things = list(new_things(len(places), room.entropy))
    keys, change = room.lockers.make(things)
    room.failpoint("admit.keys")
    first = room.store.last() + 1
    return {at: (first + n, things[n], keys[n]) for n, at in enumerate(places)}, change


def _row(room: Workroom, fresh: Fresh, content: bytes, size: int) -> NewMessage:
    found = room.classes.of(fresh.mail, fresh.way)
    return NewMessage(
        number=fresh.number,
        thing=fresh.thing,
        content=content,
        received=day_number(fresh.received) or 0,
        admitted=seconds(room.clock()),
        size=size,
        why=fresh.mail.why,
        parsed=int(fresh.mail.parsed),
        purpose=found.purpose,
        shelf=found.shelf,
        rule=found.rule,
        version=found.version,
        due=day_number(found.due(fresh.received)),
    )


def _way_row(room: Workroom, place: _Place, way: Way, *, later: bool) -> WayRow:
    token = way_token(room.content_key, way)
    sealed = seal_way(place.key, place.thing, way, room.entropy(NONCE_SIZE))
    if not way.at_origin:
        return place.number, token, int(later), way.kind, sealed, None, None
    origin = origin_token(room.content_key, way.place, way.folder, way.at_origin)
    return place.number, token, int(later), way.kind, sealed, origin, day_number(local_date(way.received))


def _facts(rows: Sequence[NewMessage], batch: Sequence[Message]) -> dict[str, Fact]:
    return {
        "messages": len(rows),
        "unread": sum(1 for row in rows if not row.parsed),
        "version": rows[0].version,
        "ways": " ".join(sorted({way.kind for _, way in batch})),
    }
