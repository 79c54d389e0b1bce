"""Security, breaches, cookies, marketing, children, authorities and logs: L32 to L37, L41, L42, as Dutch practice wants them."""

from __future__ import annotations

from gestand.law.transparency.cues import NOT_OWN, Cue
from gestand.law.transparency.model import Status
from gestand.law.transparency.topics import Topic
from gestand.law.transparency.vocabulary import MARKETING
from gestand.law.transparency.wording import words

PRESENT, PARTIAL = Status.PRESENT, Status.PARTIAL
NOT_COOKIES = NOT_OWN | {Topic.COOKIES}
ANYWHERE_OWN = frozenset({Topic.DEFINITION, Topic.ELSEWHERE})

FORCE = words(
    r"mandatory law|dwingend|formally require|op grond van de wet|vordert",
    r"bevoegde? (?:autoriteit|instantie|gezag|overheid)|politie|justitie|opsporing|\b(?-i:OM)\b|openbaar ministerie",
    r"rechtmatig verzoek|vordering|gerechtelijk|rechterlijk bevel|bevel van|\bFIOD\b",
    r"(?:wettelijk|bij wet|de wet|een wet|wettelijke plicht|wettelijke verplichting|wet- en regelgeving)\b",
    r"competent (?:public )?authorit|\bpolice\b|law enforcement|lawful (?:request|demand|order)|court order",
    r"subpoena|legally (?:required|obliged|compelled|bound)",
    r"(?:required|compelled|obliged) (?:to do so )?by (?:the )?law",
    r"legal (?:obligation|process|requirement|duty)|public authorit|the law (?:requires|obliges)",
    r"government (?:request|agenc|bod)|regulators?\b|a court\b|authorities\b",
)
HAND_OVER = words(
    r"krijg(?:t|en)\b|\bhand (?:it|them|over)\b",
    r"(?:aan|to)\b.{0,60}\b(?:geven|give)\b|verstrek|\bdelen\b|gedeeld|deelt|doorge|\bgeven\b.{0,80}(?:aan|door)|overhandig|ter beschikking|afgeven",
    r"afgestaan|derden|\bshare|disclos|hand(?:ed)? over|provid(?:e|ed) .{0,40}to\b|\bgive .{0,40}to\b",
    r"pass .{0,30}(?:on|to)|releas|third part",
)
IP_WORDS = words(r"\bIP\b|\bIP-?adres|\bIP address|server ?log|logbestand|log ?files?|logging|webserver|\blogs\b")
LOG_USE = words(
    r"\blog|server|bezoek|website|\bsite\b|beveilig|misbruik|statisti|analy|anonim|bewa(?:ar|ren)|geanonim",
    r"inge?kort|afgekort|shorten|truncat|time and date|date and time|datum en tijd",
    r"secur|abuse|\bvisit|stor(?:e|ed|es)\b|anonymi|attack|\bkeep|\bkept\b|registre|record|hack",
)

