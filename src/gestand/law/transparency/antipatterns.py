"""Wordings at odds with the law or with plain information: AP01 to AP16, each with its source and how it is seen.

The sixteen were found in real statements; the patterns look for the thought, in Dutch and English, not for one sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from gestand.law.transparency.cues import Statement
from gestand.law.transparency.dates import last_changed
from gestand.law.transparency.judge_flow import retention_each
from gestand.law.transparency.model import Antipattern, Sighting, Status
from gestand.law.transparency.passages import Passage
from gestand.law.transparency.topics import Topic
from gestand.law.transparency.wording import Words, words

STALE_AFTER_DAYS = 366

ANTIPATTERNS: tuple[Antipattern, ...] = (
    Antipattern(
        "AP01",
        "6(1)(c), (f)",
        "Belooft meer dan waar kan zijn: ook zonder afspraak gebruikt u gegevens, bijvoorbeeld voor een wettelijke plicht.",
        "Promises more than can be true: data are also used without agreement, for instance for a legal duty.",
    ),
    Antipattern(
        "AP02",
        "12(1), 13-14; WP260",
        "Open lijst: de lezer weet niet welke gegevens er nog meer zijn.",
        "Open list: the reader cannot know which other data there are.",
    ),
    Antipattern(
        "AP03",
        "33(1), 34(3)",
        "De uitzonderingen gelden alleen voor het bericht aan mensen, niet voor de melding aan de toezichthouder.",
        "The exceptions concern only the notice to people, never the notification to the authority.",
    ),
    Antipattern(
        "AP04",
        "Tw 11.7",
        "Reclame per mail of telefoon steunt hier op een gerechtvaardigd belang; daarvoor is meestal toestemming nodig.",
        "Marketing by mail or telephone rests here on a legitimate interest; it mostly needs consent.",
    ),
    Antipattern(
        "AP05",
        "6(1)(c)",
        "Geschillen behandelen is geen wettelijke verplichting; eerder een gerechtvaardigd belang.",
        "Handling disputes is no legal obligation; rather a legitimate interest.",
    ),
    Antipattern(
        "AP06",
        "12(1), 13(3); WP260",
        "Legt het bijhouden van wijzigingen bij de lezer.",
        "Leaves it to the reader to keep track of changes.",
    ),
    Antipattern(
        "AP07",
        "13(2)(a); WP260",
        "Algemene formule: de lezer weet niet hoe lang.",
        "Generic formula: the reader cannot tell how long.",
    ),
    Antipattern(
        "AP08",
        "5(1)(e); AWR 52",
        "Alle berichten zeven jaar bewaren: de bewaarplicht geldt alleen voor de administratie.",
        "All messages for seven years: the statutory duty covers the books only.",
    ),
    Antipattern(
        "AP09",
        "13(1)(e)",
        "Zo ruim dat de lezer niet weet wie gegevens krijgt.",
        "So wide that the reader cannot know who receives data.",
    ),
    Antipattern(
        "AP10",
        "12(2)",
        "Een vaste vermelding mag geen voorwaarde zijn om een verzoek te behandelen.",
        "A set marking cannot be a condition for dealing with a request.",
    ),
    Antipattern(
        "AP11",
        "13(1)(e), 6(1)",
        "Open lijst van gevallen waarin gegevens zonder toestemming naar anderen gaan.",
        "Open list of cases in which data go to others without consent.",
    ),
    Antipattern(
        "AP12",
        "6(1)(b)",
        "De stap naar een overeenkomst valt bij mensen onder de overeenkomst zelf, niet onder een gerechtvaardigd belang.",
        "Steps towards a contract with a person rest on the contract, not on a legitimate interest.",
    ),
    Antipattern(
        "AP13",
        "12(1)",
        "Een privacyverklaring geeft uitleg; het zijn geen voorwaarden waarmee iemand akkoord gaat.",
        "A privacy statement informs; it is not a set of terms to agree to.",
    ),
    Antipattern(
        "AP14",
        "5(1)(e)",
        "Een back-up is geen reden om gegevens te bewaren.",
        "A backup is no ground for keeping data.",
    ),
    Antipattern(
        "AP15",
        "17(3)",
        "Ruimer dan de wet: wissen weigeren kan alleen op de gronden van artikel 17 lid 3.",
        "Wider than the law: erasure can be refused only on the grounds of Article 17(3).",
    ),
    Antipattern(
        "AP16",
        "5(2), 24(1)",
        "De laatste wijziging is meer dan een jaar geleden.",
        "The last change is more than a year ago.",
    ),
)

_OFFER = r"(?:aanbieding|aanbod|reclame|marketing|nieuwsbrief|offers?|promotion|newsletter)"
_CONTACTED = r"(?:e-?mail|mail|telefoni|telefoon|bellen|phone|call)"
_GENERIC_RETENTION = words(
    r"zo ?lang (?:als )?(?:dat |dit )?(?:in redelijkheid )?(?:\w{1,15} )?(?:nodig|noodzakelijk)",
    r"niet langer .{0,25}(?:nodig|noodzakelijk)|as long as .{0,25}(?:necessary|needed|required)",
    r"no longer than .{0,25}(?:necessary|needed|required)",
)
_SIGNS: dict[str, Words] = {
    "AP01": words(
        r"(?:alleen|uitsluitend|slechts) (?:\w{1,12} ){0,4}(?:gebruikt|gebruiken|verwerkt|verwerken) .{0,60}(?:doel|doeleinden).{0,40}(?:overeengekomen|afgesproken|ingestemd)",
        r"only (?:\w{1,12} ){0,4}(?:used?|process(?:ed)?) .{0,60}purposes?.{0,40}(?:agreed|agreement with you|consented)",
    ),
    "AP02": words(
        r"(?:onder andere|onder meer|o\.a\.|bijvoorbeeld|niet beperkt tot) .{0,30}(?:persoons)?gegevens",
        r"(?:persoons)?gegevens.{0,30}(?:onder andere|onder meer|o\.a\.|waaronder mogelijk)",
        r"(?:among other(?:s| things)?|including but not limited to|not limited to|inter alia),? .{0,40}(?:data|information)",
        r"(?:personal data|information).{0,40}(?:among other|including but not limited|including,? without limitation|not limited to)",
    ),
    "AP03": words(
        r"(?:hoeft|hoeven) (?:er )?(?:geen|niet)\b.{0,30}meld|geen melding .{0,25}(?:nodig|gedaan|vereist)",
        r"meld\w* .{0,20}(?:niet|geen) (?:nodig|vereist|verplicht)",
        r"(?:no|not) .{0,30}(?:notif|report)\w* .{0,40}\bif\b",
        r"(?:notif|report)\w* .{0,25}not (?:required|needed|necessary) (?:if|when|where)",
    ),
    "AP04": words(
        rf"{_OFFER}.{{0,80}}{_CONTACTED}.{{0,120}}(?:gerechtvaardigd|legitimate)",
        rf"(?:gerechtvaardigd|legitimate).{{0,160}}{_OFFER}.{{0,60}}{_CONTACTED}",
        rf"(?:gerechtvaardigd|legitimate).{{0,120}}{_CONTACTED}.{{0,60}}{_OFFER}",
    ),
    "AP05": words(
        r"(?:wettelijke (?:verplichting|plicht)|legal (?:obligation|duty)).{0,160}(?:geschil|dispute)",
        r"(?:geschil|dispute).{0,100}(?:wettelijke (?:verplichting|plicht)|legal (?:obligation|duty))",
    ),
    "AP06": words(
        r"regelmatig .{0,60}(?:te kijken|kijken|raadplegen|te raadplegen|te lezen|te controleren|bekijken|te bezoeken|controleren)",
        r"(?:raadpleeg|bekijk|controleer|lees|check).{0,60}(?:regelmatig|geregeld|van tijd tot tijd)",
        r"(?:check|review|visit|consult|read|look at).{0,60}(?:regularly|periodically|frequently|from time to time|occasionally)",
        r"(?:regularly|periodically) (?:check|review|visit|consult)",
    ),
    "AP07": _GENERIC_RETENTION,
    "AP08": words(
        r"(?:e-?mail|berichten|correspondentie|messages|correspondence).{0,220}\b(?:7|zeven|seven) (?:jaar|years)"
    ),
    "AP09": words(
        r"(?:derden|third part|anderen|others).{0,160}(?:tenzij|alleen (?:als|indien|wanneer)|indien|unless|where|if|when).{0,60}(?:noodzakelijk|nodig|necessary|needed).{0,200}(?:in het algemeen|goede uitvoering|bedrijfsvoering|in general|proper performance|business purposes|our business)"
    ),
    "AP10": words(
        r"(?:onder|met) vermelding van ['\"]", r"(?:quoting|marked|stating|with the (?:subject|reference|words?)) ['\"]"
    ),
    "AP11": words(
        r"zonder (?:uw )?toestemming .{0,160}(?:bijvoorbeeld|onder andere|zoals)",
        r"(?:bijvoorbeeld|zoals) .{0,80}zonder (?:uw )?toestemming",
        r"without (?:your )?consent .{0,160}(?:for example|such as|for instance|including)",
    ),
    "AP12": words(
        r"(?:gerechtvaardigd|legitimate).{0,120}(?:totstandkoming van (?:de|een) overeenkomst|offerte|conclud\w+ (?:a|the) contract|quotation)",
        r"(?:offerte|totstandkoming van (?:de|een) overeenkomst|quotation).{0,80}(?:gerechtvaardigd|legitimate)",
    ),
    "AP13": words(
        r"privacy[- ]?voorwaarden|privacy terms",
        r"(?:gaat|ga|bent|stemt|stem) (?:u|je) .{0,60}(?:akkoord|in) .{0,20}(?:deze|dit|onze|ons|met) .{0,20}privacy\w*",
        r"akkoord .{0,20}(?:deze|dit|onze|ons) privacy",
        r"(?:you )?(?:agree|consent|accept)\w* .{0,30}(?:this|our|the) privacy (?:policy|notice|statement)",
    ),
    "AP14": words(
        r"(?:vanwege|als gevolg van|door|wegens|in verband met) .{0,40}back-?up.{0,160}(?:bewa|opgeslagen|jaar)",
        r"(?:because of|due to|as a result of) .{0,40}back-?up.{0,160}(?:kept|stored|retain|years)",
    ),
    "AP15": words(
        r"(?:wis|verwijder|verzoek).{0,160}andere (?:gegronde|goede|gerechtvaardigde|zwaarwegende) redenen",
        r"(?:eras|delet|remov|request).{0,160}other (?:valid|well-founded|good|legitimate|reasonable|justified) (?:reasons|grounds)",
    ),
}
_KEEPING = words(r"bewa(?:ar|ren)|retain|\bkeep\b|\bkept\b")
_WITH_LEAD = frozenset({"AP04", "AP05", "AP12"})


def sightings(statement: Statement, today: date | None) -> tuple[Sighting, ...]:
    """Return the antipatterns seen, each with its first passage. Without ``today`` no date is called old."""
    terms_given = retention_each(statement).status is Status.PRESENT
    seen: list[Sighting] = []
    for antipattern in ANTIPATTERNS:
        sign = _SIGNS.get(antipattern.id)
        if sign is None or (antipattern.id == "AP07" and terms_given):
            continue
        at = _first(statement, _reading(antipattern.id), sign)
        if at:
            seen.append(Sighting(antipattern, at.raw))
    changed = last_changed(statement)
    if today is not None and changed is not None and (today - changed[0]).days > STALE_AFTER_DAYS:
        seen.append(Sighting(ANTIPATTERNS[-1], changed[1]))
    return tuple(seen)


def _reading(which: str) -> Callable[[Passage], str]:
    if which in _WITH_LEAD:
        return lambda passage: f"{passage.lead} {passage.text}"
    return lambda passage: passage.text


def _first(statement: Statement, read: Callable[[Passage], str], sign: Words) -> Passage | None:
    for passage in statement.passages:
        if passage.topic in {Topic.ELSEWHERE, Topic.DEFINITION} or (
            passage.kind == "heading" and len(passage.text) < 40
        ):
            continue
        if sign is _SIGNS["AP05"] and _KEEPING.search(passage.text):
            continue
        if sign.search(read(passage)) and not (read(passage) == passage.text and passage.text.endswith("?")):
            return passage
    return None
