"""The HTTP API: what a program may do, what it is refused, and how it is told."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import threading
from datetime import timedelta

import pytest

from doors.api.asking import OWNER, program, token_for
from gestand.doors.api.app import api
from gestand.ledger.model import Event

PUBLIC = {"/api/v1/statement", "/api/v1/statement/history", "/api/v1/statement/versions/{version}"}
"""What anybody may read: it stands on the pages too."""
OURS = "/api/v1/"
"""Beside it stand the protocols of others, who show who they are in a way of their own."""
KINDS = {"subject": "sub", "request_id": "req", "dossier": "dos", "device": "dev", "breach": "bre", "campaign": "cam",
         "hold_id": "hld", "proposal": "prp", "order": "shr", "telling": "shr", "message": "msg"}  # fmt: skip
ANNA = {"values": {"contact.email": "anna.api@example.nl"}, "purpose": "service", "source": "web form"}


def sample(found):
    name = found[1]
    if name in KINDS:
        return f"{KINDS[name]}_{'a' * 16}"
    return "1" if name in {"number", "entry"} else "nobody"


def code(answer):
    assert answer.headers["content-type"].startswith("application/problem+json")
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["remedy"]
    assert told["type"] == f"urn:gestand:error:{told['code']}"
    return answer.status_code, told["code"]


def add(client, **headers):
    answer = client.post("subjects", json=ANNA, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()["subject"]


def test_a_subject_is_added_found_seen_opened_and_the_ledger_says_by_whom(place):
    house = place.open()
    with program(house) as client:
        anna = add(client)
        assert client.post("subjects/find", json={"value": "Anna.API@example.nl"}).json() == {"subjects": [anna]}
        card = client.get(f"subjects/{anna}").json()
        assert [one["field"] for one in card["held"]] == ["contact.email"]
        assert "anna.api" not in json.dumps(card)
        opened = client.post(f"subjects/{anna}/open", json={"purpose": "service", "reason": "order 17"}).json()
        assert [one["value"] for one in opened["values"]] == ["anna.api@example.nl"]
        [entry] = house.ledger.entries(opened["ledger_entry"], opened["ledger_entry"])
        assert (entry.event.name, entry.event.actor) == ("data.opened", "program-webshop")
        changed = {
            "field": "contact.email",
            "value": "anna.nieuw@example.nl",
            "reason": "typing error",
            "sure": "in-person",
        }
        assert client.post(f"subjects/{anna}/rectify", json=changed).status_code == 204
        assert client.post("subjects/find", json={"value": "anna.nieuw@example.nl"}).json() == {"subjects": [anna]}
        more = {"values": {"contact.phone": "0612345678"}, "purpose": "service", "source": "web form"}
        assert client.post(f"subjects/{anna}/values", json=more).json() == {"subject": anna}
        assert len(client.get(f"subjects/{anna}").json()["held"]) == 2


def test_consents_and_objections_work_from_the_next_read(place):
    house = place.open()
    with program(house) as client:
        anna = add(client)
        consent = {"purpose": "newsletter", "channel": "web"}
        assert client.post(f"subjects/{anna}/consents", json=consent).status_code == 204
        assert client.get(f"subjects/{anna}").json()["consents"] == ["newsletter"]
        assert client.post(f"subjects/{anna}/consents/withdraw", json=consent).status_code == 204
        objection = {"purposes": ["service-firm"], "reason": "asked by telephone"}
        assert client.post(f"subjects/{anna}/objections", json=objection).status_code == 204
        assert client.get(f"subjects/{anna}").json()["objections"] == ["service-firm"]
        assert client.post(f"subjects/{anna}/objections/withdraw", json=objection).status_code == 204
        assert client.get(f"subjects/{anna}").json()["objections"] == []
    with program(house, purposes=("service",), name="narrow") as client:
        assert code(client.post(f"subjects/{anna}/consents", json=consent)) == (403, "token-purpose")
        assert client.post(f"subjects/{anna}/objections", json=objection).status_code == 204  # never refused for that


def test_a_token_writes_over_nothing_that_no_purpose_of_it_opens_and_lifts_no_restriction(place):
    house = place.open()
    with program(house) as client:
        anna = add(client)
        [item] = [
            one["item"] for one in client.get(f"subjects/{anna}").json()["held"] if one["field"] == "contact.email"
        ]
        assert client.post(f"subjects/{anna}/restrict", json={"reason": "contested"}).status_code == 200
    with program(house, purposes=("newsletter",), name="narrow") as client:
        changed = {"field": "contact.email", "value": "nina@example.org", "reason": "asked", "sure": "in-person"}
        assert code(client.post(f"subjects/{anna}/rectify", json=changed)) == (403, "purpose-field")
        moved = {"item": item, "value": "nina@example.org", "reason": "asked"}
        assert code(client.post(f"subjects/{anna}/move", json=moved)) == (403, "purpose-field")
        assert code(client.post(f"subjects/{anna}/release", json={"reason": "x"})) == (403, "token-purpose")
    assert house.vault.item(item).restricted


def test_an_erasure_request_goes_its_whole_way(place):
    house = place.open()
    with program(house) as client:
        anna = add(client)
        asked = {"right": "erasure", "contact": "anna.api@example.nl", "channel": "web"}
        listed = client.post("requests", json=asked).json()
        where = f"requests/{listed['request']}"
        assert client.get(where).json()["state"] == "received"
        assert code(client.post(f"{where}/plan"))[0] == 403  # nobody judged who this is
        assert client.post(f"{where}/confirm", json={"level": "contact-point"}).json()["subject"] == anna
        plan = client.post(f"{where}/plan").json()
        assert {one["decision"] for one in plan["decisions"]} <= {"erase", "keep", "restrict"}
        done = client.post(f"{where}/answer").json()
        assert done["erased"] >= 1
        assert done["found_afterwards"] == 0
        assert client.post("subjects/find", json={"value": "anna.api@example.nl"}).json() == {"subjects": []}


def test_an_access_request_is_answered_with_everything_and_its_context(place):
    house = place.open()
    with program(house) as client:
        add(client)
        listed = client.post("requests", json={"right": "access", "contact": "anna.api@example.nl"}).json()
        where = f"requests/{listed['request']}"
        client.post(f"{where}/confirm", json={"level": "second-fact"})
        answer = client.post(f"{where}/answer").json()
        assert "anna.api@example.nl" in {one["value"] for one in answer["data"]}
        assert client.get(where).json()["state"] == "closed"
    with program(house, purposes=("service",), name="narrow") as client:
        assert code(client.post(f"{where}/answer")) == (403, "token-purpose")


def test_what_waits_is_listed_page_by_page_and_nothing_twice(place):
    house = place.open()
    with program(house) as client:
        for _ in range(4):
            client.post("requests", json={"right": "access", "contact": "someone@example.org"})
        everything = {one["request"] for one in client.get("requests?limit=200").json()["requests"]}
        seen, after = [], ""
        while after is not None:
            page = client.get(f"requests?limit=2&after={after}").json()
            assert len(page["requests"]) <= 2
            seen += [one["request"] for one in page["requests"]]
            after = page["next"]
        assert len(seen) == len(set(seen))
        assert set(seen) == everything
        assert len(everything) >= 4


def test_retention_breaches_disclosures_statement_and_proof(place):
    house = place.open()
    with program(house) as client:
        assert client.get("retention/plan?on=2027-01-01").json()["on"] == "2027-01-01"
        assert client.get("retention/forecast?until=2030-01-01").json()["months"]
        assert client.post("retention/run").json()["found_afterwards"] == 0
        assert code(client.get("retention/forecast?until=9999-01-01")) == (422, "date")
        report = client.post("breaches", json={"what": "a laptop is gone", "rehearsal": True}).json()
        assert report["breach"] in {one["breach"] for one in client.get("breaches?limit=200").json()["breaches"]}
        assert client.get("disclosures?limit=5").status_code == 200
        wish = {"recipient": "nobody", "fields": ["contact.email"], "purpose": "service", "ground": "contract"}
        assert client.post("disclosures/judge", json=wish).json()["allowed"] is False
        public = client.get("statement", headers={"authorization": ""}).json()
        assert public["clauses"]["nl"][0]["text"]
        assert code(client.get("proof")) == (404, "proof-unknown")
        run = client.post("proof/run").json()
        assert client.get("proof").json() == run
        assert "kept" in {one["verdict"] for one in run["clauses"]}


def test_events_are_the_exact_leaves(place):
    house = place.open()
    with program(house) as client:
        answer = client.get("events?first=3&limit=5")
        leaves = answer.content.splitlines()
        assert leaves == [entry.leaf for entry in house.ledger.entries(3, 7)]
        assert answer.headers["gestand-next"] == "8"
        assert json.loads(leaves[0])["event"]
        assert client.get("events?first=99999999").content == b""


def test_what_a_token_may_not_do_is_refused(place):
    house = place.open()
    with program(house, scopes=("subjects:read",), purposes=()) as client:
        assert code(client.post("subjects", json=ANNA)) == (403, "token-scope")
        assert code(client.get("requests")) == (403, "token-scope")
    with program(house, purposes=("administration",)) as client:
        assert code(client.post("subjects", json=ANNA)) == (403, "token-purpose")
    with program(house, token="gst_" + "a" * 43) as client:
        unknown = client.get("requests")
        assert code(unknown) == (401, "token")
        assert unknown.headers["www-authenticate"] == "Bearer"
    with program(house) as client:
        assert code(client.get("requests", headers={"authorization": ""})) == (401, "token")
        assert code(client.get("requests", headers={"authorization": "Basic YTpi"})) == (401, "token")


def test_a_token_ends_and_can_be_ended_and_lies_nowhere(place):
    house = place.open()
    token = token_for(house, days=2)
    with program(house, token=token) as client:
        assert client.get("requests").status_code == 200
        [made] = house.programs.all()
        house.programs.revoke(made.id, actor=OWNER)
        assert code(client.get("requests")) == (401, "token")
    other = token_for(house, days=2, name="other")
    with program(house, token=other) as client:
        place.clock.advance(timedelta(days=2))
        assert code(client.get("requests")) == (401, "token")
    place.close()
    for file in place.folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert token.encode() not in content
            assert other.removeprefix("gst_").encode() not in content


def test_the_same_key_does_it_once_and_another_question_under_it_is_refused(place):
    house = place.open()
    with program(house) as client:
        first = add(client, **{"idempotency-key": "order-17-subject"})
        assert add(client, **{"idempotency-key": "order-17-subject"}) == first
        assert add(client, **{"idempotency-key": "order-18-subject"}) != first
        other = ANNA | {"source": "counter"}
        refused = client.post("subjects", json=other, headers={"idempotency-key": "order-17-subject"})
        assert code(refused) == (409, "idempotency-other")
        place.clock.advance(timedelta(hours=25))
        assert add(client, **{"idempotency-key": "order-17-subject"}) != first


def test_the_same_key_at_the_same_time_does_it_once(place):
    house = place.open()
    with program(house) as client:
        found, before = [], house.vault.counts().subjects
        threads = [
            threading.Thread(target=lambda: found.append(add(client, **{"idempotency-key": "twice-at-once"})))
            for _ in range(4)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert len(set(found)) == 1
        assert house.vault.counts().subjects == before + 1


def test_errors_tell_code_and_remedy_and_never_what_was_sent(place):
    house = place.open()
    secret = "canary-Zwaluw"  # noqa: S105 - no password
    with program(house) as client:
        for answer in (
            client.post("subjects", json=ANNA | {"purpose": "canary-zwaluw"}),
            client.post("subjects", json=ANNA | {secret: secret}),
            client.post("subjects", json={"values": {"contact.email": secret}, "purpose": "service", "source": "x"}),
            client.post("subjects", json={"values": {"canary.zwaluw": "x"}, "purpose": "service", "source": "x"}),
            client.post("subjects/find", json={"value": "?" + secret}),
            client.post("subjects/find", json={"value": "x", "kind": secret}),
            client.post("subjects", content=b'{"' + secret.encode()),
            client.get(f"subjects/{secret}"),
            client.get(f"{secret}"),
            client.get(f"requests?limit={secret}"),
            client.post("requests", json={"right": secret, "contact": secret}),
            client.request("PATCH", "subjects", headers={"x-y": secret}),
        ):
            assert 400 <= answer.status_code < 500, answer.text
            code(answer)
            assert "zwaluw" not in answer.text.lower(), answer.text
            assert "zwaluw" not in str(answer.headers).lower()


def test_a_large_body_and_too_many_requests_are_refused(place):
    house = place.open()
    with program(house) as client:
        answer = client.post("subjects", content=b"x" * 300_000)
        assert code(answer) == (413, "too-large")
        assert answer.headers["content-type"] == "application/problem+json"
        assert client.post(
            "subjects", content=b"[" * 100_000, headers={"content-type": "application/json"}
        ).status_code in {400, 422}
    with program(house, burst=3, name="eager") as client:
        statuses = [client.get("requests").status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        assert client.get("requests").headers["retry-after"]
        place.clock.advance(timedelta(seconds=2))
        assert client.get("requests").status_code == 200
    with program(house, token="gst_" + "b" * 43) as client:
        statuses = [client.get("requests").status_code for _ in range(25)]
        assert statuses[0] == 401
        assert statuses[-1] == 429


def test_no_answer_stores_anything_and_every_route_says_what_it_needs(place):
    house = place.open()
    with program(house) as client:
        for answer in (client.get("requests"), client.get("nothing"), client.get("http://localhost/api/openapi.json")):
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "set-cookie" not in answer.headers
    document = api(house).document()
    assert document["openapi"].startswith("3.1")
    for path, verbs in document["paths"].items():
        for verb, said in verbs.items():
            if path not in PUBLIC and path.startswith(OURS):
                assert said["security"] == [{"token": []}], (verb, path)
            assert said["summary"] or said["description"]
    with program(house, token="gst_" + "c" * 43) as client:  # and each of them really asks for it
        for path, verbs in document["paths"].items():
            for verb in verbs:
                if path not in PUBLIC and path.startswith(OURS):
                    real = "http://localhost" + re.sub(r"\{(\w+)\}", sample, path)
                    assert client.request(verb, real, json={}).status_code in {401, 422, 429}


def test_a_large_body_that_does_not_say_how_large_it_is_is_refused_too(place):
    from gestand.doors.api.app import api

    told, left = [], [b"x" * 200_000] * 2

    async def receive():
        return {"type": "http.request", "body": left.pop(), "more_body": bool(left)}

    async def send(message):
        told.append(message)

    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http", "headers": [],
             "path": "/api/v1/subjects", "raw_path": b"/api/v1/subjects", "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1),
             "server": ("127.0.0.1", 80)}  # fmt: skip
    asyncio.run(api(place.open())(scope, receive, send))
    assert told[0]["status"] == 413
    assert json.loads(told[1]["body"])["code"] == "too-large"


def test_the_api_can_be_shut_by_a_breach(place):
    from gestand.breach.containing import Pull
    from gestand.breach.model import Lever, Reporter

    house = place.open()
    found = house.breaches.report("a token leaked", reporter=Reporter.STAFF, actor=OWNER)
    with program(house) as client:
        assert client.get("requests").status_code == 200
        house.breaches.contain(found.id, Pull(Lever.CLOSE_DOOR, target="api"), actor=OWNER)
        shut = client.get("requests")
        assert code(shut) == (503, "door-shut")
        assert shut.headers["retry-after"] == "3600"


def test_digests_of_leaves_are_those_of_the_ledger(place):
    house = place.open()
    house.ledger.append(Event("program.revoked", house.clock(), OWNER, {"token": "tok_x"}))
    with program(house, scopes=("events:read",)) as client:
        [leaf] = client.get("events?first=0&limit=1").content.splitlines()
        assert (
            hashlib.sha256(b"\x00" + leaf).hexdigest()
            == hashlib.sha256(b"\x00" + next(house.ledger.entries(0, 0)).leaf).hexdigest()
        )


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"name": "Anna"}, "token-name"),
        ({"scopes": ()}, "token-scopes"),
        ({"scopes": ("everything",)}, "token-scopes"),
        ({"days": 4000}, "token-days"),
        ({"purposes": ("spying",)}, "unknown-purpose"),
    ],
)
def test_a_token_without_sense_is_refused(place, wanted, refusal):
    from gestand.kernel.errors import UsageError

    with pytest.raises(UsageError) as told:
        token_for(place.open(), **wanted)
    assert told.value.code == refusal
