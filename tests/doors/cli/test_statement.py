from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from gestand.doors.cli.check import known_controls
from gestand.doors.cli.main import run

EXAMPLE = Path(__file__).parents[3] / "examples" / "koper"


@pytest.fixture
def firm(tmp_path: Path, capsys) -> Path:
    folder = tmp_path / "firma"
    assert run(["init", str(folder), "--name", 'De "Vries" & [Zn]', "--email", "anna_de_vries@example.nl"]) == 0
    capsys.readouterr()
    return folder


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def checked(folder: Path, capsys) -> tuple[int, list[dict]]:
    status = run(["check", "--org", str(folder), "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is (status == 0)
    assert all(set(p) == {"file", "line", "code", "message", "remedy", "severity"} for p in answer["problems"])
    return status, answer["problems"]


def test_a_new_organisation_compiles_without_errors(firm: Path, capsys):
    status, problems = checked(firm, capsys)
    assert (status, {p["code"] for p in problems}) == (0, {"example-left"})
    assert run(["check", "--org", str(firm)]) == 0
    assert "38 clauses (nl, en), no errors" in capsys.readouterr().out


def test_init_overwrites_nothing_and_says_what_is_left_to_fill(tmp_path: Path, capsys):
    (tmp_path / "kept.txt").write_text("mine")
    assert run(["init", str(tmp_path)]) == 2
    assert "[folder-not-empty]" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["kept.txt"]
    assert run(["init", str(tmp_path / "new"), "--name", "De Vries", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["to_fill"] == ["email", "address", "website"]


def test_init_refuses_a_name_with_a_line_end_before_it_makes_anything(tmp_path: Path, capsys):
    assert run(["init", str(tmp_path / "new"), "--name", 'x"\nformat = 2']) == 2
    assert "[value-form]" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_the_names_given_to_init_are_shown_as_they_are(firm: Path, capsys):
    assert run(["statement", "show", "--org", str(firm)]) == 0
    out = capsys.readouterr().out
    assert out.startswith('Privacyverklaring van De "Vries" & [Zn]\n')
    assert "anna_de_vries@example.nl" in out
    assert run(["statement", "show", "--org", str(firm), "--lang", "en", "--html"]) == 0
    assert "De &quot;Vries&quot; &amp; [Zn] is responsible" in capsys.readouterr().out


def test_all_problems_come_at_once_and_check_says_no(firm: Path, capsys):
    change(firm / "policy.toml", 'basis = "contract"', 'bases = "contract"')
    change(firm / "policy.toml", 'period = "6 months"', 'period = "6 moons"')
    change(firm / "statement.nl.md", '{#H1 kept-by="sealed-at-rest"}', "{#H1}")
    change(firm / "statement.en.md", "[We open them", "We open them")
    status, problems = checked(firm, capsys)
    codes = [p["code"] for p in problems]
    assert status == 1
    assert {"purpose-without-basis", "key-unknown", "unit-unknown", "promise-unkept", "span-unopened"} <= set(codes)


def test_an_earlier_version_that_cannot_be_read_is_a_problem_too(firm: Path, capsys):
    (firm / "versions" / "2018-05-25").mkdir(parents=True)
    (firm / "versions" / "2018-05-25" / "policy.toml").write_bytes(b"format = 1\n[")
    status, problems = checked(firm, capsys)
    assert status == 1
    assert [(p["file"], p["line"]) for p in problems if p["code"] == "not-toml"] == [
        (str(firm / "versions" / "2018-05-25" / "policy.toml"), 2)
    ]


def test_what_articles_12_to_14_ask_and_the_text_lacks_is_a_warning(firm: Path, capsys):
    for language in ("nl", "en"):
        text = firm / f"statement.{language}.md"
        lines = [line for line in text.read_text(encoding="utf-8").splitlines() if "{#B2}" not in line]
        text.write_text("\n".join(lines), encoding="utf-8")
    change(firm / "policy.toml", "[clauses.B2]", "[clauses.B4]")
    change(
        firm / "policy.toml",
        'status = "informative"\nreason = { nl = "Wijst',
        'status = "withdrawn"\nreason = { nl = "Wijst',
    )
    status, problems = checked(firm, capsys)
    (warning,) = [p for p in problems if p["code"].startswith("transparency")]
    assert (status, warning["severity"]) == (0, "warning")
    assert "13(2)(d)" in warning["message"]


def test_no_organisation_is_told_without_a_traceback(tmp_path: Path, capsys):
    assert run(["check", "--org", str(tmp_path / "nowhere")]) == 2
    assert "[no-folder]" in capsys.readouterr().err
    assert run(["check", "--org", str(tmp_path)]) == 1
    assert "[no-policy]" in capsys.readouterr().out


def test_diff_says_exactly_what_a_longer_period_means(firm: Path, capsys, tmp_path: Path):
    longer = tmp_path / "longer"
    longer.mkdir()
    for file in filter(Path.is_file, firm.iterdir()):
        (longer / file.name).write_bytes(file.read_bytes())
    change(longer / "policy.toml", 'period = "2 years"', 'period = "3 years"')
    assert run(["statement", "diff", str(firm), str(longer), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["notice"] is True
    assert answer["changes"][0] == {
        "kind": "enlarging", "what": "shelf customer: period", "before": "2 years", "after": "3 years", "clauses": [],
    }  # fmt: skip
    assert run(["statement", "diff", str(longer), "draft", "--org", str(firm)]) == 0
    out = capsys.readouterr().out
    assert "narrowing  shelf customer: period: 3 years → 2 years" in out
    assert "No notice is needed." in out


def test_a_version_that_is_not_there_is_answered_with_those_that_are(firm: Path, capsys):
    assert run(["statement", "show", "--version", "1999-01-01", "--org", str(firm)]) == 2
    assert "There are: " in capsys.readouterr().err
    assert run(["statement", "show", "--lang", "fy", "--org", str(firm)]) == 2
    assert "There are: nl, en." in capsys.readouterr().err
    assert run(["statement", "publish", "--in-force-from", "soon", "--org", str(firm)]) == 2
    assert "[no-date]" in capsys.readouterr().err


def test_the_example_compiles_within_its_time(capsys):
    start = time.perf_counter()
    status, problems = checked(EXAMPLE, capsys)
    assert (status, [p for p in problems if p["severity"] == "error"]) == (0, [])
    assert time.perf_counter() - start < 3  # a second on its own; the suite shares its machine


def test_publish_and_history_through_the_store(firm: Path, capsys):
    assert run(["statement", "publish", "--org", str(firm), "--first", "--dry-run"]) == 0
    assert "would be published" in capsys.readouterr().out
    assert run(["statement", "history", "--org", str(firm), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"versions": []}
    assert run(["statement", "diff", "--org", str(firm)]) == 2
    assert "[nothing-published]" in capsys.readouterr().err
    assert run(["statement", "publish", "--org", str(firm), "--first"]) == 0
    capsys.readouterr()
    change(firm / "policy.toml", 'period = "2 years"', 'period = "3 years"')
    assert run(["statement", "diff", "--org", str(firm)]) == 0  # against the last published
    assert "enlarging  shelf customer: period: 2 years → 3 years" in capsys.readouterr().out
    assert run(["statement", "publish", "--org", str(firm)]) == 3
    assert "[version-published]" in capsys.readouterr().err
    published = next((firm / "published").iterdir())
    change(firm / "policy.toml", f'version = "{published.name}"', 'version = "2999-01-01"')
    assert run(["statement", "publish", "--org", str(firm)]) == 3
    assert "[notice-too-short]" in capsys.readouterr().err
    assert run(["statement", "diff", published.name, "--org", str(firm)]) == 0
    assert "enlarging  shelf customer: period: 2 years → 3 years" in capsys.readouterr().out
    assert run(["statement", "publish", "--in-force-from", "2999-01-01", "--org", str(firm), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["published"] is True
    change(published / "statement.en.md", "Privacy", "Secrecy")
    for words in (["history"], ["show", "--version", published.name]):
        assert run(["statement", *words, "--org", str(firm)]) == 4
        assert "[publication-changed]" in capsys.readouterr().err


def test_show_gives_the_clauses_to_machines(firm: Path, capsys):
    assert run(["statement", "show", "--org", str(firm), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    sealed = next(c for c in answer["clauses"] if c["id"] == "H1")
    assert sealed["kept_by"] == ["sealed-at-rest"]
    assert '<span class="clause" id="H1">' in answer["html"]


def test_the_new_firm_uses_every_control_there_is(firm: Path, capsys):
    controls = known_controls()
    assert controls
    _, problems = checked(firm, capsys)
    assert not [p for p in problems if p["code"] in {"control-idle", "control-unknown"}]
