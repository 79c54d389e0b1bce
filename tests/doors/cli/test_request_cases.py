"""The command line beside the main road of a request: proposals, the post book, codes, judgements, the calendar, parcels."""

from __future__ import annotations

import zipfile
from pathlib import Path

from gestand.doors.demonstration.cast import CAST

EVA = CAST[4]


def test_a_letter_is_entered_scanned_and_becomes_a_request_from_the_day_it_came(gestand, tmp_path: Path):
    scan = tmp_path / "brief.pdf"
    scan.write_bytes(b"%PDF-1.4\n%%EOF\n")
    ran = gestand(
        "postbook", "add", "post", "request", "--from", EVA.email, "--right", "access", "--scan", str(scan), "--json"
    )
    assert ran.status == 0
    entry = ran.document
    assert entry["message"].startswith("msg_")
    assert gestand("request", "show", entry["request"], "--json").document["channel"] == "post"
    assert entry["id"] in [one["id"] for one in gestand("postbook", "list", "--json").document["entries"]]
    assert gestand("postbook", "add", "post", "other", "--json").error["code"] == "postbook-filed"
    assert gestand("postbook", "list").out.startswith("Post book")


def test_a_request_is_judged_paused_resumed_and_put_in_a_calendar(gestand, tmp_path: Path):
    request = gestand("request", "open", "access", "--from", EVA.email, "--json").document["id"]
    judged = gestand("request", "judge", request, "representative", "--shown", "authorisation", "--json").document
    assert "UAVG 5(4)" in judged["letter"]["nl"]
    assert gestand("request", "pause", request, "--json").document["paused"]
    assert gestand("request", "resume", request, "--json").document["id"] == request
    ics = tmp_path / "due.ics"
    assert gestand("request", "calendar", "--ics", str(ics), "--json").document["requests"] >= 1
    assert request in ics.read_text("utf-8")
    assert gestand("request", "challenge", request, "--json").error["code"] == "smtp-not-set"
    assert gestand("request", "prove", request, "--code", "0", "--json").error["code"] == "identity-code"


def test_an_answer_is_handed_over_under_a_code_and_fetched_once(gestand, tmp_path: Path):
    request = gestand("request", "open", "access", "--from", EVA.email, "--json").document["id"]
    gestand("request", "verify", request, "--level", "second-fact")
    code = gestand("request", "fulfil", request, "--hand-over", "--json").document["code"]
    out = tmp_path / "answer.zip"
    assert gestand("request", "fetch", request, "--code", code, "--out", str(out), "--json").status == 0
    assert {"answer.html", "answer.nl.pdf", "answer.csv"} <= set(zipfile.ZipFile(out).namelist())
    again = gestand("request", "fetch", request, "--code", code, "--out", str(tmp_path / "b.zip"), "--json")
    assert again.error["code"] == "parcel"


def test_proposals_are_listed_accepted_and_dismissed(gestand, tmp_path: Path):
    box = tmp_path / "in"
    box.mkdir()
    for number, asks in enumerate(("Welke gegevens heeft u van mij?", "Verwijder mijn gegevens.")):
        (box / f"{number}.eml").write_text(
            f"From: nadia@example.org\r\nTo: x@example.org\r\nSubject: -\r\nMessage-ID: <{number}@example.org>\r\n"
            f"Date: Mon, 07 Dec 2026 10:00:00 +0100\r\nContent-Type: text/plain\r\n\r\n{asks}\r\n"
        )
    assert gestand("archive", "add", str(box)).status == 0
    found = {one["asks"]: one["id"] for one in gestand("request", "proposals", "--json").document["proposals"]}
    assert {"access", "erasure"} <= set(found)
    assert gestand("request", "accept", found["access"], "--json").document["right"] == "access"
    assert gestand("request", "dismiss", found["erasure"], "--json").document["state"] == "dismissed"
    assert gestand("request", "accept", "prp_none", "--json").error["code"] == "proposal-unknown"


def test_a_receipt_on_paper_is_printed_and_posted(gestand, tmp_path: Path):
    request = gestand("request", "open", "access", "--from", "Nadia, Dorpsstraat 1", "--channel", "post", "--json")
    out = tmp_path / "ontvangst.pdf"
    made = gestand("request", "receipt", request.document["id"], "--print", str(out), "--json").document
    assert out.read_bytes().startswith(b"%PDF-")
    assert made["sent"]["way"] == "paper"
    token = made["sent"]["message"].strip("<>").partition("@")[0]
    assert gestand("post", "print", token, "--by", "Koos", "--json").document["state"] == "posted"
    [line] = [one for one in gestand("postbook", "list", "--json").document["entries"] if one["what"] == "sent"]
    assert line["request"] == request.document["id"]
    again = gestand("request", "receipt", request.document["id"], "--print", str(out), "--json")
    assert again.error["code"] == "answer-folder"


def test_what_is_decided_waits_in_the_outbox_unless_it_is_given_by_hand(gestand):
    for words in (("extend", "--reason", "veel"), ("reject", "--ground", "AVG 12(5)")):
        for send in (True, False):
            request = gestand("request", "open", "access", "--from", EVA.email, "--json").document["id"]
            told = gestand(
                "request", words[0], request, *words[1:], *(() if send else ("--no-send",)), "--json"
            ).document
            assert ("sent" in told) is send
            assert told["letter"]["nl"]
    question = gestand("request", "open", "question", "--from", EVA.email, "--json").document["id"]
    assert gestand("request", "reply", question, "--text", "Op zaterdag.", "--json").document["sent"]["way"] == "paper"
    assert gestand("request", "show", question, "--json").document["outcome"] == "answered"


def test_portability_and_erasure_are_handed_over_too(gestand, tmp_path: Path):
    for right, name in (("portability", "data.json"), ("erasure", "letter.nl.pdf")):
        request = gestand("request", "open", right, "--from", EVA.email, "--json").document["id"]
        gestand("request", "verify", request, "--level", "second-fact")
        if right == "erasure":
            gestand("request", "plan", request)
        told = gestand("request", "fulfil", request, "--hand-over", "--json").document
        out = tmp_path / f"{right}.zip"
        assert gestand("request", "fetch", request, "--code", told["code"], "--out", str(out)).status == 0
        assert {name, "receipt.tlog-proof"} <= set(zipfile.ZipFile(out).namelist())
        assert told["sent"]["way"] == "paper"
