"""People: find somebody, take somebody in, take a call. What is known of one of them is on their card (``card.py``)."""

from __future__ import annotations

from urllib.parse import urlencode

from gestand.doors.office.routes import CHOSEN, NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.doors.office.words import REASONS
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import FieldPath, ItemId, SubjectId
from gestand.statement.policy import FieldKind, Policy, Text

MOST_FOUND = 20


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
        chosen, telling = visit.purpose(purpose), _named(visit.policy)
        for opening in visit.house.vault.open_many(
            found[:MOST_FOUND], chosen, actor=visit.actor, reason=reason_of(visit)
        ):
            shown = [item.value for item in opening.items if item.holding.field in telling]
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


def _named(policy: Policy) -> set[str]:
    """Return the fields by which staff tell people apart in a list: the name and the town."""
    kinds = {path: field.kind for path in policy.field_paths() if (field := policy.field(path)) is not None}
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
        None, values_of(visit), purpose, source=visit.field("source"), actor=visit.actor,
        kind="firm" if "firm" in visit.form else "person",
    )  # fmt: skip
    return visit.go(f"people/{subject}?{urlencode({'purpose': purpose})}")


def values_of(visit: Visit) -> dict[FieldPath, str]:
    """Return the data that were filled in, by field."""
    return {
        FieldPath(name.removeprefix("f:")): value
        for name, value in visit.form.items()
        if name.startswith("f:") and value.strip()
    }


def subject_of(visit: Visit) -> SubjectId:
    """Return the person of the path.

    :raises UsageError: ``unknown-subject``.
    """
    subject = SubjectId(visit.params["subject"])
    if not visit.house.vault.exists(subject):
        raise UsageError("unknown-subject", f"there is no subject {subject}", remedy="Look them up again.")
    return subject


def item_of(visit: Visit) -> ItemId:
    """Return the datum that was meant, if it is of the person of the path.

    :raises UsageError: ``item-unknown``.
    """
    return theirs(visit, ItemId(visit.field("item")))


def theirs(visit: Visit, item: ItemId) -> ItemId:
    """Return a datum if it is of the person of the path.

    :raises UsageError: ``item-unknown``.
    """
    holding = visit.house.vault.item(item)
    if holding is None or holding.subject != subject_of(visit):
        raise UsageError("item-unknown", "this datum is not of this person", remedy="Open the card again.")
    return item


def purpose_kept(visit: Visit) -> str:
    """Return the query with which a card opens again as it was."""
    kept = {name: visit.form[name] for name in ("purpose", "call") if visit.form.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def reason_of(visit: Visit) -> str:
    """Return why somebody looks, as it will stand in the ledger."""
    wanted = visit.query.get("reason") or visit.form.get("reason") or ("call" if visit.query.get("call") else "dossier")
    return wanted if wanted in REASONS else "dossier"


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
        Route("call", "GET", "staff", NONE, call),
    ),
)
