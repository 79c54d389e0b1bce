"""What in a text calls for an item that is asked only of some statements: the conditions of the checklist."""

from __future__ import annotations

from gestand.law.transparency.vocabulary import MARKETING
from gestand.law.transparency.wording import Words, words

TRIGGERS: dict[str, Words] = {
    "L04": words(
        r"\b(?:gemeente|ministerie|provincie|waterschap|ziekenhuis|universiteit) [A-Z]\w{2,20} (?:is|verwerkt|vindt|gaat|hecht)",
        r"wij als (?:gemeente|overheid)|(?:city|county|borough|district|town) council|we are a public authority",
    ),
    "L19": MARKETING,
    "L34": words(
        r"\bwebsite|\b(?:onze|deze|mijn|de|our|my|this|the) site\b|webshop|webwinkel|web ?shop|online (?:winkel|bestel|shop)|\bapp\b|webform|contactformulier|contact form|cookie"
    ),
    "L21": words(
        r"(?<!zonder )\btoestemming\b",
        r"(?:met|uw|je|jouw|op (?:basis|grond) van|vragen wij|geeft u|grondslag:?) (?:\w{1,12} )?toestemming",
        r"toestemming (?:gegeven|geeft|gaf|hebt|heeft)",
        r"\btoestemming\b.{0,60}(?:nieuwsbrief|foto|marketing|cookies|delen|sollicit)|nieuwsbrie",
        r"(?:with|your|on|obtain|given|gave|by|based on) (?:\w{1,12} )?consent|\bconsent\b|newsletter|\bopt-?in\b",
    ),
    "L24": words(
        r"interest groups|interessegroep|(?:sort|segment)\w{0,4} .{0,60}(?:software|interest)",
        r"profil|profiel(?:en)? (?:van (?:u|je|jou|uw)|over|op (?:basis|grond))|profile of (?:you|your)|gericht(?:e)? .{0,30}(?:aanbieding|advert|aanbod|reclame)|geautomatiseerd",
        r"automati(?:sche|c) (?:besl|toets|decision|assess)|automated|gepersonali|personali[sz]|kredietwaardig",
        r"credit (?:check|scor)|algoritm|algorithm|aanbevelingen op|recommendations based",
        r"tailored (?:offers|advert|content)|\b(?-i:AI)\b|kunstmatige intelligentie|artificial intelligence|fraudescore",
        r"risicoscore|(?:volledig|geheel|fully|entirely) automati|alleen een computer|computer alone|\bpredict .{0,60}(?:offer|interest)|voorspel",
    ),
    "L25": words(
        r"vertegenwoordiger van|contactperso(?:on|nen) (?:van|bij|binnen)|werkgever|verwijz(?:er|ing)\b",
        r"handelsregister|van derden (?:verkr|ontv|kr)|noodcontact|gezinsleden|familieleden|emergency contact",
        r"next of kin|family members|referees?\b|your employer|colleagues|on behalf of (?:someone|another)",
        r"namens (?:iemand|een ander)|third parties (?:provide|give)|nabestaanden",
        r"overdracht van (?:uw|het) dossier",
    ),
    "L35": words(
        r"nieuwsbrie|newsletter|e-?mail ?marketing|marketing ?e?-?mails?|mailings?\b",
        r"(?:aanbieding|reclame|promotie)\w*.{0,40}e-?mail|e-?mail.{0,40}(?:aanbieding|reclame)",
        r"(?:offers|promotion)\w*.{0,40}e-?mail|e-?mail.{0,40}(?:offers|promotions)",
        r"commerci[eë]le (?:e-?mail|bericht)|promotional (?:e-?mail|message)",
        r"marketing (?:messages|communications|berichten)",
    ),
    "L37": words(
        r"\bkinderen\b|\bkind\b|leerling|jeugd|minderjarig|\bpupil|\bchildren\b|\bchild\b|\bminors?\b|\byouth\b",
        r"\bteens?\b|scholieren",
    ),
    "L38": words(
        r"als (?:wij|we) verwerkingsverantwoordelijke|\bverwerker voor\b|beheer op afstand|hulp op afstand",
        r"remote (?:support|management|access)|systemen van (?:onze )?(?:klant|opdrachtgever)",
        r"(?:our )?(?:customers?|clients?)'? (?:personal )?data\b|customer data|gegevens van (?:onze )?klanten van",
        r"SaaS|klanten hun|hosten (?:wij|we) (?:websites|voor)|host(?:ing)? (?:services|websites) for",
        r"when we are (?:the )?controller|workspace|salarisadministratie voor",
    ),
    "L42": words(
        r"Internet Protocol|\bIP[- ]?adres|\bIP address|server ?log|logbestand|log ?files?|webserver|Google Analytics|Matomo",
        r"web ?statisti|bezoekersstatisti|website ?statisti|surfgedrag|visitor statistics|web analytics",
        r"website analytics",
    ),
}
"""What in a text calls for a conditional item. Where an item is not named here it is asked of every statement."""
NO_SUCH_MARKETING = words(
    r"\b(?:geen|nooit|niet)\b.{0,40}(?:nieuwsbrie|marketing|mailing|reclame|commerci|aanbieding|advert)",
    r"(?:\bno\b|\bnot\b|never|don't).{0,50}(?:newsletter|marketing|mailing|advert|fundrais|promotion)",
    r"marketing.{0,20}(?:niet|not)\b",
)
TARGETED_WITHOUT_CONSENT = words(
    r"gericht\w* .{0,40}aanbieding.{0,80}(?:telefoni|bellen)|targeted .{0,40}offers?.{0,80}(?:phone|call)"
)
"""Offers aimed at persons by telephone without consent: recital 38 asks specific protection of children in marketing."""
WANTS_NONE = words(r"\bwil(?:t)? (?:u|je|jij)\b|\b(?:u|je|you|don't want|not want|no longer)\b")
"""A reader who wants no marketing ("Wilt u geen reclame?") is told by somebody who sends it."""
NO_BUSINESS = words(
    r"\b(?:onze|de|deze) (?:\w{0,12}vereniging|school|club|gemeente|parochie|kerk)\b|\bleerlingen\b|our (?:school|club|association|members)",
    r"\bpupils\b|\benrolled students\b|\buniversit(?:y|eit)\b|hogeschool|woningcorporatie|housing association|social housing|our tenants|local council",
)
"""An association, school, landlord of social housing or public body: no services offered on the market (BW 3:15d)."""
OWN_CHANGES = words(
    r"(?:verklaring|reglement|statement|policy|notice)\b.{0,160}(?:nieuwsbrie|newsletter)|wijziging.{0,60}(?:nieuwsbrie|newsletter)"
)
"""A newsletter that only carries notice of a new statement is no marketing."""
