"""Who passed a request on is told of each change at its own address: signed, where the settings allow it, tried until it is taken."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from doors.api.asking import token_for
from doors.api.passing import AGENT, EVA, EXERCISE, NUMBER, admitted, client, document, passed_on, set_up, signed
from gestand.doors.demonstration.place import Place
from gestand.doors.running.due_work import WORK
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, RequestId
from gestand.rights.circumstances import Circumstance, Shown
from gestand.rights.model import Closing, IdentityLevel, Right
from gestand.rights.store import RequestStore

OWNER = ActorId("owner")
[WORKED] = [work for work in WORK if work.name == "callbacks"]


@dataclass
class Ear:
    """A server of an agent or a controller. ``answers``: its next statuses; 200 when there are none."""

    origin: str
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def statuses(self, name: str) -> list[str]:
        return [json.loads(body)[name] for _, _, body in self.heard]


@pytest.fixture
def ear() -> Iterator[Ear]:
    class Listening(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            found.heard.append((self.path, {name.lower(): said for name, said in self.headers.items()}, body))
            status = found.answers.pop(0) if found.answers else 200
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_words):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Listening)
    found = Ear(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def house(place: Place, key: Ed25519PrivateKey, ear: Ear):
    listed = f'callbacks = ["{AGENT} {ear.origin}", "big-client {ear.origin}"]\ncallbacks_near = true\n'
    return set_up(place, key, listed)


def by_agent(house, key, token: str, url: str, **more) -> str:
    said = document(house, status_callback=url, **{"agent-request-id": "A-17", **more})
    answer = client(house, token).post(EXERCISE, content=signed(key, said))
    assert answer.status_code == 200, answer.text
    assert answer.json()["agent_request_id"] == "A-17"
    return str(answer.json()["request_id"])


def by_controller(house, *urls: str, name: str = "big-client") -> str:
    asking = client(house, token_for(house, scopes=("requests:processor",), purposes=(), name=name))
    answer = asking.post("/api/opendsr/v2/requests", json=passed_on(status_callback_urls=list(urls)))
    assert answer.status_code == 201, answer.text
    [ours] = [one for one in house.requests.all() if one.right is Right.ERASURE and one.open]
    return ours.id


def told(house) -> list[str]:
    events = [entry.event for entry in house.ledger.entries() if entry.event.name == "request.callback"]
    return [str(event.facts["outcome"]) for event in events]


def test_an_agent_is_told_of_every_change_and_of_nothing_twice(house, key, ear: Ear) -> None:
    token = admitted(house, key)
    request = by_agent(house, key, token, f"{ear.origin}/update_status?for=17")
    assert dict(WORKED.do(house)) == {"told": 0, "failed": 0}  # it was answered that just now
    house.requests.judge(request, Circumstance.REPRESENTATIVE, Shown.AUTHORISATION, actor=OWNER)
    house.requests.confirm(request, IdentityLevel.SECOND_FACT, actor=OWNER)
    assert dict(WORKED.do(house)) == {"told": 1, "failed": 0}
    assert dict(WORKED.do(house)) == {"told": 0, "failed": 0}
    house.requests.close(request, Closing.WITHDRAWN, actor=OWNER)
    assert dict(WORKED.do(house)) == {"told": 1, "failed": 0}
    assert ear.statuses("status") == ["in_progress", "revoked"]
    assert ear.statuses("agent_request_id") == ["A-17", "A-17"]
    path, headers, body = ear.heard[-1]
    assert path == "/update_status?for=17"
    assert json.loads(body) == client(house, token).get(f"{EXERCISE}{request}").json()
    parts = dict(part.split("=", 1) for part in headers["gestand-signature"].split(","))
    secret = hashlib.sha256(token.encode()).hexdigest().encode()
    assert parts["v1"] == hmac.new(secret, parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert EVA.email not in str(ear.heard)
    assert told(house) == ["told", "told"]


def test_nothing_goes_unsigned_to_an_agent_whose_token_was_ended(house, place: Place, key, ear: Ear) -> None:
    request = by_agent(house, key, admitted(house, key), f"{ear.origin}/update_status")
    [token] = [one for one in house.programs.all() if one.revoked is None]
    house.programs.revoke(token.id, actor=OWNER)
    house.requests.close(request, Closing.WITHDRAWN, actor=OWNER)
    assert house.callbacks.deliver() == (0, 1)
    assert ear.heard == []
    place.clock.advance(timedelta(minutes=1))
    admitted(house, key)
    assert house.callbacks.deliver() == (1, 0)
    [(_, headers, _)] = ear.heard
    assert "gestand-signature" in headers


def test_a_controller_is_told_signed_by_the_certificate_of_discovery(house, ear: Ear) -> None:
    request = by_controller(house, f"{ear.origin}/callbacks")
    house.requests.confirm(request, IdentityLevel.SECOND_FACT, actor=OWNER)
    assert dict(WORKED.do(house)) == {"told": 1, "failed": 0}
    [(path, headers, body)] = ear.heard
    said = json.loads(body)
    assert (path, said["request_status"], said["subject_request_id"]) == ("/callbacks", "in_progress", NUMBER)
    assert (said["status_callback_url"], said["controller_id"]) == (f"{ear.origin}/callbacks", "big-client")
    assert headers["x-opendsr-processor-domain"] == "privacy.example.nl"
    there = x509.load_pem_x509_certificate(client(house).get("/api/opendsr/v2/certificate").content).public_key()
    assert isinstance(there, ec.EllipticCurvePublicKey)
    there.verify(base64.b64decode(headers["x-opendsr-signature"]), body, ec.ECDSA(hashes.SHA256()))


def test_what_is_not_taken_is_tried_again_later_and_no_redirect_is_followed(house, place: Place, ear: Ear) -> None:
    request = by_controller(house, f"{ear.origin}/callbacks")
    house.requests.confirm(request, IdentityLevel.SECOND_FACT, actor=OWNER)
    ear.answers += [500, 302]
    assert house.callbacks.deliver() == (0, 1)
    assert house.callbacks.deliver() == (0, 0)  # not before its time
    place.clock.advance(timedelta(minutes=1))
    assert house.callbacks.deliver() == (0, 1)
    place.clock.advance(timedelta(minutes=1))
    assert house.callbacks.deliver() == (0, 0)  # the wait grows
    place.clock.advance(timedelta(minutes=1))
    assert house.callbacks.deliver() == (1, 0)
    assert [path for path, _, _ in ear.heard] == ["/callbacks"] * 3
    assert told(house) == ["told"]


def test_an_address_that_nobody_listed_for_this_one_is_never_called(house, key, ear: Ear) -> None:
    elsewhere = ear.origin.replace("127.0.0.1", "localhost")
    request = by_agent(house, key, admitted(house, key), f"{elsewhere}/update_status")
    house.requests.close(request, Closing.WITHDRAWN, actor=OWNER)
    asked = by_controller(house, f"{ear.origin}/callbacks", name="other-client")
    house.requests.confirm(asked, IdentityLevel.SECOND_FACT, actor=OWNER)
    assert not house.callbacks.waiting()
    assert house.callbacks.deliver() == (0, 0)
    assert ear.heard == []
    assert told(house) == ["unlisted", "unlisted"]


@pytest.mark.parametrize("url", [None, 17, ["x"], "/" + "a" * 600], ids=["null", "number", "list", "long"])
def test_what_is_no_address_is_none_and_is_not_cut_to_one(house, key, ear: Ear, url) -> None:
    said = document(
        house, status_callback=ear.origin + url if isinstance(url, str) else url, **{"agent-request-id": url}
    )
    answer = client(house, admitted(house, key)).post(EXERCISE, content=signed(key, said))
    assert answer.status_code == 200
    assert "agent_request_id" not in answer.json()
    assert not house.callbacks.waiting()
    assert told(house) == []


def test_who_is_struck_off_the_list_is_told_no_more(house, place: Place, ear: Ear) -> None:
    request = by_controller(house, f"{ear.origin}/callbacks")
    place.close()
    settings = place.folder / "gestand.toml"
    settings.write_text(settings.read_text("utf-8").replace(f', "big-client {ear.origin}"', ""), "utf-8")
    again = place.open()
    again.requests.confirm(request, IdentityLevel.SECOND_FACT, actor=OWNER)
    assert again.callbacks.deliver() == (0, 1)
    assert ear.heard == []


def test_addresses_leave_with_the_request(house, ear: Ear) -> None:
    request = by_controller(house, f"{ear.origin}/callbacks")
    assert house.callbacks.waiting()
    house.requests.close(request, Closing.WITHDRAWN, actor=OWNER)
    RequestStore(house.engine).delete(RequestId(request))
    assert not house.callbacks.waiting()


@pytest.mark.parametrize(
    "listed", ["https://agent.example.org", "AA_EXAMPLE http://agent.example.org", "AA_EXAMPLE https://a.example.org/x"]
)
def test_an_origin_that_is_none_is_refused_when_the_settings_are_read(place: Place, key, listed: str) -> None:
    with pytest.raises(UsageError) as refused:
        set_up(place, key, f'callbacks = ["{listed}"]\n')
    assert refused.value.code == "config-value"
