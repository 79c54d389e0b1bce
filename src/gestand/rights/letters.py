"""The letters that tell what was decided, as plain text: plain Dutch (B1) or English. Articles 12, 17, 19 GDPR; UAVG 35.

The answer to an access request stands in ``access_letter``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gestand.kernel.clock import local_date
from gestand.rights.model import (
    DatumDecision,
    Decision,
    ErasureOutcome,
    SubjectRequest,
)
from gestand.rights.words import ASKED, day
from gestand.sources.model import Removal
from gestand.statement.policy import Controller


def _removals(outcome: ErasureOutcome, language: str) -> Sequence[str]:
    """Return what left other systems, and what stays there and why."""
    nl = language == "nl"
    gone = [
        f"  {_called(copy, language)}: {_places(copy.removed, language)}" for copy in outcome.copies if copy.removed
    ]
    stays = [
        f"  {_called(copy, language)} ({kept.place}): {_places(kept.rows, language)}. "
        + (f"De reden: {kept.ground}. Tot: {kept.until}." if nl else f"The reason: {kept.ground}. Until: {kept.until}.")
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


def _called(copy: Removal, language: str) -> str:
    return copy.title.into(language) if copy.title is not None else copy.source


def _places(number: int, language: str) -> str:
    if language == "nl":
        return f"op {number} {'plek' if number == 1 else 'plekken'}"
    return f"in {number} {'place' if number == 1 else 'places'}"


def erasure_letter(
    outcome: ErasureOutcome, controller: Controller, made_on: date, language: str, *, request_shelf: str
) -> str:
    """Return what an erasure request led to, as a letter: what left, what stays and why, until when (Article 12(3), (4))."""
    nl = language == "nl"
    lines = [f"{controller.name}, {day(made_on, language)}", ""]
    lines += ["Uw verzoek om gegevens te wissen" if nl else "Your request to erase data", ""]
    if outcome.erased:
        what = ", ".join(dict.fromkeys(field.into(language) for field in outcome.fields))
        lines += [
            f"Wij hebben {outcome.erased} gegevens gewist: {what}. Daarna hebben wij opnieuw gezocht: zij zijn weg."
            if nl
            else f"We erased {outcome.erased} data: {what}. After that we searched again: they are gone."
        ]
    elif not any(copy.removed for copy in outcome.copies):
        lines += ["Er was niets om te wissen." if nl else "There was nothing to erase."]
    lines += ["", *_removals(outcome, language)]
    staying = [decision for decision in outcome.plan.decisions if decision.decision is not Decision.ERASE]
    own = [decision for decision in staying if decision.holding.shelf == request_shelf]
    others = [decision for decision in staying if decision.holding.shelf != request_shelf]
    if others:
        lines += ["Dit blijft, en waarom:" if nl else "This stays, and why:"]
        lines += [_stays(decision, language) for decision in others]
        lines += [""]
    if own:
        lines += ["Van uw verzoek zelf bewaren wij:" if nl else "Of your request itself we keep:"]
        lines += [_stays(decision, language) for decision in own]
        lines += [""]
    if outcome.erased:
        told = ", ".join(text.into(language) for text in outcome.to_tell)
        lines += [_recipients(told, nl=nl), ""]
    lines += _disagree(controller, nl=nl)
    return "\n".join(lines) + "\n"


def _recipients(told: str, *, nl: bool) -> str:
    """Return who is told (Article 19): who got these data by the log of what was given."""
    if not told:
        return (
            "In ons logboek staat niemand aan wie wij deze gegevens gaven."
            if nl
            else "Our log names nobody to whom we gave these data."
        )
    return (
        f"Wij vertellen dit ook aan wie deze gegevens van ons kreeg: {told}."
        if nl
        else f"We also tell those who received these data from us: {told}."
    )


def _stays(decision: DatumDecision, language: str) -> str:
    until = ""
    if decision.until is not None:
        last = day(decision.until, language)
        until = f" Tot en met {last}." if language == "nl" else f" Up to and including {last}."
    return f"  {decision.title.into(language)}: {decision.why.into(language)} ({decision.ground}){until}"


def rejection_letter(request: SubjectRequest, controller: Controller, made_on: date, language: str) -> str:
    """Return a refusal with its reasons, the authority and the court (Article 12(4), UAVG 35)."""
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
        *_disagree(controller, nl=nl),
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
        *_disagree(controller, nl=nl),
    ]
    return "\n".join(lines) + "\n"


def _disagree(controller: Controller, *, nl: bool) -> Sequence[str]:
    ways = "; ".join(contact.value for contact in controller.contacts if contact.rights)
    if nl:
        return (
            "Bent u het niet met ons eens? Dan kunt u een klacht indienen bij de Autoriteit Persoonsgegevens.",
            "U kunt ook naar de rechter gaan, binnen zes weken na dit antwoord. Een advocaat is niet nodig.",
            f"Vragen? {ways}.",
        )
    return (
        "Do you disagree with us? You can complain to the Autoriteit Persoonsgegevens, the Dutch supervisory authority.",
        "You can also go to court, within six weeks after this answer. You do not need a lawyer.",
        f"Questions? {ways}.",
    )
