"""Words of the letters: bases, events, sources, refusals, dossiers; plain Dutch (B1) first, English beside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from gestand.register.model import DossierKind
from gestand.rights.model import Right
from gestand.statement.policy import LawfulBasis, Shelf, Text, Trigger
from gestand.vault.model import Why

BASIS: Mapping[LawfulBasis, Text] = {
    LawfulBasis.CONSENT: Text(nl="uw toestemming", en="your consent"),
    LawfulBasis.CONTRACT: Text(nl="een overeenkomst met u", en="a contract with you"),
    LawfulBasis.LEGAL_OBLIGATION: Text(nl="een wettelijke plicht", en="a legal obligation"),
    LawfulBasis.VITAL_INTERESTS: Text(nl="een vitaal belang", en="vital interests"),
    LawfulBasis.PUBLIC_TASK: Text(nl="een taak van algemeen belang", en="a public task"),
    LawfulBasis.LEGITIMATE_INTERESTS: Text(nl="ons gerechtvaardigd belang", en="our legitimate interests"),
}
EVENT: Mapping[Trigger, Text] = {
    Trigger.COLLECTED: Text(nl="de dag waarop wij het kregen", en="the day on which we got it"),
    Trigger.LAST_CONTACT: Text(nl="het laatste contact met u", en="the last contact with you"),
    Trigger.QUESTION_ANSWERED: Text(nl="ons antwoord op uw vraag", en="our answer to your question"),
    Trigger.QUOTE_EXPIRED: Text(nl="het einde van de offerte", en="the end of the quote"),
    Trigger.AGREEMENT_ENDED: Text(nl="het einde van de overeenkomst", en="the end of the agreement"),
    Trigger.JOB_CLOSED: Text(nl="het einde van de opdracht", en="the end of the job"),
    Trigger.INVOICE_ISSUED: Text(nl="de factuur", en="the invoice"),
    Trigger.COMPLAINT_CLOSED: Text(nl="het einde van de klacht", en="the end of the complaint"),
    Trigger.MESSAGE_RECEIVED: Text(nl="de dag van het bericht", en="the day of the message"),
    Trigger.CONSENT_WITHDRAWN: Text(nl="het intrekken van uw toestemming", en="the withdrawal of your consent"),
    Trigger.OBJECTION: Text(nl="uw bezwaar", en="your objection"),
    Trigger.REQUEST_CLOSED: Text(nl="ons antwoord op uw verzoek", en="our answer to your request"),
    Trigger.BREACH_CLOSED: Text(nl="het einde van het datalek", en="the end of the data breach"),
    Trigger.STAFF_LEFT: Text(nl="het vertrek van de medewerker", en="the day the member of staff left"),
    Trigger.LOGGED: Text(nl="de dag van het bezoek", en="the day of the visit"),
}
SOURCE: Mapping[str, Text] = {
    "request": Text(nl="uw eigen verzoek", en="your own request"),
    "customer": Text(nl="van uzelf", en="from yourself"),
    "counter": Text(nl="van uzelf, bij ons aan de balie", en="from yourself, at our counter"),
    "telephone": Text(nl="van uzelf, aan de telefoon", en="from yourself, on the telephone"),
    "email": Text(nl="uit een e-mail", en="from an e-mail"),
    "web": Text(nl="van onze website", en="from our website"),
    "post": Text(nl="uit een brief", en="from a letter"),
}
WITHHELD: Mapping[Why, Text] = {
    Why.PAST_SHELF: Text(
        nl="De bewaartermijn is voorbij. Niemand mag dit nog inzien; wij wissen het zodra dat mag.",
        en="Its period is over. Nobody may look at it any more; we erase it as soon as we may.",
    ),
    Why.KEY_DESTROYED: Text(nl="Dit is gewist en niet meer te lezen.", en="This was erased and can no longer be read."),
}
NOT_OPENED = Text(
    nl="Wij mogen dit niet openen volgens onze eigen verklaring.", en="Our own statement does not let us open this."
)
DOSSIER: Mapping[DossierKind, Text] = {
    DossierKind.QUESTION: Text(nl="vraag", en="question"),
    DossierKind.QUOTE: Text(nl="offerte", en="quote"),
    DossierKind.AGREEMENT: Text(nl="overeenkomst", en="agreement"),
    DossierKind.JOB: Text(nl="opdracht", en="job"),
    DossierKind.INVOICE: Text(nl="factuur", en="invoice"),
    DossierKind.COMPLAINT: Text(nl="klacht", en="complaint"),
}
ASKED: Mapping[Right, Text] = {
    Right.ACCESS: Text(nl="inzage", en="access"),
    Right.RECTIFICATION: Text(nl="verbeteren", en="rectification"),
    Right.ERASURE: Text(nl="wissen", en="erasure"),
    Right.RESTRICTION: Text(nl="minder gebruiken", en="restriction"),
    Right.PORTABILITY: Text(nl="meenemen", en="portability"),
    Right.OBJECTION: Text(nl="bezwaar", en="objection"),
    Right.QUESTION: Text(nl="een vraag", en="a question"),
}
RECORD: Mapping[str, Text] = {"messages": Text(nl="een bericht", en="a message")}
"""What a record is called that lies in no table of another system."""
PART: Mapping[tuple[str, str], Text] = {
    ("messages", "received"): Text(nl="ontvangen", en="received"),
    ("messages", "from"): Text(nl="van", en="from"),
    ("messages", "subject"): Text(nl="onderwerp", en="subject"),
    ("messages", "text"): Text(nl="tekst", en="text"),
}
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip


def day(on: date, language: str) -> str:
    """Return a date as people write it: ``7 december 2026``, in English ``7 December 2026``."""
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}" if language == "nl" else f"{on.day} {on:%B} {on.year}"


def source(named: str) -> Text:
    """Return where a datum came from, in words; a source of the firm's own stands as it was named."""
    if named.startswith("import imp_"):  # an import that nobody gave a name: its number says nothing to the person
        return Text(nl="een lijst die wij invoerden", en="a list that we imported")
    return SOURCE.get(named) or Text(nl=named or "onbekend", en=named or "unknown")


def rule_of(shelf: Shelf | None) -> Text:
    """Return until when a shelf keeps, and why, in words (Article 15(1)(d))."""
    if shelf is None:
        return Text(nl="onbekend", en="unknown")
    event = EVENT[shelf.trigger]
    year = shelf.counts_from == "year_end"
    return Text(
        nl=f"{shelf.period.spoken('nl')} na {'het jaar van ' if year else ''}{event.nl}. {shelf.why.nl}",
        en=f"{shelf.period.spoken('en')} after {'the year of ' if year else ''}{event.en}. {shelf.why.en}",
    )
