"""Whom data go to, whence they come, and what is decided with them (Articles 13(1)(b), (e), (f), 13(2)(e), (f), 14, 28)."""

from __future__ import annotations

from gestand.law.transparency.cues import NOT_OWN, Cue
from gestand.law.transparency.model import Status
from gestand.law.transparency.topics import Topic
from gestand.law.transparency.vocabulary import EMAIL
from gestand.law.transparency.wording import words

PRESENT, PARTIAL = Status.PRESENT, Status.PARTIAL
NOT_COOKIES = NOT_OWN | {Topic.COOKIES}

OFFICER = words(
    r"functionaris (?:voor )?(?:de )?gegevensbescherming|data protection officer|privacy officer|\bDPO\b",
    r"\b(?-i:FG)\b|functionaris gegevensbescherming",
)
ABROAD = words(
    r"(?:\bleave|verla(?:at|ten)|blijven? (?:binnen|in)|stays? (?:within|in)) .{0,20}(?:\bEU\b|EER\b|EEA\b|Europ)|adequa\w{2,12} decision|adequaatheidsbesluit",
    r"buiten (?:de )?(?:EU\b|EER\b|Europ|Nederland)|binnen (?:de )?(?:EU\b|EER\b|Europ)",
    r"\bin (?:de )?(?:EU|EER|Europese (?:Unie|Economische))\b|derde land|landen buiten",
    r"doorgifte .{0,60}(?:land|organisatie|EER|EU|Verenigde|VS)",
    r"(?:servers?|opgeslagen|datacent\w*|hosting|gehost|staan) .{0,60}(?:Nederland|Europa|Verenigde Staten|\bEU\b|\bEER\b|Duitsland|Ierland)",
    r"Verenigde Staten|\bde (?-i:VS)\b|outside (?:of )?(?:the )?(?:EU\b|EEA\b|Europ|UK\b|United Kingdom|Netherlands)",
    r"within (?:the )?(?:EU\b|EEA\b|Europ|UK\b)|\bin the (?:EU|EEA|European (?:Union|Economic))\b|third countr",
    r"international(?:ly)? transfer|transfer\w* .{0,40}(?:abroad|overseas|international|countries)",
    r"\boverseas\b|United States|\bthe (?-i:US)\b|\b(?-i:USA)\b",
    r"(?:servers?|stored|data ?cent\w*|hosted) .{0,60}(?:Netherlands|Europe|Germany|Ireland|\bEU\b|\bEEA\b)",
)
NO_TRANSFER = words(
    r"\bgeen\b|\bniet\b|\bnooit\b|\bno\b|\bnot\b|\bnever\b|\bnone\b|binnen (?:de )?(?:EU|EER|Europ)",
    r"within (?:the )?(?:EU|EEA|Europ|UK)",
    r"in (?:de |the )?(?:EU|EER|EEA|Europe\w{0,2}|Nederland|Netherlands|Duitsland|Germany|Ierland|Ireland)\b",
    r"uitsluitend in|only in",
)
OLD_SAFEGUARD = words(r"privacy shield|safe harbou?r")
SAFEGUARD = words(
    r"model ?(?:contract|clausule|bepaling|overeenkomst)|standaard ?contract|contractbepaling|contractclausule",
    r"adequa|adequaatheid|passend (?:beschermings)?niveau|privacy framework|\bDPF\b|\bSCC'?s?\b",
    r"standard (?:data protection |contractual )?clauses|contractual clauses|binding corporate",
    r"bindende bedrijfs|\bIDTA\b|transfer agreement|uitdrukkelijke toestemming|explicit consent|EU-(?:US|VS)",
    r"EU-V\.?S",
)
ABOUT_TRANSFER = words(
    r"gehost|\bstaat\b|\bstaan\b|located|\bleaves?\b|\blanden\b|countr",
    r"gevestigd|leverancier|supplier|partner|\bbased\b|gegevens|\bdata\b|information|doorgifte|doorgeven|server|verwerk|opgeslagen|transfer|stored?|process",
    r"hosted|providers?\b|partij",
)
PROVISION = words(
    r"\b(?:vul|geef|verstrek|lever|deel)t? (?:u|je|jij)\b.{0,80}\b(?:niet|geen)\b",
    r"(?:gegevens|informatie|adres|nummer)\b.{0,30}\bniet (?:verstrek|gegeven|geeft|geef|invul|ingevuld|aanlever|hebben)",
    r"without .{0,40}\b(?:name|address|details|information|number|data|date of birth)\b",
    r"zonder [^.]{0,50}(?:naam|adres|gegevens|nummer|informatie)",
    r"(?:verplicht|plicht|nodig|noodzakelijk|optioneel|vrijwillig|vereist)\b",
    r"(?:niet|geen) .{0,60}(?:geeft|geven|verstrekt|verstrekken|invult|deelt|wilt delen|aanlever|doorgeeft|opgeeft)",
    r"zonder (?:deze|die|uw|je|jouw|dit|dat) (?:\w{1,15}gegevens|informatie|nummer|adres)",
    r"obliged|required|mandatory|optional|voluntar|necessary|\bneed",
    r"(?:do not|don't|not|without) .{0,40}(?:provid|giv|suppl|shar)|without (?:this|these|it|them|your)\b",
    r"refuse",
)
CONSEQUENCE = words(
    r"(?:mag|mogen) .{0,80}\b(?:niet|geen)\b|(?:mag|mogen|moet|moeten|kunnen|zullen) .{0,80}\bweiger",
    r"(?:niet|geen|onmogelijk|zonder)\b.{0,120}(?:kunnen|kan|lukt|mogelijk|lever|uitvoer|helpen|behandel|sluiten|verwerken|inschrijv|deelnemen|bezorg|toelaten|gaat|sturen|beantwoord|aanmaken)",
    r"(?:kunnen|kan) (?:wij|we|u|je|de|het|uw|een) .{0,80}\b(?:niet|geen)\b|(?:niet|geen) gevolgen",
    r"gevolg(?:en)? (?:is|zijn|dat)|(?:geen|zonder) gevolg",
    r"(?:can ?not|can't|unable|not be able|won't be able|may not be|will not be|impossible|could not|no consequences)",
    r"consequence",
)
DATA_GIVEN = words(
    r"gegevens|\bdata\b|information|informatie|\bdetails\b|\bvelden\b|\bfields\b|\badres\b|\baddress\b|nummer",
    r"datum\b|\bdate of\b|\bnumber|\bnaam\b|\bname\b|\bthem\b|\bit\b",
)
AUTOMATED = words(
    r"(?:volledig|geheel|puur|fully|entirely|purely|wholly) (?:geautomatiseerd|automati)|automatisch\w{0,2} .{0,40}(?:beoorde|besl|afgewezen|geweigerd|goedgekeurd)",
    r"(?:alleen|enkel|uitsluitend|slechts) (?:door )?(?:een |de )?(?:computer|algoritme|software)|(?:a computer|an algorithm|software) alone|(?:predict|voorspel)\w{0,5} .{0,80}(?:offer|interest|aanbieding|interesse|\bbuy\b|koop)",
    r"(?:sort|segment|scor|group)\w{0,4} .{0,60}(?:software|automat|algorit|interest)|(?:ingedeeld|indelen|delen .{0,30} in) .{0,60}(?:software|automat|algorit|profiel)",
    r"geautomatiseerde?\b.{0,40}(?:besl(?:uit|iss)|verwerking)|automatische?\b.{0,20}besl",
    r"besl(?:uit|iss)\w*.{0,60}(?:automatisch|geautomatiseerd|door (?:een )?computer)|profilering|profiling",
    r"automat\w*.{0,30}decision|decisions? .{0,60}automat|\bprofielen\b|\bprofiles\b|computerprogramma",
    r"solely (?:by|on) automated",
)
SOURCE = words(
    r"\b(?:vinden|vonden|zoeken|zien) (?:wij|we)\b.{0,60}\b(?:op|via|in)\b|aangedragen door|aangemeld door|\bwe (?:may |also |sometimes )?(?:find|found) .{0,40}\b(?:on|through|via)\b",
    r"(?:verkregen|gekregen|verkrijgen|krijgen|ontvangen|ontvang|kregen|betrekken|halen|komen|afkomstig|opvragen|verzamelen|aangeleverd)\b.{0,80}\b(?:van|uit|via|bij|door)\b",
    r"\b(?:van|uit|via|bij) .{0,60}(?:verkregen|gekregen|verkrijgen|ontvangen|afkomstig|verzamel|kregen|krijgen)",
    r"afkomstig|Handelsregister|openbare bron|\bbronnen\b",
    r"(?:obtain|receiv|collect|get|got|come)\w{0,4} .{0,80}\bfrom\b|source of (?:the|your|this|personal)",
    r"publicly available|public (?:sources|registers?)|provided (?:to us )?by (?:your|a|the|other|third)",
    r"from (?:third parties|other sources)",
)
THIRD_SOURCE = words(
    r"werkgever|Handelsregister|\bKvK\b|Kamer van Koophandel|openbare|\bderden\b",
    r"andere (?:partij|organisatie|bron|persoon|mensen|zorgverlen|school)|huisarts|specialist|ziekenhuis",
    r"ouders?\b|vorige school|basisschool|gemeente|Basisregistratie|\bBRP\b|belastingdienst|\bUWV\b|verwijzer",
    r"familie|social media|Facebook|LinkedIn|Google|zorgverzekeraar|opdrachtgever|tussenpersoon|makelaar",
    r"iemand anders|partner|kredietbureau|Kadaster|sportbond|employer|trade register|companies house",
    r"Chamber of Commerce|public(?:ly)?\b|third[- ]part|other (?:organi|sources|people|compan|parties)|referr",
    r"parents?\b|previous school|family|credit (?:reference|bureau|agenc)|recruit|colleague|someone else",
    r"partners?\b|your (?:company|organi[sz]ation|school|bank|insurer|doctor|GP)|administrator|registers?\b",
    r"agenc(?:y|ies)",
)
GIVEN_BY_OTHERS = words(
    r"\b(?:krijgen|ontvangen|kregen|huren|kopen|halen) (?:wij|we|ik)\b.{0,80}\b(?:van|via|bij|uit)\b",
    r"\b(?:wij|we|ik) (?:\w{1,12} ){0,2}(?:krijgen|ontvangen|huren|kopen|halen)\b.{0,80}\b(?:van|via|bij|uit)\b",
    r"(?:huren|kopen|krijgen|ontvangen) (?:wij|we) .{0,60}\bvan\b|(?:geeft|geven|stuurt|sturen) ons\b",
    r"\bwe (?:\w{1,12} ){0,2}(?:receive|get|obtain|buy|rent)\b.{0,80}\bfrom\b",
    r"\b(?:gives|passes|sends|supplies|provides|forwards) (?:us\b|.{0,80}\bto us\b)",
)
CLIENT = r"(?:klant|opdrachtgever|client|customer|afnemer|patiënt|school)"

