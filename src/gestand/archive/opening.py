"""Opening messages: judged against the statement, recorded in the ledger, and only then do bytes leave the room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gestand.archive.contents import raw_of, ways_of
from gestand.archive.model import Kept, OpenedMessage
from gestand.archive.objecting import objected
from gestand.archive.sealing import unknown_message
from gestand.archive.workroom import NAMED, Workroom
from gestand.kernel.crypto import mac
from gestand.kernel.errors import DamagedError, GestandError, RefusedError
from gestand.kernel.ids import ActorId, PurposeId
from gestand.ledger.model import Event, Fact
from gestand.statement.model import Statement
from gestand.statement.policy import Policy
from gestand.vault.model import Why
from gestand.vault.place import day_number
from gestand.vault.rules import Standing, forbidding, judge, judge_field, reasoned


def open_messages(
    room: Workroom, messages: Sequence[tuple[Kept, bytes]], purpose: PurposeId, *, actor: ActorId, reason: str
) -> list[OpenedMessage]:
    """Open messages for a purpose; one entry in the ledger for each ``NAMED``, recorded before any byte is returned.

    :raises RefusedError: with the sentence that forbids it, if one of them may not be opened for this purpose.
    """
    reasoned(reason)
    closed = judged(room, messages, purpose)
    for kept, _ in messages:
        if kept.number in closed:
            _refuse(room.statements.in_force(), kept, purpose, closed[kept.number])
    keys = room.lockers.open_many([thing for _, thing in messages])
    opened: list[OpenedMessage] = []
    for at in range(0, len(messages), NAMED):
        group = messages[at : at + NAMED]
        for kept, thing in group:
            if thing not in keys:
                raise unknown_message(kept.message)
        raws = [
            (raw_of(room, kept, thing, keys[thing]), ways_of(room, kept, thing, keys[thing])) for kept, thing in group
        ]
        marks = tuple(mark_of(keys[thing], thing) for _, thing in group)
        facts: dict[str, Fact] = {"purpose": purpose, "reason": reason, "messages": len(group), "marks": marks}
        entry = _record(room, Event("message.opened", room.clock(), actor, facts))
        opened += [OpenedMessage(kept, raw, ways, entry) for (kept, _), (raw, ways) in zip(group, raws, strict=True)]
    return opened


def mark_of(key: bytes, thing: bytes) -> str:
    """Return how a message stands in the ledger: an HMAC under its own key, which dies with it."""
    return mac(key, b"gestand/message-reference/1\x00" + thing).hex()


def judged(room: Workroom, messages: Sequence[tuple[Kept, bytes]], purpose: PurposeId) -> dict[int, Why]:
    """Return by number which messages stay closed for a purpose, and why.

    By the statement of today and that of when a message came, its time, a restriction, an objection of somebody in it.

    :raises RefusedError: ``archive-purpose``.
    """
    policy = room.statements.in_force().policy
    refuse_purpose(policy, purpose)
    day = room.today()
    numbers = [kept.number for kept, _ in messages]
    held, restricted = room.store.holds.held(numbers, day_number(day) or 0), room.store.holds.restricted(numbers)
    fields: dict[str, Why | None] = {}
    found: dict[int, Why] = {}
    for kept, _ in messages:
        if kept.version not in fields:
            then = room.statements.version(kept.version)
            fields[kept.version] = judge_field(policy, then.policy if then else None, purpose, room.field, ())
        standing = _standing(kept.due, held=kept.number in held, restricted=kept.number in restricted)
        why = judge(policy, purpose, fields[kept.version], standing, day)
        if why is not None:
            found[kept.number] = why
    left = [(kept, thing) for kept, thing in messages if kept.number not in found]
    return found | dict.fromkeys(objected(room, left, purpose), Why.OBJECTED)


def _refuse(statement: Statement, kept: Kept, purpose: PurposeId, why: Why) -> None:
    clause, sentence = forbidding(statement, why)
    raise RefusedError(
        "message-refused",
        f"the message may not be opened for '{purpose}' ({why}): {sentence}",
        where=kept.message,
        remedy="Name a purpose of the statement that needs the content of messages.",
        clause=clause,
    )


def allowed(room: Workroom, messages: Sequence[tuple[Kept, bytes]], purpose: PurposeId) -> list[tuple[Kept, bytes]]:
    """Return those of some messages that may be opened for a purpose, in their order."""
    closed = judged(room, messages, purpose)
    return [(kept, thing) for kept, thing in messages if kept.number not in closed]


def refuse_purpose(policy: Policy, purpose: PurposeId) -> None:
    """Refuse a purpose that the statement in force does not have.

    :raises RefusedError: ``archive-purpose``.
    """
    if purpose not in policy.purposes:
        raise RefusedError(
            "archive-purpose",
            f"the statement in force has no purpose '{purpose}'",
            where="policy.toml",
            remedy="Name one of: " + ", ".join(sorted(policy.purposes)) + ".",
        )


def _standing(due: date | None, *, held: bool, restricted: bool) -> Standing:
    return Standing(erasing=False, due=due, held=held, restricted=restricted, objected=False, consented=False)


def _record(room: Workroom, event: Event) -> int:
    try:
        return room.ledger.append(event)
    except DamagedError:
        raise
    except (GestandError, OSError) as fault:
        raise RefusedError(
            "opening-not-recorded",
            f"the ledger cannot record this opening, so nothing is given: {fault}",
            where="ledger",
            remedy="Mend what the ledger reports (often a full or read-only disk) and try again.",
        ) from fault
