"""What others pass on for people: signed, for this organisation and this moment, seen by who passed it on, and by nobody else."""

from __future__ import annotations

import base64
import contextlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import TypeAdapter

from doors.api.asking import token_for
from doors.api.passing import AGENT, EVA, EXERCISE, NUMBER, admitted, client, document, passed_on, set_up, signed
from gestand.doors.demonstration.place import Place
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId
from gestand.rights.model import IdentityLevel, Right, State

OWNER = ActorId("owner")


@pytest.fixture(scope="module")
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def house(place: Place, key: Ed25519PrivateKey):
    return set_up(place, key)


# Data Rights Protocol


def test_an_agent_gets_a_token_against_its_signature_passes_on_follows_and_takes_back(house, key) -> None:
    asking = client(house, admitted(house, key))
    assert asking.get(f"/api/drp/v1/agent/{AGENT}").json() == {}
    assert asking.get("/api/drp/v1/agent/OTHER").status_code == 403
    made = asking.post(EXERCISE, content=signed(key, document(house, nonce=1)))
    assert made.status_code == 200
    told = made.json()
    assert (told["status"], told["reason"]) == ("in_progress", "need_user_verification")
    assert told["user_verification_url"].startswith("https://")
    assert asking.get(f"{EXERCISE}{told['request_id']}").json() == told
    found = house.requests.one(told["request_id"])
    assert (found.right, found.state, found.identity) == (Right.ACCESS, State.RECEIVED, None)
    taken = asking.request("DELETE", f"{EXERCISE}{told['request_id']}", content=signed(key, {"reason": "no longer"}))
    assert taken.json()["status"] == "revoked"


def test_for_known_and_unknown_people_an_agent_hears_the_same_and_gets_nothing(house, key) -> None:
    asking = client(house, admitted(house, key))
    told = []
    for number, email in enumerate((EVA.email, "nadia@example.org")):
        answer = asking.post(EXERCISE, content=signed(key, document(house, email=email, nonce=number))).json()
        told.append({name: value for name, value in answer.items() if name != "request_id"})
        with pytest.raises(RefusedError) as refused:
            house.requests.confirm(answer["request_id"], IdentityLevel.SECOND_FACT, actor=OWNER)
        assert refused.value.code == "representation-not-shown"
    assert told[0] == told[1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"agent-id": "OTHER"},
        {"business-id": "OTHER"},
        {"issued-at": "2099-01-01T00:00:00+00:00", "expires-at": "2099-01-01T00:10:00+00:00"},
        {"expires-at": "2026-01-01T00:00:00+00:00"},
        {"expires-at": "2027-12-01T00:00:00+00:00"},
        {"issued-at": "yesterday"},
    ],
)
def test_a_message_for_another_agent_organisation_or_moment_makes_nothing(house, key, wrong) -> None:
    before = len(list(house.requests.all()))
    asking = client(house, admitted(house, key))
    answer = asking.post(EXERCISE, content=signed(key, document(house, **wrong)))
    assert answer.status_code == 403
    assert answer.json()["code"] == "403"
    assert answer.json()["message"]
    bare = client(house).post(f"/api/drp/v1/agent/{AGENT}", content=signed(key, document(house, nonce=2, **wrong)))
    assert (bare.status_code, bare.content) == (403, b"")
    assert len(list(house.requests.all())) == before


