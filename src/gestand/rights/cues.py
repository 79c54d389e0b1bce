"""The words by which a request is recognised, Dutch and English: what each points to, and how strongly. Data, no judgement.

Patterns read text in lower case without accents. Those of one line stand within one sentence (``_NEAR``), so that what a
mail says first and what it asks later are not joined. Weight 3: it can hardly be anything else; 2: likely; 1: a hint. A weight
below 0 tells against: whoever wants files wiped from a laptop asks for a repair.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Asked(StrEnum):
    """What a mail may ask: a right by its article, a complaint, or a plain question."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    COMPLAINT = "complaint"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Cue:
    """One pattern and what it points to; ``name`` is what a person sees as the reason."""

    asked: Asked
    name: str
    weight: float
    pattern: re.Pattern[str]


_NEAR: Final = r"[^.!?\n]{0,60}?"
_DATA: Final = r"(?:(?:persoons|klant|contact|adres)?gegevens|data|informatie|dossier|account|profiel)"
_ME: Final = r"(?:van|over|omtrent|inzake) (?:mij|me|ons|mijzelf|mezelf|mijn persoon|ondergetekende)\b"
_OWN: Final = r"(?:adres|naam|achternaam|voornaam|telefoonnummer|nummer|geboortedatum|postcode|e-?mailadres|mailadres|rekeningnummer|huisnummer|(?:contact|adres)?gegevens)"
_OWN_EN: Final = (
    r"(?:address|name|surname|phone number|number|date of birth|birthday|postcode|e-?mail|details|data|record)"
)
_DEVICE: Final = r"\b(?:laptop|pc|computer|harde schijf|schijf|ssd|usb(?:-stick)?|telefoon|tablet|iphone|ipad|macbook|hard drive|disk|phone|back-?up|printer|windows)\b"

