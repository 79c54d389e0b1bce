"""gestand staff: a link for who comes in, and who may act for what."""

from __future__ import annotations

import hashlib


def test_a_link_is_printed_once_and_the_store_knows_its_digest_alone(gestand, place):
    made = gestand("staff", "enrol", "--role", "owner", "--keeper", "--port", "9000", "--json")
    link = made.document["link"]
    assert link.startswith("http://localhost:9000/office/nl/enrol#")
    code = link.partition("#")[2]
    assert len(code) == 43
    [(kept,)] = place.open().engine.execute("SELECT code FROM staff_link")
    assert kept == hashlib.sha256(code.encode()).digest()
    assert place.open().staff.link(code).keeper


def test_roles_are_shown_and_an_unknown_one_is_refused(gestand):
    assert [role["id"] for role in gestand("staff", "roles", "--json").document["roles"]] == ["owner"]
    refused = gestand("staff", "enrol", "--role", "emperor", "--json")
    assert (refused.status, refused.error["code"]) == (2, "role-unknown")
    assert gestand("staff", "list", "--json").document == {"people": []}
    assert "Nobody can open the office yet" in gestand("staff", "list").out


def test_somebody_unknown_is_told_apart(gestand):
    for words in (("revoke", "stf_x"), ("roles", "stf_x", "--role", "owner"), ("enrol", "--person", "stf_x")):
        answer = gestand("staff", *words, "--json")
        assert (answer.status, answer.error["code"]) == (2, "staff-unknown")
