"""What is said about the declaration of another system, and about what was found there."""

from __future__ import annotations

from collections.abc import Mapping

SOURCES: Mapping[str, str] = {
    "it is frozen: {}": "zij is bevroren: {}",
    "Release it when it is safe.": "Geef haar vrij als het veilig is.",
    "'{}' cannot be the name of a source": "'{}' kan de naam van een bron niet zijn",
    "Name the file in lower-case letters, digits and hyphens.": "Noem het bestand met kleine letters, cijfers en streepjes.",
    "there is no kind of source '{}'": "er is geen soort bron '{}'",
    "'kind' is missing": "'kind' ontbreekt",
    "Write kind = one of {}.": "Schrijf kind = een van {}.",
    "it cannot be read: {}": "het is niet te lezen",
    "Mend the line that is named.": "Verbeter de regel die erbij staat.",
    "there is no folder '{}'": "er is geen map '{}'",
    "a database is named by its dsn, or by the path of an SQLite file":
        "een database heeft een dsn, of het pad van een SQLite-bestand",
    'Write dsn = "env:NAME" or path = "shop.db", one of the two.': 'Schrijf dsn = "env:NAAM" of path = "winkel.db", één van beide.',
    "of '{}' the {} is named alone, so that nobody knows when a row must leave":
        "bij '{0}' staat maar één van plank en datum, zodat niemand weet wanneer een rij weg moet",
    "of '{}' the shelf is named alone, so that nobody knows when a row must leave":
        "bij '{}' staat alleen de plank, zodat niemand weet wanneer een rij weg moet",
    "of '{}' the date is named alone, so that nobody knows when a row must leave":
        "bij '{}' staat alleen de datum, zodat niemand weet wanneer een rij weg moet",
    'Write both: shelf = "customer" and since = "the column with the date on which the period begins".':
        'Schrijf beide: shelf = "klant" en since = "de kolom met de dag waarop de termijn begint".',
    "the policy has no shelf '{}'": "policy.toml heeft geen plank '{}'",
    "Name one of policy.toml: {}.": "Noem er een uit policy.toml: {}.",
    "what lies on '{}' moves on to '{}', and rows of another system do not move":
        "wat op '{}' ligt gaat door naar '{}', en rijen van een ander systeem verhuizen niet",
    'Name the last one, or write two views of the table with where: shelf = "{}".':
        'Noem de laatste, of schrijf twee beelden van de tabel met where: shelf = "{}".',
    "what happens to rows of '{}' at an erasure is not decided": "wat bij wissen met rijen van '{}' gebeurt is niet besloten",
    'Write erase = "delete", "columns" or "keep" (with its ground and until).':
        'Schrijf erase = "delete", "columns" of "keep" (met ground en until).',
    "{key} stands in a value of '{}', whose key has several columns": "{key} staat in een waarde van '{}', en daar bestaat de sleutel uit meer kolommen",
    "Leave {key} out of it.": "Laat {key} daar weg.",
    "the policy has no field '{}'": "policy.toml heeft geen veld '{}'",
    "Name one of policy.toml; a copy of what is not promised may not be kept: add it there, or remove it there.":
        "Noem er een uit policy.toml; een kopie van wat niet beloofd is mag niet blijven: zet het erbij, of haal het daar weg.",
    "what is kept after an erasure needs its ground and until when (Article 17(3))":
        "wat na wissen blijft heeft een grond nodig, en tot wanneer (artikel 17, lid 3)",
    'Write ground = "AWR 52(4)" and until = "7 years after the year of the invoice".':
        'Schrijf ground = "AWR 52(4)" en until = "7 jaar na het jaar van de factuur".',
    "'{}' is declared, and said to hold nothing personal": "'{}' is beschreven, en er staat ook dat er niets persoonlijks in zit",
    "Leave out one of the two.": "Laat een van beide weg.",
    "'{}' holds {}, and its erasure is not decided": "'{}' bevat {}, en wat er bij wissen mee gebeurt is niet besloten",
    'Write erase = "null", "replace" (with value) or "keep" (with its ground).':
        'Schrijf erase = "null", "replace" (met value) of "keep" (met ground).',
    "'{}' says neither which field it holds nor why it is nothing personal":
        "bij '{}' staat niet welk veld het bevat, en ook niet waarom het niets persoonlijks is",
    'Write field = "contact.email", or none = "why".': 'Schrijf field = "contact.email", of none = "waarom".',
    "'{}' is a field of the policy, and nothing personal": "'{}' is een veld uit policy.toml, en ook niets persoonlijks",
    "'{}' is tied to '{}', which is no table.column declared here": "'{}' hangt aan '{}', en dat is geen tabel.kolom die hier staat",
    "Write the table and column it refers to, such as customer.id.": "Schrijf de tabel en kolom waar het naar wijst, zoals klant.id.",
    "nothing leads to '{}'": "niets leidt naar '{}'",
    "Give it a call for a kind of identifier ([…find.email]), or a link.": "Geef het een aanroep voor een soort kenmerk ([…find.email]), of een link.",
    "'{}' has links and no call that follows them": "'{}' heeft links, en geen aanroep die ze volgt",
    "Write [resources.{}.linked].": "Schrijf [resources.{}.linked].",
    "'{}' is replaced by nothing": "'{}' wordt door niets vervangen",
    'Write value = "…".': 'Schrijf value = "…".',
    "{} rows of {} have no {}: their period never begins, and they never leave":
        "{} rijen van {} hebben geen {}: hun termijn begint nooit, en zij gaan nooit weg",
    "{}.{} holds lists, objects or bytes, in which nobody can be looked for":
        "{0}.{1} bevat lijsten, objecten of bytes, en daarin is niemand te zoeken",
    "Name a column or view that holds the value alone; or write finds = false if the rows are found otherwise.":
        "Noem een kolom of view met alleen de waarde; of schrijf finds = false als de rijen anders te vinden zijn.",
    "{} refers to {}, and the database would {} its rows along with it":
        "{0} verwijst naar {1}, en de database zou de rijen daarvan meenemen ({2})",
    'Declare it in a source with in_schema = "{}", and say so here: not_personal = { "{}" = "…" }; an erasure is refused as long as it has rows that refer to what goes.':
        'Beschrijf het in een bron met in_schema = "{0}", en zeg dat hier: not_personal = { "{1}" = "…" }; wissen wordt geweigerd zolang het rijen heeft die verwijzen naar wat weggaat.',
    "Give each of them its date, or name another column.": "Geef elk zijn datum, of noem een andere kolom.",
    "{} looks personal ({}: {}) and is not declared": "{0} lijkt persoonlijk ({1}) en staat er niet bij",
    'Declare it under [tables.{}.columns]: {} = { field = "…" }, or { none = "why it is not" }.':
        'Zet het bij [tables.{}.columns]: {} = { field = "…" }, of { none = "waarom niet" }.',
    "{} is said to be nothing personal ({}), and {}": "van {0} staat er dat het niets persoonlijks is ({1}), en zo ziet het er niet uit",
    'Write {} = { field = "…" }.': 'Schrijf {} = { field = "…" }.',
    "{} refers to {}, and nothing says so here": "{} wijst naar {}, en dat staat hier niet",
    'Write links = { {} = "{}" } under [tables.{}].': 'Schrijf links = { {} = "{}" } bij [tables.{}].',
    "{} is stored by {}, which cannot undo half an erasure": "{} staat in {}, en die kan een half gedaan wissen niet terugdraaien",
    "ALTER TABLE {} ENGINE = InnoDB.": "ALTER TABLE {} ENGINE = InnoDB.",
    "{} may not be empty, and is to be emptied": "{} mag niet leeg zijn, en moet leeg worden",
    'Write erase = "replace" with a value, or erase the row.': 'Schrijf erase = "replace" met een waarde, of wis de rij.',
    "{} is unique, and every erased row would get the same value": "{} is uniek, en elke gewiste rij kreeg dezelfde waarde",
    'Put {key} in the value: value = "verwijderd-{key}".': 'Zet {key} in de waarde: value = "verwijderd-{key}".',
    "{} has {} characters": "{} heeft {} tekens",
    "Write a shorter value.": "Schrijf een kortere waarde.",
    "asked for {} of nobody, '{}' answers with {} records": "gevraagd naar {0} van niemand, antwoordt '{1}' met {2} records",
    "Name the parameter by which the service searches.": "Noem de parameter waarmee de dienst zoekt.",
    "what is sent for a session names {{}}, and auth has no '{}'": "wat voor een sessie wordt gestuurd noemt {{}}, en auth heeft geen '{}'",
    "Write secret, user or password under [auth] as env:NAME or file:PATH, and name those alone.":
        "Schrijf secret, user of password bij [auth] als env:NAAM of file:PAD, en noem alleen die.",
    "a session is asked for without anything secret of [auth]": "er wordt een sessie gevraagd zonder iets geheims van [auth]",
    "Write {secret}, or {user} and {password}, where they belong; never the secret itself.":
        "Schrijf {secret}, of {user} en {password}, waar zij horen; nooit het geheim zelf.",
    "it is no Fideslang dataset with collections and fields": "dit is geen Fideslang-dataset met collections en fields",
    "Give one dataset.": "Geef één dataset.",
    "it is no YAML": "dit is geen YAML",
    "{}: no text can be read from a file of this kind ({})": "{}: uit dit soort bestand ({}) is geen tekst te lezen",
    "{}: it has more than {} bytes": "{}: het heeft meer dan {} bytes",
    "{}: it is damaged, has a password, holds pictures of text or is too large":
        "{}: het is beschadigd, heeft een wachtwoord, bestaat uit plaatjes van tekst of is te groot",
    "{}: it, or something attached to it, cannot be read as text": "{}: het, of iets dat erbij zit, is niet als tekst te lezen",
    "no text can be read from a file of this kind ({})": "uit dit soort bestand ({}) is geen tekst te lezen",
    "it has more than {} bytes": "het heeft meer dan {} bytes",
    "it is damaged, has a password, holds pictures of text or is too large":
        "het is beschadigd, heeft een wachtwoord, bestaat uit plaatjes van tekst of is te groot",
    "it, or something attached to it, cannot be read as text": "het, of iets dat erbij zit, is niet als tekst te lezen",
    'Remove it, or leave its kind out: skip = { "*.jpg" = "photographs of devices" }.':
        'Haal het weg, of laat het soort buiten beschouwing: skip = { "*.jpg" = "foto\'s van apparaten" }.',
}  # fmt: skip
