"""The letters that tell what was decided, as plain text: plain Dutch (B1) or English. Articles 12, 17, 19 GDPR; UAVG 35.

The answer to an access request stands in ``access_letter``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gestand.kernel.clock import local_date
from gestand.rights.disagreeing import disagree, disagree_already
from gestand.rights.model import (
    DatumDecision,
    Decision,
    ErasureOutcome,
    SubjectRequest,
)
from gestand.rights.rules import HELD, HELD_BY
from gestand.rights.words import ASKED, RECORD, day
from gestand.sources.model import Removal, Retained
from gestand.statement.policy import Controller, Text


def _removals(outcome: ErasureOutcome, language: str) -> Sequence[str]:
    """Return what left other systems, and what stays there and why."""
    nl = language == "nl"
    gone = [
        f"  {_called(copy, language)}: {_places(copy.removed, language)}" for copy in outcome.copies if copy.removed
    ]
    stays = [
        f"  {_called(copy, language)} ({RECORD[kept.place].into(language) if kept.place in RECORD else kept.place}): {_places(kept.rows, language)}. "
        + _because(kept, language)
        for copy in outcome.copies
        for kept in copy.retained
    ]
    lines: list[str] = []
    if gone:
        lines += [
            "In deze andere systemen wisten wij gegevens van u:"
            if nl
            else "In these other systems we erased your data:"
        ]
        lines += [*gone, ""]
        lines += [
            "Daarna hebben wij daar opnieuw gezocht: er was niets meer om te wissen."
            if nl
            else "After that we searched there again: there was nothing left to erase.",
            "",
        ]
    if stays:
        lines += [
            "Dit blijft in andere systemen, en waarom:" if nl else "This stays in other systems, and why:",
            *stays,
            "",
        ]
    return lines


def _because(kept: Retained, language: str) -> str:
    """Return why something stays in another system and until when; of a legal hold in the words that are for the person."""
    nl = language == "nl"
    if kept.ground == HELD_BY:
        return f"{HELD.into(language)} ({HELD_BY}){_until(kept.until, language)}"
    reason = f"De reden: {kept.ground}." if nl else f"The reason: {kept.ground}."
    end = _until(kept.until, language) or (
        " Wij wissen ze zodra dat mag." if nl else " We erase them as soon as we may."
    )
    return reason + end


def _until(until: str, language: str) -> str:
    """Return until when something stays: a last day, or what a system's file says of it in words."""
    nl = language == "nl"
    if not until:
        return ""
    try:
        last = day(date.fromisoformat(until), language)
    except ValueError:
        return f" Tot: {until}." if nl else f" Until: {until}."
    return f" Tot en met {last}." if nl else f" Up to and including {last}."


def _called(copy: Removal, language: str) -> str:
    return copy.title.into(language) if copy.title is not None else copy.source


def _places(number: int, language: str) -> str:
    if language == "nl":
        return f"op {number} {'plek' if number == 1 else 'plekken'}"
    return f"in {number} {'place' if number == 1 else 'places'}"


def erasure_letter(
    outcome: ErasureOutcome,
    controller: Controller,
    made_on: date,
    language: str,
    *,
    request_shelf: str,
    late: bool = False,
) -> str:
    """Return what an erasure request led to, as a letter: what left, what stays and why, until when (Article 12(3), (4)).

    ``late``: it comes after the term of Article 12(3).
    """
    nl = language == "nl"
    lines = [f"{controller.name}, {day(made_on, language)}", ""]
    lines += ["Uw verzoek om gegevens te wissen" if nl else "Your request to erase data", ""]
    staying = [decision for decision in outcome.plan.decisions if decision.decision is not Decision.ERASE]
    own = [decision for decision in staying if decision.holding.shelf == request_shelf]
    others = [decision for decision in staying if decision.holding.shelf != request_shelf]
    if outcome.erased:
        lines += [_erased(outcome, language)]
    elif not any(copy.removed for copy in outcome.copies):
        lines += [_nothing_left(refused=bool(others) or any(copy.retained for copy in outcome.copies), nl=nl)]
    lines += ["", *_removals(outcome, language)]
    if others:
        lines += ["Dit blijft, en waarom:" if nl else "This stays, and why:"]
        lines += [_stays(decision, language) for decision in others]
        lines += [""]
    if own:
        lines += ["Van uw verzoek zelf bewaren wij:" if nl else "Of your request itself we keep:"]
        lines += [_stays(decision, language) for decision in own]
        lines += [""]
    if outcome.erased:
        lines += [recipients_told(outcome.to_tell, language), ""]
    lines += disagree(controller, nl=nl, late=late)
    return "\n".join(lines) + "\n"


