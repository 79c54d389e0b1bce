"""The batch door of the law on breaches: one question as JSON in, one flat answer out. Pure, and never a guess.

A question has ``facts`` (a breach to judge), ``inputs`` or ``category`` (a severity to score), or both; then the score
is the floor of the judgement.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gestand.law.answers import standing
from gestand.law.breach import BreachAssessment, assess
from gestand.law.breach_facts import Role
from gestand.law.breach_notice import PARTS, Notice
from gestand.law.breach_people import PeopleDuty
from gestand.law.breach_reading import read_breach
from gestand.law.breach_rules import BY_ID
from gestand.law.breach_severity import SCORE_NAMES, Scoring, context, score
from gestand.law.fact_reader import FactReader, facts_of

SUBJECTS = ("breach", "severity")
VERDICT = "nagegaan: geen andere plicht gevonden dan deze; geen juridisch advies"


def answer(question: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a question on a breach with its duties, reasons, articles and rules; the ``id`` comes back as it came.

    Where ``facts`` and ``inputs`` are one and the same, each name is taken for what it is: a level of the score or a fact.
    """
    found: dict[str, Any] = {"id": question.get("id")}
    if "category" in question and "facts" not in question:
        return found | _context(question)
    inputs, facts = question.get("inputs"), facts_of(question)
    shared = inputs is not None and inputs == question.get("facts")
    scoring = None
    if isinstance(inputs, Mapping) and (SCORE_NAMES & inputs.keys() or not shared):
        scoring = (
            score({name: inputs[name] for name in inputs if not shared or name in SCORE_NAMES}) if inputs else None
        )
    elif inputs is not None and not shared:
        scoring = Scoring(None, (), ("inputs",))
    if scoring is not None:
        found |= _scored(scoring)
    if shared:
        facts = {name: fact for name, fact in facts.items() if name not in SCORE_NAMES}
    if scoring is None or (facts if shared else "facts" in question):
        judged = _judged(assess(read_breach(facts), scoring.severity if scoring is not None else None))
        if scoring is not None and scoring.severity is None:
            judged["needs_judgement"] = True
            judged["missing"] = sorted({*judged["missing"], *scoring.missing})
            judged["unknown"] = sorted({*judged["unknown"], *scoring.unknown})
        found |= judged
    return found


def _scored(scoring: Scoring) -> dict[str, Any]:
    rule = BY_ID["breach-enisa-floor"]
    found: dict[str, Any] = {
        "missing": list(scoring.missing),
        "unknown": list(scoring.unknown),
        "needs_judgement": scoring.severity is None,
        "reasons": ["SE = DPC × EI + CB (ENISA 2013); a floor that adds duties and never removes one"],
        "articles": [],
        **standing((rule,)),
        "debatable": True,
        "debate": ["ENISA maps no band to Articles 33 and 34"],
    }
    if scoring.severity is not None:
        found |= {
            "se": scoring.severity.score,
            "band": str(scoring.severity.band),
            "nl": f"De ernst is {_BANDS[scoring.severity.band]}. Dit cijfer kan een plicht toevoegen, nooit wegnemen.",
            "flags": list(scoring.severity.flags),
            "floor_notify_sa": scoring.severity.wants_authority,
            "floor_communicate_ds": scoring.severity.wants_people,
        }
    return found


def _context(question: Mapping[str, Any]) -> dict[str, Any]:
    """Answer what data processing context a category has after its adjustment."""
    reader = FactReader({name: question[name] for name in ("category", "base", "adjust") if name in question})
    category = reader.choice("category", {name: name for name in ("simple", "behavioural", "financial", "sensitive")})
    reader.count("base")
    adjust = reader.raw("adjust")
    if not isinstance(adjust, int) or isinstance(adjust, bool):
        reader.wrong("adjust", adjust)
    if category is None or reader.unknown():
        return {"needs_judgement": True, "missing": [], "unknown": list(reader.unknown())}
    return {"dpc": context(category, adjust), **standing((BY_ID["breach-enisa-floor"],)), "needs_judgement": False}


