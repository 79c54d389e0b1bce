"""Finders: from the facts of one record to the ground it is kept on and until when.

Each finder takes the facts and the day of the question and returns a ``Term``; events after that day have not happened.
A finder knows nothing of requests and holds; what follows from them is told in ``retention``. Every finder raises
``MissingFactsError`` where a fact it needs is lacking or unreadable.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from gestand.law import retention_grounds as on
from gestand.law.facts import Facts, MissingFactsError, shown
from gestand.law.periods import Period, Unit, add
from gestand.law.retention_grounds import Ground

Strips = Literal["never", "on_request", "always"]

TWENTY_YEARS = Period(20, Unit.YEARS)
FISCAL_YEAR_DEBATE = (
    "Some count from the end of the calendar year. The text names no start; the end of the fiscal year is the tax "
    "authority's practice: the later is safe for tax, the earlier for the person."
)
_FISCAL_YEAR = re.compile(r"(\d{2})-(\d{2})/(\d{2})-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Term:
    """Until when a record is kept on ``ground``: ``until``, its last day, or without a date while ``open_ended``.

    ``over``: there is no ground any more, whatever the date. ``part``: what of the record is kept; empty for all of it.
    ``strips``: when the rest of the record goes although this part stays.
    """

    ground: Ground
    until: date | None = None
    open_ended: bool = False
    over: bool = False
    part: str = ""
    strips: Strips = "never"
    why: str = ""
    debate: str = ""


Finder = Callable[[Facts, date], Term]


def fiscal_year_end(day: date, fiscal_year: str) -> date:
    """Return the last day of the fiscal year in which ``day`` falls; ``fiscal_year`` is ``calendar`` or ``07-01/06-30``.

    :raises MissingFactsError: if it is neither.
    """
    if fiscal_year in {"", "calendar"}:
        return date(day.year, 12, 31)
    match = _FISCAL_YEAR.fullmatch(fiscal_year)
    month, last = (int(match[3]), int(match[4])) if match else (0, 0)
    if match is not None and 1 <= month <= 12 and 1 <= last <= 31:
        for year in (day.year, day.year + 1):
            longest = calendar.monthrange(year, month)[1]
            end = date(year, month, longest if last >= 28 and month == 2 else min(last, longest))
            begins = end + timedelta(days=1)
            if end >= day and (begins.month, begins.day) == (int(match[1]), int(match[2])):
                return end
    raise MissingFactsError(f"fiscal_year: 'calendar' or 'MM-DD/MM-DD', a whole year, not '{shown(fiscal_year)}'")


def _of(ground: Ground, event: date, facts: Facts, *, period: Period | None = None) -> Term:
    """Return the term of ``ground`` that runs from ``event``."""
    length = period or ground.period
    assert length is not None
    debate = ""
    match ground.counts_from:
        case "year_end":
            start = date(event.year, 12, 31)
        case "fiscal_year_end":
            start = fiscal_year_end(event, facts.word("fiscal_year"))
            debate = FISCAL_YEAR_DEBATE if (start.month, start.day) != (12, 31) else ""
        case _:
            start = event
    return Term(ground, add(start, length), why=f"{length} from {start.isoformat()}", debate=debate)


def _open(ground: Ground, why: str, *, part: str = "", debate: str = "") -> Term:
    return Term(ground, open_ended=True, why=why, part=part, debate=debate)


def _over(ground: Ground, since: date | None, why: str, debate: str = "") -> Term:
    return Term(ground, until=since, over=True, why=why, debate=debate)


def _happened(facts: Facts, name: str, today: date) -> date | None:
    """Return the day of an event, None if it has not happened by ``today``."""
    day = facts.day(name)
    return day if day is not None and day <= today else None


def runs_from(name: str, ground: Ground) -> Finder:
    """Return the finder of a record whose term runs from the fact ``name``."""
    return lambda facts, _: _of(ground, facts.needed_day(name), facts)


def runs_days_from(name: str, ground: Ground, days: str) -> Finder:
    """Return the finder of a record whose number of days is a fact, the ground's own number unless given."""
    otherwise = None if ground.period is None else ground.period.count

    def find(facts: Facts, _: date) -> Term:
        period = Period(facts.count(days, otherwise), Unit.DAYS)
        return _of(ground, facts.needed_day(name), facts, period=period)

    return find


