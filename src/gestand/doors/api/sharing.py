"""What others get: disclosures to recipients, orders by authorities, and telling recipients of changes."""

from __future__ import annotations

import base64
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, Field
from starlette.responses import JSONResponse, Response

from gestand.doors.api.access import House, needs
from gestand.doors.api.bodies import (
    After,
    Body,
    FieldName,
    Language,
    Limit,
    Line,
    Name,
    SharePath,
    SubjectRef,
    Words,
)
from gestand.doors.api.once import Key, asked_mark
from gestand.doors.api.paging import page
from gestand.doors.api.people import known
from gestand.doors.api.second_look import ASKED, waiting
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import FieldPath, RecipientId, SubjectId
from gestand.sharing.model import Demand, Disclosure, Form, How, Order, Package, Telling
from gestand.staff.programs import Program
from gestand.system import System

routes = APIRouter()
Reader = Annotated[Program, Depends(needs("disclosures:read"))]
Giver = Annotated[Program, Depends(needs("disclosures:write"))]
OrderReader = Annotated[Program, Depends(needs("orders:read"))]
OrderWriter = Annotated[Program, Depends(needs("orders:write"))]
FactName = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")]
Facts = Annotated[dict[FactName, bool | Line], Field(max_length=60)]
Recipient = Annotated[
    str, Field(max_length=200, pattern=r"^(age1[a-z0-9]+)?$", description="The recipient's age key, if not agreed before.")
]  # fmt: skip
Fields = Annotated[tuple[FieldName, ...], Field(max_length=100)]
Subjects = Annotated[tuple[SubjectRef, ...], Field(max_length=1000)]


class Wish(Body):
    """Something that may or may not be given to a recipient."""

    recipient: Name
    fields: Annotated[tuple[FieldName, ...], Field(min_length=1, max_length=100)]
    purpose: Name
    ground: Line


class Gift(Wish):
    """Data that are given to a recipient: of whom, how written, and to which key sealed."""

    subjects: Annotated[tuple[SubjectRef, ...], Field(min_length=1, max_length=1000)]
    reason: Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    form: Form = Form.JSON
    sealed_to: Recipient = ""


class NewOrder(Body):
    """What an authority asks, as it came in. ``facts``: those of the demand that are known, as written."""

    authority: Line
    article: Line
    document: Line
    asks: Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")] = ""
    fields: Annotated[tuple[FieldName, ...], Field(min_length=1, max_length=100)]
    subjects: Subjects = ()
    recipient: Name = "authorities"
    purpose: Name = "orders"
    received_at: AwareDatetime | None = None
    secret: bool = False
    secret_until: date | None = None
    facts: Facts = Field(default_factory=dict)


class CarryOut(Body):
    """``confirm``: the order's own id, where one person decides; ``fields``: less than the demand reaches."""

    confirm: Annotated[str, Field(max_length=40)] = ""
    facts: Facts = Field(default_factory=dict)
    subjects: Subjects = ()
    fields: Fields = ()
    form: Form = Form.JSON
    sealed_to: Recipient = ""


class Refusal(Body):
    """Why an order is refused, beside what was found against it."""

    reason: Annotated[str, Field(max_length=1000)] = ""
    language: Language = "nl"


class Because(Body):
    """The document that ends a secrecy, with its date."""

    reason: Line


class InLanguage(Body):
    """In which language a notice is."""

    language: Language = "nl"


class ToldRecipient(Body):
    """How a recipient was told, or why not; ``proof``: how that is known, or the reason."""

    how: How
    proof: Words


@routes.get("/disclosures", tags=["disclosures"])
def disclosures(house: House, program: Reader, limit: Limit = 50, after: After = "") -> dict[str, Any]:
    """List what was given to whom; what an order keeps secret is not among it."""
    del program
    shown = (one for one in house.sharing.disclosures() if not house.sharing.hidden(one))
    found, following = page(shown, lambda one: one.id, limit, after)
    return {"disclosures": [_disclosure(one) for one in found], "next": following}


