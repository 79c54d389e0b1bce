"""How rights are used (Article 12) and the road to court: L27 to L31."""

from __future__ import annotations

from gestand.law.transparency.cues import Cue
from gestand.law.transparency.model import Status
from gestand.law.transparency.vocabulary import AUTHORITY, COMPLAINT, EMAIL, MARKETING
from gestand.law.transparency.wording import words

PRESENT, PARTIAL, WRONG = Status.PRESENT, Status.PARTIAL, Status.WRONG

SHORT_TERM = words(
    r"\b(?:binnen|within|uiterlijk|in|no later than|maximaal|at most|at the latest|duurt|takes?|up to)\b.{0,25}\b(?:(?:een|één|1|one|a|a single) (?:\((?:1|één|een|one)\) )?(?:kalender|calendar )?(?:maand|month)\b|(?:vier|4|four|twee|2|two|drie|3|three|een|één|1|one) (?:\(\w{1,5}\) )?we(?:ek|ken|eks?)\b|"
    r"(?:30|dertig|thirty|28|21|20|twintig|15|14|veertien|fourteen|10|tien|ten|7|zeven|seven|5|vijf|five|3|drie|three|2|twee|two) (?:\(\w{1,8}\) )?(?:werk|kalender|working |business |calendar )?(?:dagen|days)\b)",
    r"\b(?:een|één|one) (?:maand|month) (?:na (?:ontvangst|uw)|of receipt|of receiving|from receipt|to respond|after receiving)",
    r"(?:maand|month) de tijd",
)
LONG_TERM = words(
    r"\b(?:binnen|within|uiterlijk|no later than|maximaal|at most)\b.{0,15}(?:(?:vijf|5|zes|6|acht|8|five|six|eight|tien|ten|10|12|twaalf) (?:weken|weeks)|(?:twee|2|two|drie|3|three|zes|6|six) (?:maanden|months)|(?:40|45|60|90|forty|sixty|zestig|negentig) (?:\(\w{1,8}\) )?(?:dagen|days))",
)
PROOF = words(
    r"\b(?:see|glance at|look at|show|bring) .{0,20}(?-i:\bID\b)",
    r"legitimatiebewijs|identiteitsbewijs (?:te )?(?:tonen|laten zien|mee)|controlevra|(?:show|bring) .{0,30}(?:\bID\b|identification|proof of)|(?:security|control) questions",
    r"zeker (?:te )?(?:weten|zijn) dat (?:u|je|jij) .{0,30}\bbent\b|(?:sure|certain) (?:that )?you are the ",
    r"identiteit|identity|identificeren|\bidentify (?:you|your)|legitim(?:eren|atie|eer)",
    r"(?:kopie|copy|scan).{0,30}(?:\bID\b|paspoort|passport|rijbewijs|driving)",
    r"(?:zeker|sure|vergewis|vast ?stellen|verif|controler|nagaan|check|confirm|weten).{0,50}(?:(?:u|jij|je) (?:het )?(?:echt |zelf )?bent|it is (?:really )?you|it's (?:really )?you|who you are|you are who|door (?:u|jou) (?:is|zelf)|wie (?:u|je) bent|van (?:u|jou) (?:zelf )?(?:komt|is))",
)
ID_COPY = words(r"(?:kopie|copy|scan).{0,50}(?:identiteit|identity|\bID\b|paspoort|passport|legitim|photo id)")
ID_SHIELDED = words(
    r"geen kopie|zonder (?:een )?kopie|\bniet\b|nooit|\bno\b|\bnot\b|never|without a copy|zwart|afgescherm",
    r"afscherm|afdek|onleesbaar|mask|redact|\bcover|black|KopieID|obscur",
)
CHANNEL = words(
    r"@|per post|schriftelijk|per brief|e-?mail|\bmailen|\bmail\b|contact|formulier|\bform\b|in writing",
    r"by post|\bwrit(?:e|ing)\b|telefo|\bphone|\bcall\b|\bstu(?:ur|urt|ren)\b|\bsend|uw account|je account",
    r"secretar(?:is|iaat|y)|\bbestuur\b|functionaris|\bofficer\b|\breception\b|receptie|your account|portal?|\bpost\b|\bbalie",
)
ASKING = words(
    r"(?:wilt|wil) (?:u|je) weten wat .{0,80}",
    r"(?:verzoek(?:en)?|rechten?)\b.{0,80}(?:kunt|kun|kan|doen|gedaan|indien|richten|stur|stuurt|via|uitoefen|gebruik)",
    r"(?:stuur|richt|dien|doe|doen|zend|mail).{0,60}verzoek|gebruik(?: te)? maken van .{0,40}recht",
    r"rechten? .{0,30}(?:uit te oefenen|uitoefenen|gebruiken)",
    r"verzoek (?:tot|om) (?:inzage|verwijder|correctie|wissen)",
    r"wilt? (?:u|je) .{0,80}(?:inzien|inzage|wijzigen|verwijder|corrigeren|rechten)",
    r"(?:send|make|submit|direct|address|e-?mail).{0,60}(?:request|rights)",
    r"requests? .{0,60}(?:can be|may be|should be|to be|by e-?mail|by post|to\b|via)",
    r"exercis\w{0,4} .{0,40}rights?|rights? .{0,50}(?:exercis|contact|write|e-?mail)",
    r"(?:to|if you) .{0,40}(?:use|exercise|access|correct|delete) .{0,60}(?:contact|e-?mail|write)",
)
NOT_A_REQUEST = words(
    r"bevoegde|\bpolice\b|politie|newsletter|nieuwsbrief|wachtwoord|password|offerte|\bquote\b|bestelling",
    r"lodge a complaint|complain to|klacht indienen|retour",
)

