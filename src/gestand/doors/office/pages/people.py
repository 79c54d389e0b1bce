"""People: find somebody, and their card: every datum with its purpose and the day it leaves.

The purpose follows the open dossier, is shown and can be changed; it is asked only where there is none. Nothing is opened
before it is there, and what the purpose does not need stays closed and says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from gestand.doors.office.routes import CHOSEN, NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.doors.office.words import CHANNEL, EVENT, REASONS, RIGHT, WHY
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import DossierId, FieldPath, ItemId, PurposeId, SubjectId
from gestand.register.model import OWN_TRIGGER, Dossier, DossierKind, Involved
from gestand.rights.rectifying import sure_of
from gestand.rights.words import DOSSIER, rule_of, source
from gestand.staff.model import Act
from gestand.statement.policy import FieldKind, Text
from gestand.vault.model import Holding, Why

MOST_FOUND = 20


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


def people(visit: Visit) -> Answer:
    """Ask whom to look for, and offer to add somebody."""
    return visit.page("people.html", found=None, wanted="", names={}, purpose="", **_new(visit))


def find(visit: Visit) -> Answer:
    """Look somebody up by what identifies them; one match opens the card."""
    wanted = visit.field("wanted")
    found = matches(visit, wanted)
    if len(found) == 1:
        return visit.go(f"people/{found[0]}" + ("?call=1" if visit.form.get("call") else ""))
    purpose = visit.form.get("purpose", "")
    names: dict[SubjectId, str] = {}
    if purpose and found:
        chosen = visit.purpose(purpose)
        for opening in visit.house.vault.open_many(
            found[:MOST_FOUND], chosen, actor=visit.actor, reason=_reason(visit)
        ):
            shown = [item.value for item in opening.items if item.holding.field in _named(visit)]
            names[opening.subject] = ", ".join(shown)
    return visit.page(
        "people.html", found=found[:MOST_FOUND], more=len(found) > MOST_FOUND, wanted=wanted,
        names=names, purpose=purpose, dossiers={one: visit.house.register.dossiers_of(one) for one in found[:MOST_FOUND]},
        **_new(visit),
    )  # fmt: skip


def matches(visit: Visit, wanted: str) -> list[SubjectId]:
    """Return who has ``wanted`` as a name, number, address or customer number, whatever its notation."""
    policy, vault = visit.policy, visit.house.vault
    if wanted.startswith("sub_") and vault.exists(SubjectId(wanted)):
        return [SubjectId(wanted)]
    kinds = dict.fromkeys(
        field.kind for path in policy.field_paths() if (field := policy.field(path)) is not None and field.identifies
    )
    exact = vault.find_many([(kind, wanted) for kind in kinds])
    found = dict.fromkeys(subject for subjects in exact.values() for subject in subjects)
    if not found:
        found = dict.fromkeys(candidate.subject for candidate in vault.find_like(wanted, most=MOST_FOUND + 1))
    return list(found)


def _named(visit: Visit) -> set[str]:
    """Return the fields by which staff tell people apart in a list: the name and the town."""
    kinds = {path: field.kind for path in visit.policy.field_paths() if (field := visit.policy.field(path)) is not None}
    return {path for path, kind in kinds.items() if kind in {FieldKind.NAME, FieldKind.TOWN}}


def _new(visit: Visit) -> dict[str, object]:
    chosen = visit.query.get("for", "")
    policy = visit.policy
    needed = policy.purposes[chosen].needs if chosen in visit.purposes() else {}
    fields = [(path, field, needed[path]) for path in needed if (field := policy.field(path)) is not None]
    return {"purposes": visit.purposes(), "new_for": chosen, "new_fields": fields}


def add(visit: Visit) -> Answer:
    """Take somebody in, for a purpose: only what it needs."""
    purpose = visit.purpose(visit.field("purpose"))
    subject = visit.house.intake.admit(
        None, _values(visit), purpose, source=visit.field("source"), actor=visit.actor,
        kind="firm" if "firm" in visit.form else "person",
    )  # fmt: skip
    return visit.go(f"people/{subject}?{urlencode({'purpose': purpose})}")


def _values(visit: Visit) -> dict[FieldPath, str]:
    return {
        FieldPath(name.removeprefix("f:")): value
        for name, value in visit.form.items()
        if name.startswith("f:") and value.strip()
    }


# The card


def card(visit: Visit) -> Answer:
    """Open the card of somebody for the purpose of their open dossier, or one that was chosen."""
    subject = _subject(visit)
    house = visit.house
    dossiers = house.register.dossiers_of(subject)
    allowed = visit.purposes()
    wanted = visit.query.get("purpose", "")
    purpose = visit.purpose(wanted) if wanted else follows(dossiers, allowed)
    lines: list[Line] = []
    title = visit.say("Persoon", "Person")
    if purpose:
        opening = house.vault.open(subject, PurposeId(purpose), actor=visit.actor, reason=_reason(visit))
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
        rights=RIGHT, channels=CHANNEL, reason=_reason(visit),
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


def _subject(visit: Visit) -> SubjectId:
    subject = SubjectId(visit.params["subject"])
    if not visit.house.vault.exists(subject):
        raise UsageError("unknown-subject", f"there is no subject {subject}", remedy="Look them up again.")
    return subject


def _reason(visit: Visit) -> str:
    wanted = visit.query.get("reason") or visit.form.get("reason") or ("call" if visit.query.get("call") else "dossier")
    return wanted if wanted in REASONS else "dossier"


def _back(visit: Visit) -> Answer:
    kept = {name: visit.form[name] for name in ("purpose", "call") if visit.form.get(name)}
    return visit.go(f"people/{visit.params['subject']}" + (f"?{urlencode(kept)}" if kept else ""))


# What is done on a card


def note(visit: Visit) -> Answer:
    """Add data for a purpose: a note of a call, an address that was given."""
    purpose = visit.purpose(visit.field("purpose"))
    dossier = visit.form.get("dossier", "")
    visit.house.intake.admit(
        _subject(visit), _values(visit), purpose, source=visit.form.get("source") or "telephone", actor=visit.actor,
        dossier=DossierId(dossier) if dossier else None,
    )  # fmt: skip
    return _back(visit)


def rectify(visit: Visit) -> Answer:
    """Put the right value in place of a wrong one, in every system; a new address waits for the old one, or a person is sure."""
    visit.purpose(visit.field("purpose"))
    sure = sure_of(visit.form.get("sure", ""))
    visit.house.requests.rectify(
        _item(visit), visit.field("value"), actor=visit.actor, reason=visit.field("why"), sure=sure
    )
    return _back(visit)


def restrict(visit: Visit) -> Answer:
    """Restrict a datum, or lift its restriction; without one all of a person, in the archive and in every other system too."""
    lifted = "release" in visit.form
    act = visit.house.choices.release if lifted else visit.house.choices.restrict
    if visit.form.get("item"):
        act([_item(visit)], actor=visit.actor, reason=visit.field("why"))
        return _back(visit)
    subject, why = _subject(visit), visit.field("why")
    act([holding.item for holding in visit.house.vault.holdings(subject)], actor=visit.actor, reason=why)
    visit.house.requests.restrict_elsewhere(subject, restricted=not lifted, actor=visit.actor, reason=why)
    return _back(visit)


def _item(visit: Visit) -> ItemId:
    item = ItemId(visit.field("item"))
    holding = visit.house.vault.item(item)
    if holding is None or holding.subject != _subject(visit):
        raise UsageError("item-unknown", "this datum is not of this person", remedy="Open the card again.")
    return item


def hold(visit: Visit) -> Answer:
    """Keep data however due, for a reason and a time."""
    items = [ItemId(item) for item in visit.many.get("item", ())] or [
        holding.item for holding in visit.house.vault.holdings(_subject(visit))
    ]
    until = visit.day("until", date.max)
    visit.house.vault.place_hold(
        items, reason=visit.field("why"), until=None if until == date.max else until, actor=visit.actor
    )
    return _back(visit)


def lift(visit: Visit) -> Answer:
    """Lift a hold: the first time it is asked for, then it is done once somebody looked at it too."""
    wanted, staff = visit.field("hold"), visit.house.staff
    if wanted not in {one.id for one in visit.house.vault.holds(_subject(visit))}:
        raise UsageError("hold-unknown", "this hold is not of this person", remedy="Open the card again.")
    if staff.approvals.of(Act.LIFT_HOLD, wanted, now=visit.now) is None:
        staff.ask_approval(Act.LIFT_HOLD, wanted, actor=visit.actor)
        return visit.go("staff")
    staff.approvals.use(Act.LIFT_HOLD, wanted, actor=visit.actor, now=visit.now)
    visit.house.vault.lift_hold(wanted, reason=visit.field("why"), actor=visit.actor)
    return _back(visit)


def choose(visit: Visit) -> Answer:
    """Record what somebody wants: an objection, a consent, or the end of one."""
    subject, choices = _subject(visit), visit.house.choices
    wanted, channel = PurposeId(visit.field("about")), visit.form.get("source") or "telephone"
    why = f"the person's own word, by {channel}"
    match visit.field("choice"):
        case "object":
            choices.object_to(subject, [wanted], actor=visit.actor, reason=why)
        case "withdraw-objection":
            choices.withdraw_objection(subject, [wanted], actor=visit.actor, reason=why)
        case "consent":
            choices.consent(subject, wanted, channel=channel, actor=visit.actor)
        case "withdraw-consent":
            choices.withdraw_consent(subject, wanted, channel=channel, actor=visit.actor)
        case other:
            raise UsageError("choice", f"'{other}' is no choice", remedy="Open the card again.")
    return _back(visit)


def open_dossier(visit: Visit) -> Answer:
    """Open a dossier for somebody."""
    purpose = visit.purpose(visit.field("about"))
    visit.house.register.open_dossier(
        DossierKind(visit.field("kind")), purpose, [Involved(_subject(visit), "customer")],
        number=visit.form.get("number", "").strip(), on=visit.day("on", visit.today), actor=visit.actor,
    )  # fmt: skip
    return visit.go(f"people/{visit.params['subject']}")


def close_dossier(visit: Visit) -> Answer:
    """Close a dossier: its periods begin."""
    dossier = DossierId(visit.field("dossier"))
    if dossier not in {one.id for one in visit.house.register.dossiers_of(_subject(visit))}:
        raise UsageError("unknown-dossier", "this dossier is not of this person", remedy="Open the card again.")
    visit.house.register.close(dossier, on=visit.day("on", visit.today), actor=visit.actor)
    return visit.go(f"people/{visit.params['subject']}")


# The telephone


def call(visit: Visit) -> Answer:
    """Take a call: a number first, then whoever has it."""
    return visit.page("call.html", visit.say("Telefoon", "Telephone"), purposes=visit.purposes())


PAGE = Page(
    "people",
    Text(nl="Personen", en="People"),
    (
        Route("people", "GET", "staff", NONE, people),
        Route("people/find", "POST", "staff", CHOSEN, find),
        Route("people/add", "POST", "staff", CHOSEN, add),
        Route("people/{subject}", "GET", "staff", CHOSEN, card),
        Route("people/{subject}/note", "POST", "staff", CHOSEN, note),
        Route("people/{subject}/rectify", "POST", "staff", CHOSEN, rectify),
        Route("people/{subject}/restrict", "POST", "staff", NONE, restrict),
        Route("people/{subject}/hold", "POST", "staff", NONE, hold),
        Route("people/{subject}/lift", "POST", "keeper", NONE, lift, fresh=True),
        Route("people/{subject}/choose", "POST", "staff", NONE, choose),
        Route("people/{subject}/dossier", "POST", "staff", CHOSEN, open_dossier),
        Route("people/{subject}/close", "POST", "staff", NONE, close_dossier),
        Route("call", "GET", "staff", NONE, call),
    ),
)
