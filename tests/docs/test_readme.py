"""The first page: the two commands, a picture that is what happens, and no claim that nothing in the repository shows."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import picture  # noqa: E402 - the scripts are no package

README = (ROOT / "README.md").read_text("utf-8")
READ = [README, *(path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("manual.*.md")))]


def test_it_begins_with_the_two_commands():
    assert README.splitlines()[:4] == ["# Gestand", "", "    make demo", "    make test"]
    made = (ROOT / "Makefile").read_text("utf-8")
    assert all(re.search(rf"^{target}:", made, re.MULTILINE) for target in ("demo", "test", "docs", "check"))


def test_the_picture_is_what_happens():
    assert picture.PICTURE.read_text("utf-8") == picture.drawn(*picture.runs()), (
        "run python scripts/picture.py, and look at it"
    )


def test_the_picture_asks_for_nothing_from_elsewhere():
    drawn = picture.PICTURE.read_text("utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"https?:|href|<image|<script|@import|url\(", drawn)


def test_what_it_links_to_is_there():
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", README):
        assert (ROOT / target).exists(), target


def test_nothing_claims_compliance():
    claims = re.compile(
        r"\b(?:is|are|makes? you|fully|100%)\s+(?:GDPR|AVG)[- ]?(?:compliant|proof)|voldoet aan de AVG|AVG-proof",
        re.IGNORECASE,
    )
    assert [found for text in READ for found in claims.findall(text)] == []


def test_the_map_names_only_what_is_there():
    text = (ROOT / "docs/developing.md").read_text("utf-8")
    for path in re.findall(r"`((?:[a-z]+/)+[a-z_]+\.py|[a-z]+/)`", text):
        places = (ROOT / "src/gestand" / path, ROOT / path)
        assert any(place.exists() for place in places), path
    rooms = {
        path.name
        for path in (ROOT / "src/gestand").iterdir()
        if path.is_dir() and path.name not in {"templates", "__pycache__"}
    }
    house = text.split("## The house", 1)[1].split("## One datum", 1)[0]
    assert [room for room in sorted(rooms) if f"{room}/" not in house] == []
