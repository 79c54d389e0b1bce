"""An idempotency key: who asks the same again under the same key, within a day, gets the answer of the first time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import Header
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from gestand.staff.programs import Program
from gestand.system import System

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", min_length=8, max_length=100, pattern=r"^[\x21-\x7e]+$",
        description="A text of your own, new for every new thing. With it a repeated request does nothing a second time.",
    ),
]  # fmt: skip


def once(  # noqa: PLR0917 - what a request brings, and what it asks
    house: System,
    program: Program,
    key: str | None,
    asked: tuple[str, BaseModel],
    do: Callable[[], Mapping[str, Any]],
    status: int = 201,
) -> Response:
    """Do something and answer with ids alone; under a ``key`` that was used, give the answer of then.

    The answer is kept in the transaction of what was done: after a crash there are both or none.

    :raises RefusedError: ``idempotency-other``.
    """
    if key is None:
        return JSONResponse(do(), status)
    what = asked_mark(*asked)
    with house.engine.transaction():
        before = house.programs.remembered(program, key, what)
        if before is None:
            answer = json.dumps(do())
            house.programs.remember(program, key, what, status, answer)
            before = (status, answer)
    return Response(before[1], before[0], media_type="application/json")


def asked_mark(where: str, body: BaseModel) -> bytes:
    """Return what was asked, for comparison with what was asked before under the same key."""
    return json.dumps([where, body.model_dump(mode="json")], sort_keys=True).encode()
