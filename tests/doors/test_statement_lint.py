import json
import re
from pathlib import Path

import pytest

from gestand.doors.cli.main import run

STATEMENTS = Path(__file__).parents[1] / "law" / "statements"
FIRST = STATEMENTS / "first-statement.txt"
GOLD = Path(__file__).parents[1] / "law" / "vectors" / "art13_checklist.json"


def test_machine_output_agrees_with_the_readers_of_the_first_statement(capsys):
    assert run(["statement", "lint", str(FIRST), "--json"]) == 1
    out = json.loads(capsys.readouterr().out)
    gold = json.loads(GOLD.read_text(encoding="utf-8"))
    assert [(item["id"], item["status"]) for item in out["items"]] == [
        (item["id"], item["seed_status"]) for item in gold["items"]
    ]
    assert [seen["id"] for seen in out["antipatterns"]] == [pattern["id"] for pattern in gold["antipatterns"]]


def test_a_complete_statement_leaves_with_status_0(tmp_path, capsys):
    told = re.sub(
        r"^\{[L\d,]+\} ?", "", (STATEMENTS / "complete.nl.md").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    (tmp_path / "s.md").write_text(told, encoding="utf-8")
    assert run(["statement", "lint", str(tmp_path / "s.md")]) == 0
    assert "42 of 42 items told" in capsys.readouterr().out


def test_a_person_reads_what_lacks_and_a_sentence_for_it(capsys):
    run(["statement", "lint", str(FIRST)])
    out = capsys.readouterr().out
    assert "L22" in out
    assert "U kunt een klacht indienen bij de Autoriteit Persoonsgegevens." in out
    assert "not legal advice" in out


def test_the_page_stands_alone_and_claims_nothing(tmp_path, capsys):
    page = tmp_path / "page.html"
    hostile = tmp_path / "s.txt"
    hostile.write_text("Wij bewaren <script>alert(1)</script> & uw gegevens zolang als nodig.", encoding="utf-8")
    run(["statement", "lint", str(hostile), "--html", str(page)])
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert not re.search(r"(?:src|href)=|@import|url\(|https?://", text)
    assert "geen juridisch advies" in text
    assert 'lang="en"' in text
    assert not re.search(r"\b(?:voldoet aan|is compliant|AVG-proof)\b", text, re.IGNORECASE)


@pytest.mark.parametrize("arguments", [["none.txt"], ["none.txt", "--json"]])
def test_a_file_that_is_not_there_is_wrong_use(arguments, capsys):
    assert run(["statement", "lint", *arguments]) == 2
    assert "statement-not-found" in capsys.readouterr().err


def test_a_page_that_cannot_be_written_is_said(tmp_path, capsys):
    assert run(["statement", "lint", str(FIRST), "--html", str(tmp_path / "none" / "page.html")]) == 2
    assert "page-unwritable" in capsys.readouterr().err