def service_contract(facts: Facts, _: date) -> Term:
    """While it runs, by contract; then seven years after the fiscal year of its end (AWR 52), never of its start."""
    end = facts.running_or_ended("contract_end")
    if end is None:
        return _open(on.RUNNING_CONTRACT, "the contract is running; the seven years begin after its end (AWR 52)")
    return _of(on.BOOKS, end, facts)


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
        return _of(on.BOOKS, date(year, 12, 31), Facts({}))
    return runs_from("year", on.BOOKS)(facts, today)


def property_invoice(facts: Facts, _: date) -> Term:
    """Take the longer of the VAT adjustment (Wet OB 34a) and the invoice's own seven years (AWR 52)."""
    adjustment = _of(on.IMMOVABLE, facts.needed_day("in_use_from"), facts)
    books = _of(on.BOOKS, facts.needed_day("invoice_date"), facts)
    assert adjustment.until is not None
    assert books.until is not None
    return books if books.until >= adjustment.until else adjustment


def quote_accepted(facts: Facts, _: date) -> Term:
    """Part of the books with the invoice it led to (AWR 52)."""
    accepted, invoiced = facts.day("accepted"), facts.day("invoice_date")
    days = [day for day in (accepted, invoiced) if day is not None]
    if not days:
        raise MissingFactsError("invoice_date: the date of the invoice or of acceptance is needed")
    return _of(on.BOOKS, max(days), facts)


def quote_not_accepted(facts: Facts, _: date) -> Term:
    """Twelve months after it expired (policy)."""
    if facts.given.get("accepted") not in (None, False):
        raise MissingFactsError("accepted: an accepted quote is a quote_accepted")
    expires = facts.day("expires")
    return _of(on.QUOTE, facts.needed_day("sent") if expires is None else expires, facts)


def mail(facts: Facts, _: date) -> Term:
    """Part of the books if it explains an invoice (AWR 52), else 24 months (policy)."""
    invoice = facts.day("linked_invoice")
    if invoice is not None:
        return _of(on.BOOKS, invoice, facts)
    return _of(on.MAIL, facts.needed_day("date"), facts)


def complaint(facts: Facts, today: date) -> Term:
    """Five years from the letter that holds the firm liable (BW 3:310, 3:317), and as long as the dispute is open."""
    disputed, letter = facts.needed_yes("dispute_open"), _happened(facts, "first_liability_letter", today)
    if letter is not None:
        term = _of(on.DAMAGE_CLAIM, letter, facts)
        assert term.until is not None
        if today <= term.until or not disputed:
            return term
    if disputed:
        return _open(on.OPEN_CLAIM, "the dispute is open")
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
        return _over(on.DEBT, None, "paid: there is no claim left to collect; the invoice itself follows the books")
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
    delivered, complaint = facts.needed_day("delivered"), _happened(facts, "complaint_known", today)
    file = _of(on.JOB_FILE, delivered, facts)
    debate = (
        "A claim really lapses five years after the defect is known, twenty after the event; five after delivery is a "
        "defensible default, twenty is not. A request needs a concrete claim to be refused."
    )
    if complaint is None:
        return Term(file.ground, file.until, part="minimal job file", why=file.why, debate=debate)
    claim = _of(on.DAMAGE_CLAIM, complaint, facts)
    assert claim.until is not None
    assert file.until is not None
    return Term(claim.ground, min(max(claim.until, file.until), add(delivered, TWENTY_YEARS)), why=claim.why)


def customer_card(facts: Facts, _: date) -> Term:
    """As long as a contract or a claim is open (GDPR 5(1)(e))."""
    contract, claim = facts.needed_yes("open_contract"), facts.needed_yes("open_claim")
    if claim:
        return _open(on.OPEN_CLAIM, "a claim is open")
    if contract:
        return _open(on.RUNNING_CONTRACT, "a contract is running")
    debate = "A minimal job file may stay for a concrete claim (17(3)(e)), not 'just in case'."
    over = _over(on.PURPOSE, facts.day("last_service"), "no contract, no claim: the card has no purpose left", debate)
    return replace(over, part="everything that is not on the invoice")


