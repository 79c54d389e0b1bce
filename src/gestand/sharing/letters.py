"""The letters of sharing, as plain text: to an authority, to the people, to a recipient. Plain Dutch (B1), English beside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gestand.kernel.clock import local_date
from gestand.law.dutch import in_dutch
from gestand.post.letters import spoken
from gestand.sharing.model import Order, Telling, What
from gestand.statement.policy import Controller, Text

WHAT = {
    What.RECTIFIED: Text(nl="verbeterd", en="put right"),
    What.ERASED: Text(nl="gewist", en="erased"),
    What.RESTRICTED: Text(nl="beperkt: alleen nog bewaren", en="restricted: to be stored only"),
}
_ASK = {
    What.RECTIFIED: Text(nl="Vraag ons om het juiste gegeven en verbeter het bij u.", en="Ask us for the right value and correct it with you."),
    What.ERASED: Text(nl="Wis het ook bij u, tenzij een wet u verplicht het te houden.", en="Erase it with you too, unless a law obliges you to keep it."),
    What.RESTRICTED: Text(nl="Gebruik het niet tot wij het weer vrijgeven.", en="Do not use it until we release it."),
}  # fmt: skip


def refusal_letter(order: Order, controller: Controller, on: date, language: str) -> str:
    """Return why a demand is not carried out, and what would be needed."""
    nl = language == "nl"
    demand = order.demand
    received = spoken(local_date(demand.received_at), language)
    lines = [f"{controller.name}, {spoken(on, language)}", "", f"Aan: {demand.authority}" if nl else f"To: {demand.authority}", ""]  # fmt: skip
    lines += [
        f"Uw vordering van {received} ({demand.article or 'zonder artikel'}; {demand.document})"
        if nl
        else f"Your demand of {received} ({demand.article or 'no article'}; {demand.document})",
        "",
        "Wij geven deze gegevens niet. De redenen:" if nl else "We do not give these data. The reasons:",
        *(f"- {in_dutch(why) if nl else why}" for why in order.against),
    ]
    if order.ask_for:
        lines += [
            "",
            "Dit hebben wij nodig om het opnieuw te kunnen bekijken:" if nl else "To look at it again we need:",
        ]
        lines += [f"- {in_dutch(what) if nl else what}" for what in order.ask_for]
    lines += ["", _ways(controller, nl=nl)]
    return "\n".join(lines) + "\n"


def late_notice(order: Order, fields: Sequence[Text], controller: Controller, on: date, language: str) -> str:
    """Return the notice to the people whose data were given on an order that was secret until now."""
    nl = language == "nl"
    when = spoken(local_date(order.closed_at or order.taken_at), language)
    what = ", ".join(field.into(language) for field in fields)
    lines = [f"{controller.name}, {spoken(on, language)}", ""]
    lines += (
        [
            "Wij hebben gegevens van u gegeven aan een autoriteit",
            "",
            f"Op {when} gaven wij aan {order.demand.authority}: {what}.",
            f"Wij moesten dat, volgens {order.demand.article}. Wij gaven niet meer dan de vordering vroeg.",
            "Wij mochten u dit niet eerder vertellen. Nu mag het wel.",
            "U mag ons vragen welke gegevens wij van u hebben, en een klacht indienen bij de Autoriteit Persoonsgegevens.",
        ]
        if nl
        else [
            "We gave data about you to an authority",
            "",
            f"On {when} we gave to {order.demand.authority}: {what}.",
            f"We had to, under {order.demand.article}. We gave no more than the demand asked.",
            "We were not allowed to tell you before. Now we are.",
            "You may ask which data we hold about you, and complain to the Autoriteit Persoonsgegevens, the Dutch supervisory authority.",
        ]
    )
    lines += ["", _ways(controller, nl=nl)]
    return "\n".join(lines) + "\n"


def telling_letter(telling: Telling, controller: Controller, on: date, language: str) -> str:
    """Return what a recipient is told (Article 19); people stand in it by their number in the package, never by name."""
    nl = language == "nl"
    numbers = ", ".join(f"{telling.disclosure}/{number}" for number in telling.numbers)
    lines = [f"{controller.name}, {spoken(on, language)}", "", f"{'Aan' if nl else 'To'}: {telling.name or telling.recipient}", ""]  # fmt: skip
    lines += [
        f"Van wat wij u gaven ({numbers}) is iets {WHAT[telling.what].nl}. {_ASK[telling.what].nl}"
        if nl
        else f"Of what we gave you ({numbers}) something was {WHAT[telling.what].en}. {_ASK[telling.what].en}",
        "Artikel 19 AVG vraagt ons u dit te zeggen. Bevestig het ons alstublieft."
        if nl
        else "Article 19 GDPR asks us to tell you. Please confirm it to us.",
        "",
        _ways(controller, nl=nl),
    ]
    return "\n".join(lines) + "\n"


def _ways(controller: Controller, *, nl: bool) -> str:
    ways = "; ".join(contact.value for contact in controller.contacts)
    return f"Vragen? {ways}." if nl else f"Questions? {ways}."
