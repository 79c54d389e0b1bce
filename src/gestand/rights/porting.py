"""Portability: what the person provided is opened, handed over, and only then is the request closed."""

from __future__ import annotations

from collections.abc import Callable

from gestand.kernel.clock import local_date
from gestand.kernel.ids import ActorId, PurposeId
from gestand.rights.answer import name_of
from gestand.rights.desk import Desk
from gestand.rights.model import Right
from gestand.rights.portable import PortableCopy, portable
from gestand.rights.records import subjects_of
from gestand.vault.model import OpenedItem

SALT_SIZE = 16

Deliver = Callable[[PortableCopy], None]
"""Puts a copy where it can be sent from; what it raises leaves the request open."""


def port(desk: Desk, request_id: str, *, actor: ActorId, deliver: Deliver | None = None) -> PortableCopy:
    """Give a portable copy (Article 20) and close the request; see ``Requests.port``."""
    request = desk.confirmed(request_id, Right.PORTABILITY)
    in_force = desk.statements.in_force().policy
    opened: list[OpenedItem] = []
    for subject in subjects_of(request):
        if desk.vault.exists(subject):
            opening = desk.vault.open(
                subject, PurposeId(in_force.rights.purpose), actor=actor, reason=f"request {request.id}"
            )
            opened += opening.items
    copy = PortableCopy(
        request=request.id,
        controller=in_force.controller.name,
        made_on=local_date(desk.clock()),
        data=portable(opened, desk.policies([item.holding for item in opened])),
        salt=desk.entropy(SALT_SIZE).hex(),
        name=name_of(opened, in_force),
    )
    if deliver is not None:
        deliver(copy)
    desk.finish(request, "copy-given" if copy.data else "nothing-held", actor, digest=copy.digest, items=len(copy.data))
    return copy
