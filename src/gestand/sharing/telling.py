"""Telling recipients (Article 19): what was put right, erased or restricted after it was given, from the ledger itself.

Every disclosure keeps the marks of its items; an entry that names one of them makes something to tell. An authority that got
data on an order is no recipient (Article 4(9)) and is not told. What leaves because its time is over is not told either: the
agreement rules that (Article 28(3)(g)).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gestand.kernel.clock import local_date
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, new_id
from gestand.ledger.model import Entry
from gestand.sharing.desk import Desk
from gestand.sharing.model import Disclosure, How, Stage, Telling, What
from gestand.sharing.rules import tell_before

ON_REQUEST = "Article 17"
"""How the ground of an erasure begins that a recipient is told of."""


def changed(entry: Entry) -> tuple[What, tuple[str, ...]] | None:
    """Return what an entry of the ledger did to which marks, if recipients are told of it."""
    facts = entry.event.facts
    if entry.event.name == "data.rectified":
        return What.RECTIFIED, (str(facts.get("item", "")),)
    marks = facts.get("marks")
    named = marks if isinstance(marks, tuple) else ()
    if entry.event.name == "data.restricted":
        return What.RESTRICTED, named
    if entry.event.name == "erasure.begun" and str(facts.get("ground", "")).startswith(ON_REQUEST):
        return What.ERASED, named
    return None


def concerned(disclosure: Disclosure, entry: Entry, marks: tuple[str, ...]) -> tuple[int, ...]:
    """Return the numbers in the package of a disclosure whose data an entry changed after they were given."""
    if disclosure.order or disclosure.stage is Stage.WITHDRAWN or entry.event.at < disclosure.at:
        return ()
    return tuple(one.number for one in disclosure.given if set(one.marks) & set(marks))


def catch_up(desk: Desk) -> int:
    """Read what the ledger holds since the last time, note what is to be told, and return how much that is."""
    store, size = desk.records.store, desk.ledger.head().size
    first = min(store.read_until(), size)
    found = [telling for entry in desk.ledger.entries(first, size - 1) for telling in _tellings(desk, entry)]
    with desk.records.engine.transaction():
        for telling in found:
            desk.records.put(telling, actor=ActorId("system"))
        store.set_read_until(size)
    return len(found)


def _tellings(desk: Desk, entry: Entry) -> Iterator[Telling]:
    change = changed(entry)
    if change is None:
        return
    what, marks = change
    given = {one.id: one for mark in marks for one in desk.records.marked(mark)}
    for disclosure in given.values():
        numbers = concerned(disclosure, entry, marks)
        if numbers and not any(t.entry == entry.index for t in desk.records.tellings_of(disclosure.id)):
            yield Telling(
                id=new_id("shr", desk.entropy),
                disclosure=disclosure.id,
                recipient=disclosure.recipient,
                name=disclosure.name,
                what=what,
                numbers=numbers,
                entry=entry.index,
                at=entry.event.at,
                due=tell_before(local_date(entry.event.at)),
                leaves=disclosure.leaves,
            )


def due(desk: Desk) -> list[Telling]:
    """Return what is still to be told, most pressing first."""
    catch_up(desk)
    return sorted((t for t in desk.records.tellings() if t.how is None), key=lambda t: (t.due, t.id))


def done(desk: Desk, telling_id: str, how: How, *, proof: str, actor: ActorId) -> Telling:
    """Record that a recipient was told, or why that cannot be; see ``Sharing.told``."""
    telling = desk.telling(telling_id)
    if telling.how is not None:
        raise RefusedError(
            "telling-done", f"this was settled before: {telling.how}", where=telling.id, remedy="Nothing is left to do."
        )
    if not proof.strip():
        raise UsageError(
            "telling-proof",
            "nothing says how it is known" if how is How.TOLD else "nothing says why",
            where=telling.id,
            remedy="Give --proof (a date, a message id), or with --because the reason why it is impossible or disproportionate.",
        )
    settled = replace(telling, how=how, proof=proof.strip(), done_at=desk.clock(), done_by=str(actor))
    desk.records.put(settled, actor=actor)
    return settled
