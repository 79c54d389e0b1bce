"""Pictures of every page of the office, in both languages and both themes, of the worked example.

    python scripts/screenshots.py DIR

Needs chromium and the tests' helpers; invented customers only.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

CHROMIUM = "/usr/bin/chromium"
GO = """(href) => { const a = document.createElement('a'); a.href = href; a.textContent = 'go';
  document.getElementById('office').append(a); a.click(); }"""


def main(target: Path) -> None:
    root = Path(__file__).resolve().parents[1]
    sys.path[:0] = [str(root / "tests"), str(root / "tests" / "vault")]
    from playwright.sync_api import sync_playwright

    from doors.office.desk import come_in, served_office, sign_in, sit_down
    from gestand.doors.demonstration.place import make_place
    from gestand.doors.demonstration.story import live
    from gestand.doors.office.table import routes
    from gestand.statement.policy import FieldKind

    target.mkdir(parents=True, exist_ok=True)
    with ExitStack() as opened:
        scratch = opened.enter_context(tempfile.TemporaryDirectory())
        place = make_place(Path(scratch) / "koper")
        live(place)
        until = place.clock()
        place.close()
        playwright = opened.enter_context(sync_playwright())  # after the story: it keeps an event loop of its own
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        with served_office(place.folder, until) as office:
            first = sit_down(browser)
            come_in(first, office.link())
            keys = first.credentials()
            first.close()
            [anna] = office.house.vault.find(FieldKind.EMAIL, "anna@example.nl")
            request = next(one for one in office.house.requests.all() if one.open)
            pages = {
                route.path.replace("{subject}", str(anna)).replace("{request}", str(request.id)): route.path
                for route in routes()
                if route.method == "GET" and route.path and "{telling}" not in route.path
            }
            for scheme in ("light", "dark"):
                for language in ("nl", "en"):
                    desk = sit_down(browser, keys, viewport={"width": 1280, "height": 860}, color_scheme=scheme)
                    sign_in(desk, office.url(f"{language}/today"))
                    for path, name in pages.items():
                        shown = path + ("?purpose=service" if name == "people/{subject}" else "")
                        desk.page.evaluate(GO, f"/office/{language}/{shown}")
                        desk.page.wait_for_timeout(400)
                        plain = name.replace("/", "-").replace("{", "").replace("}", "")
                        desk.page.screenshot(path=target / f"{plain}.{language}.{scheme}.png")
                    desk.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
