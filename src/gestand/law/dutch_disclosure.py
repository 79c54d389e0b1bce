"""What the judgement of a demand for data says, in plain Dutch: each sentence of ``disclosure.py`` beside the one it stands for."""

from __future__ import annotations

from collections.abc import Mapping

DISCLOSURE: Mapping[str, str] = {
    "part of the demand could not be read: {}": "een deel van de vordering werd niet begrepen: {}",
    "no article of law is named, so there is no duty, and we are not free to give data of our customers":
        "er is geen wetsartikel genoemd; er is dus geen plicht, en gegevens van klanten mogen wij niet zomaar geven",
    "a demand in writing that names the article, the person, the data and the term":
        "een schriftelijke vordering met het artikel, de persoon, de gegevens en de termijn",
    "it is not verified who asks": "niet is nagegaan wie dit vraagt",
    "nothing yet: call back through a number found elsewhere": "nog niets: bel eerst terug via een nummer dat u zelf vond",
    "the document came from a private mail address": "het stuk kwam van een privé-mailadres",
    "the demand from an official address": "de vordering vanaf een officieel adres",
    "verify who asks by calling back through a number found elsewhere, before anything is given":
        "ga na wie dit vraagt voordat u iets geeft: bel terug via een nummer dat u zelf vond",
    "a question by telephone is no demand": "een vraag per telefoon is geen vordering",
    "the demand in writing": "de vordering op schrift",
    "a foreign authority has no power here; what it needs comes as a demand of the Dutch prosecutor":
        "een buitenlandse overheid heeft hier geen bevoegdheid; wat zij nodig heeft, vordert de Nederlandse officier van justitie",
    "a demand by the Dutch prosecutor (mutual assistance or a European order)":
        "een vordering van de Nederlandse officier van justitie (rechtshulp of een Europees bevel)",
    "a production order under Regulation (EU) 2023/1543, in force since 18-8-2026, may bind who hosts for others: get advice":
        "een verstrekkingsbevel onder Verordening (EU) 2023/1543, die geldt sinds 18-8-2026, kan binden wie voor anderen host: vraag advies",
    "who asks has no power to demand data of others": "wie dit vraagt heeft geen bevoegdheid om gegevens van anderen te vorderen",
    "consent of the person, or an order of a court; offer to pass a message on instead":
        "toestemming van de persoon, of een bevel van de rechter; bied aan om een bericht door te geven",
    "handing over data unasked is only open to who reports a crime as its victim":
        "ongevraagd gegevens geven mag alleen wie als slachtoffer aangifte doet",
    "a demand, if we are not the victim": "een vordering, als wij niet het slachtoffer zijn",
    "report the facts the police need to understand the crime, nothing more": "vertel wat de politie nodig heeft om het misdrijf te begrijpen, en niet meer",
    "this power belongs to a {}, not to a {}": "deze bevoegdheid heeft alleen: {}; niet: {}",
    "a demand by a {}": "een vordering van: {}",
    "it is not said which authority asks": "er staat niet welke overheid dit vraagt",
    "the name and office of who asks": "de naam en de functie van wie dit vraagt",
    "it is signed by the police alone": "alleen de politie heeft getekend",
    "the signature of the public prosecutor": "de handtekening van de officier van justitie",
    "we are the suspect: such a demand cannot be made of a suspect": "wij zijn de verdachte: van een verdachte kan dit niet gevorderd worden",
    "get a lawyer before answering anything": "neem een advocaat voordat u iets antwoordt",
    "it is not in writing": "het staat niet op schrift",
    "write down the spoken demand; it must follow in writing within three days":
        "schrijf de mondelinge vordering op; zij moet binnen drie dagen op schrift volgen",
    "it is not in writing and no urgent spoken demand of a prosecutor":
        "het staat niet op schrift, en het is geen dringende mondelinge vordering van een officier van justitie",
    "have the written demand in hand before anything is given": "heb de schriftelijke vordering in handen voordat u iets geeft",
    "the authority of the examining magistrate is not shown": "de machtiging van de rechter-commissaris is niet getoond",
    "the machtiging of the rechter-commissaris": "de machtiging van de rechter-commissaris",
    "article 47 reaches our own taxes only": "artikel 47 gaat alleen over onze eigen belasting",
    "a demand under AWR 53 for the taxes of others": "een vordering onder AWR 53 voor de belasting van anderen",
    "article 53 is about the taxes of others, and this is not": "artikel 53 gaat over de belasting van anderen, en dit niet",
    "a demand that names its article rightly": "een vordering die het juiste artikel noemt",
    "a bailiff may ask what we pay to someone, such as wages; this is not that":
        "een deurwaarder mag vragen wat wij iemand betalen, zoals loon; dat is dit niet",
    "a court order": "een bevel van de rechter",
    "we are not shown to be a body that article 64 names": "niet is getoond dat wij een instelling zijn die artikel 64 noemt",
    "the part of article 64 that names us": "het onderdeel van artikel 64 dat ons noemt",
    "ask which persons, data and period are needed; a whole file is not given where a part will do":
        "vraag welke personen, gegevens en periode nodig zijn; geef geen heel bestand waar een deel genoeg is",
    "photographs and identity copies need 126nf according to case law known at second hand":
        "voor foto's en kopieën van een identiteitsbewijs is 126nf nodig, volgens rechtspraak die wij uit de tweede hand kennen",
    "126nd of the prosecutor": "126nd van de officier van justitie",
    "126nf with the examining magistrate": "126nf met de rechter-commissaris",
    "for {}: a demand under {}": "voor {}: een vordering onder {}",
    "none of the data asked for can be demanded under this article": "niets van wat gevraagd is kan onder dit artikel gevorderd worden",
    "take special categories out of every record before it is given": "haal bijzondere gegevens overal uit voordat u iets geeft",
    "keep to the period the demand names, at most four weeks, and write down its end":
        "houd de periode van de vordering aan, ten hoogste vier weken, en schrijf het einde op",
    "give no longer than four weeks without a new demand": "geef niet langer dan vier weken zonder nieuwe vordering",
    "give what the demand names and no more": "geef wat de vordering noemt, en niet meer",
    "write down: date, document, article, who decided, what was given or refused, and until when that is kept":
        "schrijf op: datum, stuk, artikel, wie besliste, wat gegeven of geweigerd is, en tot wanneer dat bewaard wordt",
    "tell no one, the person concerned included, also not in an answer to an access request (126bb(5))":
        "zeg er niemand iets over, ook niet aan wie het betreft, en ook niet in een antwoord op een verzoek om inzage (126bb, lid 5)",
    "the demand names its article, and who asks holds that power": "de vordering noemt haar artikel, en wie vraagt heeft die bevoegdheid",
    "we report a crime of which we are the victim": "wij doen aangifte van een misdrijf waarvan wij slachtoffer zijn",
    "a person must judge first: {}": "eerst moet iemand oordelen: {}",
    "none of the data asked for can be demanded under this article: they are special categories":
        "niets van wat gevraagd is kan onder dit artikel gevorderd worden: het zijn bijzondere gegevens",
    "it is not verified who asks: call back through a number found elsewhere":
        "niet is nagegaan wie dit vraagt: bel terug via een nummer dat u zelf vond",
    "the demand does not reach: {}": "de vordering reikt niet tot: {}",
}  # fmt: skip
"""An English sentence of the judgement, ``{}`` where something is filled in, and the Dutch one."""
