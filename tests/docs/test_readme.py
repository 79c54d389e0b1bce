"""The first page: the two commands, a picture that is what happens, and no claim that nothing in the repository shows."""

import re
import sys
import tomllib
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


def floors_drawn(text):
    """Return the floors of the drawing, the roof first, each with its rooms."""
    house = text.split("## The house", 1)[1].split("```", 2)[1]
    floors = []
    for number, room in re.findall(r"^ ?(\d*) +([a-z]+)(?:/|\.py) ", house, re.MULTILINE):
        if number:
            floors.append((int(number), set()))
        floors[-1][1].add(room)
    assert [number for number, _ in floors] == list(range(len(floors), 0, -1))
    return [rooms for _, rooms in floors]


def floors_held():
    """Return the floors that the import linter holds."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    [contract] = [one for one in settings["tool"]["importlinter"]["contracts"] if one["id"] == "floors"]
    return [{room.strip().removeprefix("gestand.") for room in layer.split("|")} for layer in contract["layers"]]


def test_the_house_is_drawn_as_it_is_held():
    text = (ROOT / "docs/developing.md").read_text("utf-8")
    assert floors_drawn(text) == floors_held()
    moved = text.replace(" 9  register/ ", " 9  vault/    ").replace(" 8  vault/ ", " 8  register/ ")
    assert floors_drawn(moved) != floors_held()
