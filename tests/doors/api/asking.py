"""A program that asks the API, without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from gestand.doors.api.app import api
from gestand.kernel.ids import ActorId
from gestand.staff.programs import SCOPES
from gestand.system import System

OWNER = ActorId("owner")


def token_for(house: System, scopes=tuple(SCOPES), purposes=None, days=30, name="webshop") -> str:
    policy = house.publication.in_force().policy
    wanted = tuple(policy.purposes) if purposes is None else purposes
    return house.programs.admit(name, scopes, wanted, days=days, policy=policy, actor=OWNER)[1]


class Direct(httpx.BaseTransport):
    """Hands requests to an application, each in a loop of its own."""

    def __init__(self, app) -> None:
        self._inner = httpx.ASGITransport(app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def ask() -> httpx.Response:
            answer = await self._inner.handle_async_request(request)
            return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())

        return asyncio.run(ask())


@contextmanager
def program(house: System, *, token: str = "", burst: int = 10_000, **wanted) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {token or token_for(house, **wanted)}"}
    with httpx.Client(
        transport=Direct(api(house, burst=burst)), base_url="http://localhost/api/v1", headers=headers, trust_env=False
    ) as client:
        yield client
