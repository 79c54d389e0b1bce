"""Restrictions and holds of a subject: data that lie still, and data that stay however due."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.responses import Response

from gestand.doors.api.access import House, needs
from gestand.doors.api.bodies import Body, HoldPath, ItemRef, Line, SubjectPath, Why
from gestand.doors.api.once import Key, once
from gestand.doors.api.people import known
from gestand.doors.api.requests import for_rights
from gestand.doors.api.second_look import ASKED, looked_at
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ItemId, SubjectId
from gestand.staff.model import Act
from gestand.staff.programs import Program
from gestand.system import System

routes = APIRouter(prefix="/subjects", tags=["subjects"])
Reader = Annotated[Program, Depends(needs("subjects:read"))]
Chooser = Annotated[Program, Depends(needs("choices:write"))]
Holder = Annotated[Program, Depends(needs("holds:write"))]
Items = Annotated[tuple[ItemRef, ...], Field(max_length=500, description="Which data; all of the subject if empty.")]


class Restriction(Body):
    """Data that are restricted, or no longer, and why."""

    reason: Line
    items: Items = ()


class NewHold(Body):
    """Data that stay however due, why, and until which day (without one: until it is lifted)."""

    reason: Line
    items: Items = ()
    until: date | None = None


@routes.post("/{subject}/restrict")
def restrict(house: House, program: Chooser, subject: SubjectPath, body: Restriction) -> dict[str, Any]:
    """Restrict data (Article 18): kept, and opened for nothing but what the law names.

    All of a subject at once (no ``items``) is restricted in the archive and in every other system too.
    """
    items = _items(house, subject, body.items)
    house.choices.restrict(items, actor=program.actor, reason=body.reason)
    return _limited(house, program, subject, body, len(items), restricted=True)


@routes.post("/{subject}/release")
def release(house: House, program: Chooser, subject: SubjectPath, body: Restriction) -> dict[str, Any]:
    """Lift a restriction, of all of a subject at once everywhere; the person is told before (Article 18(3))."""
    for_rights(house, program)
    items = _items(house, subject, body.items)
    house.choices.release(items, actor=program.actor, reason=body.reason)
    return _limited(house, program, subject, body, len(items), restricted=False)


def _limited(
    house: System, program: Program, subject: str, body: Restriction, items: int, *, restricted: bool
) -> dict[str, Any]:
    done = () if body.items else house.requests.restrict_elsewhere(
        SubjectId(subject), restricted=restricted, actor=program.actor, reason=body.reason
    )  # fmt: skip
    return {
        "items": items,
        "systems": [
            {
                "source": one.source, "rows": one.rows, "why_not": one.why_not,
                "unmarked": [{"place": left.place, "keys": list(left.keys), "why": left.why} for left in one.unmarked],
            }
            for one in done
        ],
    }  # fmt: skip


@routes.get("/{subject}/holds")
def holds(house: House, program: Reader, subject: SubjectPath) -> dict[str, Any]:
    """List the holds on data of a subject."""
    del program
    return {
        "holds": [
            {
                "hold": one.id, "items": list(one.items), "reason": one.reason, "placed_at": one.placed_at.isoformat(),
                "until": one.until.isoformat() if one.until else None,
            }
            for one in house.vault.holds(known(house, subject))
        ]
    }  # fmt: skip


@routes.post("/{subject}/holds", status_code=201)
def hold(house: House, program: Holder, subject: SubjectPath, body: NewHold, key: Key = None) -> Response:
    """Keep data however due: a claim, a dispute, an order to preserve."""
    items = _items(house, subject, body.items)

    def do() -> dict[str, Any]:
        made = house.vault.place_hold(items, reason=body.reason, until=body.until, actor=program.actor)
        return {"hold": made.id, "items": len(made.items)}

    return once(house, program, key, (f"subjects/{subject}/holds", body), do)


@routes.post("/{subject}/holds/{hold_id}/lift", responses=ASKED)
def lift(house: House, program: Holder, subject: SubjectPath, hold_id: HoldPath, body: Why) -> Response:
    """Lift a hold, once a keeper has given it in the office; until then it is asked, and 202."""
    if hold_id not in {one.id for one in house.vault.holds(known(house, subject))}:
        raise UsageError("hold-unknown", "this hold is not of this subject", remedy="See the holds of the subject.")

    def do() -> dict[str, Any]:
        house.vault.lift_hold(hold_id, reason=body.reason, actor=program.actor)
        return {"hold": hold_id, "lifted": True}

    return looked_at(house, program, Act.LIFT_HOLD, hold_id, do)


def _items(house: System, subject: str, wanted: tuple[str, ...]) -> list[ItemId]:
    held = [one.item for one in house.vault.holdings(known(house, subject))]
    if not set(wanted) <= set(held):
        raise UsageError("item-unknown", "one of these is no datum of this subject", remedy="See what is held of them.")
    return [ItemId(one) for one in wanted] or held
