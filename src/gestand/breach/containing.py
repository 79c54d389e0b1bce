"""Contain first: the levers, each pulled by this program, by a person outside it, or left with the reason why."""

from __future__ import annotations

from dataclasses import dataclass

from gestand.breach.desk import Desk
from gestand.breach.model import Breach, Lever, Outcome, Part, Step
from gestand.breach.ports import Sources
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, ItemId

DOORS = ("public", "portal", "office", "api")
"""The doors that can be shut; whoever serves one asks ``Breaches.shut_doors`` before it answers."""

HELD_AT_ONCE = 200
"""Data put on hold under one entry of the ledger, which names each of them."""


@dataclass(frozen=True, slots=True)
class Pull:
    """What is to be done with a lever. ``target``: a door, a source, or a person; ``note``: what was done, or why not."""

    lever: Lever
    outcome: Outcome = "done"
    target: str = ""
    note: str = ""


def contain(desk: Desk, breach_id: str, pull: Pull, actor: ActorId) -> Step:
    """Pull a lever, or say why not; see ``Breaches.contain``."""
    breach = desk.running(breach_id)
    if pull.outcome != "done" and not pull.note.strip():
        raise UsageError(
            "breach-no-reason",
            "what was done by hand, or why a lever is not needed, has to be said",
            where=f"{breach.id}: {pull.lever}",
            remedy="Say it with --note.",
        )
    count = _pull(desk, breach, pull, actor) if pull.outcome == "done" and not breach.rehearsal else 0
    step = Step(pull.lever, pull.outcome, desk.clock(), actor, count)
    note = " ".join(word for word in (pull.target, pull.note.strip()) if word)
    with desk.engine.transaction():
        desk.page(breach, Part.CONTAINMENT, f"{pull.lever} ({pull.outcome}): {note or '-'}", actor)
        desk.store.add_step(breach.id, step)
        desk.stage("breach.contained", breach, actor, lever=str(pull.lever), outcome=pull.outcome, count=count)
    return step


def _pull(desk: Desk, breach: Breach, pull: Pull, actor: ActorId) -> int:
    reason = f"breach {breach.id}"
    if pull.lever is Lever.CLOSE_DOOR:
        return _shut(desk, breach, pull.target, actor)
    if pull.lever is Lever.HOLD_EVIDENCE:
        return hold_evidence(desk, breach, actor)
    if pull.lever is Lever.ROTATE_KEYS:
        return desk.vault.rotate(actor=actor).rewrapped
    if pull.lever is Lever.REVOKE_ACCESS and desk.ports.access is not None:
        return desk.ports.access.revoke_all(person=pull.target, reason=reason, actor=actor)
    if pull.lever is Lever.FREEZE_SOURCE and desk.ports.sources is not None:
        return _freeze(desk, breach, desk.ports.sources, pull.target, actor)
    raise RefusedError(
        "breach-lever-not-there",
        f"this organisation has nothing here that '{pull.lever}' could pull",
        where=breach.id,
        remedy="Do it where it is done, and record it: --by-hand --note 'what you did'.",
    )


def _shut(desk: Desk, breach: Breach, door: str, actor: ActorId) -> int:
    if door not in DOORS:
        raise UsageError(
            "breach-door", f"there is no door '{door}'", where=breach.id, remedy=f"Doors: {', '.join(DOORS)}."
        )
    with desk.engine.transaction():
        desk.doors.shut(door, breach.id, desk.clock())
        desk.stage("breach.door-shut", breach, actor, door=door)
    return 1


def _freeze(desk: Desk, breach: Breach, sources: Sources, system: str, actor: ActorId) -> int:
    frozen = sources.freeze(system, reason=f"breach {breach.id}", actor=actor)
    kind, name = sources.called(system)
    with desk.engine.transaction():
        desk.stage("breach.source-frozen", breach, actor, source=name, kind=kind)
    return frozen


def open_door(desk: Desk, breach_id: str, door: str, actor: ActorId) -> None:
    """Open a door again that was shut, or use a source or mailbox again that was frozen.

    :raises UsageError: ``breach-door`` if it is neither.
    """
    breach = desk.one(breach_id)
    if door not in DOORS:
        if desk.ports.sources is None or not desk.ports.sources.release(door, actor=actor):
            raise UsageError(
                "breach-door",
                f"there is no door '{door}', and nothing of that name is frozen",
                where=breach.id,
                remedy=f"Doors: {', '.join(DOORS)}; or name the source or mailbox that was frozen.",
            )
        with desk.engine.transaction():
            desk.stage("breach.source-released", breach, actor, source=desk.ports.sources.called(door)[1])
        return
    with desk.engine.transaction():
        desk.doors.open(door)
        desk.stage("breach.door-opened", breach, actor, door=door)


def hold_evidence(desk: Desk, breach: Breach, actor: ActorId) -> int:
    """Put a legal hold on the data and messages concerned, so that none of them leaves before the breach is closed.

    :raises RefusedError: ``breach-nobody-listed`` while nobody has been listed.
    """
    items: list[ItemId] = []
    for one in desk.listed(breach, actor):
        fields = set(one.fields)
        held = {item for hold in desk.vault.holds(one.subject) if hold.reason == _reason(breach) for item in hold.items}
        items += [h.item for h in desk.vault.holdings(one.subject) if h.field in fields and h.item not in held]
    messages = desk.listed_messages(breach, actor)
    if not items and not messages and desk.store.case(breach).listed == 0:
        raise RefusedError(
            "breach-nobody-listed",
            "there is no list of data concerned yet",
            where=breach.id,
            remedy="Compute it with 'gestand breach people' first, or say why a hold is not needed.",
        )
    for at in range(0, len(items), HELD_AT_ONCE):
        desk.vault.place_hold(items[at : at + HELD_AT_ONCE], reason=_reason(breach), until=None, actor=actor)
    held_messages = (
        desk.ports.messages.hold(messages, reason=_reason(breach), actor=actor)
        if messages and desk.ports.messages is not None
        else 0
    )
    return len(items) + held_messages


def lift_holds(desk: Desk, breach: Breach, actor: ActorId) -> int:
    """Lift every hold that the breach placed, and return how many."""
    holds = {
        hold.id
        for one in desk.listed(breach, actor)
        for hold in desk.vault.holds(one.subject)
        if hold.reason == _reason(breach)
    }
    for hold in sorted(holds):
        desk.vault.lift_hold(hold, reason=f"breach {breach.id} closed", actor=actor)
    messages = desk.ports.messages.let_go(reason=_reason(breach), actor=actor) if desk.ports.messages else 0
    return len(holds) + messages


def _reason(breach: Breach) -> str:
    return f"evidence of breach {breach.id}"
