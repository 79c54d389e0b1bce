"""The batch door of the law on demands for data: one question as JSON in, one flat answer out. Pure, and never a guess."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gestand.law.answers import standing
from gestand.law.disclosure import judge
from gestand.law.disclosure_facts import Asker, read_disclosure
from gestand.law.fact_reader import facts_of

GIVE = "Geef alleen wat er gevraagd is, en niet meer."
REFUSE = "Geef niets. Vraag eerst om wat er nog ontbreekt."
HUSH = "Zeg er niets over, ook niet tegen de klant."
SUBJECTS = tuple(asker.value for asker in Asker)


def answer(question: Mapping[str, Any]) -> dict[str, Any]:
    """Answer whether data are given: ``authority`` (who asks, in words) and ``facts`` are asked for."""
    found = judge(read_disclosure(question.get("authority"), facts_of(question)))
    return {
        "id": question.get("id"),
        "disclose": found.disclose,
        "minimum": found.disclose,
        "give": list(found.give),
        "withhold": list(found.withhold),
        "confidential": found.confidential,
        "tell_customer": found.tell_customer,
        "record_period": found.record_weeks is not None,
        "record_weeks": found.record_weeks,
        "nl": (GIVE if found.disclose else REFUSE) + (f" {HUSH}" if found.confidential else ""),
        "why": "; ".join(found.reasons),
        "reasons": list(found.reasons),
        "ask_for": list(found.ask_for),
        "must_do": list(found.must_do),
        "articles": list(found.articles),
        **standing(found.rules),
        "debatable": bool(found.debatable),
        "debate": list(found.debatable),
        "needs_judgement": found.needs_judgement,
        "missing": list(found.missing),
        "unknown": list(found.unknown),
    }
