"""The answer to an access request: every datum with its Article 15(1) context, in words; as text, HTML and JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from gestand.kernel.canonical import canonical
from gestand.kernel.clock import local_date
from gestand.kernel.ids import RequestId
from gestand.rights.model import AccessAnswer, DatumAnswer
from gestand.statement.policy import Policy, Text
from gestand.vault.model import Holding, Opening

BASIS = {
    "consent": Text(nl="uw toestemming", en="your consent"),
    "contract": Text(nl="een overeenkomst met u", en="a contract with you"),
    "legal_obligation": Text(nl="een wettelijke plicht", en="a legal obligation"),
    "vital_interests": Text(nl="een vitaal belang", en="vital interests"),
    "public_task": Text(nl="een taak van algemeen belang", en="a public task"),
    "legitimate_interests": Text(nl="ons gerechtvaardigd belang", en="our legitimate interests"),
}


def build_answer(
    request: RequestId,
    opening: Opening,
    *,
    policies: Mapping[str, Policy],
    openings: Iterable[tuple[date, Text, int]],
    made_on: date,
) -> AccessAnswer:
    """Return the answer for what was opened; each datum speaks by the statement it was collected under.

    ``openings``: when data were opened, for which purpose, how many (C-579/21: not by which employee).
    """
    data = tuple(describe(opened.holding, opened.value, policies[opened.holding.version]) for opened in opening.items)
    withheld = tuple((str(refused.holding.field), f"{refused.why}: {refused.sentence}") for refused in opening.refused)
    newest = policies[max(policies)]
    seen = tuple(openings)
    digest = hashlib.sha256(
        canonical(
            [request, made_on.isoformat(), [[d.field, d.value, d.source] for d in data], [list(w) for w in withheld]]
        )
    ).hexdigest()
    return AccessAnswer(request, newest.controller.name, made_on, data, withheld, seen, digest)


def describe(holding: Holding, value: str, policy: Policy) -> DatumAnswer:
    """Return one datum with what Article 15(1)(a) to (g) asks about it."""
    purposes = [policy.purposes[name] for name in holding.purposes if name in policy.purposes]
    field = policy.field(holding.field)
    recipients = dict.fromkeys(name for purpose in purposes for name in purpose.recipients)
    shelf = policy.shelves.get(holding.shelf)
    rule = (
        Text(
            nl=f"{shelf.period.spoken('nl')} na: {shelf.title.nl}. {shelf.why.nl}",
            en=f"{shelf.period.spoken('en')} after: {shelf.title.en}. {shelf.why.en}",
        )
        if shelf
        else Text(nl="onbekend", en="unknown")
    )
    return DatumAnswer(
        field=holding.field,
        title=field.title if field else Text(nl=holding.field, en=holding.field),
        value=value,
        purposes=tuple(purpose.title for purpose in purposes),
        why=tuple(
            purpose.needs.get(holding.field) or purpose.needs["*"]
            for purpose in purposes
            if purpose.allows(holding.field)
        ),
        basis=tuple(
            Text(nl=f"{BASIS[p.basis].nl} ({p.ground})", en=f"{BASIS[p.basis].en} ({p.ground})") for p in purposes
        ),
        source=holding.source,
        recipients=tuple(policy.recipients[name].title for name in recipients if name in policy.recipients),
        collected_on=local_date(holding.collected_at),
        statement_version=holding.version,
        erase_on=holding.due,
        erase_rule=rule,
        restricted=holding.restricted,
    )


def to_json(answer: AccessAnswer) -> dict[str, Any]:
    """Return the answer as a JSON document, machine-readable (Articles 15(3) and 20(1))."""
    return {
        "request": answer.request,
        "controller": answer.controller,
        "made_on": answer.made_on.isoformat(),
        "data": [
            {
                "field": d.field,
                "title": {"nl": d.title.nl, "en": d.title.en},
                "value": d.value,
                "purposes": [{"nl": p.nl, "en": p.en} for p in d.purposes],
                "why": [{"nl": w.nl, "en": w.en} for w in d.why],
                "basis": [{"nl": b.nl, "en": b.en} for b in d.basis],
                "source": d.source,
                "recipients": [{"nl": r.nl, "en": r.en} for r in d.recipients],
                "collected_on": d.collected_on.isoformat(),
                "statement_version": d.statement_version,
                "erase_on": d.erase_on.isoformat() if d.erase_on else None,
                "erase_rule": {"nl": d.erase_rule.nl, "en": d.erase_rule.en},
                "restricted": d.restricted,
            }
            for d in answer.data
        ],
        "withheld": [{"field": field, "ground": ground} for field, ground in answer.withheld],
        "openings": [
            {"on": on.isoformat(), "purpose": {"nl": p.nl, "en": p.en}, "data": n} for on, p, n in answer.openings
        ],
        "digest": answer.digest,
    }


def to_text(answer: AccessAnswer, language: str) -> str:
    """Return the answer as a plain letter in ``nl`` (B1) or ``en``."""
    dutch = language == "nl"
    lines = [
        f"{answer.controller}, {answer.made_on.isoformat()}",
        "",
        "Uw gegevens bij ons" if dutch else "Your data with us",
        "",
        (
            f"U vroeg welke gegevens wij van u hebben. Dat zijn er {len(answer.data)}. Bij elk gegeven staat waarom wij het "
            "hebben, hoe wij eraan komen, wie het krijgt en wanneer het weggaat."
            if dutch
            else f"You asked which data we hold about you. There are {len(answer.data)}. Beside each one stands why we hold "
            "it, where it came from, who receives it and when it leaves."
        ),
        "",
    ]
    for datum in answer.data:
        lines += _datum_lines(datum, language)
    if answer.openings:
        lines += ["Wie keek in uw gegevens, en waarvoor:" if dutch else "When your data were opened, and for what:"]
        lines += [f"  {on.isoformat()}: {purpose.into(language)} ({n})" for on, purpose, n in answer.openings]
        lines += [""]
    lines += _rights_lines(language)
    return "\n".join(lines) + "\n"


def _datum_lines(datum: DatumAnswer, language: str) -> Sequence[str]:
    def words(texts: Sequence[Text]) -> str:
        return "; ".join(text.into(language) for text in texts) or "-"

    dutch = language == "nl"
    until = datum.erase_on.isoformat() if datum.erase_on else ("nog geen datum" if dutch else "no date yet")
    named = (
        (("waarvoor", words(datum.purposes)), ("waarom", words(datum.why)), ("grondslag", words(datum.basis)),
         ("herkomst", datum.source), ("ontvangers", words(datum.recipients)), ("weg op", f"{until} ({datum.erase_rule.nl})"))
        if dutch
        else (("purpose", words(datum.purposes)), ("why", words(datum.why)), ("basis", words(datum.basis)),
              ("source", datum.source), ("recipients", words(datum.recipients)), ("leaves", f"{until} ({datum.erase_rule.en})"))
    )  # fmt: skip
    return [f"{datum.title.into(language)}: {datum.value}", *(f"    {name}: {value}" for name, value in named), ""]


def _rights_lines(language: str) -> Sequence[str]:
    if language == "nl":
        return (
            "U mag ons vragen gegevens te verbeteren, te wissen, minder te gebruiken of aan u mee te geven. U mag bezwaar maken.",
            "Wij nemen geen besluiten over u door een computer alleen.",
            "Bent u het niet met ons eens? Dan kunt u klagen bij de Autoriteit Persoonsgegevens of naar de rechter gaan.",
        )
    return (
        "You may ask us to correct, erase, restrict or hand over data. You may object.",
        "We take no decisions about you by computer alone.",
        "If you disagree you may complain to the Autoriteit Persoonsgegevens (the Dutch authority) or go to court.",
    )