CUES: dict[str, tuple[Cue, ...]] = {
    "L03": (
        Cue(
            PRESENT,
            words(
                r"(?:\bKvK|K\.v\.K|Kamer van Koophandel|Handelsregister|ondernemingsnummer|\bKBO\b).{0,60}\d[\d. ]{6,10}\d",
                r"(?:Chamber of Commerce|\bKvK|\bCoC|company (?:registration )?(?:no|number)|registered (?:in|company|charity)|registration number|charity (?:no|number)|Companies House|trade register|commercial register).{0,60}(?:\d[\d. ]{4,10}\d|\b[A-Z]{2}\d{6})",
            ),
            headings=True,
        ),
        Cue(
            PARTIAL,
            words(
                r"\bNL\d{9}B\d{2}\b|\bNL ?\d{4}\.\d{2}\.\d{3}\.B",
                r"ingeschreven .{0,40}(?:Kamer van Koophandel|Handelsregister|KvK)",
                r"registered with the (?:Dutch )?(?:Chamber|trade)",
            ),
        ),
    ),
    "L04": (
        Cue(
            PRESENT,
            OFFICER,
            near=words(
                EMAIL.pattern,
                r"\bgeen\b",
                r"\bniet\b",
                r"\bno\b",
                r"\bnot\b",
                r"bereik",
                r"contact",
                r"telefo",
                r"\bper post",
                r"reach",
                r"e-?mail",
                r"aangesteld",
                r"appointed",
            ),
        ),
        Cue(PARTIAL, OFFICER),
    ),
    "L10": (
        Cue(
            PRESENT,
            words(
                r"(?:ver|be)werkersovereenkomst|(?:data )?process(?:ing|or) (?:agreement|contract|addendum)",
                r"\bDPAs?\b.{0,40}(?:sign|conclu|with|in place)|verwerkerscontract|overeenkomst .{0,40}verwerkers?\b",
                r"(?:contract|agreement)\w? with .{0,30}processors?",
            ),
            outside=NOT_OWN,
            unless=words(
                r"(?:our|onze) (?:business |zakelijke )?(?:customers?|clients?|klanten|opdrachtgevers|cliënten)\b.{0,120}(?:on their behalf|namens hen|als verwerker)"
            ),
        ),
        Cue(
            PARTIAL,
            words(
                r"(?:afspraken|contractueel|contractually|written contract|agreements?) .{0,120}(?:verwerk|instruct|beveilig|vertrouwelijk|confidential|protect|secur|gegevens)",
                r"(?:only|alleen|uitsluitend) (?:on|according to|volgens|in) (?:our|onze|ons) (?:instruct|opdracht)",
            ),
            outside=NOT_COOKIES,
        ),
    ),
    "L11": (
        Cue(
            Status.PRESENT_WRONG,
            OLD_SAFEGUARD,
            unless=words(r"vervallen|invalid|ongeldig|no longer|niet meer"),
            outside=NOT_OWN,
        ),
        Cue(PRESENT, ABROAD, also=words(SAFEGUARD.pattern), outside=NOT_OWN),
        Cue(PRESENT, ABROAD, near=SAFEGUARD, also=ABOUT_TRANSFER),
        Cue(
            PARTIAL,
            words(
                r"(?:kan|kunnen|may|might|could|worden|are|is|wordt|will be|some|sommige) .{0,120}(?:buiten de|outside|Verenigde Staten|United States|derde land|third countr|overseas|\b(?-i:VS)\b|\b(?-i:USA?)\b)"
            ),
            also=ABOUT_TRANSFER,
            unless=words(r"\bgeen\b|\bniet\b|\bnooit\b|\bno\b|\bnot\b|never"),
        ),
        Cue(
            PRESENT,
            ABROAD,
            also=NO_TRANSFER,
            scope=ABOUT_TRANSFER,
            unless=words(
                r"toezichthouder|supervisory|recht om .{0,30}klacht|lidstaat|member state|applies to|van toepassing"
            ),
        ),
        Cue(
            PARTIAL,
            ABROAD,
            also=ABOUT_TRANSFER,
            unless=words(r"toezichthouder|supervisory|lidstaat|member state|van toepassing|applies|\blaw\b|\bwet\b"),
        ),
    ),
    "L23": (
        Cue(
            PRESENT,
            PROVISION,
            also=CONSEQUENCE,
            scope=DATA_GIVEN,
            outside=NOT_COOKIES,
            unless=words(
                r"anderen\b|doorgegeven|passed on|cookie|minderjarig|jonger dan|\bminors?\b|under 1\d|aansprakelijk|\bbewa(?:ar|ren)\b|derden|third part",
                r"\bdelen\b|verzoek|request|verwijder|delet|identi|toestemming|consent|\bbezwaar|\bobject|buiten de|outside",
                r"beveilig|onbevoegd|verkopen|\bsell|klacht|profiel|automat|langer dan|longer than|herleid",
            ),
        ),
        Cue(
            PARTIAL,
            words(
                r"(?:deze|die|uw) \w{0,15}gegevens hebben (?:wij|we) nodig|we need (?:these|this|your) (?:data|details|information)|dus dat is noodzakelijk",
                r"(?:deze|die|uw|je|de|sommige|alle) (?:\w{0,15}gegevens|velden|informatie) (?:zijn|is|hebben (?:wij|we)) (?:\w{1,12} ){0,3}(?:nodig|noodzakelijk|verplicht|optioneel|vereist)",
                r"(?:wettelijk|contractueel|niet) verplicht .{0,60}(?:te (?:verstrekken|geven|delen)|gegevens)",
                r"verplichte? (?:velden|gegevens)|optione(?:el|le)",
                r"(?:obliged|required|mandatory|necessary) to (?:provide|give|supply)",
                r"(?:this|these|your|the|some) (?:\w{1,12} ){0,2}(?:data|information|details|fields) (?:is|are) (?:\w{1,12} ){0,2}(?:required|mandatory|optional|necessary|needed)",
                r"(?:mandatory|required|optional) (?:fields|data|information)|\boptional\b",
                r"vrijwillig .{0,30}(?:verstrek|gegevens|geeft)",
                r"(?:moet|moeten|dient|must) .{0,40}(?:verstrekken|opgeven|invullen|provide)",
            ),
            outside=NOT_COOKIES,
        ),
    ),
    "L24": (
        Cue(
            PRESENT,
            AUTOMATED,
            unless=words(
                r"recht (?:om )?(?:op )?.{0,40}(?:niet|geautomatiseerd|menselijk)",
                r"\brights? (?:in relation|related|not to|to (?:not|human|avoid|object)|regarding|concerning|with respect)",
                r"not (?:to )?be(?:ing)? subject",
                r"^(?:het gaat hier(?:bij)? om|this (?:is about|concerns|means))\b",
                r"\[ ?\w{1,12} ?/ ?\w{1,12} ?\]",
            ),
            outside=NOT_OWN,
            unless_scope=words(r"\brechten\b[^|]{0,40}\||\brights\b[^|]{0,40}\||to:$"),
        ),
        Cue(
            PRESENT,
            AUTOMATED,
            also=words(
                r"\b(?:wij|we)\b.{0,60}(?:geen|niet|nooit|do not|don't|never|no\b|maken|nemen|make|use)",
                r"\bgeen (?:gebruik|geautomatiseerde|sprake)|no automated|niet gebruikt|not used",
            ),
            unless=words(r"\[ ?\w{1,12} ?/ ?\w{1,12} ?\]"),
            outside=NOT_OWN,
        ),
        Cue(PARTIAL, AUTOMATED),
    ),
    "L25": (
        Cue(
            PRESENT,
            GIVEN_BY_OTHERS,
            scope=DATA_GIVEN,
            outside=NOT_COOKIES | {Topic.RIGHTS},
            unless=words(
                r"(?:van|bij) (?:u|jou|uzelf|jouzelf)\b|from you\b|toestemming|consent|verzoek|request|klacht|complain",
                r"niet van derden|not .{0,20}from|\bdelen\b|\bshare",
            ),
        ),
        Cue(
            PRESENT,
            words(
                r"\bdeelt\b .{0,60}\bmet (?:ons|onze)\b|\bshares\b .{0,60}\bwith (?:us|our)\b",
                r"\brefer(?:s|red|ring)? (?:people|you|clients|patients|someone) to us|\bverwij(?:st|zen) .{0,40}naar ons\b",
            ),
            unless=words(r"verantwoordelijk|responsible|toestemming|consent|inzage|\brecht\b|\bright\b"),
            outside=NOT_COOKIES | {Topic.RIGHTS},
        ),
        Cue(
            PRESENT,
            SOURCE,
            also=THIRD_SOURCE,
            scope=words(r"gegevens|\bdata\b|information|informatie|\bdetails\b|profiel|\bprofile|\bcv\b"),
            outside=NOT_COOKIES,
            unless=words(
                r"jonger dan|younger than|under (?:the age of )?1\d",
                r"\bdelen\b|verstrekken (?:wij|we)|\bwe (?:may )?(?:share|disclose)|ingeschreven|nummer\b.{0,10}\d",
                r"registered|toestemming van|consent (?:of|from)|inzage|\brecht\b|\bright\b|klacht|complain|\bpolitie",
                r"van ons\b|from us\b|third[- ]party cookies|\bontvangers\b|recipients?",
                r"(?:derden|partijen|bedrijven) (?:die|ontvangen|krijgen)|niet (?:aan|met) derden",
            ),
        ),
    ),
    "L38": (
        Cue(
            PRESENT,
            words(
                r"als verwerker",
                r"\bverwerker\b.{0,80}" + CLIENT,
                CLIENT + r".{0,60}\bverwerkingsverantwoordelijke",
                r"(?:namens|in opdracht van|voor rekening van) (?:onze |de |die |een |uw )?" + CLIENT,
                r"(?:zijn|treden|is) (?:wij|we|\w{1,20}) .{0,20}\bverwerker\b",
                r"\bas (?:a |the |your |their )?(?:data )?processor",
                r"(?:on behalf of|for) (?:our |the |a |that |its |their )?"
                + CLIENT
                + r"\w{0,3}.{0,60}(?:process|controller)",
                r"(?:process|act).{0,80}on behalf of (?:our |the |a |that |its |their )?" + CLIENT,
                r"\bprocessor (?:for|on behalf)",
                CLIENT + r"\w{0,3}\b.{0,80}(?:process|hold|store)\w{0,3} .{0,40}on (?:their|its) behalf",
                r"we are (?:the |a )?(?:data )?processor",
                CLIENT + r"\w{0,3} (?:is|are|remains?) (?:the |a )?(?:data )?controller",
            ),
            unless=words(r"voor ons\b|namens ons|on our behalf|\bfor us\b|derden die|schakelen|engage"),
        ),
    ),
}
