"""What ``gestand init --from`` adds to the template: the firm's own words as purposes, and a list of what is to be done.

Everything read from a text is a proposal: it stands in the draft, the compiler says what it still lacks, and a person
decides.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from gestand.law.transparency.draft import Draft, DraftPurpose
from gestand.law.transparency.model import Report

FIELDS = {
    "name": ("contact.name",),
    "address": ("contact.street", "contact.postcode", "contact.town"),
    "email": ("contact.email",),
    "phone": ("contact.phone",),
}
GROUND = {
    "consent": "AVG 6(1)(a)",
    "contract": "AVG 6(1)(b)",
    "legal_obligation": "AVG 6(1)(c)",
    "vital_interests": "AVG 6(1)(d)",
    "public_task": "AVG 6(1)(e)",
    "legitimate_interests": "AVG 6(1)(f)",
}
WHY = (
    '{ nl = "uit de eigen tekst; zeg hier waarom dit nodig is", en = "from the own text; say here why this is needed" }'
)
SHELF = 'shelf = "customer"\n'
CONSENT = (
    'shelf = "newsletter"\n'
    "# The words people say yes to (Article 7); write them, and take the # away:\n"
    '# consent_text = { nl = "Ja, …", en = "Yes, …" }\n'
)


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What a text adds to the template: lines for policy.toml, for the statement in each language, and a to-do list."""

    policy: str
    statement: dict[str, str]
    todo: str


def own_words(draft: Draft, report: Report) -> OwnWords:
    """Return what ``draft`` (of a text) and ``report`` (its completeness) add to the template."""
    fields = [field for kind in draft.categories for field in FIELDS.get(kind, ())] or ["contact.name", "contact.email"]
    policy = "".join(_purpose(number, purpose, fields) for number, purpose in enumerate(draft.purposes, 1))
    names = {f"own-{number}": purpose for number, purpose in enumerate(draft.purposes, 1)}
    heads = {"nl": "## Doelen uit uw eerdere tekst", "en": "## Purposes from your earlier text"}
    statement = {
        language: "\n\n".join([head, *_sentences(names)]) + "\n" if names else "" for language, head in heads.items()
    }
    return OwnWords(policy, statement, _todo(draft, report))


def _purpose(number: int, purpose: DraftPurpose, fields: list[str]) -> str:
    text = json.dumps(" ".join(purpose.text.split())[:240], ensure_ascii=False)
    needs = "\n".join(f'"{field}" = {WHY}' for field in fields)
    return (
        f"\n[purposes.own-{number}]\ntitle = {{ nl = {text}, en = {text} }}\n"
        f'basis = "{purpose.basis}"\nground = "{GROUND[purpose.basis]}"\n'
        f"{CONSENT if purpose.basis == 'consent' else SHELF}"
        f"\n[purposes.own-{number}.needs]\n{needs}\n"
    )


def _sentences(names: dict[str, DraftPurpose]) -> list[str]:
    kept = "openings-purpose-bound bases-declared"
    return [
        f"[{{{{ purpose.{name}.title }}}}.]"
        f'{{#X{number} kept-by="{kept}{" consent-on-record" if purpose.basis == "consent" else ""}"}}'
        for number, (name, purpose) in enumerate(names.items(), 1)
    ]


def _todo(draft: Draft, report: Report) -> str:
    lines = [
        "# Wat uw tekst zegt, en wat er nog mist",
        "",
        "Dit is een lezing door een programma; u beslist. Read by a program; you decide.",
        "",
        "## Gevonden / Found",
        "",
        f"- naam / name: {draft.controller or '-'}",
        f"- e-mail: {draft.email or '-'}",
        f"- adres / address: {draft.address or '-'}",
        f"- website: {draft.website or '-'}",
        f"- gegevens / data: {', '.join(draft.categories) or '-'}",
        f"- ontvangers / recipients: {', '.join(draft.recipients) or '-'}",
        "",
        "## Bewaartermijnen in uw tekst / Periods in your text",
        "",
        *[f"- {period.term or 'tot een gebeurtenis / until an event'}: {period.text}" for period in draft.periods],
        *([] if draft.periods else ["- geen / none: policy.toml has proposals under [shelves]"]),
        "",
        "## Wat de artikelen 12 tot 14 AVG vragen en uw tekst mist / What Articles 12 to 14 ask and your text lacks",
        "",
    ]
    for finding in report.items:
        if finding.proposal_nl:
            lines += [
                f"- {finding.item.id} {finding.item.title_nl} ({finding.status}): {finding.proposal_nl}",
                f"  {finding.item.title_en}: {finding.proposal_en}",
            ]
    lines += ["", "## Zinnen om nog eens te bekijken / Sentences to look at again", ""]
    lines += [f"- {seen.antipattern.problem_nl}: '{seen.passage}'" for seen in report.antipatterns] or ["- geen / none"]
    lines += [
        "",
        "## Zinnen van u waaruit niets is overgenomen / Sentences of yours from which nothing was taken over",
        "",
        "Het sjabloon zegt ze in andere woorden, of niet. Wilt u ze blijven beloven, zet ze dan in statement.nl.md, met",
        "achter `kept-by` de controle die ze bewaakt; de controles staan in docs/formats.md.",
        "The template says them in other words, or not at all. To keep promising them, write them into statement.en.md,",
        "with the control that watches them after `kept-by`; the controls stand in docs/formats.md.",
        "",
        *([f"- {left}" for left in draft.left_out] or ["- geen / none"]),
    ]
    return "\n".join(lines) + "\n"
