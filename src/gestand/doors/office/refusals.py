"""How a refusal is told in the office: in the language of the page, with what to do; the code is for whoever helps."""

from __future__ import annotations

from jinja2 import Environment

from gestand.doors.dutch.telling import problem_in, refused_in
from gestand.kernel.errors import DamagedError, GestandError, InputError, RefusedError
from gestand.statement.policy import Text

WORDS = {
    "session": Text(nl="U bent niet (meer) aangemeld.", en="You are not signed in (any more)."),
    "proof": Text(nl="U bent niet (meer) aangemeld.", en="You are not signed in (any more)."),
    "ticket": Text(nl="Dit stond te lang open. Begin opnieuw.", en="This was open too long. Begin again."),
    "challenge": Text(nl="Dit is al gebruikt. Begin opnieuw.", en="This was used before. Begin again."),
    "passkey": Text(nl="Deze sleutel opent het kantoor niet.", en="This passkey does not open the office."),
    "sign-in": Text(
        nl="Naam, wachtwoord of code klopt niet. Probeer het zo nog eens.",
        en="Name, password or code is not right. Try again in a moment.",
    ),
    "link": Text(
        nl="Deze koppeling werkt niet (meer), of de afgedrukte code klopt niet. Vraag een nieuwe koppeling.",
        en="This link does not work (any more), or the printed code is not right. Ask for a new link.",
    ),
    "name": Text(nl="Vul uw naam in.", en="Fill in your name."),
    "too-often": Text(
        nl="Dit is erg vaak geprobeerd. Wacht een minuut.", en="This was tried very often. Wait a minute."
    ),
    "password-short": Text(
        nl="Neem een wachtwoord van 12 tekens of meer.", en="Take a password of 12 characters or more."
    ),
    "totp-code": Text(nl="Dit is niet de code die de app nu toont.", en="This is not the code that the app shows now."),
    "login-taken": Text(nl="Deze aanmeldnaam is al in gebruik.", en="This name to sign in with is taken."),
    "login": Text(nl="Een aanmeldnaam heeft 2 tot 64 tekens.", en="A name to sign in with has 2 to 64 characters."),
    "role-purpose": Text(
        nl="Uw rol mag niet voor dit doel werken. Vraag een collega die dat mag.",
        en="Your role may not act for this purpose. Ask a colleague who may.",
    ),
    "not-keeper": Text(nl="Dit kan alleen een beheerder.", en="Only a keeper can do this."),
    "not-fresh": Text(nl="Toon uw sleutel nog eens.", en="Show your passkey again."),
    "last-keeper": Text(nl="Er moet één beheerder blijven.", en="One keeper must stay."),
    "last-key": Text(
        nl="Dit is uw enige sleutel. Voeg er eerst een toe.", en="This is your only key. Add another one first."
    ),
    "approval-own": Text(
        nl="Wie iets vraagt, keurt het niet zelf goed zolang een ander dat kan.",
        en="Who asks for something does not approve it while somebody else can.",
    ),
    "approval-missing": Text(nl="Hier is eerst een tweede blik voor nodig.", en="This needs a second look first."),
    "approval-waiting": Text(nl="De wachttijd loopt nog.", en="The waiting time still runs."),
    "page-unknown": Text(nl="Deze pagina is er niet.", en="There is no such page."),
    "foreign-page": Text(nl="Open het kantoor zelf.", en="Open the office itself."),
    "identity-not-judged": Text(
        nl="Eerst moet iemand oordelen wie dit is (artikel 12, lid 6).", en="Identity is judged first (Article 12(6))."
    ),
    "consent-missing": Text(nl="Hiervoor is geen toestemming.", en="There is no consent for this."),
    "field-empty": Text(nl="Er is een veld leeg dat nodig is.", en="A field that is needed is empty."),
    "reason": Text(nl="Schrijf op waarom.", en="Write down why."),
}
"""What staff meet most, said alike in both languages; of anything else ``doors.dutch`` has the Dutch words."""


def told(fault: GestandError, language: str) -> str:
    """Return what a fault says to a person."""
    known = WORDS.get(fault.code)
    return known.into(language) if known else refused_in(fault, language)


def status_of(fault: GestandError) -> int:
    """Return the HTTP status of a fault."""
    if fault.code in {"session", "proof"}:
        return 401
    if isinstance(fault, DamagedError):
        return 503
    return 403 if isinstance(fault, RefusedError) else 422


def refusal_page(templates: Environment, fault: GestandError, language: str) -> str:
    """Return a fault as a piece of a page."""
    found = fault.problems if isinstance(fault, InputError) else ()
    return templates.get_template("refusal.html").render(
        language=language, said=told(fault, language), fault=fault, problems=[problem_in(one, language) for one in found],
        detail=fault.code in WORDS and language != "nl",
    )  # fmt: skip