@routes.post("/disclosures/judge", tags=["disclosures"])
def judge(house: House, program: Reader, body: Wish) -> dict[str, Any]:
    """Say whether something may be given to a recipient, and everything against it; nothing is given."""
    purpose = program.allow_purpose(body.purpose)
    fields = [FieldPath(one) for one in body.fields]
    found = house.sharing.judge(RecipientId(body.recipient), fields, purpose, body.ground)
    return {
        "allowed": found.allowed,
        "why": [{"code": one.code, "clause": one.clause} for one in found.against],
    }


@routes.post("/disclosures", status_code=201, tags=["disclosures"], responses=ASKED)
def disclose(house: House, program: Giver, body: Gift, key: Key = None) -> Response:
    """Give data to a recipient of the statement: opened for the purpose, packed, sealed to the recipient's key.

    To a key that was not agreed, or of many at once, a keeper gives it first: then 202. ``package`` is the sealed file (age) in base64. Asked again under the same key, nothing is given again and no package comes.
    """
    purpose, mark = program.allow_purpose(body.purpose), asked_mark("disclosures", body)
    before = house.programs.remembered(program, key, mark) if key else None
    if before is not None:
        return Response(before[1], before[0], media_type="application/json")
    try:
        made = house.sharing.disclose(
            RecipientId(body.recipient), [known(house, one) for one in body.subjects], [FieldPath(one) for one in body.fields],
            purpose, body.ground, actor=program.actor, reason=body.reason, form=body.form, sealed_to=body.sealed_to,
            deliver=lambda _package: None,
        )  # fmt: skip
    except RefusedError as refused:
        if refused.code not in {"approval-missing", "approval-waiting"}:
            raise
        return waiting(house, refused.where)
    told = _disclosure(made.disclosure)
    if key:
        with house.engine.transaction():
            house.programs.remember(program, key, mark, 201, JSONResponse(told | {"package": None}).body.decode())  # type: ignore[union-attr]
    return JSONResponse(told | _sealed(made), 201)


@routes.get("/orders", tags=["orders"])
def orders(house: House, program: OrderReader, limit: Limit = 50, after: After = "") -> dict[str, Any]:
    """List orders by authorities with what the law says of each. Secret ones are among them."""
    del program
    found, following = page(house.sharing.orders(), lambda one: one.id, limit, after)
    return {"orders": [_order(one) for one in found], "next": following}


@routes.post("/orders", status_code=201, tags=["orders"])
def take_in(house: House, program: OrderWriter, body: NewOrder) -> dict[str, Any]:
    """Take in a demand by an authority: judged at once, nothing opened, nobody told."""
    demand = Demand(
        authority=body.authority, article=body.article, asks=body.asks, document=body.document,
        received_at=body.received_at or house.clock(), recipient=RecipientId(body.recipient),
        purpose=program.allow_purpose(body.purpose), fields=tuple(map(FieldPath, body.fields)),
        subjects=tuple(known(house, one) for one in body.subjects), facts=dict(body.facts), secret=body.secret,
        secret_until=body.secret_until,
    )  # fmt: skip
    return _order(house.sharing.receive_order(demand, actor=program.actor))


@routes.post("/orders/{order}/carry-out", tags=["orders"])
def carry_out(house: House, program: OrderWriter, order: SharePath, body: CarryOut) -> dict[str, Any]:
    """Carry out an order that the law obliges to: approved by a second person in the office, or confirmed after a wait."""
    _may(house, program, order)
    made = house.sharing.carry_out(
        order, actor=program.actor, proof=body.confirm, facts=dict(body.facts),
        subjects=tuple(map(SubjectId, body.subjects)), fields=tuple(map(FieldPath, body.fields)), form=body.form,
        sealed_to=body.sealed_to, deliver=lambda _package: None,
    )  # fmt: skip
    return _disclosure(made.disclosure) | _sealed(made)


@routes.post("/orders/{order}/refuse", tags=["orders"])
def refuse(house: House, program: OrderWriter, order: SharePath, body: Refusal) -> dict[str, Any]:
    """Refuse an order; the letter with every reason is in the answer."""
    _may(house, program, order)
    made, letter = house.sharing.refuse_order(order, actor=program.actor, reason=body.reason, language=body.language)
    return {**_order(made), "letter": letter}


