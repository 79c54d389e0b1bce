"""A draft from an existing statement: what was read stands in it, what lacks is listed, and the compiler says the rest."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from gestand.doors.cli.main import run

ORIGINAL = Path(__file__).resolve().parents[3] / "examples/koper/versions/2018-05-25/original.txt"


@pytest.fixture
def drafted(tmp_path, capsys):
    folder = tmp_path / "firm"
    assert run(["init", str(folder), "--from", str(ORIGINAL), "--json"]) == 0
    return folder, json.loads(capsys.readouterr().out)


def test_what_the_text_tells_stands_in_the_draft(drafted):
    folder, told = drafted
    policy = tomllib.loads((folder / "policy.toml").read_text("utf-8"))
    assert policy["controller"]["name"] == "Koper Computer Support"
    assert {c["value"] for c in policy["controller"]["contacts"]} >= {
        "info@kopercom.nl",
        "Fazantstraat 25, 5854 GH Bergen",
    }
    bases = {p["title"]["nl"][:27]: p["basis"] for name, p in policy["purposes"].items() if name.startswith("own-")}
    assert bases["het leveren van een dienst,"] == "contract"
    assert told["to_fill"] == ["website"]


def test_what_lacks_is_listed_with_a_sentence_for_it(drafted):
    todo = (drafted[0] / "from-your-text.md").read_text("utf-8")
    assert "L22" in todo
    assert "Autoriteit Persoonsgegevens" in todo
    assert "You have the right to data portability" in todo


def test_no_sentence_of_the_own_text_is_lost_without_a_word(drafted):
    todo = (drafted[0] / "from-your-text.md").read_text("utf-8")
    left = todo.split("nothing was taken over")[1]
    assert "- Wanneer u een e-mail of andere berichten stuurt worden deze opgenomen in het e-mailarchief." in left
    assert "- De hoogste prioriteit na het ontdekken van een datalek is het dichten van het lek." in left
    assert "het leveren van een dienst" not in left, "that became a purpose"
    assert "Fazantstraat" not in left
    assert ":\n" not in left.split("\n\n", 2)[2], "a line that only leads into a list promises nothing"


def test_the_compiler_names_what_a_person_must_still_write_and_nothing_else(drafted, capsys):
    assert run(["check", "--org", str(drafted[0]), "--json"]) == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert {p["code"] for p in problems if p["severity"] == "error"} == {"interest-without-balancing"}


def test_an_option_wins_over_what_was_read(tmp_path, capsys):
    folder = tmp_path / "firm"
    assert run(["init", str(folder), "--from", str(ORIGINAL), "--email", "privacy@example.nl"]) == 0
    assert 'value = "privacy@example.nl"' in (folder / "policy.toml").read_text("utf-8")


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 400, b"%PDF-1.4 nothing"])
def test_what_is_no_statement_makes_no_organisation(tmp_path, capsys, content):
    source = tmp_path / "given.txt"
    source.write_bytes(content)
    assert run(["init", str(tmp_path / "firm"), "--from", str(source)]) == 2
    assert "→" in capsys.readouterr().err
    assert not (tmp_path / "firm").exists()


def test_a_purpose_on_consent_rests_on_the_record_of_consent_and_ends_with_it(tmp_path, capsys):
    source = tmp_path / "oude verklaring.txt"
    source.write_text(
        "Privacyverklaring van Fietsenmakerij De Ketting, Molenweg 12, 3456 CD Waterdorp.\n"
        "Wij gebruiken uw naam en e-mailadres. Met uw toestemming sturen wij u twee keer per jaar een nieuwsbrief.\n",
        "utf-8",
    )
    folder = tmp_path / "mijn firma"
    assert run(["init", str(folder), "--from", str(source)]) == 0
    assert f"gestand check --org '{folder}'" in capsys.readouterr().out
    policy = folder / "policy.toml"
    assert tomllib.loads(policy.read_text("utf-8"))["purposes"]["own-1"]["shelf"] == "newsletter"
    assert "{#X1 " in (statement := (folder / "statement.nl.md").read_text("utf-8"))
    assert "consent-on-record" in statement.split("{#X1 ")[1]
    assert run(["check", "--org", str(folder)]) == 1
    policy.write_text(policy.read_text("utf-8").replace("# consent_text", "consent_text"), "utf-8")
    assert run(["check", "--org", str(folder)]) == 0


def test_a_name_with_a_space_is_quoted_in_the_next_command(tmp_path, capsys):
    assert run(["init", str(tmp_path / "Mijn bédrijf")]) == 0
    assert f"--org '{tmp_path / 'Mijn bédrijf'}'" in capsys.readouterr().out


def test_what_stays_of_the_example_is_warned_about_before_it_can_be_published(tmp_path, capsys):
    assert run(["init", str(tmp_path / "leeg")]) == 0
    capsys.readouterr()
    assert run(["check", "--org", str(tmp_path / "leeg")]) == 0
    assert capsys.readouterr().out.count("warning [example-left]") == 3  # name, address, website
    assert (
        run(
            [
                "init",
                str(tmp_path / "eigen"),
                "--name",
                "Eigen",
                "--address",
                "Dorpsstraat 1, 1234 AB Zandstad",
                "--website",
                "https://eigen.example.org",
            ]
        )
        == 0
    )
    assert run(["check", "--org", str(tmp_path / "eigen")]) == 0
    assert "example-left" not in capsys.readouterr().out
