"""What a statement tells that a first policy can start from; what it does not tell is left out and listed.

Everything here is a reading by cues: a person confirms it before it becomes a promise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gestand.law.transparency.cues import NOT_OWN, Statement
from gestand.law.transparency.judge_flow import keepings
from gestand.law.transparency.judge_purposes import pairs
from gestand.law.transparency.judge_who import found_addresses, found_emails
from gestand.law.transparency.language import language_of
from gestand.law.transparency.model import Report, Status
from gestand.law.transparency.topics import Topic
from gestand.law.transparency.vocabulary_lists import DATA, RECIPIENTS

_WEBSITE = re.compile(
    r"\b(?:https?://)?(?:www\.)[\w-]{1,63}(?:\.[\w-]{2,24}){1,3}|\bhttps?://[\w-]{1,63}(?:\.[\w-]{2,24}){1,3}",
    re.IGNORECASE,
)
_ADDRESS_PART = re.compile(
    r"[A-Z][\w'.-]{2,30}(?: [\w'.-]{1,20})? \d{1,5}\w?,? [1-9]\d{3} ?[A-Z]{2},? [A-Z][\w'-]{1,30}"
    r"|\d{1,5} [A-Z][\w'-]{1,25} [A-Z][\w'.-]{1,25},? [A-Z][\w'-]{1,25},? [A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}"
)
_NOT_OWN_SITE = re.compile(
    r"autoriteitpersoonsgegevens|ico\.org|google|mailchimp|europa\.eu|facebook|allaboutcookies", re.IGNORECASE
)
_PROMISES_NOTHING = frozenset({Topic.DEFINITION, Topic.ELSEWHERE, Topic.FOOTER})
FEW_WORDS = 3  # what is shorter is a name, a line of an address or the end of a list


@dataclass(frozen=True, slots=True)
class DraftPurpose:
    """A purpose in the words of the statement, with the lawful basis beside it (a value of ``LawfulBasis``)."""

    text: str
    basis: str


@dataclass(frozen=True, slots=True)
class DraftPeriod:
    """How long something stays, as the statement puts it: the passage, and the term found in it ("" for an event)."""

    text: str
    term: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What could be read. Empty fields were not found; ``lacking`` names each of them and every item that lacks.

    ``categories`` and ``recipients`` are kinds (``email``, ``accountant``); ``address`` is one line or a few, as written.
    ``left_out`` holds the sentences that gave no fact, no purpose and no period, and answered no item: whoever starts
    from the draft loses them, unless a person writes them in.
    """

    language: str
    controller: str
    email: str
    address: str
    website: str
    purposes: tuple[DraftPurpose, ...]
    categories: tuple[str, ...]
    periods: tuple[DraftPeriod, ...]
    recipients: tuple[str, ...]
    lacking: tuple[str, ...]
    left_out: tuple[str, ...]


def draft(text: str, findings: Report) -> Draft:
    """Return what ``text`` tells for a first policy; ``findings`` is its report from ``lint``."""
    statement = Statement.read(text)
    emails = found_emails(statement)
    told = Draft(
        language=language_of(statement.whole),
        controller=findings.controller,
        email=emails[0] if emails else "",
        address=", ".join(_address(statement)),
        website=_website(statement),
        purposes=tuple(
            dict.fromkeys(
                DraftPurpose(raw.strip(" ;.:"), basis) for raw, basis in pairs(statement) if not raw.endswith(":")
            )
        ),
        categories=_categories(findings),
        periods=tuple(
            dict.fromkeys(
                DraftPeriod(keeping.raw, keeping.term)
                for keeping in keepings(statement)
                if keeping.real and keeping.specific
            )
        ),
        recipients=_recipients(statement, findings),
        lacking=(),
        left_out=(),
    )
    return replace(_with_lacking(told, findings), left_out=_left_out(statement, findings, told))


def _left_out(statement: Statement, findings: Report, told: Draft) -> tuple[str, ...]:
    used = {finding.passage for finding in findings.items if finding.passage}
    used |= {purpose.text for purpose in told.purposes} | {period.text for period in told.periods}
    facts = [fact for fact in (told.email, told.website, *told.address.split(", ")) if fact]
    return tuple(
        dict.fromkeys(
            passage.raw
            for passage in statement.own(_PROMISES_NOTHING)
            if len(passage.text.split()) > FEW_WORDS
            and not passage.raw.endswith(":")
            and not any(passage.raw in one or one in passage.raw for one in used)
            and not any(fact in passage.raw for fact in facts)
        )
    )


def _with_lacking(told: Draft, findings: Report) -> Draft:
    absent = [
        name
        for name in ("controller", "email", "address", "website", "purposes", "categories", "periods", "recipients")
        if not getattr(told, name)
    ]
    lacks = {Status.MISSING, Status.WRONG, Status.PRESENT_WRONG, Status.PARTIAL, Status.PRESENT_OPEN}
    items = [
        f"{finding.item.id} {finding.item.title_en}: {finding.status.value}"
        for finding in findings.items
        if finding.status in lacks
    ]
    return replace(told, lacking=(*absent, *items))


def _address(statement: Statement) -> list[str]:
    """Return the postal address: the short lines that stand together, else the part of a sentence that reads as one."""
    found = found_addresses(statement)
    for passage in (p for p in found if len(p.text) < 60):
        near = [
            p
            for p in statement.passages[max(0, passage.number - 1) : passage.number + 2]
            if p.section == passage.section
        ]
        return [
            p.raw for p in near if len(p.text) < 60 and any(letter.isdigit() for letter in p.text) and "@" not in p.text
        ]
    for passage in found:
        part = _ADDRESS_PART.search(passage.raw)
        return [part[0] if part else passage.raw]
    return []


def _website(statement: Statement) -> str:
    for passage in statement.own(frozenset({Topic.ELSEWHERE, Topic.DEFINITION})):
        for hit in _WEBSITE.finditer(passage.text):
            if not _NOT_OWN_SITE.search(hit[0]):
                return hit[0]
    return ""


def _categories(findings: Report) -> tuple[str, ...]:
    told = next((finding.passage for finding in findings.items if finding.item.id == "L26"), "")
    return tuple(kind for kind, pattern in DATA.items() if pattern.search(told))


def _recipients(statement: Statement, findings: Report) -> tuple[str, ...]:
    if findings.status("L09") not in {Status.PRESENT, Status.PRESENT_OPEN}:
        return ()
    decided = next(finding.passage for finding in findings.items if finding.item.id == "L09")
    beside = {p.lead for p in statement.passages if p.raw == decided and p.kind != "sentence"}
    listed = [
        p.text
        for p in statement.own(NOT_OWN | {Topic.COOKIES, Topic.RIGHTS})
        if p.raw == decided or (p.lead and p.lead in beside)
    ]
    return tuple(kind for kind, pattern in RECIPIENTS.items() if any(pattern.search(text) for text in listed))
