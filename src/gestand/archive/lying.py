"""Which messages lay in a mailbox, on a shelf, or were opened by somebody, and who stands in them: for a breach.

It does not ask the index: what was lost is told from the messages themselves. Nothing of their content leaves the room but
who wrote, who received, and by which identifiers people stand in them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from gestand.archive.contents import groups, raws_of, read_again
from gestand.archive.model import Kept, LyingWay, Seen, Stretch
from gestand.archive.opening import mark_of
from gestand.archive.people import FOUND_IN_TEXT
from gestand.archive.sealing import open_way
from gestand.archive.workroom import Workroom
from gestand.kernel.ids import ActorId, PurposeId
from gestand.ledger.model import Event
from gestand.reading.mail import Mail
from gestand.statement.policy import FieldKind
from gestand.vault.rules import reasoned

EVERY = "*"


def seen_in(room: Workroom, stretch: Stretch, *, purpose: PurposeId, actor: ActorId, reason: str) -> Iterator[Seen]:
    """Yield the messages within a stretch with the people in them. That it was looked for is recorded first."""
    reasoned(reason)
    room.ledger.append(
        Event("message.searched", room.clock(), actor, {"purpose": purpose, "reason": reason, "people": 0})
    )
    marks = _marks_of(room, stretch) if stretch.opened_by else frozenset()
    known = 0
    for group in groups(room, list(room.store.numbers())):
        keys = room.lockers.open_many([thing for _, thing in group])
        there = [(kept, thing) for kept, thing in group if thing in keys]
        chosen: list[tuple[Kept, bytes, Sequence[LyingWay], bool]] = []
        for kept, thing in there:
            ways = [
                LyingWay(open_way(keys[thing], thing, sealed), lies, emptied)
                for sealed, lies, emptied in room.store.lying(kept.number)
            ]
            opened = mark_of(keys[thing], thing) in marks
            known += opened
            within, sure = _within(stretch, kept, ways)
            if opened or within:
                chosen.append((kept, thing, ways, opened or sure))
        raws = raws_of(room, [(kept, thing) for kept, thing, _, _ in chosen], keys)
        mails = read_again(room, [kept for kept, _, _, _ in chosen], raws)
        for (kept, _, by, sure), mail in zip(chosen, mails, strict=True):
            yield Seen(kept, *_people(mail, by), sure)
    for _ in range(len(marks) - known):
        yield Seen(None, (), (), certain=False)  # opened then and erased since: whose it was is known no longer


def _marks_of(room: Workroom, stretch: Stretch) -> frozenset[str]:
    """Return how the messages that somebody opened stand in the ledger."""
    found: set[str] = set()
    for entry in room.ledger.entries():
        event = entry.event
        if event.name == "message.opened" and event.actor == stretch.opened_by and _between(event.at, stretch):
            marks = event.facts.get("marks")
            found |= set(map(str, marks)) if isinstance(marks, tuple | list) else set()
    return frozenset(found)


def _within(stretch: Stretch, kept: Kept, ways: Sequence[LyingWay]) -> tuple[bool, bool]:
    by = stretch.last
    if kept.shelf in stretch.shelves and (by is None or kept.admitted_at <= by):
        return True, True
    if stretch.everything and (by is None or kept.admitted_at <= by):
        return True, True
    lay = [_lay(stretch, one) for one in ways if _is_place(one, stretch.mailboxes)]
    return any(within for within, _ in lay), any(within and sure for within, sure in lay)


def _is_place(one: LyingWay, mailboxes: Collection[str]) -> bool:
    return EVERY in mailboxes or one.way.place in mailboxes


def _lay(stretch: Stretch, one: LyingWay) -> tuple[bool, bool]:
    """Say whether a message lay there in the stretch, and whether that is certain; what nobody knows counts as yes."""
    if stretch.last is not None and one.way.received > stretch.last:
        return False, True
    if stretch.first is None or one.way.received >= stretch.first or not one.way.at_origin or one.lies:
        return True, True
    if one.emptied is not None:
        return one.emptied >= stretch.first, True
    return True, False  # taken out before that moment was kept


def _between(at: datetime, stretch: Stretch) -> bool:
    return (stretch.first is None or stretch.first <= at) and (stretch.last is None or at <= stretch.last)


def _people(mail: Mail, ways: Sequence[LyingWay]) -> tuple[tuple[str, ...], tuple[tuple[FieldKind, str], ...]]:
    """Return who wrote and received a message, and the identifiers in its text."""
    addresses = {one.address.casefold() for one in (*mail.sender, *mail.recipients) if one.address}
    for one in ways:
        addresses |= {address.casefold() for address in (one.way.envelope_from, *one.way.envelope_to) if address}
    found = {(FieldKind(one.kind), one.normal) for one in mail.found}
    return tuple(sorted(addresses)), tuple(sorted((kind, text) for kind, text in found if kind in FOUND_IN_TEXT))
