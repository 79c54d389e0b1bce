"""The words of privacy statements, Dutch and English: bases, purposes, data, recipients, terms, authorities."""

from __future__ import annotations

import re

from gestand.law.transparency.wording import Words, words

NUMBER = (
    r"(?:\d{1,3}|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|twaalf|veertien|dertig|anderhalf|half|"
    r"an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|thirty|ninety)"
)
UNIT = r"(?:werkdag(?:en)?|kalenderdag(?:en)?|dag(?:en)?|we(?:ek|ken)|maand(?:en)?|kwartaal|jaar|jaren|uur|uren|hours?|working days?|business days?|calendar days?|days?|weeks?|months?|quarters?|years?)"
TERM = re.compile(
    rf"\b(?:{NUMBER}\s?(?:\(\w{{1,12}}\)\s?)?(?:volle |hele |kalender|full |calendar )?[- ]?{UNIT}|half jaar|(?:\d{{1,2}}|een|één|one)?-?jaarlijks)\b",
    re.IGNORECASE,
)
AGE = words(
    r"jonger dan|ouder dan \d|onder de (?:1\d|zestien|leeftijd)",
    r"(?:under|over|below|at least|younger than|older than) (?:the age of )?(?:1\d|sixteen|thirteen)",
    r"leeftijd van|\bage of\b|\bvan 1\d jaar|years old|\baged\b",
)

EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,24}){1,4}")
ADDRESS = re.compile(
    r"\b[1-9]\d{3}\s?[A-Z]{2}\b(?!\s?\d)|"  # 5854 GH
    r"\b(?:[Pp]ostbus|P\.?O\.? [Bb]ox)\s\d{1,6}|"
    r"\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b|"  # EC1A 1BB
    r"\b[A-Z]\d{2}\s[A-Z\d]{4}\b|"  # D02 X285
    r"\b[A-Z][a-zà-ÿ]{2,30}(?:straat|laan|weg|plein|kade|gracht|singel|dreef|hof|dijk|markt|steeg|pad|plantsoen|baan|straße|strasse|gasse)\s\d{1,5}\b|"
    r"\b\d{1,5}\s[A-Z][a-z]{1,25}\s(?:[A-Z][a-z]{1,25}\s)?(?:Street|St\.|Road|Rd\.?|Avenue|Ave\.?|Lane|Drive|Square|Way|Court|Boulevard|Quay|Row|Place|Terrace)\b"
)
AUTHORITY_PLACE = words(
    r"autoriteitpersoonsgegevens|postbus 93374|2509 ?AJ|2594 ?AV|2514 ?EL|hoge nieuwstraat",
    r"bezuidenhoutseweg 30|wycliffe house|SK9 5AF|@ico\.org|drukpersstraat|apd-gba|fitzwilliam square",
    r"D02 ?X963|D02 RD28|dataprotection\.ie|pembroke row",
)
AUTHORITY = words(
    r"autoriteit persoonsgegevens|\b(?-i:AP)\b(?!I)|toezichthouder|toezichthoudende (?:autoriteit|instantie)",
    r"privacytoezichthouder|supervisory authorit|data protection (?:authorit|commission)",
    r"information commissioner|\b(?-i:ICO)\b|\b(?:D|Dutch )DPA\b|privacy (?:authority|regulator|watchdog)",
    r"gegevensbeschermingsautoriteit|dutch dpa|\bregulator\b|autoriteitpersoonsgegevens",
)
COMPLAINT = words(r"klacht|\bklagen\b|klaag|\btip\b|complain|ontevreden|niet tevreden|dissatisfied|unhappy|\bbeklag")

