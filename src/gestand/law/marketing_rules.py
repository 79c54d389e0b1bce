"""The rules on offers by mail, message, telephone and post as data; a change of law is a change of this table."""

from __future__ import annotations

from datetime import date
from typing import Literal

from gestand.law.profile import Rule

ELECTRONIC_FROM = date(2009, 10, 1)  # the spam ban protects firms as well; earlier law is not carried here
OPT_IN_FROM = date(2021, 7, 1)
CUSTOMERS_UNTIL = date(2026, 6, 30)
CONSENT_ONLY_FROM = date(2026, 7, 1)
_STB = "Stb. 2021, 103 through a sector account of the text; paragraphs as numbered since 1-7-2021"
_ACM = "account of the authority (ACM) at second hand"
_END = "minister's letter of May 2025 and a business notice; the text in the Staatsblad was not seen"


def _rule(
    name: str,
    title: str,
    articles: tuple[str, ...],
    source: str,
    *,
    status: Literal["statute", "guideline", "policy", "debatable"] = "statute",
    verified: bool = False,
    valid_from: date | None = ELECTRONIC_FROM,
    valid_to: date | None = None,
) -> Rule:
    return Rule(f"marketing-{name}", "marketing", title, articles, source, status, verified, valid_from, valid_to)


RULES: tuple[Rule, ...] = (
    _rule(
        "objection",
        "Who objects to direct marketing gets none, by any channel",
        ("GDPR 21(2)", "GDPR 21(3)"),
        "GDPR, English text",
        verified=True,
        valid_from=None,
    ),
    _rule(
        "service",
        "A message that serves a contract and offers nothing is no commercial communication",
        ("GDPR 6(1)(b)",),
        _ACM,
    ),
    _rule(
        "electronic-consent",
        "Electronic offers need consent given beforehand that can be proven",
        ("Tw 11.7(1)",),
        _STB,
    ),
    _rule(
        "designated",
        "An address a firm designated for offers may be used for them",
        ("Tw 11.7(3)",),
        _STB,
        status="debatable",
    ),
    _rule(
        "electronic-customer",
        "Customers may be mailed on own similar products, if they could refuse at collection and in each message",
        ("Tw 11.7(4)", "Tw 11.7(5)"),
        _STB,
    ),
    _rule(
        "sale",
        "The customer exception wants a sale; a quote alone is none",
        ("Tw 11.7(4)", "ePrivacy 13(2)"),
        "text of the directive; the Court reads 'sale' widely for a free account (C-654/23, secondary accounts)",
        status="debatable",
    ),
    _rule("stop", "Each message names its sender and a working way to stop", ("Tw 11.7(6)", "Tw 11.7(7)"), _STB),
    _rule("asking", "A message that asks for consent is itself unsolicited", ("Tw 11.7(1)",), _ACM),
    _rule(
        "consent-valid",
        "Consent is an act, freely given, and the sender proves it; a box ticked beforehand is none",
        ("GDPR 4(11)", "GDPR 7(1)"),
        "GDPR, English text",
        verified=True,
        valid_from=None,
    ),
    _rule(
        "phone-register",
        "Calling persons is allowed unless they objected or stand in the Bel-me-niet Register",
        ("Tw 11.7 (old)",),
        "secondary accounts",
        status="debatable",
        valid_to=date(2021, 6, 30),
    ),
    _rule(
        "phone-consent", "Calling persons with an offer needs consent", ("Tw 11.7(2)",), _STB, valid_from=OPT_IN_FROM
    ),
    _rule(
        "phone-customer",
        "Own customers may be called on own similar products",
        ("Tw 11.7(2)", "Tw 11.7(4)"),
        _STB,
        valid_from=OPT_IN_FROM,
        valid_to=CUSTOMERS_UNTIL,
    ),
    _rule(
        "phone-three-years",
        "A customer counts as one until three years after the end of the relation",
        ("Code Telemarketing",),
        "sector code, secondary account; not in the statute",
        status="debatable",
        valid_from=OPT_IN_FROM,
    ),
    _rule(
        "phone-customer-ended",
        "The customer exception for calls has ended for commercial callers",
        ("Tw 11.7(2)",),
        _END,
        status="debatable",
        valid_from=CONSENT_ONLY_FROM,
    ),
    _rule(
        "phone-good-causes",
        "Charities, charity lotteries and press publishers may still call their own customers and donors",
        ("Tw 11.7(4)",),
        _END,
        status="debatable",
        valid_from=CONSENT_ONLY_FROM,
    ),
    _rule("verzet", "The right to object is offered in every call, and honoured at once", ("Tw 11.7",), _ACM),
    _rule("number", "The number of the caller is visible", ("Tw 11.7",), _ACM, valid_from=OPT_IN_FROM),
    _rule("phone-legal-person", "Legal persons may be called until they object", ("Tw 11.7(2)",), _ACM),
    _rule(
        "post",
        "Offers by post rest on a legitimate interest; Tw 11.7 does not apply",
        ("GDPR 6(1)(f)", "GDPR 21"),
        "own reading of the GDPR; sector codes on stickers and registers not verified",
        status="debatable",
        valid_from=None,
    ),
    _rule(
        "unknown-is-no",
        "What is not stated or cannot be read does not carry a message",
        ("GDPR 5(2)", "GDPR 7(1)"),
        "choice of this project, from the sender's burden of proof",
        status="policy",
        verified=True,
        valid_from=None,
    ),
)
BY_ID = {rule.id: rule for rule in RULES}
