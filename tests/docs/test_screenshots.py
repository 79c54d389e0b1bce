"""There is a picture of every page that can be opened, as the script makes them; whoever adds a page makes its pictures too."""

from __future__ import annotations

import re
from pathlib import Path

from gestand.doors.office.table import routes
from gestand.doors.public.table import TABLE

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
NOT_PAGES = {"formatted", "attachment/{number}", "mail/find"}
UNSEEN = {"home", "style", "font", "script", "robots", "icon", "feed", "security", "gpc", "unsubscribe"}
MOST = 6_000_000


def pages() -> set[str]:
    inside = {route.path for route in routes() if route.method == "GET" and route.path}
    inside = {path for path in inside if not path.endswith(tuple(NOT_PAGES))}
    return {f"office-{re.sub('[{}]', '', path).replace('/', '-')}" for path in inside} | {
        f"public-{one.name}" for one in TABLE if one.name not in UNSEEN
    }


def test_every_page_has_its_four_pictures_and_they_stay_small():
    there = {file.name for file in FOLDER.glob("*.webp")}
    wanted = {
        f"{page}.{language}.{theme}.webp"
        for page in pages()
        for language in ("nl", "en")
        for theme in ("light", "dark")
    }
    assert sorted(wanted - there) == []
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < MOST


def test_the_index_shows_every_picture():
    index = (FOLDER / "README.md").read_text("utf-8")
    assert {file.name for file in FOLDER.glob("*.webp")} == set(re.findall(r"\]\(([\w.-]+\.webp)\)", index))
