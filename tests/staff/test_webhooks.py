"""Webhooks: signed, ids alone, sent again until taken, never to where nobody allowed it."""

from __future__ import annotations

import hashlib
import hmac
import http.server
import json
import threading
from datetime import timedelta

import pytest

from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId
from gestand.rights.model import Channel, Right
from gestand.staff.posting import sign

OWNER = ActorId("owner")


@pytest.fixture
def listener():
    heard, answers = [], []

    class Ear(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append((self.headers, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(answers.pop(0) if answers else 204)
            self.end_headers()

        def log_message(self, *_words):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Ear)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", heard, answers
    server.shutdown()
    server.server_close()


def ask(house):
    return house.requests.receive(Right.ACCESS, contact="klant@example.org", channel=Channel.EMAIL, actor=OWNER)


def test_a_program_is_told_signed_and_with_ids_alone(place, listener):
    house = place.open()
    url, heard, _ = listener
    webhook, secret = house.webhooks.add(url, ["request.received"], near=True, actor=OWNER)
    request = ask(house)
    assert house.webhooks.deliver() == (1, 0)
    [(headers, body)] = heard
    told = json.loads(body)
    assert (told["event"], told["ids"]) == ("request.received", {"request": request.id})
    assert set(told) == {"entry", "event", "at", "ids"}
    parts = dict(part.split("=", 1) for part in headers["gestand-signature"].split(","))
    expected = hmac.new(secret.encode(), parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(parts["v1"], expected)
    assert house.webhooks.deliver() == (0, 0)
    house.webhooks.remove(webhook.id, actor=OWNER)
    ask(house)
    assert house.webhooks.deliver() == (0, 0)
    with pytest.raises(UsageError):
        house.webhooks.remove(webhook.id, actor=OWNER)


def test_what_was_not_taken_is_sent_again_later_and_in_order(place, listener):
    house = place.open()
    url, heard, answers = listener
    house.webhooks.add(url, ["request.received"], near=True, actor=OWNER)
    first, second = ask(house), ask(house)
    answers += [500]
    assert house.webhooks.deliver() == (0, 1)
    assert house.webhooks.deliver() == (0, 0)  # it rests
    place.clock.advance(timedelta(minutes=2))
    assert house.webhooks.deliver() == (2, 0)
    assert [json.loads(body)["ids"]["request"] for _, body in heard] == [first.id, first.id, second.id]
    assert house.webhooks.all()[0].failures == 0


def test_nobody_there_is_a_failure_and_stops_no_other(place, listener):
    house = place.open()
    url, heard, _ = listener
    house.webhooks.add("http://127.0.0.1:9/", ["request.received"], near=True, actor=OWNER)
    house.webhooks.add(url, ["request.received"], near=True, actor=OWNER)
    ask(house)
    assert house.webhooks.deliver() == (1, 1)
    assert len(heard) == 1
    assert {one.url: one.fault for one in house.webhooks.all()} == {"http://127.0.0.1:9/": "webhook-silent", url: ""}


def test_an_address_in_a_private_network_is_not_connected_to(place):
    house = place.open()
    house.webhooks.add("https://127.0.0.1/hook", ["request.received"], near=False, actor=OWNER)
    ask(house)
    assert house.webhooks.deliver() == (0, 1)
    assert [one.fault for one in house.webhooks.all()] == ["egress-private"]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x.example.org/",
        "https://",
        "https://a:b@x.example.org/",
        "http://x.example.org/",
        "https://x.example.org:99999/",
    ],
)
def test_an_address_without_sense_is_refused(place, url):
    with pytest.raises(UsageError) as refused:
        place.open().webhooks.add(url, ["request.received"], near=False, actor=OWNER)
    assert refused.value.code == "webhook-address"


@pytest.mark.parametrize("event", ["sharing.noted", "data.opened", "no.such", "webhook.added"])
def test_what_may_betray_an_order_is_never_told(place, event):
    with pytest.raises(UsageError) as refused:
        place.open().webhooks.add("https://x.example.org/", [event], near=False, actor=OWNER)
    assert refused.value.code == "webhook-event"


def test_tokens_and_webhooks_at_the_command_line(gestand, place):
    made = gestand("api", "token", "new", "--name", "webshop", "--scope", "subjects:read", "--json").document
    assert place.open().programs.known(made["token"]).actor == "program-webshop"
    assert made["token"] not in gestand("api", "token", "list").out
    [listed] = gestand("api", "token", "list", "--json").document["tokens"]
    assert listed["id"] == made["id"]
    assert gestand("api", "token", "revoke", made["id"], "--json").document["revoked"]
    assert gestand("api", "token", "revoke", made["id"], "--json").error["code"] == "token-unknown"
    hook = gestand("api", "webhook", "add", "https://x.example.org/", "--event", "breach.reported", "--json").document
    assert hook["secret"].startswith("whs_")
    assert [one["id"] for one in gestand("api", "webhook", "list", "--json").document["webhooks"]] == [hook["id"]]
    assert gestand("api", "webhook", "remove", hook["id"], "--json").document["removed"]
    assert '"openapi": "3.1' in gestand("api", "openapi").out


def test_a_trial_arrives_signed_tells_of_nothing_and_leaves_what_waits(place, listener):
    house = place.open()
    url, heard, answers = listener
    webhook, secret = house.webhooks.add(url, ["request.received"], near=True, actor=OWNER)
    ask(house)
    before = house.webhooks.one(webhook.id)
    assert house.webhooks.attempt(webhook.id) == ""
    [(headers, body)] = heard
    told = json.loads(body)
    assert (told["entry"], told["event"], told["ids"]) == (None, "webhook.trial", {"webhook": webhook.id})
    at = dict(part.split("=", 1) for part in headers["gestand-signature"].split(","))["t"]
    assert headers["gestand-signature"] == sign(secret, int(at), body)
    assert house.webhooks.one(webhook.id) == before
    answers += [410]
    assert house.webhooks.attempt(webhook.id) == "status-410"
    assert house.webhooks.deliver() == (1, 0)


def test_a_trial_says_why_it_did_not_arrive(place):
    house = place.open()
    dead, _ = house.webhooks.add("http://127.0.0.1:9/", ["request.received"], near=True, actor=OWNER)
    near, _ = house.webhooks.add("https://127.0.0.1/hook", ["request.received"], near=False, actor=OWNER)
    assert house.webhooks.attempt(dead.id) == "webhook-silent"
    assert house.webhooks.attempt(near.id) == "egress-private"
    with pytest.raises(UsageError):
        house.webhooks.attempt("whk_" + "a" * 16)


def test_a_replaced_secret_signs_nothing_any_more(place, listener):
    house = place.open()
    url, heard, _ = listener
    webhook, first = house.webhooks.add(url, ["request.received"], near=True, actor=OWNER)
    _, second = house.webhooks.replace_secret(webhook.id, actor=OWNER)
    _, third = house.webhooks.replace_secret(webhook.id, actor=OWNER)
    assert len({first, second, third}) == 3
    ask(house)
    assert house.webhooks.deliver() == (1, 0)
    [(headers, body)] = heard
    at = int(dict(part.split("=", 1) for part in headers["gestand-signature"].split(","))["t"])
    assert headers["gestand-signature"] == sign(third, at, body)
    assert headers["gestand-signature"] not in {sign(first, at, body), sign(second, at, body)}
    named = [e.event for e in house.ledger.entries() if e.event.name == "webhook.secret-replaced"]
    assert [one.facts for one in named] == [{"webhook": webhook.id}] * 2
    with pytest.raises(UsageError):
        house.webhooks.replace_secret("whk_" + "a" * 16, actor=OWNER)
