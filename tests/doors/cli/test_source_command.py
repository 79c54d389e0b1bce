"""``gestand source``: list, test, scan, find, correct, propose; machine output in the agreed form; every answer in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gestand.doors.demonstration.place import Place
from sources.shop import MAPPING, Shop

Gestand = Callable[..., Any]


@pytest.fixture
def shop(place: Place) -> Shop:
    made = Shop("sqlite", place.folder)
    (place.folder / "sources").mkdir(exist_ok=True)
    (place.folder / "sources" / "shop.toml").write_text(MAPPING.format(place=made.line))
    return made


def test_what_is_declared_is_listed_tested_and_counted(shop: Shop, gestand: Gestand):
    listed = gestand("source", "list", "--json").document["sources"]
    assert {"name": "shop", "kind": "sql", "file": "sources/shop.toml"} in listed
    tested = gestand("source", "test", "--json")
    assert (tested.status, tested.document["allowed"], tested.document["problems"]) == (0, True, [])
    assert gestand("source", "scan", "--json").document["counts"]["shop"] == 13
    shop.do("CREATE TABLE extra (id INTEGER PRIMARY KEY, e_mail TEXT)")
    faulty = gestand("source", "test", "--json")
    assert faulty.status == 1
    assert [problem["code"] for problem in faulty.document["problems"]] == ["column-looks-personal"]


def test_a_search_answers_in_the_agreed_form_and_stands_in_the_ledger(shop: Shop, gestand: Gestand, place: Place):
    found = gestand(
        "source", "find", "anna@example.nl", "name=Anna de Vries", "--reason", "vraag aan de balie", "--json"
    )
    assert set(found.document["matches"][0]) >= {"source", "place", "field", "value", "confidence", "why"}
    assert set(found.document["searched"][0]) == {"source", "place", "with", "at", "found", "or_why_not"}
    assert found.document["complete"] is True
    assert [e.event.name for e in place.open().ledger.entries()][-1] == "source.shown"
    unreasoned = gestand("source", "find", "anna@example.nl", "--json")
    assert (unreasoned.status, unreasoned.error["code"]) == (2, "reason")
    assert gestand("source", "find", "???", "--reason", "x", "--json").error["code"] == "source-value"


def test_a_correction_is_carried_out_and_told(shop: Shop, gestand: Gestand):
    done = gestand(
        "source", "rectify", "anna@example.nl", "--field", "contact.street", "--wrong", "Lindelaan 14", "--right", "Beukenlaan 2", "--json"
    )  # fmt: skip
    told = {one["source"]: one for one in done.document}
    assert told["shop"] == {"source": "shop", "changed": 2, "attached": 0, "to_attach": 0, "conflicts": []}
    assert told["mail-archive"]["changed"] == 0  # mails are not rewritten


def test_a_request_is_searched_planned_and_fulfilled_over_the_sources(shop: Shop, gestand: Gestand):
    asked = gestand("request", "open", "erasure", "--from", "bram@example.nl", "--json").document["id"]
    assert gestand("request", "find", asked, "--json").error["code"] == "identity-not-judged"
    gestand("request", "verify", asked, "--level", "second-fact", "--json")
    matches = gestand("request", "find", asked, "--json").document["matches"]
    assert {match["place"] for match in matches} == {"customer", "orders", "order_line", "invoice", "service_request"}
    copies = gestand("request", "plan", asked, "--json").document["copies"]
    [copy] = [one for one in copies if one["source"] == "shop"]
    assert {(row["place"], row["act"]) for row in copy["rows"]} >= {("orders", "delete"), ("invoice", "keep")}
    dry = gestand("request", "fulfil", asked, "--dry-run", "--json").document
    assert dry["copies"][0]["conflicts"] == []
    assert len(shop.rows("SELECT * FROM orders")) == 3
    done = gestand("request", "fulfil", asked, "--json").document
    assert done["absence_proven"] is True
    assert [one["removed"] for one in done["removed"] if one["source"] == "shop"] == [4]
    assert shop.rows("SELECT id FROM orders") == [(10,), (11,)]


def test_a_draft_and_a_preset_are_shown_or_written_once(shop: Shop, gestand: Gestand, place: Place, tmp_path: Path):
    assert "[tables.customer]" in gestand("source", "introspect", "proef", "--path", "shop.db").out
    assert "wordpress" in gestand("source", "preset").out
    assert gestand("source", "preset", "odoo", "--write").status == 0
    assert (place.folder / "sources" / "odoo.toml").is_file()
    assert gestand("source", "preset", "odoo", "--write").status == 2
    (tmp_path / "d.yml").write_text(
        "dataset:\n- fides_key: x\n  collections:\n  - {name: a, fields: [{name: e, data_categories: [user.contact.email]}]}\n"
    )
    assert 'field = "contact.email"' in gestand("source", "import-fideslang", "x", str(tmp_path / "d.yml")).out


def test_a_fault_in_a_file_is_told_with_its_line(place: Place, gestand: Gestand):
    (place.folder / "sources").mkdir(exist_ok=True)
    (place.folder / "sources" / "a.toml").write_text('format = 1\nkind = "sql"\n')
    told = gestand("source", "test", "--json")
    assert (told.status, told.error["code"]) == (2, "key-missing")
    assert told.error["where"].startswith("sources/a.toml:")


def test_a_look_says_what_is_back_and_a_system_that_is_gone_is_retired_with_a_reason(
    shop: Shop, gestand: Gestand, place: Place
):
    seen = {one["source"]: one for one in gestand("source", "look", "--json").document["systems"]}
    assert (seen["shop"]["sound"], seen["shop"]["problems"], seen["shop"]["back"]) == (True, [], 0)
    shop.do("CREATE TABLE extra (id INTEGER PRIMARY KEY, e_mail TEXT)")
    faulty = gestand("source", "look", "shop", "--json")
    assert faulty.status == 1
    assert "extra.e_mail looks personal" in faulty.document["systems"][0]["problems"][0]
    assert gestand("source", "look", "zolder", "--json").error["code"] == "source-unknown"
    assert gestand("source", "retire", "shop", "--reason", "verkocht", "--json").error["code"] == "source-declared"
    (place.folder / "sources" / "shop.toml").unlink()
    assert gestand("source", "retire", "shop", "--json").error["code"] == "reason"
    assert gestand("source", "retire", "shop", "--reason", "de winkel is verkocht").status == 0
    last = list(place.open().ledger.entries())[-1].event
    assert (last.name, dict(last.facts)) == ("source.retired", {"source": "shop", "reason": "de winkel is verkocht"})


def test_a_restriction_asks_every_system_and_tells_where_there_is_no_place_for_it(
    shop: Shop, gestand: Gestand, place: Place
):
    fields = ("--field", "contact.name=Anna de Vries", "--field", "contact.email=anna@example.nl")
    subject = gestand("subject", "add", "--purpose", "service", *fields, "--json").document["subject"]
    done = gestand("subject", "restrict", subject, "--reason", "contested", "--json").document
    [told] = [one for one in done["systems"] if one["source"] == "shop"]
    assert told["rows"] == 0
    assert "no column that marks a row as restricted" in told["why_not"]
    entries = [one.event.facts for one in place.open().ledger.entries() if one.event.name == "source.restricted"]
    assert {"source": "shop", "rows": 0, "outcome": "refused"} in entries
    assert told["unmarked"][0] == {
        "place": "customer", "keys": ["1"], "why": "table customer has no column that marks a row as restricted",
    }  # fmt: skip
    said = gestand("subject", "restrict", subject, "--reason", "contested").out
    assert "See to it by hand" in said


def test_a_table_without_the_mark_stops_no_other_and_becomes_a_task(shop: Shop, gestand: Gestand, place: Place):
    shop.do("ALTER TABLE customer ADD COLUMN blocked INTEGER")
    file = place.folder / "sources" / "shop.toml"
    file.write_text(file.read_text().replace("[tables.customer]\n", '[tables.customer]\nrestrict = "blocked"\n'))
    fields = ("--field", "contact.name=Anna de Vries", "--field", "contact.email=anna@example.nl")
    subject = gestand("subject", "add", "--purpose", "service", *fields, "--json").document["subject"]
    done = gestand("subject", "restrict", subject, "--reason", "contested", "--json").document
    [told] = [one for one in done["systems"] if one["source"] == "shop"]
    assert (told["rows"], told["why_not"]) == (1, "")
    assert shop.rows("SELECT id FROM customer WHERE blocked = 1") == [(1,)]
    assert {one["place"]: one["keys"] for one in told["unmarked"]} == {
        "orders": ["10", "11"], "order_line": ["100", "101"], "invoice": ["500"],
    }  # fmt: skip
    entries = [one.event.facts for one in place.open().ledger.entries() if one.event.name == "source.restricted"]
    assert {"source": "shop", "rows": 1, "outcome": "partly"} in entries
    tasks = [one for one in gestand("retention", "tasks", "--json").document if one["system"] == "shop"]
    assert len(tasks) == 3
    assert any("take out of use: 2 of orders" in one["what"] for one in tasks)
    gestand("subject", "restrict", subject, "--reason", "contested")  # again: the same tasks
    assert len([one for one in gestand("retention", "tasks", "--json").document if one["system"] == "shop"]) == 3
    place.clock.advance(timedelta(days=1))
    gestand("subject", "restrict", subject, "--reason", "contested")
    assert len([one for one in gestand("retention", "tasks", "--json").document if one["system"] == "shop"]) == 3
    gestand("subject", "release", subject, "--reason", "settled")
    assert shop.rows("SELECT id FROM customer WHERE blocked = 1") == []
    after = [one["what"] for one in gestand("retention", "tasks", "--json").document if one["system"] == "shop"]
    assert any("put in use again: 1 of invoice" in what for what in after)


def test_two_people_of_whom_the_same_is_left_are_two_tasks(shop: Shop, gestand: Gestand):
    for name, email in (("Anna de Vries", "anna@example.nl"), ("Bram Jansen", "bram@example.nl")):
        fields = ("--field", f"contact.name={name}", "--field", f"contact.email={email}")
        subject = gestand("subject", "add", "--purpose", "service", *fields, "--json").document["subject"]
        gestand("subject", "restrict", subject, "--reason", "contested")
        tasks = [one["what"] for one in gestand("retention", "tasks", "--json").document if one["system"] == "shop"]
        assert f"take out of use: 1 of customer, of {subject} (Article 18)" in tasks
