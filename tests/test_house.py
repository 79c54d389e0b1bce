"""The house itself: its commands, its floors, its pins."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "gestand"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_the_two_commands_are_those_of_the_readme():
    readme = (ROOT / "README.md").read_text("utf-8")
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {"demo", "test", "check"} <= set(targets)
    first = readme[:2500]
    assert "make demo" in first
    assert "make test" in first
    assert "make test" in (ROOT / ".ci" / "run").read_text("utf-8")


@pytest.mark.slow
def test_a_room_that_imports_upwards_is_refused(tmp_path):
    copy = tmp_path / "house"
    shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    (copy / "src/gestand/law/upwards.py").write_text("import os\nfrom gestand.vault import service\n", "utf-8")
    linter = Path(sys.executable).parent / "lint-imports"
    found = subprocess.run(
        [str(linter), "--no-cache"],
        cwd=copy,
        env={"PYTHONPATH": str(copy / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode != 0
    assert "gestand.law.upwards -> gestand.vault.service" in found.stdout
    assert "gestand.law.upwards -> os" in found.stdout


@pytest.mark.parametrize("name", ["core.txt", "dev.txt", "build.txt", "outlook.txt", "scan.txt"])
def test_every_pin_has_a_hash(name):
    text = (ROOT / "requirements" / name).read_text("utf-8")
    pins = re.split(r"\n(?=\S)", text.strip())
    assert len(pins) > 3
    for pin in pins:
        assert re.match(r"[A-Za-z0-9._-]+==\S+", pin), pin
        assert "--hash=sha256:" in pin, pin
    assert "://" not in text


def test_every_dependency_is_pinned():
    pinned = set(re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements/core.txt").read_text("utf-8"), re.MULTILINE))
    for wanted in PROJECT["project"]["dependencies"]:
        assert re.match(r"[A-Za-z0-9._-]+", wanted)[0] in pinned, f"{wanted}: run 'make lock'"


def test_every_ignored_rule_has_a_reason():
    block = re.search(r"^ignore = \[\n(.*?)^\]", (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert block is not None
    for line in block[1].splitlines():
        assert re.fullmatch(r'    "[A-Z]+[0-9]*",\s+# .{10,}', line), line


def test_every_silenced_line_says_why():
    for file in sorted(SOURCE.rglob("*.py")):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            silenced = re.search(r"# noqa: [A-Z0-9, ]+(.*)$", line)
            if silenced and "S608" not in line and "S105" not in line and "SLF001" not in line:
                assert silenced[1].strip(" -"), f"{file.relative_to(ROOT)}:{number}: {line.strip()}"


def test_no_file_of_the_source_is_long():
    long = {
        str(f.relative_to(ROOT)): n for f in SOURCE.rglob("*.py") if (n := len(f.read_text("utf-8").splitlines())) > 500
    }
    assert not long


def test_no_page_code_names_storage_on_a_device():
    names = re.compile(
        r"set_cookie|SessionMiddleware|localStorage|sessionStorage|indexedDB|document\.cookie|serviceWorker"
    )
    looking = {SOURCE / "evidence"}
    for file in SOURCE.rglob("*"):
        if file.is_file() and file.suffix in {".py", ".html", ".js", ".css"} and not looking & set(file.parents):
            assert not names.search(file.read_text("utf-8")), file


def test_nothing_is_left_open():
    words = re.compile(r"#.*\b(?:TODO|FIXME|XXX)\b|raise NotImplementedError")
    left = [str(f) for f in SOURCE.rglob("*.py") if words.search(f.read_text("utf-8"))]
    assert not left


def test_the_code_names_no_paper_that_is_not_in_the_project():
    """Whoever reads on must find what a docstring points to: a document by its name, a decision by its number."""
    here = {path.name for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))}
    decisions = {path.name[:4] for path in (ROOT / "docs" / "adr").glob("0*.md")}
    missing: list[str] = []
    for path in SOURCE.rglob("*.py"):
        text = path.read_text("utf-8")
        missing += [f"{path.name}: {name}" for name in re.findall(r"\b[A-Z]{3,}\.md\b", text) if name not in here]
        missing += [f"{path.name}: {name}" for name in re.findall(r"docs/([a-z-]+\.md)", text) if name not in here]
        missing += [
            f"{path.name}: {number}" for number in re.findall(r"docs/adr/(\d{4})", text) if number not in decisions
        ]
        missing += [f"{path.name}: DESIGN" for _ in re.findall(r"\bDESIGN \w", text)]
    assert missing == []
