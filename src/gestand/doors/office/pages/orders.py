"""Orders by authorities, for keepers alone: taken in and judged, looked at by a second person, carried out with the least, or refused.

An order may be secret. Nothing of it stands on a page that somebody else can open.
"""

from __future__ import annotations

from datetime import date

from gestand.doors.office.pages.giving import SEALED, form_of, people_named
from gestand.doors.office.routes import CHOSEN, NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import FieldPath, RecipientId
from gestand.sharing.model import Demand, Form, Order, OrderState, Package
from gestand.staff.model import Act, Approval
from gestand.statement.policy import Text

STATES = {
    OrderState.RECEIVED: Text(nl="ontvangen", en="received"),
    OrderState.CARRIED_OUT: Text(nl="uitgevoerd", en="carried out"),
    OrderState.REFUSED: Text(nl="geweigerd", en="refused"),
}
FACTS: tuple[tuple[str, Text], ...] = (
    ("written", Text(nl="Is het op schrift?", en="Is it in writing?")),
    ("oral", Text(nl="Kwam het mondeling?", en="Did it come by word of mouth?")),
    ("urgent", Text(nl="Is er dringende spoed?", en="Is it urgent?")),
    ("machtiging_rc", Text(nl="Is er een machtiging van de rechter-commissaris?", en="Did the examining magistrate authorise it?")),
    ("addressee_is_suspect", Text(nl="Zijn wij zelf verdachte?", en="Are we the suspect ourselves?")),
    ("own_tax", Text(nl="Gaat het om onze eigen belasting?", en="Is it about our own tax?")),
    ("third_party_tax", Text(nl="Gaat het om de belasting van een ander?", en="Is it about somebody else's tax?")),
    ("listed_body", Text(nl="Noemt de wet ons als wie moet antwoorden?", en="Does the law name us as who must answer?")),
)  # fmt: skip
"""What the law looks at, of which whoever takes it in knows the answer; the others stand in ``gestand law disclosure``."""


def orders(visit: Visit) -> Answer:
    """List the orders, and take one in."""
    policy = visit.policy
    authorities = {id_: one for id_, one in policy.recipients.items() if one.role == "authority"}
    purposes = [name for name in visit.purposes() if set(policy.purposes[name].recipients) & set(authorities)]
    fields = [(path, field) for path in policy.field_paths() if (field := policy.field(path)) is not None]
    service = visit.house.sharing
    return visit.page(
        "orders.html", visit.say("Vorderingen", "Orders"), found=list(service.orders())[::-1], to_tell={one.id for one in service.orders_to_tell()},
        authorities=authorities, purposes=purposes, fields=fields, facts=FACTS, states=STATES,
    )  # fmt: skip


def take_in(visit: Visit) -> Answer:
    """Take a demand in: judged at once, nothing opened, nobody told."""
    until = visit.form.get("secret_until", "").strip()
    demand = Demand(
        authority=visit.field("authority"),
        article=visit.form.get("article", "").strip(),
        asks=visit.form.get("asks", "").strip(),
        document=visit.field("document"),
        received_at=visit.moment("received") or visit.now,
        recipient=RecipientId(visit.field("recipient")),
        purpose=visit.purpose(visit.field("purpose")),
        fields=tuple(map(FieldPath, visit.many.get("field", ()))),
        subjects=people_named(visit, "subjects"),
        facts=_facts(visit),
        secret="secret" in visit.form,
        secret_until=visit.day("secret_until", date.max) if until else None,
    )
    made = visit.house.sharing.receive_order(demand, actor=visit.actor)
    return visit.go(f"sharing/orders/{made.id}")


