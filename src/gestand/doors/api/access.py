"""Who asks: a program with its token. Nothing ambient opens anything: there is no cookie, and no page may ask for another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from gestand.doors.web.limits import Buckets, neighbourhood
from gestand.kernel.errors import RefusedError
from gestand.staff.programs import Program
from gestand.system import System

BURST, PER_SECOND = 200, 20.0
"""Requests a token may make at once, and then each second."""
TRIES, SECONDS_A_TRY = 20, 6.0
"""Wrong tokens from one network at once, and seconds for one more."""

BEARER = HTTPBearer(auto_error=False, scheme_name="token", description="A token of 'gestand api token new'.")


class Access:
    """Judges every request of one organisation's API."""

    def __init__(self, house: System, *, burst: int = BURST) -> None:
        self._house = house
        self._asked = Buckets(house.clock, house.entropy, size=burst, seconds=1 / PER_SECOND)
        self._wrong = Buckets(house.clock, house.entropy, size=TRIES, seconds=SECONDS_A_TRY)

    def program(self, request: Request) -> Program:
        """Return the program that asks.

        :raises RefusedError: ``token``, ``too-often``.
        """
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        try:
            program = self._house.programs.known(text.strip() if scheme.lower() == "bearer" else "")
        except RefusedError:
            if not self._wrong.take("token", neighbourhood(request.client.host if request.client else "")):
                raise _slower() from None
            raise
        if not self._asked.take("program", program.id):
            raise _slower()
        return program


def needs(scope: str) -> Callable[..., Program]:
    """Return the dependency that lets a program with ``scope`` in."""

    def let_in(request: Request, _told: Annotated[object, Security(BEARER)] = None) -> Program:
        access: Access = request.app.state.access
        program = access.program(request)
        program.allow(scope)
        return program

    return let_in


def house_of(request: Request) -> System:
    """Return the organisation that is asked."""
    house: System = request.app.state.house
    return house


House = Annotated[System, Depends(house_of)]


def _slower() -> RefusedError:
    return RefusedError("too-often", "this was asked very often", remedy="Wait a second, and ask less often.")