def _erased(outcome: ErasureOutcome, language: str) -> str:
    what = ", ".join(dict.fromkeys(field.into(language) for field in outcome.fields))
    if language == "nl":
        said = ("1 gegeven", "het is") if outcome.erased == 1 else (f"{outcome.erased} gegevens", "zij zijn")
        return f"Wij hebben {said[0]} gewist: {what}. Daarna hebben wij opnieuw gezocht: {said[1]} weg."
    said = ("1 datum", "it is") if outcome.erased == 1 else (f"{outcome.erased} data", "they are")
    return f"We erased {said[0]}: {what}. After that we searched again: {said[1]} gone."


def _nothing_left(*, refused: bool, nl: bool) -> str:
    """Return that nothing was erased; where something stays that is a refusal, and no lack of data."""
    if refused:
        return "Wij hebben nu niets gewist." if nl else "We have erased nothing now."
    return "Er was niets om te wissen." if nl else "There was nothing to erase."


def recipients_told(told: Sequence[Text], language: str) -> str:
    """Return who is told (Article 19), by the log of what was given.

    Of what was given under an order that is secret nobody is told, so it is not said that nobody else has the data.
    """
    names = ", ".join(dict.fromkeys(text.into(language) for text in told))
    if language == "nl":
        if not names:
            return "Wij hoeven dit aan niemand anders te vertellen."
        return f"Wij vertellen dit ook aan wie deze gegevens van ons kreeg: {names}."
    if not names:
        return "We need not tell this to anyone else."
    return f"We also tell those who received these data from us: {names}."


def _stays(decision: DatumDecision, language: str) -> str:
    until = _until(decision.until.isoformat() if decision.until is not None else "", language)
    still = ""
    if decision.decision is Decision.RESTRICT:
        still = (
            " Wij bewaren dit alleen; wij gebruiken het niet."
            if language == "nl"
            else " We only store this; we do not use it."
        )
    return f"  {decision.title.into(language)}: {decision.why.into(language)} ({decision.ground}){until}{still}"


def rejection_letter(
    request: SubjectRequest, controller: Controller, made_on: date, language: str, *, late: bool = False
) -> str:
    """Return a refusal with its reasons, the authority and the court (Article 12(4), UAVG 35); ``late``: after the term."""
    nl = language == "nl"
    asked = ASKED[request.right].into(language)
    received = day(local_date(request.received_at), language)
    lines = [
        f"{controller.name}, {day(made_on, language)}",
        "",
        f"Uw verzoek van {received} ({asked})" if nl else f"Your request of {received} ({asked})",
        "",
        f"Wij doen niet wat u vroeg. De reden: {request.ground}"
        if nl
        else f"We do not do what you asked. The reason: {request.ground}",
        "",
        *disagree(controller, nl=nl, late=late),
    ]
    return "\n".join(lines) + "\n"


def extension_letter(request: SubjectRequest, controller: Controller, made_on: date, language: str) -> str:
    """Return the notice that an answer takes longer, with its reasons (Article 12(3))."""
    nl = language == "nl"
    received, due = (
        day(local_date(moment), language) for moment in (request.received_at, request.conservative)
    )  # fmt: skip
    asked = ASKED[request.right].into(language)
    lines = [
        f"{controller.name}, {day(made_on, language)}",
        "",
        f"Uw verzoek van {received} ({asked})" if nl else f"Your request of {received} ({asked})",
        "",
        f"Wij hebben meer tijd nodig. De reden: {request.extended_because}"
        if nl
        else f"We need more time. The reason: {request.extended_because}",
        f"U krijgt ons antwoord uiterlijk op {due}." if nl else f"You get our answer on {due} at the latest.",
        "",
        *disagree_already(controller, nl=nl),
    ]
    return "\n".join(lines) + "\n"
