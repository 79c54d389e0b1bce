"""What the check of a statement says about its text and policy, and what to do about each."""

from __future__ import annotations

from collections.abc import Mapping

from gestand.law.transparency import CHECKLIST

STATEMENT: Mapping[str, str] = {
    # The files
    "there is no policy.toml here": "er is hier geen policy.toml",
    "Make an organisation with 'gestand init DIR'.": "Maak een organisatie met 'gestand init MAP'.",
    "the file begins with a byte-order mark": "het bestand begint met een byte-order mark (BOM)",
    "Save it as UTF-8 without BOM.": "Bewaar het als UTF-8 zonder BOM.",
    "byte {} of the file ({}) is no UTF-8": "byte {} van het bestand ({}) is geen UTF-8",
    "byte {} is no UTF-8": "byte {} is geen UTF-8",
    "Save the file as UTF-8.": "Bewaar het bestand als UTF-8.",
    "a number in this file is too long to read": "een getal in dit bestand is te lang om te lezen",
    "Write it shorter.": "Schrijf het korter.",
    "lists or tables stand within each other too deeply": "lijsten of tabellen staan te diep in elkaar",
    "Nest them less.": "Zet er minder in elkaar.",
    "Mend this line; see https://toml.io for the form.": "Verbeter deze regel; de vorm staat op https://toml.io.",
    "'{}' is no key of a version": "'{}' is geen sleutel van een versie",
    "Known here: {}.": "Bekend zijn hier: {}.",
    "policy.toml names no language '{}'": "policy.toml noemt geen taal '{}'",
    "Name it in languages (nl, en), or take the file away.": "Noem haar bij languages (nl, en), of haal het bestand weg.",
    "there is no statement.{}.md": "statement.{}.md ontbreekt",
    "Write it, with the same clauses, or leave the language out.": "Schrijf het, met dezelfde zinnen, of laat de taal weg.",
    "layout: {} is no layout": "layout: {} is geen opmaak",
    "Write one of markdown, plain.": "Schrijf markdown of plain.",
    # The marks of clauses
    "clause {} does not stand within one paragraph, heading or list item": "zin {} staat niet binnen één alinea, kop of lijstregel",
    "Give each paragraph or list item a clause of its own, and write literal brackets as \\[ and \\].":
        "Geef elke alinea of lijstregel een eigen zin, en schrijf gewone haken als \\[ en \\].",
    "clause {} has no words": "zin {} heeft geen woorden",
    "Write the sentence between '[' and ']'.": "Schrijf de zin tussen '[' en ']'.",
    "the marks of this clause are never closed": "de merktekens van deze zin worden niet gesloten",
    "Close them with '}'.": "Sluit ze met '}'.",
    "the marks name no clause id": "de merktekens noemen geen nummer van een zin",
    "Write {#C3 ...}.": "Schrijf {#C3 …}.",
    "this '[' is never closed": "deze '[' wordt niet gesloten",
    "Close it with ']', or write '\\[' for a bracket.": "Sluit haar met ']', of schrijf '\\[' voor een gewone haak.",
    "'{}' is no mark of a clause": "'{}' is geen merkteken van een zin",
    'Write {#C3 kept-by="control-a control-b"}.': 'Schrijf {#C3 kept-by="controle-a controle-b"}.',
    "marks of a clause that follow no closed '[sentence]'": "merktekens van een zin zonder '[zin]' ervoor",
    "Put the sentence between '[' and ']' right before the '{'.": "Zet de zin tussen '[' en ']', vlak voor de '{'.",
    "clause {} stands inside another clause": "zin {} staat binnen een andere zin",
    "Close the one before the next begins.": "Sluit de ene voordat de volgende begint.",
    "clause {} stands here for the second time; the first is on line {}": "zin {} staat hier voor de tweede keer; de eerste staat op regel {}",
    "Give each sentence an id of its own.": "Geef elke zin een eigen nummer.",
    "'#{}' is no clause id here": "'#{}' is hier geen nummer van een zin",
    "One id a clause: a letter, then letters and digits.": "Eén nummer per zin: een letter, dan letters en cijfers.",
    "a clause has no attribute '{}'": "een zin heeft geen kenmerk '{}'",
    # Names in the text
    "'{}' has no partner on its line": "'{}' heeft geen wederhelft op de regel",
    "Write {{ name }}.": "Schrijf {{ naam }}.",
    "'{}' is no name of the policy": "'{}' is geen naam uit policy.toml",
    "'{}' is empty in the policy": "'{}' is leeg in policy.toml",
    "Fill it in policy.toml, or leave it out of the text.": "Vul het in policy.toml in, of laat het uit de tekst.",
    "There are: {}.": "Er zijn: {}.",
    "Known are {} and {}.": "Bekend zijn {} en {}.",
    "Write one of {}.": "Schrijf een van: {}.",
    # Promises and what keeps them
    "clause {} names what keeps it, and [clauses.{}] says that it only informs": "zin {} noemt wat hem houdt, en [clauses.{}] zegt dat hij alleen vertelt",
    "Take one of the two away.": "Haal een van beide weg.",
    'nothing keeps clause {}: "{}"': 'niets houdt zin {}: "{}"',
    'Name a control in its kept-by="…", or say in [clauses.{}] of policy.toml why it needs none.':
        'Noem een controle in kept-by="…", of zeg in [clauses.{}] van policy.toml waarom er geen nodig is.',
    "clause {} awaits what is not built yet: {}": "zin {} wacht op wat nog niet is gebouwd: {}",
    "Until then its verdict is unproven.": "Tot dan is het oordeel: niet bewezen.",
    "the control '{}' keeps no promise of this statement": "de controle '{}' houdt geen belofte van deze verklaring",
    'Name it in the kept-by="…" of the sentence that it keeps.': 'Noem haar in kept-by="…" van de zin die zij houdt.',
    "no text has a clause {}, which [clauses.{}] calls {}": "geen tekst heeft een zin {}, en [clauses.{}] noemt hem {}",
    "Mark its sentence [ … ]{#{}}, or take the note away.": "Merk de zin als [ … ]{#{}}, of haal de aantekening weg.",
    "clause {} is kept by '{}', and there is no such control": "zin {} wordt gehouden door '{}', en die controle is er niet",
    "clause {} awaits '{}', which is built": "zin {} wacht op '{}', en die is er",
    "Move it to kept-by.": "Zet haar bij kept-by.",
    'Name a control there is, or write awaits="{}" until it is built.': 'Noem een controle die er is, of schrijf awaits="{}" tot zij er is.',
    # Two languages
    'clause {} of {} (line {}) is not in this text: "{}"': 'zin {} van {} (regel {}) staat niet in deze tekst: "{}"',
    "Translate the sentence and mark it [ … ]{#{}}.": "Vertaal de zin en merk hem als [ … ]{#{}}.",
    "clause {} is not in {}": "zin {} staat niet in {}",
    "Add it there, or take its mark away here.": "Zet hem daarin, of haal hier het merkteken weg.",
    "clause {} is kept by other controls here than in {} (line {})": "zin {} wordt hier door andere controles gehouden dan in {} (regel {})",
    "Write only {#{}} here: the controls are taken from {}.": "Schrijf hier alleen {#{}}: de controles komen uit {}.",
    # What the text names
    '{} does not name the purpose \'{}\': "{}"': '{} noemt het doel \'{}\' niet: "{}"',
    "Write {{ purpose.{}.title }} where the text tells what data are used for.":
        "Schrijf {{ purpose.{}.title }} waar de tekst zegt waarvoor gegevens worden gebruikt.",
    '{} does not name the recipient \'{}\': "{}"': '{} noemt de ontvanger \'{}\' niet: "{}"',
    "Write {{ recipient.{}.title }} or {{ recipients }} where the text tells who gets data.":
        "Schrijf {{ recipient.{}.title }} of {{ recipients }} waar de tekst zegt wie gegevens krijgt.",
    "{} does not say that '{}' is kept for {}": "{} zegt niet dat '{}' {} wordt bewaard",
    "Write {{ shelf.{}.period }} where the text tells how long data are kept.":
        "Schrijf {{ shelf.{}.period }} waar de tekst zegt hoe lang gegevens blijven.",
    "For instance: {}": "Bijvoorbeeld: {}",
}  # fmt: skip

