"""How data come in: judged against the policy in force, sealed under the keys of their buckets, found by token.

Every datum of a call is judged before the first is sealed, so that a refusal leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gestand.kernel.crypto import NONCE_SIZE, Sealer, permute
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, ShelfId, SubjectId, VersionId
from gestand.ledger.events import EVENTS
from gestand.ledger.model import Event, Fact
from gestand.statement.policy import DataField, FieldKind, Policy
from gestand.vault.catalogue import Activity
from gestand.vault.keys import OPEN, REFERENCE, Bucket
from gestand.vault.model import NewItem, NewSubject
from gestand.vault.place import SUBJECT_SIZE, day_number, subject_bytes, subject_id, unpack
from gestand.vault.room import Room
from gestand.vault.sealing import TOKEN_SIZE, bare_token, bound_value
from gestand.vault.store import SubjectRow, seconds

_MOST_SOURCES = 8
_KINDS = {"person": 0, "firm": 1}


@dataclass(slots=True)
class _Arrival:
    """A subject on its way in: its row, and the bucket of each shelf and period."""

    row: SubjectRow
    items: tuple[NewItem, ...]
    buckets: dict[tuple[str, int], int] = field(default_factory=dict)


def add(
    room: Room, subjects: Sequence[NewSubject], *, actor: ActorId, reason: str, source_event: str
) -> tuple[SubjectId, ...]:
    """Seal what each subject brings; see ``Vault.add``."""
    statement = room.statements.in_force()
    version = VersionId(statement.version)
    fields = judge_items(statement.policy, subjects)
    with room.store.engine.transaction():
        if room.store.tokens_epoch() is None:
            room.store.set_tokens_epoch(room.keys.current.number)
        sealers: dict[tuple[bytes, int], Sealer] = {}
        arrivals, wanted = _arrivals(room, subjects, sealers)
        rows, keys = room.keys.wrap(wanted)
        change = room.keys.add(rows, {bucket.subject for bucket in wanted})
        room.failpoint("add.keys")
        room.store.engine.after_commit(lambda: room.keys.settle(change))
        for bucket, key in zip(wanted, keys, strict=True):
            if bucket.number != REFERENCE:
                sealers[bucket.subject, bucket.number] = Sealer(key)
        _seal(room, arrivals, sealers, fields, version)
        room.store.put_subjects(arrival.row for arrival in arrivals)
        ids = tuple(subject_id(arrival.row.subject) for arrival in arrivals)
        facts = {n: f for n, f in _facts(arrivals, version, reason).items() if n in EVENTS[source_event]}
        reference = room.reference(arrivals[0].row.subject) if len(arrivals) == 1 else ""
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
    if found is None or not policy.purposes_of(item.field):
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


def _arrivals(
    room: Room, subjects: Sequence[NewSubject], sealers: dict[tuple[bytes, int], Sealer]
) -> tuple[list[_Arrival], list[Bucket]]:
    """Give every subject its row and every datum a bucket; return what keys must be made."""
    now = seconds(room.clock())
    fresh = room.entropy(SUBJECT_SIZE * len(subjects))
    arrivals: dict[bytes, _Arrival] = {}
    order, wanted = [], []
    for at, new in enumerate(subjects):
        if new.id is None:
            subject = fresh[at * SUBJECT_SIZE : (at + 1) * SUBJECT_SIZE]
            arrival = _Arrival(SubjectRow(subject, _KINDS[new.kind], now, 0, 0, 0, 0), new.items)
            wanted.append(Bucket(subject, REFERENCE, "", OPEN))
        else:
            subject = subject_bytes(new.id)
            if subject in arrivals:
                raise UsageError(
                    "subject-twice",
                    f"{new.id} stands twice in one call",
                    remedy="Give each subject once, with all its data.",
                )
            arrival = _Arrival(room.known(subject), new.items)
            living = living_buckets(room, subject)
            for place, number, sealer in room.keys.of_subject(subject):
                if number in living:
                    arrival.buckets[place] = number
                    sealers[subject, number] = sealer
        last = arrival.row.last_bucket
        for item in new.items:
            place = (item.shelf, item.due.year if item.due else OPEN)
            if place not in arrival.buckets:
                last += 1
                arrival.buckets[place] = last
                wanted.append(Bucket(subject, last, *place))
        arrival.row = arrival.row._replace(last_bucket=last)
        arrivals[subject] = arrival
        order.append(arrival)
    return order, wanted


def living_buckets(room: Room, subject: bytes) -> set[int]:
    """Return the buckets that more may be sealed under: used by a row, and not about to die with an erasure."""
    doomed = {number for job in room.store.erasures() for owner, number in unpack(job.keys) if owner == subject}
    return room.store.buckets(subject) - doomed


def _seal(
    room: Room,
    arrivals: list[_Arrival],
    sealers: dict[tuple[bytes, int], Sealer],
    fields: dict[FieldPath, DataField],
    version: VersionId,
) -> None:
    now = seconds(room.clock())
    count = sum(len(arrival.items) for arrival in arrivals)
    drawn = room.entropy(NONCE_SIZE * count)
    activities: dict[tuple[FieldPath, ShelfId, str, tuple[PurposeId, ...]], int] = {}
    kinds: dict[FieldPath, FieldKind | None] = {p: f.kind if f.identifies else None for p, f in fields.items()}
    rows: list[list[str | int | bytes | None]] = []
    bare: list[bytes] = []
    tokens: list[tuple[int, bytes, int]] = []  # row, subject, number
    at = 0
    for arrival in arrivals:
        subject, number = arrival.row.subject, arrival.row.last_item
        for item in arrival.items:
            number += 1
            like = (item.field, item.shelf, item.source, item.purposes)
            activity = activities.get(like)
            if activity is None:
                activity = activities[like] = room.catalogue.number(
                    Activity(version, item.field, item.shelf, item.source, item.purposes)
                )
            bucket = arrival.buckets[item.shelf, item.due.year if item.due else OPEN]
            kind = kinds[item.field]
            if kind is not None and (token := bare_token(room.index_key, kind, item.value)) is not None:
                bare.append(token)
                tokens.append((len(rows), subject, number))
            sealed = sealers[subject, bucket].seal(
                plain(item.value, item.field),
                bound_value(subject, number, bucket, item.field),
                drawn[at : at + NONCE_SIZE],
            )
            at += NONCE_SIZE
            rows.append(
                [subject, number, activity, bucket, 0, now, day_number(item.trigger_on), day_number(item.due),
                 item.dossier or None, None, sealed]
            )  # fmt: skip
        arrival.row = arrival.row._replace(last_item=number)
    mapped = permute(room.token_key(), b"".join(bare))
    found = []
    for place, (row, subject, number) in enumerate(tokens):
        rows[row][9] = token = mapped[place * TOKEN_SIZE : (place + 1) * TOKEN_SIZE]
        found.append((token, subject, number))
    rows.sort(key=lambda row: row[0])  # type: ignore[arg-type,return-value]  # in the order of the table
    found.sort()
    room.store.put_items(rows)  # type: ignore[arg-type]
    room.store.put_tokens(found)


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
