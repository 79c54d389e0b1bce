"""One run of the outbox: each message noted as in flight before the server hears of it, its answer noted after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from gestand.kernel.errors import DamagedError, GestandError, RefusedError
from gestand.post.model import Accepted, Courier, Delivery, LineLost, Outgoing, Rejected, State, Withheld
from gestand.post.outbox import Outbox
from gestand.post.rules import next_try, why_not, without_addresses

LOST_IN_A_ROW = 3
"""After so many lines lost one after another a run stops: the server is not well."""

Failpoint = Callable[[str], None]
"""Called with the name of each durable step just taken; tests stop the program there."""


def deliver(
    outbox: Outbox,
    courier: Courier,
    *,
    limit: int | None,
    pause: float,
    wait: Callable[[float], None],
    each: Callable[[Outgoing, State], None],
    failpoint: Failpoint,
) -> Delivery:
    """Send what waits; see ``Post.deliver``."""
    counts: Counter[State] = Counter()
    stopped, lost = "", 0
    with outbox.alone():
        try:
            resume(outbox)
            while (limit is None or counts.total() < limit) and (turn := outbox.store.next(outbox.clock())):
                state, fault = _carry(outbox, turn, courier, failpoint)
                if state is None:
                    stopped = fault
                    break
                counts[state] += 1
                each(turn, state)
                lost = lost + 1 if fault else 0
                if lost >= LOST_IN_A_ROW:
                    stopped = fault
                    break
                if pause and state is not State.WITHHELD:
                    wait(pause)
        finally:
            courier.close()
            resume(outbox)
    return Delivery(dict(counts), stopped)


def resume(outbox: Outbox) -> tuple[str, ...]:
    """Put in doubt what was in flight when a process died, and destroy what is done with. Only while nobody delivers."""
    with outbox.engine.transaction():
        doubtful = outbox.store.doubt()
        for message_id in doubtful:
            found = outbox.store.one(message_id)
            assert found is not None
            outbox.stage("mail.doubt", found)
    for message_id in outbox.store.done_with():
        outbox.file(message_id)
        outbox.empty([message_id])
    with outbox.engine.transaction():  # nobody is between a key and its row while we hold this
        orphans = [message_id for message_id in outbox.keys.all() if outbox.store.sealed(message_id) is None]
        if orphans:
            outbox.keys.destroy(orphans)
    return tuple(doubtful)


def _carry(outbox: Outbox, turn: Outgoing, courier: Courier, failpoint: Failpoint) -> tuple[State | None, str]:
    """Try one message; return where it came to (None: nothing can be sent now), and what is wrong with the line."""
    try:
        made = outbox.made(turn)
    except (DamagedError, RefusedError) as fault:  # it would be so at every run, and nothing behind it would leave
        return _cannot_leave(outbox, turn, fault), fault.message if isinstance(fault, DamagedError) else ""
    if isinstance(made, Withheld):
        with outbox.engine.transaction():
            outbox.store.settle(turn.message_id, State.WITHHELD, outbox.clock(), made.why, tries=0)
            outbox.stage("mail.withheld", turn, why=made.why)
        return State.WITHHELD, ""
    address, content = made
    with outbox.engine.transaction():
        if not outbox.store.claim(turn.message_id):
            return State.CANCELLED, ""
        if not turn.waits:
            outbox.store.mark(turn.message_id, outbox.keys.mark(address))
    failpoint("in-flight")
    try:
        outcome = courier.carry(address, content, turn.message_id)
    except GestandError as fault:
        _settle(outbox, turn, State.QUEUED, "", tries=0)
        return None, fault.message
    failpoint("answered")
    return _came_to(outbox, turn, outcome, failpoint)


def _cannot_leave(outbox: Outbox, turn: Outgoing, fault: GestandError) -> State:
    """Note that a message cannot be made, and why, for a person to see; its content stays."""
    with outbox.engine.transaction():
        if not outbox.store.claim(turn.message_id):
            return State.CANCELLED
        _settle(outbox, turn, State.FAILED, why_not(fault), event="mail.failed", tries=0)
    return State.FAILED


def _came_to(
    outbox: Outbox, turn: Outgoing, outcome: Accepted | Rejected | LineLost, failpoint: Failpoint
) -> tuple[State, str]:
    """Note what the server said of a message."""
    if isinstance(outcome, Accepted):
        _settle(outbox, turn, State.SENT, outcome.answer, event="mail.sent")
        failpoint("sent")
        if turn.waits:
            outbox.file(turn.message_id)
            outbox.empty([turn.message_id])
        return State.SENT, ""
    fault = outcome.why if isinstance(outcome, LineLost) else ""
    if isinstance(outcome, LineLost) and outcome.content_sent:
        _settle(outbox, turn, State.IN_DOUBT, fault, event="mail.doubt")
        return State.IN_DOUBT, fault
    again = next_try(turn.tries + 1, outbox.clock())
    said = fault or (outcome.answer if isinstance(outcome, Rejected) else "")
    if again is None or (isinstance(outcome, Rejected) and outcome.permanent):
        _settle(outbox, turn, State.FAILED, said, event="mail.failed")
        return State.FAILED, fault
    _settle(outbox, turn, State.WAITING, said, retry_at=again)
    return State.WAITING, fault


def _settle(
    outbox: Outbox,
    turn: Outgoing,
    state: State,
    answer: str,
    *,
    event: str = "",
    retry_at: datetime | None = None,
    tries: int = 1,
) -> None:
    """Note what a try came to, on stable storage: the ledger, which hears of it, may not know more than the store."""
    with outbox.engine.transaction():
        outbox.store.settle(turn.message_id, state, outbox.clock(), without_addresses(answer), retry_at, tries)
        if event:
            outbox.stage(event, turn)
