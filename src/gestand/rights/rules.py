"""Judgements of rights, pure: what happens to each datum after an erasure request, and until when it stays.

Order: legal hold > statutory minimum (Article 17(3)(b)) > claims (17(3)(e)) > running agreement > everything else goes (17(1)).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date

from gestand.kernel.canonical import canonical
from gestand.kernel.ids import ItemId, RequestId
from gestand.law.retention import RetentionDecision
from gestand.law.retention_grounds import Basis
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

    ``policies``: by statement version; the version under which a datum was collected decides for it. ``holds``: the hold
    that keeps an item. ``running``: ids of dossiers whose agreement or dispute has not ended.
    """
    decisions = tuple(
        _judge(holding, policies[holding.version], holds.get(holding.item), running, by_law, on) for holding in holdings
    )
    return ErasurePlan(request, on, decisions, _digest(request, decisions))


def _judge(  # noqa: PLR0917 - what a judgement weighs, in the order of its rank
    holding: Holding, policy: Policy, hold: Hold | None, running: Collection[str], by_law: ByLaw, on: date
) -> DatumDecision:
    field = policy.field(holding.field)
    title = field.title if field else Text(nl=holding.field, en=holding.field)
    if hold is not None and (hold.until is None or hold.until >= on):
        return DatumDecision(holding, title, Decision.KEEP, HELD_BY, HELD, hold.until)
    shelf = policy.shelves.get(holding.shelf)
    ruled = by_law(shelf, holding, on) if shelf is not None else None
    if ruled is not None and ruled.decision != "erase":
        kept = Decision.RESTRICT if ruled.decision == "restrict" else Decision.KEEP
        why = REASONS.get(ruled.rule.basis if ruled.rule else None, STILL_NEEDED)
        return DatumDecision(holding, title, kept, ruled.ground, _ending(why, ruled.until), ruled.until)
    duty = issued_for(holding, policy)
    if shelf is not None and duty is not None and (holding.due is None or holding.due > on):
        why = Text(
            nl=f"De wet verplicht ons dit te bewaren, voor: {duty.title.nl}.",
            en=f"The law obliges us to keep this, for: {duty.title.en}.",
        )
        until = _last_day(holding)
        ground = f"AVG 17(3)(b); {duty.ground}"
        return DatumDecision(holding, title, Decision.KEEP, ground, _ending(why, until), until)
    if _needed_now(holding, policy, running):
        why = Text(
            nl="Nodig voor een overeenkomst of geschil dat nog loopt. Daarna begint de termijn uit onze verklaring.",
            en="Needed for an agreement or dispute that still runs. After that the period in our statement begins.",
        )
        return DatumDecision(holding, title, Decision.KEEP, "AVG 17(1)(a): nog nodig", why, _last_day(holding))
    why = Text(nl="Niet langer nodig, of u wilt het niet meer.", en="No longer needed, or you no longer want it.")
    return DatumDecision(holding, title, Decision.ERASE, "AVG 17(1)", why, None)


REASONS: Mapping[Basis | None, Text] = {
    Basis.OBLIGATION: Text(nl="De wet verplicht ons dit te bewaren.", en="The law obliges us to keep this."),
    Basis.CLAIMS: Text(
        nl="Nodig als bewijs, voor een geschil of een vordering.", en="Needed as proof, for a dispute or a claim."
    ),
    Basis.CONTRACT: Text(
        nl="Nodig voor een overeenkomst die nog loopt.", en="Needed for an agreement that still runs."
    ),
    Basis.PROCESSOR: Text(
        nl="Wij bewaren dit voor een klant van ons. Die klant beslist; wij sturen uw verzoek door.",
        en="We keep this for a client of ours. That client decides; we pass your request on.",
    ),
}
"""Why the law keeps a datum, in words for the person."""
STILL_NEEDED = Text(nl="Dit is nog nodig.", en="This is still needed.")
HELD_BY = "AVG 17(3)(b), (e)"
HELD = Text(
    nl="Wij moeten dit nu bewaren: de wet vraagt het, of het is nodig als bewijs. Is dat voorbij? Dan geldt weer de gewone termijn.",
    en="We must keep this now: the law asks it, or it is needed as evidence. Once that is over, the ordinary period applies again.",
)
"""Why a legal hold keeps a datum, in words that are true of every hold.

The reason that was written when it was placed is for who works here: it may name others, or an order that may not be told (Sv
126bb(5)). So the words are the same whatever the hold is for.
"""


def strongest(holds: Iterable[Hold], on: date) -> dict[ItemId, Hold]:
    """Return for each item the hold that keeps it longest on ``on``; one that has ended keeps nothing."""
    found: dict[ItemId, Hold] = {}
    for hold in holds:
        if hold.until is not None and hold.until < on:
            continue
        for item in hold.items:
            other = found.get(item)
            if other is None or (other.until is not None and (hold.until is None or hold.until > other.until)):
                found[item] = hold
    return found


def _needed_now(holding: Holding, policy: Policy, running: Collection[str]) -> bool:
    """Say whether an agreement or dispute that still runs needs a datum: its own dossier does, or its purpose is a contract.

    An address lies in no dossier, and a job that is under way needs it all the same.
    """
    if holding.dossier:
        return holding.dossier in running
    named = holding.purposes or policy.purposes_of(holding.field)
    return bool(running) and any(
        purpose.basis is LawfulBasis.CONTRACT for name in named if (purpose := policy.purposes.get(name))
    )


def issued_for(holding: Holding, policy: Policy) -> Purpose | None:
    """Return the legal obligation for which a datum on its own shelf was collected, such as an invoice's; None for others."""
    for name in holding.purposes:
        purpose = policy.purposes.get(name)
        if purpose and purpose.basis is LawfulBasis.LEGAL_OBLIGATION and purpose.shelf == holding.shelf:
            return purpose
    return None


def _ending(why: Text, until: date | None) -> Text:
    """Return a reason that says until when, also where no day is known yet."""
    if until is not None:
        return why
    return Text(nl=f"{why.nl} Wij wissen het zodra dat mag.", en=f"{why.en} We erase it as soon as we may.")


def _last_day(holding: Holding) -> date | None:
    return date.fromordinal(holding.due.toordinal() - 1) if holding.due else None


def _digest(request: RequestId, decisions: Sequence[DatumDecision]) -> str:
    rows = [[d.holding.item, str(d.decision), d.ground, d.until.isoformat() if d.until else None] for d in decisions]
    return hashlib.sha256(canonical([request, sorted(rows)])).hexdigest()
