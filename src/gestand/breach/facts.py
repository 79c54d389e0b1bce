"""The facts of a breach: what people stated, in order, and what was computed; and the judgement over them. Pure.

What was computed adds to what was stated and never makes it smaller. A stated fact may be withdrawn by stating nothing
(``None``) for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gestand.breach.affected import Affected
from gestand.breach.model import Breach
from gestand.breach.notices import Submission
from gestand.law.breach import BreachAssessment, assess
from gestand.law.breach_reading import read_breach
from gestand.law.breach_severity import SCORE_NAMES, Scoring, score
from gestand.law.breach_words import kind_of
from gestand.statement.policy import FieldKind, Policy

_SAID = {
    FieldKind.NAME: "name",
    FieldKind.STREET: "address",
    FieldKind.POSTCODE: "postcode",
    FieldKind.TOWN: "city",
    FieldKind.COUNTRY: "country",
    FieldKind.PHONE: "phone number",
    FieldKind.EMAIL: "e-mail address",
    FieldKind.IBAN: "iban",
    FieldKind.VAT: "company number",
    FieldKind.COC: "company number",
    FieldKind.BSN: "bsn",
    FieldKind.CUSTOMER_NUMBER: "customer number",
    FieldKind.IP: "ip address",
    FieldKind.DATE: "date",
    FieldKind.NUMBER: "number",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the law made of the facts, with the score where one was asked; ``facts`` are those that were judged."""

    assessment: BreachAssessment
    scoring: Scoring | None
    facts: Mapping[str, Any]

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the facts whose absence raised the judgement."""
        return tuple(sorted({*self.assessment.missing, *(self.scoring.missing if self.scoring else ())}))

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the facts that could not be read."""
        return tuple(sorted({*self.assessment.unknown, *(self.scoring.unknown if self.scoring else ())}))

    def text(self) -> str:
        """Return the judgement as the JSON that the file keeps: duties, reasons, articles, and what to confirm."""
        found, scored = self.assessment, self.scoring.severity if self.scoring else None
        return json.dumps(
            {
                "role": str(found.role),
                "risk": found.risk.name.lower(),
                "reasons": found.reasons,
                "must_do": found.must_do,
                "confirm": found.confirm,
                "violations": found.violations,
                "debatable": found.debatable,
                "missing": self.missing,
                "unknown": self.unknown,
                "articles": found.articles,
                "exception": found.exception,
                "severity": {"se": scored.score, "band": str(scored.band), "flags": scored.flags} if scored else None,
                "facts": dict(self.facts),
            },
            ensure_ascii=False,
            sort_keys=True,
        )


def merged(pages: Iterable[str]) -> dict[str, Any]:
    """Return the facts as they were stated last, from the JSON pages in order."""
    found: dict[str, Any] = {}
    for page in pages:
        found |= json.loads(page)
    return {name: value for name, value in found.items() if value is not None}


def judge(
    stated: Mapping[str, Any],
    breach: Breach,
    affected: Affected | None,
    submissions: Iterable[Submission],
    policy: Policy,
) -> Judgement:
    """Judge what is known by now: stated facts, computed numbers and kinds, awareness and the first submission."""
    facts = dict(stated) | (_computed(stated, affected, policy) if affected else {})
    if breach.aware_at is not None:
        facts.setdefault("aware", breach.counted_from.isoformat())
        first = min((one.submitted_at for one in submissions), default=None)
        if first is not None:
            facts.setdefault("notified", first.isoformat())
    inputs = {name: facts[name] for name in facts if name in SCORE_NAMES}
    scoring = score(inputs) if inputs else None
    rest = {name: fact for name, fact in facts.items() if name not in SCORE_NAMES}
    return Judgement(assess(read_breach(rest), scoring.severity if scoring else None), scoring, facts)


def _computed(stated: Mapping[str, Any], affected: Affected, policy: Policy) -> dict[str, Any]:
    found: dict[str, Any] = {}
    number = stated.get("subjects")
    if affected.all_people and (number is None or (_whole(number) and number < affected.all_people)):
        found["subjects"] = affected.all_people
    words = [data_word(policy, path) for path, _ in affected.fields]
    if words:
        given = stated.get("data", [])
        listed = given if isinstance(given, list) else [given]
        found["data"] = list(dict.fromkeys([*listed, *words]))
    if affected.special:
        found["special_categories"] = True
    return found


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def data_word(policy: Policy, path: str) -> str:
    """Return a field in words that the law's judgement can read; a text that it does not know is content of a person."""
    field = policy.field(path)
    if field is None:
        return path
    if field.kind in _SAID:
        return _SAID[field.kind]
    words = f"{field.title.en} ({field.title.nl})"
    return words if kind_of(words) is not None else f"content: {words}"
