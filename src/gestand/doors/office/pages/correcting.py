"""A correction on a card (Article 16): at once, or, for a new address, once the old one gave the code that went there."""

from __future__ import annotations

from gestand.doors.needing import must_open
from gestand.doors.office.pages.people import item_of, purpose_kept, reason_of
from gestand.doors.office.routes import CHOSEN, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ItemId
from gestand.rights.rectifying import sure_of


def rectify(visit: Visit) -> Answer:
    """Put the right value in place of a wrong one, in every system; a new address waits for the old one, or a person is sure."""
    purpose = visit.purpose(visit.field("purpose"))
    item, sure = item_of(visit), sure_of(visit.form.get("sure", ""))
    if sure is not None:
        visit.fresh()  # nobody but who sits here stands in for the old address
    must_open(visit.house, item, [purpose], actor=visit.actor, reason=reason_of(visit))
    value, why = visit.field("value"), visit.field("why")
    try:
        visit.house.requests.rectify(item, value, actor=visit.actor, reason=why, sure=sure)
    except RefusedError as refused:
        if refused.code != "contact-unconfirmed":
            raise
        return _asked(visit, item, value, why)
    return visit.go(f"people/{visit.params['subject']}" + purpose_kept(visit))


def _asked(visit: Visit, item: ItemId, value: str, why: str) -> Answer:
    """Ask the old address to confirm a new one, and show where the code that went there is given back."""
    move = visit.house.requests.moving.ask(item, value, actor=visit.actor, reason=why, language=visit.language)
    title = visit.say("Het oude adres is gevraagd", "The old address is asked")
    return visit.page("moving.html", title, subject=visit.params["subject"], move=move, kept=purpose_kept(visit))


def moved(visit: Visit) -> Answer:
    """Let a new address take effect with the code that went to the old one."""
    visit.purpose(visit.field("purpose"))
    number = visit.field("move")
    visit.house.requests.moving.confirm(number, visit.field("code"), actor=visit.actor)
    return visit.go(f"people/{visit.params['subject']}" + purpose_kept(visit))


PAGE = Page(
    "correcting",
    None,
    (
        Route("people/{subject}/rectify", "POST", "staff", CHOSEN, rectify),
        Route("people/{subject}/moved", "POST", "staff", CHOSEN, moved),
    ),
)