_LINES: Final[tuple[tuple[Asked, str, float, str], ...]] = (
    # Article 15
    (Asked.ACCESS, "inzage", 3, r"\b(?:recht op )?inzage(?:verzoek|recht)?\b|\binzien\b"),
    (Asked.ACCESS, "welke gegevens van mij", 3, rf"\b(?:welke|wat voor|alle) {_NEAR}{_DATA}\b{_NEAR}\b{_ME}"),
    (Asked.ACCESS, "wat weet u van mij", 3, rf"\bwat\b{_NEAR}\b(?:weten|weet|hebben|heeft|hebt|bewaren|bewaart|staat|bekend|vastgelegd|opgeslagen|geregistreerd)\b{_NEAR}\b{_ME}"),
    (Asked.ACCESS, "wat van mij is vastgelegd", 3, rf"\bwat\b{_NEAR}\b{_ME}{_NEAR}\b(?:weten|weet|hebben|heeft|hebt|bewaren|bewaart|staat|bekend|vastgelegd|opgeslagen|opslaan|geregistreerd)\b"),
    (Asked.ACCESS, "kopie van mijn gegevens", 3, rf"\b(?:kopie|afschrift|overzicht|uitdraai)\b{_NEAR}\b(?:mijn|onze|alle|alles)\b{_NEAR}(?:{_DATA}|\b{_ME})"),
    (Asked.ACCESS, "mijn dossier opvragen", 2, r"\bmijn (?:hele |volledige )?dossier\b|\bdossier opvragen\b"),
    (Asked.ACCESS, "hoe komt u aan mijn gegevens", 2.5, rf"\bhoe\b{_NEAR}\b(?:aan|bij)\b{_NEAR}\bmijn {_NEAR}{_OWN}|\bhoe kom(?:t|en) (?:u|jullie) aan mijn\b"),
    (Asked.ACCESS, "met wie gedeeld", 2.5, rf"\b(?:met wie|aan wie|wie)\b{_NEAR}\bmijn {_NEAR}{_OWN}\b{_NEAR}\b(?:gedeeld|delen|deelt|gegeven|doorgegeven|gekregen|krijgt|verkocht)\b|\b(?:met wie|aan wie)\b{_NEAR}\b(?:gedeeld|gegeven|doorgegeven|verkocht)\b{_NEAR}\bmijn {_NEAR}{_OWN}"),
    (Asked.ACCESS, "artikel 15", 3, r"\b(?:artikel|art\.?|article) 15\b"),
    (Asked.ACCESS, "subject access", 3, r"\bsubject access\b|\bdsar\b|\baccess request\b"),
    (Asked.ACCESS, "what do you hold about me", 3, rf"\b(?:what|which|everything|all)\b{_NEAR}\b(?:hold|have|keep|kept|store|stored|know|got|on file|on record)\b{_NEAR}\b(?:about|on|of) me\b"),
    (Asked.ACCESS, "what about me is held", 3, rf"\b(?:what|which|any)\b{_NEAR}\b(?:about|on) me\b{_NEAR}\b(?:hold|have|keep|kept|store|stored|file)\b"),
    (Asked.ACCESS, "copy of my data", 3, rf"\bcop(?:y|ies) of\b{_NEAR}\b(?:my|about me)\b(?!{_NEAR}\b(?:invoice|receipt|quote)\b)"),
    (Asked.ACCESS, "access to my data", 3, rf"\baccess to\b{_NEAR}\bmy {_NEAR}\b(?:data|information|file|records?)\b|\bsee my (?:file|data|records?)\b"),
    (Asked.ACCESS, "where did you get my details", 2.5, rf"\b(?:where|how) did you get\b{_NEAR}\bmy\b"),
    (Asked.ACCESS, "who got my details", 2.5, rf"\bwho\b{_NEAR}\b(?:share|shared|given|passed|sold)\b{_NEAR}\bmy\b|\bwho (?:has|have) (?:got|received|seen) my\b"),
    # Article 16
    (Asked.RECTIFICATION, "klopt niet", 2, rf"\b(?:mijn|onze)\b{_NEAR}{_OWN}\b{_NEAR}\b(?:klop(?:t|pen) (?:\w+ )?niet|onjuist|verkeerd|fout|verouderd)\b"),
    (Asked.RECTIFICATION, "verkeerd gegeven", 2.5, rf"\b(?:verkeerde?|onjuiste?|foute?|oude?|verouderde?)\b {_NEAR}{_OWN}\b"),
    (Asked.RECTIFICATION, "pas mijn gegeven aan", 3, rf"\b(?:wijzig\w*|verander\w*|aanpassen|aangepast|pas|corrig\w+|gecorrigeerd|verbeter\w*|rectific\w+)\b{_NEAR}\b(?:mijn|onze)\b {_NEAR}{_OWN}\b"),
    (Asked.RECTIFICATION, "mijn gegeven aanpassen", 3, rf"\b(?:mijn|onze)\b {_NEAR}{_OWN}\b{_NEAR}\b(?:wijzig\w*|verander\w*|aanpassen|aangepast|corrig\w+|gecorrigeerd|verbeter\w*|rectific\w+)\b"),
    (Asked.RECTIFICATION, "nieuw gegeven", 2, rf"\b(?:nieuwe?|juiste) {_OWN}\b"),
    (Asked.RECTIFICATION, "verhuisd", 2, r"\b(?:verhuisd|verhuizen|verhuis)\b"),
    (Asked.RECTIFICATION, "verkeerd gespeld", 2.5, r"\b(?:verkeerd|fout) (?:gespeld|geschreven)\b|\b(?:schrijf|spel)\w*\b[^.!?\n]{0,30}\bmet (?:een|dubbel)\b"),
    (Asked.RECTIFICATION, "artikel 16", 3, r"\b(?:artikel|art\.?|article) 16\b"),
    (Asked.RECTIFICATION, "wrong detail", 2.5, rf"\b(?:wrong|incorrect|inaccurate|old|outdated|misspelled|misspelt)\b{_NEAR}\b{_OWN_EN}\b|\bmy {_NEAR}\b{_OWN_EN}\b{_NEAR}\b(?:wrong|incorrect|misspell?ed|misspelt|out of date)\b"),
    (Asked.RECTIFICATION, "change my detail", 3, rf"\b(?:correct|update|change|rectify|amend|fix)\b{_NEAR}\b(?:my|our) {_NEAR}\b{_OWN_EN}\b"),
    (Asked.RECTIFICATION, "new detail", 2, rf"\bnew {_OWN_EN}\b|\b(?:have|has|ve) moved\b"),
    # Article 17
    (Asked.ERASURE, "verwijder mijn gegevens", 3, rf"\b(?:verwijder\w*|wis|wissen|delete|deleten|schrap\w*|vernietig\w*)\b{_NEAR}\b(?:mijn|alle|alles|mij|me|onze)\b"),
    (Asked.ERASURE, "mijn gegevens weg", 3, rf"\b(?:mijn|alle|alles|onze)\b{_NEAR}\b(?:verwijder\w*|gewist|wissen|wist|weggooi\w*|weg te gooien|vernietig\w*|weghal\w*|opruim\w*|schrap\w*|gedelete)\b"),
    (Asked.ERASURE, "account opheffen", 3, r"\baccount\b[^.!?\n]{0,30}\b(?:opheff\w*|opzeg\w*|sluit\w*|beeindig\w*|opgeheven)\b"),
    (Asked.ERASURE, "vergeet mij", 3, r"\bvergeet (?:mij|me)\b|\brecht op vergetelheid\b|\bvergeten te worden\b"),
    (Asked.ERASURE, "uit uw systeem", 3, rf"\b(?:haal|haalt|gooi|schrijf|halen)\b{_NEAR}\buit\b{_NEAR}\b(?:systeem|bestand|klantenbestand|administratie|database)\b"),
    (Asked.ERASURE, "niets van mij bewaren", 3, rf"\b(?:niets|niks|geen {_DATA})\b{_NEAR}\b{_ME}{_NEAR}\b(?:bewa\w+|hebben|opslaat|houd\w*)\b|\bniet langer bewa\w+"),
    (Asked.ERASURE, "artikel 17", 3, r"\b(?:artikel|art\.?|article) 17\b"),
    (Asked.ERASURE, "delete my data", 3, rf"\b(?:delete|erase|remove|wipe|destroy|purge|scrub|get rid of)\b{_NEAR}\b(?:my|me from|all|everything|about me)\b"),
    (Asked.ERASURE, "my data deleted", 3, rf"\b(?:my|everything|all)\b{_NEAR}\b(?:deleted|erased|removed|wiped|destroyed)\b"),
    (Asked.ERASURE, "forget me", 3, r"\bforget (?:about )?me\b|\bright to be forgotten\b|\bto be forgotten\b"),
    (Asked.ERASURE, "close my account", 3, r"\b(?:close|cancel|terminate) my account\b"),
    # Article 18
    (Asked.RESTRICTION, "beperk het gebruik", 3.5, rf"\bbeperk\w*\b{_NEAR}\b(?:verwerk\w*|gebruik\w*|{_DATA})\b|\b(?:verwerking|gebruik)\b{_NEAR}\bbeperk\w*"),
    (Asked.RESTRICTION, "voorlopig niet gebruiken", 3.5, rf"\b(?:voorlopig|tijdelijk|even|zolang|totdat|tot)\b{_NEAR}\b(?:niet|niets|niks)\b{_NEAR}\b(?:gebruik\w*|mee|verwerk\w*|doen)\b|\b(?:gebruik|verwerk)\w*\b{_NEAR}\b(?:voorlopig|tijdelijk|even|zolang|totdat)\b{_NEAR}\bniet\b"),
    (Asked.RESTRICTION, "bevries", 3.5, rf"\b(?:bevries|bevriezen|blokkeer|blokkeren)\b{_NEAR}{_DATA}|\bmijn {_DATA}\b{_NEAR}\b(?:bevries\w*|bevriezen|blokker\w*|geblokkeerd)\b"),
    (Asked.RESTRICTION, "bewaren maar niet gebruiken", 3.5, rf"\b(?:bewaar|bewaren|laat)\b{_NEAR}\b(?:maar|alleen)\b{_NEAR}\b(?:niet|niets)\b{_NEAR}\b(?:gebruik\w*|mee)\b"),
    (Asked.RESTRICTION, "gebruik het niet", 3.5, r"\bgebruik (?:het|ze|die|dit) (?:\w+ )?niet\b"),
    (Asked.RESTRICTION, "niet wissen", 3.5, rf"\b(?:niet|nog niet|geen)\b{_NEAR}\b(?:wissen|verwijder\w*|weggooi\w*|vernietig\w*)\b{_NEAR}\b(?:zaak|rechtszaak|procedure|bewijs|nodig|schade|verzekering)\b"),
    (Asked.RESTRICTION, "artikel 18", 3.5, r"\b(?:artikel|art\.?|article) 18\b"),
    (Asked.RESTRICTION, "restrict", 3.5, rf"\brestrict\w*\b{_NEAR}\b(?:processing|use|using|data|details|information)\b|\b(?:processing|use)\b{_NEAR}\brestricted\b"),
    (Asked.RESTRICTION, "freeze", 3.5, rf"\b(?:freeze|suspend|pause|on hold|block)\b{_NEAR}\b(?:data|details|information|record|file|processing)\b|\b(?:data|details|record|file)\b{_NEAR}\bon hold\b"),
    (Asked.RESTRICTION, "keep but do not use", 3.5, rf"\b(?:do not|don'?t|stop|not be) us(?:e|ing|ed)\b{_NEAR}\b(?:until|till|while|for now|for the time being)\b|\bkeep\b{_NEAR}\bbut\b{_NEAR}\b(?:not|don'?t|stop)\b{_NEAR}\bus(?:e|ing)\b"),
    (Asked.RESTRICTION, "do not delete", 3.5, rf"\b(?:do not|don'?t) (?:delete|erase|destroy|remove)\b{_NEAR}\b(?:claim|court|evidence|need|insurance|case)\b"),
    # Article 20
    (Asked.PORTABILITY, "meenemen", 3.5, rf"\b{_DATA}\b{_NEAR}\b(?:meenemen|mee te nemen|meekrijgen|meegeven|overdra\w+|overgedragen|doorstur\w*|overzett\w*|overbrengen)\b"),
    (Asked.PORTABILITY, "naar een ander", 2, rf"\b(?:{_DATA})\b{_NEAR}\bnaar\b{_NEAR}\b(?:andere|nieuwe|volgende)\b{_NEAR}\b(?:leverancier|aanbieder|bedrijf|partij|winkel|computerzaak|dienstverlener)\b"),
    (Asked.PORTABILITY, "overdraagbaarheid", 3.5, r"\b(?:data)?portabiliteit\b|\boverdraagbaarheid\b|\bdataoverdracht\b"),
    (Asked.PORTABILITY, "leesbaar bestand", 3.5, rf"\b(?:csv|json|xml|vcard|machineleesbaar|excel(?:bestand)?)\b{_NEAR}\b(?:mijn|gegevens|data)\b|\b(?:mijn|gegevens|data)\b{_NEAR}\b(?:csv|json|xml|vcard|machineleesbaar|excel(?:bestand)?)\b"),
    (Asked.PORTABILITY, "artikel 20", 3.5, r"\b(?:artikel|art\.?|article) 20\b"),
    (Asked.PORTABILITY, "portability", 3.5, r"\bportab(?:le|ility)\b"),
    (Asked.PORTABILITY, "send it to another provider", 3.5, rf"\b(?:transfer|move|send|port|take)\b{_NEAR}\bmy (?:personal |contact |customer )?(?:data|details|information|records?)\b{_NEAR}\b(?:provider|company|supplier|shop|elsewhere|with me|competitor)\b"),
    (Asked.PORTABILITY, "machine-readable", 3.5, rf"\b(?:machine.readable|csv|json|xml|vcard)\b|\bexport of\b{_NEAR}\bmy\b"),
    # Article 21
    (Asked.OBJECTION, "bezwaar", 3, r"\b(?:maak|maken|teken|wil|hierbij|mijn)\b[^.!?\n]{0,30}\bbezwaar\b|\bbezwaar (?:maken|tegen)\b"),
    (Asked.OBJECTION, "geen bezwaar", -6, r"\bgeen (?:enkel )?bezwaar\b"),
    (Asked.OBJECTION, "uitschrijven", 3, rf"\b(?:uitschrijven|uitgeschreven|afmelden|afgemeld|uitschrijving|afmelding)\b|\b(?:schrijf|meld)\b{_NEAR}\b(?:mij|me)\b{_NEAR}\b(?:uit|af)\b"),
    (Asked.OBJECTION, "geen reclame meer", 3, r"\bgeen (?:\w+ ){0,2}(?:reclame|aanbiedingen|acties|nieuwsbrie\w+|mails?|mailtjes|folders|post|telefoontjes|sms(?:jes)?|spam)\b[^.!?\n]{0,40}\b(?:meer|ontvangen|sturen|krijgen)\b"),
    (Asked.OBJECTION, "stop met mailen", 3, rf"\b(?:stop|stoppen|hou|houd|ophouden)\b{_NEAR}\b(?:mailen|bellen|reclame|nieuwsbrie\w+|mailtjes|mails|aanbiedingen|sturen|toesturen|benaderen|lastigvallen)\b"),
    (Asked.OBJECTION, "niet meer benaderd", 3, rf"\bniet (?:meer|langer)\b{_NEAR}\b(?:gebeld|gemaild|benaderd|bellen|mailen|benaderen|lastig)\b"),
    (Asked.OBJECTION, "van de lijst", 3, rf"\b(?:haal|gooi|afhalen|halen)\b{_NEAR}\bvan\b{_NEAR}\b(?:mailing)?lijst\b"),
    (Asked.OBJECTION, "artikel 21", 3, r"\b(?:artikel|art\.?|article) 21\b"),
    (Asked.OBJECTION, "object", 3, r"\b(?:i|we|to|hereby) object\b|\bobject(?:ion)? to\b"),
    (Asked.OBJECTION, "unsubscribe", 3, r"\bunsubscribe\b|\bopt(?:ing)?[ -]out\b"),
    (Asked.OBJECTION, "no more offers", 3, r"\bno (?:more|longer)\b[^.!?\n]{0,30}\b(?:offers|marketing|newsletters?|e-?mails?|calls|ads|advertising|promotions?)\b|\b(?:do not|don'?t) want\b[^.!?\n]{0,40}\b(?:newsletters?|marketing|offers|ads|advertising|promotions?)\b"),
    (Asked.OBJECTION, "stop sending", 3, rf"\bstop\b{_NEAR}\b(?:sending|calling|e-?mailing|contacting|marketing|profiling)\b"),
    (Asked.OBJECTION, "off the list", 3, rf"\b(?:take|remove)\b{_NEAR}\b(?:off|from)\b{_NEAR}\b(?:mailing )?list\b"),
    # a complaint
    (Asked.COMPLAINT, "klacht", 2.5, r"\bklacht(?:en)?\b|\bklagen\b|\bbeklag\b"),
    (Asked.COMPLAINT, "ontevreden", 2, r"\b(?:ontevreden|teleurgesteld|schandalig|onacceptabel|belachelijk|niet te geloven|boos|slechte service)\b"),
    (Asked.COMPLAINT, "complaint", 2.5, r"\bcomplain(?:t|ts|ing)?\b"),
    (Asked.COMPLAINT, "dissatisfied", 2, r"\b(?:dissatisfied|unhappy|disappointed|unacceptable|disgrace\w*|appalling|poor service)\b"),
    # a plain question
    (Asked.QUESTION, "vraagteken", 0.8, r"\?"),
    (Asked.QUESTION, "vraag", 1, r"\b(?:ik heb een vraag|vraagje|mijn vraag|graag weten|benieuwd|kunt u|kunnen jullie|is het mogelijk|wat kost|wanneer|hoeveel|hoe laat|hoe lang)\b"),
    (Asked.QUESTION, "question", 1, r"\b(?:i have a question|quick question|wondering|could you|can you|how much|how long|what time|when can|do you (?:sell|repair|offer|have))\b"),
    # what tells against
    (Asked.ERASURE, "een apparaat", -4, _DEVICE),
    (Asked.PORTABILITY, "een apparaat", -4, _DEVICE),
    (Asked.ACCESS, "een apparaat", -2, rf"\b(?:gegevens|data|bestanden|files|informatie)\b{_NEAR}{_DEVICE}"),
    (Asked.RESTRICTION, "een apparaat", -2, _DEVICE),
    (Asked.ACCESS, "een stuk van de zaak", -3, rf"\binzage\b{_NEAR}\b(?:offerte|voorwaarden|agenda|planning|rooster)\b|\bkopie van\b{_NEAR}\b(?:factuur|offerte|bon)\b"),
    (Asked.RECTIFICATION, "een afspraak of bestelling", -3, r"\b(?:afspraak|bestelling|order|appointment|booking)\b"),
    (Asked.OBJECTION, "van een lijst, niet uit alles", 1, r"\b(?:nieuwsbrief|newsletter|mailing|reclame|marketing)\b"),
    (Asked.ACCESS, "weg met alles", -3, rf"\b(?:verwijder\w*|wis|wissen|vernietig\w*|delete|erase|remove|destroy)\b{_NEAR}\b(?:alles|everything|all)\b"),
    (Asked.ERASURE, "van een lijst, niet uit alles", -3, r"\b(?:mailing ?lijst|mailing list|nieuwsbrief|newsletter)\b"),
    (Asked.ERASURE, "juist niet wissen", -6, r"\b(?:niet|do not|don'?t|geen)\b[^.!?\n]{0,20}\b(?:wissen|verwijder\w*|delete|erase|remove|weggooi\w*|vernietig\w*|destroy)\b"),
)  # fmt: skip
CUES: Final = tuple(Cue(asked, name, weight, re.compile(pattern)) for asked, name, weight, pattern in _LINES)
