"""What a page of the office reads does not grow with what was ever listed: thousands of requests, devices and proposals cost no more than fifty."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gestand.doors.office.pages import devices, requests, today
from gestand.kernel.ids import RequestId
from gestand.register import devices as register_devices
from gestand.register import store as register_store
from gestand.rights import case_store, store
from gestand.rights.model import Right, State
from gestand.rights.store import RequestStore
from staff_house import keeper

MANY = 2_000
ORDERED = {
    store.RUNNING: (50, 0), store.NEWEST_ENDED: (50,), store.AFTER: ("", 50), register_store.IN_HAND: (50, 0), register_store.GIVEN_BACK: (50,),
    register_store.DEVICES_AFTER: ("", 50), case_store.OPEN_PROPOSALS: (50, 0), case_store.PROPOSALS_AFTER: ("", 50),
}  # fmt: skip


@pytest.fixture
def crowded(visit):
    """An organisation that answered thousands of requests, and has hundreds that run."""
    house = visit.house
    [first, *_] = house.requests.all()
    kept = RequestStore(house.engine)
    with house.engine.transaction():
        for number in range(MANY):
            at = house.clock() - timedelta(days=number % 700)
            ended = number % 8 != 0
            kept.insert(replace(
                first, id=RequestId(f"req_{number:016d}"), right=Right.ACCESS, received_at=at, due=at, conservative=at + timedelta(days=number % 31),
                state=State.CLOSED if ended else State.RECEIVED, closed_at=at if ended else None, outcome="answered" if ended else "",
            ))  # fmt: skip
            row = (
                f"dev_{number:016d}",
                str(first.subject),
                f"dos_{number:016d}",
                "subject",
                f"2026-01-{number % 28 + 1:02d}",
            )
            house.engine.execute(register_store.ADD_DEVICE, row)
            if number % 10:
                house.engine.execute(register_store.RETURN_DEVICE, (f"2026-02-{number % 28 + 1:02d}", row[0]))
    return replace(visit, person=keeper(house, "Koos Koper"))


@pytest.fixture
def read(monkeypatch):
    """Count the rows that become requests or devices."""
    counted = {"requests": 0, "devices": 0}

    def counting(name, made):
        def one(row):
            counted[name] += 1
            return made(row)

        return one

    monkeypatch.setattr(store, "_request", counting("requests", store._request))
    monkeypatch.setattr(register_devices, "device_of", counting("devices", register_devices.device_of))
    return counted


def test_a_page_of_requests_reads_a_page_of_them(crowded, read):
    shown = requests.requests(crowded).body.decode()
    assert read["requests"] <= requests.MOST_RUNNING + requests.MOST_CLOSED
    assert shown.count("/office/nl/requests/req_") <= 2 * requests.MOST_RUNNING + requests.MOST_CLOSED
    assert "De volgende, met een latere uiterste dag" in shown
    further = requests.requests(replace(crowded, query={"first": "250"})).body.decode()
    assert "De volgende, met een latere uiterste dag" not in further
    assert "Afgesloten verzoeken" in further


def test_the_first_page_reads_those_that_are_due_first(crowded, read):
    shown = today.today(crowded).body.decode()
    assert read["requests"] <= today.MOST_RUNNING
    assert str(crowded.house.requests.count_running()) in shown


def test_a_page_of_devices_reads_a_page_of_them(crowded, read):
    shown = devices.devices(crowded).body.decode()
    assert read["devices"] <= devices.MOST_IN_HAND + devices.MOST_RETURNED
    assert "De volgende, later ingenomen" in shown
    last = devices.devices(replace(crowded, query={"first": "190"})).body.decode()
    assert "De volgende, later ingenomen" not in last


def test_the_earliest_last_day_comes_first_and_no_request_is_missed(crowded):
    service = crowded.house.requests
    pages = [list(service.running(50, first)) for first in range(0, service.count_running(), 50)]
    found = [one for page in pages for one in page]
    assert [one.conservative for one in found] == sorted(one.conservative for one in found)
    assert {one.id for one in found} == {one.id for one in service.all() if one.open}
    assert [one.closed_at for one in service.newest_ended(30)] == sorted(
        (one.closed_at for one in service.all() if not one.open), reverse=True
    )[:30]


def test_an_index_gives_the_order_so_that_nothing_is_sorted(crowded):
    for statement, values in ORDERED.items():
        plan = " ".join(str(row) for row in crowded.house.engine.execute(f"EXPLAIN QUERY PLAN {statement}", values))
        assert "USING INDEX" in plan, statement
        assert "TEMP B-TREE" not in plan, statement
