"""Erasure on request: judged datum by datum, shown, carried out, searched again; only absence closes it. Article 17 GDPR."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from gestand.kernel.clock import local_date
from gestand.kernel.errors import DamagedError, RefusedError
from gestand.kernel.ids import ActorId, ItemId, RequestId, SubjectId
from gestand.register.model import DossierKind
from gestand.rights import case_store as sql
from gestand.rights import casework, searching
from gestand.rights.bylaw import ask_retention
from gestand.rights.desk import Desk
from gestand.rights.model import Decision, ErasureOutcome, ErasurePlan, Right, State, SubjectRequest
from gestand.rights.records import subjects_of
from gestand.rights.rules import plan_erasure, strongest
from gestand.sources.model import SourcePlan
from gestand.statement.policy import Text
from gestand.vault.model import Erasure, Hold

AT_ONCE = 400
"""Items erased or restricted under one entry of the ledger, which names each of them and holds 16 kB."""
BINDING = frozenset({DossierKind.AGREEMENT, DossierKind.JOB, DossierKind.INVOICE, DossierKind.COMPLAINT})
"""Dossiers of an agreement or a dispute. A question or a quote that is still open binds nobody to keep anything."""


Deliver = Callable[[ErasureOutcome], None]
"""Tells what was done to who asked; what it raises leaves the request open, with everything gone that was to go."""


def preview(desk: Desk, request_id: str) -> ErasurePlan:
    """Judge every datum as ``plan`` does, and record nothing; see ``Requests.preview``."""
    request = desk.confirmed(request_id, Right.ERASURE)
    plan = _judge(desk, request)
    copies = searching.preview(desk, request)
    if held := _held(desk, subjects_of(request)):
        return replace(plan, copies=searching.kept_for(held, copies))
    return _with_copies(plan, copies)


def _with_copies(plan: ErasurePlan, copies: Sequence[SourcePlan]) -> ErasurePlan:
    """Return a plan with what it does in other systems, under a digest over all of it."""
    digest = casework.bound(plan.digest, ((copy.source, copy.digest) for copy in copies))
    return replace(plan, copies=tuple(copies), digest=digest)


def plan(desk: Desk, request_id: str, *, actor: ActorId) -> ErasurePlan:
    """Judge every datum of an erasure request and record the plan; nothing is erased yet; see ``Requests.plan``."""
    request = desk.confirmed(request_id, Right.ERASURE)
    plan = _judge(desk, request)
    if held := _held(desk, subjects_of(request)):  # what must be kept here is not destroyed elsewhere
        desk.sources.erasures.leave(request.id)
        plan = replace(plan, copies=searching.kept_for(held, searching.preview(desk, request)))
    else:
        plan = _with_copies(plan, searching.plan(desk, request, actor=actor))
    rows = [
        (
            str(d.holding.item),
            str(d.holding.field),
            str(d.decision),
            d.ground,
            d.why.nl,
            d.why.en,
            d.until.isoformat() if d.until else "",
        )
        for d in plan.decisions
    ]
    with desk.engine.transaction():
        if desk.sending is not None:
            desk.sending.put_away(request)
        casework.ask_approval(desk, plan, actor)
        desk.store.decide(request.id, rows)
        desk.write(
            replace(request, state=State.PLANNED),
            "request.planned",
            actor,
            erase=len(plan.having(Decision.ERASE)),
            keep=len(plan.having(Decision.KEEP)),
            restrict=len(plan.having(Decision.RESTRICT)),
            digest=plan.digest,
        )
    return plan


def erase(desk: Desk, request_id: str, *, actor: ActorId, deliver: Deliver | None = None) -> ErasureOutcome:
    """Carry out an erasure request as planned, then search again; only absence closes it; see ``Requests.erase``."""
    request = desk.confirmed(request_id, Right.ERASURE)
    if request.state is not State.PLANNED:
        raise RefusedError(
            "request-unplanned", "nothing is erased that was not planned first", where=request.id,
            remedy=f"Run 'gestand request plan {request.id}' and read it.",
        )  # fmt: skip
    plan = _judge(desk, request)
    shown = desk.store.decisions(request.id)
    planned = {row[0]: row[2] for row in shown}
    changed = [d for d in plan.decisions if planned.get(d.holding.item) != str(d.decision)]
    held = _held(desk, subjects_of(request))
    if changed or (held and desk.sources.erasures.steps(request.id)):
        raise RefusedError(
            "request-changed",
            f"{len(changed)} data were added or are judged otherwise since the plan was made"
            if changed
            else "a legal hold was placed since the plan was made",
            where=request.id,
            remedy=f"Run 'gestand request plan {request.id}' again and read what changed.",
        )
    reference = desk.reference(request)
    _begin(desk, request, plan, actor)
    copies = searching.left_for(desk, request, held) if held else searching.carry_out(desk, request, actor=actor)
    for items in _batches([d.holding.item for d in plan.having(Decision.RESTRICT) if not d.holding.restricted]):
        desk.vault.restrict(items, actor=actor, reason=f"request {request.id}: Article 18")
    if plan.having(Decision.ERASE) and desk.vault.exists(request.subject):
        desk.suppress(request.subject, ())
    learned = [holding.item for holding in searching.learned(desk, request)]
    erasure = _erase(desk, [*(d.holding.item for d in plan.having(Decision.ERASE)), *learned], actor)
    gone = [row for row in shown if row[2] == "erase"]
    still = sum(desk.vault.item(ItemId(row[0])) is not None for row in gone)
    found = still + (erasure.found_afterwards if erasure else 0)
    _refuse_left(found, request.id)
    staying = [d for d in plan.decisions if d.decision is not Decision.ERASE]
    about = any(not desk.files.is_file(d.holding) for d in staying)
    about = about or any(copy.retained for copy in copies)
    left = bool(gone) or any(copy.removed for copy in copies)
    outcome = ("partly-erased" if about else "erased") if left else "kept" if about else "nothing-held"
    told = ErasureOutcome(
        plan,
        erasure,
        len(gone),
        len(staying),
        _titles(desk, [row[1] for row in gone]),
        _received(desk, subjects_of(request), [row[1] for row in gone]),
        found,
        copies,
    )
    desk.ledger.tell()  # of what was erased, before the request is closed
    with desk.engine.transaction():
        if deliver is not None:
            deliver(told)
        desk.finish(request, outcome, actor, digest=plan.digest, items=len(gone), reference=reference)
        if desk.sending is not None:
            desk.sending.put_away(request)
    return told


def _begin(desk: Desk, request: SubjectRequest, plan: ErasurePlan, actor: ActorId) -> None:
    """Use up the second look and lay aside where the letter goes, once: an erasure that was broken off has begun."""
    if desk.sending is None or desk.sending.laid_aside(request):
        return
    steps = desk.sources.erasures.steps(request.id)
    with desk.engine.transaction():
        casework.use_approval(desk, casework.bound(plan.digest, ((s.source, s.digest) for s in steps)), actor)
        desk.sending.lay_aside(request, actor=actor)


def erase_now(desk: Desk, subject: SubjectId, fields: Collection[str], *, actor: ActorId) -> ErasureOutcome:
    """Erase at once what may go of a subject, or of some fields of it; see ``Requests.erase_now``."""
    today = local_date(desk.clock())
    held = [one for one in desk.vault.holdings(subject) if not searching.is_learned(one)]
    holdings = [one for one in held if not fields or one.field in fields]
    plan = plan_erasure(
        RequestId(""),
        holdings,
        policies=desk.policies(holdings),
        holds=strongest(desk.vault.holds(subject), today),
        running=_running(desk, subject),
        by_law=ask_retention,
        on=today,
    )
    for items in _batches([d.holding.item for d in plan.having(Decision.RESTRICT) if not d.holding.restricted]):
        desk.vault.restrict(items, actor=actor, reason="Article 18")
    gone = plan.having(Decision.ERASE)
    if gone and not fields:  # all of a person: no old list may bring them back
        desk.suppress(subject, ())
    copies = () if fields or _held(desk, (subject,)) else searching.carry_out_now(desk, subject, actor=actor)
    learned = [] if fields else [h.item for h in desk.vault.holdings(subject) if searching.is_learned(h)]
    erasure = _erase(desk, [*(d.holding.item for d in gone), *learned], actor)
    still = sum(desk.vault.item(d.holding.item) is not None for d in gone)
    _refuse_left(still + (erasure.found_afterwards if erasure else 0), subject)
    to_tell = _received(desk, (subject,), [d.holding.field for d in gone])
    titles = tuple(d.title for d in gone)
    return ErasureOutcome(plan, erasure, len(gone), len(plan.decisions) - len(gone), titles, to_tell, 0, copies)


def _refuse_left(found: int, where: str) -> None:
    """Refuse to call an erasure done that a renewed search contradicts.

    :raises DamagedError: ``erasure-incomplete``.
    """
    if found:
        raise DamagedError(
            "erasure-incomplete",
            f"{found} data were still found after erasing",
            where=where,
            remedy="Run the same command again; if it stays, run 'gestand ledger verify'.",
        )


def _titles(desk: Desk, paths: Sequence[str]) -> tuple[Text, ...]:
    policy = desk.statements.in_force().policy
    return tuple(field.title if (field := policy.field(path)) is not None else Text(nl=path, en=path) for path in paths)


def _received(desk: Desk, subjects: Sequence[SubjectId], paths: Sequence[str]) -> tuple[Text, ...]:
    """Return who got these fields, by the log of what was given (Article 19)."""
    if desk.disclosed is None:
        return ()
    found = {one.nl: one for subject in subjects for one in desk.disclosed.received(subject, paths)}
    return tuple(found.values())


def _erase(desk: Desk, items: Sequence[ItemId], actor: ActorId) -> Erasure | None:
    desk.engine.many(sql.DROP_MOVES, [(item,) for item in items])  # a change of what leaves
    done = [desk.vault.erase(some, ground="Article 17(1)", actor=actor) for some in _batches(items)]
    if not done:
        return None
    return Erasure(
        done[-1].id,
        sum(one.items for one in done),
        sum(one.keys for one in done),
        sum(one.found_afterwards for one in done),
    )


def _held(desk: Desk, subjects: Sequence[SubjectId]) -> Sequence[Hold]:
    """Return the legal holds that stand today over anything of these subjects."""
    holds = strongest((hold for subject in subjects for hold in desk.vault.holds(subject)), local_date(desk.clock()))
    return tuple({hold.id: hold for hold in holds.values()}.values())


def _judge(desk: Desk, request: SubjectRequest) -> ErasurePlan:
    today = local_date(desk.clock())
    subjects = subjects_of(request)
    holdings = [
        holding for subject in subjects for holding in desk.vault.holdings(subject) if not searching.is_learned(holding)
    ]
    holds = strongest((hold for subject in subjects for hold in desk.vault.holds(subject)), today)
    return plan_erasure(
        request.id,
        holdings,
        policies=desk.policies(holdings),
        holds=holds,
        running=_running(desk, request.subject),
        by_law=ask_retention,
        on=today,
    )


def _running(desk: Desk, subject: SubjectId) -> Collection[str]:
    dossiers = desk.register.dossiers_of(subject)
    return {dossier.id for dossier in dossiers if dossier.closed_on is None and dossier.kind in BINDING}


def _batches(items: Sequence[ItemId]) -> Iterator[Sequence[ItemId]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))
