"""The guide for developers is run: its commands, its verbs in order, and its application, as they stand on the page."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import gestand
from gestand.doors.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs/guide-python.md"
PART = re.compile(r"(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<kind>console|python)\n(?P<text>.*?)```", re.DOTALL)


@pytest.fixture
def winkel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    commands = [
        line.removeprefix("$ gestand ")
        for part in PART.finditer(GUIDE.read_text("utf-8"))
        if part["kind"] == "console"
        for line in part["text"].splitlines()
    ]
    assert len(commands) == 2
    for command in commands:
        assert run(shlex.split(command)) == 0
    return tmp_path


def test_the_verbs_do_what_the_page_says(winkel: Path) -> None:
    names: dict[str, object] = {}
    parts = [part for part in PART.finditer(GUIDE.read_text("utf-8")) if part["kind"] == "python" and not part["file"]]
    assert len(parts) == 5
    for part in parts:
        before = "\n" * GUIDE.read_text("utf-8")[: part.start("text")].count("\n")  # so that an error names the line
        exec(compile(before + part["text"], str(GUIDE), "exec"), names)  # noqa: S102 - the page itself
    told = subprocess.run(
        [sys.executable, "-m", "gestand.doors.cli.main", "ledger", "export", "ledger.bundle", "--org", "winkel"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    ledger = Path("ledger.bundle")
    written = b"".join(
        path.read_bytes() for path in ([ledger] if ledger.is_file() else ledger.rglob("*")) if path.is_file()
    )
    assert b'"webshop"' in written
    assert b"Vries" not in written
    assert b"anna" not in written.lower()


def test_the_application_does_what_the_page_says(winkel: Path) -> None:
    for part in PART.finditer(GUIDE.read_text("utf-8")):
        if part["file"]:
            (winkel / part["file"]).write_text(part["text"], "utf-8")
    done = subprocess.run(
        [sys.executable, "try_app.py"],
        cwd=winkel, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    data = b"".join(path.read_bytes() for path in (winkel / "winkel" / "data").rglob("*") if path.is_file())
    assert b"Bram" not in data


def test_the_surface_is_small_and_every_part_of_it_is_there_and_told() -> None:
    guide = GUIDE.read_text("utf-8")
    for name in gestand.__all__:
        assert getattr(gestand, name).__doc__
    verbs = [name for name in vars(gestand.Organisation) if not name.startswith("_") and name != "close"]
    assert len(verbs) <= 16
    told = {"add", "open", "find", "find_like", "held", "rectify", "restrict", "release", "erase", "consent", "object"}
    assert told <= set(verbs)
    for verb in told:
        assert f"firm.{verb}(" in guide or f"`{verb}`" in guide or f").{verb}(" in guide
    with pytest.raises(AttributeError):
        _ = gestand.no_such_name
    assert (ROOT / "src/gestand/py.typed").exists()


def test_importing_it_loads_nothing_until_it_is_used() -> None:
    script = "import sys, gestand, json; print(json.dumps([m for m in sys.modules if m.startswith('gestand')]))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["gestand"]


def test_errors_of_the_door_say_what_to_do(winkel: Path) -> None:
    with gestand.open_organisation("winkel", actor="webshop", language="en") as firm:
        (anna,) = [firm.add({"contact.email": "anna@example.nl"}, purpose="service", source="web form")]
        firm.add({"contact.email": "a@example.nl"}, purpose="service", source="web form", subject=anna)
        for code, verb in (
            ("subject-unknown", lambda: firm.open("sub_aaaaaaaaaaaaaaaa", purpose="service", reason="x")),
            ("field-several", lambda: firm.rectify(anna, "contact.email", "b@example.nl", reason="x")),
            ("field-not-held", lambda: firm.erase(anna, ["contact.name"])),
            ("kind-unknown", lambda: firm.find("?!")),
            ("field-kind", lambda: firm.find("x", kind="shoe")),
            ("contact-unconfirmed", lambda: firm.rectify(anna, firm.held(anna)[0].item, "b@example.nl", reason="x")),
            ("sure-unknown", lambda: firm.rectify(anna, firm.held(anna)[0].item, "b@example.nl", reason="x", sure="x")),
            ("consent-not-asked", lambda: firm.consent(anna, "service", channel="web")),
        ):
            with pytest.raises(gestand.GestandError) as refused:
                verb()
            assert (refused.value.code, bool(refused.value.remedy)) == (code, True)
        assert "anna@example.nl" not in repr(firm.open(anna, purpose="service", reason="x"))
        firm.rectify(anna, firm.held(anna)[0].item, "b@example.nl", reason="x", sure="in-person")
        assert firm.find("anna@example.nl") == ()
        firm.withdraw_objection(anna, ["newsletter"], reason="x")
        firm.consent(anna, "newsletter", channel="web")
        assert firm.consents(anna) == ("newsletter",)
        firm.withdraw_consent(anna, "newsletter", channel="web")
        assert firm.consents(anna) == ()
    with pytest.raises(gestand.UsageError):
        gestand.open_organisation(winkel / "nowhere", actor="webshop")


def test_what_the_law_keeps_is_not_erased_and_says_why(winkel: Path) -> None:
    with gestand.open_organisation("winkel", actor="webshop", language="en") as firm:
        anna = firm.add({"contact.name": "Anna de Vries"}, purpose="administration", source="invoice")
        firm.add({"contact.phone": "0612345678"}, purpose="service", source="web form", subject=anna)
        gone = firm.erase(anna)
        assert gone.items == 1
        assert [(one.field, "law" in one.why) for one in gone.kept] == [("contact.name", True)]
        assert gone.kept[0].ground
