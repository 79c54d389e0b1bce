"""gestand subject and gestand dossier, as a person and as a script use them."""

from __future__ import annotations

import json

import pytest

from gestand.doors.cli.main import run


@pytest.fixture
def org(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "firma"
    assert run(["init", str(folder), "--name", "Voorbeeld", "--json"]) == 0
    assert run(["statement", "publish", "--first", "--json", "--org", str(folder)]) == 0
    capsys.readouterr()
    monkeypatch.setenv("GESTAND_ORG", str(folder))
    return folder


@pytest.fixture
def ask(org, capsys):
    def asked(*words: str, status: int = 0):
        assert run([*words, "--json"]) == status, capsys.readouterr()
        written = capsys.readouterr()
        return json.loads(written.out) if status == 0 else json.loads(written.err)["error"]

    return asked


def anna(ask):
    return ask(
        "subject", "add", "--purpose", "service", "--field", "contact.name=Anna de Vries",
        "--field", "contact.email=Anna@example.nl",
    )["subject"]  # fmt: skip


def test_added_found_shown_and_opened(ask):
    who = anna(ask)
    assert ask("subject", "find", "ANNA@example.nl") == {"kind": "email", "subjects": [who]}
    shown = ask("subject", "show", who)
    assert {item["field"] for item in shown["items"]} == {"contact.name", "contact.email"}
    for item in shown["items"]:
        assert item["purposes"][0]["basis"] == "contract"
        assert item["purposes"][0]["why"]
        assert item["erase_on"]
        assert "value" not in item
    assert "anna" not in json.dumps(shown).lower()
    opened = ask("subject", "open", who, "--purpose", "service", "--reason", "call back")
    assert {item["value"] for item in opened["items"]} == {"Anna de Vries", "Anna@example.nl"}


def test_what_may_not_be_opened_is_listed_with_its_reason(ask):
    who = anna(ask)
    opened = ask("subject", "open", who, "--purpose", "administration", "--reason", "invoice")
    assert "contact.email" not in {item["field"] for item in opened["items"]}
    assert {(item["field"], item["why"]) for item in opened["refused"]} == {("contact.email", "not-needed")}


def test_a_name_that_is_like_one_lists_candidates_and_chooses_nobody(ask, org, capsys):
    who = anna(ask)
    found = ask("subject", "find", "--like", "A. de Fries")
    assert found["chosen"] is None
    ((one,),) = (found["candidates"],)
    assert (one["subject"], one["confidence"]) == (who, 0.78)
    assert one["why"] == ["family name sounds alike", "initials"]
    assert ask("subject", "find", "--like", "A. de Fries", "--choose", who)["chosen"] == who
    capsys.readouterr()
    assert run(["subject", "find", "--like", "Anna de Vries"]) == 0
    told = capsys.readouterr().out
    assert "100%" in told
    assert "Nobody is chosen" in told
    assert "Vries" not in told
    assert run(["subject", "find", "--like", "A. de Fries", "--choose", who]) == 0
    assert "78%" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (["subject", "add", "--purpose", "service", "--field", "contact.iban=NL91ABNA0417164300"], 3, "field-without-purpose"),
        (["subject", "add", "--purpose", "spying", "--field", "contact.name=Anna"], 3, "purpose-unknown"),
        (["subject", "add", "--purpose", "service", "--field", "contact.phone=06"], 2, "value-unsound"),
        (["subject", "add", "--purpose", "service", "--field", "contact.phone"], 2, "field-option"),
        (["subject", "add", "--purpose", "service", "--field", "contact.name=A b", "--on", "1-1-2026"], 2, "date"),
        (["subject", "show", "sub_aaaaaaaaaaaaaaaa"], 2, "subject-unknown"),
        (["subject", "find", "?!"], 2, "kind-unknown"),
        (["subject", "find", "x", "--kind", "shoe"], 2, "field-kind"),
        (["subject", "find"], 2, "nothing-to-find"),
        (["subject", "find", "x", "--like", "Anna"], 2, "find-one-way"),
        (["subject", "find", "--like", "12"], 2, "name-without-letters"),
        (["subject", "find", "--like", "Anna", "--choose", "sub_aaaaaaaaaaaaaaaa"], 2, "candidate-unknown"),
        (["subject", "import", "weg.csv"], 2, "no-file"),
        (["dossier", "show", "dos_none"], 2, "unknown-dossier"),
        (["dossier", "add", "--kind", "party", "--purpose", "service", "--subject", "x"], 2, "dossier-kind"),
        (["dossier", "add", "--kind", "job", "--purpose", "service", "--subject", "x:king"], 2, "dossier-role"),
        (["dossier", "event", "dos_none", "exploded"], 2, "dossier-event"),
    ],
)  # fmt: skip
def test_wrong_use_and_refusals_have_a_code_and_a_remedy(ask, words, status, code):
    error = ask(*words, status=status)
    assert error["code"] == code
    assert error["remedy"]


@pytest.mark.parametrize("subject", ["x", "sub_", "../../etc", "sub_AAAAAAAAAAAAAAAA", "sub_1111111111111111"])
def test_an_id_that_is_none_is_an_unknown_subject(ask, subject):
    assert ask("subject", "show", subject, status=2)["code"]


def test_a_dry_run_admits_nobody(ask):
    told = ask("subject", "add", "--purpose", "service", "--field", "contact.name=Anna de Vries", "--dry-run")
    assert told["would_admit"] == ["contact.name"]
    assert ask("subject", "find", "Anna de Vries", "--kind", "name")["subjects"] == []


