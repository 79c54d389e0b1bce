"""Judgements of rights, pure: what happens to each datum after an erasure request, and until when it stays.

Order (LAW.md 4): legal hold > statutory minimum > claims > running agreement > everything else goes (Article 17(1)).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

from gestand.kernel.canonical import canonical
from gestand.kernel.ids import ItemId, RequestId
from gestand.law.retention import RetentionDecision
from gestand.rights.model import DatumDecision, Decision, ErasurePlan
from gestand.statement.policy import LawfulBasis, Policy, Purpose, Shelf, Text
from gestand.vault.model import Hold, Holding

ByLaw = Callable[[Shelf, Holding, date], RetentionDecision | None]
"""Asks ``law/retention`` about a shelf that names a kind of record; None where the shelf is a term of the policy alone."""


def plan_erasure(
    request: RequestId,
    holdings: Sequence[Holding],
    *,
    policies: Mapping[str, Policy],
    holds: Mapping[ItemId, Hold],
    running: Collection[str],
    by_law: ByLaw,
    on: date,
) -> ErasurePlan:
    """Judge every datum of a subject.

    ``policies``: by statement version; the version under which a datum was collected decides for it. ``running``: ids of
    dossiers whose agreement or dispute has not ended.
    """
    decisions = tuple(
        _judge(holding, policies[holding.version], holds.get(holding.item), running, by_law, on) for holding in holdings
    )
    return ErasurePlan(request, on, decisions, _digest(request, decisions))


def _judge(
    holding: Holding, policy: Policy, hold: Hold | None, running: Collection[str], by_law: ByLaw, on: date
) -> DatumDecision:
    if hold is not None and (hold.until is None or hold.until >= on):
        why = Text(
            nl=f"Dit gegeven moet nu bewaard blijven: {hold.reason}.", en=f"This datum must be kept now: {hold.reason}."
        )
        return DatumDecision(holding, Decision.KEEP, "17(3)(e) GDPR", why, hold.until)
    shelf = policy.shelves.get(holding.shelf)
    ruled = by_law(shelf, holding, on) if shelf is not None else None
    if ruled is not None and ruled.decision != "erase":
        kept = Decision.RESTRICT if ruled.decision == "restrict" else Decision.KEEP
        why = Text(
            nl=f"De wet verplicht ons dit te bewaren ({ruled.ground}).",
            en=f"The law obliges us to keep this ({ruled.ground}).",
        )
        return DatumDecision(holding, kept, f"17(3)(b) GDPR; {ruled.ground}", why, ruled.until)
    duty = _legal_obligation(holding, policy)
    if shelf is not None and duty is not None and (holding.due is None or holding.due > on):
        why = Text(nl=f"Nodig voor {duty.title.nl}: {duty.ground}.", en=f"Needed for {duty.title.en}: {duty.ground}.")
        return DatumDecision(holding, Decision.KEEP, f"17(3)(b) GDPR; {duty.ground}", why, _last_day(holding))
    if holding.dossier and holding.dossier in running:
        why = Text(
            nl="Nodig voor een overeenkomst of geschil dat nog loopt; daarna wissen wij het.",
            en="Needed for an agreement or dispute that is still running; erased after that.",
        )
        return DatumDecision(holding, Decision.KEEP, "17(1)(a) GDPR: still necessary", why, None)
    why = Text(nl="Niet langer nodig, of u wilt het niet meer.", en="No longer needed, or you no longer want it.")
    return DatumDecision(holding, Decision.ERASE, "17(1) GDPR", why, None)


def _legal_obligation(holding: Holding, policy: Policy) -> Purpose | None:
    """Return the legal obligation for which a datum on its own shelf was collected, if there is one."""
    for name in holding.purposes:
        purpose = policy.purposes.get(name)
        if purpose and purpose.basis is LawfulBasis.LEGAL_OBLIGATION and purpose.shelf == holding.shelf:
            return purpose
    return None


def _last_day(holding: Holding) -> date | None:
    return date.fromordinal(holding.due.toordinal() - 1) if holding.due else None


def _digest(request: RequestId, decisions: Sequence[DatumDecision]) -> str:
    rows = [[d.holding.item, str(d.decision), d.ground, d.until.isoformat() if d.until else None] for d in decisions]
    return hashlib.sha256(canonical([request, sorted(rows)])).hexdigest()
