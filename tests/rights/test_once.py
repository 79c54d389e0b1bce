"""What may be had once is had once, also by who asks four times at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from gestand.doors.demonstration.place import Place
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId
from gestand.rights.model import Channel, IdentityLevel, Right, SubjectRequest
from gestand.rights.portal.model import Level
from gestand.system import System

OWNER = ActorId("owner")
AT_ONCE = 4


def at_once(ask: Callable[[], object]) -> list[str]:
    """Ask from several threads that begin together; return what came of each."""
    begin = threading.Barrier(AT_ONCE)

    def one(_number: int) -> str:
        begin.wait()
        try:
            ask()
        except RefusedError as refused:
            return refused.code
        return "had"

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return sorted(threads.map(one, range(AT_ONCE)))


def asked(house: System) -> SubjectRequest:
    return house.requests.receive(Right.ACCESS, contact="eva@example.org", channel=Channel.WEB, actor=OWNER)


def test_an_answer_that_waits_is_taken_by_one_of_those_who_come_at_once(place: Place):
    house = place.open()
    request = asked(house)
    code = house.parcels.put(request.id, {"a.txt": b"Eva"}, actor=OWNER)
    assert at_once(lambda: house.parcels.fetch(request.id, code)) == ["had", *["parcel"] * (AT_ONCE - 1)]
    fetched = [one for one in house.ledger.entries() if one.event.name == "request.fetched"]
    assert len(fetched) == 1


def test_an_answer_is_made_for_one_of_those_who_come_to_the_portal_at_once(place: Place):
    house = place.open()
    request = asked(house)
    house.requests.confirm(request.id, IdentityLevel.IN_PERSON, actor=OWNER)
    entered = house.portal.enter(house.portal.give(request.id, Level.FETCH, actor=OWNER).link)
    came = at_once(lambda: house.portal.fetch(entered))
    assert came == ["had", *["request-closed"] * (AT_ONCE - 1)]
    closed = [
        one for one in house.ledger.entries()
        if one.event.name == "request.closed" and one.event.facts["request"] == request.id
    ]  # fmt: skip
    assert len(closed) == 1