_BY_PUBLIC_NOTICE = "Laat de openbare bekendmaking staan: zo weten de mensen het die u niet kunt bereiken."
_BANDS = {"low": "laag", "medium": "gemiddeld", "high": "hoog", "very_high": "zeer hoog"}


def _dutch(found: BreachAssessment) -> str:
    """Return the duties in plain Dutch."""
    if not found.is_breach:
        return "Dit is geen datalek: er zijn geen persoonsgegevens geraakt. Houd het bij in de lijst van incidenten."
    to_people = {
        PeopleDuty.EACH: "Vertel het zo snel mogelijk aan iedereen om wie het gaat.",
        PeopleDuty.PUBLIC: "U kunt de mensen niet bereiken: maak het openbaar bekend.",
        PeopleDuty.NONE: "De mensen om wie het gaat hoeft u het niet te vertellen.",
    }
    published = found.people is PeopleDuty.NONE and found.exception == "c"
    lines = ["Schrijf het datalek in het register."]
    if found.notify_controller:
        lines.append("Vertel het zo snel mogelijk aan de opdrachtgever.")
    if found.ours:
        lines.append(
            "Meld het binnen 72 uur bij de Autoriteit Persoonsgegevens."
            if found.notify_authority
            else "Melden bij de Autoriteit Persoonsgegevens hoeft niet: een risico is niet waarschijnlijk."
        )
        lines.append(_BY_PUBLIC_NOTICE if published else to_people[found.people])
    if found.needs_judgement:
        lines.append("Niet alles is bekend of juist: laat een mens hiernaar kijken.")
    return " ".join(lines)


def _judged(found: BreachAssessment) -> dict[str, Any]:
    people = found.people is not PeopleDuty.NONE
    notices: list[Notice] = [
        *(["register"] if found.document else []),  # type: ignore[list-item]
        *(["authority"] if found.notify_authority and found.ours else []),  # type: ignore[list-item]
        *(["people"] if people and found.ours else []),  # type: ignore[list-item]
        *(["controller"] if found.notify_controller else []),  # type: ignore[list-item]
    ]
    elsewhere = found.is_breach and not found.ours
    wrong_claim = any("34(3)" in violation for violation in found.violations)
    return {
        "personal_data_breach": found.is_breach,
        "role": str(found.role),
        "document_internally": found.document,
        "notify_sa": "controllers_yes_processor_informs_controllers"
        if elsewhere and found.notify_authority
        else found.notify_authority,
        "sa_required": found.notify_authority,
        "communicate_ds": "if_high_risk" if elsewhere else people,
        "ds_required": "public_communication" if found.people is PeopleDuty.PUBLIC else people,
        "public_communication": found.people is PeopleDuty.PUBLIC or found.exception == "c",
        "exception": found.exception or None,
        "notify_controller": "without_undue_delay" if found.notify_controller else None,
        "notify": "processor above, chain upwards" if found.role is Role.SUB_PROCESSOR else None,
        "notify_sa_by_us": found.notify_authority and found.ours,
        "communicate_ds_by_us": people and found.ours,
        "register": "always" if found.document else "security incident log only",
        "risk": found.risk.name.lower(),
        "violation": found.violations[0] if found.violations else None,
        "violations": list(found.violations),
        **({"engine_result": "ERROR"} if wrong_claim else {}),
        "nl": _dutch(found),
        "why": "; ".join(found.reasons),
        "reasons": list(found.reasons),
        "must_do": list(found.must_do),
        "confirm_by_named_person": list(found.confirm),
        "notices": {notice: [part.name for part in PARTS[notice]] for notice in notices},
        "articles": list(found.articles),
        **standing(found.rules),
        "debatable": bool(found.debatable),
        "debate": list(found.debatable),
        "needs_judgement": found.needs_judgement,
        "missing": sorted(set(found.missing)),
        "unknown": sorted(set(found.unknown)),
        "verdict": VERDICT,
    }