@routes.post("/orders/{order}/lift", tags=["orders"])
def lift(house: House, program: OrderWriter, order: SharePath, body: Because) -> dict[str, Any]:
    """Record that an order need not be kept secret any longer."""
    _may(house, program, order)
    return _order(house.sharing.lift_secrecy(order, actor=program.actor, because=body.reason))


@routes.post("/orders/{order}/notify", tags=["orders"])
def notify(house: House, program: OrderWriter, order: SharePath, body: InLanguage) -> dict[str, Any]:
    """Record that the people are told of an order whose secrecy is over; the notice is in the answer."""
    _may(house, program, order)
    made, letter = house.sharing.tell_subjects(order, actor=program.actor, language=body.language)
    return {**_order(made), "letter": letter}


@routes.get("/tellings", tags=["disclosures"])
def tellings(
    house: House, program: Reader, state: Literal["due", "all"] = "due", limit: Limit = 50, after: After = ""
) -> dict[str, Any]:
    """List what recipients must be told (Article 19): what is due, or all of it."""
    del program
    listed = house.sharing.to_tell() if state == "due" else house.sharing.tellings()
    found, following = page(listed, lambda one: one.id, limit, after)
    return {"tellings": [_telling(one) for one in found], "next": following}


@routes.get("/tellings/{telling}/letter", tags=["disclosures"])
def letter(house: House, program: Reader, telling: SharePath, language: Language = "nl") -> dict[str, Any]:
    """Return what a recipient is told: numbers of a package, nobody's name."""
    del program
    return {"letter": house.sharing.telling_letter(telling, language=language)}


@routes.post("/tellings/{telling}/told", tags=["disclosures"])
def told(house: House, program: Giver, telling: SharePath, body: ToldRecipient) -> dict[str, Any]:
    """Record that a recipient was told and how that is known, or why it is impossible or disproportionate."""
    return _telling(house.sharing.told(telling, body.how, proof=body.proof, actor=program.actor))


def _may(house: System, program: Program, order: str) -> None:
    """Refuse a program that may not act for the purpose of an order.

    :raises UsageError: ``order-unknown``. :raises RefusedError: ``token-purpose``.
    """
    found = next((one for one in house.sharing.orders() if one.id == order), None)
    if found is None:
        raise UsageError("order-unknown", f"there is no order '{order}'", remedy="List them: GET /api/v1/orders.")
    program.allow_purpose(found.demand.purpose)


def _disclosure(found: Disclosure) -> dict[str, Any]:
    return {
        "disclosure": found.id, "at": found.at.isoformat(), "recipient": found.recipient, "purpose": found.purpose,
        "ground": found.ground, "fields": list(found.fields), "subjects": len(found.given), "stage": str(found.stage),
        "values": found.values, "refused": found.refused, "sha256": found.package,
    }  # fmt: skip


def _sealed(made: Package) -> dict[str, Any]:
    return {"file_name": made.file_name, "package": base64.b64encode(made.sealed).decode("ascii")}


def _order(found: Order) -> dict[str, Any]:
    return {
        "order": found.id, "state": str(found.state), "allowed": not found.against, "against": list(found.against),
        "articles": list(found.articles), "ask_for": list(found.ask_for), "must_do": list(found.must_do),
        "debatable": list(found.debatable), "fields": list(found.give), "withheld": list(found.withhold),
        "people": len(found.demand.subjects), "secret": found.secret, "taken_at": found.taken_at.isoformat(),
        "disclosure": found.disclosure,
    }  # fmt: skip


def _telling(found: Telling) -> dict[str, Any]:
    return {
        "telling": found.id, "disclosure": found.disclosure, "recipient": found.recipient, "what": str(found.what),
        "numbers": list(found.numbers), "due": found.due.isoformat(), "how": str(found.how) if found.how else None,
    }  # fmt: skip
