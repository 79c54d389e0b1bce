"""The facts of a commercial message or call, typed, and how they are read from a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gestand.law.fact_reader import FactReader


class Channel(StrEnum):
    """The ways of reaching someone; everything electronic falls under one rule (Tw 11.7(1))."""

    EMAIL = "email"
    SMS_WHATSAPP = "sms_whatsapp"
    FAX = "fax"
    AUTOMATIC_CALL = "automatic_call"
    PHONE = "phone"
    POST = "post"

    @property
    def electronic(self) -> bool:
        """Whether Tw 11.7(1) itself names it: no person speaks."""
        return self not in {Channel.PHONE, Channel.POST}


class Addressee(StrEnum):
    """Who is reached. A sole trader and the partners of a firm are natural persons too."""

    CONSUMER = "consumer"
    SOLE_TRADER = "sole trader or partnership"
    LEGAL_PERSON = "legal person"
    DESIGNATED_ADDRESS = "company address published for offers"
    GENERAL_ADDRESS = "company address for general use"
    PROSPECT = "prospect with a quote only"


class Caller(StrEnum):
    """Who calls: from 1-7-2026 some may still call their own customers and donors."""

    COMMERCIAL = "commercial"
    CHARITY = "charity"
    CHARITY_LOTTERY = "charity_lottery"
    PRESS = "press_publisher"


_ADDRESSEES = {
    "consumer": Addressee.CONSUMER,
    "natural person": Addressee.CONSUMER,
    "eenmanszaak": Addressee.SOLE_TRADER,
    "zzp": Addressee.SOLE_TRADER,
    "vof": Addressee.SOLE_TRADER,
    "maatschap": Addressee.SOLE_TRADER,
    "bv": Addressee.LEGAL_PERSON,
    "nv": Addressee.LEGAL_PERSON,
    "stichting": Addressee.LEGAL_PERSON,
    "vereniging": Addressee.LEGAL_PERSON,
    "cooperatie": Addressee.LEGAL_PERSON,
    "coöperatie": Addressee.LEGAL_PERSON,
    "legal person": Addressee.LEGAL_PERSON,
    "company_info_address_published_for_offers": Addressee.DESIGNATED_ADDRESS,
    "company_info_address_general": Addressee.GENERAL_ADDRESS,
    "prospect_quote_only": Addressee.PROSPECT,
}
_TYPES = {"service_message": True, "offer": False, "newsletter": False, "marketing": False}
_KINDS = {  # whether this way of consenting is consent at all (Article 4(11), recital 32)
    "explicit": True,
    "opt-in": True,
    "ticked": True,
    "written": True,
    "pre-ticked": False,
    "silence": False,
    "bundled": False,
    "terms and conditions": False,
}


@dataclass(frozen=True, slots=True)
class MarketingFacts:
    """What is stated about a message or call; ``None`` is not stated. ``unknown`` could not be read.

    ``ex_customer_years`` counts from the end of the relation. ``stop_in_message`` is a working way to stop in this very
    message, ``stop_at_collection`` one when the address was given.
    """

    addressee: Addressee | None = None
    consent: bool | None = None
    consent_is_valid: bool | None = None
    consent_proof: bool | None = None
    customer: bool | None = None
    ex_customer_years: float | None = None
    own_similar: bool | None = None
    stop_at_collection: bool | None = None
    stop_in_message: bool | None = None
    objected: bool | None = None
    service_message: bool = False
    contract: bool | None = None
    offer_inside: bool | None = None
    asks_permission: bool = False
    number_hidden: bool | None = None
    verzet_offered: bool | None = None
    in_register: bool | None = None
    caller: Caller = Caller.COMMERCIAL
    unknown: tuple[str, ...] = ()

    @property
    def ground_stated(self) -> bool:
        """Whether anything at all is stated on which sending could rest."""
        stated = (self.consent, self.consent_is_valid, self.customer, self.ex_customer_years)
        return any(fact is not None for fact in stated) or self.addressee in {
            Addressee.DESIGNATED_ADDRESS,
            Addressee.GENERAL_ADDRESS,
            Addressee.PROSPECT,
        }


def read_marketing(given: Mapping[str, Any]) -> MarketingFacts:
    """Read the facts of a message or call; never raises: what cannot be read is in ``unknown``."""
    facts = FactReader(given)
    stops = [flag for flag in (facts.flag("optout_in_mail"), facts.flag("unsubscribe_link")) if flag is not None]
    purpose = facts.text("purpose")
    asks = purpose is not None and "permission" in purpose.lower()
    if purpose is not None and not asks and purpose.lower() not in {"offer", "newsletter", "marketing"}:
        facts.wrong("purpose", purpose)
    return MarketingFacts(
        addressee=facts.choice("recipient", _ADDRESSEES),
        consent=facts.flag("consent"),
        consent_is_valid=facts.choice("consent_kind", _KINDS),
        consent_proof=facts.flag("consent_proof"),
        customer=facts.flag("customer"),
        ex_customer_years=facts.number("ex_customer_years"),
        own_similar=facts.flag("own_similar"),
        stop_at_collection=facts.flag("optout_at_collection"),
        stop_in_message=all(stops) if stops else None,
        objected=facts.flag("objected"),
        service_message=bool(facts.choice("type", _TYPES)),
        contract=facts.flag("contract"),
        offer_inside=facts.flag("offer_inside"),
        asks_permission=asks,
        number_hidden=facts.flag("number_hidden"),
        verzet_offered=facts.flag("verzet_offered"),
        in_register=facts.flag("in_bel_me_niet_register"),
        caller=facts.choice("caller", {caller.value: caller for caller in Caller}) or Caller.COMMERCIAL,
        unknown=facts.unknown(),
    )
