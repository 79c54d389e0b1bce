"""The facts of a demand for data by an authority or someone else, typed, and how they are read from a question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gestand.law.fact_reader import FactReader


class Asker(StrEnum):
    """Who wants the data."""

    POLICE = "police officer"
    PROSECUTOR = "public prosecutor"
    TAX = "tax inspector"
    AP = "data protection authority"
    SUPERVISOR = "another supervisor"
    BAILIFF = "bailiff"
    MUNICIPALITY = "municipality"
    FOREIGN = "foreign authority"
    PRIVATE = "someone without public power"
    OURSELVES = "we ourselves report a crime"
    UNSPECIFIED = "an authority, not said which"


class Power(StrEnum):
    """The powers this program knows; each is a row in the table of rules."""

    SV_126NC = "126nc"
    SV_126ND = "126nd"
    SV_126NE = "126ne"
    SV_126NF = "126nf"
    AWR_47 = "awr-47"
    AWR_53 = "awr-53"
    SUPERVISION = "supervision"
    RV_475G = "475g"
    PW_64 = "pw-64"

    @property
    def criminal(self) -> bool:
        """Whether it is a power of criminal procedure, with the secrecy of Sv 126bb(5)."""
        return self in {Power.SV_126NC, Power.SV_126ND, Power.SV_126NE, Power.SV_126NF}


_ASKERS: tuple[tuple[Asker, str], ...] = (
    (Asker.OURSELVES, r"company itself|we ourselves|own report|aangever"),
    (Asker.FOREIGN, r"foreign|buitenland|europol|interpol"),
    (Asker.PROSECUTOR, r"prosecutor|\bovj\b|officier van justitie"),
    (Asker.TAX, r"\btax|belasting|inspecteur der"),
    (Asker.POLICE, r"police|politie|opsporingsambtenaar|marechaussee|fiod"),
    (Asker.AP, r"\bap\b|autoriteit persoonsgegevens|data protection authority"),
    (Asker.BAILIFF, r"bailiff|deurwaarder"),
    (Asker.MUNICIPALITY, r"municipalit|gemeente"),
    (Asker.SUPERVISOR, r"supervisor|toezichthouder|\bacm\b|inspectorate|inspectie"),
    (
        Asker.PRIVATE,
        (
            r"lawyer|advocaat|insurer|verzekeraar|debt collector|incasso|employer|werkgever|ex-partner|neighbour|journalist|"
            r"private investigator|recherchebureau|landlord|family"
        ),
    ),
    (Asker.UNSPECIFIED, r"any authority|suspect is the addressee|authority|autoriteit"),
)
_POWERS: tuple[tuple[Power, str], ...] = (
    (Power.SV_126NC, r"126\s?nc"),
    (Power.SV_126ND, r"126\s?nd"),
    (Power.SV_126NE, r"126\s?ne"),
    (Power.SV_126NF, r"126\s?nf"),
    (Power.AWR_47, r"\b47\b.*awr|awr.*\b47\b"),
    (Power.AWR_53, r"\b53\b.*awr|awr.*\b53\b"),
    (Power.RV_475G, r"475\s?g"),
    (Power.PW_64, r"participatiewet.*\b64\b|\b64\b.*participatiewet"),
    (Power.SUPERVISION, r"58\(1\)|\b5:(?:16|17|18|20)\b"),
)
_FREE_MAIL = re.compile(r"gmail|hotmail|outlook\.com|yahoo|live\.nl|ziggo|kpnmail|proton")


@dataclass(frozen=True, slots=True)
class DisclosureFacts:
    """What is stated about a demand; ``None`` is not stated. ``unknown`` could not be read.

    ``wanted`` are the kinds asked for in the words of the demand. ``free_mail``: the document came from no official address.
    """

    asker: Asker
    by_phone: bool = False
    power: Power | None = None
    written: bool | None = None
    oral: bool | None = None
    urgent: bool | None = None
    magistrate: bool | None = None
    signed_by_police: bool = False
    identity_checked: bool | None = None
    free_mail: bool = False
    we_are_suspect: bool = False
    direct: bool | None = None
    own_tax: bool | None = None
    third_party_tax: bool | None = None
    listed_body: bool | None = None
    about: str | None = None
    asks: str | None = None
    own_victim: bool | None = None
    reporting: bool | None = None
    wanted: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def read_disclosure(authority: object, given: Mapping[str, Any]) -> DisclosureFacts:
    """Read who asks and the facts of the demand; never raises: what cannot be read is in ``unknown``."""
    facts = FactReader(given)
    name = authority.lower() if isinstance(authority, str) else ""
    asker = next((asker for asker, pattern in _ASKERS if re.search(pattern, name)), None)
    article = facts.text("article")
    power = None
    if article:
        power = next((power for power, pattern in _POWERS if re.search(pattern, article.lower())), None)
        if power is None:
            facts.wrong("article", article)
    signed = facts.text("signed_by")
    document = facts.text("document")
    by_phone = "phone" in name or "telefo" in name
    return DisclosureFacts(
        asker=asker or Asker.UNSPECIFIED,
        by_phone=by_phone,
        power=power,
        written=facts.flag("written"),
        oral=facts.flag("oral"),
        urgent=facts.flag("urgent"),
        magistrate=facts.flag("machtiging_rc"),
        signed_by_police=signed is not None and "police" in signed.lower(),
        identity_checked=facts.flag("identity_checked"),
        free_mail=document is not None and _FREE_MAIL.search(document.lower()) is not None,
        we_are_suspect=bool(facts.flag("addressee_is_suspect")) or "suspect is the addressee" in name,
        direct=facts.flag("direct"),
        own_tax=facts.flag("own_tax"),
        third_party_tax=facts.flag("third_party_tax"),
        listed_body=facts.flag("listed_body"),
        about=facts.text("about"),
        asks=facts.text("asks"),
        own_victim=facts.flag("own_victim"),
        reporting=facts.flag("aangifte"),
        wanted=facts.texts("data"),
        unknown=(*(() if asker is not None else (f"authority={name or authority}",)), *facts.unknown()),
    )
