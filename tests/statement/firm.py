"""An invented firm whose policy and texts are sound; each test breaks one thing in a copy of its files."""

from __future__ import annotations

POLICY = """\
format = 1
version = "2026-03-01"
languages = ["nl", "en"]

[controller]
name = "Jansen Pianostemmers"
legal_form = { nl = "eenmanszaak", en = "sole proprietorship" }
website = "https://jansen.example.nl"

[[controller.contacts]]
kind = "email"
value = "bram_jansen@example.nl"

[[controller.contacts]]
kind = "post"
value = "Dorpsstraat 1, 1234 AB Voorbeeld"

[categories.contact]
title = { nl = "contactgegevens", en = "contact data" }

[categories.contact.fields.name]
title = { nl = "naam", en = "name" }
kind = "name"
identifies = true

[categories.contact.fields.email]
title = { nl = "e-mailadres", en = "e-mail address" }
kind = "email"
identifies = true

[categories.care]
title = { nl = "gegevens over uw gehoor", en = "data on your hearing" }
special = true

[categories.care.fields.hearing]
title = { nl = "gehoor", en = "hearing" }

[purposes.tuning]
title = { nl = "het stemmen van uw piano", en = "tuning your piano" }
basis = "contract"
ground = "AVG 6(1)(b)"
shelf = "customers"
recipients = ["host"]

[purposes.tuning.needs]
"contact.name" = { nl = "om te weten wie u bent", en = "to know who you are" }
"contact.email" = { nl = "om een afspraak te maken", en = "to make an appointment" }

[purposes.pitch]
title = { nl = "een stemming die bij uw gehoor past", en = "a tuning that suits your hearing" }
basis = "consent"
ground = "AVG 6(1)(a)"
special_ground = "AVG 9(2)(a)"
shelf = "customers"
consent_text = { nl = "U mag mijn gehoor noteren.", en = "You may note my hearing." }

[purposes.pitch.needs]
"care.hearing" = { nl = "om de toonhoogte te kiezen", en = "to choose the pitch" }

[purposes.offers]
title = { nl = "aanbiedingen per e-mail", en = "offers by e-mail" }
basis = "legitimate_interests"
ground = "AVG 6(1)(f)"
shelf = "customers"
channels = ["email"]
marketing = true

[purposes.offers.needs]
"contact.email" = { nl = "om de aanbieding te sturen", en = "to send the offer" }

[purposes.offers.balancing]
interest = { nl = "klanten behouden", en = "keeping customers" }
necessity = { nl = "alleen klanten", en = "customers only" }
outcome = { nl = "weinig last, afmelden kan altijd", en = "little burden, leave at any time" }
reviewed = 2026-01-15

[purposes.rights]
title = { nl = "het beantwoorden van uw verzoek", en = "answering your request" }
basis = "legal_obligation"
ground = "AVG 12 en 15 tot en met 22"
shelf = "requests"
needs = { "*" = { nl = "om u alles te kunnen tonen", en = "to show you everything" } }

[shelves.customers]
title = { nl = "klanten", en = "customers" }
trigger = "last-contact"
period = "2 years"
ground = "AVG 5(1)(e)"
why = { nl = "een piano wordt jaarlijks gestemd", en = "a piano is tuned yearly" }

[shelves.requests]
title = { nl = "verzoeken", en = "requests" }
trigger = "request-closed"
period = "1 year"
ground = "AVG 5(2)"
why = { nl = "om te tonen dat wij antwoordden", en = "to show that we answered" }

[recipients.host]
title = { nl = "Hosting Voorbeeld", en = "Hosting Voorbeeld" }
role = "processor"
why = { nl = "onze agenda staat daar", en = "keeps our calendar" }
needs = ["contact.name", "contact.email"]
country = "NL"
agreement = "verwerkersovereenkomst van 2026-01-01"
agreement_expires = 2028-01-01

[rights]
purpose = "rights"
shelf = "requests"
identity = { nl = "wij bellen u terug", en = "we call you back" }

[breach]
authority = "Autoriteit Persoonsgegevens"
authority_within_hours = 72
subjects_within_hours = 96

[roles.tuner]
title = { nl = "stemmer", en = "tuner" }
purposes = ["tuning", "pitch"]

[clauses.C5]
status = "informative"
reason = { nl = "zegt alleen wie wij zijn", en = "only says who we are" }
"""

NL = """\
# Privacyverklaring

[Dit is de verklaring van {{ controller.name }} van {{ version.date }}.]{#C5}

- [Wij plaatsen **geen** cookies.]{#C1 kept-by="no-cookies"}
- [Wij gebruiken uw gegevens voor {{ purposes }}.]{#C2 kept-by="purpose-bound reads-logged"}
- [Wij bewaren ze {{ shelf.customers.period }} na het laatste contact, en verzoeken
  {{ shelf.requests.period }}.]{#C3 kept-by="erased-in-time"}

[Alleen {{ recipients }} krijgt ze ook.]{#C4 awaits="recipients-declared"} Mail: {{ contact.email }}.
"""

EN = """\
# Privacy statement

[This is the statement of {{ controller.name }} of {{ version.date }}.]{#C5}

- [We set **no** cookies.]{#C1}
- [We use your data for {{ purposes }}.]{#C2}
- [We keep them {{ shelf.customers.period }} after our last contact, and requests
  {{ shelf.requests.period }}.]{#C3}

[Only {{ recipients }} gets them too.]{#C4} Mail: {{ contact.email }}.
"""

CONTROLS = frozenset({"no-cookies", "purpose-bound", "reads-logged", "erased-in-time"})


def files(**changes: tuple[str, str]) -> dict[str, bytes]:
    """Return the firm's files; ``policy=("old", "new")`` (or nl, en) changes one place, which must be there."""
    texts = {"policy": POLICY, "nl": NL, "en": EN}
    for name, (old, new) in changes.items():
        assert old in texts[name], f"{old!r} does not stand in {name}"
        texts[name] = texts[name].replace(old, new)
    return {
        "policy.toml": texts["policy"].encode(),
        "statement.nl.md": texts["nl"].encode(),
        "statement.en.md": texts["en"].encode(),
    }