POLICY: Mapping[str, str] = {
    "there is no category '{}'": "er is geen categorie '{}'",
    "there is no field '{}'": "er is geen veld '{}'",
    "there is no shelf '{}'": "er is geen plank '{}'",
    "there is no purpose '{}'": "er is geen doel '{}'",
    "there is no recipient '{}'": "er is geen ontvanger '{}'",
    "there is no service '{}'": "er is geen dienst '{}'",
    "shelves lead in a circle: {}; what stands there never leaves": "planken leiden in een kring: {}; wat daar staat gaat nooit weg",
    "Let the last one erase: take its 'then' away.": "Laat de laatste wissen: haal daar 'then' weg.",
    "'{}' is no address of a website": "'{}' is geen adres van een website",
    "'{}' is no e-mail address": "'{}' is geen e-mailadres",
    "Write it in full, such as info@example.nl.": "Schrijf het voluit, zoals info@example.nl.",
    "Write it in full, such as https://example.nl.": "Schrijf het voluit, zoals https://example.nl.",
    "'{}' is the name of the example": "'{}' is de naam uit het voorbeeld",
    "'{}' is the address of the example": "'{}' is het adres uit het voorbeeld",
    "'{}' is the website of the example": "'{}' is de website uit het voorbeeld",
    "Write your own before you publish: a published version cannot be changed.":
        "Vul uw eigen in voordat u publiceert: een gepubliceerde versie verandert niet meer.",
    "nothing is ever put on the shelf '{}'": "op de plank '{}' wordt nooit iets gezet",
    "no purpose names the recipient '{}'": "geen doel noemt de ontvanger '{}'",
    "Let a purpose name it, or take it away.": "Laat een doel hem noemen, of haal hem weg.",
    "the purpose '{}' needs '{}', which is {} data, and names no exception of {}":
        "het doel '{0}' heeft '{1}' nodig; dat is een bijzonder of strafrechtelijk gegeven, en een uitzondering van {3} ontbreekt",
    'Add special_ground = "…" to [purposes.{}], or leave the field out.': 'Zet special_ground = "…" bij [purposes.{}], of laat het veld weg.',
    "no contact point takes requests of data subjects (Article 12(2))": "geen contactpunt neemt verzoeken van betrokkenen aan (artikel 12, lid 2)",
    "Leave 'rights = false' out of one of them.": "Laat bij een ervan 'rights = false' weg.",
    "no purpose needs the field '{}'": "geen doel heeft het veld '{}' nodig",
    'Name it with its reason under the needs of a purpose ("{}" = …), or take the field away.':
        'Noem het met de reden bij needs van een doel ("{}" = …), of haal het veld weg.',
    "'{}' is a citizen service number, and no statute is named that allows it (UAVG 46)":
        "'{}' is een burgerservicenummer, en er is geen wet genoemd die het toestaat (UAVG 46)",
    'Name the act: statute = "…", or take the field away.': 'Noem de wet: statute = "…", of haal het veld weg.',
    "the purpose '{}' has no ground": "het doel '{}' heeft geen grond",
    "the purpose '{}' has no basis": "het doel '{}' heeft geen grondslag",
    "the purpose '{}' has no needs": "het doel '{}' zegt niet welke gegevens het nodig heeft",
    "the purpose '{}' needs no data": "het doel '{}' heeft geen gegevens nodig",
    "the shelf '{}' has no ground": "de plank '{}' heeft geen grond",
    "Name the article or statute.": "Noem het artikel of de wet.",
    'Name the article or statute, such as ground = "AVG 6(1)(b)".': 'Noem het artikel of de wet, zoals ground = "AVG 6(1)(b)".',
    "Name the statute or the reason.": "Noem de wet of de reden.",
    "Name the statute or the reason that allows keeping it this long.": "Noem de wet of de reden om het zo lang te bewaren.",
    "Name one of the six of Article 6(1) GDPR: {}.": "Noem een van de zes van artikel 6, lid 1, AVG: {}.",
    "List each field it needs and why (Article 5(1)(c) GDPR).": "Noem elk veld dat nodig is, en waarom (artikel 5, lid 1, onder c).",
    "List each field it needs and why, or take the purpose away.": "Noem elk veld dat nodig is, en waarom, of haal het doel weg.",
    "List each field it needs and why.": "Noem elk veld dat nodig is, en waarom.",
    "the purpose '{}' rests on a legitimate interest, and no balancing test is written down (Article 6(1)(f))":
        "het doel '{}' rust op een gerechtvaardigd belang, en de afweging is niet opgeschreven (artikel 6, lid 1, onder f)",
    "Add [purposes.{}.balancing] with interest, necessity, outcome and reviewed.":
        "Voeg [purposes.{}.balancing] toe met interest, necessity, outcome en reviewed.",
    "the purpose '{}' rests on consent, and the words that are consented to are missing (Article 7)":
        "het doel '{}' rust op toestemming, en de woorden waarmee men instemt ontbreken (artikel 7)",
    "Add consent_text = { nl = …, en = … }.": "Voeg consent_text = { nl = …, en = … } toe.",
    "the processor '{}' has no agreement (Article 28(3))": "de verwerker '{}' heeft geen contract (artikel 28, lid 3)",
    'Conclude one and name it: agreement = "…".': 'Sluit er een en noem het: agreement = "…".',
    "the agreement with '{}' ended on {}": "het contract met '{}' eindigde op {}",
    "Renew it and write the new date, or stop sending data there.": "Verleng het en schrijf de nieuwe datum, of geef daar niets meer.",
    "'{}' is in {}, outside the European Economic Area, and no ground for the transfer is named":
        "'{}' zit in {}, buiten de Europese Economische Ruimte, en de grond voor de doorgifte ontbreekt",
    'Name the adequacy decision or safeguard (Articles 45 to 49): transfer = "…".': 'Noem het besluit of de waarborg (artikelen 45 tot 49): transfer = "…".',
    "for the service '{}' the firm is a processor, and no agreement is named (Article 28(3))":
        "voor de dienst '{}' is het bedrijf verwerker, en er is geen contract genoemd (artikel 28, lid 3)",
    'Name what governs it: agreement = "…".': 'Noem wat erop van toepassing is: agreement = "…".',
    "requests are answered under the purpose '{}', which does not need every field (Article 15)":
        "verzoeken worden beantwoord onder het doel '{}', en dat heeft niet elk veld nodig (artikel 15)",
    'Write needs = { "*" = { nl = …, en = … } }.': 'Schrijf needs = { "*" = { nl = …, en = … } }.',
    "the purpose '{}' needs every field, and only answering a data subject can (Article 5(1)(c))":
        "het doel '{}' heeft elk veld nodig, en dat kan alleen bij het antwoord aan een betrokkene (artikel 5, lid 1, onder c)",
    # Faults of form
    "{} may only be false": "{} kan alleen false zijn",
    "A word on the envelope may never be a condition of a right (Articles 12(2) and 12(6) GDPR): leave the key out.":
        "Een woord op de envelop mag nooit een voorwaarde voor een recht zijn (artikel 12, leden 2 en 6): laat de sleutel weg.",
    "'{}' is missing": "'{}' ontbreekt",
    "Add the key '{}'.": "Voeg de sleutel '{}' toe.",
    "Add the key '{}': one of {}.": "Voeg de sleutel '{}' toe: een van {}.",
    "'{}' is no key of a policy": "'{}' is hier geen sleutel",
    "'{}' cannot be a name ({})": "'{}' kan geen naam zijn ({})",
    "A name is lower-case letters, digits and hyphens, and begins with a letter.":
        "Een naam heeft kleine letters, cijfers en streepjes, en begint met een letter.",
    "{}: '{}' is none of the known values": "{}: '{}' is geen bekende waarde",
    "{} is a date, and a text is asked": "{} is een datum, en er hoort een tekst te staan",
    'Put it in quotes: "{}".': 'Zet hem tussen aanhalingstekens: "{}".',
    "{} is no text": "{} is geen tekst",
    "Put the value in quotes.": "Zet de waarde tussen aanhalingstekens.",
    "{} is empty": "{} is leeg",
    "Write what is meant.": "Schrijf wat er bedoeld wordt.",
    "{}: '{}' is no date": "{}: '{}' is geen datum",
    'Name a version by its date: version = "2026-01-31".': 'Noem een versie naar haar datum: version = "2026-01-31".',
    "{}: '{}' has not the form asked": "{}: '{}' heeft niet de gevraagde vorm",
    "It must match {}.": "Het moet passen op {}.",
    "{} is one value, and a table is asked": "{} is één waarde, en er hoort een tabel te staan",
    "Write it as a table: { key = value, … } or [section].": "Schrijf het als tabel: { sleutel = waarde, … } of [deel].",
    "{} is one value, and a list is asked": "{} is één waarde, en er hoort een lijst te staan",
    'Write it as a list: ["…", "…"].': 'Schrijf het als lijst: ["…", "…"].',
    "Mend the value.": "Verbeter de waarde.",
    "{}: it should {}": "{0}: deze waarde past hier niet",
    'Write a whole number and days, weeks, months or years, such as "6 months".': 'Schrijf een heel getal met days, weeks, months of years, zoals "6 months".',
    "{}: '{}' is no unit": "{}: '{}' is geen eenheid",
}  # fmt: skip

_LACKING = {
    "the text does not tell": "de tekst zegt niets over",
    "the text touches on, and does not tell": "de tekst noemt wel, maar zegt niet",
    "the text tells at odds with the law": "de tekst zegt het anders dan de wet",
}
LACKING: Mapping[str, str] = {
    f"{english}: {item.title_en} ({item.id}, {item.article})": f"{dutch}: {item.title_nl} ({item.id}, {item.article})"
    for english, dutch in _LACKING.items()
    for item in CHECKLIST
}
"""What Articles 12 to 14 ask and a text lacks: every sentence that the check can say."""
