"""gestand breach, as a person and a script use it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook

from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.kernel.clock import AMSTERDAM
from gestand.statement.policy import FieldKind
from lived_house import Ran

Gestand = Callable[..., Ran]
WORDS = ("--summary", "Een lijst ging naar de verkeerde.", "--measures", "Wij vroegen om de lijst te wissen.")


def reported(gestand: Gestand, *more: str) -> str:
    return gestand("breach", "report", "Er staat een lijst op internet.", "--json", *more).document["id"]


def daan(place: Place) -> str:
    [found] = place.open().vault.find(FieldKind.EMAIL, CAST[3].email)
    return found


def test_from_report_to_register(gestand: Gestand, place: Place, tmp_path: Path):
    now = place.clock()
    said = gestand("breach", "report", "Er staat een lijst op internet.", "--by", "outsider", "--json").document
    assert said["allowed"] is True
    assert datetime.fromisoformat(said["due"]) == now.replace(second=0, microsecond=0) + timedelta(hours=72)
    assert "state since when we know of it" in said["why"]
    breach = said["id"]
    assert gestand("breach", "facts", breach, "--aware", now.isoformat(), "--why", "gezien", "--json").status == 0
    step = gestand("breach", "contain", breach, "close-door", "--target", "portal", "--json").document
    assert step["contained"][0]["count"] == 1
    counted = gestand("breach", "people", breach, "--subject", daan(place), "--list", "--json").document
    assert counted["counts"]["people"] == 1
    assert counted["people"][0]["subject"] == daan(place)
    judged = gestand("breach", "facts", breach, "published=true", "encrypted_at_rest=no", *WORDS, "--json").document
    assert judged["risk"] == "high"
    assert {one["to"] for one in judged["notices"] if one["owed"]} == {"authority", "people"}
    form = gestand("breach", "form", breach, "--json", "--pdf", str(tmp_path / "form.pdf")).document
    assert (form["phase"], form["missing"]) == ("first", ["consequences"])
    pages = pypdfium2.PdfDocument((tmp_path / "form.pdf").read_bytes())
    assert "Tijdlijn" in pages[0].get_textpage().get_text_range()
    sent = gestand("breach", "submit", breach, "--reference", "AP-2026-1", "--json").document
    assert sent["references"] == ["AP-2026-1"]
    letters = gestand("breach", "notify", breach, "--write", str(tmp_path / "letters"), "--json").document
    text = Path(letters["written"][0]).read_text("utf-8")
    assert CAST[3].name in text
    assert "Wat kunt u zelf doen?" in text
    refused = gestand("breach", "close", breach, "--lessons", "beter opletten", "--json")
    assert (refused.status, refused.error["code"]) == (3, "breach-not-done")
    assert "tell everyone concerned" in refused.error["message"]
    gestand("breach", "notify", breach, "--told", "--channel", "post", "--json")
    gestand("breach", "facts", breach, "--consequences", "Iemand kan u bellen.")
    added = gestand("breach", "submit", breach, "--reference", "AP-2026-1", "--json").document
    assert added["counts"]["submissions"] == 2
    closed = gestand("breach", "close", breach, "--lessons", "beter opletten", "--json").document
    assert closed["state"] == "closed"
    book = gestand("breach", "register", "--xlsx", str(tmp_path / "register.xlsx"), "--json").document
    [line] = [one for one in book["entries"] if one["id"] == breach]
    assert "AP-2026-1" in line["submissions"]
    assert line["lacks"] == []
    sheet = load_workbook(io.BytesIO((tmp_path / "register.xlsx").read_bytes())).active
    assert breach in [row[0].value for row in sheet.iter_rows()]


def test_half_the_facts_are_enough_and_it_says_so(gestand: Gestand):
    breach = reported(gestand)
    said = gestand("breach", "facts", breach, "incident=something-odd", "--json").document
    assert said["risk"] == "high"
    assert any("judged as a risk" in line for line in said["why"])
    told = gestand("breach", "assess", breach).out
    assert "Stated and not understood" in told
    assert "geen juridisch advies" in told
    better = gestand("breach", "facts", breach, "incident=outage", "availability=minutes", "--json").document
    assert better["risk"] == "unlikely"
    assert "have a named person confirm the judgement" in better["why"]
    confirmed = gestand("breach", "assess", breach, "--confirm", "log nagekeken", "--json").document
    assert [one["owed"] for one in confirmed["notices"]] == [False]


@pytest.mark.parametrize(
    ("words", "code", "status"),
    [
        (("show", "bre_nothing"), "breach-unknown", 2),
        (("report", " "), "breach-report-empty", 2),
        (("report", "iets", "--by", "a ghost"), "breach-reporter", 2),
        (("report", "iets", "--aware", "yesterday"), "breach-moment", 2),
        (("facts", "BREACH", "half"), "breach-fact", 2),
        (("contain", "BREACH", "pray"), "breach-lever", 2),
        (("contain", "BREACH", "freeze-source", "--target", "webshop"), "source-unknown", 2),
        (("contain", "BREACH", "close-door", "--target", "cellar"), "breach-door", 2),
        (("contain", "BREACH", "rotate-keys", "--not-needed"), "breach-no-reason", 2),
        (("contain", "BREACH", "hold-evidence"), "breach-nobody-listed", 3),
        (("people", "BREACH"), "breach-reach", 2),
        (("people", "BREACH", "--mailbox", "nowhere@example.org"), "breach-reach", 2),
        (("people", "BREACH", "--backup", "none"), "breach-reach", 2),
        (("assess", "BREACH", "--confirm", "zeker"), "breach-nothing-to-confirm", 3),
        (("submit", "BREACH", "--reference", " "), "breach-no-reference", 2),
        (("notify", "BREACH", "--told"), "breach-notice-incomplete", 3),
        (("notify", "BREACH", "--to", "nobody"), "breach-audience", 2),
    ],
)
def test_what_cannot_be_is_refused_with_a_remedy(gestand: Gestand, words: tuple[str, ...], code: str, status: int):
    breach = reported(gestand)
    ran = gestand("breach", *(breach if word == "BREACH" else word for word in words), "--json")
    assert (ran.status, ran.error["code"]) == (status, code)
    assert ran.error["remedy"]


def test_what_is_asked_is_shown_and_a_slip_in_a_fact_is_told_with_what_it_might_have_been(gestand: Gestand):
    breach = reported(gestand)
    asked = {one["fact"]: one["answers"] for one in gestand("breach", "facts", breach, "--json").document}
    assert "lost_device" in asked["incident"]
    assert "Wat is er gebeurd?" in gestand("breach", "facts", breach).out
    said = gestand("breach", "facts", breach, "incident=banana", "incidnt=hack").out
    assert "incident is none of wrong_recipients" in said
    assert "Is it 'incident'? Then take it back: --drop incidnt." in said
    assert "Not understood" not in gestand("breach", "facts", breach, "incident=hack", "--drop", "incidnt").out


def test_the_letter_is_read_before_it_goes_and_in_a_rehearsal_says_so(gestand: Gestand, place: Place):
    made = gestand("breach", "rehearse", "oefening: laptop gestolen", "--json").document["id"]
    gestand("breach", "people", made, "--everything")
    gestand(
        "breach",
        "facts",
        made,
        "incident=theft_device",
        "--summary",
        "Een laptop is gestolen.",
        "--measures",
        "Gewist op afstand.",
    )
    assert (
        gestand("breach", "notify", made, "--json").document["text"].startswith("OEFENING, NIET VERSTUREN. Datalek bij")
    )
    assert "REHEARSAL, DO NOT SEND" in gestand("breach", "notify", made, "--language", "en").out
    sections = gestand("breach", "form", made, "--json").document["sections"]
    [standing] = [
        one["answer"] for section in sections for one in section["fields"] if one["question"] == "Deze melding is"
    ]
    assert standing.startswith("voorlopig")  # facts are open


def test_a_rehearsal_is_marked_measured_and_in_no_register(gestand: Gestand, place: Place):
    made = gestand("breach", "rehearse", "oefening: laptop gestolen", "--json").document
    assert made["rehearsal"] is True
    place.clock.advance(timedelta(minutes=12))
    gestand("breach", "contain", made["id"], "rotate-keys")
    epoch = json.loads(gestand("keys", "show", "--json").out)["epoch"]
    place.clock.advance(timedelta(minutes=8))
    gestand("breach", "facts", made["id"], "incident=theft_device")
    gestand("breach", "close", made["id"], "--lessons", "het ging goed")
    minutes = gestand("breach", "rehearse", made["id"], "--json").document["minutes"]
    assert (minutes["contained"], minutes["assessed"], minutes["submitted"]) == (12, 20, None)
    assert json.loads(gestand("keys", "show", "--json").out)["epoch"] == epoch
    register = gestand("breach", "register", "--json").document
    assert made["id"] not in [one["id"] for one in register["entries"]]
    assert "rehearsal" in gestand("breach", "list").out


@pytest.mark.parametrize("wrong", [("--aware", "gisteren"), ("--aware", "2099-01-01"), ("--received", "2026-13-01")])
def test_a_report_that_is_refused_lists_nothing(gestand: Gestand, wrong: tuple[str, str]):
    before = len(gestand("breach", "list", "--json").document["breaches"])
    assert gestand("breach", "report", "proef", *wrong, "--json").status == 2
    assert len(gestand("breach", "list", "--json").document["breaches"]) == before


def test_a_moment_is_a_day_or_a_time_by_the_clock_on_the_wall(gestand: Gestand, place: Place):
    now = place.clock().astimezone(AMSTERDAM)
    first = gestand("breach", "report", "proef", "--aware", f"{now - timedelta(days=1):%Y-%m-%d}", "--json").document
    assert datetime.fromisoformat(first["aware"]).strftime("%H:%M") == "00:00"
    at = now - timedelta(hours=1)
    then = gestand("breach", "report", "proef", "--aware", f"{at:%Y-%m-%dT%H:%M}", "--json").document
    assert datetime.fromisoformat(then["aware"]) == at.replace(second=0, microsecond=0)


def test_a_late_form_asks_the_reasons_and_nothing_stands_in_codes(gestand: Gestand, place: Place):
    known = (place.clock() - timedelta(days=5)).astimezone(AMSTERDAM)
    breach = reported(gestand, "--aware", f"{known:%Y-%m-%d}", "--why", "een klant belde")
    line = next(one for one in gestand("breach", "register", "--json").document["entries"] if one["id"] == breach)
    assert line["people_told"] == "nog niet beoordeeld"
    gestand("breach", "contain", breach, "rotate-keys", "--by-hand", "--note", "sloten vervangen")
    gestand("breach", "facts", breach, 'data=["customer number", "name"]', "personal_data=true")
    form = gestand("breach", "form", breach).out
    assert "Reden van vertraging (verplicht: deze melding is te laat, AVG 33(1)): (nog niet bekend)" in form
    assert "de sleutels vernieuwen (met de hand gedaan): sloten vervangen" in form
    assert "rotate-keys" not in form
    first, found = (next(row for row in form.splitlines() if word in row) for word in ("Eerste signaal", "Ontdekt"))
    assert first.partition(": ")[2] == found.partition(": ")[2]
    gestand("breach", "submit", breach, "--reference", "AP-1", "--reasons", "wij waren dicht")
    assert "Reden van vertraging: wij waren dicht" in gestand("breach", "form", breach).out
    said = gestand("breach", "register").out
    assert "gegevens: customer number en name" in said
    assert "aware=" not in said
    assert "Wat zijn de gevolgen?" in said


def test_one_of_two_people_is_not_silently_taken(gestand: Gestand, place: Place):
    request = gestand("request", "open", "access", "--from", "nadia@example.org", "--json").document["id"]
    eva = place.open().vault.find(FieldKind.EMAIL, CAST[4].email)[0]
    ran = gestand(
        "request", "verify", request, "--level", "in-person", "--subject", daan(place), "--subject", eva, "--json"
    )
    assert ran.status == 2
    assert "subject-several" in ran.err
    assert gestand("request", "show", request, "--json").document["identity"] is None
