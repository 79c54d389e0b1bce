"""Subjects: add, find, see, open, rectify; consents and objections."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from gestand.doors.api.access import House, needs
from gestand.doors.api.bodies import (
    ConsentGiven,
    Find,
    NewValues,
    Objection,
    Open,
    Rectify,
    SubjectPath,
)
from gestand.doors.api.once import Key, once
from gestand.doors.needing import must_open
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import FieldPath, ItemId, PurposeId, SubjectId
from gestand.reading.identifiers import check_kind
from gestand.reading.kinds import guess_kind
from gestand.register.context import context_of
from gestand.rights.rectifying import sure_of
from gestand.staff.programs import Program
from gestand.system import System

routes = APIRouter(prefix="/subjects", tags=["subjects"])
Reader = Annotated[Program, Depends(needs("subjects:read"))]
Opener = Annotated[Program, Depends(needs("subjects:open"))]
Writer = Annotated[Program, Depends(needs("subjects:write"))]
Chooser = Annotated[Program, Depends(needs("choices:write"))]


@routes.post("", status_code=201)
def add(house: House, program: Writer, body: NewValues, key: Key = None) -> Response:
    """Admit a new subject with values for a purpose; durable when answered."""
    return once(house, program, key, ("subjects", body), lambda: {"subject": _admit(house, program, None, body)})


@routes.post("/find")
def find(house: House, program: Reader, body: Find) -> dict[str, Any]:
    """Return who has this value in an identifying field; opens nothing."""
    del program
    meant = body.kind or guess_kind(body.value)
    if meant is None:
        raise UsageError("kind-unknown", "the value has no form that is known", remedy="Say what it is with kind.")
    checked = check_kind(meant, body.value)
    return {"subjects": list(house.vault.find(meant, checked if isinstance(checked, str) else body.value))}


@routes.get("/{subject}")
def card(house: House, program: Reader, subject: SubjectPath) -> dict[str, Any]:
    """Return what is held of a subject: each datum with why, from whom, who gets it and until when; no values."""
    del program
    who, statements = known(house, subject), house.publication
    held = [
        context_of(one, statements.version(one.version) or statements.in_force(), "en")
        for one in house.vault.holdings(who)
    ]
    return {
        "subject": subject,
        "held": [
            {
                "item": one.item, "field": one.field, "source": one.source, "collected_on": one.collected_on.isoformat(),
                "statement": one.version, "recipients": list(one.recipients), "until": one.until,
                "erase_on": one.erase_on.isoformat() if one.erase_on else None, "restricted": one.restricted,
            }
            for one in held
        ],
        "consents": list(house.vault.consents(who)),
        "objections": list(house.vault.objections(who)),
    }  # fmt: skip


@routes.post("/{subject}/values", status_code=201)
def add_values(house: House, program: Writer, subject: SubjectPath, body: NewValues, key: Key = None) -> Response:
    """Admit more values of a known subject."""
    asked = (f"subjects/{subject}/values", body)
    return once(house, program, key, asked, lambda: {"subject": _admit(house, program, SubjectId(subject), body)})


@routes.post("/{subject}/open")
def open_values(house: House, program: Opener, subject: SubjectPath, body: Open) -> dict[str, Any]:
    """Open what a purpose may see; in the ledger before it is answered."""
    who, purpose = known(house, subject), program.allow_purpose(body.purpose)
    items: list[ItemId] | None = None
    if body.fields:
        items = [one.item for one in house.vault.holdings(who) if one.field in body.fields]
    opening = house.vault.open(who, purpose, actor=program.actor, reason=body.reason, items=items)
    return {
        "subject": subject,
        "purpose": purpose,
        "values": [{"item": one.holding.item, "field": one.holding.field, "value": one.value} for one in opening.items],
        "refused": [
            {"item": one.holding.item, "field": one.holding.field, "why": str(one.why), "clause": one.clause}
            for one in opening.refused
        ],
        "ledger_entry": opening.entry,
    }


@routes.post("/{subject}/rectify", status_code=204)
def rectify(house: House, program: Writer, subject: SubjectPath, body: Rectify) -> None:
    """Put the right value in place of a wrong one, in every system (Article 16); a purpose of the token opens the wrong one."""
    items = [
        one.item
        for one in house.vault.holdings(known(house, subject))
        if one.field == body.field and body.item in {None, one.item}
    ]
    if len(items) != 1:
        raise UsageError(
            "field-several", f"this field is held {len(items)} times of this subject",
            remedy="See what is held of the subject, and name the one you mean with item.",
        )  # fmt: skip
    must_open(house, items[0], program.purposes, actor=program.actor, reason=body.reason)
    house.requests.rectify(items[0], body.value, actor=program.actor, reason=body.reason, sure=sure_of(body.sure or ""))


@routes.post("/{subject}/consents", status_code=204)
def consent(house: House, program: Chooser, subject: SubjectPath, body: ConsentGiven) -> None:
    """Record a consent to the text of the statement in force (Article 7(1))."""
    purpose = program.allow_purpose(body.purpose)
    house.choices.consent(known(house, subject), purpose, channel=body.channel, actor=program.actor)


@routes.post("/{subject}/consents/withdraw", status_code=204)
def withdraw_consent(house: House, program: Chooser, subject: SubjectPath, body: ConsentGiven) -> None:
    """Record that a consent ended (Article 7(3)): never harder than giving it."""
    purpose = program.allow_purpose(body.purpose)
    house.choices.withdraw_consent(known(house, subject), purpose, channel=body.channel, actor=program.actor)


@routes.post("/{subject}/objections", status_code=204)
def object_to(house: House, program: Chooser, subject: SubjectPath, body: Objection) -> None:
    """Record an objection (Article 21); whatever the token's purposes are: an objection is never refused for that."""
    purposes = [PurposeId(one) for one in body.purposes]
    house.choices.object_to(known(house, subject), purposes, actor=program.actor, reason=body.reason)


@routes.post("/{subject}/objections/withdraw", status_code=204)
def withdraw_objection(house: House, program: Chooser, subject: SubjectPath, body: Objection) -> None:
    """Take an objection back, at the person's own word."""
    purposes = [program.allow_purpose(one) for one in body.purposes]
    house.choices.withdraw_objection(known(house, subject), purposes, actor=program.actor, reason=body.reason)


def _admit(house: System, program: Program, subject: SubjectId | None, body: NewValues) -> SubjectId:
    return house.intake.admit(
        subject if subject is None else known(house, subject),
        {FieldPath(field): value for field, value in body.values.items()},
        program.allow_purpose(body.purpose),
        source=body.source,
        actor=program.actor,
        on=body.on,
        kind="firm" if body.firm else "person",
    )


def known(house: System, subject: str) -> SubjectId:
    """Return the id of a subject that is there.

    :raises UsageError: ``unknown-subject``.
    """
    if not house.vault.exists(SubjectId(subject)):
        raise UsageError("unknown-subject", "there is no such subject", remedy="Find the subject first.")
    return SubjectId(subject)
