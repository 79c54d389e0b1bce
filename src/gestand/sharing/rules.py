"""Judgements of sharing, pure: may this be given to this recipient, for this purpose, on this ground, and how little."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from gestand.kernel.ids import FieldPath, PurposeId, RecipientId
from gestand.law.periods import Period, Unit, add, keeping
from gestand.sharing.agreements import Agreement, judge_agreement
from gestand.sharing.model import Against, Judgement
from gestand.statement.model import Statement
from gestand.statement.policy import Policy, Purpose, Recipient

SHARING, ORDERS, AGREEMENTS = "disclosures-within-statement", "orders-checked", "measure-processor-agreements"
TELL_WITHIN = Period(2, Unit.WEEKS)
"""Article 19 names no term; this is the project's own reading of telling without delay."""
_PARTS = re.compile(r"[;,]")


def clause_of(statement: Statement, control: str, otherwise: str, *, naming: str = "") -> str:
    """Return a clause that ``control`` keeps, with its sentence; an article where the statement has none.

    Of several, the one that speaks a value of ``naming`` (such as ``recipient.bookkeeper``), else the first.
    """
    clauses = statement.texts[0].clauses if statement.texts else ()
    kept = [clause for clause in clauses if control in clause.kept_by or control in clause.awaits]
    spoken = [clause for clause in kept if naming and any(name.startswith(f"{naming}.") for name in clause.names)]
    sentences = (f"{clause.id}: {clause.text.rstrip(';')}" for clause in (*spoken, *kept))  # a line of a list ends so
    return next(sentences, otherwise)


def judge_disclosure(  # noqa: PLR0917 - the four things that are judged, and what they are judged by
    statement: Statement,
    recipient: RecipientId,
    purpose: PurposeId,
    ground: str,
    fields: Sequence[FieldPath],
    agreement: Agreement | None,
    today: date,
    *,
    on_order: bool,
) -> Judgement:
    """Judge whether ``fields`` may go to ``recipient`` for ``purpose`` on ``ground``; every reason against is listed.

    What the statement says (``judge_stated``), and whether the agreement with the recipient holds.
    """
    against = judge_stated(statement, recipient, purpose, ground, fields, on_order=on_order)
    who = statement.policy.recipients.get(recipient)
    if who is None:
        return Judgement(against)
    more, warnings = judge_agreement(
        recipient, who, agreement, today, clause_of(statement, AGREEMENTS, "", naming=f"recipient.{recipient}")
    )
    return Judgement((*against, *more), warnings)


def judge_stated(
    statement: Statement,
    recipient: RecipientId,
    purpose: PurposeId,
    ground: str,
    fields: Sequence[FieldPath],
    *,
    on_order: bool,
) -> tuple[Against, ...]:
    """Return what the statement has against giving ``fields`` to ``recipient`` for ``purpose`` on ``ground``.

    It must name the recipient with that purpose and that ground, and both the purpose and the recipient must need each field
    (Article 5(1)(b), (c)). An authority gets nothing but on an order (``on_order``).
    """
    policy = statement.policy
    clause = clause_of(statement, SHARING, "Article 13(1)(e)")
    against: list[Against] = []
    who, why = policy.recipients.get(recipient), policy.purposes.get(purpose)
    if who is None:
        known = ", ".join(policy.recipients) or "nobody"
        against.append(Against("recipient-unknown", f"the statement names no recipient '{recipient}', only: {known}", clause))  # fmt: skip
    if why is None:
        against.append(Against("purpose-unknown", f"the statement names no purpose '{purpose}'", "Article 5(1)(b)"))
    if why is not None and who is not None and recipient not in why.recipients:
        named = ", ".join(why.recipients) or "nobody"
        against.append(Against("recipient-not-for-purpose", f"for '{purpose}' the statement gives to {named}, not to '{recipient}'", clause))  # fmt: skip
    if why is not None and not _is_ground(why, ground):
        against.append(Against("ground-not-stated", f"for '{purpose}' the statement names the ground '{why.ground}', not '{ground}'", clause))  # fmt: skip
    outside = _outside(policy, why, who, fields)
    if outside:
        against.append(Against("fields-outside-statement", f"not needed by '{recipient}' for '{purpose}', so not given: {', '.join(outside)}", f"{clause}; Article 5(1)(c)"))  # fmt: skip
    if not fields:
        against.append(Against("fields-not-named", "no field is named; only what is asked by name is given", "Article 5(1)(c)"))  # fmt: skip
    if who is not None and who.role == "authority" and not on_order:
        ordered = clause_of(statement, ORDERS, "Article 6(1)(c)")
        against.append(Against("authority-without-order", f"'{recipient}' is an authority, and gets something on a lawful order alone", ordered))  # fmt: skip
    return tuple(against)


def _is_ground(purpose: Purpose, ground: str) -> bool:
    """Say whether ``ground`` is that of the purpose: its basis, its words, or one of the articles among them."""
    stated = {str(purpose.basis), purpose.ground, *_PARTS.split(purpose.ground)}
    return " ".join(ground.casefold().split()) in {" ".join(one.casefold().split()) for one in stated} - {""}


def _outside(
    policy: Policy, purpose: Purpose | None, recipient: Recipient | None, fields: Sequence[FieldPath]
) -> list[str]:
    return [
        path
        for path in dict.fromkeys(fields)
        if policy.field(path) is None
        or (purpose is not None and not purpose.allows(path))
        or (recipient is not None and recipient.needs and path not in recipient.needs)
    ]


def leaves_on(policy: Policy, purpose: str, on: date) -> date:
    """Return the first day on which the record of something given on ``on`` must be gone: the term of the purpose's shelf."""
    shelf = policy.shelves[policy.purposes[purpose].shelf]
    return keeping(on, shelf.period, shelf.counts_from).erase_from


def tell_before(on: date) -> date:
    """Return the last day on which a recipient is told of what happened on ``on``."""
    return add(on, TELL_WITHIN)
