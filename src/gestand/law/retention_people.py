"""Finders for what is kept about people beside the trade: request files, images, marketing, and what must go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from gestand.law import retention_grounds as on
from gestand.law.facts import Facts, MissingFactsError
from gestand.law.periods import Period, Unit, add
from gestand.law.retention_grounds import Ground
from gestand.law.retention_terms import (
    Finder,
    Term,
    happened,
    open_term,
    over_term,
    term_of,
)


def closed_file(ground: Ground, part: str = "") -> Finder:
    """Return the finder of a file whose years run from its closing."""

    def find(facts: Facts, _: date) -> Term:
        closed = facts.running_or_ended("closed")
        if closed is None:
            return open_term(ground, "the file is open", part=part)
        term = term_of(ground, closed, facts)
        return Term(
            term.ground, term.until, part=part, why=term.why, debate="No term stands in the law; shorter is seen."
        )

    return find


def disk_image(facts: Facts, _: date) -> Term:
    """While the job runs, then the days the contract gives (GDPR 28(3)(g))."""
    closed = facts.running_or_ended("job_closed")
    if closed is None:
        return open_term(on.PROCESSING, "the job is running")
    assert on.PROCESSING.period is not None
    period = Period(facts.count("agreed_days", on.PROCESSING.period.count), Unit.DAYS)
    term = term_of(on.PROCESSING, closed, facts, period=period)
    debate = "Whether a repair shop is processor or controller is debated; the term is contract or policy."
    return Term(term.ground, term.until, why=term.why, debate=debate)


def password_note(facts: Facts, _: date) -> Term:
    """Until the job ends (policy)."""
    closed = facts.running_or_ended("job_closed")
    if closed is None:
        return open_term(on.CREDENTIAL, "the job is running")
    return term_of(on.CREDENTIAL, closed, facts)


def consent_proof(facts: Facts, today: date) -> Term:
    """While the consent is used, then five years (policy)."""
    facts.day("given")
    withdrawn = happened(facts, "withdrawn", today)
    if withdrawn is None:
        return open_term(on.CONSENT_PROOF, "the consent is in use; five years run from its end")
    return term_of(on.CONSENT_PROOF, withdrawn, facts)


def _ended_marketing(facts: Facts, today: date) -> date | None:
    ends = [day for name in ("objection", "withdrawn") if (day := happened(facts, name, today)) is not None]
    return min(ends, default=None)


def subscription(facts: Facts, today: date) -> Term:
    """Until objection or withdrawal (GDPR 21(3), 7(3))."""
    ended = _ended_marketing(facts, today)
    if ended is not None:
        return over_term(on.SUBSCRIPTION, ended, "objected or withdrawn: nothing is kept but a suppression entry")
    if not facts.word("basis"):
        raise MissingFactsError("basis: consent or soft opt-in")
    return open_term(on.SUBSCRIPTION, "until objection or withdrawal")


def former_customer(facts: Facts, today: date) -> Term:
    """Twenty-four months after the last purchase (policy); an objection ends it at once (GDPR 21(3))."""
    bought, ended = facts.needed_day("last_purchase"), _ended_marketing(facts, today)
    if ended is not None:
        return over_term(on.MARKETING, ended, "objected: nothing is kept but a suppression entry")
    if facts.yes("soft_opt_in") is False:
        return over_term(on.NO_GROUND, bought, "neither consent nor soft opt-in")
    return term_of(on.MARKETING, bought, facts)


def lead(facts: Facts, today: date) -> Term:
    """Twelve months after the last contact (policy); an objection ends it at once (GDPR 21(3))."""
    ended = _ended_marketing(facts, today)
    if ended is not None:
        return over_term(on.LEAD, ended, "objected: nothing is kept but a suppression entry")
    if facts.yes("became_customer"):
        raise MissingFactsError("became_customer: who became a customer has a customer_card_crm")
    return term_of(on.LEAD, facts.needed_day("last_contact"), facts)


def suppression(facts: Facts, _: date) -> Term:
    """As long as there is marketing: the objection could not be honoured without it (GDPR 21(3))."""
    facts.needed_day("objection")
    if facts.yes("insists_after_explanation"):
        return over_term(
            on.SUPPRESSION, None, "the person insists after it was explained that the address may be had again"
        )
    return Term(
        on.SUPPRESSION,
        open_ended=True,
        part="hashed address and date only",
        strips="on_request",
        why="needed to honour the objection",
        debate="If the person insists after explanation, erase it.",
    )


def warranty(facts: Facts, _: date) -> Term:
    """Count the months of the warranty (GDPR 6(1)(b))."""
    return term_of(
        on.WARRANTY, facts.needed_day("sold"), facts, period=Period(facts.count("warranty_months"), Unit.MONTHS)
    )


def anti_laundering(facts: Facts, _: date) -> Term:
    """Five years to the moment after the relation ended, then destroyed (Wwft 33(3))."""
    if not facts.needed_yes("wwft_applies"):
        return over_term(on.NO_GROUND, facts.day("relation_end"), "the Wwft does not apply")
    end = facts.running_or_ended("relation_end")
    if end is None:
        return open_term(on.ANTI_LAUNDERING, "the relation is running")
    assert on.ANTI_LAUNDERING.period is not None
    # Five years to the moment, then destruction: the day of the same number is the first without it.
    return Term(
        on.ANTI_LAUNDERING,
        add(end, on.ANTI_LAUNDERING.period) - timedelta(days=1),
        why=f"5 years to the moment from {end.isoformat()}, then it must be destroyed",
    )


def excess(facts: Facts, _: date) -> Term:
    """Keep the invoice as the books (AWR 52); what the tax duty does not need goes at once (GDPR 5(1)(c))."""
    term = term_of(on.BOOKS, facts.needed_day("invoice_date"), facts)
    return replace(term, part="the invoice without the free text that the tax duty does not need", strips="always")


def unlawful(facts: Facts, _: date) -> Term:
    """No ground (GDPR 17(1)(d))."""
    if not facts.needed_yes("unlawful"):
        raise MissingFactsError("unlawful: on what ground these data are held")
    return over_term(on.NO_GROUND, None, "unlawful: erased at once (17(1)(d))")


def id_copy(facts: Facts, _: date) -> Term:
    """No ground once the identity was checked (UAVG 46)."""
    if "wwft" in facts.word("purpose").lower():
        raise MissingFactsError("purpose: a copy for the Wwft is a wwft_customer_file")
    return over_term(on.NO_GROUND, facts.needed_day("collected"), "destroyed once the identity was checked (UAVG 46)")


def anonymous(facts: Facts, _: date) -> Term:
    """Not personal data (GDPR recital 26)."""
    if not facts.needed_yes("anonymised"):
        raise MissingFactsError("anonymised: statistics that lead to a person are personal data; say of which kind")
    return open_term(on.ANONYMOUS, "anonymous: the AVG does not apply")


def address(facts: Facts, _: date) -> Term:
    """As the customer's card; a contest restricts it (GDPR 18(1)(a))."""
    facts.needed_day("accuracy_contested")
    return open_term(on.PURPOSE, "kept as long as the customer's card")


def objected_profile(facts: Facts, _: date) -> Term:
    """Restricted while an objection is weighed, a month as own target; then gone (GDPR 21(1), 17(1)(c))."""
    objected = facts.needed_day("objection_21_1")
    return over_term(
        on.OBJECTED, add(objected, Period(1, Unit.MONTHS)), "no compelling grounds were shown in time (17(1)(c))"
    )


def held(facts: Facts, _: date) -> Term:
    """Its own term, for the time the hold is not in force."""
    base = facts.day("base_until")
    if base is None:
        raise MissingFactsError("base_until: until when the record is kept without the hold")
    return Term(on.PURPOSE, base, why="its own term, the hold not in force")


def misdirected(facts: Facts, _: date) -> Term:
    """No ground: data meant for another."""
    return over_term(on.NO_GROUND, facts.needed_day("received"), "meant for another: tell the sender, erase, confirm")
