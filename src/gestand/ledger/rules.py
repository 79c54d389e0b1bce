"""What may be recorded, and the exact bytes it becomes. Pure: an event in, leaf bytes or a refusal out.

A leaf is the canonical JSON (RFC 8785, kernel/canonical.py) of
{"actor", "at", "event", "facts", "subject", "v": 1}; ``at`` is UTC with microseconds: 2026-03-02T09:30:00.000000Z.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from json.encoder import encode_basestring
from typing import Any

from gestand.kernel.errors import DamagedError, RefusedError
from gestand.kernel.ids import ActorId
from gestand.ledger.events import EVENTS
from gestand.ledger.model import Entry, Event, Fact
from gestand.statement.policy import FieldKind

LEAF_VERSION = 1
LONGEST_TEXT = 256
"""Characters in a fact. Facts are ids, counts, dates and digests."""
LONGEST_LEAF = 16 * 1024
"""Bytes in a leaf."""

_ALLOWED = {name: frozenset(facts) for name, facts in EVENTS.items()}
_LARGEST = 2**53
# An address of a person or a machine has no place in what outlives its subject (GDPR Article 17).
_MANY_DIGITS = re.compile(r"\d(?:[ ()./-]{0,3}\d){7}")
_DAY = re.compile(
    r"\b\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d\b(?: +\d{1,2}[:.]\d\d\b)?"
)  # 06-11-2026 10:30 is no telephone
_NUMBERS = {FieldKind.PHONE: "telephone number", FieldKind.IBAN: "IBAN", FieldKind.BSN: "BSN"}
_NEVER = re.compile(r"[@\x00-\x1f\x7f]|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")


def leaf_of(event: Event) -> bytes:
    """Return the leaf bytes of ``event``: what kernel.canonical would make of it, in a third of the time.

    :raises RefusedError: ``ledger-unknown-event``, ``ledger-unknown-fact``, ``ledger-fact``, ``ledger-personal``,
        ``ledger-time``: what the ledger may not hold. Nothing was written.
    """
    allowed = _ALLOWED.get(event.name)
    if allowed is None:
        raise RefusedError(
            "ledger-unknown-event",
            f"the ledger knows no event {event.name!r}",
            remedy="Use one of the events in gestand/ledger/events.py, or add it there with the facts it may carry.",
        )
    facts = event.facts
    if not allowed.issuperset(facts):
        raise _unknown_fact(event.name, allowed, facts)
    parts = [f'"{name}":{_coded(event.name, name, facts[name])}' for name in sorted(facts)]
    actor = _text(event.name, "actor", event.actor)
    subject = _text(event.name, "subject", event.subject)
    try:
        leaf = (
            f'{{"actor":{actor},"at":"{_instant(event)}","event":"{event.name}",'
            f'"facts":{{{",".join(parts)}}},"subject":{subject},"v":{LEAF_VERSION}}}'
        ).encode()
    except UnicodeEncodeError:
        raise _bad_fact(event.name, "text", "a lone surrogate, which is no character") from None
    if len(leaf) > LONGEST_LEAF:
        raise _bad_fact(event.name, "facts", f"{len(leaf)} bytes together; {LONGEST_LEAF} are the most")
    return leaf


def entry_of(index: int, leaf: bytes) -> Entry:
    """Return the entry that ``leaf`` records.

    :raises DamagedError: ``ledger-leaf`` if it is not a leaf of this format.
    """
    try:
        document = json.loads(leaf)
        facts = {name: _fact(value) for name, value in document["facts"].items()}
        event = Event(
            name=document["event"],
            at=datetime.fromisoformat(document["at"]),
            actor=ActorId(document["actor"]),
            facts=facts,
            subject=document["subject"],
        )
        version = document["v"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        version = None
    if version != LEAF_VERSION:
        raise DamagedError(
            "ledger-leaf",
            f"entry {index} is not a leaf of format {LEAF_VERSION}",
            where=f"entry {index}",
            remedy="Run 'gestand ledger verify'; if it finds no damage, a newer version of the program wrote this entry.",
        )
    return Entry(index=index, leaf=leaf, event=event)


def _instant(event: Event) -> str:
    at = event.at
    if at.tzinfo is not UTC:
        if at.tzinfo is None:
            raise RefusedError(
                "ledger-time",
                "the instant of an event has no time zone",
                where=event.name,
                remedy="Take it of a Clock.",
            )
        at = at.astimezone(UTC)
    return at.isoformat(timespec="microseconds")[:26] + "Z"


def _fact(value: Any) -> Fact:
    return tuple(value) if isinstance(value, list) else value


def _coded(event: str, name: str, value: Fact) -> str:
    """Return the canonical JSON of one fact."""
    if type(value) is str:
        return _text(event, name, value)
    if type(value) is int:
        if not -_LARGEST <= value <= _LARGEST:
            raise _bad_fact(event, name, "a whole number beyond 2**53")
        return str(value)
    if type(value) is tuple:
        if set(map(type, value)) <= {str} and max(map(len, value), default=0) <= LONGEST_TEXT:
            together = "".join(value)  # hundreds of marks to an entry: what none of them holds is seen at once
            if together.isprintable() and "@" not in together and "." not in together:
                return "[" + ",".join(map(encode_basestring, value)) + "]"
        return "[" + ",".join([_text(event, name, part) for part in value]) + "]"
    if value is None:
        return "null"
    if type(value) is bool:
        return "true" if value else "false"
    raise _bad_fact(event, name, f"of type {type(value).__name__}")


def _text(event: str, name: str, value: str) -> str:
    """Return the canonical JSON of one text that may be recorded."""
    if type(value) is not str:
        raise _bad_fact(event, name, f"or holds something of type {type(value).__name__}")
    if len(value) > LONGEST_TEXT:
        raise _bad_fact(event, name, f"{len(value)} characters long; {LONGEST_TEXT} are the most")
    refuse_personal(event, name, value)
    return encode_basestring(value)


def refuse_personal(event: str, name: str, value: str) -> None:
    """Refuse a text by which a person can be found: the ledger outlives them (Article 17 GDPR).

    Numbers are looked for in what people write, a reason; what the program writes are ids, digests and dates.

    :raises RefusedError: ``ledger-personal``.
    """
    # The first three are cheap and nearly always decide; a million openings a minute pass here.
    if (not value.isprintable() or "@" in value or value.count(".") > 2) and _NEVER.search(value) is not None:
        raise RefusedError(
            "ledger-personal",
            f"{name!r} holds an e-mail address, a network address or a control character",
            where=event,
            remedy="Write ids, counts, dates or digests; the ledger outlives the person, so no address may stand in it.",
        )
    if name == "reason" and _MANY_DIGITS.search(value) is not None:
        from gestand.reading.discover import discover

        found = next((one.kind for one in discover(_DAY.sub(" ", value)) if one.kind in _NUMBERS), None)
        if found is not None:
            raise RefusedError(
                "ledger-personal",
                f"{name!r} holds the {_NUMBERS[found]} of a person",
                where=event,
                remedy="Say why without numbers or names; the ledger outlives the person, and the id says whom it is about.",
            )


def _unknown_fact(event: str, allowed: frozenset[str], facts: Mapping[str, Fact]) -> RefusedError:
    extra = ", ".join(sorted(str(name) for name in facts if name not in allowed))
    return RefusedError(
        "ledger-unknown-fact",
        f"{event} may not carry: {extra}",
        where=event,
        remedy=f"It may carry: {', '.join(sorted(allowed))}.",
    )


def _bad_fact(event: str, name: str, why: str) -> RefusedError:
    return RefusedError(
        "ledger-fact",
        f"{name!r} is {why}",
        where=event,
        remedy="A fact is a short text, a whole number, true, false, nothing, or a tuple of short texts.",
    )
