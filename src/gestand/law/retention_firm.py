"""Finders for what a firm keeps of its trade: contracts, quotes, mail, debts, jobs, staff, cameras, logs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from gestand.law import retention_grounds as on
from gestand.law.facts import Facts, MissingFactsError, shown
from gestand.law.periods import Period, Unit, add
from gestand.law.retention_terms import (
    TWENTY_YEARS,
    Term,
    happened,
    open_term,
    over_term,
    runs_days_from,
    runs_from,
    term_of,
)


def service_contract(facts: Facts, _: date) -> Term:
    """While it runs, by contract; then seven years after the fiscal year of its end (AWR 52), never of its start."""
    end = facts.running_or_ended("contract_end")
    if end is None:
        return open_term(on.RUNNING_CONTRACT, "the contract is running; the seven years begin after its end (AWR 52)")
    return term_of(on.BOOKS, end, facts)


def annual_accounts(facts: Facts, _: date) -> Term:
    """Seven years after the end of the year they close (BW 2:10(3))."""
    end = facts.needed_day("fiscal_year_end")
    return Term(on.ANNUAL_ACCOUNTS, add(end, Period(7, Unit.YEARS)), why=f"7 years from {end.isoformat()}")


def payroll(facts: Facts, today: date) -> Term:
    """Seven years after the calendar year (AWR 52); ``year`` is a date in it or its number."""
    year = facts.given.get("year")
    if isinstance(year, int) and not isinstance(year, bool):
        if not 1950 <= year <= 2200:
            raise MissingFactsError(f"year: {year} is out of reason")
        return term_of(on.BOOKS, date(year, 12, 31), Facts({}))
    return runs_from("year", on.BOOKS)(facts, today)


def property_invoice(facts: Facts, _: date) -> Term:
    """Take the longer of the VAT adjustment (Wet OB 34a) and the invoice's own seven years (AWR 52)."""
    adjustment = term_of(on.IMMOVABLE, facts.needed_day("in_use_from"), facts)
    books = term_of(on.BOOKS, facts.needed_day("invoice_date"), facts)
    assert adjustment.until is not None
    assert books.until is not None
    return books if books.until >= adjustment.until else adjustment


def quote_accepted(facts: Facts, _: date) -> Term:
    """Part of the books with the invoice it led to (AWR 52)."""
    accepted, invoiced = facts.day("accepted"), facts.day("invoice_date")
    days = [day for day in (accepted, invoiced) if day is not None]
    if not days:
        raise MissingFactsError("invoice_date: the date of the invoice or of acceptance is needed")
    return term_of(on.BOOKS, max(days), facts)


def quote_not_accepted(facts: Facts, _: date) -> Term:
    """Twelve months after it expired (policy)."""
    if facts.given.get("accepted") not in (None, False):
        raise MissingFactsError("accepted: an accepted quote is a quote_accepted")
    expires = facts.day("expires")
    return term_of(on.QUOTE, facts.needed_day("sent") if expires is None else expires, facts)


def mail(facts: Facts, _: date) -> Term:
    """Part of the books if it explains an invoice (AWR 52), else 24 months (policy)."""
    invoice = facts.day("linked_invoice")
    if invoice is not None:
        return term_of(on.BOOKS, invoice, facts)
    return term_of(on.MAIL, facts.needed_day("date"), facts)


def complaint(facts: Facts, today: date) -> Term:
    """Five years from the letter that holds the firm liable (BW 3:310, 3:317), and as long as the dispute is open."""
    disputed, letter = facts.needed_yes("dispute_open"), happened(facts, "first_liability_letter", today)
    if letter is not None:
        term = term_of(on.DAMAGE_CLAIM, letter, facts)
        assert term.until is not None
        if today <= term.until or not disputed:
            return term
    if disputed:
        return open_term(on.OPEN_CLAIM, "the dispute is open")
    return mail(facts, today)


def backup(facts: Facts, today: date) -> Term:
    """Count the days of its rotation (policy)."""
    term = runs_days_from("taken", on.BACKUP, "rotation_days")(facts, today)
    debate = "No fixed term in law; a backup kept for years is an archive and follows the terms of its records."
    return Term(
        term.ground,
        term.until,
        part="isolated backup only; replay the erasures on restore",
        strips="on_request",
        why=term.why,
        debate=debate,
    )


