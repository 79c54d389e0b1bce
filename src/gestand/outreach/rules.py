"""Judgements of outreach, pure: which campaigns there can be, and whether a message or call may go to one person.

The statement decides first: a purpose that promises consent is never carried by custom. Then the law (``law/marketing``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import FieldPath, PurposeId
from gestand.law.marketing import MarketingJudgement, judge
from gestand.law.marketing_facts import Addressee, Channel, MarketingFacts
from gestand.outreach.model import Campaign, CampaignKind, Ground, Judged, Person, Via, Why
from gestand.statement.policy import FieldKind, LawfulBasis, Policy, Purpose

CHANNELS: Mapping[Via, Channel] = {Via.MAIL: Channel.EMAIL, Via.TELEPHONE: Channel.PHONE}
_PROMISED = {Via.MAIL: "email", Via.TELEPHONE: "telephone"}
_KINDS = {Via.MAIL: FieldKind.EMAIL, Via.TELEPHONE: FieldKind.PHONE}
_OFFERS = re.compile(
    r"\b(aanbieding\w*|korting\w*|actieprijs|actiecode|voordeelprijs|uitverkoop|nu (maar|voor slechts|slechts)|"
    r"discounts?|special offers?|promo\w*|sale|voucher)\b|\d\s?%\s*(korting|off|discount)",
    re.IGNORECASE,
)


def check_campaign(policy: Policy, kind: CampaignKind, via: Via, purpose: PurposeId, words: str) -> Purpose:
    """Return the purpose of a campaign that the statement allows.

    :raises RefusedError: ``purpose-unknown``; ``campaign-purpose`` if the purpose is none for this kind; ``campaign-channel``;
        ``service-with-offer`` if a service message speaks of an offer.
    """
    found = policy.purposes.get(purpose)
    if found is None:
        raise RefusedError(
            "purpose-unknown",
            f"the statement in force has no purpose '{purpose}'",
            remedy="Known: " + ", ".join(policy.purposes) + ".",
        )
    if found.marketing is (kind is CampaignKind.SERVICE):
        fitting = [name for name, one in policy.purposes.items() if one.marketing is not found.marketing]
        raise RefusedError(
            "campaign-purpose",
            f"'{purpose}' is {'for' if found.marketing else 'not for'} marketing: no purpose for a {kind}",
            where="policy.toml: purposes",
            remedy="Fitting here: " + (", ".join(fitting) or "none; the statement promises no such messages") + ".",
        )
    if _PROMISED[via] not in found.channels:
        raise RefusedError(
            "campaign-channel",
            f"the statement does not say that '{purpose}' goes by {via}",
            where="policy.toml: purposes",
            remedy="It goes by: " + (", ".join(found.channels) or "no channel at all") + ".",
        )
    offer = _OFFERS.search(words) if kind is CampaignKind.SERVICE else None
    if offer is not None:
        raise RefusedError(
            "service-with-offer",
            f"a service message offers nothing, and this one says '{offer[0]}' (Tw 11.7)",
            remedy="Take it out, or make it an offer, which goes to those who consented.",
        )
    return found


def addresses(policy: Policy, purpose: Purpose, via: Via) -> tuple[FieldPath, ...]:
    """Return the fields by which a purpose may reach someone."""
    return tuple(
        FieldPath(path)
        for path in policy.field_paths()
        if purpose.allows(path) and (field := policy.field(path)) is not None and field.kind is _KINDS[via]
    )


def judge_person(campaign: Campaign, purpose: Purpose, person: Person, versions: Mapping[str, str], on: date) -> Judged:
    """Judge one person for a campaign on a date. ``versions``: the statement's version for each digest of its consent text."""
    service = campaign.kind is CampaignKind.SERVICE
    consent = person.consent
    against = None if service else _against(person)
    if against is not None:
        return against
    version = versions.get(consent.text_digest, "") if consent is not None else ""
    promised = purpose.basis is LawfulBasis.CONSENT
    if promised and consent is None:
        return Judged(person.subject, False, Why.NO_CONSENT, articles=("GDPR 6(1)(a)",))  # noqa: FBT003 - the judgement itself
    if promised and not (version and consent is not None and consent.channel):
        return Judged(person.subject, False, Why.NOT_PROVEN, articles=("GDPR 7(1)",))  # noqa: FBT003 - the judgement itself
    facts = _facts(campaign, purpose, person, version, on)
    found = _judge(CHANNELS[campaign.via], facts, on)
    if not found.allowed or found.needs_judgement:
        why = Why.TO_BE_JUDGED if found.missing or found.unknown else Why.NOT_BY_LAW
        return Judged(person.subject, False, why, found.reasons, found.articles, found.must_do)  # noqa: FBT003 - the judgement itself
    if service:
        why, ground = Why.SERVICE, Ground()
    elif facts.consent:
        why, ground = Why.CONSENT, Ground(consent, version)
    elif facts.customer or facts.ex_customer_years is not None:
        why, ground = Why.CUSTOMER, Ground(customer_since=person.since)
    else:
        why, ground = Why.LEGAL_PERSON, Ground()
    return Judged(person.subject, True, why, found.reasons, found.articles, found.must_do, ground)  # noqa: FBT003 - the judgement itself


def _against(person: Person) -> Judged | None:
    """Return the judgement on who wants no marketing, whatever else speaks for it; None for everybody else."""
    given = person.consent.at if person.consent is not None else None
    since = (
        (Why.OBJECTING, person.objecting_at),  # against what is not known before it is dealt with: all of it waits
        (Why.SUPPRESSED, person.suppressed_at),
    )
    why = Why.OBJECTED if person.objected else None
    why = why or next((why for why, at in since if at is not None and (given is None or given <= at)), None)
    if why is None:
        return None
    articles = ("GDPR 21(3)",) if why is Why.SUPPRESSED else ("GDPR 21(2)", "GDPR 21(3)")
    return Judged(person.subject, False, why, articles=articles)  # noqa: FBT003 - the judgement itself


def _facts(campaign: Campaign, purpose: Purpose, person: Person, version: str, on: date) -> MarketingFacts:
    service = campaign.kind is CampaignKind.SERVICE
    custom = person.customer and purpose.basis is not LawfulBasis.CONSENT
    return MarketingFacts(
        addressee=_addressee(person),
        consent=person.consent is not None,
        consent_proof=bool(version) if person.consent is not None else None,
        customer=(custom and person.until is None) or None,
        ex_customer_years=_years(person.until, on) if custom and person.until is not None else None,
        own_similar=campaign.own_similar,
        stop_at_collection=campaign.stop_at_collection,
        stop_in_message=True,  # every message carries one; ``rendering`` refuses a message without
        objected=person.objected,
        service_message=service,
        contract=(purpose.basis is LawfulBasis.CONTRACT) if service else None,
        offer_inside=False if service else None,
        number_hidden=False,
        verzet_offered=True,  # ``record`` refuses a call in which it was not
    )


def _addressee(person: Person) -> Addressee:
    """Take every firm for one of natural persons: the register does not know its legal form, and the law protects those."""
    if person.prospect and not person.customer and person.consent is None:
        return Addressee.PROSPECT
    return Addressee.SOLE_TRADER if person.firm else Addressee.CONSUMER


def _years(until: date, on: date) -> float:
    return round((on - until).days / 365.25, 1)


@lru_cache(maxsize=4096)
def _judge(channel: Channel, facts: MarketingFacts, on: date) -> MarketingJudgement:
    return judge(channel, facts, on=on)
