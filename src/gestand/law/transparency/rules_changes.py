"""The date of a statement and notice of its changes: L39 and L40 (Articles 5(2), 13(3))."""

from __future__ import annotations

import re

from gestand.law.transparency.cues import NOT_OWN, Cue
from gestand.law.transparency.model import Status
from gestand.law.transparency.topics import Topic
from gestand.law.transparency.wording import words

PRESENT, PARTIAL = Status.PRESENT, Status.PARTIAL
NOT_COOKIES = NOT_OWN | {Topic.COOKIES}

DATE = re.compile(
    r"\b\d{1,2}[-/. ](?:\d{1,2}|[a-z]{3,9})[-/. ,]{1,2}(?:19|20)?\d{2}\b|\b20\d{2}-\d{2}-\d{2}\b|"
    r"\b(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|"
    r"january|february|march|may|june|july|august|october) (?:\d{1,2}(?:st|nd|rd|th)?,? )?20\d{2}\b|"
    r"\b\d{1,2}(?:st|nd|rd|th)? (?:of )?[a-z]{3,9},? 20\d{2}\b",
    re.IGNORECASE,
)
DATED = words(
    r"laatst(?:e)? (?:\w{1,12} )?(?:ge?wijzig|bijgewerkt|aangepast|herzien|update|wijziging|aanpassing|geactualiseerd)",
    r"(?:bijgewerkt|gewijzigd|aangepast|herzien|vastgesteld|gepubliceerd|geactualiseerd|opgesteld)\b|\bversie",
    r"\bdatum\b|\bgeldig (?:vanaf|sinds|per)|\bgeldt (?:vanaf|sinds|per)|in werking|ingangsdatum",
    r"laatste update|last (?:\w{1,12} )?(?:changed?|updated?|revised|modified|reviewed|amended|revision)",
    r"\b(?:updated|revised|amended|adopted|published)\b|\bversion|effective|\bdated?\b|in force",
    r"valid (?:from|since)",
)
STAMPED = words(
    r"©|copyright|gegenereerd|generated|\bbuil[dt]\b|gebouwd|rendered|deployed",
    r"website (?:voor het )?(?:laatst|last)|(?:site|pagina's) (?:laatst|last)|site (?:was )?last|printed on",
    r"afgedrukt",
)
NOT_STATEMENT_DATE = words(
    r"\bAVG\b.{0,60}(?:mei|may) 2018|GDPR.{0,60}2018|verordening|regulation \(|\bwet van\b|sinds 25 mei",
    r"since 25 may|cookie.{0,30}(?:verlo|expire)|browserversie|browser version|geboortedatum|vorige versie",
    r"previous version",
)
CHANGE = words(
    r"wijzig|gewijzigd|aanpass|aangepast|\bverander|herzie|nieuwe versie|\bchang|\bamend|\bupdat|\brevis",
    r"new version|modif|\bpas(?:sen|t)? .{0,60}\baan\b",
)
TOLD = words(
    r"krijg(?:t|en) .{0,30}(?:e-?mail|bericht|brief)|(?:will |we )e-?mail (?:\w{1,12} ){1,3}|lees(?:t)? (?:u|je) .{0,30}(?:nieuwsbrief|mail)",
    r"(?:informeren|berichten|waarschuwen|mailen|inlichten|verwittigen) (?:wij|we) (?:u|je|jou|onze|alle|de)",
    r"(?:wij|we) (?:\w{1,15} ){0,6}(?:informeren|berichten|waarschuwen|mailen|inlichten|op de hoogte|laten weten)",
    r"laten (?:wij|we) (?:\w{1,12} ){0,6}weten|(?:stellen|brengen) (?:wij|we) .{0,40}op de hoogte",
    r"(?:krijgt|ontvangt|krijg|hoort) (?:u|je|jij) .{0,50}(?:bericht|e-?mail|mail)",
    r"(?:u|je) (?:krijgt|ontvangt|hoort)\b.{0,50}(?:bericht|e-?mail|mail|ons)|per (?:e-?mail|brief|post)",
    r"via (?:e-?mail|de nieuwsbrief|een e-?mail)|sturen (?:wij|we) .{0,40}(?:bericht|e-?mail|mail)",
    r"(?:actief|persoonlijk|vooraf) (?:\w{1,15} ){0,3}(?:informeren|gemeld|laten weten|geïnformeerd|bericht)",
    r"wordt .{0,30}(?:geïnformeerd|bericht|gemeld aan)|melden (?:wij|we) .{0,40}(?:u|je|leden|e-?mail)\b",
    r"(?:notify|inform|tell|alert|email|e-?mail|write to|contact) (?:you|our|all|every|members|customers|users|parents)",
    r"(?:will|shall|are|is|wordt|worden) (?:be )?(?:\w{1,12} )?(?:e-?mailed|emailed|gemaild|toegestuurd)",
    r"let (?:you|everyone|members|customers) know|by e-?mail",
    r"you will (?:be (?:notified|informed|told)|receive|hear|get)",
    r"(?:send|give) (?:you )?(?:an? )?(?:e-?mail|notice|message)|in-app notice|bring .{0,30}to your attention",
)
ON_SITE = words(
    r"(?:duidelijk|opvallend|prominent|zichtbaar|aankondig|melden|banner|homepage|startpagina|bericht op)",
    r"\bby (?:posting|publishing|placing)|te (?:plaatsen|publiceren)\b",
    r"(?:prominent|clearly|banner|home ?page|announce|notice on|highlight)",
)
NOT_STATEMENT_CHANGE = words(
    r"wijziging\w* (?:van|in) (?:onze |uw |je |de |het )?(?:dienst|product|assortiment|adres|gegevens|rooster|les|tarie|prij|open|abonnement|bestelling|afspraak|contract|overeenkomst)",
    r"(?:over|van) wijzigingen (?:van|in|aan) onze (?:dienst|product)",
    r"chang\w* (?:to|in|of) (?:our |your |the )?(?:service|product|address|data|details|schedule|opening|order|booking|prices?|subscription|features|terms of service)",
    r"service updates|inform you (?:about|of) (?:changes to )?(?:our )?(?:service|product)|adreswijziging",
    r"geef .{0,20}door|let us know|verzoek|\brequest\b|corrig|rectif|correct|uw gegevens (?:te )?wijzig",
)