def test_another_key_no_signature_and_a_replay_make_nothing(house, key) -> None:
    asking = client(house, admitted(house, key))
    other = Ed25519PrivateKey.generate()
    right = signed(key, document(house, nonce=3))
    broken = base64.b64encode(b"x" * 64 + base64.b64decode(right)[64:])
    for body in (signed(other, document(house)), broken, b"", b"{}", b"\xff\xfe", base64.b64encode(b"[]" * 40)):
        assert asking.post(EXERCISE, content=body).status_code == 403
    assert asking.post(EXERCISE, content=right).status_code == 200
    assert asking.post(EXERCISE, content=right).status_code == 403
    assert asking.post(EXERCISE, content=b"\n" + right + b"\n").status_code == 403
    before = signed(key, document(house, nonce=7))
    house.once.begin_anew(house.clock() + timedelta(seconds=1))  # the store was restored since
    assert asking.post(EXERCISE, content=before).status_code == 403
    house.once.begin_anew(house.clock() - timedelta(days=1))
    assert client(house).post("/api/drp/v1/agent/NOBODY", content=right).status_code == 403
    sell = asking.post(EXERCISE, content=signed(key, document(house, exercise="sale:opt_in", nonce=4)))
    assert (sell.status_code, sell.json()["fatal"]) == (400, True)


def test_a_new_token_of_an_agent_ends_the_one_before_and_other_programs_see_nothing(house, key, place: Place) -> None:
    first = admitted(house, key)
    made = client(house, first).post(EXERCISE, content=signed(key, document(house, nonce=5))).json()
    place.clock.advance(timedelta(seconds=1))
    second = admitted(house, key)
    assert client(house, first).get(f"/api/drp/v1/agent/{AGENT}").status_code == 401
    assert client(house, second).get(f"{EXERCISE}{made['request_id']}").status_code == 200
    stranger = client(house, token_for(house, scopes=("requests:agent",), purposes=(), name="drp-other"))
    assert stranger.get(f"{EXERCISE}{made['request_id']}").status_code == 403
    shop = client(house, token_for(house, scopes=("requests:read",), name="webshop"))
    assert shop.get(f"{EXERCISE}{made['request_id']}").status_code == 403


# OpenDSR


def verified(house, answer: httpx.Response) -> dict:
    """The answer, after its signature was checked as a controller does: by the certificate of discovery."""
    shown = client(house).get("/api/opendsr/v2/discovery").json()
    assert shown["processor_certificate"] == "https://privacy.example.nl/api/opendsr/v2/certificate"
    there = x509.load_pem_x509_certificate(client(house).get("/api/opendsr/v2/certificate").content).public_key()
    assert answer.headers["x-opendsr-processor-domain"] == "privacy.example.nl"
    signature = base64.b64decode(answer.headers["x-opendsr-signature"])
    assert isinstance(there, ec.EllipticCurvePublicKey)
    there.verify(signature, answer.content, ec.ECDSA(hashes.SHA256()))
    return dict(answer.json())


def test_a_controller_passes_on_follows_and_cancels_and_each_answer_is_signed(house) -> None:
    asking = client(house, token_for(house, scopes=("requests:processor",), purposes=(), name="big-client"))
    made = asking.post("/api/opendsr/v2/requests", json=passed_on())
    assert made.status_code == 201
    told = verified(house, made)
    assert (told["controller_id"], told["subject_request_id"]) == ("big-client", NUMBER)
    assert json.loads(base64.b64decode(told["encoded_request"])) == passed_on()
    again = verified(house, asking.post("/api/opendsr/v2/requests", json=passed_on()))
    assert again["expected_completion_time"] == told["expected_completion_time"]
    [ours] = [one for one in house.requests.all() if one.right is Right.ERASURE and one.open]
    assert ours.known
    assert verified(house, asking.get(f"/api/opendsr/v2/requests/{NUMBER}"))["request_status"] == "pending"
    gone = asking.delete(f"/api/opendsr/v2/requests/{NUMBER}")
    assert gone.status_code == 202
    verified(house, gone)
    assert verified(house, asking.get(f"/api/opendsr/v2/requests/{NUMBER}"))["request_status"] == "cancelled"


