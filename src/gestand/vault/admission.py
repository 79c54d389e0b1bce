"""How data come in: judged against the policy in force, sealed under the keys of their buckets, found by token.

Every datum of a call is judged before the first is sealed, so that a refusal leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gestand.kernel.crypto import NONCE_SIZE, Sealer, permute
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, ShelfId, SubjectId, VersionId
from gestand.ledger.events import EVENTS
from gestand.ledger.model import Event, Fact
from gestand.statement.policy import DataField, FieldKind, Policy
from gestand.storage.engine import Value
from gestand.vault.catalogue import Activity
from gestand.vault.likeness import tokens_of
from gestand.vault.model import NewItem, NewSubject
from gestand.vault.place import REFERENCE, SUBJECT_SIZE, day_number, subject_bytes, subject_id
from gestand.vault.ring import Ring
from gestand.vault.room import Room, refer
from gestand.vault.rows import SubjectRow, seconds
from gestand.vault.sealing import bound_value
from gestand.vault.wrapping import OPEN, Bucket

_MOST_SOURCES = 8
_KINDS = {"person": 0, "firm": 1}


@dataclass(slots=True)
class _Arrival:
    """A subject on its way in: its row, and for each shelf and period its bucket and key."""

    row: SubjectRow
    items: tuple[NewItem, ...]
    buckets: dict[tuple[str, int], int] = field(default_factory=dict)
    keys: dict[int, Sealer] = field(default_factory=dict)
    ring: Ring | None = None  # of a subject that is there already

    def sealer(self, bucket: int) -> Sealer:
        """Return the key of a bucket that has one."""
        found = self.keys.get(bucket)
        if found is None:
            made = self.ring.sealer(bucket) if self.ring else None
            assert made is not None
            found = self.keys[bucket] = made
        return found


class _Alike(NamedTuple):
    """What data that come in alike have in common, worked out once."""

    activity: int
    place: tuple[str, int]
    trigger_on: int | None
    due: int | None
    kind: FieldKind | None  # of an identifying field


def add(
    room: Room, subjects: Sequence[NewSubject], *, actor: ActorId, reason: str, source_event: str
) -> tuple[SubjectId, ...]:
    """Seal what each subject brings; see ``Vault.add``."""
    statement = room.statements.in_force()
    version = VersionId(statement.version)
    fields = judge_items(statement.policy, subjects)
    with room.store.engine.transaction():
        room.store.begin_tokens_epoch(room.keys.current.number)
        arrivals, wanted = _arrivals(room, subjects)
        keys: list[bytes] = []
        if wanted:
            rows, keys = room.keys.wrap([bucket for bucket, _ in wanted])
            change = room.keys.add(rows, {bucket.subject for bucket, _ in wanted})
            room.store.engine.after_commit(lambda: room.keys.settle(change))
        room.failpoint("add.keys")
        for (bucket, arrival), key in zip(wanted, keys, strict=True):
            if bucket.number != REFERENCE:
                arrival.keys[bucket.number] = Sealer(key)
        ids = tuple(subject_id(arrival.row.subject) for arrival in arrivals)
        _seal(room, arrivals, fields, version)
        room.store.put_subjects(arrival.row for arrival in arrivals)
        facts = {n: f for n, f in _facts(arrivals, version, reason).items() if n in EVENTS[source_event]}
        reference = _reference(room, arrivals[0]) if len(arrivals) == 1 else ""
        room.ledger.stage(Event(source_event, room.clock(), actor, facts, reference))
        room.failpoint("add.rows")
    room.failpoint("add.done")
    return ids


def judge_items(policy: Policy, subjects: Sequence[NewSubject]) -> dict[FieldPath, DataField]:
    """Return the fields that come in, each known to the policy and needed by a purpose.

    :raises RefusedError: for a field no purpose needs, a purpose that does not need it, or a shelf that is not there.
    :raises UsageError: for a subject without data, or a value that is empty or no text.
    """
    fields: dict[FieldPath, DataField] = {}
    seen: set[tuple[FieldPath, ShelfId, tuple[PurposeId, ...]]] = set()
    for subject in subjects:
        if not subject.items:
            raise UsageError(
                "subject-empty",
                "a subject without data has nothing to keep",
                remedy="Give at least one datum, or leave the subject out.",
            )
        for item in subject.items:
            if not item.value:
                raise UsageError(
                    "value-empty",
                    "a datum without a value is nothing to keep",
                    where=item.field,
                    remedy="Leave it out.",
                )
            key = (item.field, item.shelf, item.purposes)
            if key not in seen:
                fields[item.field] = _judge(policy, item)
                seen.add(key)
    return fields


def _judge(policy: Policy, item: NewItem) -> DataField:
    found = policy.field(item.field)
    named = [policy.purposes.get(purpose) for purpose in item.purposes[:1]]
    needed = any(purpose and purpose.allows(item.field) for purpose in named) or policy.purposes_of(item.field)
    if found is None or not needed:
        raise RefusedError(
            "field-not-promised",
            f"no purpose of the statement in force needs the field '{item.field}'; it may not be kept (Article 5(1)(c))",
            where=item.field,
            remedy="Leave the field out, or add it to a purpose of policy.toml with the reason why it is needed.",
        )
    if item.shelf not in policy.shelves:
        raise RefusedError(
            "shelf-unknown",
            f"the statement in force has no shelf '{item.shelf}'; without one nothing may be kept (Article 5(1)(e))",
            where=item.field,
            remedy="Name one of: " + ", ".join(policy.shelves) + ".",
        )
    for purpose in item.purposes:
        if purpose not in policy.purposes or not policy.purposes[purpose].allows(item.field):
            raise RefusedError(
                "purpose-not-promised",
                f"the statement in force does not name '{purpose}' as a purpose that needs '{item.field}'",
                where=item.field,
                remedy="Collect it for one of: " + ", ".join(policy.purposes_of(item.field)) + ".",
            )
    return found


def _arrivals(room: Room, subjects: Sequence[NewSubject]) -> tuple[list[_Arrival], list[tuple[Bucket, _Arrival]]]:
    """Give every subject its row and every datum a bucket; return also the buckets for which keys must be made."""
    now = seconds(room.clock())
    fresh = room.entropy(SUBJECT_SIZE * len(subjects))
    arrivals: dict[bytes, _Arrival] = {}
    wanted: list[tuple[Bucket, _Arrival]] = []
    for at, new in enumerate(subjects):
        if new.id is None:
            subject = fresh[:2] + fresh[at * SUBJECT_SIZE + 2 : (at + 1) * SUBJECT_SIZE]
            arrival = _Arrival(SubjectRow(subject, _KINDS[new.kind], now, 0, 0, 0, 0), new.items)
            wanted.append((Bucket(subject, REFERENCE, "", OPEN), arrival))
        else:
            subject = subject_bytes(new.id)
            if subject in arrivals:
                raise UsageError(
                    "subject-twice",
                    f"{new.id} stands twice in one call",
                    remedy="Give each subject once, with all its data.",
                )
            arrival = _known(room, subject, new.items)
        last = arrival.row.last_bucket
        for item in new.items:
            place = _place(item)
            if place not in arrival.buckets:
                last += 1
                arrival.buckets[place] = last
                wanted.append((Bucket(subject, last, *place), arrival))
        arrival.row = arrival.row._replace(last_bucket=last, last_item=arrival.row.last_item + len(new.items))
        arrivals[subject] = arrival
    return list(arrivals.values()), wanted


def _known(room: Room, subject: bytes, items: tuple[NewItem, ...]) -> _Arrival:
    """Return a subject that is there already, with the keys that may seal more."""
    asked, buckets = room.store.ask_subject(subject), room.store.ask_buckets(subject)
    ring = room.keys.ring(subject)  # on a server while the rows are on their way
    arrival, living = _Arrival(room.found(subject, asked()), items), buckets()
    arrival.buckets = dict(ring.places(living))
    arrival.ring = ring
    return arrival


def _reference(room: Room, arrival: _Arrival) -> str:
    key, subject = arrival.ring.reference_key() if arrival.ring else None, arrival.row.subject
    return room.reference(subject) if key is None else refer(key, subject)


def _place(item: NewItem) -> tuple[str, int]:
    """Return the shelf and period that decide under which key the datum is sealed."""
    return item.shelf, item.due.year if item.due else OPEN


def _seal(room: Room, arrivals: list[_Arrival], fields: dict[FieldPath, DataField], version: VersionId) -> None:
    """Seal every datum and write rows and tokens, in the order of their tables."""
    arrivals = sorted(arrivals, key=lambda arrival: arrival.row.subject)
    items = [item for arrival in arrivals for item in arrival.items]
    alike = _alike(room, items, fields, version)
    index_key = room.index_key
    places = (
        (arrival.row.subject, arrival.row.last_item - len(arrival.items) + turn)
        for arrival in arrivals
        for turn in range(1, len(arrival.items) + 1)
    )
    bare = [
        tokens_of(index_key, like.kind, item.value, *place) if like.kind is not None else b""
        for item, like, place in zip(items, alike, places, strict=True)
    ]
    mapped = permute(room.token_key(), b"".join(bare)) if any(bare) else b""
    now = seconds(room.clock())
    drawn = room.entropy(NONCE_SIZE * len(items))
    rows: list[tuple[Value, ...]] = []
    tokens: list[tuple[bytes, bytes, int]] = []
    at = token_at = 0
    for arrival in arrivals:
        subject, buckets = arrival.row.subject, arrival.buckets
        number = arrival.row.last_item - len(arrival.items)
        for item in arrival.items:
            number += 1
            like = alike[at]
            bucket = buckets[like.place]
            token = None
            if bare[at]:
                token = mapped[token_at : token_at + len(bare[at])]
                tokens.append((token, subject, number))
                token_at += len(token)
            sealed = arrival.sealer(bucket).seal(
                plain(item.value, item.field),
                bound_value(subject, number, bucket, item.field),
                drawn[at * NONCE_SIZE : (at + 1) * NONCE_SIZE],
            )
            at += 1
            rows.append(
                (
                    subject,
                    number,
                    like.activity,
                    bucket,
                    0,
                    now,
                    like.trigger_on,
                    like.due,
                    item.dossier or None,
                    token,
                    sealed,
                )
            )
    room.store.put_items(rows)
    if tokens:
        room.store.put_tokens(tokens)


def _alike(room: Room, items: list[NewItem], fields: dict[FieldPath, DataField], version: VersionId) -> list[_Alike]:
    """Return for each datum what it shares with those that come in alike."""
    known: dict[tuple[object, ...], _Alike] = {}
    found = []
    for item in items:
        key = (item.field, item.shelf, item.source, item.due, item.trigger_on, item.purposes)
        like = known.get(key)
        if like is None:
            like = known[key] = _Alike(
                room.catalogue.number(Activity(version, item.field, item.shelf, item.source, item.purposes)),
                _place(item),
                day_number(item.trigger_on),
                day_number(item.due),
                fields[item.field].kind if fields[item.field].identifies else None,
            )
        found.append(like)
    return found


def plain(value: str, field_path: FieldPath) -> bytes:
    """Return a value as the bytes to seal.

    :raises UsageError: if it is no text (a lone surrogate).
    """
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise UsageError(
            "value-not-text",
            "the value holds half a character (a lone surrogate) and is no text",
            where=field_path,
            remedy="Read the file with its right character set and try again.",
        ) from None


def _facts(arrivals: list[_Arrival], version: VersionId, reason: str) -> dict[str, Fact]:
    items = [item for arrival in arrivals for item in arrival.items]
    return {
        "items": len(items),
        "subjects": len(arrivals),
        "version": version,
        "source": tuple(sorted({item.source for item in items})[:_MOST_SOURCES]),
        "shelves": tuple(sorted({item.shelf for item in items})),
        "reason": reason,
        "kind": "firm" if arrivals and arrivals[0].row.kind else "person",
    }
