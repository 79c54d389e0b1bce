"""The rules of terms: what each limit rests on, who says so, and from when."""

from __future__ import annotations

from datetime import date
from typing import Literal

from gestand.law.profile import Rule

GDPR_APPLIES = date(2018, 5, 25)
_ROLLING = ("Reg 1182/71 3(1)", "Reg 1182/71 3(2)(c)", "Reg 1182/71 3(4)")
_HOURS = ("Reg 1182/71 3(1)", "Reg 1182/71 3(2)(a)")
_ARITHMETIC = "Regulation 1182/71, which counts the term, by second-hand quotations"


def _rule(
    rule_id: str,
    title: str,
    articles: tuple[str, ...],
    source: str,
    *,
    status: Literal["statute", "guideline", "policy", "debatable"] = "statute",
    verified: bool = True,
) -> Rule:
    """Return a rule of terms; one that is counted by Regulation 1182/71 is no better read than that regulation."""
    if set(_ROLLING) <= set(articles):
        source, verified = f"{source}; {_ARITHMETIC}", False
    return Rule(rule_id, "term", title, articles, source, status, verified, GDPR_APPLIES, None)


ONE_MONTH = _rule(
    "term-request-one-month",
    "Answer a request within one month of its receipt.",
    ("GDPR 12(3)", *_ROLLING, "Atw 1", "Atw 3"),
    "Text of GDPR 12(3); Atw 3(1) by its text",
)
EXTENDED = _rule(
    "term-request-extended",
    "Two further months, counted from receipt, if a reasoned notice went out within the first month.",
    ("GDPR 12(3)", *_ROLLING, "Atw 1", "Atw 3"),
    "Text of GDPR 12(3); three months from receipt is the project's reading",
)
EXTENSION_NOTICE = _rule(
    "term-extension-notice",
    "Tell the person of the extension, with its reasons, within one month of receipt.",
    ("GDPR 12(3)", *_ROLLING),
    "Text of GDPR 12(3)",
)
REFUSAL_NOTICE = _rule(
    "term-refusal-notice",
    "Tell the person within one month of receipt why nothing is done, and of the authority and the court.",
    ("GDPR 12(4)", *_ROLLING),
    "Text of GDPR 12(4)",
)
IDENTITY_PAUSE = _rule(
    "term-identity-pause",
    "A necessary question on identity or scope, put without undue delay, stops the month until it is answered.",
    ("GDPR 12(3)", "GDPR 12(6)", "recital 63", *_ROLLING),
    "EDPB Guidelines 01/2022 as quoted by IMY DI-2021-10488 and Berlin 521.14730",
    status="guideline",
)
SOURCE_NOTICE = _rule(
    "term-source-notice",
    "Tell the person of data had from elsewhere: within one month, at first contact, at first disclosure.",
    ("GDPR 14(3)(a)", "GDPR 14(3)(b)", "GDPR 14(3)(c)", *_ROLLING),
    "Text of GDPR 14(3)",
)
PETITION = _rule(
    "term-petition",
    "The person may petition the court within six weeks of receiving the answer.",
    ("UAVG 35(2)", "Atw 1", "Atw 3"),
    "Text of UAVG 35(2)",
)
PETITION_UNBOUND = _rule(
    "term-petition-unbound",
    "Without an answer in time the petition is bound to no term.",
    ("UAVG 35(2)", "GDPR 12(3)"),
    "Text of UAVG 35(2)",
)
CONSULTATION = _rule(
    "term-prior-consultation",
    "The authority advises within eight weeks of the request for consultation.",
    ("GDPR 36(2)", *_ROLLING),
    "Text of GDPR 36(2)",
)
CONSULTATION_EXTENDED = _rule(
    "term-prior-consultation-extended",
    "The authority may take six weeks more if it says so within one month.",
    ("GDPR 36(2)", *_ROLLING),
    "Text of GDPR 36(2)",
)
AUTHORITY_72_HOURS = _rule(
    "term-breach-72-hours",
    "Notify the authority within 72 hours of becoming aware; nights, weekends and holidays count.",
    ("GDPR 33(1)", *_HOURS),
    "Text of GDPR 33(1); AP on PVV Overijssel and on Booking.com",
)
PHASES = _rule(
    "term-breach-phases",
    "What is not yet known follows in phases without undue further delay.",
    ("GDPR 33(1)", "GDPR 33(4)", *_HOURS),
    "Text of GDPR 33(4)",
)
AWARE_BY_PROCESSOR = _rule(
    "term-breach-by-processor",
    "The controller is aware once its processor has told it.",
    ("GDPR 33(1)", "GDPR 33(2)", *_HOURS),
    "EDPB Binding Decision 1/2020 and Garante 10002324, second-hand",
    status="guideline",
    verified=False,
)
SUBJECTS_NOTICE = _rule(
    "term-breach-subjects",
    "Tell the persons without undue delay; own alarm 24 hours after the high risk is confirmed.",
    ("GDPR 34(1)", "recital 86"),
    "Text of GDPR 34(1) names no number; 24 hours is this project's policy",
    status="policy",
)
CONTROLLER_NOTICE = _rule(
    "term-processor-notice",
    "As processor, tell the controller without undue delay, within the hours of the contract; own alarm 12 hours.",
    ("GDPR 33(2)", "GDPR 28(3)"),
    "Text of GDPR 33(2) names no number; 12 hours is this project's policy",
    status="policy",
)
MARKETING_STOP = _rule(
    "term-marketing-stop",
    "An objection to direct marketing holds at once, before the next message goes out.",
    ("GDPR 21(3)", "Tw 11.7"),
    "Text of GDPR 21(3)",
)
MARKETING_STOP_BY_POST = _rule(
    "term-marketing-stop-by-post",
    "An objection by letter is carried out on the day of delivery, before the next message goes out.",
    ("GDPR 21(3)", "GDPR 12(3)"),
    "Text of GDPR 21(3) names no number of days; the same day is this project's policy",
    status="policy",
)
OBJECTION_CONFIRMATION = _rule(
    "term-objection-confirmation",
    "Confirm the objection to the person within one month.",
    ("GDPR 12(3)", "GDPR 21", *_ROLLING),
    "Text of GDPR 12(3)",
)

