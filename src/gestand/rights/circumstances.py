"""What may be special about a request, pure: for each the law, what must be shown, and the words to who asked.

A circumstance is judged by a person and recorded with what showed it, as a code: no copy of any paper is kept. None of them
stops a clock by itself, and none of them rejects: a rejection is a verb of its own, with its ground (Article 12(4)).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from gestand.kernel.ids import ActorId
from gestand.statement.policy import Text


class Circumstance(StrEnum):
    """What is special about a request."""

    REPRESENTATIVE = "representative"
    MINOR = "minor"
    DECEASED = "deceased"
    ABOUT_OTHER = "about-other"
    DUPLICATE = "duplicate"
    EXCESSIVE = "excessive"
    UNFOUNDED = "unfounded"


class Shown(StrEnum):
    """What showed it. Seen and judged; never copied."""

    AUTHORISATION = "authorisation"  # a signed authorisation
    COURT_ORDER = "court-order"  # curator, bewindvoerder, mentor
    PARENTAL_AUTHORITY = "parental-authority"
    ATTORNEY = "attorney"  # an attorney acts on their word (advocaat)
    CERTIFICATE = "certificate"  # of death, or of inheritance
    EARLIER_REQUESTS = "earlier-requests"  # the requests themselves show it
    OWN_WORDS = "own-words"  # what the request itself says
    NOTHING = "nothing"  # nothing yet: it must be asked


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person judged of a request. ``other``: the request that it repeats."""

    kind: Circumstance
    shown: Shown
    other: str
    judged_by: ActorId
    judged_at: datetime


@dataclass(frozen=True, slots=True)
class Rule:
    """A circumstance: its law, which showings suffice, and what who asked is told and asked."""

    ground: str
    suffices: frozenset[Shown]
    why: Text
    needed: Text


RULES: Mapping[Circumstance, Rule] = {
    Circumstance.REPRESENTATIVE: Rule(
        "AVG 12(2), (6); BW 3:60; UAVG 5(4)",
        frozenset({Shown.AUTHORISATION, Shown.COURT_ORDER, Shown.ATTORNEY}),
        Text(nl="U vraagt dit namens iemand anders. Dat mag. Wij moeten wel weten dat die persoon het ook wil.", en="You ask this on behalf of someone else. You may. We must know that this person wants it too."),
        Text(nl="Een ondertekende machtiging, of de beschikking van de rechter als u curator, bewindvoerder of mentor bent. Wij bekijken die en bewaren geen kopie.", en="A signed authorisation, or the court's order if you were appointed to act. We look at it and keep no copy."),
    ),
    Circumstance.MINOR: Rule(
        "UAVG 5(1), (4)",
        frozenset({Shown.PARENTAL_AUTHORITY, Shown.COURT_ORDER}),
        Text(nl="Het verzoek gaat over iemand die nog geen 16 jaar is. Dan vraagt de ouder of voogd het.", en="The request is about someone who is not yet 16. Then the parent or guardian asks."),
        Text(nl="Laat ons zien dat u het gezag hebt, bijvoorbeeld met het gezagsregister. Wij bewaren geen kopie.", en="Show us that you have parental authority. We keep no copy."),
    ),
    Circumstance.DECEASED: Rule(
        "AVG overweging 27",
        frozenset({Shown.CERTIFICATE}),
        Text(nl="Het verzoek gaat over iemand die is overleden. De privacywet geldt dan niet meer. Wij helpen een erfgenaam graag, voor zover dat anderen niet schaadt.", en="The request is about someone who has died. Privacy law then no longer applies. We gladly help an heir, as far as it harms no others."),
        Text(nl="Een verklaring van erfrecht. Wij bekijken die en bewaren geen kopie.", en="A certificate of inheritance. We look at it and keep no copy."),
    ),
    Circumstance.ABOUT_OTHER: Rule(
        "AVG 15(4); AVG 12(6)",
        frozenset({Shown.OWN_WORDS}),
        Text(nl="U vraagt naar gegevens van iemand anders. Die geven wij alleen aan die persoon zelf, of aan wie namens die persoon mag vragen.", en="You ask for data of someone else. We give those only to that person, or to who may ask on their behalf."),
        Text(nl="Vraag of die persoon ons zelf wil schrijven, of u wil machtigen.", en="Ask that person to write to us, or to authorise you."),
    ),
    Circumstance.DUPLICATE: Rule(
        "AVG 12(3)",
        frozenset({Shown.EARLIER_REQUESTS}),
        Text(nl="U vroeg dit eerder. Dat verzoek loopt nog; u krijgt op beide samen één antwoord, uiterlijk op de dag die wij u noemden.", en="You asked this before. That request is under way; you will have one answer to both, by the day that we told you."),
        Text(nl="U hoeft niets te doen.", en="You need do nothing."),
    ),
    Circumstance.EXCESSIVE: Rule(
        "AVG 12(5)",
        frozenset({Shown.EARLIER_REQUESTS}),
        Text(nl="U vraagt zo vaak hetzelfde dat wij dit buitensporig vinden. De wet laat ons dan weigeren, of redelijke kosten vragen. Wij moeten dat kunnen aantonen.", en="You ask the same so often that we find it excessive. The law then lets us refuse, or charge a reasonable fee. We must be able to show that."),
        Text(nl="Is er sinds de vorige keer iets veranderd? Vertel ons wat, dan kijken wij opnieuw.", en="Has anything changed since the last time? Tell us what, and we look again."),
    ),
    Circumstance.UNFOUNDED: Rule(
        "AVG 12(5)",
        frozenset({Shown.OWN_WORDS, Shown.EARLIER_REQUESTS}),
        Text(nl="Uit uw eigen woorden blijkt dat u dit niet vraagt om uw gegevens. De wet laat ons dan weigeren. Wij moeten dat kunnen aantonen.", en="Your own words show that you do not ask this for your data. The law then lets us refuse. We must be able to show that."),
        Text(nl="Gaat het u wel om uw gegevens? Schrijf ons dat, dan kijken wij opnieuw.", en="Is it about your data after all? Write to us, and we look again."),
    ),
}  # fmt: skip
"""Motive alone never makes a request unfounded (C-307/22): for that its own words must show an intent to harm or to bargain."""


def suffices(kind: Circumstance, shown: Shown) -> bool:
    """Say whether what was shown is enough for this circumstance."""
    return shown in RULES[kind].suffices


MAY_ASK: Final = frozenset({Circumstance.REPRESENTATIVE, Circumstance.MINOR, Circumstance.DECEASED})
"""Who asks for another, and shows that they may. A request that is one too many is answered until that is shown (Article 12(5))."""


def unshown(judged: Iterable[tuple[Circumstance, Shown]]) -> Circumstance | None:
    """Return why who asks may not ask it, by what was judged, oldest first; None if they may.

    Who asks about another may ask once it is shown that they act for that person.
    """
    found: dict[Circumstance, None] = {}
    for kind, shown in judged:
        if kind is Circumstance.ABOUT_OTHER or (kind in MAY_ASK and not suffices(kind, shown)):
            found[kind] = None
        elif kind in MAY_ASK:
            found.pop(kind, None)
            found.pop(Circumstance.ABOUT_OTHER, None)
    return next(iter(found), None)


def values_of(kind: Circumstance, language: str) -> dict[str, str]:
    """Return the words of the letter ``circumstance`` that this one brings."""
    rule = RULES[kind]
    return {"why": f"{rule.why.into(language)} ({rule.ground})", "needed": rule.needed.into(language)}
