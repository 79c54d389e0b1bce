"""The answer to an access request as a letter: every datum and record with its context, and the rights there are. Article 15 GDPR."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from gestand.rights.disagreeing import ways_out
from gestand.rights.letterhead import SET_IN
from gestand.rights.model import (
    AccessAnswer,
    CopyAnswer,
    DatumAnswer,
)
from gestand.rights.words import RECORD, day
from gestand.sharing.letters import WHAT
from gestand.sharing.model import How, Shared
from gestand.statement.policy import Text


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
            f"  {day(on, language)}: {purpose.into(language)} ({n} {('gegeven' if n == 1 else 'gegevens') if nl else ('datum' if n == 1 else 'data')})"
            for on, purpose, n in answer.openings
        ]
        lines += [""]
    lines += _rights(nl=nl, late=answer.late)
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
            "Moet iets langer blijven, omdat de wet het vraagt of als bewijs? Dan gaat het weg zodra dat mag.",
        )
    return (
        f"You asked which data we hold about you. Yes, we use data about you: {n} in all.",
        "Beside each one stands why we hold it, where it came from, who receives it and when it leaves.",
        "Must something stay longer, because the law asks it or as evidence? Then it leaves as soon as it may.",
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
    return [f"{datum.title.into(language)}: {datum.value}", *(f"{SET_IN}{name}: {value}" for name, value in named), ""]


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
            yield f"{SET_IN}{part.title.into(language)}: {first}"
            yield from (f"{SET_IN}  {line}" for line in more if line.strip())


def _shown(value: str, language: str) -> str:
    try:
        return day(date.fromisoformat(value), language)
    except ValueError:
        return value


def _rights(*, nl: bool, late: bool) -> Sequence[str]:
    if nl:
        return (
            "Uw rechten",
            "U mag ons vragen om gegevens te verbeteren, te wissen, minder te gebruiken of aan u mee te geven.",
            "U mag ook bezwaar maken. Gaf u toestemming? Dan mag u die op elk moment intrekken.",
            "Over u is geen besluit genomen door een computer alleen, en wij maken geen profiel van u.",
            *ways_out(nl=nl, late=late),
        )
    return (
        "Your rights",
        "You may ask us to correct your data, to erase them, to use them less or to hand them over to you.",
        "You may also object. Did you give consent? Then you may withdraw it at any time.",
        "No decision about you was taken by a computer alone, and we make no profile of you.",
        *ways_out(nl=nl, late=late),
    )