CUES: dict[str, tuple[Cue, ...]] = {
    "L39": (
        Cue(
            PRESENT,
            DATED,
            also=DATE,
            unless=words(STAMPED.pattern, NOT_STATEMENT_DATE.pattern),
            outside=frozenset({Topic.ELSEWHERE, Topic.FOOTER, Topic.BREACH}),
            headings=True,
        ),
        Cue(
            PRESENT,
            words(
                r"(?:versie|version)\b.{0,12}\d",
                r"^\(?(?:versie|version|datum|date|d\.d\.|[A-Z][\w -]{2,30},)?:? ?\(?(?:\d{1,2} )?(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|january|february|march|may|june|july|august|october) 20\d{2}\)?\.?$",
            ),
            unless=words(STAMPED.pattern, r"browser", r"TLS", r"SSL", r"software", r"previous", r"vorige"),
            outside=frozenset({Topic.ELSEWHERE, Topic.FOOTER, Topic.BREACH}),
            headings=True,
        ),
        Cue(
            PRESENT,
            words(
                r"(?:privacy\w*|verklaring|statement|policy|notice|document|reglement|beleid)\b.{0,80}(?:\bper\b|\bvan\b|\bop\b|\bof\b|\bfrom\b|\bon\b|sinds|since|vanaf|dateert|dates)"
            ),
            also=DATE,
            unless=words(STAMPED.pattern, NOT_STATEMENT_DATE.pattern, r"bewa", r"retain"),
            outside=frozenset({Topic.ELSEWHERE, Topic.FOOTER, Topic.BREACH}),
        ),
    ),
    "L40": (
        Cue(
            Status.WRONG,
            words(
                r"continu\w{1,5} (?:to )?us(?:e|ing)\b.{0,80}(?:accept|agree|consent)|(?:blijft|door) .{0,30}gebruik.{0,60}(?:akkoord|aanvaard|accepteer)"
            ),
            near=CHANGE,
            outside=NOT_COOKIES,
        ),
        Cue(
            PRESENT,
            TOLD,
            scope=CHANGE,
            unless=words(
                NOT_STATEMENT_CHANGE.pattern,
                r"\bby (?:posting|publishing|placing|updating)\b(?!.{0,160}e-?mail)",
                r"\bdoor .{0,60}te (?:plaatsen|publiceren|zetten)\b(?!.{0,160}mail)",
            ),
            near=words(
                r"verklaring|beleid|reglement|statement|policy|notice|privacy|(?:deze|this) (?:tekst|text)|wijziging|changes?\b"
            ),
            outside=NOT_COOKIES,
            unless_scope=words(
                r"toestemming intrek|\brechten\b[^|]{0,30}\||\brights\b[^|]{0,30}\||contactgegevens wijzig",
                r"verwerker(?:s|sovereenkomst)|sub-?processor",
            ),
        ),
        Cue(
            PARTIAL,
            ON_SITE,
            also=CHANGE,
            near=words(r"verklaring|beleid|statement|policy|notice"),
            outside=NOT_COOKIES,
            unless=NOT_STATEMENT_CHANGE,
        ),
    ),
}