def test_what_is_being_done_is_not_cancelled_and_another_controller_sees_nothing(house) -> None:
    asking = client(house, token_for(house, scopes=("requests:processor",), purposes=(), name="big-client"))
    asking.post("/api/opendsr/v2/requests", json=passed_on())
    [ours] = [one for one in house.requests.all() if one.right is Right.ERASURE and one.open]
    house.requests.confirm(ours.id, IdentityLevel.SECOND_FACT, actor=OWNER)
    late = asking.delete(f"/api/opendsr/v2/requests/{NUMBER}")
    assert (late.status_code, late.json()["error"]["code"]) == (400, 400)
    other = client(house, token_for(house, scopes=("requests:processor",), purposes=(), name="other-client"))
    assert other.get(f"/api/opendsr/v2/requests/{NUMBER}").status_code == 404
    assert client(house).post("/api/opendsr/v2/requests", json=passed_on()).status_code == 401


@pytest.mark.parametrize("body", [b"", b"[]", b"{", json.dumps(passed_on(regulation="ccpa")).encode()])
def test_what_is_no_request_is_refused_in_the_protocols_words_and_not_said_back(house, body: bytes) -> None:
    asking = client(house, token_for(house, scopes=("requests:processor",), purposes=(), name="big-client"))
    answer = asking.post("/api/opendsr/v2/requests", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["errors"][0]["reason"] == "opendsr"
    assert EVA.email not in answer.text


def test_who_is_nobodys_processor_says_so(place: Place) -> None:
    house = place.open()
    assert client(house).get("/api/opendsr/v2/discovery").status_code == 404
    assert client(house).get("/api/opendsr/v2/certificate").status_code == 404
    assert Path(place.folder / "gestand.toml").exists()


# What a request's answer waits under, and its calendar


def test_a_program_hands_an_answer_over_gives_codes_and_reads_the_calendar(place: Place) -> None:
    house = place.open()
    asking = client(house, token_for(house))
    at = "/api/v1/requests"
    made = asking.post(at, json={"right": "portability", "contact": EVA.email}).json()["request"]
    assert made in asking.get("/api/v1/calendar").text
    follows = asking.post(f"{at}/{made}/code", json={})
    assert (follows.status_code, follows.json()["level"]) == (201, "follow")
    assert asking.post(f"{at}/{made}/hand-over").status_code == 403  # nobody judged who asks
    house.requests.confirm(made, IdentityLevel.SECOND_FACT, actor=OWNER)
    assert asking.get(f"{at}/{made}/parcel").json()["waits"] is False
    handed = asking.post(f"{at}/{made}/hand-over")
    assert handed.status_code == 201
    assert asking.get(f"{at}/{made}/parcel").json()["waits"] is True
    assert house.parcels.found(handed.json()["code"]) == made
    assert handed.json()["sent"]["way"] == "paper"
    assert made not in asking.get("/api/v1/calendar").text


def test_a_number_that_comes_twice_at_once_is_one_request(house, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_for(house, scopes=("requests:processor",), purposes=(), name="big-client")
    clients = [client(house, token) for _ in range(2)]
    before = len(list(house.requests.all()))
    look_up, both = type(house.outside).request_of, threading.Barrier(2)

    def meeting(outside, program: str, number: str):
        found = look_up(outside, program, number)
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(0.3)  # the other one looks meanwhile, if it can
        return found

    monkeypatch.setattr(type(house.outside), "request_of", meeting)
    with ThreadPoolExecutor(2) as two:
        asked = [two.submit(one.post, "/api/opendsr/v2/requests", json=passed_on()) for one in clients]
        assert [one.result().status_code for one in asked] == [201, 201]
    assert len(list(house.requests.all())) == before + 1


def test_the_first_request_builds_nothing_that_a_second_could_meet_half_made(house, monkeypatch) -> None:
    asking, built = client(house), []
    build = TypeAdapter.__init__

    def counted(adapter, *told, **named):
        built.append(told)
        build(adapter, *told, **named)

    monkeypatch.setattr(TypeAdapter, "__init__", counted)
    assert asking.get("/api/opendsr/v2/discovery").status_code == 200
    assert built == []
    client(house)
    assert built
