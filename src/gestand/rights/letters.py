"""The letters of rights, as plain text: plain Dutch (B1) or English. Articles 12, 15, 17, 19 GDPR; UAVG 35."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from gestand.kernel.clock import local_date
from gestand.post.salutation import closing, opening
from gestand.rights.model import (
    AccessAnswer,
    CopyAnswer,
    DatumAnswer,
    DatumDecision,
    Decision,
    ErasureOutcome,
    SubjectRequest,
)
from gestand.rights.words import ASKED, RECORD, day
from gestand.sharing.letters import WHAT
from gestand.sharing.model import How, Shared
from gestand.sources.model import Removal
from gestand.statement.policy import Controller, Text

_SET_IN = "    "
"""Before each line that tells something of the line above them."""


def body_of(letter: str) -> str:
    """Return a letter without its first lines, for a letterhead that has sender, date and title; its headings are marked."""
    lines = letter.splitlines()[3:]
    return "\n".join(
        f"# {line.rstrip(':')}" if not before.strip() and _heads(line) else f"## {line}" if tells(line, after) else line
        for before, line, after in zip(["", *lines], lines, [*lines[1:], ""], strict=False)
    )


def greeted(letter: str, name: str, sender: str, language: str) -> str:
    """Return a letter with its first and last words, as it is read on the screen; a letterhead has its own way to set these."""
    head, body = letter.splitlines()[:3], letter.splitlines()[3:]
    first, last = opening(name, language), closing(sender, language)
    return "\n".join([*head, "", first, *body, "", last]) + "\n"


def tells(line: str, after: str) -> bool:
    """Say whether a line is a thing of which the lines below it tell more."""
    return bool(line.strip()) and not line.startswith(" ") and after.startswith(_SET_IN)


def _heads(line: str) -> bool:
    return line in {"Uw rechten", "Your rights"} or (line.endswith(":") and not line.startswith(" "))


def access_letter(answer: AccessAnswer, language: str) -> str:
    """Return the answer to an access request as a letter in ``nl`` or ``en``: Article 15(1)(a) to (h) and (2)."""
    nl = language == "nl"
    lines = [f"{answer.controller}, {day(answer.made_on, language)}", ""]
    lines += ["Uw gegevens bij ons" if nl else "Your data with us", "", *_summary(answer, nl=nl), ""]
    if answer.data:
        lines += ["Dit zijn uw gegevens:" if nl else "These are your data:", ""]
    for datum in answer.data:
        lines += _datum(datum, language)
    if answer.records:
        lines += ["Wat wij verder over u bijhouden:" if nl else "What else we keep about you:"]
        lines += [f"  {record.title.into(language)}: {record.said.into(language)}" for record in answer.records]
        lines += [""]
    if answer.systems:
        lines += [*_copies(answer, language), ""]
    if answer.withheld:
        lines += ["Dit kunt u niet van ons krijgen:" if nl else "This we cannot give you:"]
        lines += [f"  {what.into(language)}: {why.into(language)}" for what, why in answer.withheld]
        lines += [""]
    if answer.shared:
        lines += ["Aan wie wij gegevens van u gaven:" if nl else "To whom we gave data about you:"]
        lines += [_shared(one, language) for one in answer.shared]
        lines += [""]
    if answer.openings:
        lines += [
            "Wanneer en waarvoor uw gegevens zijn ingezien:" if nl else "When your data were opened, and for what:"
        ]
        lines += [
            f"  {day(on, language)}: {purpose.into(language)} ({n} {'gegevens' if nl else 'data'})"
            for on, purpose, n in answer.openings
        ]
        lines += [""]
    lines += _rights(nl=nl)
    ways = "; ".join(contact.value for contact in answer.contacts)
    lines += [f"Vragen of een verzoek: {ways}." if nl else f"Questions or a request: {ways}.", ""]
    lines += [
        f"Verzoek {answer.request}. Controlegetal van dit antwoord: {answer.digest}"
        if nl
        else f"Request {answer.request}. Digest of this answer: {answer.digest}"
    ]
    return "\n".join(lines) + "\n"


def _shared(one: Shared, language: str) -> str:
    nl = language == "nl"
    fields = ", ".join(field.into(language) for field in one.fields)
    said = f"  {day(one.on, language)}: {one.recipient.into(language)}, {'voor' if nl else 'for'} {one.purpose.into(language)} ({one.ground}): {fields}"
    if not one.certain:
        said += (
            " (het werk brak af: dit kan gegeven zijn of niet)"
            if nl
            else " (the work broke off: it may have been given or not)"
        )
    for what, on, how in one.told:
        word = WHAT[what].into(language)
        if how is How.TOLD:
            said += (
                f"; {day(on, language)}: gemeld dat iets is {word}"
                if nl
                else f"; {day(on, language)}: told that something was {word}"
            )
    return said


def _summary(answer: AccessAnswer, *, nl: bool) -> Sequence[str]:
    if answer.nothing_held:
        return (
            "U vroeg welke gegevens wij van u hebben. Wij hebben niets van u, behalve dit verzoek zelf.",
        ) if nl else ("You asked which data we hold about you. We hold nothing about you but this request itself.",)  # fmt: skip
    n = len(answer.data)
    if nl:
        return (
            f"U vroeg welke gegevens wij van u hebben. Ja, wij gebruiken gegevens van u: {n} in totaal.",
            "Bij elk gegeven staat waarom wij het hebben, hoe wij eraan komen, wie het krijgt en wanneer het weggaat.",
        )
    return (
        f"You asked which data we hold about you. Yes, we use data about you: {n} in all.",
        "Beside each one stands why we hold it, where it came from, who receives it and when it leaves.",
    )


def _datum(datum: DatumAnswer, language: str) -> Sequence[str]:
    nl = language == "nl"

    def said(texts: Sequence[Text], none: str) -> str:
        return "; ".join(text.into(language) for text in texts) or none

    leaves = day(datum.erase_on, language) if datum.erase_on else ("nog geen datum" if nl else "no date yet")
    recipients = said(datum.recipients, "niemand" if nl else "nobody")
    named = [
        ("waarvoor" if nl else "purpose", said(datum.purposes, "-")),
        ("waarom" if nl else "why", said(datum.why, "-")),
        ("grondslag" if nl else "basis", said(datum.basis, "-")),
        ("herkomst" if nl else "source", datum.source.into(language)),
        ("wie het krijgt" if nl else "recipients", recipients),
        ("bij ons sinds" if nl else "with us since", day(datum.collected_on, language)),
        ("gaat weg op" if nl else "leaves on", f"{leaves} ({datum.erase_rule.into(language)})"),
    ]
    if datum.restricted:
        still = "Wij bewaren dit alleen; wij gebruiken het niet." if nl else "We only store this; we do not use it."
        named.append(("beperkt" if nl else "restricted", still))
    return [f"{datum.title.into(language)}: {datum.value}", *(f"{_SET_IN}{name}: {value}" for name, value in named), ""]


def _copies(answer: AccessAnswer, language: str) -> Sequence[str]:
    nl = language == "nl"
    searched = ", ".join(system.into(language) for system in answer.systems)
    if not answer.copies:
        return (
            f"Wij zochten ook in: {searched}. Daar vonden wij niets van u."
            if nl
            else f"We also searched: {searched}. We found nothing of yours there.",
        )
    return (
        f"Wij zochten ook in: {searched}. Daar staat:" if nl else f"We also searched: {searched}. There it says:",
        *_records(answer.copies, language),
    )


def _records(copies: Sequence[CopyAnswer], language: str) -> Iterator[str]:
    """Yield each record of another system with what it says, a value for each line."""
    for (_, system, place), parts in groupby(copies, key=lambda one: (one.record, one.system, one.place)):
        yield ""
        yield f"{system.into(language)} ({RECORD[place].into(language) if place in RECORD else place})"
        for part in parts:
            first, *more = _shown(part.value, language).splitlines() or [""]
            yield f"{_SET_IN}{part.title.into(language)}: {first}"
            yield from (f"{_SET_IN}  {line}" for line in more if line.strip())


def _shown(value: str, language: str) -> str:
    try:
        return day(date.fromisoformat(value), language)
    except ValueError:
        return value


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


def _rights(*, nl: bool) -> Sequence[str]:
    if nl:
        return (
            "Uw rechten",
            "U mag ons vragen om gegevens te verbeteren, te wissen, minder te gebruiken of aan u mee te geven.",
            "U mag ook bezwaar maken. Gaf u toestemming? Dan mag u die op elk moment intrekken.",
            "Over u is geen besluit genomen door een computer alleen, en wij maken geen profiel van u.",
            "Bent u het niet met ons eens? Dan kunt u een klacht indienen bij de Autoriteit Persoonsgegevens.",
            "U kunt ook naar de rechter gaan, binnen zes weken na dit antwoord.",
        )
    return (
        "Your rights",
        "You may ask us to correct your data, to erase them, to use them less or to hand them over to you.",
        "You may also object. Did you give consent? Then you may withdraw it at any time.",
        "No decision about you was taken by a computer alone, and we make no profile of you.",
        "Do you disagree with us? You can complain to the Autoriteit Persoonsgegevens, the Dutch supervisory authority.",
        "You can also go to court, within six weeks after this answer.",
    )


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
