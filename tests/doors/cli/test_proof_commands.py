"""prove, clause, measure, retention and demo: what scripts rely on, in the forms they rely on."""

from __future__ import annotations

import json
from pathlib import Path

from gestand.doors.cli.main import run
from gestand.doors.cli.output import table
from gestand.doors.demonstration.place import Place


def test_prove_lists_every_clause_with_its_verdict_and_controls(gestand):
    ran = gestand("prove", "--json")
    assert ran.status == 0
    assert ran.document["statement"] == "2026-12-01"
    clauses = {clause["id"]: clause for clause in ran.document["clauses"]}
    assert {f"C{n}" for n in range(1, 63)} <= clauses.keys()
    for clause in clauses.values():
        assert clause["verdict"] in {"kept", "broken", "unproven", "informative"}
        assert clause["sentence"]
        for control in clause["controls"]:
            assert control["proof"] in {"measured", "attested"}
            assert isinstance(control["figures"], dict)
            assert isinstance(control["evidence"], list)
    assert not [clause for clause in clauses.values() if clause["verdict"] == "broken"]


def test_a_broken_promise_makes_prove_say_no_and_a_mended_one_yes(gestand, place: Place):
    left = place.folder / "data" / "export.csv"
    left.write_text("naam;e-mail\nGreet Bos;greet@example.nl\n", "utf-8")
    ran = gestand("prove", "--json")
    assert ran.status == 1
    broken = [clause["id"] for clause in ran.document["clauses"] if clause["verdict"] == "broken"]
    assert "C8" in broken
    assert gestand("prove", "--clause", broken[0], "--json").status == 1
    told = gestand("prove")
    assert told.status == 1
    assert "BROKEN" in told.out
    left.unlink()
    assert gestand("prove").status == 0


def test_nothing_printed_claims_to_comply(gestand):
    said = gestand("prove").out
    assert "no deviation found" in said
    assert "compl" not in said.lower().replace("complaint", "").replace("completed", "").replace("complete", "")


def test_list_breaks_names_every_control_with_the_clauses_that_turn_red(gestand):
    ran = gestand("prove", "--list-breaks", "--json")
    assert all(row["clauses"] for row in ran.document)
    assert gestand("prove", "--list-breaks").status == 0


def test_one_control_is_broken_in_a_throw_away_organisation_and_this_one_stays_whole(gestand):
    ran = gestand("prove", "--break", "measure-paper", "--json")
    assert ran.status == 1
    assert [c["id"] for c in ran.document["clauses"] if c["verdict"] == "broken"] == ["C46"]
    assert gestand("prove", "--clause", "C46").status == 0


def test_a_clause_leads_to_its_policy_note_control_module_and_test(gestand):
    found = gestand("clause", "C8", "--json").document
    assert found["sentence"].keys() == {"nl", "en"}
    assert found["place"].startswith("statement.nl.md:") or "statement.nl.md:" in found["place"]
    for control in found["controls"]:
        assert control["verdict"] in {"kept", "broken", "unproven"}
        assert control["module"]
        assert control["would_break"]
    assert "sealed-at-rest" in gestand("clause", "C8").out


def test_measures_are_listed_and_attested(gestand):
    listed = gestand("measure", "list", "--json").document["measures"]
    assert {"id", "title", "clauses", "outcome", "expires"} <= listed[0].keys()
    assert gestand("measure", "list").status == 0
    ran = gestand("measure", "attest", "measure-paper", "--evidence", "none there", "--lacking", "--json")
    assert ran.document["outcome"] == "lacking"
    assert gestand("prove", "--clause", "C46").status == 1
    assert gestand("measure", "attest", "measure-paper", "--evidence", "bought").status == 0
    assert gestand("prove", "--clause", "C46").status == 0


def test_retention_says_what_is_due_and_a_dry_run_changes_nothing(gestand):
    plan = gestand("retention", "plan", "--on", "2040-01-01", "--json").document
    assert plan["due"] - 1 == plan["leaving"] > 0  # what is restricted stays (Article 18)
    assert plan["erased"] == 0
    assert gestand("retention", "plan", "--on", "2040-01-01").status == 0
    dry = gestand("retention", "run", "--dry-run", "--json").document
    done = gestand("retention", "run", "--json").document
    assert {"due", "erased", "kept", "certificate"} <= done.keys()
    assert (dry["due"], dry["certificate"]) == (done["due"], None)
    assert gestand("retention", "run").status == 0


def test_the_demonstration_speaks_to_machines_and_leaves_what_it_made_where_it_is_told(tmp_path: Path, capsys):
    kept = tmp_path / "kept"
    assert run(["demo", "--no-serve", "--json", "--keep", str(kept)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["clauses"] == 62
    assert found["broken"] == 0
    assert found["kept"] + found["unproven"] + found["informative"] == 62
    assert found["erased"] > 0
    assert found["absence_proven"] is True
    assert len(found["request_due"]) == 10
    assert (kept / "data" / "data.db").exists()
    assert run(["demo", "--no-serve", "--json", "--keep", str(kept)]) == 2
    assert json.loads(capsys.readouterr().err)["error"]["code"] == "demo-folder"


def test_the_demonstration_tells_a_person_what_happened(capsys):
    assert run(["demo", "--no-serve"]) == 0
    said = capsys.readouterr().out
    assert "not affiliated with the firm" in said
    assert "searched again: 0 found" in said
    assert "BROKEN" in said
    assert "no deviation found" in said


def test_brackets_in_a_table_are_text_and_no_colour(capsys):
    table("T", ("what",), [("name one under [surroundings] nameserver",)])
    assert "[surroundings]" in capsys.readouterr().out


def test_a_new_organisation_is_told_what_to_do_next(tmp_path, capsys):
    folder = tmp_path / "firma"
    assert run(["init", str(folder), "--name", "Eigen", "--address", "Dorpsstraat 1, 1234 AB Zandstad"]) == 0
    assert run(["statement", "publish", "--org", str(folder), "--first"]) == 0
    capsys.readouterr()
    run(["prove", "--org", str(folder)])
    _, mark, steps = capsys.readouterr().out.partition("Do next:")
    assert mark
    assert "gestand measure attest measure-paper" in steps
    assert "[surroundings] tls" in steps
    assert "nothing to do" in steps
    assert steps.count("measure-paper") == 1
