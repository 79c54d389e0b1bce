"""A new address: the old one is asked first, and the change takes effect with the code that went there (Article 16)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from fastapi.encoders import jsonable_encoder
from pydantic import Field

from gestand.doors.api.access import House, needs
from gestand.doors.api.bodies import Body, Datum, ItemRef, Language, Line, SubjectPath
from gestand.doors.api.people import known
from gestand.doors.needing import must_open
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ItemId
from gestand.staff.programs import Program

routes = APIRouter(tags=["subjects"])
Writer = Annotated[Program, Depends(needs("subjects:write"))]
MovePath = Annotated[str, Path(pattern=r"^mov_[a-z2-7]{16}$")]


class NewAddress(Body):
    """An e-mail or street address in the place of another; ``language``: of a letter on paper to the old one."""

    item: ItemRef
    value: Datum
    reason: Line
    language: Language = "nl"


class Confirmation(Body):
    """The code that went to the old address, with or without its spaces."""

    code: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z -]+$")]


@routes.post("/subjects/{subject}/move")
def move(house: House, program: Writer, subject: SubjectPath, body: NewAddress) -> dict[str, Any]:
    """Ask the old address to confirm a new one: a code goes there, by mail or on paper. Nothing changes before."""
    who, holding = known(house, subject), house.vault.item(ItemId(body.item))
    if holding is None or holding.subject != who:
        raise UsageError("item-unknown", "this datum is not of this subject", remedy="See what is held of the subject.")
    must_open(house, holding.item, program.purposes, actor=program.actor, reason=body.reason)
    made = house.requests.moving.ask(
        holding.item, body.value, actor=program.actor, reason=body.reason, language=body.language
    )
    return {
        "move": made.id, "item": made.item, "until": made.until.isoformat(),
        "sent": {"way": str(made.sent.way), "message": made.sent.message},
    }  # fmt: skip


@routes.post("/moves/{move_id}/confirm")
def confirm(house: House, program: Writer, move_id: MovePath, body: Confirmation) -> dict[str, Any]:
    """Let a change of address take effect with the code that went to the old one."""
    done = house.requests.moving.confirm(move_id, body.code, actor=program.actor)
    return {
        "item": done.item, "also": list(done.also), "issued": done.issued, "to_tell": jsonable_encoder(done.to_tell),
        "conflicts": [{"source": source, "place": one.place, "field": one.field} for source, one in done.conflicts],
    }  # fmt: skip
