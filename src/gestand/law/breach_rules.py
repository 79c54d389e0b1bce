"""The rules on personal data breaches as data: source, standing and dates of each."""

from __future__ import annotations

from datetime import date
from typing import Literal

from gestand.law.profile import Rule

GDPR_APPLIES = date(2018, 5, 25)


def _rule(
    name: str,
    title: str,
    articles: tuple[str, ...],
    source: str,
    *,
    status: Literal["statute", "guideline", "policy", "debatable"] = "statute",
    verified: bool = True,
    valid_from: date | None = GDPR_APPLIES,
) -> Rule:
    return Rule(f"breach-{name}", "breach", title, articles, source, status, verified, valid_from, None)


_GDPR = "GDPR, English text"
RULES: tuple[Rule, ...] = (
    _rule("is-one", "A breach of security touching personal data is a personal data breach", ("GDPR 4(12)",), _GDPR),
    _rule(
        "processor",
        "A processor tells the controller without undue delay; no test of risk first",
        ("GDPR 33(2)",),
        _GDPR,
    ),
    _rule(
        "sub-processor",
        "A sub-processor tells the processor above it, up the chain",
        ("GDPR 28(4)", "GDPR 33(2)"),
        _GDPR,
    ),
    _rule("register", "Every breach is documented: facts, effects, remedial action", ("GDPR 33(5)",), _GDPR),
    _rule("authority", "The authority is told unless a risk is unlikely; within 72 hours", ("GDPR 33(1)",), _GDPR),
    _rule(
        "authority-content",
        "What the notice to the authority holds; phases are allowed",
        ("GDPR 33(3)", "GDPR 33(4)"),
        _GDPR,
    ),
    _rule("people", "Persons are told where a high risk is likely", ("GDPR 34(1)", "GDPR 34(2)"), _GDPR),
    _rule("people-exceptions", "Three exceptions, for the notice to persons alone", ("GDPR 34(3)",), _GDPR),
    _rule(
        "financial-undertakings",
        "Article 34 does not apply to financial undertakings under the Wft",
        ("UAVG 42",),
        "secondary account of UAVG 42; whether it was changed since 2021 is not verified",
        status="debatable",
        verified=False,
    ),
    _rule(
        "risk-examples",
        "Risk is judged as in the eighteen cases of the EDPB",
        ("GDPR 33(1)", "GDPR 34(1)"),
        "EDPB Guidelines 01/2021; part of the cases known second-hand",
        status="guideline",
        verified=False,
    ),
    _rule(
        "risk-method",
        "Risk is judged by type, nature, ease of identification, severity, special persons and numbers",
        ("GDPR 33(1)", "GDPR 34(1)"),
        "EDPB Guidelines 9/2022, Annex B; part of it known second-hand",
        status="guideline",
        verified=False,
    ),
    _rule(
        "enisa-floor",
        "ENISA's score may add a duty and never takes one away",
        ("GDPR 33(1)", "GDPR 34(1)"),
        "ENISA method of 2013 through two transcriptions; its use as a floor is a choice of this project",
        status="policy",
        verified=False,
    ),
    _rule(
        "unknown-is-risk",
        "What is not stated or cannot be read counts towards the duty",
        ("GDPR 5(2)", "GDPR 33(1)"),
        "choice of this project, from the burden of proof in Article 33(1)",
        status="policy",
    ),
    _rule(
        "named-person",
        "An exception or a finding of no risk holds once a named person confirms it",
        ("GDPR 5(2)",),
        "choice of this project",
        status="policy",
    ),
)
BY_ID = {rule.id: rule for rule in RULES}
