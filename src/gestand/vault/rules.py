"""Whether a datum may be opened for a purpose. Pure: arithmetic over what was promised and what the person said.

Article 5(1)(b) (purpose), 5(1)(c) (need), 5(1)(e) (time), 6(1)(a) and 7(3) (consent), 17 (erasure), 18 (restriction), 21
(objection) GDPR.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gestand.kernel.errors import UsageError
from gestand.kernel.ids import FieldPath, PurposeId
from gestand.ledger.rules import refuse_personal
from gestand.statement.model import Clause, Statement, StatementText
from gestand.statement.policy import LawfulBasis, Policy, Purpose, Shelf
from gestand.vault.model import Why

CONTROLS: dict[Why, tuple[str, str]] = {
    Why.NOT_NEEDED: ("openings-purpose-bound", "Article 5(1)(c) GDPR"),
    Why.NOT_COLLECTED_FOR: ("openings-purpose-bound", "Article 5(1)(b) GDPR"),
    Why.RESTRICTED: ("restriction-honoured", "Article 18(2) GDPR"),
    Why.OBJECTED: ("objection-honoured", "Article 21 GDPR"),
    Why.NO_CONSENT: ("consent-on-record", "Article 7(3) GDPR"),
    Why.PAST_SHELF: ("retention-within-period", "Article 5(1)(e) GDPR"),
    Why.KEY_DESTROYED: ("erasure-real", "Article 17 GDPR"),
}
"""For each refusal the control that keeps the promise behind it, and the article where no sentence is found."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides about one datum beside the policy, at the moment of reading."""

    erasing: bool
    due: date | None
    held: bool
    restricted: bool
    objected: bool
    consented: bool


def judge_field(
    now: Policy, then: Policy | None, purpose: PurposeId, field: FieldPath, collected_for: tuple[PurposeId, ...]
) -> Why | None:
    """Judge what does not change while the policy stands: need, and what the datum was collected for.

    ``then`` is the policy under which it was collected; None if that version was never published. A purpose that rests
    on a legal obligation needs no promise at the time of collecting (Article 6(1)(c)).
    """
    wanted = now.purposes[purpose]
    if not wanted.allows(field):
        return Why.NOT_NEEDED
    if wanted.basis is LawfulBasis.LEGAL_OBLIGATION:
        return None
    before = then.purposes.get(purpose) if then else None
    if before is None or not before.allows(field):
        return Why.NOT_COLLECTED_FOR
    if collected_for and purpose not in collected_for:
        return Why.NOT_COLLECTED_FOR
    return None


def judge(now: Policy, purpose: PurposeId, field: Why | None, standing: Standing, today: date) -> Why | None:
    """Return why the datum stays closed, or None if it may be opened.

    Restriction leaves one door open: answering the person it is about (Article 15 does not end with Article 18), also past
    its time, for the person may be the one who needs it kept (Article 18(1)(c)). What is kept past its time under a legal
    hold opens only for a legal obligation, answering the person included.
    """
    wanted = now.purposes[purpose]
    answering = purpose == now.rights.purpose
    kept_by_law = standing.held and wanted.basis is LawfulBasis.LEGAL_OBLIGATION
    stays = kept_by_law or (standing.restricted and answering)
    past = standing.due is not None and standing.due <= today
    reasons = (
        (standing.erasing, Why.KEY_DESTROYED),
        (past and not stays, Why.PAST_SHELF),
        (field is not None, field),
        (standing.restricted and not answering, Why.RESTRICTED),
        (standing.objected and may_be_objected(wanted), Why.OBJECTED),
        (wanted.basis is LawfulBasis.CONSENT and not standing.consented, Why.NO_CONSENT),
    )
    return next((why for applies, why in reasons if applies), None)


def may_be_objected(purpose: Purpose) -> bool:
    """Say whether an objection stops this purpose: Article 21(1) (letters e and f) and 21(2) (direct marketing)."""
    return purpose.marketing or purpose.basis in {LawfulBasis.LEGITIMATE_INTERESTS, LawfulBasis.PUBLIC_TASK}


def ends_by_objection(purpose: Purpose) -> bool:
    """Say whether an objection has an effect here: it stops the purpose, or it is the end of the consent that it rests on."""
    return may_be_objected(purpose) or purpose.basis is LawfulBasis.CONSENT


def reasoned(reason: str) -> None:
    """Let pass what is done for a reason that names nobody: it stands in the ledger for ever.

    :raises UsageError: ``reason``. :raises RefusedError: ``ledger-personal``.
    """
    if not reason or reason.isspace():
        raise UsageError(
            "reason", "nothing is opened or changed without a reason", where="--reason",
            remedy="Say why, in words that name nobody.",
        )  # fmt: skip
    refuse_personal("", "reason", reason)


def followed(policy: Policy, objections: Iterable[PurposeId]) -> list[PurposeId]:
    """Return the objections that have an effect; one to a purpose that is promised no more has: nothing is done for it."""
    return [one for one in objections if one not in policy.purposes or ends_by_objection(policy.purposes[one])]


def forbidding(statement: Statement, why: Why, *, purpose: str = "", shelf: str = "") -> tuple[str, str]:
    """Return the id and text of the clause that forbids; without any, the article and no text.

    Of the clauses kept by the control behind ``why`` it is the one that speaks of this shelf or purpose, else the first
    that names the control before others.
    """
    control, article = CONTROLS[why]
    for text in statement.texts:
        keeping = [clause for clause in text.clauses if control in clause.kept_by]
        if keeping:
            named = ("shelf", shelf) if why is Why.PAST_SHELF else ("purpose", purpose)
            first = next((clause for clause in keeping if clause.kept_by[0] == control), keeping[0])
            found = next((clause for clause in keeping if _speaks(statement.policy, text, clause, *named)), first)
            return found.id, found.text
    return article, ""


def _speaks(policy: Policy, text: StatementText, clause: Clause, noun: str, name: str) -> bool:
    """Say whether a clause, or the line it stands on, names a shelf or purpose."""
    if any(spoken.startswith(f"{noun}.{name}.") for spoken in clause.names):
        return True
    known: Shelf | Purpose | None = policy.shelves.get(name) if noun == "shelf" else policy.purposes.get(name)
    lines = text.source.splitlines()
    return (
        known is not None
        and 0 < clause.line <= len(lines)
        and f"**{known.title.into(text.language)}" in lines[clause.line - 1]
    )
