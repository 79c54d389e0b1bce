"""Who receives data and how long data stay: L09, L12, L13 (Articles 13(1)(e), 13(2)(a)); and sales calls: L36 (Tw 11.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from gestand.law.transparency.cues import NOT_OWN, Statement
from gestand.law.transparency.model import Status, Verdict
from gestand.law.transparency.passages import around
from gestand.law.transparency.rules_practice import FORCE
from gestand.law.transparency.topics import Topic
from gestand.law.transparency.vocabulary import AGE, BASES, OPEN_END, TERM
from gestand.law.transparency.vocabulary_lists import DATA, GENERIC_RECIPIENT, PURPOSES, RECIPIENTS, SHARING
from gestand.law.transparency.wording import words

_NOT_RECEIVING = words(
    r"als verwerker|\bas (?:a |the )?(?:data )?processor",
    r"(?:ontvangen|krijgen|verkregen|verkrijgen|gekregen|afkomstig|verzamelen|obtain\w*|receive|collect\w*) (?:wij|we|hebben)? ?.{0,60}\b(?:van|uit|bij|from)\b",
    r"(?:wij|we) (?:\w{1,12} ){0,3}(?:ontvangen|krijgen|verkregen|obtain|receive|collect|get)\b|klacht",
    r"complain|zijn niet verantwoordelijk|not responsible|verkopen .{0,30}(?:niet|nooit)|(?:not|never) sell",
    r"\brecht\b|\bright\b|aan (?:uzelf|jezelf)|\bbewaren\b|\bkeep\b|belangenafweging",
    r"naar een andere? (?:organisatie|aanbieder)|to another (?:organi|provider|company)|gerechtvaardigd",
    r"legitimate interest|wachtwoord|adres wijzig",
)
_SUCH_AS = words(
    OPEN_END.pattern,
    r"te denken valt aan|denk(?:t u)? (?:hierbij |daarbij )?aan|\bzoals\b|such as|where they need|including\b",
)
_RECEIVING_HEADING = words(
    r"\bderden\b|\bdelen\b|\bdeelt|ontvang|\bwie\b|verstrek|share|recipient|third|\bwho\b|processor|partner|verwerkers|leverancier|supplier|others|anderen"
)
_NOBODY = words(
    r"(?:\bniet\b|\bnooit\b|\bgeen\b|niemand).{0,60}(?:derden|anderen|andere (?:partij|organisat|bedrij)|niemand)",
    r"(?:aan|met) niemand|(?:\bnot\b|\bnever\b|don't).{0,60}(?:third part|anyone|others|any other)",
    r"with (?:no one|nobody)|no (?:other )?recipients|no third part",
)
_EXCEPT = words(
    r"tenzij|behalve|\balleen\b|uitsluitend|\bslechts\b|zonder|unless|except|\bonly\b|without|verkopen|\bsell",
    r"noodzakelijk|marketing|commerci|\brent\b|reclame",
)

_KEEP = words(
    r"bewa(?:ar|ren|ard|ring)|opgeslagen|\bopslaan|opslag|verwijder|vernietig|\bwissen\b|gewist|anonimis",
    r"anoniem|houden (?:wij|we)|blijven .{0,40}(?:staan|bewaard)|retain|retention|\bkeep|\bkept\b",
    r"\bstor(?:e|ed|age)\b|delet|\beras|destroy|anonymi|\bheld\b|\bhold\b|how long|hoe lang|remov|\bwiped\b",
    r"overschreven|overwritten",
)
_NOT_KEEPING = words(
    r"\breage|reactie|\brespon|\breply|antwoord (?:u|je|op|binnen)|beantwoorden (?:wij|we)",
    r"\bverzoek\b.{0,60}(?:binnen|uit te voeren)|\brequests?\b.{0,60}within",
    r"within .{0,40}of (?:receiving )?your request|garantie|warranty|retour|bezorg",
    r"elke .{0,20}(?:herzien|gecontroleerd|getest)|reviewed every|klacht|melden (?:wij|we)|notify",
)
_SPECIFIC = words(
    r"selectielijst|archief|administratie|log|e-?mail|bericht|dossier|account|camera|klant|\blid\b|leden|lidmaatschap|offerte",
    r"back-?up|contact|\bvragen\b|factu|fiscal|belasting|aanvra|leerling|verzuim|cookie|beelden|foto|sollicit",
    r"personeel|vrijwillig|donat|abonn|contract|overeenkomst|garantie|reparatie|opnames|bezoek|invoice|record",
    r"message|membership|customer|application|applicant|quot|enquir|question|footage|volunteer|employee",
    r"subscri|purchase|support|ticket|tax|financial|accounting|history|gift|statistic|student|pupil|patient",
    r"pati[eë]nt|medical|medisch",
)
_CRITERION = words(
    r"\btotdat\b|\btot (?:u|je|jij|uw|je|het|de|einde|aan|opzegging|na|\w{1,15} is)\b",
    r"zo ?lang (?:als )?(?:u|je|jij|uw|jouw|het|de|er)\b(?!.{0,60}(?:noodzakelijk|nodig))|voor de duur van",
    r"gedurende de (?:looptijd|duur)|(?:direct|meteen|onmiddellijk) (?:na|daarna|verwijder)",
    r"na (?:afloop|beëindiging|opzegging|afhandeling|uitschrijving|afmelding) .{0,60}(?:verwijder|wissen|gewist|vernietig)",
    r"\buntil (?:you|your|the|it|we)\b|as long as (?:you|your|the|there)\b(?!.{0,60}(?:necessary|need))",
    r"for the (?:duration|life|term) of|(?:immediately|straight away|at once) (?:after|when|once|delet)",
    r"while (?:you|your)\b|selectielijst|\barchiefwet",
)
_FORMULA = words(
    r"zo ?lang|niet langer|langer dan|no longer|as long as|longer than|wettelijke (?:bewaar)?termijn",
    r"bewaarplicht|bewaarverplichting|redelijke termijn|reasonable period|required by law|legal retention",
    r"statutory (?:retention|period)",
)
_HEDGED = words(
    r"\b(?:kunnen|kan|may|might|could)\b.{0,100}(?:opgeslagen|bewaard|stored|kept|retained)",
    r"\b(?:opgeslagen|bewaard) (?:kunnen|kan) ",
)
_PARTS = re.compile(
    r";|, (?=[^,]{0,80}\d)|\. | (?:en|and) (?=[^,;]{3,60}\b\d{1,3} (?:jaar|maand|weken|dagen|year|month|week|day))"
)

_BY_PHONE = words(
    r"bellijst|call list|cold call|koude acquisitie|for calls\b",
    r"\bwe (?:phone|call|ring)\b|bellen (?:wij|we)\b|(?:wij|we) bellen|belbureau",
    r"telefonisch|per telefoon|via (?:de )?telefoon|\bbellen\b|\bgebeld\b|\bbelt\b|\bbel je\b|telemarketing",
    r"by (?:tele)?phone|via (?:tele)?phone|\bphone calls?|\bcalls?\b(?! (?:to )?it)|\bcall(?:ed|ing) you",
    r"over the phone|\bphone you|\bring you",
)
_OFFERING = words(
    r"aanbieding|\baanbod\b|reclame|marketing|verkoop|commercie|acquisitie|\boffers?\b|\bsales\b|promot",
    r"fundrais|werving|advert",
)
_AGREED = words(r"toestemming|recht van verzet|\bconsent|permission|nooit|\bniet\b|\bnever\b|\bnot\b|opt(?:ed)?[- ]?in")
_ONLY_IF_AGREED = words(
    r"(?:only|alleen) (?:call|bellen|gebeld).{0,40}(?:consent|permission|toestemming)",
    r"bellen .{0,12}alleen .{0,40}toestemming",
)
_CONSENTED = words(r"\bticked\b|aangevinkt|vinkje|toestemming|recht van verzet|\bconsent|permission|opt(?:ed)?[- ]?in")
_STOPS = words(
    r"(?:bel(?:len|t)?|phone|call) .{0,20}(?:nooit|niet) meer|never (?:call|phone)|not (?:to )?be (?:called|phoned)",
    r"niet op prijs|van de (?:bel)?lijst|off (?:the|our) (?:call )?list|(?:stop|stoppen) .{0,20}(?:bellen|calling)",
)
"""Somebody who says so is called no more: a courtesy, where the law asks consent beforehand."""
_UNASKED = words(
    r"zonder (?:uw |voorafgaande )?toestemming|without (?:your )?consent|tenzij u (?:bezwaar|aangeeft|zich)",
    r"unless you (?:object|opt|tell)",
)


@dataclass(frozen=True, slots=True)
class Keeping:
    """A piece of text about how long something stays. ``specific``: it says of what; ``real``: a term or a concrete event."""

    raw: str
    term: str
    specific: bool
    real: bool


def recipients(statement: Statement) -> Verdict:
    """Judge L09: named recipients or categories; "third parties where necessary" tells nobody."""
    found: list[tuple[int, bool, str]] = []
    generic = nobody = ""
    for passage in statement.own(NOT_OWN | {Topic.COOKIES, Topic.RIGHTS, Topic.FOOTER}):
        if not (
            SHARING.search(f"{passage.lead} | {passage.text}") or _RECEIVING_HEADING.search(passage.heading)
        ) or _NOT_RECEIVING.search(passage.text):
            continue
        kinds = {kind for kind, pattern in RECIPIENTS.items() if pattern.search(passage.text)}
        if kinds == {"public"} and FORCE.search(passage.text):
            kinds = set()
        if kinds:
            is_open = bool(
                _SUCH_AS.search(passage.text) or (passage.kind != "sentence" and _SUCH_AS.search(passage.lead))
            )
            found.append((len(kinds), is_open, passage.raw))
        elif not generic and GENERIC_RECIPIENT.search(passage.text):
            generic = passage.raw
        elif not nobody and _NOBODY.search(passage.text) and not _EXCEPT.search(passage.text):
            nobody = passage.raw
    if found:
        _, is_open, raw = max(found, key=lambda told: told[0])
        return Verdict(Status.PRESENT_OPEN if is_open else Status.PRESENT, raw)
    if nobody and not generic:
        return Verdict(Status.PRESENT, nobody)
    return Verdict(Status.PARTIAL, generic) if generic else Verdict(Status.MISSING)


@lru_cache(maxsize=1)
def keepings(statement: Statement) -> tuple[Keeping, ...]:
    """Return every piece of the statement that says how long data stay, in the order of the text."""
    found: list[Keeping] = []
    for passage in statement.own(NOT_OWN | {Topic.RIGHTS, Topic.COOKIES, Topic.FOOTER}):
        text = passage.text
        terms = list(TERM.finditer(text))
        listed = len(terms) >= 2 and (":" in text or ";" in text)
        if not (_KEEP.search(passage.scope) or listed) or AGE.search(text) or _NOT_KEEPING.search(text):
            continue
        if (
            not _KEEP.search(f"{passage.lead} | {text}")
            and not terms
            and not _CRITERION.search(text)
            and passage.kind == "sentence"
            and not _FORMULA.search(text)
        ):
            continue
        parts = [part for part in _PARTS.split(text) if part and part.strip()] if len(terms) >= 2 else [text]
        for part in parts:
            term = TERM.search(part)
            event = _CRITERION.search(part)
            if not (term or event or _FORMULA.search(part)):
                continue
            specific = (
                bool(_SPECIFIC.search(part))
                or passage.kind == "row"
                or _names_data(part)
                or (passage.kind == "item" and bool(term or event))
                or bool(_SPECIFIC.search(passage.heading) and term)
            )
            found.append(
                Keeping(
                    passage.raw,
                    term[0].lower() if term else "",
                    specific,
                    bool(term or event) and not _HEDGED.search(text),
                )
            )
    return tuple(found)


def _names_data(part: str) -> bool:
    return any(pattern.search(part) for pattern in (*DATA.values(), *PURPOSES.values()))


def retention(statement: Statement) -> Verdict:
    """Judge L12: a real term or a concrete event; only "as long as necessary" is partial."""
    found = keepings(statement)
    for keeping in found:
        if keeping.real and (keeping.term or keeping.specific):
            return Verdict(Status.PRESENT, keeping.raw)
    return Verdict(Status.PARTIAL, found[0].raw) if found else Verdict(Status.MISSING)


def retention_each(statement: Statement) -> Verdict:
    """Judge L13: terms for at least three kinds of data; one or two are partial, one blanket term is none."""
    told = [keeping for keeping in keepings(statement) if keeping.real and keeping.specific]
    if len(told) >= 3:
        return Verdict(Status.PRESENT, told[0].raw)
    return Verdict(Status.PARTIAL, told[0].raw) if told else Verdict(Status.MISSING)


def sales_calls(statement: Statement) -> Verdict:
    """Judge L36: offers by telephone need consent given beforehand (Tw 11.7); legitimate interest is the opposite."""
    called = stopped = ""
    for passage in statement.own(NOT_OWN | {Topic.COOKIES}):
        if not (
            _BY_PHONE.search(passage.text) and (_OFFERING.search(passage.text) or _ONLY_IF_AGREED.search(passage.text))
        ):
            continue
        lead = f"{passage.lead} | {passage.text}"
        if BASES["legitimate_interests"].search(lead) or _UNASKED.search(passage.text):
            return Verdict(Status.WRONG, passage.raw)
        if _AGREED.search(lead) or _CONSENTED.search(around(statement.passages, passage, 1)):
            return Verdict(Status.PRESENT, passage.raw)
        called = called or passage.raw
        if _STOPS.search(around(statement.passages, passage, 3)):
            stopped = stopped or passage.raw
    if stopped:
        return Verdict(Status.PARTIAL, stopped)
    return Verdict(Status.MISSING, called) if called else Verdict(Status.NOT_REQUIRED)
