"""The record of processing as tables, which the workbook, the PDF and the machine form all show alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gestand.evidence.ropa import Activity, RecordOfProcessing
from gestand.law.dutch import in_dutch
from gestand.rights.words import BASIS
from gestand.statement.policy import Text

OUTCOME = {
    "needed": Text(nl="nodig", en="needed"),
    "not-needed": Text(nl="niet nodig", en="not needed"),
    "ask": Text(nl="mens beslist", en="a person decides"),
    "seen": Text(nl="gezien", en="seen"),
}
NOT_STATED = Text(nl="niet vermeld", en="not stated")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its name, title, head and rows, in one language."""

    name: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


DUTCH: Mapping[str, str] = {
    "field": "gegeven", "purpose": "doel", "shelf": "bewaartermijn", "recipient": "ontvanger", "source": "herkomst",
    "deviation": "afwijking", "note": "opmerking", "processor": "verwerker", "joint": "gezamenlijk verantwoordelijk",
    "controller": "verantwoordelijke", "authority": "overheid", "in-place": "in orde", "lacking": "niet in orde",
    "customer": "klant", "prospect": "mogelijke klant", "contact-person": "contactpersoon", "visitor": "bezoeker",
    "staff": "medewerker", "member": "lid", "donor": "donateur", "volunteer": "vrijwilliger", "other": "ander",
}  # fmt: skip
"""Words of the policy and of this record, for who reads Dutch; a word of an organisation's own stays as it is."""


