"""The rights of the person (Articles 13(2)(b) to (d), 15 to 22): L14 to L22."""

from __future__ import annotations

from gestand.law.transparency.cues import NOT_OWN, Cue
from gestand.law.transparency.model import Status
from gestand.law.transparency.topics import Topic
from gestand.law.transparency.vocabulary import AUTHORITY, COMPLAINT, MARKETING
from gestand.law.transparency.wording import Words, words

PRESENT, PARTIAL = Status.PRESENT, Status.PARTIAL
NOT_COOKIES = NOT_OWN | {Topic.COOKIES}

MAY = words(
    r"\bwil(?:t)? (?:u|je|jij)\b|\bof wilt?\b|klopt er iets|\brecht(?:en)?\b|inzagerecht",
    r"\b(?:kunt|kan|kun|mag|mogen|kunnen) (?:u|je|jij|ons|de|een|gebruikers?|klant\w*|betrokkene\w*|leden|ouders?|iedereen|altijd|ook)\b",
    r"\b(?:u|je|jij|klant|gebruiker|betrokkene|leden|ouders?|iedereen|gegevens) (?:\w{1,15} ){0,2}(?:kunt|kan|kun|mag|mogen|kunnen|heeft|hebt|hebben)\b",
    r"verzoek|\bvra(?:ag|agt|gen) (?:ons|om|of|wij|we)\b|ons vragen|\bwil(?:t)? (?:u|je|jij)\b|\brights?\b",
    r"\byou (?:may|can|could|have|are entitled|wish)\b|\bmay you\b|request|\bask (?:us|for|that|to)\b",
    r"\btell us\b|\bentitled\b|\bhave your\b",
)
RESERVED = words(r"verklaring\b|statement|\bpolicy\b|\bnotice\b|behouden|reserve|voorwaarden")
OWN_ERASURE = words(
    r"^(?!.{0,300}(?:verzoek|recht op|recht om|vraag|request|right to|ask us|kunt u|kun je|you can|you may))(?:wij|we|daarna|hierna|na|after|once|when|then|these|deze|die|the|uw|your|als)\b.{0,160}(?:verwijder|wis|delet|eras|remov)",
)
NOT_ERASURE = words(r"cookie|mailinglijst|mailing list|\bbrowser")
GENERAL_OBJECTION = words(
    r"gerechtvaardigd|legitimate|algemeen belang|public (?:interest|task)|publieke taak",
    r"(?:bijzondere|specifieke|persoonlijke|eigen) (?:situatie|omstandigheden|redenen)",
    r"(?:particular|personal|specific) (?:situation|circumstances)|waaronder|\bincluding\b|in het bijzonder",
    r"in particular|inzage|correctie|\baccess\b|portab|en ook tegen|zowel|or (?:to|for) (?:direct )?market",
)
STOPPING = words(
    r"we(?:'ll| will)? stop\b|stoppen (?:wij|we)|wij stoppen",
    r"bezwaar|afmeld|af te melden|uitschrij|uit te schrijven|\bverzet|meld je af|\bobject|unsubscrib",
    r"opt(?:ing)?[- ]?out|(?:stop|end) (?:receiving|getting|these|at any|us)|stopzetten",
    r"laten weten .{0,40}(?:geen|niet)|niet (?:meer|langer) (?:wil|willen|ontvang)",
    r"no longer (?:wish|want|receive)|stoppen wij|afzien",
)
READER_CAN = words(
    r"\bif you (?:object|would)|we stop|we'll stop|stoppen",
    r"\bkunt\b|\bkan\b|\bkun\b|\bmag\b|\brecht\b|\baltijd\b|ieder moment|elk moment|\bcan\b|\bmay\b|\bright\b",
    r"at any time|anytime|wil(?:t)? (?:u|je)",
)

BY_ANOTHER = words(
    r"(?:approach|contact|turn to|ask) your (?:employer|school|organi[sz]ation)|assist (?:the|our|that) (?:client|customer)",
    r"(?:helpen|ondersteunen|bijstaan) .{0,30}(?:klant|opdrachtgever)|wend(?:t|en)? (?:u|je) .{0,30}(?:werkgever|klant|opdrachtgever)",
)
"""A processor that sends people on to its client: the right is told, not offered."""


def _through_another(says: Words) -> Cue:
    return Cue(PARTIAL, says, also=BY_ANOTHER, outside=NOT_COOKIES)