def order(visit: Visit) -> Answer:
    """Show one order: the demand beside the law, what is against it, and what can be done."""
    found = _found(visit)
    staff = visit.house.staff
    titles = {
        path: field.title for path in visit.policy.field_paths() if (field := visit.policy.field(path)) is not None
    }
    return visit.page(
        "order.html", visit.say("Vordering", "Order"), one=found, states=STATES, facts=FACTS, titles=titles, forms=tuple(Form),
        alone=len(staff.keepers()) < 2, wanted=_wanted(visit, found),
        waiting=visit.house.config.waiting_minutes, names={person.id: person.name for person in staff.people()},
        hidden=found.hidden(visit.today), tell=found.id in {one.id for one in visit.house.sharing.orders_to_tell()},
    )  # fmt: skip


def carry_out(visit: Visit) -> Answer:
    """Carry it out, verified and approved, with no more than it reaches."""
    found = _found(visit)
    visit.purpose(found.demand.purpose)
    made: list[Package] = []
    visit.house.sharing.carry_out(
        found.id, actor=visit.actor, proof=visit.form.get("confirm", "").strip(),
        facts=_facts(visit) | ({"identity_checked": True} if "called_back" in visit.form else {}),
        subjects=people_named(visit, "subjects"), fields=tuple(map(FieldPath, visit.many.get("field", ()))),
        form=form_of(visit), sealed_to=visit.form.get("sealed_to", "").strip(), deliver=made.append,
    )  # fmt: skip
    return visit.file(made[0].sealed, made[0].file_name, SEALED)


def refuse(visit: Visit) -> Answer:
    """Refuse it, and show the letter with what is against it and what would be needed."""
    _, letter = visit.house.sharing.refuse_order(
        _found(visit).id, actor=visit.actor, reason=visit.form.get("why", "").strip(), language=visit.letter
    )
    return visit.page("paper.html", visit.say("Brief", "Letter"), body=letter, back=_here(visit))


def lift(visit: Visit) -> Answer:
    """Record that it need not be kept secret any longer, and on what document."""
    visit.house.sharing.lift_secrecy(_found(visit).id, actor=visit.actor, because=visit.field("why"))
    return _back(visit)


def tell(visit: Visit) -> Answer:
    """Record that the people are told now, and show the notice."""
    _, letter = visit.house.sharing.tell_subjects(_found(visit).id, actor=visit.actor, language=visit.letter)
    return visit.page("paper.html", visit.say("Bericht", "Notice"), body=letter, back=_here(visit))


def _found(visit: Visit) -> Order:
    wanted = visit.params["order"]
    found = next((one for one in visit.house.sharing.orders() if one.id == wanted), None)
    if found is None:
        raise UsageError("page-unknown", "there is no such order", remedy="Go back to the list.")
    return found


def _wanted(visit: Visit, order: Order) -> Approval | None:
    """Return the last second look at an order that was asked or given, whatever people and key it is bound to."""
    found = [one for one in visit.house.staff.approvals.open(visit.now) if one.act is Act.ORDER]
    return next((one for one in reversed(found) if one.digest.partition(" ")[0] == order.id), None)


def _facts(visit: Visit) -> dict[str, bool | str]:
    found: dict[str, bool | str] = {name: said == "yes" for name, _ in FACTS if (said := visit.form.get(f"k:{name}"))}
    signed = visit.form.get("signed_by", "").strip()
    return found | ({"signed_by": signed} if signed else {})


def _here(visit: Visit) -> str:
    return f"sharing/orders/{visit.params['order']}"


def _back(visit: Visit) -> Answer:
    return visit.go(_here(visit))


PAGE = Page(
    "orders",
    None,
    (
        Route("sharing/orders", "GET", "keeper", NONE, orders),
        Route("sharing/orders/take-in", "POST", "keeper", CHOSEN, take_in),
        Route("sharing/orders/{order}", "GET", "keeper", NONE, order),
        Route("sharing/orders/{order}/carry-out", "POST", "keeper", CHOSEN, carry_out, fresh=True),
        Route("sharing/orders/{order}/refuse", "POST", "keeper", NONE, refuse, fresh=True),
        Route("sharing/orders/{order}/lift", "POST", "keeper", NONE, lift, fresh=True),
        Route("sharing/orders/{order}/tell", "POST", "keeper", NONE, tell, fresh=True),
    ),
)
