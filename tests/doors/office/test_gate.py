"""The gate of the office, asked with whatever may come: no fault of the program, no session, and one answer for whoever is not let in."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gestand.doors.dutch.telling import REFUSALS
from gestand.doors.office.app import office
from gestand.doors.office.refusals import WORDS
from gestand.doors.office.sign_in import Gate
from gestand.doors.web.limits import Buckets
from gestand.staff.dpop import Proof
from staff_house import keeper

from .conftest import SITE
from .test_forms import _sent

NAMES = ("ticket", "answer", "login", "password", "code", "printed", "name", "label", "app", "app_code")
CREDENTIAL = {
    "id": "AA",
    "rawId": "AA",
    "type": "public-key",
    "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"},
}
ODD = (
    "",
    "x",
    "0" * 9_000,
    "\x00",
    "é",
    "Koos Koper login",
    "een heel lang wachtwoord",
    "123456",
    None,
    True,
    7,
    1e300,
    [],
    {},
    {"id": []},
    CREDENTIAL,
)
HEADERS = {
    "host": "localhost:8470",
    "sec-fetch-site": "same-origin",
    "content-type": "application/json",
    "accept-language": "nl",
}


@pytest.fixture
def gate(place, monkeypatch):
    """Post JSON to a verb of the gate; the limit on tries is left out here, for it has tests of its own."""
    house = place.open()
    keeper(house, "Koos Koper")
    monkeypatch.setattr(Buckets, "take", lambda _self, _kind, _who: True)
    app = office(house, SITE)

    def ask(verb: str, content: bytes, proof: str = "x"):
        headers = {**HEADERS, "dpop": proof, "content-length": str(len(content))}
        status, body = asyncio.run(_sent(app, "POST", f"/office/{verb}", b"", content, headers))
        return status, json.loads(body)

    return house, ask


def verbs(house) -> list[str]:
    made = Gate(house, SITE)
    return [*made.open_verbs, *made.session_verbs]


def test_whatever_is_asked_nobody_is_let_in_and_the_program_does_not_fail(gate, monkeypatch):
    house, ask = gate
    held = Proof("thumbprint", "mark", house.clock())
    before = house.ledger.head().size
    for sound in (False, True):
        if sound:  # as if the proof of possession were right, so that what follows it is reached
            monkeypatch.setattr(Gate, "_proof", lambda *_words: held)
        for verb in verbs(house):

            @settings(
                max_examples=15, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
            )
            @given(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(ODD), max_size=6))
            def tried(fields):
                status, said = ask(verb, json.dumps(fields).encode())  # noqa: B023 - called at once
                assert status < 500, (verb, fields)  # noqa: B023
                assert "token" not in said
                if status >= 400:
                    assert said["code"] in REFUSALS or said["code"] in WORDS, said

            tried()
    assert house.ledger.head().size == before


@pytest.mark.parametrize("content", [b"", b"[]", b"7", b"\xff", b'{"a":' * 40_000, b"{" * 200_000])
def test_a_body_that_is_no_object_is_refused_in_words(gate, content):
    _, ask = gate
    for verb in ("sign-in/finish", "enrol/begin"):
        status, said = ask(verb, content)
        assert status in {400, 403, 413, 422}
        assert "error" in said or status == 413


def test_a_wrong_name_and_a_wrong_password_are_told_alike(gate, monkeypatch):
    house, ask = gate
    monkeypatch.setattr(Gate, "_proof", lambda *_words: Proof("thumbprint", "mark", house.clock()))
    tries = [("nobody", "een heel lang wachtwoord", "123456"), ("Koos Koper login", "een ander lang wachtwoord", "123456"),
             ("Koos Koper login", "een heel lang wachtwoord", "000000"), ("", "", "")]  # fmt: skip
    said = [ask("sign-in/password", json.dumps({"login": a, "password": b, "code": c}).encode()) for a, b, c in tries]
    assert said == [said[0]] * len(tries)
    assert said[0][1]["code"] == "sign-in"