ACT_DAYS = Rule(
    "term-free-days",
    "term",
    "No term of days, weeks or months ends on a weekend or a day designated by the Algemene termijnenwet.",
    ("Atw 1", "Atw 3(1)", "Reg 1182/71 2(1)", "Reg 1182/71 3(4)"),
    "Text of Atw 3(1); the list of Regulation 1182/71 in the Official Journal was not found",
    "statute",
    True,  # noqa: FBT003 - the rule's own field
    None,
    None,
)
EQUATED_DAYS = Rule(
    "term-equated-days",
    "term",
    "Good Friday and days equated by royal decree are free too; whether also for terms of the Union is not settled.",
    ("Atw 3(2)", "Atw 3(3)", "Reg 1182/71 2(1)"),
    "Text of Atw 3(2); decrees of 2022 to 2028 by second-hand lists, other years not known",
    "debatable",
    False,  # noqa: FBT003 - the rule's own field
    None,
    None,
)

RULES: tuple[Rule, ...] = (
    ONE_MONTH,
    EXTENDED,
    EXTENSION_NOTICE,
    REFUSAL_NOTICE,
    IDENTITY_PAUSE,
    SOURCE_NOTICE,
    PETITION,
    PETITION_UNBOUND,
    CONSULTATION,
    CONSULTATION_EXTENDED,
    AUTHORITY_72_HOURS,
    PHASES,
    AWARE_BY_PROCESSOR,
    SUBJECTS_NOTICE,
    CONTROLLER_NOTICE,
    MARKETING_STOP,
    MARKETING_STOP_BY_POST,
    OBJECTION_CONFIRMATION,
    ACT_DAYS,
    EQUATED_DAYS,
)
