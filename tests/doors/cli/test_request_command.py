"""The command line of rights: its machine forms, its letters, and a code with a remedy for everything that goes wrong."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.kernel.clock import AMSTERDAM
from gestand.rights.model import State

EVA, DAAN = CAST[4], CAST[3]
STRANGER = "nadia@example.org"


def opened(gestand, right: str, contact: str, *, verified: bool = True) -> str:
    request = gestand("request", "open", right, "--from", contact, "--json").document["id"]
    if verified:
        assert gestand("request", "verify", request, "--level", "contact-point", "--json").status == 0
    return request


def test_an_access_request_from_receipt_to_letter(gestand, tmp_path: Path, place: Place):
    ran = gestand("request", "open", "access", "--from", EVA.email, "--channel", "post", "--json")
    assert (ran.status, ran.document["state"], ran.document["known"]) == (0, "received", True)
    request = ran.document["id"]
    assert (
        gestand("request", "verify", request, "--level", "second-fact", "--json").document["identity"] == "second-fact"
    )
    dry = gestand("request", "fulfil", request, "--dry-run", "--json").document
    assert dry["dry_run"]
    out = tmp_path / "answer"
    ran = gestand("request", "fulfil", request, "--out", str(out))
    assert ran.status == 0
    assert {path.name for path in out.iterdir()} == {
        "answer.json",
        "answer.csv",
        "answer.html",
        "answer.nl.txt",
        "answer.en.txt",
        "answer.nl.pdf",
        "answer.en.pdf",
        "receipt.tlog-proof",
    }
    assert out.stat().st_mode & 0o077 == 0
    document = json.loads((out / "answer.json").read_text("utf-8"))
    assert {d["value"] for d in document["data"]} >= {EVA.name, EVA.email}
    assert len(document["data"]) == len(dry["data"])
    letter = (out / "answer.nl.txt").read_text("utf-8")
    assert EVA.name in letter
    assert f"Geachte heer of mevrouw {EVA.name.split()[-1]},\n" in letter
    assert letter.endswith(f"Met vriendelijke groet,\n\n{document['controller']}\n")
    shown = gestand("request", "show", request, "--json").document
    assert (shown["state"], shown["outcome"]) == ("closed", "answered")


def test_an_answer_that_cannot_be_written_leaves_the_request_open(gestand, tmp_path: Path):
    request = opened(gestand, "access", EVA.email)
    (tmp_path / "file").write_text("in the way")
    ran = gestand("request", "fulfil", request, "--out", str(tmp_path / "file" / "answer"), "--json")
    assert (ran.status, ran.error["code"]) == (2, "answer-folder")
    (tmp_path / "there").mkdir()
    assert (
        gestand("request", "fulfil", request, "--out", str(tmp_path / "there"), "--json").error["code"]
        == "answer-folder"
    )
    assert gestand("request", "show", request, "--json").document["state"] == "confirmed"


def test_an_erasure_request_says_what_it_will_do_does_that_and_proves_absence(gestand, tmp_path: Path):
    request = opened(gestand, "erasure", DAAN.email)
    preview = gestand("request", "fulfil", request, "--dry-run", "--json").document
    plan = gestand("request", "plan", request, "--json").document
    assert plan["digest"] == preview["digest"]
    assert {d["decision"] for d in plan["decisions"]} == {"erase"}
    assert gestand("request", "plan", request).status == 0
    ran = gestand("request", "fulfil", request, "--out", str(tmp_path / "letter"), "--json")
    assert ran.document["erased"] == len(plan["decisions"])
    assert ran.document["absence_proven"] is True
    assert ran.document["to_tell"]
    letter = (tmp_path / "letter" / "letter.nl.txt").read_text("utf-8")
    assert "zij zijn weg" in letter
    assert (
        "Dit blijft in andere systemen" not in letter
    )  # that they were told of the new version stays in the ledger, naming nobody
    assert gestand("request", "show", request, "--json").document["outcome"] == "erased"
    again = gestand("request", "fulfil", request, "--json")
    assert (again.status, again.error["code"]) == (3, "request-closed")


def test_a_stranger_is_taken_in_and_the_owner_is_told_so(gestand):
    ran = gestand("request", "open", "access", "--from", STRANGER)
    assert "Nobody with this contact point is known" in ran.out
    request = ran.out.split(":", maxsplit=1)[0]
    gestand("request", "verify", request, "--level", "contact-point")
    refused = gestand("request", "fulfil", request)
    assert (refused.status, "answer-nowhere" in refused.err) == (2, True)
    assert gestand("request", "show", request, "--json").document["state"] == "confirmed"
    ran = gestand("request", "fulfil", request, "--screen")
    assert "Geachte heer of mevrouw," in ran.out
    assert "Wij hebben niets van u, behalve dit verzoek zelf" in ran.out


def test_rejecting_and_extending_print_the_letter(gestand):
    longer = gestand("request", "extend", opened(gestand, "access", EVA.email), "--reason", "Veel gegevens.", "--json")
    assert "Veel gegevens." in longer.document["letter"]["nl"]
    refused = gestand("request", "reject", opened(gestand, "access", EVA.email), "--ground", "AVG 12(5).")
    assert "AVG 12(5)." in refused.out
    assert "Autoriteit Persoonsgegevens" in refused.out


def test_what_was_given_by_hand_is_recorded(gestand, place: Place):
    request = opened(gestand, "access", EVA.email)
    gestand("request", "reject", request, "--ground", "AVG 12(5).", "--no-send")
    assert gestand("request", "given", request, "--way", "counter", "--json").document["state"] == "rejected"
    assert gestand("request", "given", request, "--way", "counter", "--on", "gisteren").status == 2
    told = [one.event for one in place.open().ledger.entries() if one.event.name == "request.given"]
    assert [(one.facts["way"], one.facts["what"]) for one in told if one.facts["request"] == request] == [
        ("counter", "answer")
    ]


def test_the_list_shows_every_request_with_its_clock(gestand, place: Place):
    ran = gestand("request", "list", "--json")
    listed = ran.document["requests"]
    assert {"id", "right", "state", "due", "conservative", "outcome"} <= listed[0].keys()
    assert len(listed) == len(list(place.open().requests.all()))
    assert gestand("request", "list").status == 0


def test_close_ends_what_was_done_on_the_data_or_taken_back(gestand):
    request = opened(gestand, "objection", EVA.email)
    ran = gestand("request", "close", request, "--outcome", "carried-out", "--json")
    assert (ran.status, ran.document["state"]) == (0, str(State.CLOSED))
    taken_back = opened(gestand, "erasure", EVA.email, verified=False)
    assert "withdrawn" in gestand("request", "close", taken_back, "--outcome", "withdrawn").out


NONE = "req_aaaaaaaaaaaaaaaa"


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (["request", "show", NONE], 2, "request-unknown"),
        (["request", "fulfil", NONE], 2, "request-unknown"),
        (["request", "open", "access", "--from", " "], 2, "request-contact"),
        (["request", "open", "access", "--from", STRANGER, "--received", "yesterday"], 2, "request-moment"),
        (["request", "open", "access", "--from", STRANGER, "--received", "2026-13-01T09:00:00"], 2, "request-moment"),
        (["request", "open", "forgetting", "--from", STRANGER], 2, "usage"),
        (["request", "verify", NONE, "--level", "contact-point", "--subject", "sub_x"], 2, "request-unknown"),
        (["request", "close", NONE, "--outcome", "withdrawn"], 2, "request-unknown"),
        (["request", "list", "--org", "/nowhere"], 2, "no-organisation"),
        (["retention", "plan", "--on", "soon"], 2, "usage"),
        (["measure", "attest", "nope", "--evidence", "x"], 2, "measure-unknown"),
        (["measure", "attest", "measure-paper", "--evidence", " "], 2, "measure-evidence"),
        (["clause", "C999"], 2, "clause-unknown"),
        (["prove", "--clause", "C999"], 2, "clause-unknown"),
        (["prove", "--break", "nope"], 2, "control-unknown"),
        (["serve", "--host", "203.0.113.7"], 2, "address-taken"),
    ],
)  # fmt: skip
def test_every_fault_has_its_code_and_remedy_and_nothing_on_standard_output(gestand, words, status, code):
    as_json = [] if words[0] == "serve" else ["--json"]
    ran = gestand(*words, *as_json)
    assert (ran.status, ran.out) == (status, "")
    if as_json:
        assert ran.error["code"] == code
        assert ran.error["message"]
        assert ran.error["remedy"]
    else:
        assert f"[{code}]" in ran.err
        assert "→" in ran.err


@pytest.mark.parametrize("right", ["rectification", "restriction"])
def test_what_is_not_fulfilled_here_says_where(gestand, right: str):
    ran = gestand("request", "fulfil", opened(gestand, right, EVA.email), "--json")
    assert (ran.status, ran.error["code"]) == (2, "request-right")


def test_before_identity_is_judged_the_answer_is_refused_by_policy(gestand):
    ran = gestand("request", "fulfil", opened(gestand, "access", EVA.email, verified=False), "--json")
    assert (ran.status, ran.error["code"], ran.out) == (3, "identity-not-judged", "")


def test_a_request_that_came_in_on_a_day_says_when_its_term_is_past(gestand, place: Place):
    long_ago = (place.clock() - timedelta(days=60)).strftime("%Y-%m-%d")
    ran = gestand("request", "open", "access", "--from", STRANGER, "--received", long_ago)
    assert ran.status == 0
    assert "That day is past" in ran.out
    request = ran.out.split(":")[0]
    assert "(past)" in gestand("request", "list").out
    assert "That day is past" in gestand("request", "show", request).out
    today = place.clock().astimezone(AMSTERDAM).strftime("%Y-%m-%dT%H:%M")
    assert "past" not in gestand("request", "open", "access", "--from", DAAN.email, "--received", today).out
    assert gestand("request", "open", "access", "--from", STRANGER, "--received", "gisteren").status == 2