def debt(facts: Facts, today: date) -> Term:
    """Five years after the debt fell due, again after each written reminder in time, twenty in all (BW 3:307-3:319)."""
    due = facts.needed_day("due")
    if facts.yes("paid"):
        return over_term(on.DEBT, None, "paid: there is no claim left to collect; the invoice itself follows the books")
    assert on.DEBT.period is not None
    until, restarted = add(due, on.DEBT.period), due
    for reminder in sorted(facts.days("reminders")):
        # A reminder before the debt is due starts nothing; one after the claim lapsed revives nothing.
        if due < reminder <= min(until, today):
            until, restarted = add(reminder, on.DEBT.period), reminder
    until = min(until, add(due, TWENTY_YEARS))
    return Term(on.DEBT, until, why=f"the claim lapses five years after {restarted.isoformat()}")


def job_report(facts: Facts, today: date) -> Term:
    """Five years after delivery (policy); from a known complaint the claim's own term (BW 3:310), twenty in all."""
    delivered, complaint = facts.needed_day("delivered"), happened(facts, "complaint_known", today)
    file = term_of(on.JOB_FILE, delivered, facts)
    debate = (
        "A claim really lapses five years after the defect is known, twenty after the event; five after delivery is a "
        "defensible default, twenty is not. A request needs a concrete claim to be refused."
    )
    if complaint is None:
        return Term(file.ground, file.until, part="minimal job file", why=file.why, debate=debate)
    claim = term_of(on.DAMAGE_CLAIM, complaint, facts)
    assert claim.until is not None
    assert file.until is not None
    return Term(claim.ground, min(max(claim.until, file.until), add(delivered, TWENTY_YEARS)), why=claim.why)


def customer_card(facts: Facts, _: date) -> Term:
    """As long as a contract or a claim is open (GDPR 5(1)(e))."""
    contract, claim = facts.needed_yes("open_contract"), facts.needed_yes("open_claim")
    if claim:
        return open_term(on.OPEN_CLAIM, "a claim is open")
    if contract:
        return open_term(on.RUNNING_CONTRACT, "a contract is running")
    debate = "A minimal job file may stay for a concrete claim (17(3)(e)), not 'just in case'."
    over = over_term(
        on.PURPOSE, facts.day("last_service"), "no contract, no claim: the card has no purpose left", debate
    )
    return replace(over, part="everything that is not on the invoice")


def applicant(facts: Facts, today: date) -> Term:
    """Four weeks after the procedure, a year with consent, until it is withdrawn (guideline)."""
    end = facts.needed_day("procedure_end")
    weeks = term_of(on.APPLICANT, end, facts)
    if not facts.yes("consent_1y"):
        return weeks
    withdrawn = happened(facts, "withdrawn", today)
    if withdrawn is None:
        return term_of(on.APPLICANT_CONSENT, end, facts)
    assert weeks.until is not None
    if today <= weeks.until:
        return weeks
    return over_term(on.APPLICANT_CONSENT, max(withdrawn, weeks.until), "consent was withdrawn (17(1)(b))")


def camera(facts: Facts, today: date) -> Term:
    """Four weeks; the fragment of an incident until it is dealt with (guideline)."""
    recorded = facts.needed_day("recorded")
    weeks = term_of(on.CAMERA, recorded, facts)
    incident = facts.yes("incident")
    if incident is None and facts.yes("police_report"):
        incident = True
    if incident is None:
        raise MissingFactsError("incident: whether something happened that is still to be dealt with")
    if not incident:
        return weeks
    closed = happened(facts, "incident_closed", today)
    if closed is None:
        return open_term(on.INCIDENT, "the incident is not dealt with yet", part="the fragment of the incident")
    assert weeks.until is not None
    return Term(weeks.ground, max(weeks.until, closed), why=f"the incident was closed on {closed.isoformat()}")


def requested_fragment(facts: Facts, _: date) -> Term:
    """Count four weeks as for camera images; the person's own claim restricts them (GDPR 18(1)(c))."""
    return term_of(on.CAMERA, facts.needed_day("recorded"), facts)


def access_log(facts: Facts, today: date) -> Term:
    """Count the days of the policy; lines of an incident until it is dealt with."""
    if facts.word("incident_id"):
        return open_term(
            on.INCIDENT, f"belongs to incident {shown(facts.word('incident_id'))}", part="the lines of the incident"
        )
    return runs_days_from("date", on.SECURITY_LOG, "policy_days")(facts, today)