CUES: dict[str, tuple[Cue, ...]] = {
    "L14": (
        _through_another(words(r"access|inzage")),
        Cue(
            PRESENT,
            words(
                r"weten wat (?:wij|we|ik) (?:van|over) (?:u|je|jou)|what we know about you|mede te delen of|mee te delen of|\bof (?:wij|we) .{0,30}gegevens .{0,20}verwerken|ask to see (?:the|your|what)",
                r"gegevens .{0,30}\bbekijken\b|\bbekijken\b .{0,30}gegevens|\b(?:view|look at) (?:the |your )(?:personal )?(?:data|information|file|record)",
                r"inzage|\binzien\b|in te zien|in te kijken|inkijken|gegevens .{0,60}op(?: te )?vragen",
                r"kopie van (?:uw|je|jouw|de|al|deze) (?:persoons)?gegevens",
                r"welke (?:persoons)?gegevens (?:wij|we|er) .{0,30}(?:van|over) (?:u|je|jou)",
                r"overzicht van (?:uw|je|jouw|de|alle) (?:persoons)?gegevens|\baccess\b",
                r"copy of (?:your|the|all|any) (?:\w{1,12} )?(?:data|information)",
                r"(?:data|information) (?:that )?we (?:hold|have|keep) (?:about|on) you",
                r"\bsee (?:the|your|what|which) .{0,20}(?:data|information)",
            ),
            scope=MAY,
            unless=words(
                r"^(?:na|after|following|bij)\b.{0,40}(?:inzage|access)|unauthori[sz]ed|ongeoorloofd|onbevoegd|\bstaff\b",
                r"medewerkers hebben|access to (?:our|this) (?:web)?site|third part|access (?:and use|our)",
            ),
            outside=NOT_COOKIES,
            headings=True,
            unless_scope=words(r"aan derden|with third part|access to it|logs? in"),
        ),
        Cue(
            PARTIAL,
            words(r"inzage|\binzien|subject access|access request|right of access"),
            outside=NOT_COOKIES,
            unless=words(r"medewerkers|\bstaff\b|employees|onbevoegd|ongeoorloofd|unauthori"),
        ),
    ),
    "L15": (
        _through_another(words(r"rectif|correct")),
        Cue(
            PRESENT,
            words(
                r"put right|set right|put straight|klopt (?:er )?(?:iets|het) niet|fouten .{0,20}herstel|mistakes .{0,20}fixed",
                r"rectific|corrig|gecorrigeerd|correctie|verbeter(?:en|d|ing)?\b|aan te passen|aanpass(?:en|ing)|aangepast",
                r"aan te vullen|aanvullen|aangevuld|\bwijzigen\b|te wijzigen|\brectif|\bcorrect(?:ed|ion|ing|s)?\b|\bamend",
                r"\bupdate\b|inaccurate|put (?:it|them|this|mistakes|errors) right",
            ),
            scope=MAY,
            unless=RESERVED,
            unless_scope=words(
                r"(?:website|dienst\w*|service\w*|producten|products) (?:te |to )?(?:verbeter|improv)|cookie"
            ),
            outside=NOT_COOKIES,
            headings=True,
        ),
    ),
    "L16": (
        _through_another(words(r"eras|delet|wissen|verwijder")),
        Cue(
            PRESENT,
            words(
                r"\bweg uit (?:ons|onze|het|jullie) (?:systeem|systemen|bestand)|\b(?:taken|off|out of) our (?:system|files|records|books)\b",
                r"weggooi|thrown away|haal (?:ik|ik ze|we|wij) .{0,20}weg",
                r"\bwissen\b|gewist|wissing|verwijder|vergetel|vergeten te worden|vergeten|\beras|\bdelet|forgotten",
                r"\bremov(?:e|al|ed)\b|vernietigen",
            ),
            scope=MAY,
            unless=words(OWN_ERASURE.pattern, NOT_ERASURE.pattern),
            outside=NOT_COOKIES,
            headings=True,
            unless_scope=words(
                r"^[^|]{0,80}(?:bewaar|bewaren|how long|retention|keep)[^|]{0,80}\|(?!.{0,400}(?:verzoek|recht op|right to|request|ask us|vragen))"
            ),
        ),
    ),
    "L17": (
        _through_another(words(r"restrict|beperk")),
        Cue(
            PRESENT,
            words(
                r"\buse\b.{0,40}\brestrict",
                r"beperk\w*.{0,60}(?:verwerking|gebruik)|(?:verwerking|gebruik).{0,60}beperk|\bbeperking\b",
                r"(?:laten |te )beperken\b|minder (?:van (?:uw|je) )?(?:persoons)?gegevens",
                r"tijdelijk .{0,40}(?:niet|stop|stil)|bevriezen|een tijd(?:je)? niet|(?:even|voorlopig) niet (?:te |meer )?gebruik|for (?:a while|the time being)",
                r"\brestrict\w*.{0,60}(?:process|use|using|how we|what we)|(?:processing|use of)\b.{0,60}\brestrict",
                r"\brestriction\b|\blimit(?:ation)? (?:of )?(?:the |how |our |what )?(?:process|use|we|way)|\bsuspend",
                r"\bpause\b|\brestrict\b",
            ),
            scope=MAY,
            unless=words(
                r"aansprakelijk|liabilit|beperkt tot\b|limited to\b|beperkte (?:groep|toegang)|restricted access|cookie"
            ),
            outside=NOT_COOKIES,
            headings=True,
        ),
        Cue(PARTIAL, words(r"afscherm|af te schermen"), scope=MAY, outside=NOT_COOKIES),
    ),
    "L18": (
        _through_another(words(r"object|bezwaar")),
        Cue(
            PRESENT,
            words(
                r"verzet aan ?(?:te ?)?tekenen|verzet (?:te )?doen",
                r"\bbezwaar|\bverzetten\b|recht (?:van|op|tot) verzet|\bobject(?:ion|ing|s)?\b",
            ),
            scope=MAY,
            unless=words(
                MARKETING.pattern,
                r"bezwaar(?:schrift)?.{0,40}(?:een besluit|beschikking|aanslag|boete|WOZ|ons besluit)",
                r"gesprek",
                r"\bbellen\b",
                r"gebeld",
                r"\bcalls?\b",
                r"no objection",
            ),
            outside=NOT_COOKIES,
            headings=True,
        ),
        Cue(
            PRESENT, words(r"\bbezwaar|\bobject(?:ion|ing)?\b"), also=GENERAL_OBJECTION, scope=MAY, outside=NOT_COOKIES
        ),
    ),
    "L19": (
        Cue(
            PRESENT,
            words(r"afmeld|af te melden|uitschrij|uit te schrijven|unsubscrib|opt(?:ing)?[- ]?out|stop receiving"),
            near=words(
                MARKETING.pattern,
                r"(?:elke|iedere|each|every|any) (?:\w{1,20} )?(?:\w{0,12}brief|e-?mail|mail|bericht|message)",
            ),
            outside=NOT_COOKIES,
            unless=words(r"lidmaatschap|abonnement|do[- ]not[- ]track|analytics"),
        ),
        Cue(
            PRESENT,
            STOPPING,
            also=READER_CAN,
            near=MARKETING,
            scope=words(MARKETING.pattern, r"\bmail", r"e-mails?", r"bericht", r"messages?"),
            outside=NOT_COOKIES,
            unless=words(r"lidmaatschap|abonnement|do[- ]not[- ]track|analytics"),
        ),
        Cue(PARTIAL, words(r"in(?:ge)?trek|withdraw"), scope=MARKETING, outside=NOT_COOKIES),
    ),
    "L20": (
        _through_another(words(r"portab|overdra")),
        Cue(
            PRESENT,
            words(
                r"passed on to (?:you|another)|(?:sent|given|handed) to (?:you or )?another",
                r"overdracht van (?:uw|je|jouw|de) (?:persoons)?gegevens|kopie .{0,20}voor een andere?\b|hand over (?:your|the) .{0,20}(?:data|information)|(?:common|usual|digital|electronic) (?:\w{1,12} )?format",
                r"overdraagba|dataportab|\w{0,6}portab|(?:gegevens|data)\b.{0,60}\bover(?:ge| te )?(?:dragen|te dragen)",
                r"over te dragen|recht .{0,60}overdra(?:cht|gen)|gegevensoverdracht|meenemen|mee te nemen",
                r"machine[- ]?(?:leesba|reada)|gestructureerde?,|computerbestand|gangba(?:ar|re)|\bstructured,",
                r"(?:move|transfer|send|pass)\w{0,5} .{0,60}(?:to )?(?:another|a different|other|a new) (?:organi[sz]ation|company|controller|provider|party|service)",
                r"electronic(?:ally)? (?:format|file|copy)|commonly used",
                r"gegevens .{0,60}naar een andere? (?:organisatie|partij|bedrijf|aanbieder)",
            ),
            scope=MAY,
            unless=words(r"internet|buiten de|outside the|derde land|third countr|\blijn\b|fusie|merger"),
            outside=NOT_COOKIES,
            headings=True,
        ),
    ),
    "L21": (
        Cue(
            PRESENT,
            words(
                r"ingetrokken|\bspijt\b|\bbedenkt?\b",
                r"in(?:ge)?trek|in te trekken|trek(?:t|ken)? .{0,40}\bin\b|herroep|withdr[ae]w|revok|take back",
                r"change your mind|terugkomen op",
            ),
            near=words(r"toestemming|\bconsent|permission"),
        ),
    ),
    "L22": (
        Cue(
            Status.PRESENT_WRONG,
            words(r"college bescherming persoonsgegevens|registratiekamer|\b(?-i:CBP)\b"),
            near=COMPLAINT,
        ),
        Cue(
            PRESENT,
            AUTHORITY,
            near=COMPLAINT,
            unless=words(r"\bmelding\b|\bmelden (?:wij|we)|notif|verstrek|\bdisclos|\bshare\b|datalek"),
        ),
        Cue(PARTIAL, words(r"(?:klacht|complain)\w*.{0,80}(?:toezicht|autoriteit|authorit|regulator)")),
    ),
}
