"""May we send this or call them with an offer: yes or no, why, and what must be done with it.

The order: is it an offer at all → did the person object (21(2)-(3), always first) → is there a ground on that date for
that channel and addressee (Tw 11.7) → is it done in the manner the law asks. No fact about consent or custom ever
weighs against an objection.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from gestand.law.marketing_facts import Addressee, Caller, Channel, MarketingFacts, read_marketing
from gestand.law.marketing_rules import BY_ID, CONSENT_ONLY_FROM, ELECTRONIC_FROM, OPT_IN_FROM, RULES
from gestand.law.profile import Rule

__all__ = ["RULES", "MarketingJudgement", "judge", "read_marketing"]

SECTOR_YEARS = 3
IDENTIFY = "say who sends it and give a working address or link to stop, in every message (Tw 11.7(6)-(7))"
KEEP_PROOF = "keep the proof of consent: who, when, by what words, for what (GDPR 7(1))"
IN_CALL = "show your number, say who calls and why, and offer the right to object in every call"


@dataclass(frozen=True, slots=True)
class MarketingJudgement:
    """The answer on one message or call.

    ``allowed`` holds only with everything in ``must_do``. ``debatable`` tells on what lawyers differ; ``missing`` names
    facts not stated on which the answer turns, ``unknown`` facts that could not be read: with either, a person judges.
    """

    allowed: bool
    reasons: tuple[str, ...]
    articles: tuple[str, ...]
    debatable: tuple[str, ...]
    must_do: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    rules: tuple[Rule, ...]

    @property
    def needs_judgement(self) -> bool:
        """Whether a person must look before anything is sent."""
        return bool(self.missing or self.unknown)


def judge(channel: Channel, facts: MarketingFacts, *, on: date) -> MarketingJudgement:
    """Judge one message or call on the local date ``on``.

    Law before 1 October 2009 is not carried: such a date is answered with no and ``missing``.
    """
    if facts.unknown:
        return _no(
            ("a stated fact could not be read: " + ", ".join(facts.unknown),), "unknown-is-no", unknown=facts.unknown
        )
    if facts.service_message and facts.offer_inside is not True:
        return _service(facts)
    if facts.objected:
        why = "the person objected to direct marketing; nothing weighs against that"
        return _no((why,), "objection", must_do=("keep the address on the list of those never to be approached",))
    if channel is Channel.POST:
        return _post(facts)
    if on < ELECTRONIC_FROM:
        return _no(("the law of that date is not carried here",), "unknown-is-no", missing=("law before 2009-10-01",))
    found = _electronic(facts) if channel.electronic else _phone(facts, on)
    return _in_manner(channel, facts, on, found)


def _no(
    reasons: tuple[str, ...],
    *rules: str,
    must_do: tuple[str, ...] = (),
    debatable: tuple[str, ...] = (),
    missing: tuple[str, ...] = (),
    unknown: tuple[str, ...] = (),
) -> MarketingJudgement:
    return _made(
        allowed=False,
        reasons=reasons,
        rules=rules,
        must_do=must_do,
        debatable=debatable,
        missing=missing,
        unknown=unknown,
    )


def _yes(
    reasons: tuple[str, ...],
    *rules: str,
    must_do: tuple[str, ...] = (),
    debatable: tuple[str, ...] = (),
    missing: tuple[str, ...] = (),
) -> MarketingJudgement:
    return _made(allowed=True, reasons=reasons, rules=rules, must_do=must_do, debatable=debatable, missing=missing)


def _made(
    *,
    allowed: bool,
    reasons: tuple[str, ...],
    rules: tuple[str, ...],
    must_do: tuple[str, ...],
    debatable: tuple[str, ...],
    missing: tuple[str, ...],
    unknown: tuple[str, ...] = (),
) -> MarketingJudgement:
    applied = tuple(BY_ID[f"marketing-{name}"] for name in rules)
    articles = tuple(dict.fromkeys(article for rule in applied for article in rule.articles))
    return MarketingJudgement(allowed, reasons, articles, debatable, must_do, missing, unknown, applied)


def _service(facts: MarketingFacts) -> MarketingJudgement:
    missing = tuple(
        name for name, fact in (("contract", facts.contract), ("offer_inside", facts.offer_inside)) if fact is None
    )
    if facts.contract and facts.offer_inside is False:
        why = "it serves the contract and offers nothing: no commercial communication; an objection does not stop it"
        return _yes((why,), "service", must_do=("keep offers out of it, also in the footer",))
    why = "a service message serves a contract and holds no offer; that is not stated of this one"
    return _no((why,), "service", "unknown-is-no", missing=missing or ("contract",))


def _post(facts: MarketingFacts) -> MarketingJudgement:
    why = "Tw 11.7 does not apply to post; a legitimate interest carries it until the person objects"
    stated = (
        () if facts.objected is not None else ("whether the person objected is not stated: check the suppression list",)
    )
    return _yes(
        (why,),
        "post",
        "objection",
        must_do=("weigh the interest in writing (6(1)(f))", "name the right to object in the letter (21(4))", *stated),
        debatable=("stickers against unaddressed post and the sector's registers are codes, not statute",),
    )


def _consent(facts: MarketingFacts) -> str:
    """Return why there is no consent to rest on; empty if there is."""
    if facts.consent_is_valid is False:
        return "that is no consent: it was not given by an act of the person"
    if not facts.consent:
        return "no consent is stated" if facts.consent is None else "there is no consent"
    return "the consent cannot be proven" if facts.consent_proof is False else ""


def _electronic(facts: MarketingFacts) -> MarketingJudgement:
    no_consent = _consent(facts)
    if not no_consent:
        return _yes(
            ("there is consent given beforehand",), "electronic-consent", "consent-valid", must_do=(KEEP_PROOF,)
        )
    if facts.asks_permission:
        why = "a message that asks for consent is itself unsolicited"
        return _no((why, no_consent), "asking", "electronic-consent")
    if facts.addressee is Addressee.DESIGNATED_ADDRESS:
        return _yes(
            ("the firm published this address to receive offers",),
            "designated",
            must_do=("keep a dated copy of the page that designates the address",),
            debatable=("a general info@ is not designated for offers",),
        )
    custom = _customer(facts)
    if custom is not None:
        return custom
    reasons = [no_consent]
    debatable: tuple[str, ...] = ()
    rules = ["electronic-consent"]
    if facts.consent_is_valid is False or facts.consent_proof is False:
        rules.append("consent-valid")
    if facts.addressee is Addressee.GENERAL_ADDRESS:
        reasons.append("a general company address is not designated for offers; the ban protects firms as well")
        debatable = ("whether a published info@ is designated for offers is debated in practice",)
        rules.append("designated")
    missing = () if facts.ground_stated else ("consent",)
    return _no(tuple(reasons), *rules, debatable=debatable, missing=missing)


def _customer(facts: MarketingFacts) -> MarketingJudgement | None:
    """Judge the customer exception of electronic messages; ``None`` where no custom is claimed."""
    if facts.addressee is Addressee.PROSPECT:
        why = "the address came from a request for a quote: no sale, so the customer exception does not carry it"
        doubt = "whether a quote counts as 'in the context of a sale' is debated; C-654/23 reads 'sale' widely"
        return _no((why, _consent(facts)), "sale", "electronic-consent", debatable=(doubt,))
    if not facts.customer:
        return None
    if facts.own_similar is False:
        return _no(("customers may be mailed on own similar products only",), "electronic-customer")
    if not facts.stop_at_collection:
        why = "the customer could not refuse when the address was collected, or that is not stated"
        gaps = ("optout_at_collection",) if facts.stop_at_collection is None else ()
        return _no((why,), "electronic-customer", missing=gaps)
    gaps = ("own_similar",) if facts.own_similar is None else ()
    return _yes(
        ("a customer, own similar products, and refusing was possible at collection",),
        "electronic-customer",
        must_do=("offer own similar products only, and a free and easy way to stop in this message",),
        missing=gaps,
    )


def _phone(facts: MarketingFacts, on: date) -> MarketingJudgement:
    if facts.addressee is Addressee.LEGAL_PERSON:
        why = "a legal person may be called until it objects; its contact person may object as well"
        return _yes((why,), "phone-legal-person", "objection", must_do=(IN_CALL,))
    if on < OPT_IN_FROM:
        return _phone_of_old(facts)
    no_consent = _consent(facts)
    if not no_consent:
        return _yes(
            ("there is consent given beforehand",), "phone-consent", "consent-valid", must_do=(KEEP_PROOF, IN_CALL)
        )
    custom = _phone_customer(facts, on)
    if custom is not None:
        return custom
    rules = ["phone-consent"]
    if facts.consent_is_valid is False or facts.consent_proof is False:
        rules.append("consent-valid")
    who = "natural persons, sole traders and partners included, are called with consent only"
    gaps = () if facts.ground_stated else ("consent",)
    return _no((no_consent, who), *rules, missing=gaps)


def _phone_of_old(facts: MarketingFacts) -> MarketingJudgement:
    """Judge a call before 1-7-2021: allowed until objected, with the Bel-me-niet Register (historic)."""
    doubt = ("a rule of the past, known at second hand",)
    if facts.in_register and not facts.customer:
        return _no(("the number stands in the Bel-me-niet Register",), "phone-register", debatable=doubt)
    return _yes(
        ("before 1-7-2021 persons could be called until they objected",),
        "phone-register",
        must_do=("check the Bel-me-niet Register first", "offer the register and the right to object in the call"),
        debatable=doubt,
    )


def _phone_customer(facts: MarketingFacts, on: date) -> MarketingJudgement | None:
    """Judge the customer exception for calls on ``on``; ``None`` where no custom is claimed."""
    past = facts.ex_customer_years
    if not facts.customer and past is None:
        return None
    ended = on >= CONSENT_ONLY_FROM
    if ended and facts.caller is Caller.COMMERCIAL:
        why = "since 1-7-2026 commercial callers need consent for their own customers as well"
        doubt = "the day is known from a letter of the minister and a business notice; the Staatsblad text was not seen"
        return _no((why,), "phone-customer-ended", "phone-consent", debatable=(doubt,))
    rule = "phone-good-causes" if ended else "phone-customer"
    code = (
        ("three years after the end is the sector's code, not the statute",)
        if past is not None and not facts.customer
        else ()
    )
    if code and past is not None and past > SECTOR_YEARS:
        return _no(
            (f"customer until {past:g} years ago: beyond the three years of the code",),
            "phone-three-years",
            debatable=code,
        )
    if facts.own_similar is False:
        return _no(("customers may be called on own similar products only",), rule)
    return _yes(
        ("a customer, or one not longer than three years ago, and own similar products",),
        rule,
        *(("phone-three-years",) if code else ()),
        must_do=(IN_CALL, "offer own similar products only"),
        debatable=code,
        missing=("own_similar",) if facts.own_similar is None else (),
    )


def _in_manner(channel: Channel, facts: MarketingFacts, on: date, found: MarketingJudgement) -> MarketingJudgement:
    """Hold an allowed message or call against how it is done; a wrong manner forbids it."""
    if not found.allowed:
        return found
    if channel.electronic:
        if facts.stop_in_message is False:
            return _no(("the message has no working way to stop",), "stop", *_names(found))
        return _also(found, "stop", must_do=IDENTIFY)
    if facts.number_hidden and on >= OPT_IN_FROM:
        return _no(("the number of the caller is hidden",), "number", *_names(found))
    if facts.verzet_offered is False and facts.addressee is not Addressee.LEGAL_PERSON:
        return _no(("the right to object is not offered in the call",), "verzet", *_names(found))
    return _also(found, "verzet", must_do="honour an objection at once and write it down")


def _names(found: MarketingJudgement) -> tuple[str, ...]:
    return tuple(rule.id.removeprefix("marketing-") for rule in found.rules)


def _also(found: MarketingJudgement, rule: str, *, must_do: str) -> MarketingJudgement:
    added = BY_ID[f"marketing-{rule}"]
    articles = tuple(dict.fromkeys((*found.articles, *added.articles)))
    return replace(found, rules=(*found.rules, added), articles=articles, must_do=(*found.must_do, must_do))
