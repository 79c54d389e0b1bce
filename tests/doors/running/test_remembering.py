"""Pages that are the same for everybody: made once a second, never for a path or a question that is not named."""

from __future__ import annotations

import asyncio

from gestand.doors.running.remembering import Remembered


class Door:
    def __init__(self):
        self.asked = 0
        self.status = 200
        self.rest = 0.0

    async def __call__(self, scope, receive, send):
        self.asked += 1
        number = self.asked
        await asyncio.sleep(self.rest)
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": str(number).encode()})


async def get(app, path="/nl/", method="GET", query=b""):
    said = []

    async def send(message):
        said.append(message)

    await app({"type": "http", "path": path, "method": method, "query_string": query}, None, send)
    return said[0]["status"], said[1]["body"]


def test_a_page_is_made_once_a_second():
    door, moment = Door(), [0.0]
    app = Remembered(door, now=lambda: moment[0])
    assert asyncio.run(get(app)) == (200, b"1")
    moment[0] = 0.9
    assert asyncio.run(get(app)) == (200, b"1")
    assert asyncio.run(get(app, "/en/")) == (200, b"2")
    moment[0] = 1.1
    assert asyncio.run(get(app)) == (200, b"3")


def test_nothing_else_is_remembered():
    door = Door()
    app = Remembered(door, now=lambda: 0.0)
    for wanted in ({"path": "/portal/"}, {"method": "POST"}, {"query": b"x=1"}):
        first, second = asyncio.run(get(app, **wanted)), asyncio.run(get(app, **wanted))
        assert first != second


def test_a_fault_and_a_shut_door_are_never_remembered():
    door, moment = Door(), [0.0]
    app = Remembered(door, now=lambda: moment[0])
    asyncio.run(get(app))
    moment[0], door.status = 2.0, 503
    assert asyncio.run(get(app))[0] == 503
    door.status = 200
    assert asyncio.run(get(app)) == (200, b"3")


def test_while_one_makes_it_the_others_get_the_one_before():
    door, moment = Door(), [0.0]
    app = Remembered(door, now=lambda: moment[0])

    async def crowd():
        await get(app)
        moment[0], door.rest = 2.0, 0.05
        return await asyncio.gather(*(get(app) for _ in range(20)))

    answers = asyncio.run(crowd())
    assert door.asked == 2
    assert answers.count((200, b"1")) == 19
