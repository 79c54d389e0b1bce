"""A person in other systems, on request: searched with what the register knows of them, planned, carried out, answered.

What a search learned (a customer number that only the web shop had) is kept in the request's own file until the erasure is done: without
it a search that goes on after a crash would not find the rest. It leaves with the erasure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gestand.kernel.errors import DamagedError, RefusedError
from gestand.kernel.ids import SYSTEM, ActorId, PurposeId, ShelfId, SubjectId
from gestand.rights.desk import Desk
from gestand.rights.filing import field_for
from gestand.rights.model import CopyAnswer, SubjectRequest
from gestand.rights.records import subjects_of
from gestand.rights.rules import HELD_BY
from gestand.rights.showing import refuse_unshown
from gestand.rights.words import PART
from gestand.sources.jobs import StepState
from gestand.sources.knowing import WEIGHTS
from gestand.sources.model import Act, Confidence, Found, Known, Removal, Retained, SourcePlan
from gestand.sources.searching import refuse_unsearched
from gestand.statement.policy import FieldKind, Policy, Text
from gestand.vault.model import Hold, Holding, NewItem, NewSubject

LEARNED = "request-search"
"""The origin of a datum that a search for a request taught."""
"""The ground on which other systems keep what a legal hold stands over."""
UNASKED = "now-"
"""How the name of a job begins that erases a person without a request of theirs: an account that is closed."""


def is_learned(holding: Holding) -> bool:
    """Say whether a datum is kept only for the search of a request."""
    return holding.source == LEARNED


def learned(desk: Desk, request: SubjectRequest) -> tuple[Holding, ...]:
    """Return what searches for this request taught and is still kept."""
    subjects = subjects_of(request)
    return tuple(h for subject in subjects for h in desk.vault.holdings(subject) if is_learned(h))


def known_of(desk: Desk, request: SubjectRequest, *, actor: ActorId) -> tuple[Known, ...]:
    """Return the identifiers of the person who asks, opened for the purpose of answering them."""
    return known_as(desk, subjects_of(request), reason=f"request {request.id}", actor=actor)


def known_as(desk: Desk, subjects: Sequence[SubjectId], *, reason: str, actor: ActorId) -> tuple[Known, ...]:
    """Return the identifiers of one person who is held under these subjects, opened for the purpose of rights."""
    policy = desk.statements.in_force().policy
    found: list[Known] = []
    for subject in filter(desk.vault.exists, subjects):
        items = [h.item for h in desk.vault.holdings(subject) if _kind(policy, h) in WEIGHTS]
        if not items:
            continue
        purpose = PurposeId(policy.rights.purpose)
        opening = desk.vault.open(subject, purpose, actor=actor, reason=reason, items=items)
        for item in opening.items:
            kind = _kind(policy, item.holding)
            if kind is not None:
                holders = desk.vault.find(kind, item.value) if _identifies(policy, item.holding) else ()
                shared = len({*holders} - {*subjects}) > 0
                found.append(Known(kind, item.value, "register", shared))
    return tuple(found)


def _kind(policy: Policy, holding: Holding) -> FieldKind | None:
    field = policy.field(holding.field)
    return field.kind if field is not None else None


def _identifies(policy: Policy, holding: Holding) -> bool:
    field = policy.field(holding.field)
    return field is not None and field.identifies


def find(desk: Desk, request_id: str, *, actor: ActorId, yes: Sequence[str] = (), no: Sequence[str] = ()) -> Found:
    """Search every other system; see ``Requests.find``."""
    request = desk.one(request_id)
    if request.identity is None:
        request = desk.confirmed(request_id, request.right)  # refuses, and says how identity is judged
    refuse_unshown(desk.engine, request)
    if (yes or no) and actor == SYSTEM:
        raise RefusedError(
            "source-doubtful",
            "whose a doubtful trace is, only a person says",
            where=request.id,
            remedy="Let a member of staff look at it.",
        )
    for traces, said in ((yes, True), (no, False)):
        if traces:
            desk.sources.erasures.judge(request.id, traces, yes=said, actor=actor)
    found = desk.sources.find(known_of(desk, request, actor=actor), judged=desk.sources.erasures.judged(request.id))
    desk.sources.told(found, actor=actor, reason=f"request {request.id}")
    return found


def preview(desk: Desk, request: SubjectRequest) -> tuple[SourcePlan, ...]:
    """Plan what an erasure does in other systems; nothing is recorded but that data were opened for it."""
    if not desk.sources.names():
        return ()
    known = known_of(desk, request, actor=SYSTEM)
    return desk.sources.plan(desk.sources.find(known, judged=desk.sources.erasures.judged(request.id)), known)


def plan(desk: Desk, request: SubjectRequest, *, actor: ActorId) -> tuple[SourcePlan, ...]:
    """Plan what an erasure does in other systems, record it, and keep what the search taught until it is done."""
    if not desk.sources.names():
        desk.sources.erasures.leave(request.id)
        return ()
    found, plans = desk.sources.erasures.plan(request.id, known_of(desk, request, actor=actor), actor=actor)
    _keep(desk, request.filed_under, f"request {request.id}", found.learned, actor)
    return plans


def kept_for(holds: Sequence[Hold], plans: Sequence[SourcePlan]) -> tuple[SourcePlan, ...]:
    """Return plans in which everything stays, for as long as a legal hold does (Article 17(3))."""
    ends = [hold.until for hold in holds]
    until = "" if None in ends else max(end.isoformat() for end in ends if end is not None)
    return tuple(
        replace(
            plan,
            conflicts=(),
            rows=tuple(
                row if row.act is Act.KEEP else replace(row, act=Act.KEEP, ground=HELD_BY, until=until)
                for row in plan.rows
            ),
        )
        for plan in plans
    )


def left_for(desk: Desk, request: SubjectRequest, holds: Sequence[Hold]) -> tuple[Removal, ...]:
    """Return what other systems keep because of legal holds; nothing is removed there."""
    plans = kept_for(holds, preview(desk, request))
    return _titled(
        desk,
        [
            Removal(
                plan.source,
                0,
                tuple(Retained(row.place, row.rows, row.ground, row.until) for row in plan.rows if row.rows),
            )
            for plan in plans
        ],
    )


def _keep(desk: Desk, subject: SubjectId, why: str, taught: Sequence[Known], actor: ActorId) -> None:
    policy = desk.statements.in_force().policy
    purpose = PurposeId(policy.rights.purpose)
    items = []
    for known in taught:
        path = field_for(policy, known.kind)
        field = policy.field(path)
        if field is not None and field.kind is known.kind:
            items.append(NewItem(path, known.value, ShelfId(policy.rights.shelf), LEARNED, purposes=(purpose,)))
    if items:
        desk.vault.add([NewSubject(tuple(items), id=subject)], actor=actor, reason=f"{why}: to search with")


def carry_out(desk: Desk, request: SubjectRequest, *, actor: ActorId) -> tuple[Removal, ...]:
    """Erase in other systems as planned, and search again; killed on the way it goes on."""
    if not desk.sources.names():
        return ()
    return _titled(desk, desk.sources.erasures.carry_out(request.id, known_of(desk, request, actor=actor), actor=actor))


def _titled(desk: Desk, removals: Sequence[Removal]) -> tuple[Removal, ...]:
    titles = desk.sources.titles()
    return tuple(replace(removal, title=titles.get(removal.source)) for removal in removals)


def carry_out_now(desk: Desk, subject: SubjectId, *, actor: ActorId) -> tuple[Removal, ...]:
    """Plan and erase a person in other systems at once, and search again; killed on the way the same call goes on."""
    if not desk.sources.names():
        return ()
    job, why = f"{UNASKED}{desk.vault.reference(subject)}", "erased at once"
    if all(step.state is StepState.PLANNED for step in desk.sources.erasures.steps(job)):  # not begun, or never planned
        known = known_as(desk, (subject,), reason=why, actor=actor)
        found, plans = desk.sources.erasures.plan(job, known, actor=actor)
        if doubtful := sum(plan.doubtful for plan in plans):  # before anything leaves anywhere
            desk.sources.erasures.leave(job)
            raise RefusedError(
                "source-doubtful",
                f"of {doubtful} places it is doubtful whether they are of this person",
                where=subject,
                remedy="Make a request for erasure of theirs: with it a person says whose each place is.",
            )
        _keep(desk, subject, why, found.learned, actor)
    try:
        removed = desk.sources.erasures.carry_out(job, known_as(desk, (subject,), reason=why, actor=actor), actor=actor)
    except (RefusedError, DamagedError):  # what is left, also what came meanwhile, the next plan sees
        begun = any(step.state is not StepState.PLANNED for step in desk.sources.erasures.steps(job))
        desk.sources.erasures.leave(job)
        if not begun:  # else what leads to the rest may be gone where it was found
            _forget_learned(desk, subject, actor)
        raise
    desk.sources.erasures.leave(job)
    return _titled(desk, removed)


def _forget_learned(desk: Desk, subject: SubjectId, actor: ActorId) -> None:
    """Erase what a search taught that did not end in an erasure."""
    taught = [holding.item for holding in desk.vault.holdings(subject) if is_learned(holding)]
    if taught:
        desk.vault.erase(taught, ground="Article 5(1)(c)", actor=actor)


def copies(desk: Desk, request: SubjectRequest, *, actor: ActorId) -> tuple[tuple[CopyAnswer, ...], tuple[Text, ...]]:
    """Return what other systems hold of the person, and every system that was searched.

    :raises GestandError: ``source-unsearched``. :raises RefusedError: ``source-doubtful``.
    """
    titles = desk.sources.titles()
    if not titles:
        return (), ()
    known = known_of(desk, request, actor=actor)
    found = desk.sources.find(known, judged=desk.sources.erasures.judged(request.id))
    refuse_unsearched(found)
    doubtful = sum(trace.confidence is Confidence.DOUBTFUL for trace in found.traces)
    if doubtful:
        raise RefusedError(
            "source-doubtful",
            f"of {doubtful} places it is doubtful whether they are of this person",
            where=request.id,
            remedy=f"Look at them with 'gestand request find {request.id}', and say yes or no of each (--yes, --no).",
        )
    desk.sources.told(found, actor=actor, reason=f"request {request.id}")
    policy = desk.statements.in_force().policy
    said = tuple(
        CopyAnswer(
            titles[trace.source],
            trace.place,
            PART.get((trace.place, value.column)) or _title(policy, value.field),
            value.value,
            trace.id,
        )
        for trace in desk.sources.to_show(found)
        for value in trace.values
    )
    return said, tuple(titles.values())


def _title(policy: Policy, path: str) -> Text:
    field = policy.field(path)
    return field.title if field is not None else Text(nl=path or "gegeven", en=path or "datum")
