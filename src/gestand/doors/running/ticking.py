"""Do what is due, once. Several processes may tick at the same time: each piece of work is done by one of them."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from gestand.doors.running.due_work import WORK, Figures, Work
from gestand.doors.running.lease import LEASE, Lease, held
from gestand.doors.running.store import DueStore, Record
from gestand.doors.running.timing import missed, next_after, retry_at
from gestand.kernel.errors import GestandError, UsageError
from gestand.kernel.ids import new_id
from gestand.system import System

LOG = logging.getLogger("gestand.running")
State = Literal["done", "failed", "not-due", "not-set", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one piece of work in this tick.

    ``missed``: turns that went by while the machine slept or was off; ``next``: when it is due again; ``code``, ``message``
    and ``remedy``: why it failed, or why there is nothing to do here.
    """

    name: str
    state: State
    missed: int = 0
    late_since: datetime | None = None
    next: datetime | None = None
    figures: Figures = field(default_factory=dict)
    code: str = ""
    message: str = ""
    remedy: str = ""


def tick(
    house: System, *, now_too: Collection[str] = (), work: Sequence[Work] = WORK, lease: Lease = LEASE
) -> tuple[Done, ...]:
    """Do all work that is due, and the work named in ``now_too`` whether due or not; one failure stops no other.

    :raises UsageError: ``work-unknown`` if one of the names is no work.
    """
    unknown = set(now_too) - {one.name for one in work}
    if unknown:
        raise UsageError(
            "work-unknown",
            f"there is no due work '{min(unknown)}'",
            where="--now",
            remedy="Name one of: " + ", ".join(one.name for one in work) + ".",
        )
    store, who = DueStore(house.engine), new_id("tick", house.entropy)
    return tuple(_one(house, Turn(store, who, lease), one, forced=one.name in now_too) for one in work)


def standing(house: System, work: Sequence[Work] = WORK) -> tuple[tuple[Work, Record, datetime | None, str], ...]:
    """Return for each piece of work what is known, when it is due (None: at once), and why there is nothing to do here."""
    store, now = DueStore(house.engine), house.clock()
    found = []
    for one in work:
        record = store.record(one.name, now)
        why_not = _why_not(house, one)
        due = _due_at(one, record)
        if due is not None and not why_not and _changed(house, one, record):
            due = min(due, now)
        found.append((one, record, due, why_not))
    return tuple(found)


def _due_at(work: Work, record: Record) -> datetime | None:
    due = next_after(work.every, record.done) if record.done else None
    if record.failures and record.tried:
        again = retry_at(record.tried, record.failures)
        return again if due is None else max(due, again)
    return due


@dataclass(frozen=True, slots=True)
class Turn:
    """One tick of one process: the rows, under which name it takes work, and for how long."""

    store: DueStore
    who: str
    lease: Lease


def _why_not(house: System, work: Work) -> str:
    """Return why there is nothing to do here; what cannot even be read is tried, so that its own failure says why."""
    try:
        return work.needs(house)
    except GestandError:
        return ""


def _changed(house: System, work: Work, record: Record) -> bool:
    """Say whether what the work looked at is another than when it was done; after a failure it waits its turn all the same."""
    return not record.failures and work.looks_at(house) != record.mark


def _one(house: System, turn: Turn, work: Work, *, forced: bool) -> Done:  # noqa: PLR0911 - one return an outcome
    store, who = turn.store, turn.who
    now = house.clock()
    why_not = _why_not(house, work)
    if why_not:
        return Done(work.name, "not-set", message=why_not)
    record = store.record(work.name, now)
    due = _due_at(work, record)
    if due is not None and now < due and not forced and not _changed(house, work, record):
        return Done(work.name, "not-due", next=due)
    if not store.take(record, who, now, now + turn.lease.lasts):
        return Done(work.name, "elsewhere", message="another process is at it, or has just done it")
    late = missed(work.every, record.done, now) if record.done else 0
    since = next_after(work.every, record.done) if record.done and late else None
    try:
        mark = work.looks_at(house)  # before it is done: what changes meanwhile is looked at in the next turn
        with held(store, work.name, who, house.clock, turn.lease):
            figures = work.do(house)
    except GestandError as fault:
        return _failed(house, turn, work, fault)
    except OSError as fault:
        return _failed(house, turn, work, UsageError("work-system", f"the computer refused: {fault.strerror}"))
    except Exception as fault:  # noqa: BLE001 - a fault of the program in one piece of work stops no other
        LOG.error("due work %s: a fault in the program: %s", work.name, type(fault).__name__)  # noqa: TRY400 - no values
        return _failed(house, turn, work, GestandError("internal", f"a fault in the program: {type(fault).__name__}"))
    at = house.clock()
    store.done(work.name, who, at, mark)
    return Done(work.name, "done", late, since, next_after(work.every, at), figures)


def _failed(house: System, turn: Turn, work: Work, fault: GestandError) -> Done:
    at = house.clock()
    turn.store.failed(work.name, turn.who, at, fault.code)
    again = _due_at(work, turn.store.record(work.name, at))
    return Done(work.name, "failed", next=again, code=fault.code, message=fault.message, remedy=fault.remedy)
