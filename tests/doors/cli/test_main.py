"""What a person reads when a command is broken off, not allowed, or mistyped; and tables whose ids can be copied."""

from __future__ import annotations

import pytest

from gestand.doors.cli import output
from gestand.doors.cli.commands import COMMANDS
from gestand.doors.cli.main import run
from gestand.kernel import rootkey


def test_breaking_off_says_that_the_same_command_goes_on(tmp_path, monkeypatch, capsys):
    def broken_off(*_given, **_named):
        raise KeyboardInterrupt

    monkeypatch.setattr(rootkey, "make_root_key", broken_off)
    assert run(["init", str(tmp_path / "firma")]) == 130
    assert "run the same command again" in capsys.readouterr().err


def test_what_the_computer_does_not_allow_is_no_fault_in_the_program(tmp_path, monkeypatch, capsys):
    def locked(*_given, **_named):
        raise PermissionError(13, "Permission denied", "/firma/data/ledger/state")

    monkeypatch.setattr("gestand.system.open_system", locked)
    assert run(["statement", "history", "--org", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert told.startswith("/firma/data/ledger/state: ")
    assert "Permission denied [file-refused]" in told


def test_a_mistyped_day_or_word_is_told_in_words(tmp_path, capsys):
    assert run(["retention", "plan", "--on", "10-01-2029"]) == 2
    assert "'10-01-2029' is no day; write it as 2026-01-31" in capsys.readouterr().err
    assert run(["request", "open", "acces", "--from", "anna@example.nl"]) == 2
    assert "Value error" not in capsys.readouterr().err


@pytest.mark.parametrize("width", [60, 80])
def test_an_id_in_a_table_stands_on_one_line(width, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(width))
    head = ("request", "right", "state", "received", "answer before", "outcome")
    output.table("Requests", head, [("req_wakzv5jr6unpj7ko", "access", "received", "2026-11-22", "2026-12-22", "")])
    assert "req_wakzv5jr6unpj7ko" in capsys.readouterr().out


def test_no_word_of_a_table_is_broken_where_all_fit_without_lines(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    head = ("request", "right", "state", "received", "answer before", "outcome")
    row = ("req_wakzv5jr6unpj7ko", "portability", "received", "2026-11-22", "2026-12-22", "partly-erased")
    output.table("Requests", head, [row])
    line = next(line for line in capsys.readouterr().out.splitlines() if "req_" in line)
    assert line.split() == list(row)


def test_a_narrow_table_does_not_break_its_title(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    output.table("sub_wakzv5jr6unpj7ko, for 'newsletter'", ("what", "value"), [])
    assert capsys.readouterr().out.startswith("sub_wakzv5jr6unpj7ko, for 'newsletter'")


def test_no_command_stands_twice_in_the_table():
    names = [command.name for command in COMMANDS]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    ("group", "first"),
    [("breach", "report"), ("disclose", "make"), ("request", "open"), ("statement", "show"), ("subject", "add")],
)
def test_the_help_of_a_group_begins_where_one_begins(group, first, capsys):
    assert run([group, "--help"]) == 0
    listed = capsys.readouterr().out.split("Commands:", 1)[1].split()
    assert listed[0] == first


@pytest.mark.parametrize("words", [["restore"], ["subject", "open"], ["law", "term"]])
def test_an_argument_stands_in_capitals_as_in_the_reference(words, capsys):
    assert run([*words, "--help"]) == 0
    usage = capsys.readouterr().out.split("\n\n", 1)[0].split("[OPTIONS]", 1)[1]
    assert usage.strip()
    assert usage == usage.upper()
