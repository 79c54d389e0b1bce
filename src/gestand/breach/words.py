"""What letters and forms say, in plain Dutch (B1) and English: what each kind of data can do to a person, and what helps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gestand.breach.model import Lever, Outcome, Reporter
from gestand.breach.notices import Audience
from gestand.kernel.clock import AMSTERDAM
from gestand.law.breach_words import Kind
from gestand.statement.policy import Text


@dataclass(frozen=True, slots=True)
class KindWords:
    """What data of a kind can do to a person once loose, and what the person can do."""

    may: Text
    advice: Text


KINDS: dict[Kind, KindWords] = {
    Kind.BASIC: KindWords(
        Text(
            nl="Iemand kan u bellen, mailen of schrijven en doen alsof het bericht van ons komt.",
            en="Someone may call, mail or write to you and pretend that it comes from us.",
        ),
        Text(
            nl="Let extra op bij berichten en telefoontjes die u niet verwacht. Klik niet op een link als u twijfelt. Bel ons dan eerst.",
            en="Be careful with messages and calls that you do not expect. Do not follow a link when in doubt. Call us first.",
        ),
    ),
    Kind.PERSONAL: KindWords(
        Text(
            nl="Iemand kan zich voor u uitgeven, omdat hij dingen weet die bijna niemand weet.",
            en="Someone may pose as you, by knowing what hardly anyone knows.",
        ),
        Text(
            nl="Geef geen codes of gegevens door de telefoon, ook niet als de beller veel van u weet.",
            en="Give no codes or details by telephone, not even to a caller who knows much about you.",
        ),
    ),
    Kind.CREDENTIAL: KindWords(
        Text(
            nl="Iemand kan inloggen waar u hetzelfde wachtwoord of dezelfde code gebruikt.",
            en="Someone may log in wherever you use the same password or code.",
        ),
        Text(
            nl="Verander dit wachtwoord of deze code vandaag nog, overal waar u die gebruikt.",
            en="Change this password or code today, wherever you use it.",
        ),
    ),
    Kind.MONEY: KindWords(
        Text(nl="Anderen kunnen weten hoe u er met geld voor staat.", en="Others may know how you stand with money."),
        Text(
            nl="Ga niet in op aanbiedingen van een lening of hulp met schulden die u niet zelf hebt gezocht.",
            en="Do not respond to offers of a loan or of help with debts that you did not look for yourself.",
        ),
    ),
    Kind.PAYMENT: KindWords(
        Text(
            nl="Iemand kan proberen met uw rekening te betalen, of u een valse rekening sturen.",
            en="Someone may try to pay from your account, or send you a false invoice.",
        ),
        Text(
            nl="Kijk de komende weken vaker naar uw rekening. Ziet u iets vreemds? Bel dan meteen uw bank.",
            en="Look at your account more often in the coming weeks. Anything odd? Call your bank at once.",
        ),
    ),
    Kind.IDENTITY_NUMBER: KindWords(
        Text(
            nl="Iemand kan met uw nummer of uw bewijs iets aanvragen op uw naam.",
            en="Someone may apply for something in your name with your number or document.",
        ),
        Text(
            nl="Denkt u dat iemand uw identiteit misbruikt? Meld dat bij het Centraal Meldpunt Identiteitsfraude en doe aangifte.",
            en="Do you think that someone abuses your identity? Report it to the central desk for identity fraud (CMI) and the police.",
        ),
    ),
    Kind.SPECIAL: KindWords(
        Text(
            nl="Anderen kunnen iets over u weten dat heel persoonlijk is, zoals uw gezondheid of geloof.",
            en="Others may know something very personal about you, such as your health or belief.",
        ),
        Text(
            nl="Wordt u hierop aangesproken of bedreigd? Bel ons, en bij dreiging de politie.",
            en="Does someone use this against you? Call us, and the police when you are threatened.",
        ),
    ),
}
KINDS[Kind.ARGUABLE] = KINDS[Kind.SPECIAL]

LOST = KindWords(
    Text(nl="Er zijn gegevens van u die wij niet meer hebben.", en="Some of your data we no longer have."),
    Text(nl="Hebt u nog een kopie? Bewaar die goed.", en="Do you still have a copy? Keep it safe."),
)

LEVERS: dict[Lever, Text] = {
    Lever.REVOKE_ACCESS: Text(nl="toegang intrekken (sessies en sleutels)", en="revoke access (sessions and keys)"),
    Lever.CLOSE_DOOR: Text(nl="een deur sluiten (website, portaal, kantoor, API)", en="shut a door"),
    Lever.FREEZE_SOURCE: Text(nl="een gekoppeld systeem stilzetten", en="freeze a source"),
    Lever.HOLD_EVIDENCE: Text(nl="bewijs vasthouden", en="hold evidence"),
    Lever.ROTATE_KEYS: Text(nl="de sleutels vernieuwen", en="turn the keys"),
}
OUTCOMES: Mapping[Outcome, str] = {"done": "gedaan", "by-hand": "met de hand gedaan", "not-needed": "niet nodig"}
_CONTAINED = re.compile(r"([a-z-]+) \(([a-z-]+)\)(: .*)", re.DOTALL)


def contained_in_words(page: str) -> str:
    """Return what a page says of a lever in Dutch words; the page names lever and outcome by their ids."""
    found = _CONTAINED.fullmatch(page)
    if found is None or found[1] not in set(Lever) or found[2] not in OUTCOMES:
        return page
    outcome = next(words for name, words in OUTCOMES.items() if name == found[2])
    return f"{LEVERS[Lever(found[1])].nl} ({outcome}){'' if found[3] == ': -' else found[3]}"


REPORTERS: dict[Reporter, Text] = {
    Reporter.STAFF: Text(nl="iemand van ons", en="someone of our own"),
    Reporter.PROCESSOR: Text(nl="een verwerker", en="a processor"),
    Reporter.OUTSIDER: Text(nl="iemand van buiten", en="someone from outside"),
}
AUDIENCES: dict[Audience, Text] = {
    Audience.AUTHORITY: Text(nl="de toezichthouder", en="the authority"),
    Audience.PEOPLE: Text(nl="de mensen om wie het gaat", en="the people concerned"),
    Audience.PUBLIC: Text(nl="iedereen, openbaar", en="everyone, in public"),
    Audience.CONTROLLER: Text(nl="de opdrachtgever", en="the controller"),
}

_MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]


def moment(at: datetime, language: str) -> str:
    """Return an instant as people write it, on the Dutch clock."""
    here = at.astimezone(AMSTERDAM)
    if language == "nl":
        return f"{here.day} {_MONTHS[here.month - 1]} {here.year} om {here:%H.%M} uur"
    return f"{here.day} {here:%B %Y} at {here:%H:%M}"


def series(words: list[str], language: str) -> str:
    """Return words as one series: a, b en c."""
    found = list(dict.fromkeys(words))
    if len(found) < 2:
        return "".join(found)
    joint = "en" if language == "nl" else "and"
    return f"{', '.join(found[:-1])} {joint} {found[-1]}"