def applicant(facts: Facts, today: date) -> Term:
    """Four weeks after the procedure, a year with consent, until it is withdrawn (guideline)."""
    end = facts.needed_day("procedure_end")
    weeks = _of(on.APPLICANT, end, facts)
    if not facts.yes("consent_1y"):
        return weeks
    withdrawn = _happened(facts, "withdrawn", today)
    if withdrawn is None:
        return _of(on.APPLICANT_CONSENT, end, facts)
    assert weeks.until is not None
    if today <= weeks.until:
        return weeks
    return _over(on.APPLICANT_CONSENT, max(withdrawn, weeks.until), "consent was withdrawn (17(1)(b))")


def camera(facts: Facts, today: date) -> Term:
    """Four weeks; the fragment of an incident until it is dealt with (guideline)."""
    recorded = facts.needed_day("recorded")
    weeks = _of(on.CAMERA, recorded, facts)
    incident = facts.yes("incident")
    if incident is None and facts.yes("police_report"):
        incident = True
    if incident is None:
        raise MissingFactsError("incident: whether something happened that is still to be dealt with")
    if not incident:
        return weeks
    closed = _happened(facts, "incident_closed", today)
    if closed is None:
        return _open(on.INCIDENT, "the incident is not dealt with yet", part="the fragment of the incident")
    assert weeks.until is not None
    return Term(weeks.ground, max(weeks.until, closed), why=f"the incident was closed on {closed.isoformat()}")


def requested_fragment(facts: Facts, _: date) -> Term:
    """Count four weeks as for camera images; the person's own claim restricts them (GDPR 18(1)(c))."""
    return _of(on.CAMERA, facts.needed_day("recorded"), facts)


def access_log(facts: Facts, today: date) -> Term:
    """Count the days of the policy; lines of an incident until it is dealt with."""
    if facts.word("incident_id"):
        return _open(
            on.INCIDENT, f"belongs to incident {shown(facts.word('incident_id'))}", part="the lines of the incident"
        )
    return runs_days_from("date", on.SECURITY_LOG, "policy_days")(facts, today)


def closed_file(ground: Ground, part: str = "") -> Finder:
    """Return the finder of a file whose years run from its closing."""

    def find(facts: Facts, _: date) -> Term:
        closed = facts.running_or_ended("closed")
        if closed is None:
            return _open(ground, "the file is open", part=part)
        term = _of(ground, closed, facts)
        return Term(
            term.ground, term.until, part=part, why=term.why, debate="No term stands in the law; shorter is seen."
        )

    return find


def disk_image(facts: Facts, _: date) -> Term:
    """While the job runs, then the days the contract gives (GDPR 28(3)(g))."""
    closed = facts.running_or_ended("job_closed")
    if closed is None:
        return _open(on.PROCESSING, "the job is running")
    assert on.PROCESSING.period is not None
    period = Period(facts.count("agreed_days", on.PROCESSING.period.count), Unit.DAYS)
    term = _of(on.PROCESSING, closed, facts, period=period)
    debate = "Whether a repair shop is processor or controller is debated; the term is contract or policy."
    return Term(term.ground, term.until, why=term.why, debate=debate)


def password_note(facts: Facts, _: date) -> Term:
    """Until the job ends (policy)."""
    closed = facts.running_or_ended("job_closed")
    if closed is None:
        return _open(on.CREDENTIAL, "the job is running")
    return _of(on.CREDENTIAL, closed, facts)


def consent_proof(facts: Facts, today: date) -> Term:
    """While the consent is used, then five years (policy)."""
    facts.day("given")
    withdrawn = _happened(facts, "withdrawn", today)
    if withdrawn is None:
        return _open(on.CONSENT_PROOF, "the consent is in use; five years run from its end")
    return _of(on.CONSENT_PROOF, withdrawn, facts)


def _ended_marketing(facts: Facts, today: date) -> date | None:
    ends = [day for name in ("objection", "withdrawn") if (day := _happened(facts, name, today)) is not None]
    return min(ends, default=None)


def subscription(facts: Facts, today: date) -> Term:
    """Until objection or withdrawal (GDPR 21(3), 7(3))."""
    ended = _ended_marketing(facts, today)
    if ended is not None:
        return _over(on.SUBSCRIPTION, ended, "objected or withdrawn: nothing is kept but a suppression entry")
    if not facts.word("basis"):
        raise MissingFactsError("basis: consent or soft opt-in")
    return _open(on.SUBSCRIPTION, "until objection or withdrawal")