CUES: dict[str, tuple[Cue, ...]] = {
    "L32": (
        Cue(
            PRESENT,
            words(
                r"access[- ]control|toegangsbeheer|\bcertified\b|gecertificeerd|\bISO ?27001|\bNEN ?75\d\d|cyber essentials|tokeni[sz]|baseline informatiebeveiliging",
                r"persoonlijke (?:inlog|toegang|code)|alleen toegankelijk|achter slot|virusscan|\blocked\b|only accessible",
                r"beveilig|versleutel|encrypt|\bsecur(?:e|ity|ed|ely|ing)\b|\bSSL\b|\bTLS\b|firewall|wachtwoord",
                r"passwords?\b|technische en organisatorische|technical and organi[sz]ational",
                r"passende? (?:\w{1,20} ){0,3}maatregel|appropriate (?:\w{1,20} ){0,3}measures",
                r"(?:beschermen|protect) .{0,60}(?:tegen|against|from)|two-factor|tweestaps",
            ),
            unless=words(
                r"no method|geen enkele|completely secure|volledig veilig|gerechtvaardigd|legitimate|\bdoel(?:en|einden)?\b|purposes?\b|grondslag|\bIP\b",
                r"(?:ver|be)werkersovereenkomst|processing agreement|server ?log|social security",
                r"wachtwoord vergeten|gebruikersnaam|naam,|\bname,|contractual clauses|\bontvangers\b|recipients|belang",
                r"alarmcentrale|security (?:company|guard)|beveiligingsbedrijf|cookie",
            ),
            outside=frozenset({Topic.DEFINITION, Topic.ELSEWHERE, Topic.COOKIES}),
        ),
        Cue(
            PARTIAL,
            words(
                r"zorgvuldig .{0,40}(?:omgaan|om\b|bewaard|behandel)|vertrouwelijk|confidential|with care|(?:means|way|ways) (?:of|to) protect"
            ),
        ),
    ),
    "L33": (
        Cue(
            PRESENT,
            words(
                r"datalek|data breach|breach of (?:your |the )?(?:personal data|security|data)",
                r"(?:gaat|ging|loopt|mocht) er (?:\w{1,10} ){0,3}(?:mis|fout)\b.{0,40}gegevens|gegevens .{0,40}(?:op straat|kwijtraken|in verkeerde handen)",
                r"(?:raakt|raken|komt|komen|ligt|liggen) .{0,40}(?:op straat|in verkeerde handen)|(?:data|information) .{0,40}(?:lost or stolen|wrong hands)|goes wrong with your (?:data|information)",
                r"security (?:breach|incident)|inbreuk in verband met|beveiligings?incident|\bbreach\b|\blek\b",
            ),
            near=words(
                r"\bmeld|gemeld|inform|notif|procedure|protocol|bericht|(?:u|je) .{0,20}weten|\btell\b|\breport",
                r"hoor(?:t|en)? (?:u|je|jij)|let (?:you|them|people|everyone)\b.{0,20}know|laten (?:wij|we)|meldplicht|registe|\bregister",
            ),
            outside=ANYWHERE_OWN,
            unless=words(r"breach of (?:these|this|our|the) (?:terms|agreement|contract)|overeenkomst"),
        ),
        Cue(PARTIAL, words(r"datalek|data breach|beveiligingsincident|security breach"), outside=ANYWHERE_OWN),
    ),
    "L34": (
        Cue(
            Status.WRONG,
            words(
                r"door (?:verder|gebruik|het gebruik|deze) .{0,60}(?:akkoord|toestemming|stemt)|(?:verder te surfen|verder gaat)",
                r"(?:by continuing|continued use|by using (?:this|our) (?:web)?site).{0,80}(?:agree|consent|accept)",
            ),
            near=words(r"\bcookie"),
            outside=frozenset(),
        ),
        Cue(
            PRESENT,
            words(r"\b\w{0,14}cookies?\b"),
            also=words(
                r"\bgeen\b|\bzonder\b|gebruik|plaats|\bzet(?:ten)?\b|verzamel|functione|analytisch|noodzakelijk|\bno\b",
                r"\bnot\b|without|\buse[sd]?\b|\busing\b|\bplace|\bset(?:s|ting)?\b|\bstore[sd]?\b|functional|analytic",
                r"essential|necessary",
            ),
            outside=frozenset(),
            unless=words(
                r"^(?:een |a )?cookies? (?:is|zijn|are) (?:een |a |kleine? |small )|cookies van (?:derden|andere)",
                r"verwijder|delet",
                r"^(?:deze|onze|de|this|our|the) (?:web)?(?:site|pagina|page) (?:gebruikt|uses|plaatst|places|maakt gebruik van) cookies\.?$",
                r"(?:lees|zie|raadpleeg|see|read|refer).{0,80}cookie[- ]?(?:verklaring|beleid|statement|policy|notice|pagina|page)",
                r"(?:IP-?adres|IP address|browser)[^.]{0,60}\bcookie(?:s|-id| id)?\b|toestemming .{0,40}intrek",
            ),
        ),
        Cue(
            PRESENT,
            words(
                r"\b(?:wij|we|onze website|deze website|our (?:web)?site|this (?:web)?site)\b.{0,40}\b(?:gebruik(?:t|en)|plaatst?|zet(?:ten)?|uses?|sets?|places?)\b.{0,60}\bcookies?"
            ),
            unless=words(
                r"^(?:deze|onze|de|this|our|the) (?:web)?(?:site|pagina|page) (?:gebruikt|uses|plaatst|places|maakt gebruik van) cookies\.?$"
            ),
            outside=frozenset(),
        ),
        Cue(PARTIAL, words(r"\bcookie"), outside=frozenset()),
    ),
    "L35": (
        Cue(
            PRESENT,
            words(
                r"\w{0,3}afmeld|af te melden|uitschrij|uit te schrijven|opt-?out|opt(?:ing)? out|unsubscrib|stop receiving",
                r"nieuwsbrief .{0,30}(?:opzeg|stop)|meld(?:t)? (?:u|je) .{0,20}af\b",
                r"niet meer .{0,20}(?:ontvangen|wilt|wil)|no longer .{0,20}receive",
            ),
            near=words(
                MARKETING.pattern,
                r"(?:elke|iedere|each|every|any) (?:\w{1,20} )?(?:\w{0,12}brief|e-?mail|mail|bericht|message)",
            ),
            unless=words(r"lidmaatschap|opt-?out .{0,30}(?:google|analytics|cookie)|training\b"),
        ),
    ),
    "L37": (
        Cue(
            Status.PRESENT_WRONG,
            words(
                r"(?:under|below|younger than) (?:the age of )?(?:13|thirteen)\b|(?:jonger dan|onder de) (?:13|dertien)\b"
            ),
        ),
        Cue(
            PRESENT,
            words(
                r"minderjarig|jonger dan|\bonder de (?:1\d|zestien|achttien|dertien)|kinderen|\bkind\b",
                r"\b(?:16|zestien|18|achttien) jaar|jeugdleden|jeugdspelers|leerlingen",
                r"\bunder (?:the age of )?(?:1[0-9]|sixteen|thirteen|eighteen)|\bminors?\b|children|\bchild\b",
                r"below (?:the age of )?1\d|younger than",
            ),
            also=words(
                r"\bouders?\b(?! dan)|voogd|verzorger|wettelijke? vertegenwoordig|toestemming",
                r"niet .{0,60}(?:intentie|bedoeld|gericht|bewust|bestemd)|(?:bedoeld|gericht|bestemd) .{0,20}niet",
                r"geen (?:persoons)?(?:gegevens|diensten)|\bparents?\b|parental|guardian|consent",
                r"not .{0,30}(?:intended|directed|aimed|for)\b|(?:do not|don't|never) (?:knowingly|collect|intend)",
            ),
            unless=words(r"ouder dan \d+ jaar bewa|noodcontact|emergency contact"),
        ),
        Cue(
            PARTIAL,
            words(
                r"minderjarig|(?:jonger dan|onder de) (?:1\d|zestien)|\bminors\b",
                r"under (?:the age of )?(?:1[0-8]|sixteen|thirteen)",
            ),
        ),
    ),
    "L41": (
        Cue(
            Status.WRONG,
            words(
                r"good faith|at our (?:sole )?discretion|naar ons (?:eigen )?oordeel|wij (?:dat )?(?:nodig|wenselijk) (?:vinden|achten)"
            ),
            also=words(r"police|law enforcement|authorit|politie|autoriteit|overheid"),
        ),
        Cue(
            PRESENT,
            FORCE,
            also=HAND_OVER,
            outside=NOT_COOKIES,
            unless=words(
                r"klacht|complain|grondslag|legal basis|(?:niet|wel) verplicht (?:om )?(?:uw |je )?gegevens te",
                r"u (?:bent|wettelijk)|you are|bewaar|retain|\bkeep|(?<!of een )(?<!en een )(?<!of de )toezichthouder",
                r"^het verstrekken van|uitvoering van (?:de|onze) overeenkomst",
            ),
        ),
        Cue(
            PRESENT,
            words(
                r"(?:autoriteit|instantie|politie|justitie|authorit|police).{0,80}(?:vordering|rechtmatig verzoek|bevel|lawful|court order|warrant|legally)",
                r"(?:vordering|rechtmatig verzoek|lawful (?:request|demand)|warrant|court order).{0,80}(?:autoriteit|instantie|politie|justitie|authorit|police)",
            ),
            outside=NOT_COOKIES,
        ),
        Cue(
            PARTIAL,
            words(
                r"bevoegde (?:autoriteit|instantie)|politie|law enforcement|opsporingsinstantie",
                r"(?:zwijgplicht|beroepsgeheim|geheimhouding\w{0,7})\b.{0,80}(?:doorbr|opzij)",
                r"(?:verstrek|deelt|delen|share|disclose).{0,160}wettelijke verplichting",
            ),
            outside=NOT_COOKIES,
        ),
    ),
    "L42": (
        Cue(
            PRESENT,
            IP_WORDS,
            also=LOG_USE,
            unless=words(
                r"\bnaam\b|(?<!device )(?<!domain )\bname\b|e-?mailadres|\be-?mail address|persoonsgegevens zijn|personal data (?:is|means)"
            ),
            outside=NOT_OWN,
        ),
        Cue(PARTIAL, words(r"\bIP-?\s?adres|\bIP address|logbestand|log files?"), outside=NOT_OWN),
    ),
}