def sheets_of(record: RecordOfProcessing, language: str) -> tuple[Sheet, ...]:
    """Return every table of the record in ``nl`` or ``en``, in the order of Article 30."""

    def t(nl: str, en: str) -> str:
        return nl if language == "nl" else en

    def joined(texts: Sequence[Text]) -> str:
        return ", ".join(text.into(language) for text in texts)

    def said(word: str) -> str:
        return DUTCH.get(word, word) if language == "nl" else word.replace("-", " ")

    def judged(sentence: str) -> str:
        return in_dutch(sentence) if language == "nl" else sentence

    policy, observed = record.policy, record.observed
    controller = policy.controller
    who = (
        (t("Verwerkingsverantwoordelijke", "Controller"), f"{controller.name} ({controller.legal_form.into(language)})"),
        (t("Contact", "Contact"), "; ".join(contact.value for contact in controller.contacts)),
        (t("Website", "Website"), controller.website),
        (t("KvK-nummer", "Chamber of Commerce number"), controller.coc or NOT_STATED.into(language)),
        (t("Vertegenwoordiger, FG, gezamenlijk", "Representative, DPO, joint"), NOT_STATED.into(language)),
        (t("Versie van de verklaring", "Version of the statement"), record.version),
        (t("Gemaakt op", "Made on"), record.made_on.isoformat()),
    )  # fmt: skip

    def activity(one: Activity) -> tuple[str, ...]:
        data = "; ".join(f"{category.into(language)}: {joined(fields)}" for category, fields in one.categories)
        gets = [policy.recipients[name] for name in one.purpose.recipients if name in policy.recipients]
        transfers = [f"{r.title.into(language)}: {r.country}, {r.transfer}" for r in gets if r.transfer]
        return (
            one.purpose.title.into(language), f"{BASIS[one.purpose.basis].into(language)} — {one.purpose.ground}", ", ".join(map(said, one.purpose.subjects)), data,
            joined(one.special) or "-", joined([r.title for r in gets]) or "-", "; ".join(transfers) or "-",
            f"{one.period.into(language).rstrip('.')}; {one.ground}", str(observed.opened.get(one.id, 0)), OUTCOME[one.dpia.outcome].into(language),
        )  # fmt: skip

    return (
        Sheet("who", t("Wie", "Who"), (t("wat", "what"), t("gegeven", "value")), who),
        Sheet(
            "activities", t("Verwerkingen als verantwoordelijke (artikel 30, eerste lid)", "Activities as controller (Article 30(1))"),
            (t("doel", "purpose"), t("grondslag", "basis"), t("betrokkenen", "people"), t("gegevens", "data"),
             t("bijzonder", "special"), t("ontvangers", "recipients"), t("doorgifte", "transfers"), t("termijn", "erased after"),
             t("keren ingezien", "times opened"), "DPIA"),
            tuple(map(activity, record.activities)),
        ),
        Sheet(
            "processor", t("Verwerkingen voor anderen (artikel 30, tweede lid)", "Processing for others (Article 30(2))"),
            (t("dienst", "service"), t("voor wie", "for whom"), t("wat", "what"), t("overeenkomst", "agreement"), t("doorgifte", "transfers")),
            tuple((one.title.into(language), t("de klant van de dienst", "the customer of the service"),
                   ", ".join(policy.purposes[p].title.into(language) for p in one.purposes if p in policy.purposes) or one.kind,
                   one.agreement or "-", "-") for _, one in record.processing_for),
        ),
        Sheet(
            "recipients", t("Ontvangers en hun overeenkomst (artikel 28, derde lid)", "Recipients and their agreement (Article 28(3))"),
            (t("ontvanger", "recipient"), t("naam", "name"), t("rol", "role"), t("land", "country"), t("doorgifte", "transfer"),
             t("overeenkomst", "agreement"), t("eindigt", "ends"), t("staat ervoor", "standing"), t("keren gegeven", "times given")),
            tuple((one.declared.title.into(language), one.agreement.name if one.agreement else "-", said(one.declared.role), one.declared.country,
                   one.declared.transfer or "-", (one.agreement.document if one.agreement else "") or one.declared.agreement or "-",
                   one.ends.isoformat() if one.ends else "-", "; ".join(map(judged, (*one.against, *one.warnings))) or t("in orde", "holds"),
                   str(one.disclosures)) for one in record.recipients),
        ),
        Sheet(
            "balancing", t("Belangenafwegingen (artikel 6, eerste lid, onder f)", "Balancing tests (Article 6(1)(f))"),
            (t("doel", "purpose"), t("belang", "interest"), t("noodzaak", "necessity"), t("afweging", "outcome"), t("bekeken", "reviewed")),
            tuple((one.purpose.title.into(language), b.interest.into(language), b.necessity.into(language), b.outcome.into(language),
                   b.reviewed.isoformat()) for one in record.activities if (b := one.purpose.balancing) is not None),
        ),
        Sheet(
            "dpia", t("Aanleiding voor een DPIA (artikel 35, derde lid; WP248)", "Triggers of a DPIA (Article 35(3); WP248)"),
            (t("doel", "purpose"), "nr", t("criterium", "criterion"), t("antwoord", "answer"), t("waarom", "why"), t("slotsom", "outcome")),
            tuple((one.purpose.title.into(language), str(c.number), c.title.into(language), OUTCOME[c.answer].into(language), c.why.into(language),
                   OUTCOME[one.dpia.outcome].into(language))
                  for one in record.activities for c in one.dpia.criteria if c.answer != "not-seen"),
        ),
        Sheet(
            "measures", t("Beveiliging (artikel 32, eerste lid)", "Security (Article 32(1))"),
            (t("maatregel", "measure"), t("verklaard", "attested"), t("tot", "until")),
            (*((t("gegevens verzegeld met een sleutel per persoon", "data sealed under a key of each person"), t("gemeten", "measured"), "-"),
               (t("elke inzage in een onveranderlijk logboek", "each opening in a ledger that cannot be rewritten"), t("gemeten", "measured"), "-")),
             *((one.title.into(language), said(one.outcome) or t("nog niet", "not yet"), one.expires.isoformat() if one.expires else "-") for one in record.measures)),
        ),
        Sheet(
            "observed", t("Wat er werkelijk is", "What is really there"),
            (t("gegeven", "field"), t("aantal", "number"), t("herkomst", "sources")),
            tuple((path, str(n), ", ".join(observed.sources_of(path))) for path, n in sorted(observed.fields.items())),
        ),
        Sheet(
            "differences", t("Verschil tussen verklaard en gezien", "Difference between declared and observed"),
            (t("soort", "kind"), t("wat", "what"), t("zwaarte", "weight")),
            tuple((said(one.kind), one.says.into(language), said(one.severity)) for one in record.differences),
        ),
    )  # fmt: skip


def to_json(record: RecordOfProcessing) -> dict[str, object]:
    """Return the record as a document for machines: every table in both languages, and the differences apart."""
    return {
        "controller": record.policy.controller.name,
        "statement": record.version,
        "made_on": record.made_on.isoformat(),
        "tables": {
            language: {
                sheet.name: {
                    "title": sheet.title,
                    "rows": [dict(zip(sheet.head, row, strict=True)) for row in sheet.rows],
                }
                for sheet in sheets_of(record, language)
            }
            for language in ("nl", "en")
        },
        "differences": [
            {"severity": d.severity, "kind": d.kind, "name": d.name, "nl": d.says.nl, "en": d.says.en}
            for d in record.differences
        ],
        "dpia": {one.id: one.dpia.outcome for one in record.activities},
    }
