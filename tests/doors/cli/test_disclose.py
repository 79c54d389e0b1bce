"""``gestand disclose`` at the command line: one form for machines, refusals with status 3, packages that only one can open."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest

from gestand.backup.recipients import read_identities
from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place

ANNA = CAST[0]
ASKED = ("--field", "contact.name", "--field", "contact.town", "--purpose", "administration", "--ground", "AWR 52")
FORM = {"id", "allowed", "why", "due", "counts"}


@pytest.fixture
def anna(gestand) -> str:
    return gestand("subject", "find", ANNA.email, "--json").document["subjects"][0]


def test_a_package_is_written_for_its_recipient_alone(gestand, anna: str, place: Place, tmp_path: Path):
    ran = gestand("disclose", "make", "bookkeeper", "--subject", anna, *ASKED, "--out", str(tmp_path), "--json")
    assert ran.status == 0, ran.err
    assert set(ran.document) >= FORM
    assert ran.document["allowed"] is True
    file = Path(ran.document["file"])
    assert file.stat().st_mode & 0o777 == 0o600
    people = json.loads(pyrage.decrypt(file.read_bytes(), read_identities([place.identity])))["people"]
    assert people[0]["contact.town"] == [ANNA.town]
    listed = gestand("disclose", "list", "--json").document
    assert ran.document["id"] in {row["id"] for row in listed}
    shown = gestand("disclose", "list", "--subject", anna, "--json").document
    assert [row["stage"] for row in shown] == ["given"]


@pytest.mark.parametrize("json_too", [True, False])
def test_a_refusal_names_the_clause_and_the_status_is_3(gestand, anna: str, json_too: bool):
    words = ("disclose", "make", "bookkeeper", "--subject", anna, *ASKED, "--field", "service.wishes")
    ran = gestand(*words, *(["--json"] if json_too else []))
    assert ran.status == 3
    if json_too:
        assert set(ran.document) >= FORM
        assert ran.document["allowed"] is False
        assert "service.wishes (C7" in ran.document["why"][0]
    else:
        assert ran.out == ""
        assert "service.wishes (C7" in ran.err
        assert "fields-outside-statement" in ran.err


def test_a_dry_run_opens_nothing(gestand, anna: str, place: Place):
    before = place.open().ledger.head().size
    ran = gestand("disclose", "make", "bookkeeper", "--subject", anna, *ASKED, "--dry-run", "--json")
    assert (ran.status, ran.document["allowed"]) == (0, True)
    assert place.open().ledger.head().size == before


def test_an_order_from_intake_to_package(gestand, anna: str, place: Place, tmp_path: Path):
    taken = gestand(
        "disclose", "order", "tax inspector", "--article", "AWR 53", "--document", "letter", "--recipient", "tax-authority",
        "--field", "contact.name", "--subject", anna, "--fact", "written", "--fact", "third_party_tax", "--json",
    )  # fmt: skip
    assert taken.document["allowed"] is True
    order = taken.document["id"]
    ready = ("disclose", "carry-out", order, "--confirm", order, "--called-back", "--out", str(tmp_path), "--json")
    early = gestand(*ready)
    assert (early.status, early.error["code"]) == (3, "order-waiting")
    place.clock.advance(timedelta(hours=2))
    done = gestand(*ready)
    assert (done.status, done.document["counts"]["data"]) == (0, 1)
    [row] = [one for one in gestand("disclose", "orders", "--json").document if one["id"] == order]
    assert row["state"] == "carried-out"


def test_a_wrong_article_is_refused_with_a_letter(gestand, anna: str):
    taken = gestand(
        "disclose", "order", "police officer", "--article", "126nd Sv", "--document", "letter", "--field", "contact.name",
        "--subject", anna, "--fact", "written", "--json",
    )  # fmt: skip
    assert taken.document["allowed"] is False
    assert "belongs to a public prosecutor" in taken.document["why"][0]
    refused = gestand("disclose", "refuse", taken.document["id"], "--json")
    assert "Wij geven deze gegevens niet" in refused.document["letter"]
    again = gestand("disclose", "notify", taken.document["id"], "--json")
    assert again.error["code"] == "order-secret"
    lifted = gestand("disclose", "lift", taken.document["id"], "--reason", "letter of the prosecutor")
    assert lifted.status == 0
    assert gestand("disclose", "notify", taken.document["id"], "--json").error["code"] == "order-nothing-given"


def test_recipients_are_held_against_the_register(gestand):
    ran = gestand("disclose", "recipients", "--json")
    assert ran.status == 1
    standing = {row["id"]: row for row in ran.document}
    assert standing["bookkeeper"]["allowed"] is True
    assert "no signed agreement" in standing["hosting"]["why"][0]
    assert standing["bank"]["allowed"] is True


def test_what_is_due_is_listed_and_told(gestand, anna: str, place: Place, tmp_path: Path):
    gestand("disclose", "make", "bookkeeper", "--subject", anna, *ASKED, "--out", str(tmp_path))
    house = place.open()
    town = next(h.item for h in house.vault.holdings(anna) if h.field == "contact.town")
    assert gestand("subject", "rectify", town, "Waterland", "--reason", "own word").status == 0
    [due] = gestand("disclose", "due", "--json").document
    assert due["due"] == "2026-12-21"
    assert "Artikel 19 AVG" in gestand("disclose", "tell", due["id"]).out
    assert gestand("disclose", "tell", due["id"], "--proof", "by telephone").status == 0
    assert gestand("disclose", "due", "--json").document == []


@pytest.mark.parametrize("received", ["yesterday", "2026-12-01T10:00:00"])
def test_a_moment_without_zone_is_no_moment(gestand, received: str):
    ran = gestand(
        "disclose", "order", "tax inspector", "--article", "AWR 53", "--document", "letter", "--field", "contact.name",
        "--received", received, "--json",
    )  # fmt: skip
    assert (ran.status, ran.error["code"]) == (2, "order-instant")
