"""What outreach says in words: why someone gets a message or is left out, the foot of a message, the unsubscribe page."""

from __future__ import annotations

from collections.abc import Mapping

from gestand.outreach.model import Why
from gestand.statement.policy import Text

REASONS: Mapping[Why, Text] = {
    Why.CONSENT: Text(nl="gaf hiervoor toestemming", en="gave consent for this"),
    Why.CUSTOMER: Text(nl="is klant, en het gaat om eigen gelijke producten", en="is a customer; own similar products"),
    Why.SERVICE: Text(nl="bericht hoort bij de overeenkomst", en="the message belongs to the agreement"),
    Why.LEGAL_PERSON: Text(nl="is een rechtspersoon", en="is a legal person"),
    Why.OBJECTED: Text(nl="maakte bezwaar", en="objected"),
    Why.OBJECTING: Text(
        nl="vroeg om te stoppen, en dat is nog niet behandeld", en="asked to stop, and that was not dealt with yet"
    ),
    Why.SUPPRESSED: Text(nl="staat op de lijst van wie niets wil", en="is on the list of those who want nothing"),
    Why.NO_CONSENT: Text(nl="gaf geen toestemming, of trok die in", en="gave no consent, or withdrew it"),
    Why.NOT_PROVEN: Text(nl="toestemming is niet te bewijzen", en="the consent cannot be proven"),
    Why.NOT_BY_LAW: Text(nl="de wet staat het niet toe", en="the law does not allow it"),
    Why.TO_BE_JUDGED: Text(nl="een mens moet eerst oordelen", en="a person must judge first"),
    Why.NO_ADDRESS: Text(nl="geen adres dat hiervoor gebruikt mag worden", en="no address that may be used for this"),
    Why.RETURNED: Text(nl="een eerder bericht kwam terug", en="an earlier message came back"),
    Why.NOT_RUNNING: Text(nl="de campagne is gestopt", en="the campaign was stopped"),
    Why.GONE: Text(nl="is gewist", en="was erased"),
}
STOP = Text(nl="Afmelden", en="Unsubscribe")
BECAUSE: Mapping[Why, Text] = {
    Why.CONSENT: Text(
        nl="U krijgt dit bericht omdat u daarvoor toestemming gaf.",
        en="You get this message because you gave consent to it.",
    ),
    Why.CUSTOMER: Text(
        nl="U krijgt dit bericht omdat u klant bij ons bent.", en="You get this message because you are our customer."
    ),
    Why.SERVICE: Text(
        nl="U krijgt dit bericht omdat het bij uw overeenkomst met ons hoort.",
        en="You get this message because it belongs to your agreement with us.",
    ),
}
HOW_TO_STOP = Text(
    nl="Wilt u dit niet meer? Dan kunt u zich altijd afmelden:",
    en="Do you no longer want this? You can always unsubscribe:",
)
BY_MAIL = Text(
    nl="Lukt dat niet, mail dan 'afmelden' naar {address}.", en="If that fails, mail 'unsubscribe' to {address}."
)
DONE = Text(
    nl="U bent afgemeld. Wij sturen u dit niet meer.", en="You have been unsubscribed. We will not send you this again."
)
ASKED = Text(
    nl="Wilt u zich afmelden? Klik dan op de knop. U hoeft niets in te vullen.",
    en="Do you want to unsubscribe? Then press the button. You need not fill in anything.",
)
IN_EACH_CALL = Text(
    nl="Zeg wie u bent en waarom u belt, en zeg in elk gesprek: 'U kunt laten weten dat u dit niet meer wilt.'",
    en="Say who you are and why you call, and say in every call: 'You can tell us that you no longer want this.'",
)
