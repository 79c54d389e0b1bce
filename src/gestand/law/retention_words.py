"""What a person is told about a record after a request: plain Dutch first, English beside it."""

from __future__ import annotations

from datetime import date

PARTS_NL = {
    "everything that is not on the invoice": "alles wat niet op de factuur staat",
    "hashed address and date only": "een onleesbaar gemaakt adres en de datum",
    "isolated backup only; replay the erasures on restore": "alleen een afgesloten reservekopie, die vanzelf verdwijnt",
    "minimal job file": "een klein dossier van de opdracht",
    "request, decision, dates; not the copy of the data": "het verzoek, het besluit en de datums",
    "the fragment of the incident": "het stukje beeld van het incident",
    "the invoice without the free text that the tax duty does not need": "de factuur, zonder de vrije tekst",
    "the lines of the incident": "de regels over het incident",
}
"""What is kept of a record, in the words of the finders, and in Dutch."""

_REASONS = {
    "obligation": ("de wet verplicht ons daartoe", "the law obliges us to"),
    "claims": ("ze zijn nodig voor een geschil of een vordering", "they are needed for a dispute or a claim"),
    "contract": ("uw overeenkomst of garantie loopt nog", "your contract or warranty is still running"),
    "not personal": ("ze gaan niet over een persoon", "they are about no person"),
}
"""Why something stays, by the basis of its ground."""

_COMPLAIN_NL = (
    "Bent u het hier niet mee eens? U kunt een klacht indienen bij de Autoriteit Persoonsgegevens, of naar de rechter gaan, "
    "binnen zes weken nadat u dit antwoord kreeg."
)
_COMPLAIN_EN = "Do you disagree? You can complain to the Autoriteit Persoonsgegevens, or go to court within six weeks after you received this answer."


_VERDICTS = {
    "keep": "Bewaar dit",
    "keep_part": "Bewaar hiervan alleen wat nodig is en wis de rest",
    "refuse_erasure": "Wis dit nog niet: bewaar het",
    "restrict": "Bewaar dit, maar gebruik het niet",
}


def verdict(decision: str | None, until: date | None, erase_from: date | None) -> str:
    """Return what the firm does with the record, in one Dutch sentence or two."""
    if decision is None:
        return "Wis nog niets. Laat een mens beslissen."
    if decision == "erase":
        since = "" if erase_from is None else f" Het had weg gemoeten vanaf {_day(erase_from)}."
        return f"Wis dit nu.{since}"
    if until is None or erase_from is None:
        return f"{_VERDICTS[decision]}. Er is nog geen einddatum."
    if decision == "restrict":
        return f"{_VERDICTS[decision]}. Beslis uiterlijk op {_day(until)}."
    return f"{_VERDICTS[decision]} tot en met {_day(until)}. Wis het vanaf {_day(erase_from)}."


def _day(day: date) -> str:
    return f"{day.day}-{day.month}-{day.year}"


def respond(decision: str, until: date | None, ground: str, *, part: str, basis: str) -> tuple[str, str]:
    """Return what to tell the person, in Dutch and in English; ``ground`` names articles, ``basis`` why it stays."""
    if basis == "processor" and decision == "refuse_erasure":
        return (
            "Wij bewaren deze gegevens voor een klant. Die klant beslist. Wij sturen uw verzoek door.",
            "We keep these data for a client. That client decides. We pass on your request.",
        )
    ground_nl = ground.replace("not applicable", "niet van toepassing").replace("recital", "overweging")
    ground_nl = ground_nl.replace("GDPR", "AVG")
    part_nl = PARTS_NL.get(part, part)
    last_nl, last_en = "", ""
    if until is not None:
        last_nl, last_en = (
            f" tot en met {_day(until)}",
            f" up to and including {until.isoformat()}",
        )
    reason_nl, reason_en = _REASONS.get(basis, ("ze zijn nog nodig", "they are still needed"))
    match decision:
        case "erase":
            about_nl, about_en = (f" Het gaat om {part_nl}.", f" That is {part}.") if part else ("", "")
            return f"Wij wissen deze gegevens.{about_nl}", f"We erase these data.{about_en}"
        case "restrict":
            return (
                f"Wij gebruiken deze gegevens voorlopig niet{last_nl}; wij bewaren ze alleen. U hoort het vóór dat verandert. ({ground_nl})",
                f"For now we do not use these data{last_en}; we only store them. We tell you before that changes. ({ground})",
            )
        case "keep_part":
            return (
                f"Wij wissen wat niet nodig is. Een deel moeten wij bewaren{last_nl}: {part_nl}. ({ground_nl}) {_COMPLAIN_NL}",
                f"We erase what is not needed. A part we must keep{last_en}: {part}. ({ground}) {_COMPLAIN_EN}",
            )
        case "refuse_erasure":
            return (
                f"Wij wissen deze gegevens nu nog niet. Wij bewaren ze{last_nl}: {reason_nl} ({ground_nl}). {_COMPLAIN_NL}",
                f"We do not erase these data yet. We keep them{last_en}: {reason_en} ({ground}). {_COMPLAIN_EN}",
            )
        case _:
            return (
                f"Wij bewaren deze gegevens{last_nl}: {reason_nl} ({ground_nl}). {_COMPLAIN_NL}",
                f"We keep these data{last_en}: {reason_en} ({ground}). {_COMPLAIN_EN}",
            )
