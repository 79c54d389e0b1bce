"""What other programs are told is set, tried and ended by a program, and never in the firm's own network."""

from __future__ import annotations

import pytest

from doors.api.asking import OWNER, program
from doors.api.test_api import code

NEW = {"url": "https://shop.example.org/hook", "events": ["request.received"]}


def test_a_program_adds_tries_rotates_and_removes_an_address(place, monkeypatch):
    house = place.open()
    monkeypatch.setattr(type(house.webhooks), "_poster", lambda _self, _one: lambda _url, _body, _signature: 204)
    with program(house) as client:
        made = client.post("webhooks", json=NEW)
        assert made.status_code == 201
        added = made.json()
        assert added["secret"].startswith("whs_")
        one = f"webhooks/{added['webhook']}"
        [listed] = client.get("webhooks").json()["webhooks"]
        assert listed == {name: value for name, value in added.items() if name != "secret"}
        assert client.post(f"{one}/test").json() == {"webhook": added["webhook"], "taken": True, "code": None}
        renewed = client.post(f"{one}/secret").json()
        assert renewed["secret"].startswith("whs_")
        assert renewed["secret"] != added["secret"]
        assert client.post(f"{one}/remove").status_code == 204
        assert code(client.post(f"{one}/remove")) == (404, "webhook-unknown")
        assert client.get("webhooks").json() == {"webhooks": []}
    actors = {e.event.actor for e in house.ledger.entries() if e.event.name.startswith("webhook.")}
    assert actors == {"program.webshop"} or all(one.startswith("program") for one in actors)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"url": "http://shop.example.org/"}, (422, "body")),
        ({"url": "https://a:b@shop.example.org/"}, (422, "webhook-address")),
        ({"near": True}, (422, "body")),
        ({"events": []}, (422, "body")),
        ({"events": ["data.opened"]}, (422, "webhook-event")),
    ],
)
def test_an_address_without_sense_or_in_the_firm_s_own_network_is_refused(place, changed, refusal):
    house = place.open()
    with program(house) as client:
        assert code(client.post("webhooks", json=NEW | changed)) == refusal
    assert house.webhooks.all() == ()


def test_a_private_address_is_reached_by_no_trial(place):
    house = place.open()
    made, _ = house.webhooks.add("https://127.0.0.1/hook", ["request.received"], near=False, actor=OWNER)
    with program(house) as client:
        told = client.post(f"webhooks/{made.id}/test").json()
    assert told == {"webhook": made.id, "taken": False, "code": "egress-private"}


def test_who_may_read_may_not_write(place):
    house = place.open()
    with program(house, scopes=("webhooks:read",)) as client:
        assert client.get("webhooks").status_code == 200
        assert code(client.post("webhooks", json=NEW)) == (403, "token-scope")