OTHER_LAW = words(r"california|\bCCPA\b|\bCPRA\b|consumer request|colorado|virginia")
"""Rights under another law than the GDPR say nothing of those under it."""
NEAR_REQUEST = words(
    r"ask to see|ask us what|\bverwijderen of aanpassen",
    r"verzoek|\brechten\b|recht op|inzage|inzien|request|\brights\b|right (?:to|of)\b|access to your|gegevens .{0,30}(?:wissen|corriger|verwijder)",
    r"\bafschrift|kopie van (?:uw|je|jouw|het)|dossier|weten wat (?:wij|we)|weggooi|see the data|what we know|overzicht",
)
NOT_THIS_TERM = words(
    r"datalek|\b72\b|bewa|retain|\bkept\b|retour|bezorg|deliver|refund|verwijder(?:d|en) (?:wij|we)|nieuwsbrief|newsletter|leverti",
    r"forward|doorgestuurd|complain|klacht|wijziging|changes? to",
)

CUES: dict[str, tuple[Cue, ...]] = {
    "L27": (
        Cue(
            PRESENT,
            SHORT_TERM,
            also=words(
                r"\b(?:reageer|reageren|respond)\b.{0,60}(?:maand|month)|(?:maand|month).{0,60}\b(?:reageer|reageren|respond)\b"
            ),
            unless=NOT_THIS_TERM,
        ),
        Cue(PRESENT, SHORT_TERM, near=NEAR_REQUEST, unless=NOT_THIS_TERM, reach=6),
        Cue(
            WRONG,
            LONG_TERM,
            unless_scope=OTHER_LAW,
            near=NEAR_REQUEST,
            reach=6,
            unless=words(r"verleng|extend|bewa|\bkeep|retain|\bkept\b|delet|verwijder|bezwaar maken|besluit"),
        ),
        Cue(
            PARTIAL,
            words(
                r"wettelijke (?:\w{1,12} )?termijn|zo (?:snel|spoedig) mogelijk|as soon as (?:possible|we can|reasonably)",
                r"without (?:undue )?delay|onverwijld|\bpromptly\b|redelijke termijn",
                r"(?:statutory|legal|reasonable) (?:period|time|deadline|term)|snel (?:mogelijk )?(?:op|antwoord)",
            ),
            scope=words(r"verzoek|\brechten\b|inzage|request|\brights\b"),
            unless=words(r"verwijder|delet|\blek|breach"),
        ),
    ),
    "L28": (
        Cue(
            WRONG,
            words(
                r"(?:vergoeding|kosten) .{0,40}in rekening|(?:charge|pay|ask) (?:you )?(?:a |an )?(?:reasonable |small |administrative )?(?:fee|charge)\b|kost (?:u|je) (?:€|eur)|vragen (?:wij|we) .{0,20}(?:€|eur|euro) ?\d|(?:€|£) ?\d.{0,20}(?:administratiekosten|kosten|vergoeding|fee|charge)"
            ),
            near=NEAR_REQUEST,
            reach=6,
            unless=words(
                r"\bgeen\b|\bniet\b|\bno\b|\bnot\b|ongegrond|buitensporig|excessive|unfounded|extra kopie|further cop|herhaald|repetitive|tenzij|unless"
            ),
        ),
        Cue(
            PRESENT,
            words(
                r"\bgeen geld\b|(?:re|bere)kenen (?:wij|we)\b.{0,30}\bgeen\b|(?:geen|no) (?:geld|money) .{0,12}\b(?:voor|for)\b|niet te betalen|nothing for (?:it|this)|kosteloo?s|\bgratis\b|geen kosten|zonder (?:\w{1,10} )?kosten|kost (?:u|je|dat u|dat je|het)? ?niets|costs? (?:you )?nothing",
                r"free of charge|without charge|\bno (?:fee|charge|costs?)\b|not (?:have to pay|charge|need to pay)",
                r"at (?:no|zero) (?:cost|charge)|for free\b|\b(?:is|are) free\b",
            ),
            unless_scope=OTHER_LAW,
            near=NEAR_REQUEST,
            reach=6,
            unless=words(
                MARKETING.pattern,
                r"verzend|shipping|proef|\btrial|download|\bapp\b|wifi|wi-fi|retour|telefoonnummer|feel free|free to|freely",
                r"\bassist|put things right|garantie|warranty|bellen|deliver",
            ),
        ),
    ),
    "L29": (
        Cue(
            WRONG,
            ID_COPY,
            reach=6,
            near=words(r"verzoek|\brechten?\b|inzage|request|\brights?\b"),
            unless=ID_SHIELDED,
            unless_near=words(r"zwart|onleesbaar|afscherm|afgescherm|mask|redact|black|cover up"),
        ),
        Cue(
            PRESENT,
            PROOF,
            reach=6,
            near=words(
                r"verzoek|\brechten\b|recht op|inzage|request|\brights\b|gegevens opvra|afschrift .{0,20}(?:ophalen|vraagt|dossier|gegevens)|(?:ophalen|vragen) .{0,12}afschrift"
            ),
            unless=words(
                r"chauffeur|\bdrivers?\b|\bhuur|\brental|\bwwft\b|camera|seksuele|gender|used to identify|collect\w{0,3} information"
            ),
        ),
        Cue(
            PRESENT,
            words(
                r"(?:controler|verif|vast ?stel|nagaan|check|confirm|establish)\w{0,4} (?:\w{1,12} )?(?:uw|je|jouw|de|your|the) identi",
                r"identiteit .{0,30}(?:controler|verif|vast)",
            ),
            unless=words(r"chauffeur|\bdrivers?\b|\bhuur|\brental|\bwwft\b|account|customer due|cliëntenonderzoek"),
        ),
    ),
    "L30": (
        Cue(PRESENT, ASKING, also=CHANNEL, unless=NOT_A_REQUEST),
        Cue(
            PRESENT,
            words(
                EMAIL.pattern,
                r"bel of mail|mail of bel|\bbel ons\b|speak to|send an? (?:e-?mail|letter|message)|use the form|hand in|stuur (?:mij|me|ons)\b",
                r"contact (?:met ons )?op(?:nemen| te nemen|neemt)?",
                r"contact us",
                r"\bmail (?:ons|us|naar|dan)\b",
                r"stuur(?:t)? (?:ons |dan )?(?:een )?(?:e-?mail|bericht|brief)",
                r"\bwrite to\b",
                r"e-?mail (?:us|ons|naar)",
                r"neem(?:t)? .{0,20}contact",
                r"\bper post\b",
                r"\bby post\b",
                r"via (?:het |ons |onze )?(?:contact|formulier|website)",
            ),
            reach=6,
            near=words(
                r"ask to see|ask us what|weten wat|weggooi|verzoek|\brechten\b|inzage|inzien|request|\brights\b|right (?:of|to)|recht op"
            ),
            unless=words(
                COMPLAINT.pattern, AUTHORITY.pattern, NOT_A_REQUEST.pattern, r"vragen over", r"questions? (?:about|on)"
            ),
            scope=words(
                r"verzoek|\brecht(?:en)?\b|inzage|inzien|request|\brights?\b|hier(?:voor|toe|over)|daar(?:voor|toe)",
                r"\bdit\b|\bdat\b|\bdan\b|do (?:so|this|that)|\bthis\b",
            ),
        ),
        Cue(
            PARTIAL,
            words(r"vragen|\bvraag\b|questions?|opmerking|concerns?|enquir"),
            also=CHANNEL,
            unless=words(AUTHORITY.pattern, r"offerte", r"bestel"),
        ),
        Cue(
            PARTIAL,
            words(r"contact (?:met ons )?op(?:nemen| te nemen|neemt)?\b|contact us|neem(?:t)? .{0,20}contact|@"),
            near=words(r"vragen|questions?|opmerkingen|concerns"),
            unless=AUTHORITY,
        ),
    ),
    "L31": (
        Cue(
            PRESENT,
            words(r"\brechter\b|rechtbank|\bcourts?\b|judicial remedy"),
            also=words(
                r"\bkunt\b|\bkan\b|\bkun\b|\bmag\b|\brecht\b|wenden|beroep|voorleggen|stap|\bmay\b|\bcan\b|\bright\b|go to",
                r"turn to|remedy",
            ),
            unless=words(
                r"verstrek|\bbevel|vordering|court order|order of|comply|subpoena|disclos|\bdelen\b|\bshare",
                r"exclusive jurisdiction|claims? in court|tennis|court booking",
            ),
        ),
    ),
}
