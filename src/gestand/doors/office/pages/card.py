"""The card of somebody: every datum with its purpose and the day it leaves, and what is done there.

The purpose follows the open dossier, is shown and can be changed; it is asked only where there is none. Nothing is opened
before it is there, and what the purpose does not need stays closed and says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gestand.doors.office.pages.people import item_of, purpose_kept, reason_of, subject_of, theirs, values_of
from gestand.doors.office.routes import CHOSEN, NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.doors.office.words import CHANNEL, EVENT, REASONS, RIGHT, WHY
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import DossierId, ItemId, PurposeId
from gestand.register.model import OWN_TRIGGER, Dossier, DossierKind, Involved
from gestand.rights.words import DOSSIER, rule_of, source
from gestand.staff.model import Act
from gestand.statement.policy import FieldKind, Text
from gestand.vault.model import Holding, Why


@dataclass(frozen=True, slots=True)
class Line:
    """One datum on a card. ``value`` None: it stayed closed, and ``why``."""

    holding: Holding
    title: Text
    kind: FieldKind
    value: str | None
    why: Text | None
    purposes: tuple[Text, ...]
    leaves: date | None
    rule: Text
    source: Text
    held: str


def card(visit: Visit) -> Answer:
    """Open the card of somebody for the purpose of their open dossier, or one that was chosen."""
    subject = subject_of(visit)
    house = visit.house
    dossiers = house.register.dossiers_of(subject)
    allowed = visit.purposes()
    wanted = visit.query.get("purpose", "")
    purpose = visit.purpose(wanted) if wanted else follows(dossiers, allowed)
    lines: list[Line] = []
    title = visit.say("Persoon", "Person")
    if purpose:
        opening = house.vault.open(subject, PurposeId(purpose), actor=visit.actor, reason=reason_of(visit))
        values = {item.holding.item: item.value for item in opening.items}
        whys = {refused.holding.item: refused.why for refused in opening.refused}
        lines = [_line(visit, holding, values, whys) for holding in house.vault.holdings(subject)]
        title = next((line.value for line in lines if line.value and line.kind is FieldKind.NAME), title)
    return visit.page(
        "card.html", visit.say("Persoon", "Person"), heading=title, subject=subject, lines=lines, purpose=purpose,
        followed=not wanted, allowed=allowed, dossiers=dossiers, party=house.register.party(subject),
        needs=visit.policy.purposes[purpose].needs if purpose else {}, consents=house.vault.consents(subject),
        objections=house.vault.objections(subject), holds=house.vault.holds(subject), kinds=tuple(DossierKind),
        kind_words=DOSSIER, own=OWN_TRIGGER, events=EVENT, call="call" in visit.query, reasons=REASONS,
        requests=house.requests.of_subject(subject),
        rights=RIGHT, channels=CHANNEL, reason=reason_of(visit),
    )  # fmt: skip


def follows(dossiers: Sequence[Dossier], allowed: Sequence[PurposeId]) -> str:
    """Return the purpose of the newest open dossier that whoever asks may act for; empty where there is none."""
    going = [dossier for dossier in dossiers if dossier.state == "open" and dossier.purpose in allowed]
    return max(going, key=lambda dossier: dossier.opened_on).purpose if going else ""


def _line(visit: Visit, holding: Holding, values: dict[ItemId, str], whys: dict[ItemId, Why]) -> Line:
    house = visit.house
    statement = house.publication.version(holding.version) or house.publication.in_force()
    policy = statement.policy
    field = policy.field(holding.field)
    named = holding.purposes or tuple(map(PurposeId, policy.purposes_of(holding.field)))
    hold = house.vault.hold_of(holding.item)
    why = whys.get(holding.item)
    return Line(
        holding,
        field.title if field else Text(nl=holding.field, en=holding.field),
        field.kind if field else FieldKind.TEXT,
        values.get(holding.item),
        WHY[why] if why else None,
        tuple(policy.purposes[name].title for name in named if name in policy.purposes),
        holding.due,
        rule_of(policy.shelves.get(holding.shelf)),
        source(holding.source),
        hold.id if hold else "",
    )


def _back(visit: Visit) -> Answer:
    return visit.go(f"people/{visit.params['subject']}" + purpose_kept(visit))


# What is done on a card


def note(visit: Visit) -> Answer:
    """Add data for a purpose: a note of a call, an address that was given."""
    purpose = visit.purpose(visit.field("purpose"))
    dossier = visit.form.get("dossier", "")
    visit.house.intake.admit(
        subject_of(visit), values_of(visit), purpose, source=visit.form.get("source") or "telephone", actor=visit.actor,
        dossier=DossierId(dossier) if dossier else None,
    )  # fmt: skip
    return _back(visit)


def restrict(visit: Visit) -> Answer:
    """Restrict a datum, or lift its restriction; without one all of a person, in the archive and in every other system too.

    Anybody at the desk restricts, as it only keeps data shut; to lift it belongs to who answers people (Article 18(3)).
    """
    lifted = "release" in visit.form
    if lifted:
        visit.purpose(visit.policy.rights.purpose)
    act = visit.house.choices.release if lifted else visit.house.choices.restrict
    if visit.form.get("item"):
        act([item_of(visit)], actor=visit.actor, reason=visit.field("why"))
        return _back(visit)
    subject, why = subject_of(visit), visit.field("why")
    act([holding.item for holding in visit.house.vault.holdings(subject)], actor=visit.actor, reason=why)
    visit.house.requests.restrict_elsewhere(subject, restricted=not lifted, actor=visit.actor, reason=why)
    return _back(visit)


def hold(visit: Visit) -> Answer:
    """Keep data however due, for a reason and a time."""
    items = [theirs(visit, ItemId(item)) for item in visit.many.get("item", ())] or [
        holding.item for holding in visit.house.vault.holdings(subject_of(visit))
    ]
    until = visit.day("until", date.max)
    visit.house.vault.place_hold(
        items, reason=visit.field("why"), until=None if until == date.max else until, actor=visit.actor
    )
    return _back(visit)


def lift(visit: Visit) -> Answer:
    """Lift a hold: the first time it is asked for, then it is done once somebody looked at it too."""
    wanted, staff = visit.field("hold"), visit.house.staff
    if wanted not in {one.id for one in visit.house.vault.holds(subject_of(visit))}:
        raise UsageError("hold-unknown", "this hold is not of this person", remedy="Open the card again.")
    if staff.approvals.of(Act.LIFT_HOLD, wanted, now=visit.now) is None:
        staff.ask_approval(Act.LIFT_HOLD, wanted, actor=visit.actor)
        return visit.go("staff")
    staff.approvals.use(Act.LIFT_HOLD, wanted, actor=visit.actor, now=visit.now)
    visit.house.vault.lift_hold(wanted, reason=visit.field("why"), actor=visit.actor)
    return _back(visit)


def choose(visit: Visit) -> Answer:
    """Record what somebody wants: an objection, a consent, or the end of one.

    What lets more be done with data asks a role for it. To stop it is refused to nobody, whoever takes the call (Article 7(3)).
    """
    subject, choices = subject_of(visit), visit.house.choices
    wanted, channel = PurposeId(visit.field("about")), visit.form.get("source") or "telephone"
    why = f"the person's own word, by {channel}"
    match visit.field("choice"):
        case "object":
            choices.object_to(subject, [wanted], actor=visit.actor, reason=why)
        case "withdraw-objection":
            choices.withdraw_objection(subject, [visit.purpose(wanted)], actor=visit.actor, reason=why)
        case "consent":
            choices.consent(subject, visit.purpose(wanted), channel=channel, actor=visit.actor)
        case "withdraw-consent":
            choices.withdraw_consent(subject, wanted, channel=channel, actor=visit.actor)
        case other:
            raise UsageError("choice", f"'{other}' is no choice", remedy="Open the card again.")
    return _back(visit)


def open_dossier(visit: Visit) -> Answer:
    """Open a dossier for somebody."""
    purpose = visit.purpose(visit.field("about"))
    visit.house.register.open_dossier(
        visit.choice("kind", DossierKind), purpose, [Involved(subject_of(visit), "customer")],
        number=visit.form.get("number", "").strip(), on=visit.day("on", visit.today), actor=visit.actor,
    )  # fmt: skip
    return visit.go(f"people/{visit.params['subject']}")


def close_dossier(visit: Visit) -> Answer:
    """Close a dossier: its periods begin."""
    dossier = DossierId(visit.field("dossier"))
    if dossier not in {one.id for one in visit.house.register.dossiers_of(subject_of(visit))}:
        raise UsageError("unknown-dossier", "this dossier is not of this person", remedy="Open the card again.")
    visit.house.register.close(dossier, on=visit.day("on", visit.today), actor=visit.actor)
    return visit.go(f"people/{visit.params['subject']}")


PAGE = Page(
    "card",
    None,
    (
        Route("people/{subject}", "GET", "staff", CHOSEN, card),
        Route("people/{subject}/note", "POST", "staff", CHOSEN, note),
        Route("people/{subject}/restrict", "POST", "staff", NONE, restrict),
        Route("people/{subject}/hold", "POST", "staff", NONE, hold),
        Route("people/{subject}/lift", "POST", "keeper", NONE, lift, fresh=True),
        Route("people/{subject}/choose", "POST", "staff", NONE, choose),
        Route("people/{subject}/dossier", "POST", "staff", CHOSEN, open_dossier),
        Route("people/{subject}/close", "POST", "staff", NONE, close_dossier),
    ),
)