BASES: dict[str, Words] = {
    "consent": words(r"\btoestemming\b|\bconsent(?:ed|s)?\b|\bpermission\b"),
    "contract": words(
        r"(?:gebaseerd|berust\w{0,2}) op .{0,40}(?:overeenkomst|contract)|\((?:the |our |de |een )?(?:contract|agreement|overeenkomst)\)|perform (?:our|your) contracts?|omdat (?:u|je) ons .{0,20}opdracht|carry out .{0,30}agreement|on the basis of (?:our|the|a) contract",
        r"(?:uitvoer(?:ing|en)|nakom(?:ing|en)|sluiten|aangaan|totstandkoming|op basis) van (?:de|een|onze|het|uw|jouw|je|deze|die|haar|zijn)?\s?(?:\w{1,20}\s)?\w{0,20}(?:overeenkomst|contract|opdracht)",
        r"(?:overeenkomst|contract|opdracht)\w{0,3} (?:met \w{1,12} )?(?:uit te voeren|na te komen|te sluiten|uitvoeren)",
        r"(?:grondslag|basis|grond)\w{0,3}\s?[:(]?\s?(?:is )?(?:de |een |onze |het )?\w{0,20}(?:overeenkomst|contract)\b",
        r"(?:grondslag|rechtsgrond|basis|ground)\b.{0,60}\b(?:is|:) (?:de|onze|een|the|our|a) \w{0,20}(?:overeenkomst|contract|agreement)\b",
        r"\| (?:the |our |de |een |onze )?\w{0,12} ?(?:contract|agreement|overeenkomst)(?: \||$)|voor het contract (?:dat|met|tussen)\b|\bcontract dat (?:wij|we|u|je)\b|for (?:the|our|your) contract with\b",
        r"^(?:de )?overeenkomst$|noodzakelijk voor (?:de|een|onze) \w{0,20}overeenkomst",
        r"perform(?:ance|ing)? (?:of )?(?:a|the|our|your|this|that|any|their) (?:\w{1,20} )?(?:contract|agreement)",
        r"contractual (?:necessity|obligation|basis|relationship)",
        r"(?:basis|ground)\w{0,3}\s?[:(]?\s?(?:is )?(?:the |a |our )?contract\b|^(?:the )?contract$",
        r"(?:fulfil|enter|carry out|execute|honou?r)\w{0,4} (?:into |out )?(?:a|the|our|your) (?:\w{1,20} )?(?:contract|agreement)",
        r"contract (?:with|between) (?:you|us)",
        r"necessary for (?:a|the|our|your) (?:\w{1,20} )?(?:contract|agreement)|overeenkomst \(art|contract \(art",
    ),
    "legal_obligation": words(
        r"wettelijke? (?:\w{1,20} )?(?:verplichting|plicht|taak|voorschrift|bewaarplicht|grondslag)",
        r"wettelijk (?:\w{1,8} ){0,2}(?:verplicht|gehouden)|(?:de )?wet (?:het |dit |dat |ons (?:daartoe |hiertoe )?|hiertoe |daartoe )?(?:voorschrijft|verplicht|vereist|eist)|\bmoet van de wet|verplicht op grond van de wet|bij wet verplicht",
        r"verplichting (?:uit|op grond van|volgens) de (?:\w{1,20}wet|wet)",
        r"(?:legal|statutory|tax|regulatory) (?:\w{1,15} )?(?:obligation|duty|duties|requirement)",
        r"required by (?:tax )?law|comply with (?:the |our |any |applicable )?(?:legal|law|statutory|tax)",
        r"obliged by law|(?:the )?law (?:requires|obliges|says)|because (?:of the|by) law",
    ),
    "legitimate_interests": words(
        r"gerechtvaardigde?n? (?:\w{1,20} )?belang|legitimate (?:\w{1,20} )?interest|gerechtvaardigd zakelijk"
    ),
    "public_task": words(
        r"publieke taak|publiekrechtelijke taak|algemeen belang|openbaar gezag|public (?:task|interest|authority)",
        r"official authority|wettelijke taak|overheidstaak",
    ),
    "vital_interests": words(r"vitale? belang|vital interest|levensbelang"),
}
CONSENT_AS_BASIS = words(
    r"(?:op (?:basis|grond) van|met|na|na uw|dankzij|door|zonder|wij vragen|vragen (?:wij|we)|grondslag\w{0,3}\s?[:(]?\s?(?:is )?)\s?(?:\w{1,12} ){0,2}toestemming",
    r"toestemming (?:gegeven|geeft|gaf|hebt|heeft|heb|van \w{1,15}|verleend|verleent|vragen|nodig)",
    r"(?:gegeven|geeft|geef|gaf|hebt|heeft|uw|jouw|je|ons) (?:\w{1,12} ){0,3}toestemming",
    r"^(?:uw |jouw |je )?toestemming\b|toestemming \(art|\| ?(?:uw )?toestemming\b",
    r"[:;,(] ?(?:\w{1,5} )?toestemming\b",
    r"(?:with|on the basis of|based on|rely on|by|on|where|if|have|given|gave|give|obtain|ask for|asked for|basis\w{0,3}\s?[:(]?\s?(?:is )?)\s?(?:\w{1,12} ){0,3}(?:consent|permission)",
    r"^(?:your )?consent\b|\| ?(?:your )?consent\b|[:;,(] ?(?:\w{1,5} )?consent\b|consent \(art",
)

MARKETING = words(
    r"fondsenwerving|fondsen te werven|acties en nieuws|note about our|news and offers|nieuws en (?:acties|aanbiedingen)",
    r"direct[- ]marketing|marketing|nieuwsbrie|newsletter|aanbieding|reclame|promotionele|promotional",
    r"commerci[eë]le (?:berichten|mail|doel|commun)|commercial (?:messages|communic|e-?mail)|mailings?\b",
    r"advert(?:enties|ising)|fundraising|special offers",
)
OPEN_END = words(
    r"\bonder andere\b|\bonder meer\b|\bo\.a\.|\bbijvoorbeeld\b|\betc\b|\betcetera\b|\benzovoort|\benz\.",
    r"among other|including but not limited|including,? without limitation|for example|for instance|\be\.g\.",
    r"\band so on\b|not limited to|inter alia|may include",
)