def test_a_file_is_seen_dry_then_imported_and_the_same_again(ask, tmp_path):
    file = tmp_path / "klanten.csv"
    file.write_text("Naam;E-mail;Telefoon;Schoenmaat\nAnna de Vries;anna@example.nl;06-12345678;38\nBram;x;;44\n")
    plan = ask("subject", "import", str(file), "--dry-run")
    assert (plan["read"], plan["sound"], plan["unsound"]) == (2, 1, 1)
    assert plan["refused_columns"] == [
        {"column": "Schoenmaat", "code": "no-purpose", "reason": "no purpose needs this"}
    ]
    assert ask("subject", "find", "06 12345678")["subjects"] == []
    outcome = ask("subject", "import", str(file), "--yes")
    errors = str(tmp_path / "klanten.csv.errors.csv")
    expected = {"read": 2, "added": 1, "merged": 0, "refused": 1, "errors_file": errors}
    assert {key: outcome[key] for key in expected} == expected
    assert len(ask("subject", "find", "06 12345678")["subjects"]) == 1
    assert ask("subject", "import", str(file), "--yes")["again"]


def test_for_a_person_the_plan_is_shown_and_nothing_is_done_unasked(org, tmp_path, capsys):
    file = tmp_path / "klanten.csv"
    file.write_text("Naam;Schoenmaat\nAnna de Vries;38\n")
    assert run(["subject", "import", str(file)]) == 2
    assert "--yes" in capsys.readouterr().err
    assert run(["subject", "import", str(file), "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "Schoenmaat" in told
    assert "no purpose needs this" in told
    assert run(["subject", "import", str(file), "--yes"]) == 0
    assert "1 read, 1 added" in capsys.readouterr().out


def test_a_person_sees_tables(ask, capsys):
    who = anna(ask)
    assert run(["subject", "show", who]) == 0
    assert "grondslag" in capsys.readouterr().out
    assert run(["subject", "open", who, "--purpose", "administration", "--reason", "test"]) == 0
    assert "stayed closed" in capsys.readouterr().out
    assert run(["subject", "find", "anna@example.nl"]) == 0
    assert who in capsys.readouterr().out


def test_a_file_of_events_is_seen_dry_then_recorded_and_says_what_it_could_not(org, ask, capsys):
    made = ask(
        "dossier", "add", "--kind", "job", "--purpose", "service", "--subject", anna(ask), "--number", "J2026-7",
        "--on", "2026-01-05",
    )  # fmt: skip
    file = org / "gereed.csv"
    file.write_text("soort;nummer;gebeurtenis;datum\nopdracht;J2026-7;gesloten;6-1-2026\n")
    assert ask("dossier", "events", str(file), "--dry-run")["recorded"] == 1
    assert ask("dossier", "show", made["id"])["state"] == "open"
    assert ask("dossier", "events", str(file))["recorded"] == 1
    assert ask("dossier", "show", made["id"])["state"] == "closed"
    assert ask("dossier", "events", str(file))["known"] == 1
    assert ask("dossier", "events") == {"read": 0, "recorded": 0, "known": 0, "refused": 0, "problems": []}
    file.write_text("soort;nummer;gebeurtenis;datum\nopdracht;J2026-8;gesloten;6-1-2026\nauto;1;gesloten;6-1-2026\n")
    assert run(["dossier", "events", str(file), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [(one["line"], one["code"]) for one in told["problems"]] == [(2, "dossier-unnumbered"), (3, "dossier-kind")]
    assert run(["dossier", "events", str(file)]) == 1
    assert "2 refused" in capsys.readouterr().out


def test_a_dossier_runs_from_opening_to_close(ask, capsys):
    who = anna(ask)
    made = ask("dossier", "add", "--kind", "job", "--purpose", "service", "--subject", who, "--number", "J2026-1",
               "--field", "contact.town=Bergen")  # fmt: skip
    assert made["state"] == "open"
    assert {item["erase_on"] for item in ask("subject", "show", who)["items"]} == {None}
    assert [one["id"] for one in ask("dossier", "list", "--open", "--subject", who)["dossiers"]] == [made["id"]]
    assert ask("dossier", "event", made["id"], "last-contact")["events"][0]["event"] == "last-contact"
    assert ask("dossier", "close", made["id"])["state"] == "closed"
    assert ask("dossier", "show", made["id"])["closed_on"]
    assert ask("dossier", "list", "--open")["dossiers"] == []
    assert all(item["erase_on"] for item in ask("subject", "show", who)["items"])
    assert run(["dossier", "list"]) == 0
    assert run(["dossier", "show", made["id"]]) == 0
    assert "closed" in capsys.readouterr().out


def test_who_is_known_by_their_address_is_named_beside_the_answer(gestand):
    words = (
        "subject",
        "add",
        "--purpose",
        "service",
        "--field",
        "contact.name=Nadia Bos",
        "--field",
        "contact.email=nadia@example.org",
    )
    first = gestand(*words, "--json")
    assert first.err == ""
    again = gestand(*words, "--json")
    assert first.document["subject"] in again.err
    assert again.document["subject"] != first.document["subject"]
    assert gestand(*words, "--new", "--json").err == ""
    assert gestand(*words, "--subject", first.document["subject"], "--json").err == ""
