"""docs/STATEMENT.md is what is proven of the worked example today, and says of each clause of 2018 what was found against it."""

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gestand.evidence.model import Finding, Verdict
from gestand.statement.policy import Text

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import picture  # noqa: E402 - the scripts are no package
import statement_page  # noqa: E402

PAGE = statement_page.PAGE.read_text("utf-8")
ROWS = {row.split(" | ", 1)[0].strip("| "): row for row in PAGE.splitlines() if row.startswith("| C")}


@pytest.fixture
def seen(place):
    return statement_page.judged(place)


def test_it_is_not_behind_what_happens(seen):
    assert statement_page.written(seen) == PAGE, "run python scripts/statement_page.py, and read it"


def test_each_of_the_62_clauses_stands_there_with_its_published_sentence(seen):
    assert list(ROWS) == [f"C{number}" for number in range(1, 63)]
    for name, clause in seen.clauses.items():
        assert statement_page.cell(clause.text) in ROWS[name]


def test_a_mended_clause_says_why_and_what_stands_in_its_place():
    told = statement_page.notes()
    mended = [name for name, note in told.items() if note.verdict == "mended"]
    assert len(mended) > 20
    for name in mended:
        assert f"**mended**: {told[name].why}" in ROWS[name]
        assert told[name].words == "same" or f"| {name}: " in ROWS[name]
    assert "*gone.* C133" in ROWS["C61"]


def test_it_has_the_figures_of_the_picture():
    drawn = picture.PICTURE.read_text("utf-8")
    [line] = re.findall(r"62 clauses as they are in force: ([^.]+)\.", PAGE)
    assert f"62 clauses, the export taken away: {line}." in drawn


def test_a_control_that_finds_otherwise_changes_the_page(seen):
    broken = replace(
        seen.results["sealed-at-rest"], verdict=Verdict(Finding.BROKEN, Text(nl="open bestand", en="a file lies open"))
    )
    row = statement_page.against(
        seen.clauses["C8"], statement_page.notes()["C8"], {**seen.results, "sealed-at-rest": broken}
    )
    assert row == "**broken**"


def test_the_readme_shows_it_first():
    readme = (ROOT / "README.md").read_text("utf-8")
    first = re.search(r"!\[[^\]]*\]\(([^)]+)\)", readme)
    assert first is not None
    assert readme[first.start() - 1] == "["
    assert readme[first.end() :].startswith("](docs/STATEMENT.md)")
