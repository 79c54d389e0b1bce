"""An answer is handed over: sealed under a one-time code, its receipt in it, and who asked is told that it waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gestand.kernel.clock import local_date
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId
from gestand.rights.model import Right
from gestand.rights.sending import Sent
from gestand.system import System


@dataclass(frozen=True, slots=True)
class Handed:
    """An answer that waits: the code that opens it, shown once; until when; and the letter that says so."""

    code: str = field(repr=False)
    until: datetime
    sent: Sent


def hand_over(house: System, request_id: str, *, actor: ActorId, language: str = "nl") -> Handed:
    """Answer a request for access or a copy, seal the answer under a code, and tell who asked that it waits.

    :raises UsageError: ``request-right`` for what has no answer to fetch. :raises RefusedError: as answering does.
    """
    request = house.requests.one(request_id)
    packages = house.requests.letters.packages
    made: dict[str, bytes] = {}
    codes: list[str] = []

    def give(files: Mapping[str, bytes]) -> None:
        made.update(files)
        codes.append(house.parcels.put(request.id, made, actor=actor))

    if request.right is Right.ACCESS:
        house.requests.answer(request.id, actor=actor, deliver=lambda answer: give(packages.of_access(answer)))
    elif request.right is Right.PORTABILITY:
        house.requests.port(request.id, actor=actor, deliver=lambda copy: give(packages.of_copy(copy)))
    else:
        raise UsageError(
            "request-right", f"what was asked is {request.right}: there is nothing to fetch", where=request.id,
            remedy="Carry it out; its letter tells what was done.",
        )  # fmt: skip
    house.parcels.put_again(request.id, {**made, **packages.receipt(request.id)}, codes[0])
    until = house.parcels.expires(request.id)
    assert until is not None
    sent = house.requests.letters.ready(request.id, local_date(until), actor=actor, language=language)
    return Handed(codes[0], until, sent)
