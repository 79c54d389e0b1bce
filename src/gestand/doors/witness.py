"""The door of a witness: one route, no log, nothing stored on the asker's side."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gestand.doors.headers import NothingStored
from gestand.ledger.witness import LONGEST, Witness


def witness_door(witness: Witness) -> NothingStored:
    """Return the ASGI application of a witness (c2sp.org/tlog-witness)."""

    async def add_checkpoint(request: Request) -> Response:
        body = bytearray()
        async for block in request.stream():
            body += block
            if len(body) > LONGEST:
                return Response("too long\n", status_code=413, media_type="text/plain")
        answer = await run_in_threadpool(witness.add_checkpoint, bytes(body))
        return Response(answer.body, status_code=answer.status, headers={"content-type": answer.kind})

    return NothingStored(Starlette(routes=[Route("/add-checkpoint", add_checkpoint, methods=["POST"])]))
