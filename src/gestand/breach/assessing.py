"""Facts come in, people are counted, and each time the law judges anew; a named person confirms what lets a duty fall."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from gestand.breach.affected import Affected, Reach, Touched
from gestand.breach.desk import Desk
from gestand.breach.facts import Judgement, judge
from gestand.breach.model import Assessed, Breach, Part
from gestand.breach.reach import MESSAGE, Asking, Search, counted, joined
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId

LARGEST_PAGE = 100_000  # characters of one statement


def state_aware(desk: Desk, breach_id: str, at: datetime, why: str, *, staff: bool, actor: ActorId) -> Breach:
    """State since when there is reasonable certainty, and why then; see ``Breaches.state_aware``."""
    breach = desk.running(breach_id)
    check_aware(at, desk.clock(), breach.id)
    with desk.engine.transaction():
        desk.page(breach, Part.AWARENESS, why.strip() or "-", actor)
        first = min(at, breach.first_aware or at)
        changed = desk.change(breach, aware_at=at, staff_aware=staff, first_aware=first)
        desk.stage("breach.aware", breach, actor, aware=at.isoformat(timespec="minutes"))
    return changed


def check_aware(at: datetime, now: datetime, where: str) -> None:
    """Let pass a moment since when it can have been known.

    :raises UsageError: ``breach-moment``.
    """
    if at.tzinfo is None or at > now:
        raise UsageError(
            "breach-moment",
            f"{at.isoformat()} {'has no zone' if at.tzinfo is None else 'lies in the future'}",
            where=where,
            remedy="Write when it was known, such as 2026-12-07T09:30:00+01:00.",
        )


def state_facts(desk: Desk, breach_id: str, facts: Mapping[str, Any], actor: ActorId) -> Assessed:
    """Write facts down and judge anew; a closed breach is opened again."""
    breach = desk.one(breach_id)
    if not facts:
        raise UsageError(
            "breach-no-fact",
            "no fact is stated",
            where=breach.id,
            remedy="Write NAME=VALUE, such as encrypted_at_rest=state_of_the_art or subjects=12.",
        )
    text = json.dumps(dict(facts), ensure_ascii=False, sort_keys=True)
    if len(text) > LARGEST_PAGE:
        raise UsageError("breach-too-long", "that is too long to be facts", where=breach.id, remedy="State the facts.")
    with desk.engine.transaction():
        if not breach.open:
            desk.files.wait(breach, actor=actor)
            breach = desk.change(breach, closed_at=None, closed_by="")
            desk.stage("breach.reopened", breach, actor)
        desk.page(breach, Part.FACTS, text, actor)
        desk.stage("breach.facts", breach, actor, known=sum(v is not None for v in facts.values()))
        return assess(desk, breach.id, actor)


def count_people(desk: Desk, breach_id: str, reach: Reach, actor: ActorId, *, replace: bool) -> Affected:
    """Compute who was in reach, seal the list, and judge anew; adds to the list before unless ``replace``."""
    breach = desk.running(breach_id)
    files = frozenset(one.file for one in desk.store.all())
    search = Search(desk.vault, desk.ledger, desk.statements, desk.ports)
    asking = Asking(desk.files.purpose(), actor, f"breach {breach.id}")
    reached = search.run(reach, asking, leave_out=files)
    touched, affected = reached.touched, reached.affected
    messages = set(reached.messages)
    before = desk.store.case(breach).affected
    if before is not None and not replace:
        earlier = desk.listed(breach, actor)
        messages |= set(desk.listed_messages(breach, actor))
        spare = _beyond(before, earlier) + _beyond(affected, touched)  # records of people who are on no list
        touched = joined(earlier, touched)
        affected = counted(
            desk.policy,
            touched,
            {MESSAGE: spare} if spare else {},
            unlisted=before.unlisted + affected.unlisted,
            estimated=before.estimated or affected.estimated,
        )
    with desk.engine.transaction():
        desk.write_list(breach, touched, sorted(messages), actor)
        asked: dict[str, Any] = {name: value for name, value in asdict(reach).items() if value}
        if reached.not_searched:
            asked["not_searched"] = dict(reached.not_searched)
        desk.page(breach, Part.REACH, json.dumps(asked, default=str, ensure_ascii=False, sort_keys=True), actor)
        desk.store.set_affected(breach.id, affected, [mark for _, mark in desk.marks(touched)])
        desk.stage(
            "breach.counted",
            breach,
            actor,
            people=affected.all_people,
            items=affected.records,
            estimated=affected.estimated,
        )
        assess(desk, breach.id, actor)
    return affected


def _beyond(affected: Affected, touched: tuple[Touched, ...]) -> int:
    return max(affected.records - sum(n for one in touched for _, n in one.counts), 0)


def assess(desk: Desk, breach_id: str, actor: ActorId) -> Assessed:
    """Judge what is known by now and write the judgement down."""
    breach = desk.running(breach_id)
    found = judgement(desk, breach, actor)
    case = desk.store.case(breach)
    law = found.assessment
    text = found.text()
    judged = Assessed(
        number=len(case.assessments) + 1,
        at=desk.clock(),
        actor=actor,
        is_breach=law.is_breach,
        ours=law.ours,
        risk=law.risk.name.lower(),
        authority=law.notify_authority,
        people=law.people,
        controller=law.notify_controller,
        exception=law.exception,
        to_confirm=len(law.confirm) if law.ours or not law.is_breach else 0,
        carried_on=len(found.missing) + len(found.unknown),
    )
    with desk.engine.transaction():
        desk.page(breach, Part.ASSESSMENT, text, actor)
        desk.store.add_assessment(breach.id, judged)
        desk.stage(
            "breach.assessed",
            breach,
            actor,
            number=judged.number,
            risk=judged.risk,
            authority=judged.authority,
            people=str(judged.people),
            controller=judged.controller,
            digest=hashlib.sha256(text.encode()).hexdigest(),
        )
    return judged


def judgement(desk: Desk, breach: Breach, actor: ActorId) -> Judgement:
    """Return what the law makes of what is known by now; nothing is written but the opening of the file."""
    case = desk.store.case(breach)
    return judge(desk.stated(breach, actor), breach, case.affected, case.submissions, desk.policy)


def confirm(desk: Desk, breach_id: str, why: str, actor: ActorId) -> Assessed:
    """Confirm what the last judgement rests on, by name and with the evidence; see ``Breaches.confirm``."""
    breach = desk.running(breach_id)
    last = desk.store.case(breach).assessed
    if last is None or not last.to_confirm:
        raise RefusedError(
            "breach-nothing-to-confirm",
            "the last judgement leaves no duty undone, so there is nothing to confirm",
            where=breach.id,
            remedy="See 'gestand breach show' for what is due.",
        )
    if not why.strip():
        raise UsageError(
            "breach-no-reason",
            "a confirmation names what it rests on",
            where=breach.id,
            remedy="Say what shows it, such as: key store checked, the password was known to nobody else.",
        )
    with desk.engine.transaction():
        desk.page(breach, Part.CONFIRMATION, why.strip(), actor)
        desk.store.confirm(breach.id, last.number, desk.clock(), actor)
        desk.stage("breach.confirmed", breach, actor, number=last.number)
    found = desk.store.case(breach).assessed
    assert found is not None
    return found