def former_customer(facts: Facts, today: date) -> Term:
    """Twenty-four months after the last purchase (policy); an objection ends it at once (GDPR 21(3))."""
    bought, ended = facts.needed_day("last_purchase"), _ended_marketing(facts, today)
    if ended is not None:
        return _over(on.MARKETING, ended, "objected: nothing is kept but a suppression entry")
    if facts.yes("soft_opt_in") is False:
        return _over(on.NO_GROUND, bought, "neither consent nor soft opt-in")
    return _of(on.MARKETING, bought, facts)


def lead(facts: Facts, today: date) -> Term:
    """Twelve months after the last contact (policy); an objection ends it at once (GDPR 21(3))."""
    ended = _ended_marketing(facts, today)
    if ended is not None:
        return _over(on.LEAD, ended, "objected: nothing is kept but a suppression entry")
    if facts.yes("became_customer"):
        raise MissingFactsError("became_customer: who became a customer has a customer_card_crm")
    return _of(on.LEAD, facts.needed_day("last_contact"), facts)


def suppression(facts: Facts, _: date) -> Term:
    """As long as there is marketing: the objection could not be honoured without it (GDPR 21(3))."""
    facts.needed_day("objection")
    if facts.yes("insists_after_explanation"):
        return _over(
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
    return _of(on.WARRANTY, facts.needed_day("sold"), facts, period=Period(facts.count("warranty_months"), Unit.MONTHS))


def anti_laundering(facts: Facts, _: date) -> Term:
    """Five years to the moment after the relation ended, then destroyed (Wwft 33(3))."""
    if not facts.needed_yes("wwft_applies"):
        return _over(on.NO_GROUND, facts.day("relation_end"), "the Wwft does not apply")
    end = facts.running_or_ended("relation_end")
    if end is None:
        return _open(on.ANTI_LAUNDERING, "the relation is running")
    assert on.ANTI_LAUNDERING.period is not None
    # Five years to the moment, then destruction: the day of the same number is the first without it.
    return Term(
        on.ANTI_LAUNDERING,
        add(end, on.ANTI_LAUNDERING.period) - timedelta(days=1),
        why=f"5 years to the moment from {end.isoformat()}, then it must be destroyed",
    )


def excess(facts: Facts, _: date) -> Term:
    """Keep the invoice as the books (AWR 52); what the tax duty does not need goes at once (GDPR 5(1)(c))."""
    term = _of(on.BOOKS, facts.needed_day("invoice_date"), facts)
    return replace(term, part="the invoice without the free text that the tax duty does not need", strips="always")


def unlawful(facts: Facts, _: date) -> Term:
    """No ground (GDPR 17(1)(d))."""
    if not facts.needed_yes("unlawful"):
        raise MissingFactsError("unlawful: on what ground these data are held")
    return _over(on.NO_GROUND, None, "unlawful: erased at once (17(1)(d))")


def id_copy(facts: Facts, _: date) -> Term:
    """No ground once the identity was checked (UAVG 46)."""
    if "wwft" in facts.word("purpose").lower():
        raise MissingFactsError("purpose: a copy for the Wwft is a wwft_customer_file")
    return _over(on.NO_GROUND, facts.needed_day("collected"), "destroyed once the identity was checked (UAVG 46)")


def anonymous(facts: Facts, _: date) -> Term:
    """Not personal data (GDPR recital 26)."""
    if not facts.needed_yes("anonymised"):
        raise MissingFactsError("anonymised: statistics that lead to a person are personal data; say of which kind")
    return _open(on.ANONYMOUS, "anonymous: the AVG does not apply")


def address(facts: Facts, _: date) -> Term:
    """As the customer's card; a contest restricts it (GDPR 18(1)(a))."""
    facts.needed_day("accuracy_contested")
    return _open(on.PURPOSE, "kept as long as the customer's card")


def objected_profile(facts: Facts, _: date) -> Term:
    """Restricted while an objection is weighed, a month as own target; then gone (GDPR 21(1), 17(1)(c))."""
    objected = facts.needed_day("objection_21_1")
    return _over(
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
    return _over(on.NO_GROUND, facts.needed_day("received"), "meant for another: tell the sender, erase, confirm")
